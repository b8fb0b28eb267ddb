-- What was known of a student at an earlier moment is found by the student.

CREATE INDEX learning_path_periods_student_id_known_idx ON learning_path_periods (student_id, effective_from, id);
