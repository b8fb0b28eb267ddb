//! How mails leave, as the settings say.

use std::path::{Path, PathBuf};

use super::Failure;
use crate::auth::keys::MasterKey;
use crate::config::{Mode, Settings};
use crate::db::Db;
use crate::mailing::{Desk, Outbox, Post, Worker};

/// Sender of mails that only become files.
const NOBODY: &str = "Stagepunt <noreply@stagepunt.example>";

/// The way out for mails, if there is one.
pub(super) struct Mails {
    pub(super) post: Option<Post>,
    /// Where they are written, if they are not sent.
    pub(super) folder: Option<PathBuf>,
}

impl Mails {
    /// A mail server; else a folder that is named, or that of demo mode; else none.
    pub(super) fn of(settings: &Settings, base_url: &str, data_folder: &Path) -> Result<Self, Failure> {
        let mail = &settings.mail;
        let page = mail.signing_url.clone().unwrap_or_else(|| format!("{base_url}/sign"));
        let from = mail.mail_from.as_deref().unwrap_or(NOBODY);
        if let Some(url) = &mail.smtp_url {
            if settings.database.mode == Mode::Production && url.starts_with("smtp://") && !url.contains("tls=required")
            {
                tracing::warn!(
                    "mail.not_encrypted: SMTP_URL demands no TLS, mails and the password can be read on the way"
                );
            }
            let post = Post::through_server(url, from, &page).map_err(Failure::of)?;
            return Ok(Self { post: Some(post), folder: None });
        }
        if mail.mail_folder.is_some() && settings.database.mode == Mode::Production {
            return Err(Failure::Failed("MAIL_FOLDER is refused in production mode; set SMTP_URL.".to_owned()));
        }
        let folder = mail.mail_folder.clone().or_else(|| settings.demo.then(|| data_folder.join("mails")));
        if let Some(folder) = folder {
            let post = Post::into_folder(&folder, from, &page).map_err(Failure::of)?;
            return Ok(Self { post: Some(post), folder: Some(folder) });
        }
        tracing::warn!("mail.no_server: SMTP_URL is not set, mails wait in the database");
        Ok(Self { post: None, folder: None })
    }
}

/// Starts the worker that sends.
pub(super) fn start(db: &Db, master: &MasterKey, post: Option<Post>) -> std::io::Result<Worker> {
    Worker::start(Desk::new(db, Outbox::new(master), post))
}
