-- Whatever happens to a mandate stands in the trail of the practice and of the bureau, whichever
-- of them did it.

ALTER POLICY audit_events_select ON audit_events
    USING (
        organisation_id = (SELECT app_organisation())
        OR on_behalf_of = (SELECT app_organisation())
        OR resource_id = ANY (ARRAY(
            SELECT m.id FROM mandates m
            WHERE m.practice_id = (SELECT app_organisation())
                OR m.bureau_organisation_id = (SELECT app_organisation()))));
