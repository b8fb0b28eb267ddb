//! Readiness rules in the database. Every client reads them; the bureau of the region writes them,
//! which the row policies decide, not we.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::model::{NewReadinessRule, ReadinessRule, ReadinessRuleFilter, Requirement, Severity, Standing};
use super::rules::OVERLAPS;
use crate::db::{Breach, Conn, OnConstraint as _, standing_fact};
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::field::Profession;
use crate::kernel::ids::{ReadinessRuleId, RegionId};
use crate::kernel::named::Named;
use crate::schema::{readiness_rules, regions};

crate::fact_queries!(readiness_rules);

#[derive(Queryable, Selectable)]
#[diesel(table_name = readiness_rules)]
struct Row {
    id: ReadinessRuleId,
    region_id: RegionId,
    requirement: Requirement,
    severity: Severity,
    profession: Option<Profession>,
    effective_from: NaiveDate,
    effective_to: Option<NaiveDate>,
    version: i32,
    recorded_at: DateTime<Utc>,
    superseded_at: Option<DateTime<Utc>>,
}

/// The row and the name of its region.
type Joined = (Row, String);

fn assemble((row, region): Joined) -> ReadinessRule {
    ReadinessRule {
        id: row.id,
        region: Named::new(row.region_id, region),
        requirement: row.requirement,
        severity: row.severity,
        profession: row.profession,
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
        readiness_rules::table.inner_join(regions::table).select((Row::as_select(), regions::name))
    };
}

/// The version that stands now.
pub(super) fn find(conn: &mut Conn, region: RegionId, id: ReadinessRuleId) -> Result<ReadinessRule> {
    let joined: Joined = joined!()
        .filter(readiness_rules::id.eq(id))
        .filter(readiness_rules::region_id.eq(region))
        .filter(readiness_rules::superseded_at.is_null())
        .first(conn)?;
    Ok(assemble(joined))
}

/// One version, standing or superseded.
pub(super) fn find_version(conn: &mut Conn, row_id: Uuid) -> Result<ReadinessRule> {
    let joined: Joined = joined!().filter(readiness_rules::row_id.eq(row_id)).first(conn)?;
    Ok(assemble(joined))
}

pub(super) fn list(
    conn: &mut Conn,
    region: RegionId,
    filter: &ReadinessRuleFilter,
    paging: &Paging<ReadinessRuleId>,
) -> Result<Vec<ReadinessRule>> {
    let mut query = joined!()
        .filter(readiness_rules::region_id.eq(region))
        .filter(seen(filter.view()))
        .order(readiness_rules::id)
        .limit(paging.fetch())
        .into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(readiness_rules::id.gt(after));
    }
    if let Some(requirement) = filter.requirement {
        query = query.filter(readiness_rules::requirement.eq(requirement));
    }
    if let Some(profession) = filter.profession {
        query = query.filter(
            readiness_rules::profession.is_null().or(readiness_rules::profession.assume_not_null().eq(profession)),
        );
    }
    let rows: Vec<Joined> = query.load(conn)?;
    Ok(rows.into_iter().map(assemble).collect())
}

pub(super) fn find_for_update(conn: &mut Conn, region: RegionId, id: ReadinessRuleId) -> Result<Standing> {
    standing_fact(
        conn,
        |conn| {
            readiness_rules::table
                .filter(readiness_rules::id.eq(id))
                .filter(readiness_rules::region_id.eq(region))
                .filter(readiness_rules::superseded_at.is_null())
                .select(Standing::as_select())
                .for_no_key_update()
                .first(conn)
        },
        |conn| find(conn, region, id).map(drop),
    )
}

pub(super) fn insert(conn: &mut Conn, new: &NewReadinessRule) -> Result<()> {
    diesel::insert_into(readiness_rules::table).values(new).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

/// Takes the standing version back; when `next` is given it takes its place.
pub(super) fn replace(conn: &mut Conn, row_id: Uuid, next: Option<&NewReadinessRule>) -> Result<()> {
    supersede(conn, row_id)?;
    next.map_or(Ok(()), |next| insert(conn, next))
}

const BREACHES: &[(&str, Breach)] =
    &[("readiness_rules_region_id_requirement_profession_excl", Breach::Conflict(&OVERLAPS))];
