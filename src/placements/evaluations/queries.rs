//! Evaluations in the database: append-only. Which of them a caller sees or writes is decided by the
//! row policies, not here.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use super::model::{Evaluation, EvaluationFilter, EvaluationJudge, EvaluationMoment, Version};
use super::rules::RECORDED_ALREADY;
use crate::db::{Breach, Conn, OnConstraint as _, standing_fact};
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::ids::{EvaluationId, OrganisationId, PlacementId};
use crate::kernel::named::Named;
use crate::schema::{evaluations, organisations};

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

/// The select every reading query shares.
macro_rules! joined {
    () => {
        evaluations::table
            .inner_join(organisations::table.on(organisations::id.eq(evaluations::recorded_by)))
            .select((Row::as_select(), organisations::name))
    };
}

/// The standing version.
pub(super) fn find(conn: &mut Conn, placement: PlacementId, id: EvaluationId) -> Result<Evaluation> {
    let standing = joined!()
        .filter(evaluations::placement_id.eq(placement))
        .filter(evaluations::id.eq(id))
        .filter(evaluations::superseded_at.is_null());
    Ok(assemble(standing.first(conn)?))
}

/// One version, whether it stands or not.
pub(super) fn find_version(conn: &mut Conn, row_id: Uuid) -> Result<Evaluation> {
    Ok(assemble(joined!().filter(evaluations::row_id.eq(row_id)).first(conn)?))
}

pub(super) fn list(
    conn: &mut Conn,
    placement: PlacementId,
    filter: &EvaluationFilter,
    paging: &Paging<EvaluationId>,
) -> Result<Vec<Evaluation>> {
    let of_placement = joined!().filter(evaluations::placement_id.eq(placement));
    let mut query = of_placement.order(evaluations::id).limit(paging.fetch()).into_boxed();
    query = match filter.known_at {
        Some(moment) => {
            let standing = evaluations::superseded_at.is_null();
            query
                .filter(evaluations::recorded_at.le(moment))
                .filter(standing.or(evaluations::superseded_at.assume_not_null().gt(moment)))
        }
        None => query.filter(evaluations::superseded_at.is_null()),
    };
    if let Some(after) = paging.after {
        query = query.filter(evaluations::id.gt(after));
    }
    if let Some(moment) = filter.moment {
        query = query.filter(evaluations::moment.eq(moment));
    }
    if let Some(judged_by) = filter.judged_by {
        query = query.filter(evaluations::judged_by.eq(judged_by));
    }
    Ok(query.load(conn)?.into_iter().map(assemble).collect())
}

pub(super) fn find_for_update(conn: &mut Conn, placement: PlacementId, id: EvaluationId) -> Result<Version> {
    standing_fact(
        conn,
        |conn| {
            evaluations::table
                .filter(evaluations::placement_id.eq(placement))
                .filter(evaluations::id.eq(id))
                .filter(evaluations::superseded_at.is_null())
                .select(Version::as_select())
                .for_no_key_update()
                .first(conn)
        },
        |conn| find(conn, placement, id).map(drop),
    )
}

pub(super) fn insert(conn: &mut Conn, version: &Version) -> Result<()> {
    diesel::insert_into(evaluations::table).values(version).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

/// Takes a standing version back.
pub(super) fn supersede(conn: &mut Conn, row_id: Uuid) -> Result<()> {
    diesel::update(evaluations::table.find(row_id))
        .set(evaluations::superseded_at.eq(diesel::dsl::now))
        .execute(conn)?;
    Ok(())
}

/// Puts the next version in the place of the standing one.
pub(super) fn replace(conn: &mut Conn, standing: &Version, next: &Version) -> Result<()> {
    supersede(conn, standing.row_id)?;
    insert(conn, next)
}

const BREACHES: &[(&str, Breach)] =
    &[("evaluations_placement_id_moment_judged_by_key", Breach::Conflict(&RECORDED_ALREADY))];
