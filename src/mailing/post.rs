//! The way out: a mail server, or a folder of files for who tries things out.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, SinglePart};
use lettre::transport::smtp::{self, SmtpTransport};
use lettre::{Address, Message, Transport as _};

use super::letter::Letter;
use super::queries::Due;
use super::rules::Delivery;
use crate::http::problem::Language;

/// How long the mail server may take for each of its answers.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why mails cannot be sent as the settings say. Never shows a setting's value.
#[derive(Debug, thiserror::Error)]
pub enum PostRefused {
    /// Not one address with or without a name.
    #[error("MAIL_FROM is not a mail address such as `Stagepunt <stagepunt@example.org>`")]
    Sender,
    /// Not a mail server.
    #[error(
        "SMTP_URL is not of the form smtps://user:password@host:port, or smtp://…?tls=required for STARTTLS, \
         or the certificates of this machine cannot be read"
    )]
    Server,
    /// Not a page that a token can be put behind.
    #[error("SIGNING_URL (or BASE_URL) is not an address that begins with http:// or https:// and has no #")]
    SigningUrl,
    /// The folder cannot be made.
    #[error("the folder for mails cannot be made: {0}")]
    Folder(std::io::Error),
}

/// Sends mails.
#[derive(Debug)]
pub struct Post {
    way: Way,
    from: Mailbox,
    signing_url: String,
}

enum Way {
    Server(SmtpTransport),
    Folder(PathBuf),
}

impl Post {
    /// Sends through a mail server; `signing_url` is the page behind which a link's token is put.
    ///
    /// # Errors
    /// [`PostRefused`] for a setting that cannot be.
    pub fn through_server(url: &str, from: &str, signing_url: &str) -> Result<Self, PostRefused> {
        let server = SmtpTransport::from_url(url).map_err(|_may_show_the_password| PostRefused::Server)?;
        Self::new(Way::Server(server.timeout(Some(PATIENCE)).build()), from, signing_url)
    }

    /// Writes each mail as a file into a folder, which is made if it is not there.
    ///
    /// # Errors
    /// [`PostRefused`] for a setting that cannot be.
    pub fn into_folder(folder: &Path, from: &str, signing_url: &str) -> Result<Self, PostRefused> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(PostRefused::Folder)?;
        Self::new(Way::Folder(folder.to_owned()), from, signing_url)
    }

    fn new(way: Way, from: &str, signing_url: &str) -> Result<Self, PostRefused> {
        let is_page = ["http://", "https://"].iter().any(|scheme| signing_url.starts_with(scheme));
        if !is_page || signing_url.contains('#') || signing_url.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(PostRefused::SigningUrl);
        }
        let from = from.parse().map_err(|_unread| PostRefused::Sender)?;
        Ok(Self { way, from, signing_url: signing_url.to_owned() })
    }

    /// Tries to send one mail.
    pub(super) fn deliver(&self, mail: &Due, letter: &Letter) -> Delivery {
        let Ok(to) = mail.recipient.parse::<Address>() else { return Delivery::Refused("malformed-address".into()) };
        let Some(message) = self.message(mail, to, letter) else { return Delivery::Refused("unwritable".into()) };
        match &self.way {
            Way::Server(server) => match server.send(&message) {
                Ok(_) => Delivery::Sent,
                Err(error) => judge(server, &error),
            },
            Way::Folder(folder) => match write(folder, &mail.id.to_string(), &message.formatted()) {
                Ok(()) => Delivery::Sent,
                Err(_full_or_gone) => Delivery::Away("folder-unwritable".into()),
            },
        }
    }

    fn message(&self, mail: &Due, to: Address, letter: &Letter) -> Option<Message> {
        let language = if mail.language == Language::English.tag() { Language::English } else { Language::Dutch };
        let written = letter.write(language, &self.signing_url);
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(to.into())
            .subject(written.subject)
            // The same in every attempt, by which a mailbox knows a repetition.
            .message_id(Some(format!("<{}@{}>", mail.id, self.from.email.domain())))
            .date_now()
            .singlepart(
                SinglePart::builder()
                    .header(ContentType::TEXT_PLAIN)
                    .header(ContentTransferEncoding::QuotedPrintable)
                    .body(written.body),
            )
            .ok()?;
        for (name, value) in [("Auto-Submitted", "auto-generated"), ("Content-Language", language.tag())] {
            let name = HeaderName::new_from_ascii(name.to_owned()).ok()?;
            message.headers_mut().insert_raw(HeaderValue::new(name, value.to_owned()));
        }
        Some(message)
    }
}

/// What a failure means. A server that does not let us in at all is away, whatever it says: a wrong
/// password must not cost a single mail.
fn judge(server: &SmtpTransport, error: &smtp::Error) -> Delivery {
    let code = match error.status() {
        Some(status) => format!("smtp-{status}").into(),
        None if error.is_timeout() => "timeout".into(),
        None if error.is_tls() => "tls".into(),
        None => "unreachable".into(),
    };
    if !matches!(server.test_connection(), Ok(true)) {
        Delivery::Away(code)
    } else if error.is_permanent() {
        Delivery::Refused(code)
    } else {
        Delivery::Deferred(code)
    }
}

/// Writes a file that only its owner can read, whole or not at all.
fn write(folder: &Path, name: &str, content: &[u8]) -> std::io::Result<()> {
    let draft = folder.join(format!("{name}.new"));
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    file.write_all(content)?;
    fs::rename(draft, folder.join(format!("{name}.eml")))
}

impl std::fmt::Debug for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Server(_) => "Server",
            Self::Folder(_) => "Folder",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Post, PostRefused};

    const FROM: &str = "Stagepunt <stagepunt@example.org>";

    #[test]
    fn settings_that_cannot_be_are_refused_without_showing_them() {
        let page = "https://tekenen.example.org/";
        for url in ["smtp://mail.example.org", "smtps://u:p%40ss@mail.example.org:465", "smtp://h:587?tls=required"] {
            assert!(Post::through_server(url, FROM, page).is_ok(), "{url}");
        }
        for url in ["", "mail.example.org", "https://u:secret@mail.example.org", "smtp://h?tls=secret"] {
            let refused = Post::through_server(url, FROM, page).unwrap_err();
            assert!(matches!(refused, PostRefused::Server), "{url}");
            assert!(!refused.to_string().contains("secret"));
        }
        let sender = Post::through_server("smtp://mail.example.org", "nobody", page);
        assert!(matches!(sender, Err(PostRefused::Sender)));
        for page in ["", "tekenen.example.org", "https://tekenen.example.org/#x", "https://a b"] {
            let refused = Post::through_server("smtp://mail.example.org", FROM, page);
            assert!(matches!(refused, Err(PostRefused::SigningUrl)), "{page}");
        }
    }
}
