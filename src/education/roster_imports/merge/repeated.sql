-- A row that was rejected already is only dropped. No more numbers are given than faults are kept.
WITH dropped AS (
    DELETE FROM roster_staging s
    USING (
        SELECT sourced_id, min(row_number) AS first FROM roster_staging GROUP BY sourced_id HAVING count(*) > 1
    ) AS repeated
    WHERE s.sourced_id = repeated.sourced_id AND s.row_number > repeated.first
    RETURNING s.row_number, s.state
)
SELECT count(*) FILTER (WHERE state = 0) AS present,
    count(*) FILTER (WHERE state <> 2) AS rejected,
    coalesce((array_agg(row_number ORDER BY row_number) FILTER (WHERE state <> 2))[1:10000], '{}') AS rows
FROM dropped
