-- How many seats an offer had from when on: figures are asked for any day, as known at any moment.

CREATE TABLE placement_offer_seats (
    id uuid CONSTRAINT placement_offer_seats_pkey PRIMARY KEY DEFAULT gen_random_uuid(),
    offer_id uuid NOT NULL CONSTRAINT placement_offer_seats_offer_id_fk REFERENCES placement_offers (id),
    seats smallint NOT NULL CONSTRAINT placement_offer_seats_seats_check CHECK (seats BETWEEN 1 AND 1000),
    effective_on date,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_tx xid8 NOT NULL DEFAULT pg_current_xact_id()
);

CREATE INDEX placement_offer_seats_offer_id_idx ON placement_offer_seats (offer_id, effective_on, recorded_at);

GRANT SELECT, INSERT ON placement_offer_seats TO stagepunt_app;

SELECT enforce_row_security('placement_offer_seats');

CREATE POLICY placement_offer_seats_select ON placement_offer_seats FOR SELECT TO stagepunt_app
    USING (EXISTS (SELECT FROM placement_offers parent WHERE parent.id = offer_id));

-- Only a trigger on the offer writes here, never a statement of its own.
CREATE POLICY placement_offer_seats_insert ON placement_offer_seats FOR INSERT TO stagepunt_app
    WITH CHECK (pg_trigger_depth() > 0);

CREATE FUNCTION keep_offered_seats() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.placement_offer_seats (offer_id, seats, effective_on)
    VALUES (NEW.id, NEW.seats, CASE WHEN NEW.status = 'draft' THEN NULL ELSE public.app_today() END);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION keep_offered_seats() IS 'Records how many seats an offer has from today on; for a draft, from its beginning on.';

CREATE TRIGGER keep_offered_seats AFTER INSERT ON placement_offers
    FOR EACH ROW EXECUTE FUNCTION keep_offered_seats();
CREATE TRIGGER keep_changed_seats AFTER UPDATE OF seats ON placement_offers
    FOR EACH ROW WHEN (NEW.seats <> OLD.seats) EXECUTE FUNCTION keep_offered_seats();

COMMENT ON TABLE placement_offer_seats IS 'Seats of offers over time, append-only; of two for one day the last recorded holds.';
COMMENT ON COLUMN placement_offer_seats.offer_id IS 'Offer that has them.';
COMMENT ON COLUMN placement_offer_seats.seats IS 'Seats that are offered.';
COMMENT ON COLUMN placement_offer_seats.effective_on IS 'First day on which it has so many; null from its beginning on.';
SELECT describe_shared_columns('placement_offer_seats');
