-- What a student would like best, in order.

CREATE TABLE placement_request_wishes (
    request_id uuid NOT NULL,
    school_id uuid NOT NULL,
    region_id uuid NOT NULL,
    rank smallint NOT NULL CONSTRAINT placement_request_wishes_rank_check CHECK (rank BETWEEN 1 AND 10),
    practice_id uuid CONSTRAINT placement_request_wishes_practice_id_fk REFERENCES organisations (id),
    text text CONSTRAINT placement_request_wishes_text_check CHECK (char_length(text) BETWEEN 1 AND 200),
    CONSTRAINT placement_request_wishes_pkey PRIMARY KEY (request_id, rank),
    CONSTRAINT placement_request_wishes_request_id_fk FOREIGN KEY (request_id, school_id, region_id)
        REFERENCES placement_requests (id, school_id, region_id),
    CONSTRAINT placement_request_wishes_practice_id_text_check CHECK (num_nonnulls(practice_id, text) >= 1)
);

GRANT SELECT, INSERT, DELETE ON placement_request_wishes TO stagepunt_app;

SELECT enforce_row_security('placement_request_wishes');

CREATE POLICY placement_request_wishes_select ON placement_request_wishes FOR SELECT TO stagepunt_app
    USING (
        CASE (SELECT app_role())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE false END);

CREATE POLICY placement_request_wishes_insert ON placement_request_wishes FOR INSERT TO stagepunt_app
    WITH CHECK ((SELECT app_role()) = 'school' AND school_id = (SELECT app_organisation()));

CREATE POLICY placement_request_wishes_delete ON placement_request_wishes FOR DELETE TO stagepunt_app
    USING ((SELECT app_role()) = 'school' AND school_id = (SELECT app_organisation()));

COMMENT ON TABLE placement_request_wishes IS 'Ranked wishes of placement requests (wensen).';
COMMENT ON COLUMN placement_request_wishes.request_id IS 'Request that the wish is of.';
COMMENT ON COLUMN placement_request_wishes.school_id IS 'School of the request.';
COMMENT ON COLUMN placement_request_wishes.region_id IS 'Region of the request.';
COMMENT ON COLUMN placement_request_wishes.rank IS 'Its place in the list, from 1, the dearest.';
COMMENT ON COLUMN placement_request_wishes.practice_id IS 'Host that is wished for.';
COMMENT ON COLUMN placement_request_wishes.text IS 'What is wished for, in words.';
