//! `openapi` and `generate`: the committed files that follow from the code.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::Failure;
use crate::generated;

/// Prints the contract.
pub(super) fn print_contract() -> Result<(), Failure> {
    println!("{}", generated::openapi().map_err(Failure::of)?);
    Ok(())
}

/// Rewrites every generated file below the current folder but `src/schema.rs`: those that follow from a migrated database are
/// written by the tests that otherwise compare them.
pub(super) fn rewrite_all() -> Result<(), Failure> {
    if !Path::new("Cargo.toml").is_file() {
        return Err(Failure::Failed("Run this in the root of the repository.".to_owned()));
    }
    for (path, content) in generated::files().map_err(Failure::of)? {
        fs::write(path, content).map_err(|error| Failure::Failed(format!("{path}: {error}")))?;
        println!("{path}");
    }
    let mut tests = Command::new("cargo");
    tests.args(["test", "--quiet", "--test", "api", "fresh"]).env("UPDATE", "1");
    match tests.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(Failure::Failed("Not everything could be rewritten: see above.".to_owned())),
        Err(error) => Err(Failure::Failed(format!("cargo: {error}"))),
    }
}
