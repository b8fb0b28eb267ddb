//! What tasks are worked out of, in the database. Which placements and parts a caller sees is decided by
//! the row policies, not here.

use std::collections::{HashMap, HashSet};

use diesel::alias;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Bool, Text, Uuid as SqlUuid};

use super::model::TaskFilter;
use super::rows::{Joined, Place, Row};
use crate::auth::Actor;
use crate::db::{Conn, Prepare as _};
use crate::error::Result;
use crate::kernel::day::Day;
use crate::kernel::ids::PlacementId;
use crate::placements::evaluations::{EvaluationJudge, EvaluationMoment};
use crate::placements::outcomes::OutcomeMoment;
use crate::schema::{organisations, placements, regions};

alias!(organisations as hosts: Hosts);

/// The select every reading query shares: a [`Joined`].
macro_rules! joined {
    () => {
        placements::table
            .inner_join(regions::table.on(regions::id.eq(placements::region_id)))
            .inner_join(organisations::table.on(organisations::id.eq(placements::school_id)))
            .inner_join(hosts.on(hosts.field(organisations::id).eq(placements::practice_id)))
            .select((Row::as_select(), regions::name, organisations::name, hosts.field(organisations::name)))
    };
}

/// One placement that the caller can see.
pub(super) fn find(conn: &mut Conn, id: PlacementId) -> Result<Joined> {
    Ok(joined!().filter(placements::id.eq(id)).first(conn)?)
}

