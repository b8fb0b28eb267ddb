//! Cohorts in the database. Their school and the bureaus it works with read them, the school writes
//! them: the row policies decide, not we.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use super::model::{Cohort, CohortChanges, CohortFilter, CohortForm, NewCohort, Standing};
use super::rules::{ALREADY_ENTERED, IN_USE};
use crate::db::{Breach, Conn, OnConstraint as _, SecondLook as _};
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::checks::UNKNOWN_REFERENCE;
use crate::kernel::formats::SchoolYear;
use crate::kernel::ids::{CohortId, OrganisationId, ProgrammeId};
use crate::kernel::named::Named;
use crate::schema::{cohorts, organisations, programmes};

#[derive(Queryable, Selectable)]
#[diesel(table_name = cohorts)]
struct Row {
    id: CohortId,
    school_id: OrganisationId,
    programme_id: ProgrammeId,
    school_year: SchoolYear,
    form: CohortForm,
    intake_cap: Option<i32>,
    cap_lifted_on: Option<NaiveDate>,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// The row and the names of its school and programme.
type Joined = (Row, String, String);

fn assemble((row, school, programme): Joined) -> Cohort {
    Cohort {
        id: row.id,
        school: Named::new(row.school_id, school),
        programme: Named::new(row.programme_id, programme),
        school_year: row.school_year,
        form: row.form,
        intake_cap: row.intake_cap,
        cap_lifted_on: row.cap_lifted_on,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// The select every reading query shares.
macro_rules! joined {
    () => {
        cohorts::table
            .inner_join(organisations::table.on(organisations::id.eq(cohorts::school_id)))
            .inner_join(programmes::table.on(programmes::id.eq(cohorts::programme_id)))
            .select((Row::as_select(), organisations::name, programmes::name))
    };
}

pub(super) fn find(conn: &mut Conn, id: CohortId) -> Result<Cohort> {
    let joined: Joined = joined!().filter(cohorts::id.eq(id)).first(conn)?;
    Ok(assemble(joined))
}

pub(super) fn list(conn: &mut Conn, filter: CohortFilter, paging: &Paging<CohortId>) -> Result<Vec<Cohort>> {
    let mut query = joined!().order(cohorts::id).limit(paging.fetch()).into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(cohorts::id.gt(after));
    }
    if let Some(school) = filter.school_id {
        query = query.filter(cohorts::school_id.eq(school));
    }
    if let Some(programme) = filter.programme_id {
        query = query.filter(cohorts::programme_id.eq(programme));
    }
    if let Some(school_year) = filter.school_year {
        query = query.filter(cohorts::school_year.eq(school_year));
    }
    if let Some(form) = filter.form {
        query = query.filter(cohorts::form.eq(form));
    }
    let rows: Vec<Joined> = query.load(conn)?;
    Ok(rows.into_iter().map(assemble).collect())
}

/// What stands, locked for the rest of the transaction.
pub(super) fn find_for_update(conn: &mut Conn, id: CohortId) -> Result<Standing> {
    cohorts::table.find(id).select(Standing::as_select()).for_update().first(conn).or_second_look(conn, "cohorts", id)
}

/// The school of a cohort that is about to be counted, and whose row stays locked so that it does
/// not go meanwhile.
///
/// # Errors
/// 404 when the caller cannot see it, 403 when it may not write it.
pub fn find_writable(conn: &mut Conn, id: CohortId) -> Result<OrganisationId> {
    cohorts::table
        .find(id)
        .select(cohorts::school_id)
        .for_no_key_update()
        .first(conn)
        .or_second_look(conn, "cohorts", id)
}

/// Demands that the caller can see the cohort, for a list of its counts.
///
/// # Errors
/// 404 when it cannot.
pub fn require_visible(conn: &mut Conn, id: CohortId) -> Result<()> {
    cohorts::table.find(id).select(cohorts::id).first::<CohortId>(conn)?;
    Ok(())
}

pub(super) fn insert(conn: &mut Conn, new: &NewCohort) -> Result<()> {
    diesel::insert_into(cohorts::table).values(new).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

pub(super) fn update(conn: &mut Conn, id: CohortId, changes: &CohortChanges) -> Result<()> {
    diesel::update(cohorts::table.find(id)).set(changes).execute(conn)?;
    Ok(())
}

pub(super) fn delete(conn: &mut Conn, id: CohortId) -> Result<()> {
    diesel::delete(cohorts::table.find(id)).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

const BREACHES: &[(&str, Breach)] = &[
    ("cohorts_school_id_programme_id_school_year_form_key", Breach::Conflict(&ALREADY_ENTERED)),
    ("cohorts_programme_id_fk", Breach::Fault("/programmeId", &UNKNOWN_REFERENCE)),
    ("cohort_counts_cohort_id_fk", Breach::Conflict(&IN_USE)),
    ("students_cohort_id_fk", Breach::Conflict(&IN_USE)),
];
