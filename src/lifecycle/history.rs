//! The append-only history behind a state: steps are recorded, a wrongly recorded one is
//! superseded by a correction, and the resource's `status` follows.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::sql_types::{Date, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{OptionalExtension as _, QueryableByName, RunQueryDsl as _, sql_query};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::standing::first_recorded_at;
use super::table::{EFFECTIVE_ON, LifecycleTable, Mender, Move, State};
use crate::auth::Actor;
use crate::db::{Conn, OnConstraint as _, Prepare as _};
use crate::error::{Error, NOT_PERMITTED_ON_RESOURCE, Result, Rule};
use crate::kernel::coded::Coded as _;
use crate::kernel::ids::{MandateId, OrganisationId, TransitionId};
use crate::kernel::role::Role;
use crate::kernel::today::Today;

/// 409: a step that was corrected already, that later steps or other records build on, or that follows
/// something else.
pub const NOT_CORRECTABLE: Rule = Rule {
    code: "not-correctable",
    nl: "Deze stap is al verbeterd, is niet de laatste, volgt uit iets anders of er rust iets op; verbeter eerst de latere stap of waar deze uit volgt.",
    en: "This step was corrected already, is not the last one, follows something else or something rests on it; first correct the later step, or what it follows.",
};

/// One step in a history.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// Identifies the step.
    #[diesel(sql_type = SqlUuid)]
    pub id: TransitionId,
    /// State before; null for the first.
    #[diesel(sql_type = Nullable<Text>)]
    #[schema(max_length = 64)]
    pub from: Option<String>,
    /// State after.
    #[diesel(sql_type = Text)]
    #[schema(max_length = 64)]
    pub to: String,
    /// Day it took effect (ingangsdatum).
    #[diesel(sql_type = Date)]
    pub effective_on: NaiveDate,
    /// Coded reason.
    #[diesel(sql_type = Nullable<Text>)]
    #[schema(max_length = 64)]
    pub reason_code: Option<String>,
    /// Remark.
    #[diesel(sql_type = Nullable<Text>)]
    #[schema(max_length = 5000)]
    pub note: Option<String>,
    /// Organisation whose client took it.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub organisation_id: Option<OrganisationId>,
    /// Practice in whose name it was taken (namens).
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub on_behalf_of: Option<OrganisationId>,
    /// Mandate that allowed it (machtiging).
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub mandate_id: Option<MandateId>,
    /// Moment it was recorded.
    #[diesel(sql_type = Timestamptz)]
    pub recorded_at: DateTime<Utc>,
    /// Moment a correction took its place.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub superseded_at: Option<DateTime<Utc>>,
    /// The step this one corrects.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub supersedes_id: Option<TransitionId>,
}

/// A resource's steps, oldest first, corrected ones included.
#[derive(Debug, Serialize, ToSchema)]
pub struct History {
    /// Steps.
    #[schema(max_items = 1000)]
    pub items: Vec<Step>,
}

/// Whose step it is besides the caller's: the practice and the mandate, if any.
pub type Taken = Option<(OrganisationId, MandateId)>;

/// Records the step that began a resource's life.
///
/// # Errors
/// 503 when it cannot be written.
pub fn begin<S: State>(
    conn: &mut Conn,
    actor: &Actor,
    id: impl Into<Uuid>,
    to: S,
    on: NaiveDate,
    taken: Taken,
) -> Result<()> {
    let first =
        Recorded { from: None, to: to.code(), effective_on: on, reason_code: None, note: None, supersedes: None };
    insert(conn, S::lifecycle(), Some(actor), id.into(), &first, taken)
}

/// Records a step and sets the resource's state; the caller has locked the row.
///
/// # Errors
/// 409 when the database refuses the state, 503 when it cannot be written.
pub fn advance<S: State>(
    conn: &mut Conn,
    actor: &Actor,
    id: impl Into<Uuid>,
    step: &Move<S>,
    taken: Taken,
) -> Result<()> {
    take(conn, Some(actor), id.into(), step, taken)
}

fn take<S: State>(conn: &mut Conn, actor: Option<&Actor>, id: Uuid, step: &Move<S>, taken: Taken) -> Result<()> {
    let table = S::lifecycle();
    insert(conn, table, actor, id, &Recorded::of(step), taken)?;
    set_status(conn, table, id, step.to)
}

/// Records a step that nobody took, because it follows something else, and sets the resource's state;
/// the caller has locked the row.
///
/// # Errors
/// 503 when it cannot be written.
pub fn follow<S: State>(conn: &mut Conn, id: impl Into<Uuid>, step: &Move<S>) -> Result<()> {
    take(conn, None, id.into(), step, None)
}

/// The history, oldest first.
///
/// # Errors
/// 503 when it cannot be read.
pub fn history<S: State>(conn: &mut Conn, id: impl Into<Uuid>) -> Result<History> {
    let sql = format!(
        "SELECT id, from_state AS \"from\", to_state AS \"to\", effective_on, reason_code, note, organisation_id, \
         on_behalf_of, mandate_id, recorded_at, superseded_at, supersedes_id \
         FROM {}_transitions WHERE resource_id = $1 ORDER BY recorded_at, id",
        S::lifecycle().resource
    );
    let items = sql_query(sql).bind::<SqlUuid, _>(id.into()).prepared().load(conn)?;
    Ok(History { items })
}

