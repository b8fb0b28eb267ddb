//! The tables of clients and their secrets. Whose rows a caller sees is decided by the row policies.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::dsl::now;
use diesel::prelude::*;
use diesel::sql_types::Timestamptz;
use uuid::Uuid;

use super::model::{
    ApiClient, ApiClientChanges, ApiClientFilter, ApiClientSecret, ApiClientStatus, NewApiClient, Standing,
    StandingSecret,
};
use super::rules;
use crate::auth::secret::SecretHash;
use crate::db::{Breach, Conn, OnConstraint as _, SecondLook as _};
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::checks::UNKNOWN_REFERENCE;
use crate::kernel::ids::{ClientId, OrganisationId};
use crate::kernel::named::Named;
use crate::kernel::role::Role;
use crate::schema::{client_secrets, clients, organisations};

#[derive(Queryable, Selectable)]
#[diesel(table_name = clients)]
struct Row {
    id: ClientId,
    organisation_id: OrganisationId,
    role: Role,
    name: String,
    scopes: Vec<String>,
    person_ref: Option<String>,
    revoked_at: Option<DateTime<Utc>>,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

type Secrets = BTreeMap<ClientId, Vec<ApiClientSecret>>;

fn assemble((row, organisation): (Row, String), secrets: &mut Secrets) -> ApiClient {
    let status = rules::status(row.revoked_at);
    ApiClient {
        secrets: secrets.remove(&row.id).unwrap_or_default(),
        id: row.id,
        organisation: Named::new(row.organisation_id, organisation),
        role: row.role,
        name: row.name,
        scopes: row.scopes,
        person_ref: row.person_ref,
        status,
        allowed_transitions: rules::allowed_transitions(status),
        revoked_at: row.revoked_at,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

fn with_secrets(conn: &mut Conn, rows: Vec<(Row, String)>) -> Result<Vec<ApiClient>> {
    let working: Vec<ClientId> =
        rows.iter().filter(|(row, _)| row.revoked_at.is_none()).map(|(row, _)| row.id).collect();
    let valid: Vec<(ClientId, DateTime<Utc>, Option<DateTime<Utc>>)> = client_secrets::table
        .filter(client_secrets::client_id.eq_any(working))
        .filter(client_secrets::revoked_at.is_null())
        .filter(client_secrets::expires_at.is_null().or(client_secrets::expires_at.gt(now)))
        .order((client_secrets::created_at, client_secrets::id))
        .select((client_secrets::client_id, client_secrets::created_at, client_secrets::expires_at))
        .load(conn)?;
    let mut secrets = Secrets::new();
    for (client, created_at, expires_at) in valid {
        secrets.entry(client).or_default().push(ApiClientSecret { created_at, expires_at });
    }
    Ok(rows.into_iter().map(|row| assemble(row, &mut secrets)).collect())
}

pub(super) fn find(conn: &mut Conn, id: ClientId) -> Result<ApiClient> {
    let row = clients::table
        .inner_join(organisations::table)
        .filter(clients::id.eq(id))
        .select((Row::as_select(), organisations::name))
        .first(conn)?;
    with_secrets(conn, vec![row])?.pop().ok_or(crate::error::Error::NotFound)
}

pub(super) fn list(conn: &mut Conn, filter: &ApiClientFilter, paging: &Paging<ClientId>) -> Result<Vec<ApiClient>> {
    let mut query = clients::table
        .inner_join(organisations::table)
        .select((Row::as_select(), organisations::name))
        .order(clients::id)
        .limit(paging.fetch())
        .into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(clients::id.gt(after));
    }
    if let Some(organisation) = filter.organisation_id {
        query = query.filter(clients::organisation_id.eq(organisation));
    }
    if let Some(role) = filter.role {
        query = query.filter(clients::role.eq(role));
    }
    query = match filter.status {
        Some(ApiClientStatus::Active) => query.filter(clients::revoked_at.is_null()),
        Some(ApiClientStatus::Revoked) => query.filter(clients::revoked_at.is_not_null()),
        None => query,
    };
    let rows = query.load(conn)?;
    with_secrets(conn, rows)
}

/// Every client, for the command line.
pub(in crate::auth) fn list_all(conn: &mut Conn) -> Result<Vec<ApiClient>> {
    let rows = clients::table
        .inner_join(organisations::table)
        .select((Row::as_select(), organisations::name))
        .order(clients::id)
        .load(conn)?;
    with_secrets(conn, rows)
}

pub(super) fn find_for_update(conn: &mut Conn, id: ClientId) -> Result<Standing> {
    clients::table
        .find(id)
        .select(Standing::as_select())
        .for_no_key_update()
        .first(conn)
        .or_second_look(conn, "clients", id)
}

pub(super) fn insert(conn: &mut Conn, new: &NewApiClient) -> Result<()> {
    diesel::insert_into(clients::table).values(new).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

pub(super) fn update(conn: &mut Conn, id: ClientId, changes: &ApiClientChanges) -> Result<()> {
    diesel::update(clients::table.find(id)).set(changes).execute(conn)?;
    Ok(())
}

pub(super) fn revoke(conn: &mut Conn, current: &Standing) -> Result<()> {
    diesel::update(clients::table.find(current.id))
        .set((clients::revoked_at.eq(now), clients::version.eq(current.version + 1)))
        .execute(conn)?;
    Ok(())
}

/// The database's clock, by which secrets expire; not the start of the transaction, which may
/// have waited for the client's row.
pub(super) fn time(conn: &mut Conn) -> Result<DateTime<Utc>> {
    Ok(diesel::select(diesel::dsl::sql::<Timestamptz>("clock_timestamp()")).get_result(conn)?)
}

/// The secrets of a client that were not revoked, lapsed ones included, oldest first.
pub(super) fn standing_secrets(conn: &mut Conn, client: ClientId) -> Result<Vec<StandingSecret>> {
    Ok(client_secrets::table
        .filter(client_secrets::client_id.eq(client))
        .filter(client_secrets::revoked_at.is_null())
        .order((client_secrets::created_at, client_secrets::id))
        .select(StandingSecret::as_select())
        .load(conn)?)
}

pub(super) fn end_secrets(conn: &mut Conn, secrets: &[Uuid]) -> Result<()> {
    if !secrets.is_empty() {
        diesel::update(client_secrets::table.filter(client_secrets::id.eq_any(secrets)))
            .set(client_secrets::revoked_at.eq(now))
            .execute(conn)?;
    }
    Ok(())
}

pub(super) fn expire_secret(conn: &mut Conn, secret: Uuid, at: DateTime<Utc>) -> Result<()> {
    diesel::update(client_secrets::table.find(secret)).set(client_secrets::expires_at.eq(at)).execute(conn)?;
    Ok(())
}

pub(super) fn insert_secret(
    conn: &mut Conn,
    client: ClientId,
    organisation: OrganisationId,
    slot: i16,
    hash: &SecretHash,
) -> Result<()> {
    diesel::insert_into(client_secrets::table)
        .values((
            client_secrets::id.eq(Uuid::now_v7()),
            client_secrets::client_id.eq(client),
            client_secrets::organisation_id.eq(organisation),
            client_secrets::slot.eq(slot),
            client_secrets::secret_hash.eq(&hash.as_bytes()[..]),
        ))
        .execute(conn)?;
    Ok(())
}

const BREACHES: &[(&str, Breach)] =
    &[("clients_organisation_id_fk", Breach::Fault("/organisationId", &UNKNOWN_REFERENCE))];
