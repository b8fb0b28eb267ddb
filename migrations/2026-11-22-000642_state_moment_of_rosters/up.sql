-- A school says of which moment its file is, so that an older one does not undo a newer one.

ALTER TABLE roster_imports ADD COLUMN taken_at timestamptz NOT NULL DEFAULT now();

COMMENT ON COLUMN roster_imports.taken_at IS 'Moment that the file is of, as the school said; else when the upload began.';
