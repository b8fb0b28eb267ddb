-- Milestones of an initiative: due, reached.

CREATE TABLE milestones (
    id uuid CONSTRAINT milestones_pkey PRIMARY KEY,
    initiative_id uuid NOT NULL,
    region_id uuid NOT NULL,
    title text NOT NULL CONSTRAINT milestones_title_check CHECK (char_length(title) BETWEEN 1 AND 200),
    due_on date,
    reached_on date,
    evidence text CONSTRAINT milestones_evidence_check CHECK (char_length(evidence) BETWEEN 1 AND 5000),
    version integer NOT NULL DEFAULT 1 CONSTRAINT milestones_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT milestones_initiative_id_fk FOREIGN KEY (initiative_id, region_id)
        REFERENCES initiatives (id, region_id)
);

CREATE INDEX milestones_initiative_id_idx ON milestones (initiative_id, id);

CREATE TRIGGER stamp_update BEFORE UPDATE ON milestones FOR EACH ROW EXECUTE FUNCTION stamp_update();

GRANT SELECT, INSERT, DELETE, UPDATE (title, due_on, reached_on, evidence, version)
    ON milestones TO stagepunt_app;

SELECT secure_initiative_part('milestones', 'SELECT', 'INSERT', 'UPDATE', 'DELETE');

COMMENT ON TABLE milestones IS 'Milestones (mijlpalen) of an initiative.';
COMMENT ON COLUMN milestones.initiative_id IS 'Initiative that the milestone belongs to.';
COMMENT ON COLUMN milestones.region_id IS 'Region of the initiative.';
COMMENT ON COLUMN milestones.title IS 'What is to be reached.';
COMMENT ON COLUMN milestones.due_on IS 'Day by which it is due.';
COMMENT ON COLUMN milestones.reached_on IS 'Day on which it was reached; null while it is not.';
COMMENT ON COLUMN milestones.evidence IS 'What shows that it was reached.';
SELECT describe_shared_columns('milestones');
