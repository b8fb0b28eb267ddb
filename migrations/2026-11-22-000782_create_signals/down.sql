DROP TRIGGER flag_leavers ON students;
DROP FUNCTION flag_leavers();
DROP TABLE signal_transitions;
DROP TABLE signals;
