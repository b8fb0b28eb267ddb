DROP TABLE compliance_items;
DROP FUNCTION stamp_stated_by();
DROP FUNCTION secure_placement_part(text, text, text);
