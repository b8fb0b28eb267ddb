//! Initiatives in the database. Which of them a caller sees or changes is decided by the row
//! policies, not here.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::define_sql_function;
use diesel::prelude::*;
use diesel::sql_types::Uuid as SqlUuid;

use super::model::{ContactChannel, INITIATIVE_LIFECYCLE, Initiative, InitiativeFilter, InitiativeStatus};
use super::rows::{InitiativeChanges, NewInitiative, Standing};
use super::rules::CODE_TAKEN;
use crate::auth::Actor;
use crate::db::feed::Window;
use crate::db::{Breach, Conn, OnConstraint as _, SecondLook as _};
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::checks::UNKNOWN_REFERENCE;
use crate::kernel::field::{LearningPath, Profession};
use crate::kernel::formats::{Email, Phone, WebAddress};
use crate::kernel::ids::{InitiativeId, OrganisationId, RegionId};
use crate::kernel::named::Named;
use crate::kernel::since::Tx;
use crate::kernel::text::Line;
use crate::schema::{initiatives, organisations, regions};

define_sql_function! {
    /// Whether the caller may write the initiative.
    fn writes_initiative(region_id: SqlUuid, lead_organisation_id: SqlUuid) -> Bool;
}

diesel::alias!(organisations as leads: LeadsAlias, organisations as funders: FundersAlias);

#[derive(Queryable, Selectable)]
#[diesel(table_name = initiatives)]
struct Row {
    id: InitiativeId,
    code: String,
    title: String,
    summary: Option<String>,
    region_id: RegionId,
    lead_organisation_id: OrganisationId,
    funder_id: Option<OrganisationId>,
    status: InitiativeStatus,
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
    goals: Vec<String>,
    activities: Vec<String>,
    benefits: Vec<String>,
    professions: Vec<Profession>,
    learning_paths: Vec<LearningPath>,
    policy_frameworks: Vec<String>,
    contact_text: Option<Line<1000>>,
    contact_url: Option<WebAddress>,
    contact_email: Option<Email>,
    contact_phone: Option<Phone>,
    published: bool,
    copied_from_id: Option<InitiativeId>,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// The row, the names it refers to, and whether the caller may write it.
type Joined = (Row, String, String, Option<String>, bool);

fn assemble(actor: &Actor, (row, region, lead, funder, writable): Joined) -> Initiative {
    Initiative {
        id: row.id,
        code: row.code,
        title: row.title,
        summary: row.summary,
        region: Named::new(row.region_id, region),
        lead_organisation: Named::new(row.lead_organisation_id, lead),
        funder: row.funder_id.zip(funder).map(|(id, name)| Named::new(id, name)),
        status: row.status,
        allowed_transitions: if writable { INITIATIVE_LIFECYCLE.allowed(actor, row.status) } else { Vec::new() },
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        goals: row.goals,
        activities: row.activities,
        benefits: row.benefits,
        professions: row.professions,
        learning_paths: row.learning_paths,
        policy_frameworks: row.policy_frameworks,
        contact_channel: ContactChannel {
            text: row.contact_text,
            url: row.contact_url,
            email: row.contact_email,
            phone: row.contact_phone,
        },
        published: row.published,
        copied_from_id: row.copied_from_id,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// The tables every reading query shares.
macro_rules! joined {
    () => {
        initiatives::table
            .inner_join(regions::table.on(regions::id.eq(initiatives::region_id)))
            .inner_join(leads.on(leads.field(organisations::id).eq(initiatives::lead_organisation_id)))
            .left_join(funders.on(funders.field(organisations::id).nullable().eq(initiatives::funder_id)))
    };
}

/// What every reading query selects: a [`Joined`].
macro_rules! columns {
    () => {
        (
            Row::as_select(),
            regions::name,
            leads.field(organisations::name),
            funders.field(organisations::name).nullable(),
            writes_initiative(initiatives::region_id, initiatives::lead_organisation_id),
        )
    };
}

/// A boxed query with what the filter asks; the same for the list and its feed.
macro_rules! filtered {
    ($query:expr, $filter:expr) => {{
        let (mut query, filter): (_, &InitiativeFilter) = ($query, $filter);
        if let Some(region) = filter.region_id {
            query = query.filter(initiatives::region_id.eq(region));
        }
        if let Some(lead) = filter.lead_organisation_id {
            query = query.filter(initiatives::lead_organisation_id.eq(lead));
        }
        if let Some(funder) = filter.funder_id {
            query = query.filter(initiatives::funder_id.eq(funder));
        }
        if let Some(status) = filter.status {
            query = query.filter(initiatives::status.eq(status));
        }
        if let Some(profession) = filter.profession {
            query = query.filter(initiatives::professions.contains(vec![profession]));
        }
        query
    }};
}

pub(super) fn find(conn: &mut Conn, actor: &Actor, id: InitiativeId) -> Result<Initiative> {
    let joined: Joined = joined!().select(columns!()).filter(initiatives::id.eq(id)).first(conn)?;
    Ok(assemble(actor, joined))
}

pub(super) fn list(
    conn: &mut Conn,
    actor: &Actor,
    filter: &InitiativeFilter,
    paging: &Paging<InitiativeId>,
) -> Result<Vec<Initiative>> {
    let query = joined!().select(columns!()).order(initiatives::id).limit(paging.fetch()).into_boxed();
    let mut query = filtered!(query, filter);
    if let Some(after) = paging.after {
        query = query.filter(initiatives::id.gt(after));
    }
    let rows: Vec<Joined> = query.load(conn)?;
    Ok(rows.into_iter().map(|joined| assemble(actor, joined)).collect())
}

pub(super) fn changed(
    conn: &mut Conn,
    actor: &Actor,
    filter: &InitiativeFilter,
    window: &Window,
    limit: i64,
) -> Result<Vec<(Tx, Initiative)>> {
    let query = joined!()
        .select((crate::changed_tx!(initiatives), columns!()))
        .filter(crate::changed_in!(initiatives, window))
        .order((initiatives::updated_tx, initiatives::id))
        .limit(limit)
        .into_boxed();
    let rows: Vec<(Tx, Joined)> = filtered!(query, filter).load(conn)?;
    Ok(rows.into_iter().map(|(tx, joined)| (tx, assemble(actor, joined))).collect())
}

pub(super) fn find_for_update(conn: &mut Conn, id: InitiativeId) -> Result<Standing> {
    initiatives::table.find(id).select(Standing::as_select()).for_no_key_update().first(conn).or_second_look(
        conn,
        "initiatives",
        id,
    )
}

pub(super) fn insert(conn: &mut Conn, new: &NewInitiative) -> Result<()> {
    diesel::insert_into(initiatives::table).values(new).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

pub(super) fn update(conn: &mut Conn, id: InitiativeId, changes: &InitiativeChanges) -> Result<()> {
    diesel::update(initiatives::table.find(id)).set(changes).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

const BREACHES: &[(&str, Breach)] = &[
    ("initiatives_region_id_code_key", Breach::Conflict(&CODE_TAKEN)),
    ("initiatives_region_id_fk", Breach::Fault("/regionId", &UNKNOWN_REFERENCE)),
    ("initiatives_lead_organisation_id_fk", Breach::Fault("/leadOrganisationId", &UNKNOWN_REFERENCE)),
    ("initiatives_funder_id_fk", Breach::Fault("/funderId", &UNKNOWN_REFERENCE)),
    ("initiatives_copied_from_id_fk", Breach::Fault("/copiedFromId", &UNKNOWN_REFERENCE)),
];
