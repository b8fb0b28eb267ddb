ALTER POLICY audit_events_select ON audit_events
    USING (
        organisation_id = (SELECT app_organisation())
        OR on_behalf_of = (SELECT app_organisation()));
