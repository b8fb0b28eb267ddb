//! Applies a staged roster in sets: what is new, what changed, who left. Everything happens in the
//! caller's transaction; a row that says what is held already is read and not touched.

use std::collections::HashMap;

use diesel::connection::SimpleConnection as _;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Uuid as SqlUuid};
use diesel::{QueryableByName, RunQueryDsl as _, sql_query};
use serde_json::{Value, json};

use super::queries;
use super::register::Register;
use super::rules::shrinks_too_much;
use crate::db::{BUSY, Conn};
use crate::error::{Error, Result};
use crate::kernel::ids::{OrganisationId, ProgrammeId};

/// What was done to students.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Effect {
    pub(super) created: i64,
    pub(super) updated: i64,
    pub(super) deactivated: i64,
}

/// Makes room for the rows.
pub(super) fn prepare(conn: &mut Conn) -> Result<()> {
    Ok(conn.batch_execute(include_str!("merge/staging.sql"))?)
}

/// Rows whose key stood in an earlier row.
#[derive(Debug, QueryableByName)]
pub(super) struct Repeated {
    /// How many of them were about a student on the roster.
    #[diesel(sql_type = BigInt)]
    pub(super) present: i64,
    /// How many had nothing else wrong with them.
    #[diesel(sql_type = BigInt)]
    pub(super) rejected: i64,
    /// Their numbers: no more than are told.
    #[diesel(sql_type = Array<BigInt>)]
    pub(super) rows: Vec<i64>,
}

/// Leaves the first row of each key and drops the others.
pub(super) fn drop_repeated(conn: &mut Conn) -> Result<Repeated> {
    Ok(sql_query(include_str!("merge/repeated.sql")).get_result(conn)?)
}

#[derive(QueryableByName)]
struct Faulty {
    #[diesel(sql_type = BigInt)]
    row_number: i64,
    #[diesel(sql_type = Integer)]
    fault: i32,
}

/// Compares the rows with what is held; returns those that are wrong in view of it.
pub(super) fn compare(conn: &mut Conn, school: OrganisationId) -> Result<Vec<(u64, &'static str, &'static str)>> {
    conn.batch_execute("ANALYZE roster_staging")?;
    sql_query(include_str!("merge/compare.sql")).bind::<SqlUuid, _>(school).execute(conn)?;
    let faulty: Vec<Faulty> = sql_query(include_str!("merge/faulty.sql")).load(conn)?;
    let named = faulty.iter().map(|faulty| {
        let (pointer, code) = match faulty.fault {
            1 => ("/availableUntil", "ends-before-start"),
            2 => ("/learningPath", "learning-path-missing"),
            3 => ("/learningPath", "path-not-offered"),
            _ => ("/learningPath", "period-overlap"),
        };
        (u64::try_from(faulty.row_number).unwrap_or(1), pointer, code)
    });
    Ok(named.collect())
}

#[derive(QueryableByName)]
struct Group {
    #[diesel(sql_type = SqlUuid)]
    programme_id: ProgrammeId,
    #[diesel(sql_type = BigInt)]
    active: i64,
    #[diesel(sql_type = BigInt)]
    missing: i64,
}

/// The programmes that would lose more than half of their students, for the guard: those who are
/// said to have left, and with `all` who is missing.
pub(super) fn guard(conn: &mut Conn, school: OrganisationId, register: &Register, all: bool) -> Result<Vec<Value>> {
    let groups: Vec<Group> = sql_query(include_str!("merge/guard.sql"))
        .bind::<SqlUuid, _>(school)
        .bind::<Array<SqlUuid>, _>(&register.scope)
        .bind::<Bool, _>(all)
        .load(conn)?;
    let groups: Vec<Group> =
        groups.into_iter().filter(|group| shrinks_too_much(group.active, group.missing)).take(1000).collect();
    let ids: Vec<ProgrammeId> = groups.iter().map(|group| group.programme_id).collect();
    let names: HashMap<ProgrammeId, String> = queries::names_of(conn, &ids)?.into_iter().collect();
    let told = groups.iter().map(|group| {
        let id = group.programme_id;
        json!({ "id": id, "name": names.get(&id), "active": group.active, "missing": group.missing })
    });
    Ok(told.collect())
}

/// Writes what [`compare`] found; with `all`, who is missing leaves.
///
/// # Errors
/// 409 `request-in-progress` when somebody changed a student since: then nothing has happened, and
/// the whole import can be tried again.
pub(super) fn apply(conn: &mut Conn, school: OrganisationId, scope: &[ProgrammeId], all: bool) -> Result<Effect> {
    conn.batch_execute("ANALYZE roster_changes")?;
    let known = count_known(conn)?;
    let created = run(conn, include_str!("merge/enter.sql"), school)?;
    let updated = run(conn, include_str!("merge/change.sql"), school)?;
    if updated != known {
        return Err(BUSY.conflict());
    }
    for statement in [
        include_str!("merge/identify.sql"),
        include_str!("merge/rename.sql"),
        include_str!("merge/supersede.sql"),
        include_str!("merge/paths.sql"),
    ] {
        run(conn, statement, school)?;
    }
    let deactivated = let_leave(conn, school, scope, all)?;
    Ok(Effect { created, updated, deactivated })
}

/// Makes inactive who is said to have left, and with `all` who is missing; returns how many. Their
/// ids stand in the temporary table `roster_leavers` from here to the end of the transaction:
/// whatever else their leaving entails follows here, in one statement for all of them.
fn let_leave(conn: &mut Conn, school: OrganisationId, scope: &[ProgrammeId], all: bool) -> Result<i64> {
    let left = sql_query(include_str!("merge/leave.sql"))
        .bind::<SqlUuid, _>(school)
        .bind::<Array<SqlUuid>, _>(scope)
        .bind::<Bool, _>(all)
        .execute(conn)?;
    i64::try_from(left).map_err(Error::internal)
}

fn run(conn: &mut Conn, statement: &str, school: OrganisationId) -> Result<i64> {
    let rows = sql_query(statement).bind::<SqlUuid, _>(school).execute(conn)?;
    i64::try_from(rows).map_err(Error::internal)
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

fn count_known(conn: &mut Conn) -> Result<i64> {
    let known: Counted =
        sql_query("SELECT count(*) AS number FROM roster_changes WHERE NOT is_new").get_result(conn)?;
    Ok(known.number)
}
