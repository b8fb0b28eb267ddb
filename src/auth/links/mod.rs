//! Links (links per mail) for people without an account: a random token, mailed once and kept only
//! as its hash, that opens one agreement or feedback item. Reading is allowed until it is used;
//! acting burns it in the same transaction; a new link revokes the one before it.
//!
//! A handler that a link opens says so in its first argument, [`ByLink`]; its row policies compare
//! the row with `app_linked('<purpose>')`.

mod guard;
mod handlers;
mod model;
mod queries;
mod token;

pub use guard::{Behind, ByLink, LINK_NEEDED};
pub use handlers::routes;
pub use model::{AgreementLink, AnyLink, Link, LinkPurpose, Purpose};
pub use queries::{burn, issue, revoke_for};
pub use token::LinkToken;
