-- What is wrong only in view of what is held.
DELETE FROM roster_changes c
WHERE c.available_until < c.available_from
    OR c.pace_alone
    OR (c.path_step IN ('begin', 'switch', 'correct') AND NOT c.offered)
    OR (c.path_step = 'begin' AND NOT c.is_new AND EXISTS (
        SELECT FROM learning_path_periods p
        WHERE p.student_id = c.student_id AND p.superseded_at IS NULL AND p.effective_to > (SELECT app_today())))
RETURNING c.row_number AS row_number,
    CASE
        WHEN c.available_until < c.available_from THEN 1
        WHEN c.pace_alone THEN 2
        WHEN NOT c.offered THEN 3
        ELSE 4
    END AS fault
