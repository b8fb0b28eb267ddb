DROP TABLE contact_moments;
DROP FUNCTION make_record_table(text);
