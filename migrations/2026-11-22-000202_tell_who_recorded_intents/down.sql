ALTER POLICY hosting_intents_insert ON hosting_intents
    WITH CHECK (
        (SELECT app_role()) = 'practice' AND organisation_id = (SELECT app_organisation())
        OR (SELECT app_role()) = 'region' AND is_member_of_own_region(organisation_id));

ALTER TABLE hosting_intents
    DROP COLUMN recorded_by,
    DROP CONSTRAINT hosting_intents_reason_code_check,
    ADD CONSTRAINT hosting_intents_reason_code_check CHECK (char_length(reason_code) BETWEEN 1 AND 64);
