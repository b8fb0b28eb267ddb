//! Offers in the database. Which of them a caller sees or changes is decided by the row policies,
//! not here.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::define_sql_function;
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::Uuid as SqlUuid;

use super::model::{
    PLACEMENT_OFFER_LIFECYCLE, PlacementOffer, PlacementOfferFilter, PlacementOfferStatus, PlacementSetting,
};
use super::rows::{NewPlacementOffer, PlacementOfferChanges, Standing};
use super::rules::{SEATS_TAKEN, school_year_equivalent};
use crate::auth::{Actor, Scope};
use crate::db::feed::Window;
use crate::db::{Breach, Conn, OnConstraint as _, SecondLook as _};
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::checks::UNKNOWN_REFERENCE;
use crate::kernel::field::{LearningPath, Profession, Weekday};
use crate::kernel::ids::{InitiativeId, MentorId, OrganisationId, PlacementOfferId, QualificationId, RegionId, SiteId};
use crate::kernel::named::Named;
use crate::kernel::since::Tx;
use crate::schema::{organisation_sites, organisations, placement_offers, placements, qualifications, regions};

define_sql_function! {
    /// The regions that the calling organisation is a member of today.
    fn current_regions() -> Array<SqlUuid>;
}

define_sql_function! {
    /// Whether the caller may write the offer.
    fn writes_offer(practice_id: SqlUuid, region_id: SqlUuid) -> Bool;
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = placement_offers)]
struct Row {
    id: PlacementOfferId,
    practice_id: OrganisationId,
    region_id: RegionId,
    site_id: Option<SiteId>,
    qualification_id: QualificationId,
    learning_paths: Vec<LearningPath>,
    study_years: Vec<i16>,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    seats: i16,
    days: Vec<Weekday>,
    hours_per_week: Option<i16>,
    setting: PlacementSetting,
    conditions: Option<String>,
    initiative_id: Option<InitiativeId>,
    reserved_school_ids: Vec<OrganisationId>,
    status: PlacementOfferStatus,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    seats_taken: i16,
    mentor_id: Option<MentorId>,
}

/// The names of practice, region and site, and name and profession of the qualification.
type Names = (String, String, Option<String>, (String, Profession));

/// The row, what it refers to, and whether the caller may write it.
type Joined = (Row, Names, bool);

