-- The bureau that takes a region over sees rows which changed long before: by this moment its feeds know to
-- tell it all of them.

ALTER TABLE regions
    ADD COLUMN handed_over_at timestamptz,
    ADD COLUMN handed_over_tx xid8,
    ADD CONSTRAINT regions_handed_over_at_handed_over_tx_check
        CHECK (num_nonnulls(handed_over_at, handed_over_tx) IN (0, 2));
COMMENT ON COLUMN regions.handed_over_at IS 'When the present bureau took the region over; null while it has its first one.';
COMMENT ON COLUMN regions.handed_over_tx IS 'Transaction in which that was, by which the updatedSince feeds are ordered.';

CREATE FUNCTION note_hand_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.handed_over_at := clock_timestamp();
    NEW.handed_over_tx := pg_current_xact_id();
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION note_hand_over() IS 'Notes when a region gets another bureau, whose feeds then start again.';

CREATE TRIGGER note_hand_over BEFORE UPDATE OF bureau_organisation_id ON regions
    FOR EACH ROW WHEN (NEW.bureau_organisation_id <> OLD.bureau_organisation_id)
    EXECUTE FUNCTION note_hand_over();
