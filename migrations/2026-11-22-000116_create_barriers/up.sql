-- What stands in the way of an initiative; counted, hence a dated fact.

CREATE TABLE barriers (
    row_id uuid CONSTRAINT barriers_pkey PRIMARY KEY,
    id uuid NOT NULL,
    version integer NOT NULL,
    initiative_id uuid NOT NULL,
    region_id uuid NOT NULL,
    title text NOT NULL CONSTRAINT barriers_title_check CHECK (char_length(title) BETWEEN 1 AND 200),
    description text CONSTRAINT barriers_description_check CHECK (char_length(description) BETWEEN 1 AND 5000),
    owner_organisation_id uuid CONSTRAINT barriers_owner_organisation_id_fk REFERENCES organisations (id),
    action text CONSTRAINT barriers_action_check CHECK (char_length(action) BETWEEN 1 AND 5000),
    effective_from date NOT NULL,
    effective_to date,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
    superseded_at timestamptz,
    superseded_tx xid8,
    CONSTRAINT barriers_initiative_id_fk FOREIGN KEY (initiative_id, region_id)
        REFERENCES initiatives (id, region_id)
);

COMMENT ON COLUMN barriers.effective_from IS 'Day on which the barrier was identified.';
COMMENT ON COLUMN barriers.effective_to IS 'Day on which it was resolved; null while it stands.';

SELECT make_fact_table('barriers');

CREATE INDEX barriers_initiative_id_idx ON barriers (initiative_id, id) WHERE superseded_at IS NULL;

SELECT secure_initiative_part('barriers', 'SELECT', 'INSERT', 'UPDATE');

COMMENT ON TABLE barriers IS 'Barriers (belemmeringen) that an initiative meets.';
COMMENT ON COLUMN barriers.initiative_id IS 'Initiative that meets the barrier.';
COMMENT ON COLUMN barriers.region_id IS 'Region of the initiative.';
COMMENT ON COLUMN barriers.title IS 'The barrier in a few words.';
COMMENT ON COLUMN barriers.description IS 'What it is and whom it hinders.';
COMMENT ON COLUMN barriers.owner_organisation_id IS 'Organisation that takes it up.';
COMMENT ON COLUMN barriers.action IS 'What is done about it.';
