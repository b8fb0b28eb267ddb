//! Roster imports, their pieces and their errors in the database. Whose they are is decided by the
//! row policies, not here.

use chrono::{DateTime, Utc};
use diesel::dsl::{now, sql};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use serde_json::{Value, json};
use uuid::Uuid;

use super::model::{
    RosterFailure, RosterForm, RosterGuard, RosterImport, RosterImportError, RosterImportFilter, RosterImportStatus,
    RosterMode, RosterProgress,
};
use super::rules::{IMPORT_UNFINISHED, allowed, superseded_by};
use crate::auth::Actor;
use crate::db::{Breach, Conn, OnConstraint as _, SecondLook as _};
use crate::error::{Error, Result};
use crate::http::page::Paging;
use crate::kernel::formats::Sha256;
use crate::kernel::ids::{JobId, OrganisationId, ProgrammeId, RosterImportId};
use crate::kernel::named::Named;
use crate::schema::{jobs, organisations, programmes, roster_imports};

/// The kind of the jobs that apply rosters.
const KIND: &str = "roster-import";

#[derive(Queryable, Selectable)]
#[diesel(table_name = roster_imports)]
struct Row {
    id: RosterImportId,
    school_id: OrganisationId,
    job_id: JobId,
    form: RosterForm,
    mode: RosterMode,
    dry_run: bool,
    scope: Vec<String>,
    taken_at: DateTime<Utc>,
    confirmed: bool,
    status: RosterImportStatus,
    size_bytes: i64,
    sha256: Option<Sha256>,
    #[diesel(embed)]
    counts: Counts,
    deactivation_withheld: bool,
    error_code: Option<String>,
    error_row: Option<i64>,
    expected: Vec<String>,
    guard: Value,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = roster_imports)]
struct Counts {
    rows_read: i64,
    skipped: i64,
    rejected: i64,
    created: Option<i64>,
    updated: Option<i64>,
    unchanged: Option<i64>,
    deactivated: Option<i64>,
}

fn assemble((row, school): (Row, String)) -> RosterImport {
    let counts = row.counts;
    RosterImport {
        id: row.id,
        school: Named::new(row.school_id, school),
        job_id: row.job_id,
        form: row.form,
        mode: row.mode,
        dry_run: row.dry_run,
        scope: row.scope,
        taken_at: row.taken_at,
        confirmed: row.confirmed,
        status: row.status,
        allowed_transitions: allowed(row.status),
        size_bytes: row.size_bytes,
        sha256: row.sha256,
        progress: RosterProgress {
            rows_read: counts.rows_read,
            skipped: counts.skipped,
            rejected: counts.rejected,
            created: counts.created,
            updated: counts.updated,
            unchanged: counts.unchanged,
            deactivated: counts.deactivated,
        },
        deactivation_withheld: row.deactivation_withheld,
        failure: row.error_code.map(|code| RosterFailure { code, row: row.error_row, expected: row.expected }),
        guard: row.guard.as_array().map(|found| found.iter().filter_map(guarded).collect()).unwrap_or_default(),
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        finished_at: row.finished_at,
    }
}

fn guarded(found: &Value) -> Option<RosterGuard> {
    let id: Uuid = found.get("id")?.as_str()?.parse().ok()?;
    Some(RosterGuard {
        programme: Named::new(id, found.get("name")?.as_str()?.to_owned()),
        active: found.get("active")?.as_i64()?,
        missing: found.get("missing")?.as_i64()?,
    })
}

pub(super) fn find(conn: &mut Conn, id: RosterImportId) -> Result<RosterImport> {
    let found = roster_imports::table
        .inner_join(organisations::table)
        .filter(roster_imports::id.eq(id))
        .select((Row::as_select(), organisations::name))
        .first(conn)?;
    Ok(assemble(found))
}

