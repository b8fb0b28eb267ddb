//! Placement requests in the database. A school sees and changes its own, a bureau those to its
//! region, which the row policies decide, not we.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Uuid as SqlUuid};
use diesel::{define_sql_function, sql_query};

use super::model::{
    PlacementRequest, PlacementRequestFilter, PlacementRequestStatus, REQUEST_LIFECYCLE, RequestPriority, Wish,
};
use super::rows::{Asked, NewRequest, NewWish, Rank, Standing};
use super::rules::{HAS_A_SEAT, OVERLAPS, require_open};
use crate::auth::{Actor, Scope};
use crate::db::feed::Window;
use crate::db::{Breach, Conn, OnConstraint as _, Prepare as _, SecondLook as _, today};
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::checks::UNKNOWN_REFERENCE;
use crate::kernel::ids::{OrganisationId, PlacementRequestId, ProgrammeId, QualificationId, RegionId, StudentId};
use crate::kernel::named::Named;
use crate::kernel::since::Tx;
use crate::schema::{
    organisations, placement_request_wishes, placement_requests, programmes, qualifications, regions, students,
};

define_sql_function! {
    /// Whether the caller is the school or the bureau of the request.
    fn writes_placement_request(school_id: SqlUuid, region_id: SqlUuid) -> Bool;
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = placement_requests)]
struct Row {
    id: PlacementRequestId,
    school_id: OrganisationId,
    student_id: StudentId,
    region_id: RegionId,
    programme_id: ProgrammeId,
    qualification_id: QualificationId,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    status: PlacementRequestStatus,
    priority: Option<RequestPriority>,
    since: DateTime<Utc>,
    since_reason: Option<String>,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// The row, the names of school, region, programme and qualification, and whether the caller may
/// write it.
type Joined = (Row, String, String, String, String, bool);

fn assemble(
    actor: &Actor,
    (row, school, region, programme, qualification, writable): Joined,
    wishes: Vec<Wish>,
) -> PlacementRequest {
    PlacementRequest {
        id: row.id,
        school: Named::new(row.school_id, school),
        student_id: row.student_id,
        region: Named::new(row.region_id, region),
        programme: Named::new(row.programme_id, programme),
        qualification: Named::new(row.qualification_id, qualification),
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        wishes,
        status: row.status,
        allowed_transitions: if writable { REQUEST_LIFECYCLE.allowed(actor, row.status) } else { Vec::new() },
        priority: row.priority,
        since: row.since,
        since_reason: row.since_reason,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// The tables every reading query shares.
macro_rules! joined {
    () => {
        placement_requests::table
            .inner_join(organisations::table.on(organisations::id.eq(placement_requests::school_id)))
            .inner_join(regions::table.on(regions::id.eq(placement_requests::region_id)))
            .inner_join(programmes::table.on(programmes::id.eq(placement_requests::programme_id)))
            .inner_join(qualifications::table.on(qualifications::id.eq(placement_requests::qualification_id)))
    };
}

/// What every reading query selects: a [`Joined`].
macro_rules! columns {
    () => {
        (
            Row::as_select(),
            organisations::name,
            regions::name,
            programmes::name,
            qualifications::name,
            writes_placement_request(placement_requests::school_id, placement_requests::region_id),
        )
    };
}

/// A boxed query with what the filter asks; the same for the list and its feed.
macro_rules! filtered {
    ($query:expr, $filter:expr, $actor:expr) => {{
        let (mut query, filter): (_, &PlacementRequestFilter) = ($query, $filter);
        match $actor.scope() {
            Scope::School(own) => query = query.filter(placement_requests::school_id.eq(own)),
            Scope::Region(own) => query = query.filter(placement_requests::region_id.eq(own)),
            _ => {}
        }
        if let Some(region) = filter.region_id {
            query = query.filter(placement_requests::region_id.eq(region));
        }
        if let Some(school) = filter.school_id {
            query = query.filter(placement_requests::school_id.eq(school));
        }
        if let Some(student) = filter.student_id {
            query = query.filter(placement_requests::student_id.eq(student));
        }
        if let Some(qualification) = filter.qualification_id {
            query = query.filter(placement_requests::qualification_id.eq(qualification));
        }
        if let Some(status) = filter.status {
            query = query.filter(placement_requests::status.eq(status));
        }
        query
    }};
}

fn wishes_of(conn: &mut Conn, ids: &[PlacementRequestId]) -> Result<HashMap<PlacementRequestId, Vec<Wish>>> {
    type Told = (PlacementRequestId, Option<OrganisationId>, Option<String>, Option<String>);
    let rows: Vec<Told> = placement_request_wishes::table
        .left_join(organisations::table.on(organisations::id.nullable().eq(placement_request_wishes::practice_id)))
        .filter(placement_request_wishes::request_id.eq_any(ids))
        .order((placement_request_wishes::request_id, placement_request_wishes::rank))
        .select((
            placement_request_wishes::request_id,
            placement_request_wishes::practice_id,
            organisations::name.nullable(),
            placement_request_wishes::text,
        ))
        .load(conn)?;
    let mut wishes: HashMap<PlacementRequestId, Vec<Wish>> = HashMap::new();
    for (request, practice, name, text) in rows {
        let practice = practice.zip(name).map(|(id, name)| Named::new(id, name));
        wishes.entry(request).or_default().push(Wish { practice, text });
    }
    Ok(wishes)
}

fn with_wishes(conn: &mut Conn, actor: &Actor, rows: Vec<Joined>) -> Result<Vec<PlacementRequest>> {
    let ids: Vec<PlacementRequestId> = rows.iter().map(|joined| joined.0.id).collect();
    let mut wishes = wishes_of(conn, &ids)?;
    let whole = rows.into_iter().map(|joined| {
        let told = wishes.remove(&joined.0.id).unwrap_or_default();
        assemble(actor, joined, told)
    });
    Ok(whole.collect())
}

pub(super) fn find(conn: &mut Conn, actor: &Actor, id: PlacementRequestId) -> Result<PlacementRequest> {
    let joined: Joined = joined!().select(columns!()).filter(placement_requests::id.eq(id)).first(conn)?;
    let wishes = wishes_of(conn, &[id])?.remove(&id).unwrap_or_default();
    Ok(assemble(actor, joined, wishes))
}

pub(super) fn list(
    conn: &mut Conn,
    actor: &Actor,
    filter: &PlacementRequestFilter,
    paging: &Paging<PlacementRequestId>,
) -> Result<Vec<PlacementRequest>> {
    let query = joined!().select(columns!()).order(placement_requests::id).limit(paging.fetch()).into_boxed();
    let mut query = filtered!(query, filter, actor);
    if let Some(after) = paging.after {
        query = query.filter(placement_requests::id.gt(after));
    }
    let rows: Vec<Joined> = query.load(conn)?;
    with_wishes(conn, actor, rows)
}

pub(super) fn changed(
    conn: &mut Conn,
    actor: &Actor,
    filter: &PlacementRequestFilter,
    window: &Window,
    limit: i64,
) -> Result<Vec<(Tx, PlacementRequest)>> {
    let query = joined!()
        .select((crate::changed_tx!(placement_requests), columns!()))
        .filter(crate::changed_in!(placement_requests, window))
        .order((placement_requests::updated_tx, placement_requests::id))
        .limit(limit)
        .into_boxed();
    let mut query = filtered!(query, filter, actor);
    if actor.is_bureau_of_several() {
        query = crate::in_own_regions!(query, placement_requests);
    }
    let rows: Vec<(Tx, Joined)> = query.load(conn)?;
    let (changes, rows): (Vec<Tx>, Vec<Joined>) = rows.into_iter().unzip();
    Ok(changes.into_iter().zip(with_wishes(conn, actor, rows)?).collect())
}

/// The student of a new request, locked; none when it is not there or not the caller's.
pub(super) fn asked_for(conn: &mut Conn, student: StudentId) -> Result<Option<Asked>> {
    let found: Option<(OrganisationId, ProgrammeId, bool)> = students::table
        .find(student)
        .select((students::school_id, students::programme_id, students::active))
        .for_no_key_update()
        .first(conn)
        .optional()?;
    let Some((school_id, programme_id, active)) = found else { return Ok(None) };
    let qualification_id = programmes::table.find(programme_id).select(programmes::qualification_id).first(conn)?;
    Ok(Some(Asked { school_id, programme_id, qualification_id, active }))
}

/// The student of a request that the caller can see.
pub(super) fn student_of(conn: &mut Conn, id: PlacementRequestId) -> Result<StudentId> {
    Ok(placement_requests::table.find(id).select(placement_requests::student_id).first(conn)?)
}

/// Demands that the caller can see the request, for a list of what hangs on it.
///
/// # Errors
/// 404 when it cannot.
pub fn require_visible(conn: &mut Conn, id: PlacementRequestId) -> Result<()> {
    placement_requests::table.find(id).select(placement_requests::id).first::<PlacementRequestId>(conn)?;
    Ok(())
}

/// School and region of a request that is open, locked for the rest of the transaction.
///
/// # Errors
/// 404 when the caller cannot see it, 409 `request-not-open`.
pub fn find_open(conn: &mut Conn, id: PlacementRequestId) -> Result<(OrganisationId, RegionId)> {
    let standing = find_for_update(conn, id)?;
    require_open(&standing)?;
    Ok((standing.school_id, standing.region_id))
}

/// The open request of a student to a region for (some of) these days: of several the one for the
/// qualification, then the one that begins first.
///
/// # Errors
/// 503 when it cannot be read.
pub fn open_for(
    conn: &mut Conn,
    student: StudentId,
    region: RegionId,
    qualification: QualificationId,
    (starts_on, ends_on): (NaiveDate, NaiveDate),
) -> Result<Option<PlacementRequestId>> {
    // A state that is bound would leave the index of open requests unused.
    Ok(placement_requests::table
        .filter(placement_requests::student_id.eq(student))
        .filter(placement_requests::region_id.eq(region))
        .filter(sql::<Bool>("placement_requests.status = 'open'"))
        .filter(placement_requests::starts_on.le(ends_on))
        .filter(placement_requests::ends_on.ge(starts_on))
        .order((
            placement_requests::qualification_id.eq(qualification).desc(),
            placement_requests::starts_on,
            placement_requests::id,
        ))
        .select(placement_requests::id)
        .first(conn)
        .optional()?)
}

/// Whether a request is open and asks for (some of) these days; none when the caller cannot see it.
///
/// # Errors
/// 503 when it cannot be read.
pub fn asks_for(
    conn: &mut Conn,
    request: PlacementRequestId,
    (starts_on, ends_on): (NaiveDate, NaiveDate),
) -> Result<Option<bool>> {
    let in_these_days = placement_requests::starts_on.le(ends_on).and(placement_requests::ends_on.ge(starts_on));
    Ok(placement_requests::table
        .find(request)
        .select(placement_requests::status.eq(PlacementRequestStatus::Open).and(in_these_days))
        .first(conn)
        .optional()?)
}

/// Open requests whose period is over, locked, the oldest first; those that somebody else holds are
/// left to whoever that is.
pub(super) fn over(conn: &mut Conn, limit: i64) -> Result<Vec<(PlacementRequestId, NaiveDate)>> {
    // A state that is bound would leave the index of open requests unused.
    Ok(placement_requests::table
        .filter(sql::<Bool>("placement_requests.status = 'open'"))
        .filter(placement_requests::ends_on.lt(today(conn)?.0))
        .order((placement_requests::ends_on, placement_requests::id))
        .select((placement_requests::id, placement_requests::ends_on))
        .limit(limit)
        .for_no_key_update()
        .skip_locked()
        .load(conn)?)
}

pub(super) fn find_for_update(conn: &mut Conn, id: PlacementRequestId) -> Result<Standing> {
    placement_requests::table.find(id).select(Standing::as_select()).for_no_key_update().first(conn).or_second_look(
        conn,
        "placement_requests",
        id,
    )
}

/// Whether the student of a request holds a seat on another one for (some of) the same days.
const SEATED: &str = "\
    SELECT EXISTS ( \
        SELECT FROM placement_requests own \
        JOIN placements p ON p.student_id = own.student_id AND holds_seat(p.status) \
        JOIN placement_requests r ON r.id = p.request_id AND r.id <> own.id \
        WHERE own.id = $1 AND r.starts_on <= own.ends_on AND r.ends_on >= own.starts_on \
    ) AS seated";

#[derive(QueryableByName)]
struct Seated {
    #[diesel(sql_type = Bool)]
    seated: bool,
}

/// Demands that the student of a request, which is written already, has no seat on another one for the same
/// days. Written first, it has waited for whoever was placing the student.
pub(super) fn require_no_seat(conn: &mut Conn, id: PlacementRequestId) -> Result<()> {
    let Seated { seated } = sql_query(SEATED).bind::<SqlUuid, _>(id).prepared().get_result(conn)?;
    if seated { Err(HAS_A_SEAT.conflict()) } else { Ok(()) }
}

pub(super) fn insert(conn: &mut Conn, new: &NewRequest, wishes: &[NewWish]) -> Result<()> {
    diesel::insert_into(placement_requests::table).values(new).execute(conn).on_constraint(BREACHES)?;
    require_no_seat(conn, new.id)?;
    insert_wishes(conn, wishes)
}

/// Sets the period and counts the change; when wishes are given they take the place of the others.
pub(super) fn update(
    conn: &mut Conn,
    id: PlacementRequestId,
    (starts_on, ends_on): (NaiveDate, NaiveDate),
    wishes: Option<&[NewWish]>,
) -> Result<()> {
    diesel::update(placement_requests::table.find(id))
        .set((
            placement_requests::starts_on.eq(starts_on),
            placement_requests::ends_on.eq(ends_on),
            placement_requests::version.eq(placement_requests::version + 1),
        ))
        .execute(conn)
        .on_constraint(BREACHES)?;
    let Some(wishes) = wishes else { return Ok(()) };
    diesel::delete(placement_request_wishes::table.filter(placement_request_wishes::request_id.eq(id)))
        .execute(conn)?;
    insert_wishes(conn, wishes)
}

fn insert_wishes(conn: &mut Conn, wishes: &[NewWish]) -> Result<()> {
    diesel::insert_into(placement_request_wishes::table).values(wishes).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

/// Sets the place on the waiting list and counts the change.
pub(super) fn rank(conn: &mut Conn, id: PlacementRequestId, rank: &Rank) -> Result<()> {
    diesel::update(placement_requests::table.find(id))
        .set((rank, placement_requests::version.eq(placement_requests::version + 1)))
        .execute(conn)?;
    Ok(())
}

const BREACHES: &[(&str, Breach)] = &[
    ("placement_requests_student_id_excl", Breach::Conflict(&OVERLAPS)),
    ("placement_requests_region_id_fk", Breach::Fault("/regionId", &UNKNOWN_REFERENCE)),
    ("placement_request_wishes_practice_id_fk", Breach::Fault("/wishes", &UNKNOWN_REFERENCE)),
];
