//! Outcomes in the database: append-only. Which of them a caller sees or writes is decided by the row
//! policies, not here.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use super::model::{Outcome, OutcomeFilter, OutcomeKind, OutcomeMoment, Version};
use super::rules::RECORDED_ALREADY;
use crate::db::{Breach, Conn};
use crate::error::Result;
use crate::kernel::ids::{OrganisationId, OutcomeId, PlacementId};
use crate::kernel::named::Named;
use crate::placements::placements::PlacementStatus;
use crate::schema::{outcomes, placements};

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

crate::record_queries! {
    outcomes of OutcomeId, Version => Outcome,
    by OutcomeFilter [moment],
    refused by BREACHES
}

/// The day on which a placement ended that came about; none while it has not.
pub(super) fn ended_on(conn: &mut Conn, placement: PlacementId) -> Result<Option<NaiveDate>> {
    let ended = placements::table
        .find(placement)
        .filter(placements::status.eq_any([PlacementStatus::Completed, PlacementStatus::EndedEarly]));
    Ok(ended.select(placements::ended_on).first(conn).optional()?.flatten())
}

const BREACHES: &[(&str, Breach)] = &[("outcomes_placement_id_moment_key", Breach::Conflict(&RECORDED_ALREADY))];
