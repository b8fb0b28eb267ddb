//! Recognitions in the database; who writes them is decided by the row policies.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use super::model::{Dates, NewRecognition, Recognition, RecognitionChanges, RecognitionFilter};
use super::rules::ALREADY_RECORDED;
use crate::db::{Breach, Conn, OnConstraint as _, SecondLook as _};
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::checks::UNKNOWN_REFERENCE;
use crate::kernel::ids::{OrganisationId, QualificationId, RecognitionId, SiteId};
use crate::kernel::named::Named;
use crate::schema::{organisation_sites, qualifications, recognitions};

#[derive(Queryable, Selectable)]
#[diesel(table_name = recognitions)]
struct Row {
    id: RecognitionId,
    organisation_id: OrganisationId,
    site_id: Option<SiteId>,
    qualification_id: QualificationId,
    valid_from: NaiveDate,
    review_by: Option<NaiveDate>,
    withdrawn_on: Option<NaiveDate>,
    source: String,
    checked_on: NaiveDate,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// The row and the names it refers to.
type Joined = (Row, Option<String>, String);

fn assemble((row, site, qualification): Joined) -> Recognition {
    Recognition {
        id: row.id,
        organisation_id: row.organisation_id,
        site: row.site_id.zip(site).map(|(id, name)| Named::new(id, name)),
        qualification: Named::new(row.qualification_id, qualification),
        valid_from: row.valid_from,
        review_by: row.review_by,
        withdrawn_on: row.withdrawn_on,
        source: row.source,
        checked_on: row.checked_on,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// The select every reading query shares.
macro_rules! joined {
    ($organisation:expr) => {
        recognitions::table
            .inner_join(qualifications::table)
            .left_join(organisation_sites::table.on(organisation_sites::id.nullable().eq(recognitions::site_id)))
            .filter(recognitions::organisation_id.eq($organisation))
            .select((Row::as_select(), organisation_sites::name.nullable(), qualifications::name))
    };
}

pub(super) fn find(conn: &mut Conn, organisation: OrganisationId, id: RecognitionId) -> Result<Recognition> {
    Ok(assemble(joined!(organisation).filter(recognitions::id.eq(id)).first(conn)?))
}

pub(super) fn list(
    conn: &mut Conn,
    organisation: OrganisationId,
    filter: &RecognitionFilter,
    paging: &Paging<RecognitionId>,
) -> Result<Vec<Recognition>> {
    let mut query = joined!(organisation).order(recognitions::id).limit(paging.fetch()).into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(recognitions::id.gt(after));
    }
    if let Some(day) = filter.as_of {
        query = query
            .filter(recognitions::valid_from.le(day))
            .filter(recognitions::withdrawn_on.is_null().or(recognitions::withdrawn_on.assume_not_null().gt(day)));
    }
    if let Some(qualification) = filter.qualification_id {
        query = query.filter(recognitions::qualification_id.eq(qualification));
    }
    let rows: Vec<Joined> = query.load(conn)?;
    Ok(rows.into_iter().map(assemble).collect())
}

/// The version that stands and its dates, locked for the rest of the transaction.
pub(super) fn find_for_update(
    conn: &mut Conn,
    organisation: OrganisationId,
    id: RecognitionId,
) -> Result<(i32, Dates)> {
    recognitions::table
        .find(id)
        .filter(recognitions::organisation_id.eq(organisation))
        .select((recognitions::version, Dates::as_select()))
        .for_no_key_update()
        .first(conn)
        .or_second_look_at(conn, |conn| find(conn, organisation, id))
}

pub(super) fn insert(conn: &mut Conn, new: &NewRecognition) -> Result<()> {
    diesel::insert_into(recognitions::table).values(new).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

pub(super) fn update(conn: &mut Conn, id: RecognitionId, changes: &RecognitionChanges) -> Result<()> {
    diesel::update(recognitions::table.find(id)).set(changes).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

const BREACHES: &[(&str, Breach)] = &[
    ("recognitions_organisation_id_site_id_qualification_id_key", Breach::Conflict(&ALREADY_RECORDED)),
    ("recognitions_site_id_fk", Breach::Fault("/siteId", &UNKNOWN_REFERENCE)),
    ("recognitions_qualification_id_fk", Breach::Fault("/qualificationId", &UNKNOWN_REFERENCE)),
];