/// Placements that go on, those that begin first in front. Nothing is due before the first day, or the
/// end of the reservation.
pub(super) fn going_on(
    conn: &mut Conn,
    actor: &Actor,
    filter: &TaskFilter,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Joined>> {
    let query = joined!()
        .filter(placements::ended_on.is_null())
        .order((placements::starts_on, placements::id))
        .limit(limit)
        .into_boxed();
    let mut query = crate::of_sides!(query, filter, actor);
    if let Some(Place { day, placement, mark, .. }) = after {
        query = query.filter(placements::starts_on.ge(day));
        query = match mark {
            Some(_) => query.filter(placements::starts_on.gt(day).or(placements::id.ge(placement))),
            None => query.filter(placements::starts_on.gt(day).or(placements::id.gt(placement))),
        };
    }
    if let Some(day) = filter.due_before.map(Day::date) {
        let expires = placements::expires_on.is_not_null().and(placements::expires_on.assume_not_null().lt(day));
        query = query.filter(placements::starts_on.lt(day).or(expires));
    }
    Ok(query.load(conn)?)
}

/// Of those that ended: what became of the intern is not known yet.
const WITHOUT_OUTCOME: &str = "placements.status IN ('completed', 'ended-early') \
    AND (SELECT count(*) FROM outcomes o WHERE o.placement_id = placements.id AND o.superseded_at IS NULL) < 2";

/// The same, or the offer has a seat to fill, which is the bureau's to see to.
const WITHOUT_OUTCOME_OR_SUCCESSOR: &str = "(placements.status IN ('completed', 'ended-early') \
    AND (SELECT count(*) FROM outcomes o WHERE o.placement_id = placements.id AND o.superseded_at IS NULL) < 2 \
    OR placements.status IN ('declined', 'cancelled', 'ended-early') \
    AND EXISTS (SELECT FROM placement_offers o WHERE o.id = placements.offer_id AND o.status = 'published' \
        AND o.seats > o.seats_taken AND o.ends_on >= (SELECT app_today())))";

/// Placements that ended and that something may still have to be done for, the latest in front. Nothing is
/// due before the end.
pub(super) fn ended(
    conn: &mut Conn,
    actor: &Actor,
    filter: &TaskFilter,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Joined>> {
    let undone = if actor.is_bureau() { WITHOUT_OUTCOME_OR_SUCCESSOR } else { WITHOUT_OUTCOME };
    let query = joined!()
        .filter(placements::ended_on.is_not_null())
        .filter(sql::<Bool>(undone))
        .order((placements::ended_on.desc(), placements::id.desc()))
        .limit(limit)
        .into_boxed();
    let mut query = crate::of_sides!(query, filter, actor);
    let ended_on = placements::ended_on.assume_not_null();
    if let Some(Place { day, placement, mark, .. }) = after {
        query = query.filter(ended_on.le(day));
        query = match mark {
            Some(_) => query.filter(ended_on.lt(day).or(placements::id.le(placement))),
            None => query.filter(ended_on.lt(day).or(placements::id.lt(placement))),
        };
    }
    if let Some(day) = filter.due_before.map(Day::date) {
        query = query.filter(ended_on.lt(day));
    }
    Ok(query.load(conn)?)
}

/// What was said of placements so far.
#[derive(Debug, QueryableByName)]
pub(super) struct Parts {
    #[diesel(sql_type = SqlUuid)]
    id: PlacementId,
    /// The three-way talks: whether at the host.
    #[diesel(sql_type = Array<Bool>)]
    pub(super) talks: Vec<bool>,
    #[diesel(sql_type = Array<Text>)]
    pub(super) moments: Vec<EvaluationMoment>,
    #[diesel(sql_type = Array<Text>)]
    pub(super) judges: Vec<EvaluationJudge>,
    #[diesel(sql_type = Array<Text>)]
    pub(super) outcomes: Vec<OutcomeMoment>,
}

const PARTS: &str = "\
    SELECT p.id, e.moments, e.judges, \
        ARRAY ( \
            SELECT m.on_site FROM contact_moments m \
            WHERE m.placement_id = p.id AND m.superseded_at IS NULL AND m.kind = 'three-way' \
        ) AS talks, \
        ARRAY ( \
            SELECT o.moment FROM outcomes o WHERE o.placement_id = p.id AND o.superseded_at IS NULL \
        ) AS outcomes \
    FROM unnest($1) AS p (id) \
    CROSS JOIN LATERAL ( \
        SELECT coalesce(array_agg(v.moment ORDER BY v.id), '{}') AS moments, \
            coalesce(array_agg(v.judged_by ORDER BY v.id), '{}') AS judges \
        FROM evaluations v WHERE v.placement_id = p.id AND v.superseded_at IS NULL \
    ) e";

/// What was said of these placements so far.
pub(super) fn parts_of(conn: &mut Conn, placements: &[PlacementId]) -> Result<HashMap<PlacementId, Parts>> {
    let rows: Vec<Parts> = sql_query(PARTS).bind::<Array<SqlUuid>, _>(placements).prepared().load(conn)?;
    Ok(rows.into_iter().map(|parts| (parts.id, parts)).collect())
}

#[derive(QueryableByName)]
struct Left {
    #[diesel(sql_type = SqlUuid)]
    id: PlacementId,
}

/// One seat has one task: that of the placement that came to nothing last, unless somebody else is
/// proposed for it already.
const LEAVING: &str = "\
    SELECT p.id \
    FROM placements p \
    JOIN placement_offers o ON o.id = p.offer_id \
    WHERE p.id = ANY ($1) AND p.status IN ('declined', 'cancelled', 'ended-early') \
        AND o.status = 'published' AND o.ends_on >= (SELECT app_today()) \
        AND o.seats - o.seats_taken > ( \
            SELECT count(*) FROM placements x WHERE x.offer_id = o.id AND x.status = 'proposed') \
        AND NOT EXISTS ( \
            SELECT FROM placements x \
            WHERE x.offer_id = o.id AND x.status IN ('declined', 'cancelled', 'ended-early') \
                AND (x.ended_on, x.id) > (p.ended_on, p.id)) \
        AND EXISTS (SELECT FROM waiting_for_offer(o.id))";

/// Which of these placements left a seat that somebody waits for; asked by bureaus only.
pub(super) fn leaving_a_seat(
    conn: &mut Conn,
    actor: &Actor,
    placements: &[PlacementId],
) -> Result<HashSet<PlacementId>> {
    if !actor.is_bureau() {
        return Ok(HashSet::new());
    }
    let rows: Vec<Left> = sql_query(LEAVING).bind::<Array<SqlUuid>, _>(placements).prepared().load(conn)?;
    Ok(rows.into_iter().map(|left| left.id).collect())
}
