//! The settings that carry a caller's identity into a transaction, where the row policies
//! read them. Only typed uuids and checked codes are spliced into the statement.

use std::fmt::Write as _;

use chrono::NaiveDate;
use diesel::connection::{AnsiTransactionManager, SimpleConnection as _, TransactionManager as _};
use uuid::Uuid;

use super::Conn;
use super::door::Job;
use super::standing::Standing;
use crate::auth::Actor;
use crate::error::Result;
use crate::kernel::coded::Coded as _;
use crate::kernel::role::Role;

/// How a transaction begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Read,
    Write,
    Snapshot,
}

impl Mode {
    const fn begin(self) -> &'static str {
        match self {
            Self::Read => "BEGIN READ ONLY",
            Self::Write => "BEGIN",
            Self::Snapshot => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }
}

/// One batch: BEGIN and the caller's identity, local to the transaction.
pub(super) fn begin_as(mode: Mode, actor: &Actor, standing: &Standing) -> String {
    let mut sql = String::with_capacity(512);
    sql.push_str(mode.begin());
    sql.push_str("; SELECT set_config('app.actor_kind','");
    sql.push_str(actor.kind.code());
    sql.push('\'');
    sql.push_str(",true)");
    setting(&mut sql, "app.role", actor.role.map_or("", Role::code));
    setting_uuid(&mut sql, "app.organisation", actor.organisation.map(Uuid::from));
    setting_uuid(&mut sql, "app.client", actor.client.map(Uuid::from));
    setting_uuid(&mut sql, "app.link", actor.link.map(Uuid::from));
    setting_uuids(&mut sql, "app.regions", &standing.regions);
    for (scope, practices) in &standing.mandated {
        setting_uuids(&mut sql, scope.setting(), practices);
    }
    sql
}

/// Begins a transaction with a batch of [`begin_as`] or [`begin_as_job`], on the fixed business date if
/// there is one. A batch that fails after its `BEGIN` leaves a transaction that diesel does not know of:
/// it is rolled back, or the pool drops the connection, lest its next user find it aborted.
///
/// # Errors
/// 503 for a dead connection, or what the database refused.
pub(super) fn begin(conn: &mut Conn, mut sql: String, today: Option<NaiveDate>) -> Result<()> {
    if let Some(today) = today {
        fix_today(&mut sql, today);
    }
    AnsiTransactionManager::begin_transaction_sql(conn, &sql).map_err(|error| {
        if conn.batch_execute("ROLLBACK").is_err() {
            AnsiTransactionManager::transaction_manager_status_mut(conn).set_in_error();
        }
        error.into()
    })
}

/// Demo mode's fixed business date, inside a transaction's first batch.
fn fix_today(sql: &mut String, today: NaiveDate) {
    setting(sql, "app.today", &today.to_string());
}

/// The same for work of the system itself, named by its reason.
pub(super) fn begin_as_job(mode: Mode, job: Job) -> String {
    format!(
        "{}; SELECT set_config('app.actor_kind','job',true), set_config('app.job','{}',true)",
        mode.begin(),
        job.code()
    )
}

/// Long work's own rungs of the time ladder, inside its transaction's first batch.
pub(super) fn give_time(sql: &mut String) {
    setting(sql, "statement_timeout", "600s");
    setting(sql, "lock_timeout", "20s");
    setting(sql, "idle_in_transaction_session_timeout", "60s");
}

/// Goes on in the same transaction as the system itself.
pub(super) fn become_job(conn: &mut Conn, job: Job) -> Result<()> {
    let sql = format!(
        "SELECT set_config('app.actor_kind','job',true), set_config('app.job','{}',true), \
         set_config('app.role','',true), set_config('app.organisation','',true), set_config('app.client','',true)",
        job.code()
    );
    Ok(conn.batch_execute(&sql)?)
}

fn setting(sql: &mut String, name: &str, checked_code: &str) {
    // Writing to a String cannot fail.
    let _ = write!(sql, ", set_config('{name}','{checked_code}',true)");
}

fn setting_uuid(sql: &mut String, name: &str, id: Option<Uuid>) {
    if let Some(id) = id {
        let _ = write!(sql, ", set_config('{name}','{id}',true)");
    }
}

fn setting_uuids(sql: &mut String, name: &str, ids: &[Uuid]) {
    if ids.is_empty() {
        return;
    }
    let _ = write!(sql, ", set_config('{name}','{{");
    for (index, id) in ids.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        let _ = write!(sql, "{comma}{id}");
    }
    sql.push_str("}',true)");
}
