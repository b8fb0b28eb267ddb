//! The outbox in the database. Address and content are there as long as a mail waits.

use std::time::Duration;

use diesel::sql_types::{BigInt, Binary, Bool, Double, Integer, Text, Uuid as SqlUuid};
use diesel::{OptionalExtension as _, QueryableByName, RunQueryDsl as _, sql_query};

use crate::db::{Conn, Prepare as _};
use crate::error::Result;
use crate::kernel::ids::{MailId, OrganisationId};

/// A mail on its way into the outbox.
pub(super) struct NewMail<'m> {
    pub(super) id: MailId,
    pub(super) organisation: OrganisationId,
    pub(super) template: &'static str,
    pub(super) language: &'static str,
    pub(super) recipient: &'m str,
    pub(super) content: Vec<u8>,
}

/// A mail that this process tries to send now.
#[derive(QueryableByName)]
pub(super) struct Due {
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: MailId,
    #[diesel(sql_type = Text)]
    pub(super) template: String,
    #[diesel(sql_type = Text)]
    pub(super) language: String,
    #[diesel(sql_type = Text)]
    pub(super) recipient: String,
    #[diesel(sql_type = Binary)]
    pub(super) content: Vec<u8>,
    #[diesel(sql_type = Integer)]
    pub(super) attempts: i32,
    #[diesel(sql_type = Bool)]
    pub(super) lapsed: bool,
}

pub(super) fn insert(conn: &mut Conn, mail: &NewMail<'_>) -> Result<()> {
    sql_query(
        "INSERT INTO outbox_mails (id, organisation_id, template, language, recipient, content) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind::<SqlUuid, _>(mail.id)
    .bind::<SqlUuid, _>(mail.organisation)
    .bind::<Text, _>(mail.template)
    .bind::<Text, _>(mail.language)
    .bind::<Text, _>(mail.recipient)
    .bind::<Binary, _>(&mail.content)
    .prepared()
    .execute(conn)?;
    Ok(())
}

/// Takes the mail that has waited longest; nobody else tries it for five minutes.
pub(super) fn lease(conn: &mut Conn) -> Result<Option<Due>> {
    Ok(sql_query(include_str!("lease.sql")).prepared().get_result(conn).optional()?)
}

/// Notes that the mail server took it. Whoever holds the lease by now, it was sent.
pub(super) fn mark_sent(conn: &mut Conn, id: MailId) -> Result<()> {
    sql_query(
        "UPDATE outbox_mails SET sent_at = now(), recipient = NULL, content = NULL, error_code = NULL \
         WHERE id = $1 AND sent_at IS NULL AND failed_at IS NULL",
    )
    .bind::<SqlUuid, _>(id)
    .prepared()
    .execute(conn)?;
    Ok(())
}

/// Gives a mail up; not when somebody else tries it by now.
pub(super) fn give_up(conn: &mut Conn, mail: &Due, code: &str) -> Result<()> {
    sql_query(
        "UPDATE outbox_mails SET failed_at = now(), recipient = NULL, content = NULL, error_code = $3 \
         WHERE id = $1 AND attempts = $2 AND sent_at IS NULL AND failed_at IS NULL",
    )
    .bind::<SqlUuid, _>(mail.id)
    .bind::<Integer, _>(mail.attempts)
    .bind::<Text, _>(code)
    .execute(conn)?;
    Ok(())
}

/// Puts a mail off; `counts` says whether this was an attempt of its own. Not when somebody else
/// tries it by now.
pub(super) fn put_off(conn: &mut Conn, mail: &Due, code: &str, wait: Duration, counts: bool) -> Result<()> {
    sql_query(
        "UPDATE outbox_mails SET error_code = $3, next_attempt_at = now() + make_interval(secs => $4), attempts = $5 \
         WHERE id = $1 AND attempts = $2 AND sent_at IS NULL AND failed_at IS NULL",
    )
    .bind::<SqlUuid, _>(mail.id)
    .bind::<Integer, _>(mail.attempts)
    .bind::<Text, _>(code)
    .bind::<Double, _>(wait.as_secs_f64())
    .bind::<Integer, _>(if counts { mail.attempts } else { mail.attempts - 1 })
    .execute(conn)?;
    Ok(())
}

#[derive(QueryableByName)]
struct Waiting {
    #[diesel(sql_type = BigInt)]
    waiting: i64,
}

/// How many mails wait, over all processes.
pub(super) fn count_waiting(conn: &mut Conn) -> Result<i64> {
    let found: Waiting =
        sql_query("SELECT count(*) AS waiting FROM outbox_mails WHERE sent_at IS NULL AND failed_at IS NULL")
            .prepared()
            .get_result(conn)?;
    Ok(found.waiting)
}