pub(super) fn list(
    conn: &mut Conn,
    filter: &RosterImportFilter,
    paging: &Paging<RosterImportId>,
) -> Result<Vec<RosterImport>> {
    let mut query = roster_imports::table
        .inner_join(organisations::table)
        .select((Row::as_select(), organisations::name))
        .order(roster_imports::id.desc())
        .limit(paging.fetch())
        .into_boxed();
    if let Some(before) = paging.after {
        query = query.filter(roster_imports::id.lt(before));
    }
    if let Some(status) = filter.status {
        query = query.filter(roster_imports::status.eq(status));
    }
    let rows: Vec<(Row, String)> = query.load(conn)?;
    Ok(rows.into_iter().map(assemble).collect())
}

pub(super) fn list_errors(conn: &mut Conn, id: RosterImportId, paging: &Paging<i32>) -> Result<Vec<RosterImportError>> {
    use crate::schema::roster_import_errors::dsl;
    let rows: Vec<(i32, i64, String, String)> = dsl::roster_import_errors
        .filter(dsl::import_id.eq(id))
        .filter(dsl::number.gt(paging.after.unwrap_or_default()))
        .order(dsl::number)
        .limit(paging.fetch())
        .select((dsl::number, dsl::row_number, dsl::pointer, dsl::code))
        .load(conn)?;
    let rows = rows.into_iter();
    Ok(rows.map(|(number, row, pointer, code)| RosterImportError { number, row, pointer, code }).collect())
}

/// The state of an import and the job that has it, locked.
pub(super) fn find_for_update(conn: &mut Conn, id: RosterImportId) -> Result<(RosterImportStatus, JobId)> {
    roster_imports::table
        .find(id)
        .select((roster_imports::status, roster_imports::job_id))
        .for_no_key_update()
        .first(conn)
        .or_second_look(conn, "roster_imports", id)
}

/// Which of these codes are no programme of the school's.
pub(super) fn unknown_codes(conn: &mut Conn, school: OrganisationId, codes: &[String]) -> Result<Vec<usize>> {
    let known: Vec<String> = programmes::table
        .filter(programmes::school_id.eq(school))
        .filter(programmes::code.eq_any(codes))
        .select(programmes::code)
        .load(conn)?;
    Ok(codes.iter().enumerate().filter(|(_, code)| !known.contains(code)).map(|(index, _)| index).collect())
}

/// Whether a moment has not come, even where the school's clock runs a little ahead.
pub(super) fn lies_ahead(conn: &mut Conn, moment: DateTime<Utc>) -> Result<bool> {
    let ahead = sql::<Timestamptz>("now() + interval '5 minutes'").lt(moment);
    Ok(diesel::select(ahead).get_result(conn)?)
}

/// What an import needs to begin.
pub(super) struct NewImport<'a> {
    pub(super) id: RosterImportId,
    pub(super) job: JobId,
    pub(super) form: RosterForm,
    pub(super) mode: RosterMode,
    pub(super) dry_run: bool,
    pub(super) scope: &'a [String],
    /// The moment that the file is of; now where the school does not say.
    pub(super) taken_at: Option<DateTime<Utc>>,
}

/// Puts a job on the list.
pub(super) fn insert_job(conn: &mut Conn, actor: &Actor, job: JobId) -> Result<()> {
    let (client, school) = actor.client.zip(actor.organisation).ok_or(Error::Unauthenticated)?;
    let parameters = json!({ "requestId": actor.request_id, "person": actor.person.as_deref() });
    diesel::insert_into(jobs::table)
        .values((
            jobs::id.eq(job),
            jobs::kind.eq(KIND),
            jobs::client_id.eq(client),
            jobs::organisation_id.eq(school),
            jobs::parameters.eq(parameters),
        ))
        .execute(conn)?;
    Ok(())
}

