ALTER TABLE roster_imports DROP COLUMN taken_at;
