//! Brings the schema up (and, for tests, down) as the owner.

use diesel::pg::{Pg, PgConnection};
use diesel::{Connection as _, connection::SimpleConnection as _};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Why the schema could not be brought up.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The owner cannot log in.
    #[error("cannot connect as owner: {0}")]
    Connect(String),
    /// A migration failed; it was rolled back.
    #[error("migration failed: {0}")]
    Failed(String),
}

fn connect(owner_url: &str) -> Result<PgConnection, MigrateError> {
    let mut conn = PgConnection::establish(owner_url).map_err(|error| MigrateError::Connect(error.to_string()))?;
    // Several processes may start at once; the lock ends with the session.
    conn.batch_execute("SELECT pg_advisory_lock(hashtext('stagepunt.migrate'))")
        .map_err(|error| MigrateError::Failed(error.to_string()))?;
    Ok(conn)
}

/// Runs every migration that has not run; returns how many did.
///
/// # Errors
/// When the owner cannot log in or a migration fails.
pub fn migrate(owner_url: &str) -> Result<usize, MigrateError> {
    let mut conn = connect(owner_url)?;
    conn.run_pending_migrations(MIGRATIONS)
        .map(|done| done.len())
        .map_err(|error| MigrateError::Failed(error.to_string()))
}

/// Undoes every migration, newest first, as a test of the way back.
///
/// # Errors
/// When the owner cannot log in or a step fails.
pub fn revert_all(owner_url: &str) -> Result<usize, MigrateError> {
    let mut conn = connect(owner_url)?;
    diesel_migrations::MigrationHarness::<Pg>::revert_all_migrations(&mut conn, MIGRATIONS)
        .map(|done| done.len())
        .map_err(|error| MigrateError::Failed(error.to_string()))
}
