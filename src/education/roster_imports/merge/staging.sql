-- The first roster of a school is compared before anybody has counted its rows: with statistics from
-- before, the planner takes ten thousand students for ten and compares each with each.
SET LOCAL enable_nestloop = off;
-- Compiling these statements takes longer than running them.
SET LOCAL jit = off;
CREATE TEMP TABLE roster_staging (
    row_number bigint NOT NULL,
    sourced_id text NOT NULL,
    state smallint NOT NULL,
    given integer NOT NULL,
    programme_id uuid,
    cohort_id uuid,
    offered boolean NOT NULL,
    given_name text,
    prefix text,
    family_name text,
    school_email text,
    postcode4 text,
    study_year smallint,
    learning_path text,
    accelerated boolean,
    available_from date,
    available_until date,
    available_days text[],
    max_travel_minutes integer,
    new_id uuid NOT NULL,
    period_id uuid NOT NULL
) ON COMMIT DROP;
CREATE TEMP TABLE roster_changes (
    row_number bigint NOT NULL,
    student_id uuid NOT NULL,
    sourced_id text NOT NULL,
    is_new boolean NOT NULL,
    old_version integer,
    programme_id uuid NOT NULL,
    cohort_id uuid,
    study_year smallint,
    available_from date,
    available_until date,
    available_days text[],
    max_travel_minutes integer,
    identity_step text,
    given_name text NOT NULL,
    prefix text,
    family_name text NOT NULL,
    school_email text,
    postcode4 text,
    path_step text,
    offered boolean NOT NULL,
    pace_alone boolean NOT NULL,
    learning_path text,
    accelerated boolean,
    open_row_id uuid,
    period_id uuid NOT NULL
) ON COMMIT DROP;
-- Who became inactive by this import.
CREATE TEMP TABLE roster_leavers (student_id uuid NOT NULL) ON COMMIT DROP;
