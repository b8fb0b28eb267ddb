//! The subcommands of the binary.

mod clients;
mod generate;
mod health;
mod mails;
mod serve;
mod signals;
mod store;

use std::process::ExitCode;

use clap::Subcommand;

use crate::config::{Database, Settings};

/// What the binary can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serves the API.
    Serve(Box<Settings>),
    /// Brings the schema up, as the owner, and gives the app login the password of DATABASE_URL.
    Migrate(Box<Database>),
    /// Loads the demo data of the five initiatives into an empty development database.
    Demo(Box<Database>),
    /// Creates, lists, rotates and revokes API clients.
    Client(clients::Arguments),
    /// Rotates the keys that sign access tokens.
    Keys(clients::KeyArguments),
    /// Prints the contract (OpenAPI 3.1) that the server serves.
    Openapi,
    /// Rewrites every generated file of the repository but `src/schema.rs`, which diesel's own tool writes.
    Generate,
    /// Asks a running server whether it is ready; exit code 0 when it is.
    Health(health::Arguments),
}

/// Why a command ended without success.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Nothing on this machine can do it; exit code 2.
    #[error("{0}")]
    Missing(String),
    /// Something went wrong; exit code 1.
    #[error("{0}")]
    Failed(String),
}

impl Failure {
    fn of(error: impl std::fmt::Display) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Runs a subcommand and tells the exit code: 1 when it failed, 2 when something is missing.
pub async fn run(command: Command) -> ExitCode {
    let done = match command {
        Command::Serve(settings) => serve::serve(*settings).await,
        Command::Migrate(database) => store::migrate(&database),
        Command::Demo(database) => serve::load_demo(*database).await,
        Command::Client(arguments) => clients::run(arguments).await,
        Command::Keys(arguments) => clients::rotate_keys(arguments).await,
        Command::Openapi => generate::print_contract(),
        Command::Generate => generate::rewrite_all(),
        Command::Health(arguments) => health::ask(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(if matches!(failure, Failure::Missing(_)) { 2 } else { 1 })
        }
    }
}
