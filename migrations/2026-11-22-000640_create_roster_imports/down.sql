DROP POLICY jobs_select ON jobs;
CREATE POLICY jobs_select ON jobs FOR SELECT TO stagepunt_app
    USING (
        organisation_id = (SELECT app_organisation())
        OR (SELECT app_job()) = 'work-jobs');
DROP POLICY jobs_update ON jobs;
CREATE POLICY jobs_update ON jobs FOR UPDATE TO stagepunt_app
    USING ((SELECT app_job()) = 'work-jobs');
DROP TABLE roster_import_errors;
DROP TABLE roster_chunks;
DROP TABLE roster_imports;