/// Begins an import; one that broke off while it came in is set aside first, and one that is older
/// than what was applied is refused.
pub(super) fn insert(conn: &mut Conn, school: OrganisationId, new: &NewImport<'_>) -> Result<()> {
    sql_query(
        "WITH broken AS (UPDATE roster_imports SET status = 'failed', error_code = 'upload-broken-off', \
         finished_at = now(), version = version + 1 \
         WHERE school_id = $1 AND status = 'receiving' AND updated_at < now() - interval '2 minutes' \
         RETURNING job_id) \
         UPDATE jobs SET status = 'failed', error_code = 'upload-broken-off', finished_at = now() \
         FROM broken WHERE jobs.id = broken.job_id AND jobs.status = 'queued'",
    )
    .bind::<SqlUuid, _>(school)
    .execute(conn)?;
    diesel::insert_into(roster_imports::table)
        .values((
            roster_imports::id.eq(new.id),
            roster_imports::school_id.eq(school),
            roster_imports::job_id.eq(new.job),
            roster_imports::form.eq(new.form),
            roster_imports::mode.eq(new.mode),
            roster_imports::dry_run.eq(new.dry_run),
            roster_imports::scope.eq(new.scope),
            new.taken_at.map(|moment| roster_imports::taken_at.eq(moment)),
        ))
        .execute(conn)
        .on_constraint(&[("roster_imports_school_id_key", Breach::Conflict(&IMPORT_UNFINISHED))])?;
    // From here on no other import of the school can end, so that what is seen now stays true.
    match applied_later(conn, school, new)? {
        Some(moment) => Err(superseded_by(moment)),
        None => Ok(()),
    }
}

#[derive(QueryableByName)]
struct Applied {
    #[diesel(sql_type = Nullable<Timestamptz>)]
    latest: Option<DateTime<Utc>>,
}

/// Of which moment the newest file is that was applied to any of the same programmes, if that is later.
fn applied_later(conn: &mut Conn, school: OrganisationId, new: &NewImport<'_>) -> Result<Option<DateTime<Utc>>> {
    let applied: Applied = sql_query(
        "SELECT max(applied.taken_at) AS latest FROM roster_imports applied JOIN roster_imports new ON new.id = $2 \
         WHERE applied.school_id = $1 AND applied.status = 'done' AND NOT applied.dry_run \
         AND applied.taken_at > new.taken_at \
         AND (applied.scope = '{}' OR new.scope = '{}' OR applied.scope && new.scope)",
    )
    .bind::<SqlUuid, _>(school)
    .bind::<SqlUuid, _>(new.id)
    .get_result(conn)?;
    Ok(applied.latest)
}

/// Stores a piece; false when the import is not coming in any more.
pub(super) fn insert_chunk(
    conn: &mut Conn,
    (school, id): (OrganisationId, RosterImportId),
    number: i32,
    bytes: Vec<u8>,
) -> Result<bool> {
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let receiving =
        sql_query("UPDATE roster_imports SET size_bytes = size_bytes + $2 WHERE id = $1 AND status = 'receiving'")
            .bind::<SqlUuid, _>(id)
            .bind::<BigInt, _>(size)
            .execute(conn)?;
    if receiving == 0 {
        return Ok(false);
    }
    sql_query("INSERT INTO roster_chunks (import_id, school_id, number, bytes) VALUES ($1, $2, $3, $4)")
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(school)
        .bind::<Integer, _>(number)
        .bind::<Binary, _>(bytes)
        .execute(conn)?;
    Ok(true)
}

/// The last byte has come: the import waits for its turn, and blocked ones before it lapse, unless
/// it is only tried. False when it is not coming in any more.
pub(super) fn complete(conn: &mut Conn, school: OrganisationId, id: RosterImportId, sha256: &str) -> Result<bool> {
    let dry_run: Option<bool> = diesel::update(
        roster_imports::table
            .filter(roster_imports::id.eq(id))
            .filter(roster_imports::status.eq(RosterImportStatus::Receiving)),
    )
    .set((
        roster_imports::status.eq(RosterImportStatus::Queued),
        roster_imports::sha256.eq(sha256),
        roster_imports::version.eq(roster_imports::version + 1),
    ))
    .returning(roster_imports::dry_run)
    .get_result(conn)
    .optional()?;
    if dry_run == Some(false) {
        diesel::update(
            roster_imports::table
                .filter(roster_imports::school_id.eq(school))
                .filter(roster_imports::status.eq(RosterImportStatus::GuardBlocked)),
        )
        .set((
            roster_imports::status.eq(RosterImportStatus::Lapsed),
            roster_imports::version.eq(roster_imports::version + 1),
        ))
        .execute(conn)?;
    }
    Ok(dry_run.is_some())
}