fn assemble(actor: &Actor, (row, names, writable): Joined) -> PlacementOffer {
    let (practice, region, site, (qualification, profession)) = names;
    PlacementOffer {
        id: row.id,
        practice: Named::new(row.practice_id, practice),
        region: Named::new(row.region_id, region),
        site: row.site_id.zip(site).map(|(id, name)| Named::new(id, name)),
        qualification: Named::new(row.qualification_id, qualification),
        profession,
        learning_paths: row.learning_paths,
        study_years: row.study_years,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        seats: row.seats,
        seats_taken: row.seats_taken,
        school_year_equivalent: school_year_equivalent(row.seats_taken, row.starts_on, row.ends_on),
        days: row.days,
        hours_per_week: row.hours_per_week,
        setting: row.setting,
        conditions: row.conditions,
        // A school meets the mentor in a placement.
        mentor_id: match actor.scope() {
            Scope::School(_) => None,
            _ => row.mentor_id,
        },
        initiative_id: row.initiative_id,
        // A school hears that a seat is reserved for it, not for whom else.
        reserved_for_school_ids: match actor.scope() {
            Scope::School(own) => row.reserved_school_ids.into_iter().filter(|school| *school == own).collect(),
            _ => row.reserved_school_ids,
        },
        status: row.status,
        allowed_transitions: if writable { PLACEMENT_OFFER_LIFECYCLE.allowed(actor, row.status) } else { Vec::new() },
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// The tables every reading query shares.
macro_rules! joined {
    () => {
        placement_offers::table
            .inner_join(organisations::table.on(organisations::id.eq(placement_offers::practice_id)))
            .inner_join(regions::table.on(regions::id.eq(placement_offers::region_id)))
            .inner_join(qualifications::table.on(qualifications::id.eq(placement_offers::qualification_id)))
            .left_join(organisation_sites::table.on(organisation_sites::id.nullable().eq(placement_offers::site_id)))
    };
}

/// What every reading query selects: a [`Joined`].
macro_rules! columns {
    () => {
        (
            Row::as_select(),
            (
                organisations::name,
                regions::name,
                organisation_sites::name.nullable(),
                (qualifications::name, qualifications::profession),
            ),
            writes_offer(placement_offers::practice_id, placement_offers::region_id),
        )
    };
}

/// A boxed query with what the filter asks; the same for the list and its feed.
macro_rules! filtered {
    ($query:expr, $filter:expr, $actor:expr) => {{
        let (mut query, filter): (_, &PlacementOfferFilter) = ($query, $filter);
        match $actor.scope() {
            Scope::Practice(own) => query = query.filter(placement_offers::practice_id.eq(own)),
            Scope::Region(own) => query = query.filter(placement_offers::region_id.eq(own)),
            _ => {}
        }
        if let Some(practice) = filter.practice_id {
            query = query.filter(placement_offers::practice_id.eq(practice));
        }
        if let Some(region) = filter.region_id {
            query = query.filter(placement_offers::region_id.eq(region));
        }
        if let Some(qualification) = filter.qualification_id {
            query = query.filter(placement_offers::qualification_id.eq(qualification));
        }
        if let Some(profession) = filter.profession {
            query = query.filter(qualifications::profession.eq(profession));
        }
        if let Some(path) = filter.learning_path {
            query = query.filter(placement_offers::learning_paths.contains(vec![path]));
        }
        if let Some(setting) = filter.setting {
            query = query.filter(placement_offers::setting.eq(setting));
        }
        if let Some(initiative) = filter.initiative_id {
            query = query.filter(placement_offers::initiative_id.eq(initiative));
        }
        if let Some(status) = filter.status {
            query = query.filter(placement_offers::status.eq(status));
        }
        if let Some(day) = filter.period_from {
            query = query.filter(placement_offers::ends_on.ge(day));
        }
        if let Some(day) = filter.period_until {
            query = query.filter(placement_offers::starts_on.le(day));
        }
        query
    }};
}

pub(super) fn find(conn: &mut Conn, actor: &Actor, id: PlacementOfferId) -> Result<PlacementOffer> {
    let joined: Joined = joined!().select(columns!()).filter(placement_offers::id.eq(id)).first(conn)?;
    Ok(assemble(actor, joined))
}

pub(super) fn list(
    conn: &mut Conn,
    actor: &Actor,
    filter: &PlacementOfferFilter,
    paging: &Paging<PlacementOfferId>,
) -> Result<Vec<PlacementOffer>> {
    let query = joined!().select(columns!()).order(placement_offers::id).limit(paging.fetch()).into_boxed();
    let mut query = filtered!(query, filter, actor);
    if let Scope::School(_) = actor.scope() {
        // Of one region the index has them in order; those of others are not even looked at.
        let regions: Vec<RegionId> = diesel::select(current_regions()).get_result(conn)?;
        query = match regions.as_slice() {
            [only] => query.filter(placement_offers::region_id.eq(*only)),
            several => query.filter(placement_offers::region_id.eq_any(several.to_vec())),
        };
    }
    if let Some(after) = paging.after {
        query = query.filter(placement_offers::id.gt(after));
    }
    let rows: Vec<Joined> = query.load(conn)?;
    Ok(rows.into_iter().map(|joined| assemble(actor, joined)).collect())
}

pub(super) fn changed(
    conn: &mut Conn,
    actor: &Actor,
    filter: &PlacementOfferFilter,
    window: &Window,
    limit: i64,
) -> Result<Vec<(Tx, PlacementOffer)>> {
    let query = joined!()
        .select((crate::changed_tx!(placement_offers), columns!()))
        .filter(crate::changed_in!(placement_offers, window))
        .order((placement_offers::updated_tx, placement_offers::id))
        .limit(limit)
        .into_boxed();
    let mut query = filtered!(query, filter, actor);
    if matches!(actor.scope(), Scope::School(_)) || actor.is_bureau_of_several() {
        query = crate::in_own_regions!(query, placement_offers);
    }
    let rows: Vec<(Tx, Joined)> = query.load(conn)?;
    Ok(rows.into_iter().map(|(tx, joined)| (tx, assemble(actor, joined))).collect())
}

/// The region of an offer, and the qualification that it is for.
///
/// # Errors
/// 404 when the caller cannot see it.
pub fn asks_for(conn: &mut Conn, id: PlacementOfferId) -> Result<(RegionId, QualificationId)> {
    let asked = (placement_offers::region_id, placement_offers::qualification_id);
    Ok(placement_offers::table.find(id).select(asked).first(conn)?)
}

/// Host and region of an offer that the caller can see.
pub(super) fn place_of(conn: &mut Conn, id: PlacementOfferId) -> Result<(OrganisationId, RegionId)> {
    let place = (placement_offers::practice_id, placement_offers::region_id);
    Ok(placement_offers::table.find(id).select(place).first(conn)?)
}

/// Whether any placement names the offer, whatever came of it; its host and its bureau see them all.
pub(super) fn is_named(conn: &mut Conn, id: PlacementOfferId) -> Result<bool> {
    Ok(diesel::select(exists(placements::table.filter(placements::offer_id.eq(id)))).get_result(conn)?)
}

pub(super) fn find_for_update(conn: &mut Conn, id: PlacementOfferId) -> Result<Standing> {
    placement_offers::table.find(id).select(Standing::as_select()).for_no_key_update().first(conn).or_second_look(
        conn,
        "placement_offers",
        id,
    )
}

pub(super) fn insert(conn: &mut Conn, new: &NewPlacementOffer) -> Result<()> {
    diesel::insert_into(placement_offers::table).values(new).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

pub(super) fn update(conn: &mut Conn, id: PlacementOfferId, changes: &PlacementOfferChanges) -> Result<()> {
    diesel::update(placement_offers::table.find(id)).set(changes).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

const BREACHES: &[(&str, Breach)] = &[
    ("placement_offers_site_id_fk", Breach::Fault("/siteId", &UNKNOWN_REFERENCE)),
    ("placement_offers_qualification_id_fk", Breach::Fault("/qualificationId", &UNKNOWN_REFERENCE)),
    ("placement_offers_seats_taken_check", Breach::Conflict(&SEATS_TAKEN)),
    ("placement_offers_mentor_id_fk", Breach::Fault("/mentorId", &UNKNOWN_REFERENCE)),
    ("placement_offers_initiative_id_fk", Breach::Fault("/initiativeId", &UNKNOWN_REFERENCE)),
];
