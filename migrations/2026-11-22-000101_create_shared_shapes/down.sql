DROP FUNCTION create_transitions_table(text, text, text, text);
DROP FUNCTION make_fact_table(text);
DROP FUNCTION describe_shared_columns(text);
DROP FUNCTION enforce_row_security(text);
DROP FUNCTION stamp_record();
DROP FUNCTION stamp_feed();
DROP FUNCTION stamp_update();
DROP FUNCTION is_web_address(text);
DROP FUNCTION is_phone(text);
DROP FUNCTION is_email(text);
DROP FUNCTION is_school_year(text);
DROP FUNCTION is_profession(text);
DROP FUNCTION is_code_list(text[], text[]);
DROP FUNCTION is_text_list(text[], integer, integer);

DO $$
BEGIN
    DROP EXTENSION IF EXISTS btree_gist;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'extension btree_gist stays: another login made it';
END
$$;
