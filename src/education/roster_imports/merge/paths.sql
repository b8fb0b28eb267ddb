-- A switch ends the period today and begins another; a correction is the next version of the same.
INSERT INTO learning_path_periods (row_id, id, version, student_id, school_id, learning_path, accelerated,
    end_reason, effective_from, effective_to)
SELECT c.period_id, c.period_id, 1, c.student_id, $1, c.learning_path, c.accelerated, NULL,
    (SELECT app_today()), NULL
FROM roster_changes c WHERE c.path_step IN ('begin', 'switch')
UNION ALL
SELECT gen_random_uuid(), p.id, p.version + 1, p.student_id, $1,
    CASE WHEN c.path_step = 'switch' THEN p.learning_path ELSE c.learning_path END,
    CASE WHEN c.path_step = 'switch' THEN p.accelerated ELSE c.accelerated END,
    CASE WHEN c.path_step = 'switch' THEN 'switched' END,
    p.effective_from,
    CASE WHEN c.path_step = 'switch' THEN (SELECT app_today()) END
FROM roster_changes c
JOIN learning_path_periods p ON p.row_id = c.open_row_id AND p.school_id = $1
WHERE c.path_step IN ('switch', 'correct', 'pace')
