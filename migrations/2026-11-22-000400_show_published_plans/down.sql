DO $policies$
DECLARE
    part_table text;
BEGIN
    FOREACH part_table IN ARRAY ARRAY['milestones', 'deliverables'] LOOP
        EXECUTE format($ddl$
            ALTER POLICY %1$I ON %2$I
                USING (EXISTS (SELECT FROM initiatives parent WHERE parent.id = %2$I.initiative_id AND (%3$s)))$ddl$,
            part_table || '_select', part_table, initiative_reader_condition());
    END LOOP;
END
$policies$;
