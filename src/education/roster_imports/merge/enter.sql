INSERT INTO students (id, school_id, sourced_id, programme_id, cohort_id, study_year, available_from,
    available_until, available_days, max_travel_minutes)
SELECT student_id, $1, sourced_id, programme_id, cohort_id, study_year, available_from, available_until,
    available_days, max_travel_minutes
FROM roster_changes WHERE is_new
