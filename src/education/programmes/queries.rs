//! Programmes in the database. Every client reads them; their school writes them, which the row
//! policies decide, not we.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::model::{NewProgramme, Programme, ProgrammeChanges, ProgrammeFilter, Standing};
use super::rules::{CODE_TAKEN, IN_USE};
use crate::db::{Breach, Conn, OnConstraint as _, SecondLook as _};
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::field::{LearningPath, Profession};
use crate::kernel::ids::{OrganisationId, ProgrammeId, QualificationId};
use crate::kernel::named::Named;
use crate::organisations::qualifications::framework_of;
use crate::schema::{organisations, programmes, qualifications};

#[derive(Queryable, Selectable)]
#[diesel(table_name = programmes)]
struct Row {
    id: ProgrammeId,
    school_id: OrganisationId,
    code: String,
    name: String,
    qualification_id: QualificationId,
    learning_paths: Vec<LearningPath>,
    study_years: i16,
    active: bool,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// The row, the name of its school, and name, crebo and profession of its qualification.
type Joined = (Row, String, (String, Option<String>, Profession));

fn assemble((row, school, (qualification, crebo, profession)): Joined) -> Programme {
    Programme {
        id: row.id,
        school: Named::new(row.school_id, school),
        code: row.code,
        name: row.name,
        qualification: Named::new(row.qualification_id, qualification),
        crebo,
        profession,
        learning_paths: row.learning_paths,
        study_years: row.study_years,
        active: row.active,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// The select every reading query shares.
macro_rules! joined {
    () => {
        programmes::table.inner_join(organisations::table).inner_join(qualifications::table).select((
            Row::as_select(),
            organisations::name,
            (qualifications::name, qualifications::crebo, qualifications::profession),
        ))
    };
}

pub(super) fn find(conn: &mut Conn, id: ProgrammeId) -> Result<Programme> {
    let joined: Joined = joined!().filter(programmes::id.eq(id)).first(conn)?;
    Ok(assemble(joined))
}

pub(super) fn list(conn: &mut Conn, filter: ProgrammeFilter, paging: &Paging<ProgrammeId>) -> Result<Vec<Programme>> {
    let mut query = joined!().order(programmes::id).limit(paging.fetch()).into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(programmes::id.gt(after));
    }
    if let Some(school) = filter.school_id {
        query = query.filter(programmes::school_id.eq(school));
    }
    if let Some(qualification) = filter.qualification_id {
        query = query.filter(programmes::qualification_id.eq(qualification));
    }
    if let Some(profession) = filter.profession {
        query = query.filter(qualifications::profession.eq(profession));
    }
    if let Some(path) = filter.learning_path {
        query = query.filter(programmes::learning_paths.contains(vec![path]));
    }
    if let Some(code) = filter.code {
        query = query.filter(programmes::code.eq(code));
    }
    if let Some(active) = filter.active {
        query = query.filter(programmes::active.eq(active));
    }
    let rows: Vec<Joined> = query.load(conn)?;
    Ok(rows.into_iter().map(assemble).collect())
}

/// What stands, locked for the rest of the transaction.
pub(super) fn find_for_update(conn: &mut Conn, id: ProgrammeId) -> Result<Standing> {
    let (version, qualification) = programmes::table
        .find(id)
        .select((programmes::version, programmes::qualification_id))
        .for_update()
        .first::<(i32, QualificationId)>(conn)
        .or_second_look(conn, "programmes", id)?;
    Ok(Standing { version, framework: framework_of(conn, qualification)? })
}

pub(super) fn insert(conn: &mut Conn, new: &NewProgramme) -> Result<()> {
    diesel::insert_into(programmes::table).values(new).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

pub(super) fn update(conn: &mut Conn, id: ProgrammeId, changes: &ProgrammeChanges) -> Result<()> {
    diesel::update(programmes::table.find(id)).set(changes).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

pub(super) fn delete(conn: &mut Conn, id: ProgrammeId) -> Result<()> {
    diesel::delete(programmes::table.find(id)).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

const BREACHES: &[(&str, Breach)] = &[
    ("programmes_school_id_code_key", Breach::Conflict(&CODE_TAKEN)),
    ("cohorts_programme_id_fk", Breach::Conflict(&IN_USE)),
    ("students_programme_id_fk", Breach::Conflict(&IN_USE)),
];