/// Ends an unfinished import and its job: cancelled by the school, or failed for this reason.
pub(super) fn end(conn: &mut Conn, id: RosterImportId, job: JobId, failure: Option<&str>) -> Result<()> {
    let status = if failure.is_some() { RosterImportStatus::Failed } else { RosterImportStatus::Cancelled };
    diesel::update(roster_imports::table.find(id))
        .set((
            roster_imports::status.eq(status),
            roster_imports::error_code.eq(failure),
            roster_imports::finished_at.eq(now),
            roster_imports::version.eq(roster_imports::version + 1),
        ))
        .execute(conn)?;
    sql_query(
        "UPDATE jobs SET status = $2, error_code = $3, finished_at = now(), version = version + 1 \
         WHERE id = $1 AND status IN ('queued', 'running')",
    )
    .bind::<SqlUuid, _>(job)
    .bind::<Text, _>(status)
    .bind::<Nullable<Text>, _>(failure)
    .execute(conn)?;
    Ok(())
}

/// Lets a blocked import run after all, under a new job.
pub(super) fn confirm(conn: &mut Conn, id: RosterImportId, job: JobId) -> Result<()> {
    diesel::update(roster_imports::table.find(id))
        .set((
            roster_imports::status.eq(RosterImportStatus::Queued),
            roster_imports::job_id.eq(job),
            roster_imports::confirmed.eq(true),
            roster_imports::finished_at.eq(sql::<Nullable<diesel::sql_types::Timestamptz>>("NULL")),
            roster_imports::version.eq(roster_imports::version + 1),
        ))
        .execute(conn)
        .on_constraint(&[("roster_imports_school_id_key", Breach::Conflict(&IMPORT_UNFINISHED))])?;
    Ok(())
}

/// What nobody waits for any more goes: unconfirmed imports after 72 hours, and the pieces of what
/// has ended. Returns how many imports lapsed.
pub(super) fn sweep(conn: &mut Conn) -> Result<usize> {
    let lapsed = sql_query(
        "UPDATE roster_imports SET status = 'lapsed', version = version + 1 \
         WHERE status = 'guard-blocked' AND finished_at < now() - interval '72 hours'",
    )
    .execute(conn)?;
    sql_query(
        "WITH broken AS (UPDATE roster_imports SET status = 'failed', error_code = 'upload-broken-off', \
         finished_at = now(), version = version + 1 \
         WHERE status = 'receiving' AND updated_at < now() - interval '2 minutes' RETURNING job_id) \
         UPDATE jobs SET status = 'failed', error_code = 'upload-broken-off', finished_at = now() \
         FROM broken WHERE jobs.id = broken.job_id AND jobs.status = 'queued'",
    )
    .execute(conn)?;
    sql_query(
        "DELETE FROM roster_chunks c USING roster_imports i \
         WHERE i.id = c.import_id AND i.status IN ('done', 'failed', 'cancelled', 'lapsed')",
    )
    .execute(conn)?;
    Ok(lapsed)
}

/// Ids of programmes with their names.
pub(super) fn names_of(conn: &mut Conn, ids: &[ProgrammeId]) -> Result<Vec<(ProgrammeId, String)>> {
    Ok(programmes::table.filter(programmes::id.eq_any(ids)).select((programmes::id, programmes::name)).load(conn)?)
}
