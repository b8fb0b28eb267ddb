//! The trail: every write and every look at personal data leaves a row in the same transaction.
//! Rows name ids and codes, never names. [`record`] is write-only; reading is the slice [`events`].

pub mod events;

use diesel::sql_query;
use diesel::sql_types::{Array, Jsonb, Nullable, Text, Uuid as SqlUuid};
use serde_json::Value;
use uuid::Uuid;

use crate::auth::Actor;
use crate::db::{Caller, Conn, Db, Prepare as _};
use crate::error::{Error, Result, Rule};
use crate::kernel::coded::Coded as _;
use crate::kernel::ids::{MandateId, OrganisationId};
use crate::kernel::role::Role;

/// What was done to which resource.
#[derive(Debug, Clone)]
pub struct Event {
    action: &'static str,
    resource: &'static str,
    resource_id: Uuid,
    on_behalf_of: Option<(OrganisationId, MandateId)>,
    details: Option<Value>,
}

impl Event {
    /// `action` is a past participle such as `created`; `resource` the singular, kebab-case.
    #[must_use]
    pub fn new(action: &'static str, resource: &'static str, resource_id: impl Into<Uuid>) -> Self {
        Self { action, resource, resource_id: resource_id.into(), on_behalf_of: None, details: None }
    }

    /// Names the practice in whose name this was done, and the mandate that allows it; none where
    /// nobody acted for another.
    #[must_use]
    pub fn on_behalf_of(mut self, taken: Option<(OrganisationId, MandateId)>) -> Self {
        self.on_behalf_of = taken;
        self
    }

    /// Adds ids, codes or counts; never names or free text.
    #[must_use]
    pub fn with(mut self, details: Value) -> Self {
        self.details = Some(details);
        self
    }
}

/// Writes the event into the caller's transaction.
///
/// # Errors
/// 503 when the trail cannot be written: then the change does not happen either.
pub fn record(conn: &mut Conn, actor: &Actor, event: Event) -> Result<()> {
    sql_query(
        "INSERT INTO audit_events (id, request_id, actor_kind, client_id, organisation_id, role, person_ref, \
         on_behalf_of, mandate_id, action, resource_type, resource_id, detail) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind::<SqlUuid, _>(Uuid::now_v7())
    .bind::<Text, _>(actor.request_id.to_string())
    .bind::<Text, _>(actor.kind.code())
    .bind::<Nullable<SqlUuid>, _>(actor.client)
    .bind::<Nullable<SqlUuid>, _>(actor.organisation)
    .bind::<Nullable<Text>, _>(actor.role.map(Role::code))
    .bind::<Nullable<Text>, _>(actor.person.as_deref())
    .bind::<Nullable<SqlUuid>, _>(event.on_behalf_of.map(|(practice, _)| practice))
    .bind::<Nullable<SqlUuid>, _>(event.on_behalf_of.map(|(_, mandate)| mandate))
    .bind::<Text, _>(event.action)
    .bind::<Text, _>(event.resource)
    .bind::<SqlUuid, _>(event.resource_id)
    .bind::<Jsonb, _>(event.details.unwrap_or_else(|| Value::Object(serde_json::Map::new())))
    .prepared()
    .execute(conn)?;
    Ok(())
}

/// 503: who looks at whose data cannot be written down, so the data is not shown.
pub const ACCESS_NOT_RECORDED: Rule = Rule {
    code: "access-not-recorded",
    nl: "Nu kan niet worden vastgelegd wie deze gegevens inziet; daarom worden ze niet getoond. Probeer het later opnieuw.",
    en: "Who looks at this data cannot be recorded now, so it is not shown. Try again later.",
};

/// Reads personal data: `work` calls [`record_access`], and its answer waits for the commit of that
/// row. A read can simply be repeated, so a commit that may have happened counts as none.
///
/// # Errors
/// What `work` refuses; 503 when the database cannot serve or the row cannot be committed.
pub async fn show<T, F>(db: &Db, caller: &impl Caller, work: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
{
    db.write(caller, work).await.map_err(|error| match error {
        Error::OutcomeUnknown => Error::Unavailable(&ACCESS_NOT_RECORDED),
        told => told,
    })
}

/// Writes who sees personal data of whom into the transaction of [`show`]. `operation` is the
/// `operationId` of the contract, where it has `x-personal-data`; `subjects` are the ids under
/// which the answer shows persons, none when it shows nobody.
///
/// # Errors
/// 503 when the trail cannot be written, for whatever cause: then nothing is shown.
pub fn record_access(
    conn: &mut Conn,
    actor: &Actor,
    operation: &'static str,
    subjects: impl IntoIterator<Item = impl Into<Uuid>>,
) -> Result<()> {
    let subjects: Vec<Uuid> = subjects.into_iter().map(Into::into).collect();
    sql_query(
        "INSERT INTO access_events (id, request_id, actor_kind, client_id, organisation_id, role, person_ref, \
         operation, subject_ids) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind::<SqlUuid, _>(Uuid::now_v7())
    .bind::<Text, _>(actor.request_id.to_string())
    .bind::<Text, _>(actor.kind.code())
    .bind::<Nullable<SqlUuid>, _>(actor.client)
    .bind::<Nullable<SqlUuid>, _>(actor.organisation)
    .bind::<Nullable<Text>, _>(actor.role.map(Role::code))
    .bind::<Nullable<Text>, _>(actor.person.as_deref())
    .bind::<Text, _>(operation)
    .bind::<Array<SqlUuid>, _>(subjects)
    .prepared()
    .execute(conn)
    .map_err(|error| match Error::from(error) {
        Error::Unavailable(rule) => Error::Unavailable(rule),
        cause => {
            tracing::error!(
                request_id = %actor.request_id,
                operation,
                %cause,
                "access.not_recorded: personal data is not shown until this works again"
            );
            Error::Unavailable(&ACCESS_NOT_RECORDED)
        }
    })?;
    Ok(())
}

/// Writes the event of a job, which acts by itself, into its transaction.
///
/// # Errors
/// 503 when the trail cannot be written: then the change does not happen either.
pub fn record_job(conn: &mut Conn, event: Event) -> Result<()> {
    sql_query(
        "INSERT INTO audit_events (id, actor_kind, job, action, resource_type, resource_id, detail) \
         VALUES ($1, 'job', app_job(), $2, $3, $4, $5)",
    )
    .bind::<SqlUuid, _>(Uuid::now_v7())
    .bind::<Text, _>(event.action)
    .bind::<Text, _>(event.resource)
    .bind::<SqlUuid, _>(event.resource_id)
    .bind::<Jsonb, _>(event.details.unwrap_or_else(|| Value::Object(serde_json::Map::new())))
    .prepared()
    .execute(conn)?;
    Ok(())
}
