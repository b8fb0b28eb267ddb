//! Signals in the database. Which of them a caller sees or moves is decided by the row policies, not
//! here.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::alias;
use diesel::prelude::*;

use super::model::{NewSignal, SIGNAL_LIFECYCLE, Signal, SignalFilter, SignalKind, SignalStatus};
use crate::auth::{Actor, Scope};
use crate::db::{Conn, SecondLook as _};
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::ids::{OrganisationId, PlacementId, PlacementRequestId, RegionId, SignalId};
use crate::kernel::named::Named;
use crate::schema::{organisations, regions, signals};

alias!(organisations as raisers: Raisers);

#[derive(Queryable, Selectable)]
#[diesel(table_name = signals)]
struct Row {
    id: SignalId,
    placement_id: Option<PlacementId>,
    request_id: Option<PlacementRequestId>,
    region_id: RegionId,
    school_id: OrganisationId,
    kind: SignalKind,
    description: Option<String>,
    raised_on: NaiveDate,
    raised_by: OrganisationId,
    shown_to_practice: bool,
    status: SignalStatus,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// The row and the names of region, school and whoever raised it.
type Joined = (Row, String, String, String);

fn assemble(actor: &Actor, (row, region, school, raised_by): Joined) -> Signal {
    Signal {
        id: row.id,
        placement_id: row.placement_id,
        request_id: row.request_id,
        region: Named::new(row.region_id, region),
        school: Named::new(row.school_id, school),
        kind: row.kind,
        description: row.description,
        raised_on: row.raised_on,
        raised_by: Named::new(row.raised_by, raised_by),
        shown_to_practice: row.shown_to_practice,
        status: row.status,
        allowed_transitions: SIGNAL_LIFECYCLE.allowed(actor, row.status),
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// The select every reading query shares: a [`Joined`].
macro_rules! joined {
    () => {
        signals::table
            .inner_join(regions::table.on(regions::id.eq(signals::region_id)))
            .inner_join(organisations::table.on(organisations::id.eq(signals::school_id)))
            .inner_join(raisers.on(raisers.field(organisations::id).eq(signals::raised_by)))
            .select((Row::as_select(), regions::name, organisations::name, raisers.field(organisations::name)))
    };
}

pub(super) fn find(conn: &mut Conn, actor: &Actor, id: SignalId) -> Result<Signal> {
    let joined: Joined = joined!().filter(signals::id.eq(id)).first(conn)?;
    Ok(assemble(actor, joined))
}

/// Demands that the caller can see the signal.
pub(super) fn require_visible(conn: &mut Conn, id: SignalId) -> Result<()> {
    signals::table.find(id).select(signals::id).first::<SignalId>(conn)?;
    Ok(())
}

pub(super) fn list(
    conn: &mut Conn,
    actor: &Actor,
    filter: &SignalFilter,
    paging: &Paging<SignalId>,
) -> Result<Vec<Signal>> {
    let mut query = joined!().order(signals::id).limit(paging.fetch()).into_boxed();
    match actor.scope() {
        Scope::Practice(own) => query = query.filter(signals::practice_id.assume_not_null().eq(own)),
        Scope::School(own) => query = query.filter(signals::school_id.eq(own)),
        Scope::Region(own) => query = query.filter(signals::region_id.eq(own)),
        _ => {}
    }
    if let Some(after) = paging.after {
        query = query.filter(signals::id.gt(after));
    }
    if let Some(region) = filter.region_id {
        query = query.filter(signals::region_id.eq(region));
    }
    if let Some(school) = filter.school_id {
        query = query.filter(signals::school_id.eq(school));
    }
    if let Some(practice) = filter.practice_id {
        query = query.filter(signals::practice_id.assume_not_null().eq(practice));
    }
    if let Some(placement) = filter.placement_id {
        query = query.filter(signals::placement_id.assume_not_null().eq(placement));
    }
    if let Some(request) = filter.request_id {
        query = query.filter(signals::request_id.assume_not_null().eq(request));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(signals::kind.eq(kind));
    }
    if let Some(status) = filter.status {
        query = query.filter(signals::status.eq(status));
    }
    if let Some(settled) = filter.settled {
        let ends = [SignalStatus::Resolved, SignalStatus::Dropout];
        query = if settled {
            query.filter(signals::status.eq_any(ends))
        } else {
            query.filter(signals::status.ne_all(ends))
        };
    }
    let rows: Vec<Joined> = query.load(conn)?;
    Ok(rows.into_iter().map(|joined| assemble(actor, joined)).collect())
}

/// Where the signal stands, locked.
pub(super) fn find_for_update(conn: &mut Conn, id: SignalId) -> Result<SignalStatus> {
    signals::table.find(id).select(signals::status).for_no_key_update().first(conn).or_second_look(conn, "signals", id)
}

pub(super) fn insert(conn: &mut Conn, new: &NewSignal) -> Result<()> {
    diesel::insert_into(signals::table).values(new).execute(conn)?;
    Ok(())
}
