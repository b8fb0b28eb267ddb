DROP TABLE placement_transitions;
DROP TABLE placements;
DROP FUNCTION guard_placement();
DROP FUNCTION speaks_for_host(uuid);
