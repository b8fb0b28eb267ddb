//! Putting mails into the outbox, and taking them out of their envelope again.

use super::letter::Letter;
use super::queries::{self, Due, NewMail};
use crate::auth::keys::{MasterKey, Sealer};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::http::problem::Language;
use crate::kernel::formats::Email;
use crate::kernel::ids::{MailId, OrganisationId};

/// Where mails wait until they are sent. What they say is sealed under a key of its own, together
/// with the address, so that nobody who can only write the table can have a mail sent elsewhere.
#[derive(Debug, Clone)]
pub struct Outbox {
    sealer: Sealer,
}

impl Outbox {
    /// The outbox of a service.
    #[must_use]
    pub fn new(master: &MasterKey) -> Self {
        Self { sealer: master.sealer("mails") }
    }

    /// Has a mail sent once the caller's transaction is committed; `organisation` is the caller's.
    ///
    /// # Errors
    /// 503 when the database cannot serve.
    pub fn enqueue(
        &self,
        conn: &mut Conn,
        organisation: OrganisationId,
        language: Language,
        recipient: &Email,
        letter: &Letter,
    ) -> Result<MailId> {
        let (id, recipient) = (MailId::new(), recipient.to_string());
        let content = serde_json::to_vec(letter).map_err(Error::internal)?;
        let content = self.sealer.seal(&envelope(id, &recipient), &content)?;
        queries::insert(
            conn,
            &NewMail {
                id,
                organisation,
                template: letter.template(),
                language: language.tag(),
                recipient: &recipient,
                content,
            },
        )?;
        Ok(id)
    }

    /// What a mail says; none when it was sealed under another key or for another address.
    pub(super) fn open(&self, mail: &Due) -> Option<Letter> {
        let content = self.sealer.open(&envelope(mail.id, &mail.recipient), &mail.content)?;
        serde_json::from_slice(&content).ok()
    }
}

fn envelope(id: MailId, recipient: &str) -> String {
    format!("{id} {recipient}")
}
