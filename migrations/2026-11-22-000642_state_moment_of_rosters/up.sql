-- A school says of which moment its file is, so that an older one does not undo a newer one.

ALTER TABLE roster_imports ADD COLUMN as_of timestamptz NOT NULL DEFAULT now();

COMMENT ON COLUMN roster_imports.as_of IS 'Moment that the file is of, as the school said; else when the upload began.';
