-- A student whom somebody else changed since the comparison has another version, and is missed.
UPDATE students st
SET programme_id = c.programme_id, cohort_id = c.cohort_id, study_year = c.study_year,
    available_from = c.available_from, available_until = c.available_until, available_days = c.available_days,
    max_travel_minutes = c.max_travel_minutes, active = true, version = st.version + 1
FROM roster_changes c
WHERE NOT c.is_new AND st.id = c.student_id AND st.school_id = $1 AND st.version = c.old_version
