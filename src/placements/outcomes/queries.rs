//! Outcomes in the database: append-only. Which of them a caller sees or writes is decided by the row
//! policies, not here.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::model::{Outcome, OutcomeFilter, OutcomeKind, OutcomeMoment, Version};
use super::rules::RECORDED_ALREADY;
use crate::db::{Breach, Conn, OnConstraint as _, standing_fact};
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::ids::{OrganisationId, OutcomeId, PlacementId};
use crate::kernel::named::Named;
use crate::placements::placements::PlacementStatus;
use crate::schema::{organisations, outcomes, placements};

#[derive(Queryable, Selectable)]
#[diesel(table_name = outcomes)]
struct Row {
    id: OutcomeId,
    placement_id: PlacementId,
    moment: OutcomeMoment,
    kind: OutcomeKind,
    known_on: NaiveDate,
    recorded_by: OrganisationId,
    version: i32,
    recorded_at: DateTime<Utc>,
    superseded_at: Option<DateTime<Utc>>,
}

fn assemble((row, recorded_by): (Row, String)) -> Outcome {
    Outcome {
        id: row.id,
        placement_id: row.placement_id,
        moment: row.moment,
        kind: row.kind,
        known_on: row.known_on,
        recorded_by: Named::new(row.recorded_by, recorded_by),
        version: row.version,
        recorded_at: row.recorded_at,
        superseded_at: row.superseded_at,
    }
}

/// The select every reading query shares.
macro_rules! joined {
    () => {
        outcomes::table
            .inner_join(organisations::table.on(organisations::id.eq(outcomes::recorded_by)))
            .select((Row::as_select(), organisations::name))
    };
}

/// The standing version.
pub(super) fn find(conn: &mut Conn, placement: PlacementId, id: OutcomeId) -> Result<Outcome> {
    let standing = joined!()
        .filter(outcomes::placement_id.eq(placement))
        .filter(outcomes::id.eq(id))
        .filter(outcomes::superseded_at.is_null());
    Ok(assemble(standing.first(conn)?))
}

/// One version, whether it stands or not.
pub(super) fn find_version(conn: &mut Conn, row_id: Uuid) -> Result<Outcome> {
    Ok(assemble(joined!().filter(outcomes::row_id.eq(row_id)).first(conn)?))
}

pub(super) fn list(
    conn: &mut Conn,
    placement: PlacementId,
    filter: &OutcomeFilter,
    paging: &Paging<OutcomeId>,
) -> Result<Vec<Outcome>> {
    let of_placement = joined!().filter(outcomes::placement_id.eq(placement));
    let mut query = of_placement.order(outcomes::id).limit(paging.fetch()).into_boxed();
    query = match filter.known_at {
        Some(moment) => {
            let standing = outcomes::superseded_at.is_null();
            query
                .filter(outcomes::recorded_at.le(moment))
                .filter(standing.or(outcomes::superseded_at.assume_not_null().gt(moment)))
        }
        None => query.filter(outcomes::superseded_at.is_null()),
    };
    if let Some(after) = paging.after {
        query = query.filter(outcomes::id.gt(after));
    }
    if let Some(moment) = filter.moment {
        query = query.filter(outcomes::moment.eq(moment));
    }
    Ok(query.load(conn)?.into_iter().map(assemble).collect())
}

pub(super) fn find_for_update(conn: &mut Conn, placement: PlacementId, id: OutcomeId) -> Result<Version> {
    standing_fact(
        conn,
        |conn| {
            outcomes::table
                .filter(outcomes::placement_id.eq(placement))
                .filter(outcomes::id.eq(id))
                .filter(outcomes::superseded_at.is_null())
                .select(Version::as_select())
                .for_no_key_update()
                .first(conn)
        },
        |conn| find(conn, placement, id).map(drop),
    )
}

pub(super) fn insert(conn: &mut Conn, version: &Version) -> Result<()> {
    diesel::insert_into(outcomes::table).values(version).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

/// Takes a standing version back.
pub(super) fn supersede(conn: &mut Conn, row_id: Uuid) -> Result<()> {
    diesel::update(outcomes::table.find(row_id)).set(outcomes::superseded_at.eq(diesel::dsl::now)).execute(conn)?;
    Ok(())
}

/// Puts the next version in the place of the standing one.
pub(super) fn replace(conn: &mut Conn, standing: &Version, next: &Version) -> Result<()> {
    supersede(conn, standing.row_id)?;
    insert(conn, next)
}

/// The day on which a placement ended that came about; none while it has not.
pub(super) fn ended_on(conn: &mut Conn, placement: PlacementId) -> Result<Option<NaiveDate>> {
    let ended = placements::table
        .find(placement)
        .filter(placements::status.eq_any([PlacementStatus::Completed, PlacementStatus::EndedEarly]));
    Ok(ended.select(placements::ended_on).first(conn).optional()?.flatten())
}

const BREACHES: &[(&str, Breach)] = &[("outcomes_placement_id_moment_key", Breach::Conflict(&RECORDED_ALREADY))];
