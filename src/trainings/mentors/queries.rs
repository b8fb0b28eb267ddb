//! Mentors in the database. Who sees them and their names is decided by the row policies, not here.

use chrono::{DateTime, Utc};
use diesel::define_sql_function;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Uuid as SqlUuid;

use super::model::{Mentor, MentorFilter};
use super::rows::{IdentityChanges, MentorChanges, NewIdentity, NewMentor};
use crate::auth::{Actor, Scope};
use crate::db::{Breach, Conn, OnConstraint as _, Prepare as _, SecondLook as _};
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::checks::UNKNOWN_REFERENCE;
use crate::kernel::field::Profession;
use crate::kernel::ids::{MentorId, OrganisationId, QualificationId};
use crate::kernel::named::Named;
use crate::schema::{memberships, mentor_certificates, mentor_identities, mentors, organisations, qualifications};

define_sql_function! {
    /// The business day.
    fn app_today() -> Date;
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = mentors)]
struct Row {
    id: MentorId,
    practice_id: OrganisationId,
    profession: Profession,
    guides: Vec<Profession>,
    active: bool,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = mentor_identities)]
struct Identity {
    given_name: String,
    prefix: Option<String>,
    family_name: String,
    work_email: Option<String>,
    work_phone: Option<String>,
}

/// The row, the name of the practice, who it is, and whether a certificate is valid today.
type Joined = (Row, String, Option<Identity>, bool);

fn assemble((row, practice, identity, certified): Joined) -> Mentor {
    let (given_name, prefix, family_name, work_email, work_phone) = identity.map_or_else(Default::default, |who| {
        (Some(who.given_name), who.prefix, Some(who.family_name), who.work_email, who.work_phone)
    });
    Mentor {
        id: row.id,
        practice: Named::new(row.practice_id, practice),
        given_name,
        prefix,
        family_name,
        work_email,
        work_phone,
        profession: row.profession,
        guides: row.guides,
        certified,
        active: row.active,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// Whether the mentor of the row holds a certificate that is valid on a day.
macro_rules! certified_on {
    ($day:expr) => {
        exists(
            mentor_certificates::table
                .filter(mentor_certificates::mentor_id.eq(mentors::id))
                .filter(mentor_certificates::superseded_at.is_null())
                .filter(mentor_certificates::effective_from.le($day))
                .filter(
                    mentor_certificates::effective_to
                        .is_null()
                        .or(mentor_certificates::effective_to.assume_not_null().gt($day)),
                ),
        )
    };
}

/// The select every reading query shares.
macro_rules! joined {
    () => {
        mentors::table
            .inner_join(organisations::table)
            .left_join(mentor_identities::table.on(mentor_identities::mentor_id.eq(mentors::id)))
            .select((
                Row::as_select(),
                organisations::name,
                Option::<Identity>::as_select(),
                certified_on!(app_today()),
            ))
    };
}

pub(super) fn find(conn: &mut Conn, id: MentorId) -> Result<Mentor> {
    Ok(assemble(joined!().filter(mentors::id.eq(id)).first(conn)?))
}

pub(super) fn list(
    conn: &mut Conn,
    actor: &Actor,
    filter: &MentorFilter,
    paging: &Paging<MentorId>,
) -> Result<Vec<Mentor>> {
    let mut query = joined!().order(mentors::id).limit(paging.fetch()).into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(mentors::id.gt(after));
    }
    match actor.scope() {
        Scope::Practice(own) => query = query.filter(mentors::practice_id.eq(own)),
        Scope::Region(own) => {
            let hosts = memberships::table
                .filter(memberships::region_id.eq(own))
                .filter(memberships::host_kind.is_not_null())
                .filter(memberships::superseded_at.is_null())
                .select(memberships::organisation_id);
            query = query.filter(mentors::practice_id.eq_any(hosts));
        }
        _ => {}
    }
    if let Some(practice) = filter.practice_id {
        query = query.filter(mentors::practice_id.eq(practice));
    }
    if let Some(profession) = filter.guides {
        query = query.filter(mentors::guides.contains(vec![profession]));
    }
    if let Some(active) = filter.active {
        query = query.filter(mentors::active.eq(active));
    }
    if let Some(day) = filter.has_valid_certificate_on {
        query = query.filter(certified_on!(day));
    }
    if let Some(day) = filter.without_valid_certificate_on {
        query = query.filter(not(certified_on!(day)));
    }
    if let Some(day) = filter.expiring_before {
        query = query.filter(certified_on!(app_today())).filter(not(certified_on!(day)));
    }
    let rows: Vec<Joined> = query.load(conn)?;
    Ok(rows.into_iter().map(assemble).collect())
}

/// The practice of a mentor that the caller can see.
///
/// # Errors
/// 404.
pub fn practice_of(conn: &mut Conn, id: MentorId) -> Result<OrganisationId> {
    Ok(mentors::table.find(id).select(mentors::practice_id).first(conn)?)
}

/// Until the transaction ends nobody changes whether the mentor guides.
const HOLD_GUIDANCE: &str = "SELECT pg_advisory_xact_lock_shared(guidance_lock($1))";

/// Whether a mentor, as far as the caller can see it, works at the practice, is active and guides
/// interns for the profession of this qualification.
///
/// # Errors
/// 503 when it cannot be read.
pub fn guides_at(
    conn: &mut Conn,
    mentor: MentorId,
    practice: OrganisationId,
    qualification: QualificationId,
) -> Result<bool> {
    let profession: Option<Profession> =
        qualifications::table.find(qualification).select(qualifications::profession).first(conn).optional()?;
    let Some(profession) = profession else { return Ok(false) };
    sql_query(HOLD_GUIDANCE).bind::<SqlUuid, _>(mentor).prepared().execute(conn)?;
    let found = mentors::table
        .find(mentor)
        .filter(mentors::practice_id.eq(practice))
        .filter(mentors::active)
        .filter(mentors::guides.contains(vec![profession]));
    Ok(diesel::select(exists(found)).get_result(conn)?)
}

/// The version that stands, locked for the rest of the transaction.
pub(super) fn find_for_update(conn: &mut Conn, id: MentorId) -> Result<i32> {
    mentors::table.find(id).select(mentors::version).for_no_key_update().first(conn).or_second_look(conn, "mentors", id)
}

pub(super) fn insert(conn: &mut Conn, mentor: &NewMentor, identity: &NewIdentity) -> Result<()> {
    diesel::insert_into(mentors::table).values(mentor).execute(conn).on_constraint(BREACHES)?;
    diesel::insert_into(mentor_identities::table).values(identity).execute(conn)?;
    Ok(())
}

pub(super) fn update(
    conn: &mut Conn,
    id: MentorId,
    mentor: &MentorChanges,
    identity: Option<&IdentityChanges>,
) -> Result<()> {
    diesel::update(mentors::table.find(id)).set(mentor).execute(conn)?;
    if let Some(identity) = identity {
        diesel::update(mentor_identities::table.find(id)).set(identity).execute(conn)?;
    }
    Ok(())
}

const BREACHES: &[(&str, Breach)] = &[("mentors_practice_id_fk", Breach::Fault("/practiceId", &UNKNOWN_REFERENCE))];
