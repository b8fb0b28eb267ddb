//! Evaluations in the database: append-only. Which of them a caller sees or writes is decided by the
//! row policies, not here.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde_json::Value;

use super::model::{Evaluation, EvaluationFilter, EvaluationJudge, EvaluationMoment, Version};
use super::rules::RECORDED_ALREADY;
use crate::db::Breach;
use crate::kernel::ids::{EvaluationId, OrganisationId, PlacementId};
use crate::kernel::named::Named;
use crate::schema::evaluations;

#[derive(Queryable, Selectable)]
#[diesel(table_name = evaluations)]
struct Row {
    id: EvaluationId,
    placement_id: PlacementId,
    moment: EvaluationMoment,
    judged_by: EvaluationJudge,
    held_on: NaiveDate,
    scores: Value,
    remark: Option<String>,
    recorded_by: OrganisationId,
    version: i32,
    recorded_at: DateTime<Utc>,
    superseded_at: Option<DateTime<Utc>>,
}

fn assemble((row, recorded_by): (Row, String)) -> Evaluation {
    Evaluation {
        id: row.id,
        placement_id: row.placement_id,
        moment: row.moment,
        judged_by: row.judged_by,
        held_on: row.held_on,
        scores: serde_json::from_value(row.scores).unwrap_or_default(),
        remark: row.remark,
        recorded_by: Named::new(row.recorded_by, recorded_by),
        version: row.version,
        recorded_at: row.recorded_at,
        superseded_at: row.superseded_at,
    }
}

crate::record_queries! {
    evaluations of EvaluationId, Version => Evaluation,
    by EvaluationFilter [moment judged_by],
    refused by BREACHES
}

const BREACHES: &[(&str, Breach)] =
    &[("evaluations_placement_id_moment_judged_by_key", Breach::Conflict(&RECORDED_ALREADY))];
