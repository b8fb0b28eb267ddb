DROP TABLE cohorts;
DROP FUNCTION is_school_of_own_region(uuid);
