//! Certificates of mentors in the database. Who reads and writes them is decided by the row
//! policies, not here.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::define_sql_function;
use diesel::prelude::*;
use uuid::Uuid;

use super::model::{MentorCertificate, MentorCertificateFilter};
use super::rows::Version;
use super::rules::ALREADY_RECORDED;
use crate::auth::{Actor, Scope};
use crate::db::{Breach, Conn, OnConstraint as _, standing_fact};
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::ids::{MentorCertificateId, OrganisationId};
use crate::kernel::named::Named;
use crate::schema::{memberships, mentor_certificates, organisations};

crate::fact_queries!(mentor_certificates);

define_sql_function! {
    /// The business day.
    fn app_today() -> Date;
}

diesel::alias!(organisations as practices: PracticesAlias, organisations as recorders: RecordersAlias);

#[derive(Queryable, Selectable)]
#[diesel(table_name = mentor_certificates)]
struct Row {
    #[diesel(embed)]
    recorded: Version,
    recorded_by: OrganisationId,
    recorded_at: DateTime<Utc>,
    superseded_at: Option<DateTime<Utc>>,
}

/// The row and the names of the practice and of who recorded it.
type Joined = (Row, String, String);

fn assemble((row, practice, recorder): Joined) -> MentorCertificate {
    let Version { id, version, mentor_id, practice_id, issuer, number, professions, validity, row_id: _ } =
        row.recorded;
    MentorCertificate {
        id,
        mentor_id,
        practice: Named::new(practice_id, practice),
        issuer: issuer.into(),
        number: number.map(Into::into),
        professions,
        issued_on: validity.issued_on,
        valid_until: validity.valid_until,
        revoked_on: validity.revoked_on,
        revocation_reason: validity.revocation_reason,
        recorded_by: Named::new(row.recorded_by, recorder),
        version,
        recorded_at: row.recorded_at,
        superseded_at: row.superseded_at,
    }
}

/// The select every reading query shares.
macro_rules! joined {
    () => {
        mentor_certificates::table
            .inner_join(practices.on(practices.field(organisations::id).eq(mentor_certificates::practice_id)))
            .inner_join(recorders.on(recorders.field(organisations::id).eq(mentor_certificates::recorded_by)))
            .select((Row::as_select(), practices.field(organisations::name), recorders.field(organisations::name)))
    };
}

/// The version that stands now.
pub(super) fn find(conn: &mut Conn, id: MentorCertificateId) -> Result<MentorCertificate> {
    let joined: Joined = joined!()
        .filter(mentor_certificates::id.eq(id))
        .filter(mentor_certificates::superseded_at.is_null())
        .first(conn)?;
    Ok(assemble(joined))
}

/// One version, standing or superseded.
pub(super) fn find_version(conn: &mut Conn, row_id: Uuid) -> Result<MentorCertificate> {
    let joined: Joined = joined!().filter(mentor_certificates::row_id.eq(row_id)).first(conn)?;
    Ok(assemble(joined))
}

pub(super) fn list(
    conn: &mut Conn,
    actor: &Actor,
    filter: &MentorCertificateFilter,
    paging: &Paging<MentorCertificateId>,
) -> Result<Vec<MentorCertificate>> {
    let mut query =
        joined!().filter(seen(filter.view())).order(mentor_certificates::id).limit(paging.fetch()).into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(mentor_certificates::id.gt(after));
    }
    match actor.scope() {
        Scope::Practice(own) => query = query.filter(mentor_certificates::practice_id.eq(own)),
        Scope::Region(own) => {
            let hosts = memberships::table
                .filter(memberships::region_id.eq(own))
                .filter(memberships::host_kind.is_not_null())
                .filter(memberships::superseded_at.is_null())
                .select(memberships::organisation_id);
            query = query.filter(mentor_certificates::practice_id.eq_any(hosts));
        }
        _ => {}
    }
    if let Some(mentor) = filter.mentor_id {
        query = query.filter(mentor_certificates::mentor_id.eq(mentor));
    }
    if let Some(practice) = filter.practice_id {
        query = query.filter(mentor_certificates::practice_id.eq(practice));
    }
    if let Some(day) = filter.expiring_before {
        query = query
            .filter(mentor_certificates::effective_from.le(app_today()))
            .filter(mentor_certificates::effective_to.gt(app_today().nullable()))
            .filter(mentor_certificates::effective_to.le(NaiveDate::from(day)));
    }
    match filter.revoked {
        Some(true) => query = query.filter(mentor_certificates::revoked_on.is_not_null()),
        Some(false) => query = query.filter(mentor_certificates::revoked_on.is_null()),
        None => {}
    }
    let rows: Vec<Joined> = query.load(conn)?;
    Ok(rows.into_iter().map(assemble).collect())
}

pub(super) fn find_for_update(conn: &mut Conn, id: MentorCertificateId) -> Result<Version> {
    standing_fact(
        conn,
        |conn| {
            mentor_certificates::table
                .filter(mentor_certificates::id.eq(id))
                .filter(mentor_certificates::superseded_at.is_null())
                .select(Version::as_select())
                .for_no_key_update()
                .first(conn)
        },
        |conn| find(conn, id).map(drop),
    )
}

pub(super) fn insert(conn: &mut Conn, new: &Version) -> Result<()> {
    diesel::insert_into(mentor_certificates::table).values(new).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

/// Takes the standing version back; when `next` is given it takes its place.
pub(super) fn replace(conn: &mut Conn, row_id: Uuid, next: Option<&Version>) -> Result<()> {
    supersede(conn, row_id)?;
    next.map_or(Ok(()), |next| insert(conn, next))
}

const BREACHES: &[(&str, Breach)] =
    &[("mentor_certificates_practice_id_mentor_id_issuer_number_key", Breach::Conflict(&ALREADY_RECORDED))];