/// How a wrongly recorded step is mended: with another day, or taken back altogether.
#[derive(Debug, Clone, serde::Deserialize, validator::Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Correction {
    /// The right day; the day stays as it was when absent.
    pub effective_on: Option<NaiveDate>,
    /// Takes the step back: the resource returns to the state before. Only for the last step; the one
    /// before is then the last, and may be corrected in turn.
    #[serde(default)]
    pub withdrawn: bool,
    /// Why it is corrected.
    #[validate(length(max = 2000), custom(function = "crate::http::bsn::no_bsn_in"))]
    #[schema(max_length = 2000)]
    pub note: crate::kernel::text::Prose,
}

/// Whether the organisation is one of those that a step is attributed to.
fn is_own(own: Option<OrganisationId>, of: &[Option<OrganisationId>]) -> bool {
    own.is_some() && of.contains(&own)
}

/// Supersedes the last standing step by a corrected one, recorded under the mandate `taken` that
/// holds now; returns the state that follows.
///
/// # Errors
/// 404 for a step that is not this resource's, 403 for one that others mend, 409 `not-correctable`,
/// 400 for the day.
pub fn correct<S: State>(
    conn: &mut Conn,
    actor: &Actor,
    id: impl Into<Uuid>,
    step: TransitionId,
    correction: Correction,
    today: Today,
    taken: Taken,
) -> Result<S> {
    let id = id.into();
    let corrected = corrected::<S>(conn, actor, id, step, correction, today)?;
    record_correction(conn, actor, id, &corrected, taken)
}

/// A correction that a lifecycle allows.
#[derive(Debug)]
pub struct Corrected<S> {
    /// The state it is in before the correction.
    pub leaves: S,
    /// The step as it is to stand; one that is taken back leads from a state to that state.
    pub step: Move<S>,
    /// Moment at which it was recorded at first, whatever corrected it since.
    pub first_recorded_at: DateTime<Utc>,
    supersedes: TransitionId,
}

impl<S: State> Corrected<S> {
    /// The state to which a step that is taken back returns the resource; none where only the day of a
    /// step is mended.
    pub fn returns_to(&self) -> Option<S> {
        (self.step.to != self.leaves).then_some(self.step.to)
    }
}

/// Decides a correction like [`correct`], for a resource whose own rules judge the step as it is to
/// stand before [`record_correction`] writes it.
///
/// # Errors
/// 404 for a step that is not this resource's, 403 for one that others mend, 409 `not-correctable`,
/// 400 for the day.
pub fn corrected<S: State>(
    conn: &mut Conn,
    actor: &Actor,
    id: impl Into<Uuid>,
    step: TransitionId,
    correction: Correction,
    today: Today,
) -> Result<Corrected<S>> {
    let table = S::lifecycle();
    let steps = history::<S>(conn, id)?.items;
    let asked = steps.iter().find(|known| known.id == step).ok_or(Error::NotFound)?;
    if table.mended_by == Mender::Taker && !is_own(actor.organisation, &[asked.organisation_id, asked.on_behalf_of]) {
        return Err(Error::Forbidden(&NOT_PERMITTED_ON_RESOURCE));
    }
    let standing: Vec<&Step> = steps.iter().filter(|step| step.stands()).collect();
    let (last, earlier) = standing.split_last().ok_or(Error::NotFound)?;
    if last.id != step {
        return Err(NOT_CORRECTABLE.conflict());
    }
    let (Some(before), Some(from)) = (earlier.last(), last.from.as_deref()) else {
        return Err(NOT_CORRECTABLE.conflict());
    };
    if table.only_follows(from, &last.to) {
        return Err(NOT_CORRECTABLE.conflict());
    }
    let effective_on = correction.effective_on.unwrap_or(last.effective_on);
    if today.is_before(effective_on) || effective_on < before.effective_on {
        return Err(EFFECTIVE_ON.fault("/effectiveOn").into());
    }
    let state = |code: &str| S::from_code(code).ok_or_else(|| Error::internal("unknown state in a history"));
    let leaves = state(&last.to)?;
    let (to, effective_on) =
        if correction.withdrawn { (from, before.effective_on) } else { (last.to.as_str(), effective_on) };
    let step = Move {
        from: state(from)?,
        to: state(to)?,
        effective_on,
        reason_code: last.reason_code.clone(),
        note: Some(correction.note.into()),
    };
    Ok(Corrected { leaves, step, first_recorded_at: first_recorded_at(&steps, last), supersedes: last.id })
}

