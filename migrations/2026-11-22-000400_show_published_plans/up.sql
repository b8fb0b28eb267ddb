-- A bureau copies what another region has published: with its milestones and deliverables.

DO $policies$
DECLARE
    part_table text;
BEGIN
    FOREACH part_table IN ARRAY ARRAY['milestones', 'deliverables'] LOOP
        -- The parent itself is behind its own policy, which shows a stranger only what is published.
        EXECUTE format($ddl$
            ALTER POLICY %1$I ON %2$I
                USING (EXISTS (SELECT FROM initiatives parent WHERE parent.id = %2$I.initiative_id
                    AND ((SELECT app_role()) = 'region' OR (%3$s))))$ddl$,
            part_table || '_select', part_table, initiative_reader_condition());
    END LOOP;
END
$policies$;
