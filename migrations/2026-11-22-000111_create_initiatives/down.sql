DROP FUNCTION secure_initiative_part(text, text[]);
DROP TABLE initiative_transitions;
DROP TABLE initiatives;
DROP FUNCTION initiative_writer_condition();
DROP FUNCTION initiative_reader_condition();
DROP FUNCTION bury_initiative();
DROP FUNCTION guard_initiative();
