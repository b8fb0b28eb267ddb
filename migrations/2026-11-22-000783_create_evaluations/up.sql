-- How an intern does, by a rubric: append-only, a wrong entry is superseded.

CREATE TABLE evaluations (
    row_id uuid CONSTRAINT evaluations_pkey PRIMARY KEY,
    id uuid NOT NULL,
    version integer NOT NULL,
    placement_id uuid NOT NULL,
    region_id uuid NOT NULL,
    school_id uuid NOT NULL,
    practice_id uuid NOT NULL,
    moment text NOT NULL CONSTRAINT evaluations_moment_check CHECK (moment IN ('first', 'midterm', 'final')),
    judged_by text NOT NULL CONSTRAINT evaluations_judged_by_check CHECK (judged_by IN ('mentor', 'school', 'student')),
    held_on date NOT NULL,
    scores jsonb NOT NULL CONSTRAINT evaluations_scores_check CHECK (
        jsonb_typeof(scores) = 'array' AND jsonb_array_length(scores) BETWEEN 1 AND 40),
    remark text CONSTRAINT evaluations_remark_check CHECK (char_length(remark) BETWEEN 1 AND 2000),
    recorded_by uuid NOT NULL DEFAULT app_organisation(),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
    superseded_at timestamptz,
    superseded_tx xid8,
    CONSTRAINT evaluations_placement_id_fk FOREIGN KEY (placement_id, region_id, school_id, practice_id)
        REFERENCES placements (id, region_id, school_id, practice_id)
);

SELECT make_record_table('evaluations');

CREATE UNIQUE INDEX evaluations_placement_id_moment_judged_by_key ON evaluations (placement_id, moment, judged_by)
    WHERE superseded_at IS NULL;

-- Each side judges for itself, the school also enters what the student says, the bureau whatever
-- it is told; who recorded it corrects it, or the bureau.
SELECT secure_placement_part('evaluations',
    $$recorded_by = (SELECT app_organisation()) AND CASE (SELECT app_role())
        WHEN 'practice' THEN judged_by = 'mentor'
        WHEN 'school' THEN judged_by IN ('school', 'student')
        ELSE true END$$,
    $$recorded_by = (SELECT app_organisation()) OR (SELECT app_role()) = 'region'$$);

COMMENT ON TABLE evaluations IS 'Evaluations of interns (beoordelingen) by a rubric.';
COMMENT ON COLUMN evaluations.moment IS 'First, midterm or final.';
COMMENT ON COLUMN evaluations.judged_by IS 'Whose judgement it is: that of mentor, school or student.';
COMMENT ON COLUMN evaluations.held_on IS 'Day of the evaluation.';
COMMENT ON COLUMN evaluations.scores IS 'The rubric: group, criterion and score from 1 to 5 of each line.';
COMMENT ON COLUMN evaluations.remark IS 'Remark, without names and without anything about health.';
