//! The four doors to the database: [`Db::read`], [`Db::write`], [`Db::snapshot`] and
//! [`Db::export`]. Each takes a guard as proof of permission, brings the caller's identity
//! into the transaction for the row policies, and runs the work on a blocking thread.
//! Nothing else reaches a connection.

mod bulk;
mod constraint;
mod deadline;
mod door;
mod embedded;
mod error;
mod facts;
pub mod feed;
mod identity;
mod look;
mod migrate;
mod pool;
mod prepared;
mod setup;
mod standing;
mod sweep;

pub use bulk::{Bulk, Verdict};
pub use constraint::{Breach, OnConstraint};
pub use door::{Caller, Db, Job};
pub use embedded::{EmbeddedError, Environment, Options, PrivatePostgres, default_data_folder};
pub use error::{BUSY, DATABASE_UNAVAILABLE, OVERLOADED, READ_ONLY, STORAGE_FULL};
pub use facts::{is_provisional, standing_fact};
pub use look::SecondLook;
pub use migrate::{MigrateError, migrate, revert_all};
pub use pool::{Login, LoginRefused, PoolSettings};
pub use prepared::{Prepare, Prepared};
pub use setup::{SetupError, app_login, create_database, set_app_password};
pub use sweep::Sweep;

/// What a door hands to queries: a connection inside a transaction that carries the caller's
/// identity. An alias today, so that a faster connection can take its place.
pub type Conn = diesel::pg::PgConnection;

/// The business day, as rules want it.
///
/// # Errors
/// 503 when the database cannot answer.
pub fn today(conn: &mut Conn) -> crate::error::Result<crate::kernel::today::Today> {
    use diesel::RunQueryDsl as _;
    let day = diesel::select(diesel::dsl::sql::<diesel::sql_types::Date>("app_today()")).prepared().get_result(conn)?;
    Ok(crate::kernel::today::Today(day))
}
