//! Expectation profiles in the database. Every client reads them; who wrote one changes it, which the
//! row policies decide, not we.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::Value;

use super::model::{ExpectationProfile, ExpectationProfileChanges, ExpectationProfileFilter, NewExpectationProfile};
use super::rules::ALREADY_ENTERED;
use crate::db::{Breach, Conn, OnConstraint as _, SecondLook as _};
use crate::error::{Error, Result};
use crate::http::page::Paging;
use crate::kernel::checks::UNKNOWN_REFERENCE;
use crate::kernel::field::Profession;
use crate::kernel::ids::{ExpectationProfileId, OrganisationId, QualificationId};
use crate::kernel::named::Named;
use crate::schema::{expectation_profiles, organisations, qualifications};

#[derive(Queryable, Selectable)]
#[diesel(table_name = expectation_profiles)]
struct Row {
    id: ExpectationProfileId,
    owner_organisation_id: OrganisationId,
    qualification_id: QualificationId,
    study_year: i16,
    summary: Option<String>,
    tasks: Value,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// The row, the name of its owner, and name and profession of its qualification.
type Joined = (Row, String, (String, Profession));

fn assemble((row, owner, (qualification, profession)): Joined) -> Result<ExpectationProfile> {
    Ok(ExpectationProfile {
        id: row.id,
        owner_organisation: Named::new(row.owner_organisation_id, owner),
        qualification: Named::new(row.qualification_id, qualification),
        profession,
        study_year: row.study_year,
        summary: row.summary,
        tasks: serde_json::from_value(row.tasks).map_err(Error::internal)?,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// The select every reading query shares.
macro_rules! joined {
    () => {
        expectation_profiles::table.inner_join(organisations::table).inner_join(qualifications::table).select((
            Row::as_select(),
            organisations::name,
            (qualifications::name, qualifications::profession),
        ))
    };
}

pub(super) fn find(conn: &mut Conn, id: ExpectationProfileId) -> Result<ExpectationProfile> {
    let joined: Joined = joined!().filter(expectation_profiles::id.eq(id)).first(conn)?;
    assemble(joined)
}

pub(super) fn list(
    conn: &mut Conn,
    filter: &ExpectationProfileFilter,
    paging: &Paging<ExpectationProfileId>,
) -> Result<Vec<ExpectationProfile>> {
    let mut query = joined!().order(expectation_profiles::id).limit(paging.fetch()).into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(expectation_profiles::id.gt(after));
    }
    if let Some(owner) = filter.owner_organisation_id {
        query = query.filter(expectation_profiles::owner_organisation_id.eq(owner));
    }
    if let Some(qualification) = filter.qualification_id {
        query = query.filter(expectation_profiles::qualification_id.eq(qualification));
    }
    if let Some(profession) = filter.profession {
        query = query.filter(qualifications::profession.eq(profession));
    }
    if let Some(study_year) = filter.study_year {
        query = query.filter(expectation_profiles::study_year.eq(study_year));
    }
    let rows: Vec<Joined> = query.load(conn)?;
    rows.into_iter().map(assemble).collect()
}

/// The version that stands, locked for the rest of the transaction.
pub(super) fn find_for_update(conn: &mut Conn, id: ExpectationProfileId) -> Result<i32> {
    expectation_profiles::table.find(id).select(expectation_profiles::version).for_update().first(conn).or_second_look(
        conn,
        "expectation_profiles",
        id,
    )
}

pub(super) fn insert(conn: &mut Conn, new: &NewExpectationProfile) -> Result<()> {
    diesel::insert_into(expectation_profiles::table).values(new).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

pub(super) fn update(conn: &mut Conn, id: ExpectationProfileId, changes: &ExpectationProfileChanges) -> Result<()> {
    diesel::update(expectation_profiles::table.find(id)).set(changes).execute(conn)?;
    Ok(())
}

pub(super) fn delete(conn: &mut Conn, id: ExpectationProfileId) -> Result<()> {
    diesel::delete(expectation_profiles::table.find(id)).execute(conn)?;
    Ok(())
}

const BREACHES: &[(&str, Breach)] = &[
    ("expectation_profiles_owner_qualification_id_study_year_key", Breach::Conflict(&ALREADY_ENTERED)),
    ("expectation_profiles_qualification_id_fk", Breach::Fault("/qualificationId", &UNKNOWN_REFERENCE)),
];
