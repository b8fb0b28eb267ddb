//! One turn of the work: take a mail, try to send it, note what came of it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::Duration;

use metrics::{counter, gauge};

use super::outbox::Outbox;
use super::post::Post;
use super::queries::{self, Due};
use super::rules::{Delivery, Fate, fate, is_worn_out};
use crate::db::{Bulk, Conn, Db, Job};
use crate::error::Result;

/// Takes mails out of the outbox and hands them to the post, one at a time.
#[derive(Debug)]
pub struct Desk {
    bulk: Bulk,
    outbox: Outbox,
    post: Option<Post>,
}

/// What a turn came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// A mail was sent, put off or given up: look for the next one.
    Handled,
    /// No mail is due, or there is no way out.
    Idle,
    /// The mail server is away: there is no use in trying the next one.
    Away,
}

impl Desk {
    /// How often to note that a mail was sent before a repetition is risked.
    const NOTES: u32 = 10;

    /// Without a way out mails wait.
    #[must_use]
    pub fn new(db: &Db, outbox: Outbox, post: Option<Post>) -> Self {
        Self { bulk: db.bulk().clone(), outbox, post }
    }

    /// Takes the mail that is due longest and tries to send it.
    ///
    /// # Errors
    /// 503 when the database cannot serve; the mail is tried again after its lease.
    pub fn send_next(&self) -> Result<Turn> {
        let Some(post) = &self.post else { return Ok(Turn::Idle) };
        let Some(mail) = self.run(queries::lease)? else { return Ok(Turn::Idle) };
        let (id, template, attempt) = (mail.id, mail.template.as_str(), mail.attempts);
        let fate = fate(self.attempt(post, &mail), attempt);
        let turn = match &fate {
            Fate::Sent => {
                tracing::info!(mail = %id, template, "mail.sent");
                counter!("mails_sent_total").increment(1);
                Turn::Handled
            }
            Fate::Later { code, counts: false, .. } => {
                tracing::warn!(mail = %id, %code, "mail.server_away: mails wait until it is back");
                Turn::Away
            }
            Fate::Later { code, wait, .. } => {
                tracing::warn!(mail = %id, %code, attempt, wait_s = wait.as_secs(), "mail.put_off: it is tried again");
                Turn::Handled
            }
            Fate::GivenUp(code) => {
                tracing::error!(mail = %id, template, %code, attempt, "mail.given_up: it will not arrive");
                counter!("mails_failed_total", "code" => code.to_string()).increment(1);
                Turn::Handled
            }
        };
        self.note(&mail, &fate)?;
        Ok(turn)
    }

    /// Tells the metrics how many mails wait.
    ///
    /// # Errors
    /// 503 when the database cannot serve.
    pub fn count_waiting(&self) -> Result<()> {
        let waiting = self.run(queries::count_waiting)?;
        gauge!("mails_waiting").set(f64::from(i32::try_from(waiting).unwrap_or(i32::MAX)));
        Ok(())
    }

    fn attempt(&self, post: &Post, mail: &Due) -> Delivery {
        if mail.lapsed {
            return Delivery::Refused("lapsed".into());
        }
        if is_worn_out(mail.attempts) {
            return Delivery::Refused("interrupted".into());
        }
        let Some(letter) = self.outbox.open(mail) else { return Delivery::Refused("unreadable".into()) };
        // A defect of ours costs the mail, not the worker.
        catch_unwind(AssertUnwindSafe(|| post.deliver(mail, &letter)))
            .unwrap_or_else(|_panicked| Delivery::Deferred("defect".into()))
    }

    /// A mail that was sent and is not noted goes out twice, so that is tried harder.
    fn note(&self, mail: &Due, fate: &Fate) -> Result<()> {
        match fate {
            Fate::Sent => {
                for _ in 1..Self::NOTES {
                    match self.run(|conn| queries::mark_sent(conn, mail.id)) {
                        Ok(()) => return Ok(()),
                        Err(error) => {
                            tracing::warn!(mail = %mail.id, %error, "mail.not_noted: trying again");
                            thread::sleep(Duration::from_secs(1));
                        }
                    }
                }
                self.run(|conn| queries::mark_sent(conn, mail.id))
            }
            Fate::Later { code, wait, counts } => self.run(|conn| queries::put_off(conn, mail, code, *wait, *counts)),
            Fate::GivenUp(code) => self.run(|conn| queries::give_up(conn, mail, code)),
        }
    }

    fn run<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        self.bulk.run_as_system(Job::SendMails, work)
    }
}
