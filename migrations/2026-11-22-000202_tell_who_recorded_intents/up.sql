-- What a host intends may be written down by its bureau, who heard it by phone: say by whom.

ALTER TABLE hosting_intents
    ADD COLUMN recorded_by uuid NOT NULL DEFAULT app_organisation()
        CONSTRAINT hosting_intents_recorded_by_fk REFERENCES organisations (id),
    DROP CONSTRAINT hosting_intents_reason_code_check,
    ADD CONSTRAINT hosting_intents_reason_code_check CHECK (
        reason_code IN ('no-time', 'no-space', 'no-mentor', 'no-recognition', 'recently-hosted', 'other'));

COMMENT ON COLUMN hosting_intents.recorded_by IS 'Organisation that wrote this version down: the host itself, or its bureau.';

ALTER POLICY hosting_intents_insert ON hosting_intents
    WITH CHECK (
        recorded_by = (SELECT app_organisation())
        AND (
            (SELECT app_role()) = 'practice' AND organisation_id = (SELECT app_organisation())
            OR (SELECT app_role()) = 'region' AND is_member_of_own_region(organisation_id)));
