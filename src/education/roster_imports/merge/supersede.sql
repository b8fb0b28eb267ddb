UPDATE learning_path_periods p
SET superseded_at = now()
FROM roster_changes c
WHERE c.path_step IN ('switch', 'correct', 'pace') AND p.row_id = c.open_row_id AND p.school_id = $1
