-- What is wrong only in view of what is held.
DELETE FROM roster_changes c
WHERE c.available_until < c.available_from
    OR c.pace_alone
    OR (c.path_step IN ('begin', 'switch', 'correct') AND NOT c.offered)
    -- Who moves to another programme takes the path along only if it has that path.
    OR (c.path_step IS NULL AND NOT c.is_new AND EXISTS (
        SELECT FROM students s
        JOIN learning_path_periods p
            ON p.student_id = s.id AND p.superseded_at IS NULL AND p.effective_to IS NULL
        JOIN programmes g ON g.id = c.programme_id
        WHERE s.id = c.student_id AND s.programme_id <> c.programme_id
            AND NOT p.learning_path = ANY (g.learning_paths)))
    OR (c.path_step = 'begin' AND NOT c.is_new AND EXISTS (
        SELECT FROM learning_path_periods p
        WHERE p.student_id = c.student_id AND p.superseded_at IS NULL AND p.effective_to > (SELECT app_today())))
RETURNING c.row_number AS row_number,
    CASE
        WHEN c.available_until < c.available_from THEN 1
        WHEN c.pace_alone THEN 2
        WHEN NOT c.offered OR c.path_step IS NULL THEN 3
        ELSE 4
    END AS fault
