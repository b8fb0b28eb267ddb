//! Students in the database. Whose they are, and who sees their names, is decided by the row
//! policies, not here.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use super::model::{SearchStudents, Student, StudentCohort, StudentFilter};
use super::rows::{Enrolment, Held, Identity, Standing};
use crate::auth::{Actor, Scope};
use crate::db::feed::Window;
use crate::db::{Conn, Prepare as _, SecondLook as _};
use crate::education::cohorts::CohortForm;
use crate::education::learning_path_periods as paths;
use crate::error::{Error, Result};
use crate::http::page::Paging;
use crate::kernel::field::{LearningPath, Weekday};
use crate::kernel::formats::{Email, SchoolYear, SourcedId};
use crate::kernel::ids::{CohortId, OrganisationId, ProgrammeId, StudentId};
use crate::kernel::named::Named;
use crate::kernel::since::Tx;
use crate::schema::{cohorts, learning_path_periods, organisations, programmes, student_identities, students};

#[derive(Queryable, Selectable)]
#[diesel(table_name = students)]
struct Row {
    id: StudentId,
    school_id: OrganisationId,
    sourced_id: String,
    programme_id: ProgrammeId,
    study_year: Option<i16>,
    available_from: Option<NaiveDate>,
    available_until: Option<NaiveDate>,
    available_days: Option<Vec<Weekday>>,
    max_travel_minutes: Option<i32>,
    active: bool,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = cohorts)]
struct CohortRow {
    id: CohortId,
    school_year: SchoolYear,
    form: CohortForm,
}

/// The row, the names of school and programme, and what may be missing.
type Joined = (Row, String, String, Option<CohortRow>, Option<Identity>, Option<(LearningPath, bool)>);

