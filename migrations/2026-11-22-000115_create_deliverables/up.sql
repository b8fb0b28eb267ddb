-- What an initiative hands over.

CREATE TABLE deliverables (
    id uuid CONSTRAINT deliverables_pkey PRIMARY KEY,
    initiative_id uuid NOT NULL,
    region_id uuid NOT NULL,
    kind text NOT NULL
        CONSTRAINT deliverables_kind_check
            CHECK (kind IN ('research', 'concept', 'structure', 'process', 'product')),
    title text NOT NULL CONSTRAINT deliverables_title_check CHECK (char_length(title) BETWEEN 1 AND 200),
    due_on date,
    delivered_on date,
    link text CONSTRAINT deliverables_link_check CHECK (is_web_address(link)),
    version integer NOT NULL DEFAULT 1 CONSTRAINT deliverables_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT deliverables_initiative_id_fk FOREIGN KEY (initiative_id, region_id)
        REFERENCES initiatives (id, region_id)
);

CREATE INDEX deliverables_initiative_id_idx ON deliverables (initiative_id, id);

CREATE TRIGGER stamp_update BEFORE UPDATE ON deliverables FOR EACH ROW EXECUTE FUNCTION stamp_update();

GRANT SELECT, INSERT, DELETE, UPDATE (kind, title, due_on, delivered_on, link, version)
    ON deliverables TO stagepunt_app;

SELECT secure_initiative_part('deliverables', 'SELECT', 'INSERT', 'UPDATE', 'DELETE');

COMMENT ON TABLE deliverables IS 'Deliverables (op te leveren resultaten) of an initiative.';
COMMENT ON COLUMN deliverables.initiative_id IS 'Initiative that hands it over.';
COMMENT ON COLUMN deliverables.region_id IS 'Region of the initiative.';
COMMENT ON COLUMN deliverables.kind IS 'Research, concept, structure, process or product.';
COMMENT ON COLUMN deliverables.title IS 'What is handed over.';
COMMENT ON COLUMN deliverables.due_on IS 'Day by which it is due.';
COMMENT ON COLUMN deliverables.delivered_on IS 'Day on which it was handed over; null while it is not.';
COMMENT ON COLUMN deliverables.link IS 'Where it can be read.';
SELECT describe_shared_columns('deliverables');
