-- Only rows that are new or say something else than is held: an unchanged roster costs this look.
-- The bits of given say which columns that can be cleared were in the file.
INSERT INTO roster_changes
SELECT s.row_number, coalesce(st.id, s.new_id), s.sourced_id, st.id IS NULL, st.version,
    s.programme_id, n.cohort_id, n.study_year, n.available_from, n.available_until, n.available_days,
    n.max_travel_minutes,
    CASE
        WHEN i.student_id IS NULL THEN 'new'
        WHEN (s.given_name, n.prefix, s.family_name, n.school_email, n.postcode4)
            IS DISTINCT FROM (i.given_name, i.prefix, i.family_name, i.school_email, i.postcode4) THEN 'changed'
    END,
    s.given_name, n.prefix, s.family_name, n.school_email, n.postcode4,
    n.path_step, s.offered,
    p.row_id IS NULL AND s.learning_path IS NULL AND coalesce(s.accelerated, false),
    CASE WHEN n.path_step = 'pace' THEN p.learning_path ELSE s.learning_path END,
    coalesce(s.accelerated, false),
    p.row_id, s.period_id
FROM roster_staging s
LEFT JOIN students st ON st.school_id = $1 AND st.sourced_id = s.sourced_id
LEFT JOIN student_identities i ON i.school_id = $1 AND i.student_id = st.id
LEFT JOIN learning_path_periods p
    ON p.school_id = $1 AND p.student_id = st.id AND p.superseded_at IS NULL AND p.effective_to IS NULL
CROSS JOIN LATERAL (
    SELECT
        CASE
            WHEN s.given & 8 <> 0 THEN s.cohort_id
            WHEN st.programme_id = s.programme_id THEN st.cohort_id
        END AS cohort_id,
        CASE WHEN s.given & 16 <> 0 THEN s.study_year ELSE st.study_year END AS study_year,
        CASE WHEN s.given & 32 <> 0 THEN s.available_from ELSE st.available_from END AS available_from,
        CASE WHEN s.given & 64 <> 0 THEN s.available_until ELSE st.available_until END AS available_until,
        CASE WHEN s.given & 128 <> 0 THEN s.available_days ELSE st.available_days END AS available_days,
        CASE WHEN s.given & 256 <> 0 THEN s.max_travel_minutes ELSE st.max_travel_minutes END AS max_travel_minutes,
        CASE WHEN s.given & 1 <> 0 THEN s.prefix ELSE i.prefix END AS prefix,
        CASE WHEN s.given & 2 <> 0 THEN s.school_email ELSE i.school_email END AS school_email,
        CASE WHEN s.given & 4 <> 0 THEN s.postcode4 ELSE i.postcode4 END AS postcode4,
        CASE
            WHEN p.row_id IS NULL AND s.learning_path IS NOT NULL THEN 'begin'
            WHEN p.row_id IS NULL THEN NULL
            WHEN s.learning_path <> p.learning_path AND p.effective_from < (SELECT app_today()) THEN 'switch'
            WHEN s.learning_path <> p.learning_path THEN 'correct'
            WHEN s.accelerated <> p.accelerated THEN 'pace'
        END AS path_step
) AS n
WHERE s.state = 0
    AND (st.id IS NULL
        OR NOT st.active
        OR n.path_step IS NOT NULL
        OR (p.row_id IS NULL AND coalesce(s.accelerated, false))
        OR i.student_id IS NULL
        OR (s.programme_id, n.cohort_id, n.study_year, n.available_from, n.available_until, n.available_days,
                n.max_travel_minutes)
            IS DISTINCT FROM (st.programme_id, st.cohort_id, st.study_year, st.available_from, st.available_until,
                st.available_days, st.max_travel_minutes)
        OR (s.given_name, n.prefix, s.family_name, n.school_email, n.postcode4)
            IS DISTINCT FROM (i.given_name, i.prefix, i.family_name, i.school_email, i.postcode4))
