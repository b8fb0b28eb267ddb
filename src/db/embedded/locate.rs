//! Finds the programs of a PostgreSQL installation.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{EmbeddedError, Environment};

/// The oldest major version that is supported.
pub(super) const OLDEST: u32 = 15;

/// The path when the environment has none.
const DEFAULT_PATH: &str = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";

/// Folders whose entries with a given beginning hold one installation each, in their `bin`.
const VERSIONED: [(&str, &str); 7] = [
    ("/usr/lib/postgresql", ""),
    ("/usr", "pgsql-"),
    ("/usr/lib", "postgresql"),
    ("/opt/homebrew/opt", "postgresql"),
    ("/usr/local/opt", "postgresql"),
    ("/home/linuxbrew/.linuxbrew/opt", "postgresql"),
    ("/Applications/Postgres.app/Contents/Versions", ""),
];

/// The folder of `initdb` and `postgres`: of exactly the given major version, or else the first on `PATH`, or else the newest.
pub(super) fn bin_folder(environment: &Environment, major: Option<u32>) -> Result<PathBuf, EmbeddedError> {
    let wanted = |version: u32| match major {
        Some(major) => version == major,
        None => version >= OLDEST,
    };
    let first = |folders: Vec<PathBuf>| folders.into_iter().find(|folder| version(folder).is_some_and(wanted));
    let found = match &environment.pg_bin {
        // Programs are started from another folder than ours.
        Some(folder) => first(std::path::absolute(folder).into_iter().collect()),
        None => first(search_path(environment)).or_else(|| {
            versioned_folders()
                .into_iter()
                .filter_map(|folder| Some((version(&folder)?, folder)))
                .filter(|(version, _)| wanted(*version))
                .max_by_key(|(version, _)| *version)
                .map(|(_, folder)| folder)
        }),
    };
    found.ok_or_else(|| EmbeddedError::NotFound { install: install_command(environment) })
}

/// The path that programs are looked up on.
pub(super) fn path(environment: &Environment) -> &OsStr {
    environment.path.as_deref().unwrap_or(OsStr::new(DEFAULT_PATH))
}

fn search_path(environment: &Environment) -> Vec<PathBuf> {
    std::env::split_paths(path(environment)).filter(|folder| folder.is_absolute()).collect()
}

fn versioned_folders() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for (parent, beginning) in VERSIONED {
        let Ok(entries) = Path::new(parent).read_dir() else {
            continue;
        };
        folders.extend(
            entries
                .flatten()
                .filter(|entry| entry.file_name().to_string_lossy().starts_with(beginning))
                .map(|entry| entry.path().join("bin")),
        );
    }
    folders
}

/// The major version of the installation in a folder, when both programs are there and run.
fn version(folder: &Path) -> Option<u32> {
    let server = folder.join("postgres");
    if !server.is_file() || !folder.join("initdb").is_file() {
        return None;
    }
    let output = Command::new(server).arg("--version").stdin(Stdio::null()).output().ok()?;
    parse_version(&String::from_utf8_lossy(&output.stdout))
}

/// Reads `postgres (PostgreSQL) 15.18 (Debian ...)`.
fn parse_version(line: &str) -> Option<u32> {
    let number = line.split_once(") ")?.1;
    let end = number.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(number.len());
    number.get(..end)?.parse().ok()
}

fn install_command(environment: &Environment) -> &'static str {
    let folders = search_path(environment);
    let has = |program: &str| folders.iter().any(|folder| folder.join(program).is_file());
    if has("apt-get") {
        "sudo apt-get install postgresql libpq-dev"
    } else if has("dnf") {
        "sudo dnf install postgresql-server libpq-devel"
    } else if has("brew") {
        "brew install postgresql@17"
    } else {
        "apt-get install postgresql, dnf install postgresql-server or brew install postgresql@17"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_the_server_prints() {
        for (line, major) in [
            ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", Some(15)),
            ("postgres (PostgreSQL) 18beta1\n", Some(18)),
            ("postgres (PostgreSQL) 17", Some(17)),
            ("postgres (PostgreSQL)", None),
            ("", None),
        ] {
            assert_eq!(parse_version(line), major, "{line}");
        }
    }

    #[test]
    fn a_missing_server_is_answered_in_three_lines() {
        let environment = Environment {
            pg_bin: Some(PathBuf::from("/nonexistent")),
            path: Some("/nonexistent".into()),
            ..Environment::default()
        };
        let message = bin_folder(&environment, None).unwrap_err().to_string();
        assert_eq!(message.lines().count(), 3, "{message}");
        assert!(message.contains("apt-get install postgresql"), "{message}");
    }
}
