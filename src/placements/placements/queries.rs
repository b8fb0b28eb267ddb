//! Placements in the database. Which of them a caller sees or changes is decided by the row
//! policies, not here.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::Uuid as SqlUuid;
use diesel::{alias, define_sql_function};

use super::lifecycle::{PlacementStatus, counts_as_dropout, open_steps};
use super::model::{Disclosure, Employer, EmployerKind, Ending, Placement, PlacementFilter};
use super::rows::{Candidate, Employment, NewPlacement, Standing, Terms};
use super::rules::{OFFER_NOT_PUBLISHED, STUDENT_PLACED};
use crate::auth::{Actor, Scope};
use crate::db::feed::Window;
use crate::db::{Breach, Conn, OnConstraint as _, Prepare as _, SecondLook as _, today};
use crate::education::learning_path_periods as paths;
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::checks::UNKNOWN_REFERENCE;
use crate::kernel::field::LearningPath;
use crate::kernel::ids::{
    InitiativeId, MentorId, OrganisationId, PlacementId, PlacementOfferId, PlacementRequestId, ProgrammeId,
    QualificationId, RegionId, StudentId,
};
use crate::kernel::named::Named;
use crate::kernel::since::Tx;
use crate::kernel::text::Line;
use crate::schema::{
    agreement_sheets, agreements, disclosures, organisations, placement_offers, placements, programmes, qualifications,
    regions, students,
};

define_sql_function! {
    /// Whether the caller is the host, or its bureau under a mandate.
    fn speaks_for_host(practice_id: SqlUuid) -> Bool;
}

alias!(organisations as hosts: Hosts, organisations as employers: Employers);

