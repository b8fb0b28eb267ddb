-- What still has to be done is worked out from placements that go on, by their first day, and from those
-- that ended, the latest first.

CREATE INDEX placements_school_id_live_idx ON placements (school_id, starts_on, id) WHERE ended_on IS NULL;
CREATE INDEX placements_practice_id_live_idx ON placements (practice_id, starts_on, id) WHERE ended_on IS NULL;
CREATE INDEX placements_region_id_live_idx ON placements (region_id, starts_on, id) WHERE ended_on IS NULL;
CREATE INDEX placements_school_id_ended_idx ON placements (school_id, ended_on, id) WHERE ended_on IS NOT NULL;
CREATE INDEX placements_practice_id_ended_idx ON placements (practice_id, ended_on, id) WHERE ended_on IS NOT NULL;
CREATE INDEX placements_region_id_ended_idx ON placements (region_id, ended_on, id) WHERE ended_on IS NOT NULL;
