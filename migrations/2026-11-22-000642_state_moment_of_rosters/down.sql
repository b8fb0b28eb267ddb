ALTER TABLE roster_imports DROP COLUMN as_of;