fn assemble((row, school, programme, cohort, identity, path): Joined) -> Student {
    let named = |text: fn(&Identity) -> Option<String>| identity.as_ref().and_then(text);
    Student {
        id: row.id,
        school: Named::new(row.school_id, school),
        sourced_id: row.sourced_id,
        given_name: named(|identity| Some(identity.given_name.to_string())),
        prefix: named(|identity| identity.prefix.as_ref().map(ToString::to_string)),
        family_name: named(|identity| Some(identity.family_name.to_string())),
        school_email: named(|identity| identity.school_email.as_ref().map(ToString::to_string)),
        postcode4: identity.as_ref().and_then(|identity| identity.postcode4.clone()),
        programme: Named::new(row.programme_id, programme),
        cohort: cohort.map(|cohort| StudentCohort {
            id: cohort.id,
            school_year: cohort.school_year,
            form: cohort.form,
        }),
        study_year: row.study_year,
        learning_path: path.map(|(path, _)| path),
        accelerated: path.map(|(_, accelerated)| accelerated),
        available_from: row.available_from,
        available_until: row.available_until,
        available_days: row.available_days,
        max_travel_minutes: row.max_travel_minutes,
        active: row.active,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// The tables every reading query shares; of the learning path periods the one that is open.
macro_rules! joined {
    () => {
        students::table
            .inner_join(organisations::table.on(organisations::id.eq(students::school_id)))
            .inner_join(programmes::table.on(programmes::id.eq(students::programme_id)))
            .left_join(cohorts::table.on(cohorts::id.nullable().eq(students::cohort_id)))
            .left_join(student_identities::table.on(student_identities::student_id.eq(students::id)))
            .left_join(
                learning_path_periods::table.on(learning_path_periods::student_id
                    .eq(students::id)
                    .and(learning_path_periods::superseded_at.is_null())
                    .and(learning_path_periods::effective_to.is_null())),
            )
    };
}

/// What every reading query selects: a [`Joined`].
macro_rules! columns {
    () => {
        (
            Row::as_select(),
            organisations::name,
            programmes::name,
            Option::<CohortRow>::as_select(),
            Option::<Identity>::as_select(),
            (learning_path_periods::learning_path, learning_path_periods::accelerated).nullable(),
        )
    };
}

/// A boxed query narrowed to the caller's school, whose index then leads.
macro_rules! of_school {
    ($query:expr, $actor:expr) => {
        match $actor.scope() {
            Scope::School(own) => $query.filter(students::school_id.eq(own)),
            _ => $query,
        }
    };
}

/// A boxed query with what the filter asks; the same for the list and its feed.
macro_rules! filtered {
    ($query:expr, $filter:expr, $actor:expr) => {{
        let (mut query, filter): (_, &StudentFilter) = (of_school!($query, $actor), $filter);
        if let Some(programme) = filter.programme_id {
            query = query.filter(students::programme_id.eq(programme));
        }
        if let Some(cohort) = filter.cohort_id {
            query = query.filter(students::cohort_id.eq(cohort));
        }
        if let Some(study_year) = filter.study_year {
            query = query.filter(students::study_year.eq(study_year));
        }
        if let Some(active) = filter.active {
            query = query.filter(students::active.eq(active));
        }
        if let Some(path) = filter.learning_path {
            query = query.filter(learning_path_periods::learning_path.eq(path));
        }
        query
    }};
}

/// A student with name, programme and availability, for an operation that records the look.
///
/// # Errors
/// 404 when the caller cannot see the student.
pub fn find(conn: &mut Conn, id: StudentId) -> Result<Student> {
    let joined: Joined = joined!().select(columns!()).filter(students::id.eq(id)).first(conn)?;
    Ok(assemble(joined))
}

pub(super) fn list(
    conn: &mut Conn,
    actor: &Actor,
    filter: &StudentFilter,
    paging: &Paging<StudentId>,
) -> Result<Vec<Student>> {
    let query = joined!().select(columns!()).order(students::id).limit(paging.fetch()).into_boxed();
    let mut query = filtered!(query, filter, actor);
    if let Some(after) = paging.after {
        query = query.filter(students::id.gt(after));
    }
    let rows: Vec<Joined> = query.load(conn)?;
    Ok(rows.into_iter().map(assemble).collect())
}

pub(super) fn changed(
    conn: &mut Conn,
    actor: &Actor,
    filter: &StudentFilter,
    window: &Window,
    limit: i64,
) -> Result<Vec<(Tx, Student)>> {
    let query = joined!()
        .select((crate::changed_tx!(students), columns!()))
        .filter(crate::changed_in!(students, window))
        .order((students::updated_tx, students::id))
        .limit(limit)
        .into_boxed();
    let rows: Vec<(Tx, Joined)> = filtered!(query, filter, actor).load(conn)?;
    Ok(rows.into_iter().map(|(tx, joined)| (tx, assemble(joined))).collect())
}

pub(super) fn search(
    conn: &mut Conn,
    actor: &Actor,
    search: &SearchStudents,
    paging: &Paging<StudentId>,
) -> Result<Vec<Student>> {
    let query = joined!().select(columns!()).order(students::id).limit(paging.fetch()).into_boxed();
    let mut query = match &search.school_email {
        Some(email) => query.filter(students::id.eq_any(having(conn, actor, email)?)),
        None => of_school!(query, actor),
    };
    if let Some(after) = paging.after {
        query = query.filter(students::id.gt(after));
    }
    if let Some(sourced_id) = &search.sourced_id {
        query = query.filter(students::sourced_id.eq(sourced_id.clone()));
    }
    if let Some(name) = &search.name {
        let spoken = sql::<Bool>(
            "concat_ws(' ', student_identities.given_name, student_identities.prefix, \
             student_identities.family_name) ILIKE ",
        );
        query = query.filter(spoken.bind::<Text, _>(containing(name.as_str())));
    }
    let rows: Vec<Joined> = query.load(conn)?;
    Ok(rows.into_iter().map(assemble).collect())
}

/// The students who have this e-mail address, whatever its capitals.
fn having(conn: &mut Conn, actor: &Actor, email: &Email) -> Result<Vec<StudentId>> {
    // lower() in the comparison itself would leave the index unused under row security.
    let same = sql::<Bool>("student_identities.email_key = (SELECT lower(").bind::<Text, _>(email.clone()).sql("))");
    let mut query = student_identities::table.filter(same).select(student_identities::student_id).into_boxed();
    if let Scope::School(own) = actor.scope() {
        query = query.filter(student_identities::school_id.eq(own));
    }
    Ok(query.load(conn)?)
}

/// A pattern that takes the text literally, anywhere.
fn containing(text: &str) -> String {
    format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// Demands that the caller may write the school's students.
pub(super) fn require_own_school(conn: &mut Conn, school: OrganisationId) -> Result<()> {
    let found = organisations::table.find(school).select(organisations::id).for_key_share();
    found.first::<OrganisationId>(conn).map(drop).or_second_look(conn, "organisations", school)
}

/// Which of these students the school has, locked, by their keys.
pub(super) fn held(conn: &mut Conn, school: OrganisationId, keys: &[SourcedId]) -> Result<HashMap<SourcedId, Held>> {
    let locked: Vec<Standing> = students::table
        .filter(students::school_id.eq(school))
        .filter(students::sourced_id.eq_any(keys))
        .order(students::id)
        .select(Standing::as_select())
        .for_no_key_update()
        .load(conn)?;
    let held = with_parts(conn, locked)?;
    Ok(held.into_iter().map(|held| (held.student.sourced_id.clone(), held)).collect())
}

/// A student, locked.
pub(super) fn find_for_update(conn: &mut Conn, id: StudentId) -> Result<Held> {
    let locked: Standing = students::table
        .find(id)
        .select(Standing::as_select())
        .for_no_key_update()
        .first(conn)
        .or_second_look(conn, "students", id)?;
    with_parts(conn, vec![locked])?.pop().ok_or(Error::NotFound)
}

/// The school of a student that the caller may write, which is locked for what is written beside it.
///
/// # Errors
/// 404 when the caller cannot see the student, 403 when it may not write it.
pub fn lock(conn: &mut Conn, id: StudentId) -> Result<OrganisationId> {
    let school = students::table.find(id).select(students::school_id).for_no_key_update();
    school.first(conn).or_second_look(conn, "students", id)
}

/// Demands that the caller can see the student.
///
/// # Errors
/// 404 when it cannot.
pub fn require_visible(conn: &mut Conn, id: StudentId) -> Result<()> {
    students::table.find(id).select(students::id).first::<StudentId>(conn)?;
    Ok(())
}

/// The learning paths in which a student's programme is offered.
pub(super) fn paths_offered(conn: &mut Conn, id: StudentId) -> Result<Vec<LearningPath>> {
    let programme = students::table.inner_join(programmes::table.on(programmes::id.eq(students::programme_id)));
    Ok(programme.filter(students::id.eq(id)).select(programmes::learning_paths).first(conn)?)
}

/// Adds names and learning paths: read after the lock, so that they stand still.
fn with_parts(conn: &mut Conn, locked: Vec<Standing>) -> Result<Vec<Held>> {
    let ids: Vec<StudentId> = locked.iter().map(|student| student.id).collect();
    let identities: Vec<(StudentId, Identity)> = student_identities::table
        .filter(student_identities::student_id.eq_any(&ids))
        .select((student_identities::student_id, Identity::as_select()))
        .load(conn)?;
    let mut identities: HashMap<StudentId, Identity> = identities.into_iter().collect();
    let mut open = paths::open_of(conn, &ids)?;
    let held = locked.into_iter().map(|student| {
        let (identity, open) = (identities.remove(&student.id), open.remove(&student.id));
        Held { student, identity, open }
    });
    Ok(held.collect())
}

/// Enters a student; none when a parallel request entered the same key just before.
pub(super) fn insert(
    conn: &mut Conn,
    school: OrganisationId,
    sourced_id: &SourcedId,
    enrolment: &Enrolment,
) -> Result<Option<StudentId>> {
    let id = StudentId::new();
    let made = diesel::insert_into(students::table)
        .values((students::id.eq(id), students::school_id.eq(school), students::sourced_id.eq(sourced_id), enrolment))
        .on_conflict((students::school_id, students::sourced_id))
        .do_nothing()
        .prepared()
        .execute(conn)?;
    Ok((made == 1).then_some(id))
}

/// Sets what is changed and counts the change.
pub(super) fn update(conn: &mut Conn, id: StudentId, enrolment: &Enrolment) -> Result<()> {
    diesel::update(students::table.find(id))
        .set((enrolment, students::version.eq(students::version + 1)))
        .prepared()
        .execute(conn)?;
    Ok(())
}

/// Sets who the student is.
pub(super) fn put_identity(
    conn: &mut Conn,
    school: OrganisationId,
    id: StudentId,
    identity: &Identity,
    is_new: bool,
) -> Result<()> {
    if is_new {
        let owner = (student_identities::student_id.eq(id), student_identities::school_id.eq(school));
        diesel::insert_into(student_identities::table).values((owner.0, owner.1, identity)).execute(conn)?;
    } else {
        diesel::update(student_identities::table.find(id)).set(identity).prepared().execute(conn)?;
    }
    Ok(())
}

/// Counts a change of what a student shows that is no column of its own row, so that its version
/// and its place in the feed move.
///
/// # Errors
/// 503 when the database cannot answer.
pub fn touch(conn: &mut Conn, id: StudentId) -> Result<()> {
    diesel::update(students::table.find(id))
        .set(students::version.eq(students::version + 1))
        .prepared()
        .execute(conn)?;
    Ok(())
}
