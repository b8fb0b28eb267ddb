-- Who is said to have left, and with $3 also who is missing.
UPDATE students st
SET active = false, version = st.version + 1
WHERE st.school_id = $1 AND st.active AND ($2::uuid[] = '{}' OR st.programme_id = ANY ($2))
    AND (EXISTS (SELECT FROM roster_staging s WHERE s.sourced_id = st.sourced_id AND s.state = 1)
        OR ($3 AND NOT EXISTS (SELECT FROM roster_staging s WHERE s.sourced_id = st.sourced_id)))