#[derive(Queryable, Selectable)]
#[diesel(table_name = placements)]
struct Row {
    id: PlacementId,
    region_id: RegionId,
    school_id: OrganisationId,
    practice_id: OrganisationId,
    student_id: StudentId,
    offer_id: PlacementOfferId,
    request_id: Option<PlacementRequestId>,
    programme_id: ProgrammeId,
    qualification_id: QualificationId,
    learning_path: LearningPath,
    mentor_id: Option<MentorId>,
    school_supervisor: Option<String>,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    hours_per_week: Option<i16>,
    total_hours: Option<i32>,
    employer_kind: Option<EmployerKind>,
    employer_id: Option<OrganisationId>,
    employed_from: Option<NaiveDate>,
    employed_until: Option<NaiveDate>,
    initiative_id: Option<InitiativeId>,
    status: PlacementStatus,
    expires_on: Option<NaiveDate>,
    ended_on: Option<NaiveDate>,
    end_reason: Option<String>,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// The names of region, school, host, programme, qualification and employer.
type Names = (String, String, String, String, String, Option<String>);

/// The row, what it refers to, the initiative of its offer, what is disclosed, and whether the
/// caller speaks for the host.
type Joined = (Row, Names, Option<InitiativeId>, Option<(NaiveDate, NaiveDate)>, bool);

fn assemble(actor: &Actor, (row, names, offered_initiative, disclosed, for_host): Joined) -> Placement {
    let (region, school, practice, programme, qualification, employer) = names;
    let employer = match (row.employer_kind, row.employer_id.zip(employer), row.employed_from) {
        (Some(kind), Some((id, name)), Some(from)) => {
            Some(Employer { kind, organisation: Named::new(id, name), from, until: row.employed_until })
        }
        _ => None,
    };
    let ended_early = row.status == PlacementStatus::EndedEarly;
    let ended = row.ended_on.map(|on| Ending {
        on,
        counts_as_dropout: ended_early && row.end_reason.as_deref().and_then(counts_as_dropout).unwrap_or(false),
        reason_code: row.end_reason,
    });
    Placement {
        id: row.id,
        student_id: row.student_id,
        school: Named::new(row.school_id, school),
        practice: Named::new(row.practice_id, practice),
        region: Named::new(row.region_id, region),
        offer_id: row.offer_id,
        // A host has nothing to look up there.
        request_id: if matches!(actor.scope(), Scope::Practice(_)) { None } else { row.request_id },
        programme: Named::new(row.programme_id, programme),
        qualification: Named::new(row.qualification_id, qualification),
        learning_path: row.learning_path,
        mentor_id: row.mentor_id,
        school_supervisor: row.school_supervisor,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        hours_per_week: row.hours_per_week,
        total_hours: row.total_hours,
        employer,
        initiative_id: row.initiative_id.or(offered_initiative),
        status: row.status,
        allowed_transitions: open_steps(actor, row.status, for_host),
        expires_on: row.expires_on,
        disclosed: disclosed.map(|(from, until)| Disclosure { from, until }),
        ended,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// The tables every reading query shares.
macro_rules! joined {
    () => {
        placements::table
            .inner_join(regions::table.on(regions::id.eq(placements::region_id)))
            .inner_join(organisations::table.on(organisations::id.eq(placements::school_id)))
            .inner_join(hosts.on(hosts.field(organisations::id).eq(placements::practice_id)))
            .inner_join(programmes::table.on(programmes::id.eq(placements::programme_id)))
            .inner_join(qualifications::table.on(qualifications::id.eq(placements::qualification_id)))
            .left_join(employers.on(employers.field(organisations::id).nullable().eq(placements::employer_id)))
            .left_join(placement_offers::table.on(placement_offers::id.eq(placements::offer_id)))
            .left_join(disclosures::table.on(disclosures::placement_id.eq(placements::id)))
    };
}

/// What every reading query selects: a [`Joined`].
macro_rules! columns {
    () => {
        (
            Row::as_select(),
            (
                regions::name,
                organisations::name,
                hosts.field(organisations::name),
                programmes::name,
                qualifications::name,
                employers.field(organisations::name).nullable(),
            ),
            placement_offers::initiative_id.nullable(),
            (disclosures::disclosed_on, disclosures::disclosed_until).nullable(),
            speaks_for_host(placements::practice_id),
        )
    };
}

/// A boxed query with what the filter asks; the same for the list and its feed.
macro_rules! filtered {
    ($query:expr, $filter:expr, $actor:expr) => {{
        let filter: &PlacementFilter = $filter;
        let mut query = $crate::of_sides!($query, filter, $actor);
        if let Some(student) = filter.student_id {
            query = query.filter(placements::student_id.eq(student));
        }
        if let Some(offer) = filter.offer_id {
            query = query.filter(placements::offer_id.eq(offer));
        }
        if let Some(initiative) = filter.initiative_id {
            let of_offer = placements::initiative_id.is_null().and(placement_offers::initiative_id.eq(initiative));
            query = query.filter(placements::initiative_id.eq(initiative).or(of_offer).assume_not_null());
        }
        if let Some(status) = filter.status {
            query = query.filter(placements::status.eq(status));
        }
        if let Some(day) = filter.period_from {
            query = query.filter(placements::ends_on.ge(day));
        }
        if let Some(day) = filter.period_until {
            query = query.filter(placements::starts_on.le(day));
        }
        query
    }};
}

/// One placement.
///
/// # Errors
/// 404 when the caller cannot see it.
pub fn find(conn: &mut Conn, actor: &Actor, id: PlacementId) -> Result<Placement> {
    let joined: Joined = joined!().select(columns!()).filter(placements::id.eq(id)).first(conn)?;
    Ok(assemble(actor, joined))
}

pub(super) fn list(
    conn: &mut Conn,
    actor: &Actor,
    filter: &PlacementFilter,
    paging: &Paging<PlacementId>,
) -> Result<Vec<Placement>> {
    let query = joined!().select(columns!()).order(placements::id).limit(paging.fetch()).into_boxed();
    let mut query = filtered!(query, filter, actor);
    if let Some(after) = paging.after {
        query = query.filter(placements::id.gt(after));
    }
    let rows: Vec<Joined> = query.load(conn)?;
    Ok(rows.into_iter().map(|joined| assemble(actor, joined)).collect())
}

pub(super) fn changed(
    conn: &mut Conn,
    actor: &Actor,
    filter: &PlacementFilter,
    window: &Window,
    limit: i64,
) -> Result<Vec<(Tx, Placement)>> {
    let query = joined!()
        .select((crate::changed_tx!(placements), columns!()))
        .filter(crate::changed_in!(placements, window))
        .order((placements::updated_tx, placements::id))
        .limit(limit)
        .into_boxed();
    let mut query = filtered!(query, filter, actor);
    if actor.is_bureau_of_several() {
        query = crate::in_own_regions!(query, placements);
    }
    let rows: Vec<(Tx, Joined)> = query.load(conn)?;
    Ok(rows.into_iter().map(|(tx, joined)| (tx, assemble(actor, joined))).collect())
}

/// The placement as rules look at it.
///
/// # Errors
/// 404 when the caller cannot see it.
pub fn find_standing(conn: &mut Conn, id: PlacementId) -> Result<Standing> {
    Ok(placements::table.find(id).select(Standing::as_select()).first(conn)?)
}

/// The placement as it stands, locked.
///
/// # Errors
/// 404 when the caller cannot see it.
pub fn find_for_update(conn: &mut Conn, id: PlacementId) -> Result<Standing> {
    placements::table.find(id).select(Standing::as_select()).for_no_key_update().first(conn).or_second_look(
        conn,
        "placements",
        id,
    )
}

/// The steps that the caller may take next.
///
/// # Errors
/// 503 when they cannot be read.
pub fn next_steps(conn: &mut Conn, actor: &Actor, current: &Standing) -> Result<Vec<PlacementStatus>> {
    let for_host: bool = diesel::select(speaks_for_host(current.practice_id)).get_result(conn)?;
    Ok(open_steps(actor, current.status, for_host))
}

/// What the intern is in training for: by the newest sheet of the agreement that stands, where there is one.
pub(super) fn trained_for(conn: &mut Conn, placement: &Standing) -> Result<QualificationId> {
    let agreed = agreement_sheets::table
        .inner_join(agreements::table.on(agreements::id.eq(agreement_sheets::agreement_id)))
        .filter(agreements::placement_id.eq(placement.id))
        .filter(agreements::ended_on.is_null())
        .order(agreement_sheets::number.desc())
        .select(agreement_sheets::qualification_id)
        .first(conn)
        .optional()?;
    Ok(agreed.unwrap_or(placement.qualification_id))
}

/// The oldest reservation whose last day has passed, locked; one that somebody else holds is left to
/// whoever that is.
///
/// # Errors
/// 503 when it cannot be read.
pub fn expired(conn: &mut Conn) -> Result<Option<(PlacementId, PlacementStatus, NaiveDate)>> {
    Ok(placements::table
        .filter(placements::expires_on.assume_not_null().lt(today(conn)?.0))
        .order((placements::expires_on, placements::id))
        .select((placements::id, placements::status, placements::expires_on.assume_not_null()))
        .for_no_key_update()
        .skip_locked()
        .first(conn)
        .optional()?)
}

/// The student of a new placement; none when the caller cannot see who it is.
pub(super) fn candidate(conn: &mut Conn, id: StudentId) -> Result<Option<Candidate>> {
    type Found = (OrganisationId, ProgrammeId, QualificationId, Option<i16>, bool);
    let found: Option<Found> = students::table
        .inner_join(programmes::table.on(programmes::id.eq(students::programme_id)))
        .filter(students::id.eq(id))
        .select((
            students::school_id,
            students::programme_id,
            programmes::qualification_id,
            students::study_year,
            students::active,
        ))
        .first(conn)
        .optional()?;
    let Some((school_id, programme_id, qualification_id, study_year, active)) = found else { return Ok(None) };
    let learning_path = paths::open_of(conn, &[id])?.remove(&id).map(|period| period.learning_path);
    Ok(Some(Candidate { school_id, programme_id, qualification_id, study_year, learning_path, active }))
}

/// The student of a placement that the caller can see.
pub(super) fn student_of(conn: &mut Conn, id: PlacementId) -> Result<StudentId> {
    Ok(placements::table.find(id).select(placements::student_id).first(conn)?)
}

pub(super) fn insert(conn: &mut Conn, new: &NewPlacement) -> Result<()> {
    diesel::insert_into(placements::table).values(new).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

/// Sets what school or bureau changed, and counts the change.
pub(super) fn update(
    conn: &mut Conn,
    id: PlacementId,
    terms: Option<&Terms>,
    employment: Option<&Employment>,
    supervisor: Option<Option<Line<200>>>,
) -> Result<()> {
    diesel::update(placements::table.find(id))
        .set((
            terms,
            employment,
            supervisor.map(|supervisor| placements::school_supervisor.eq(supervisor)),
            placements::version.eq(placements::version + 1),
        ))
        .execute(conn)
        .on_constraint(BREACHES)?;
    Ok(())
}

/// Lets the placement follow what was agreed anew, and counts the change.
///
/// # Errors
/// 409 `placement-overlap` when the student has another seat on these days.
pub fn amend_terms(conn: &mut Conn, id: PlacementId, terms: &Terms, supervisor: Option<Line<200>>) -> Result<()> {
    update(conn, id, Some(terms), None, Some(supervisor))
}

/// Sets who guides the intern, and counts the change.
pub(super) fn guide(conn: &mut Conn, id: PlacementId, mentor: Option<MentorId>) -> Result<()> {
    diesel::update(placements::table.find(id))
        .set((placements::mentor_id.eq(mentor), placements::version.eq(placements::version + 1)))
        .prepared()
        .execute(conn)
        .on_constraint(BREACHES)?;
    Ok(())
}

/// Sets until when the seat is kept and what the placement counts for, and counts the change.
pub(super) fn keep(
    conn: &mut Conn,
    id: PlacementId,
    until: Option<NaiveDate>,
    initiative: Option<Option<InitiativeId>>,
) -> Result<()> {
    diesel::update(placements::table.find(id))
        .set((
            until.map(|until| placements::expires_on.eq(until)),
            initiative.map(|initiative| placements::initiative_id.eq(initiative)),
            placements::version.eq(placements::version + 1),
        ))
        .execute(conn)
        .on_constraint(BREACHES)?;
    Ok(())
}

const BREACHES: &[(&str, Breach)] = &[
    ("placements_student_id_excl", Breach::Conflict(&STUDENT_PLACED)),
    ("placements_offer_id_check", Breach::Conflict(&OFFER_NOT_PUBLISHED)),
    ("placements_request_id_fk", Breach::Fault("/requestId", &UNKNOWN_REFERENCE)),
    ("placements_request_id_student_id_fk", Breach::Fault("/requestId", &UNKNOWN_REFERENCE)),
    ("placements_employer_id_fk", Breach::Fault("/employer/organisationId", &UNKNOWN_REFERENCE)),
    ("placements_initiative_id_fk", Breach::Fault("/initiativeId", &UNKNOWN_REFERENCE)),
    ("placements_mentor_id_fk", Breach::Fault("/mentorId", &UNKNOWN_REFERENCE)),
];