/// Supersedes the step that a correction is of, recorded under the mandate `taken` that holds now;
/// returns the state that follows.
///
/// # Errors
/// 409 `not-correctable` when it was corrected meanwhile, 503 when it cannot be written.
pub fn record_correction<S: State>(
    conn: &mut Conn,
    actor: &Actor,
    id: impl Into<Uuid>,
    corrected: &Corrected<S>,
    taken: Taken,
) -> Result<S> {
    let (id, table, step) = (id.into(), S::lifecycle(), &corrected.step);
    supersede(conn, table, corrected.supersedes)?;
    let next = Recorded { supersedes: Some(corrected.supersedes), ..Recorded::of(step) };
    insert(conn, table, Some(actor), id, &next, taken)?;
    set_status(conn, table, id, step.to)?;
    Ok(step.to)
}

/// The day of the last standing step, those that were taken back left out; no step may lie before it.
///
/// # Errors
/// 503 when it cannot be read.
pub fn last_effective_on<S: State>(conn: &mut Conn, id: impl Into<Uuid>) -> Result<NaiveDate> {
    #[derive(QueryableByName)]
    struct Last {
        #[diesel(sql_type = Date)]
        effective_on: NaiveDate,
    }
    let sql = format!(
        "SELECT effective_on FROM {}_transitions WHERE resource_id = $1 AND superseded_at IS NULL \
         AND from_state IS DISTINCT FROM to_state ORDER BY recorded_at DESC, id DESC LIMIT 1",
        S::lifecycle().resource
    );
    let last: Option<Last> = sql_query(sql).bind::<SqlUuid, _>(id.into()).prepared().get_result(conn).optional()?;
    Ok(last.map_or(NaiveDate::MIN, |last| last.effective_on))
}

struct Recorded<'a> {
    from: Option<&'a str>,
    to: &'a str,
    effective_on: NaiveDate,
    reason_code: Option<&'a str>,
    note: Option<&'a str>,
    supersedes: Option<TransitionId>,
}

impl<'a> Recorded<'a> {
    fn of<S: State>(step: &'a Move<S>) -> Self {
        Self {
            from: Some(step.from.code()),
            to: step.to.code(),
            effective_on: step.effective_on,
            reason_code: step.reason_code.as_deref(),
            note: step.note.as_deref(),
            supersedes: None,
        }
    }
}

fn insert<S: State>(
    conn: &mut Conn,
    table: &LifecycleTable<S>,
    actor: Option<&Actor>,
    id: Uuid,
    step: &Recorded<'_>,
    taken: Taken,
) -> Result<()> {
    let sql = format!(
        "INSERT INTO {}_transitions (id, resource_id, from_state, to_state, effective_on, reason_code, note, \
         client_id, organisation_id, role, on_behalf_of, mandate_id, supersedes_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        table.resource
    );
    sql_query(sql)
        .bind::<SqlUuid, _>(TransitionId::new())
        .bind::<SqlUuid, _>(id)
        .bind::<Nullable<Text>, _>(step.from)
        .bind::<Text, _>(step.to)
        .bind::<Date, _>(step.effective_on)
        .bind::<Nullable<Text>, _>(step.reason_code)
        .bind::<Nullable<Text>, _>(step.note)
        .bind::<Nullable<SqlUuid>, _>(actor.and_then(|actor| actor.client))
        .bind::<Nullable<SqlUuid>, _>(actor.and_then(|actor| actor.organisation))
        .bind::<Nullable<Text>, _>(actor.and_then(|actor| actor.role).map(Role::code))
        .bind::<Nullable<SqlUuid>, _>(taken.map(|(practice, _)| practice))
        .bind::<Nullable<SqlUuid>, _>(taken.map(|(_, mandate)| mandate))
        .bind::<Nullable<SqlUuid>, _>(step.supersedes)
        .prepared()
        .execute(conn)?;
    Ok(())
}

fn supersede<S: State>(conn: &mut Conn, table: &LifecycleTable<S>, step: TransitionId) -> Result<()> {
    let sql = format!(
        "UPDATE {}_transitions SET superseded_at = clock_timestamp() WHERE id = $1 AND superseded_at IS NULL",
        table.resource
    );
    match sql_query(sql).bind::<SqlUuid, _>(step).prepared().execute(conn)? {
        1 => Ok(()),
        _ => Err(NOT_CORRECTABLE.conflict()),
    }
}

fn set_status<S: State>(conn: &mut Conn, table: &LifecycleTable<S>, id: Uuid, state: S) -> Result<()> {
    let sql = format!("UPDATE {} SET status = $2, version = version + 1 WHERE id = $1", table.table);
    sql_query(sql)
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(state.code())
        .prepared()
        .execute(conn)
        .on_constraint(table.refusals)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::is_own;
    use crate::kernel::ids::OrganisationId;

    #[test]
    fn a_step_is_of_who_took_it_and_of_whom_it_was_taken_for() {
        let (practice, bureau) = (Some(OrganisationId::new()), Some(OrganisationId::new()));
        assert!(is_own(bureau, &[bureau, practice]) && is_own(practice, &[bureau, practice]));
        assert!(!is_own(bureau, &[practice, None]));
        assert!(!is_own(None, &[None]));
    }
}
