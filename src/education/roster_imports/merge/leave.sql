-- Who is said to have left, and with $3 also who is missing.
WITH gone AS (
    UPDATE students st
    SET active = false, version = st.version + 1
    FROM (
        SELECT held.id
        FROM students held
        LEFT JOIN roster_staging s ON s.sourced_id = held.sourced_id
        WHERE held.school_id = $1 AND held.active AND ($2::uuid[] = '{}' OR held.programme_id = ANY ($2))
            AND (s.state = 1 OR ($3 AND s.sourced_id IS NULL))
    ) AS leaving
    WHERE st.id = leaving.id AND st.school_id = $1 AND st.active
    RETURNING st.id
)
INSERT INTO roster_leavers SELECT id FROM gone
