//! Contact assignments in the database. The bureau of the region and the assigned organisation, or the
//! student's school, read them, the bureau writes them, which the row policies decide, not we.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::model::{ContactAssignment, ContactAssignmentFilter, NewContactAssignment, Standing};
use super::rules::{OVERLAPS, STUDENT_OVERLAPS, Subject};
use crate::db::{Breach, Conn, OnConstraint as _, standing_fact};
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::checks::UNKNOWN_REFERENCE;
use crate::kernel::ids::{ContactAssignmentId, OrganisationId, RegionId, StudentId};
use crate::kernel::named::Named;
use crate::schema::{contact_assignments, organisations, regions, students};

crate::fact_queries!(contact_assignments);

#[derive(Queryable, Selectable)]
#[diesel(table_name = contact_assignments)]
struct Row {
    id: ContactAssignmentId,
    region_id: RegionId,
    organisation_id: OrganisationId,
    student_id: Option<StudentId>,
    contact_name: String,
    contact_email: Option<String>,
    contact_phone: Option<String>,
    effective_from: NaiveDate,
    effective_to: Option<NaiveDate>,
    version: i32,
    recorded_at: DateTime<Utc>,
    superseded_at: Option<DateTime<Utc>>,
}

/// The row and the names of region and organisation.
type Joined = (Row, String, String);

fn assemble((row, region, organisation): Joined) -> ContactAssignment {
    ContactAssignment {
        id: row.id,
        region: Named::new(row.region_id, region),
        organisation: Named::new(row.organisation_id, organisation),
        student_id: row.student_id,
        contact_name: row.contact_name,
        contact_email: row.contact_email,
        contact_phone: row.contact_phone,
        effective_from: row.effective_from,
        effective_to: row.effective_to,
        version: row.version,
        recorded_at: row.recorded_at,
        superseded_at: row.superseded_at,
    }
}

/// The select every reading query shares.
macro_rules! joined {
    () => {
        contact_assignments::table.inner_join(regions::table).inner_join(organisations::table).select((
            Row::as_select(),
            regions::name,
            organisations::name,
        ))
    };
}

/// The version that stands now.
pub(super) fn find(conn: &mut Conn, region: RegionId, id: ContactAssignmentId) -> Result<ContactAssignment> {
    let joined: Joined = joined!()
        .filter(contact_assignments::id.eq(id))
        .filter(contact_assignments::region_id.eq(region))
        .filter(contact_assignments::superseded_at.is_null())
        .first(conn)?;
    Ok(assemble(joined))
}

/// One version, standing or superseded.
pub(super) fn find_version(conn: &mut Conn, row_id: Uuid) -> Result<ContactAssignment> {
    let joined: Joined = joined!().filter(contact_assignments::row_id.eq(row_id)).first(conn)?;
    Ok(assemble(joined))
}

pub(super) fn list(
    conn: &mut Conn,
    region: RegionId,
    filter: &ContactAssignmentFilter,
    paging: &Paging<ContactAssignmentId>,
) -> Result<Vec<ContactAssignment>> {
    let mut query = joined!()
        .filter(contact_assignments::region_id.eq(region))
        .filter(seen(filter.view()))
        .order(contact_assignments::id)
        .limit(paging.fetch())
        .into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(contact_assignments::id.gt(after));
    }
    if let Some(organisation) = filter.organisation_id {
        query = query
            .filter(contact_assignments::organisation_id.eq(organisation))
            .filter(contact_assignments::student_id.is_null());
    }
    if let Some(student) = filter.student_id {
        query = query.filter(contact_assignments::student_id.eq(student));
    }
    let rows: Vec<Joined> = query.load(conn)?;
    Ok(rows.into_iter().map(assemble).collect())
}

/// The organisation that an assignment carries: itself, or the school of a student that the caller can see.
pub(super) fn organisation_of(conn: &mut Conn, subject: Subject) -> Result<OrganisationId> {
    match subject {
        Subject::Organisation(organisation) => Ok(organisation),
        Subject::Student(student) => {
            let school = students::table.find(student).select(students::school_id).first(conn).optional()?;
            school.ok_or_else(|| UNKNOWN_REFERENCE.fault("/studentId").into())
        }
    }
}

pub(super) fn find_for_update(conn: &mut Conn, region: RegionId, id: ContactAssignmentId) -> Result<Standing> {
    standing_fact(
        conn,
        |conn| {
            contact_assignments::table
                .filter(contact_assignments::id.eq(id))
                .filter(contact_assignments::region_id.eq(region))
                .filter(contact_assignments::superseded_at.is_null())
                .select(Standing::as_select())
                .for_no_key_update()
                .first(conn)
        },
        |conn| find(conn, region, id).map(drop),
    )
}

pub(super) fn insert(conn: &mut Conn, new: &NewContactAssignment) -> Result<()> {
    diesel::insert_into(contact_assignments::table).values(new).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

/// Takes the standing version back; when `next` is given it takes its place.
pub(super) fn replace(conn: &mut Conn, row_id: Uuid, next: Option<&NewContactAssignment>) -> Result<()> {
    supersede(conn, row_id)?;
    next.map_or(Ok(()), |next| insert(conn, next))
}

const BREACHES: &[(&str, Breach)] = &[
    ("contact_assignments_region_id_organisation_id_excl", Breach::Conflict(&OVERLAPS)),
    ("contact_assignments_region_id_student_id_excl", Breach::Conflict(&STUDENT_OVERLAPS)),
    ("contact_assignments_organisation_id_fk", Breach::Fault("/organisationId", &UNKNOWN_REFERENCE)),
];
