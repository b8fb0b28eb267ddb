-- Most placements have ended: a list of those under way walked through all that had before them.

CREATE INDEX placements_region_id_status_idx ON placements (region_id, status, id);
CREATE INDEX placements_school_id_status_idx ON placements (school_id, status, id);
CREATE INDEX placements_practice_id_status_idx ON placements (practice_id, status, id);
