//! Mails: written into an outbox in the transaction that asks for them, content sealed, and sent by
//! a worker in every process that serves. Each is sent at least once: a process that dies between
//! the mail server's yes and its own note of it sends the same mail again, under the same
//! `Message-ID`. Address and content are wiped as soon as a mail was sent or given up; neither is
//! ever logged.

mod desk;
mod letter;
mod outbox;
mod post;
mod queries;
mod rules;
mod worker;

pub use desk::{Desk, Turn};
pub use letter::{Letter, SignAgreement};
pub use outbox::Outbox;
pub use post::{Post, PostRefused};
pub use worker::Worker;
