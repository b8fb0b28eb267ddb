//! What the program refuses to start with, how it says so, and with which exit code.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::path::PathBuf;
use std::process::{Command, Output};

/// A database nobody listens for, and settings with which production would start.
const PRODUCTION: [(&str, &str); 4] = [
    ("MODE", "production"),
    ("DATABASE_URL", "postgres://stagepunt_app@127.0.0.1:1/stagepunt"),
    ("MASTER_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
    ("BASE_URL", "https://stagepunt.example"),
];

/// A data folder of its own, removed afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("stagepunt-settings-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn run(folder: &Folder, arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_stagepunt"));
    program.env_clear().args(arguments).envs(settings.iter().copied()).env("DATA_FOLDER", &folder.0);
    program.env("LISTEN", "127.0.0.1:0").env("ADMIN_LISTEN", "127.0.0.1:0").output().unwrap()
}

/// Refused with this exit code, on standard error with these words.
fn says(output: &Output, code: i32, words: &str) {
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{words}: {told}");
    assert!(told.contains(words), "{words}: {told}");
}

/// The same, and nothing is left in the folder.
fn is_refused(output: &Output, folder: &Folder, code: i32, words: &str) {
    says(output, code, words);
    assert_eq!(std::fs::read_dir(&folder.0).unwrap().count(), 0, "{words}: something was left");
}

#[test]
fn production_starts_with_nothing_made_up() {
    let folder = Folder::new("production");
    let without = |name: &str| PRODUCTION.into_iter().filter(|(known, _)| *known != name).collect::<Vec<_>>();
    for (missing, words) in [
        ("DATABASE_URL", "the database must be given: set DATABASE_URL"),
        ("MASTER_KEY", "MASTER_KEY must be given"),
        ("BASE_URL", "BASE_URL must be given"),
    ] {
        is_refused(&run(&folder, &["serve"], &without(missing)), &folder, 1, words);
    }
    for arguments in [&["serve", "--demo"][..], &["serve", "--demo", "--today", "2019-03-31"], &["demo"], &[]] {
        is_refused(&run(&folder, arguments, &PRODUCTION), &folder, 1, "are refused in production mode");
    }
    for (arguments, missing) in [(["client", "list"], "DATABASE_URL"), (["keys", "rotate"], "MASTER_KEY")] {
        is_refused(&run(&folder, &arguments, &without(missing)), &folder, 1, missing);
    }
}

#[test]
fn production_mails_are_sent_and_not_written_down() {
    let folder = Folder::new("mails");
    let elsewhere = folder.0.with_extension("mails");
    let mails = elsewhere.to_str().unwrap();
    let settings: Vec<_> = PRODUCTION.into_iter().chain([("MAIL_FOLDER", mails)]).collect();
    is_refused(&run(&folder, &["serve"], &settings), &folder, 1, "MAIL_FOLDER is refused in production mode");
    assert!(!elsewhere.exists());
}

#[test]
fn without_postgresql_three_lines_say_how_to_get_it() {
    let folder = Folder::new("absent");
    let refused = run(&folder, &["serve"], &[("PG_BIN", folder.0.to_str().unwrap())]);
    assert_eq!(String::from_utf8_lossy(&refused.stderr).trim_end().lines().count(), 3);
    says(&refused, 2, "install");
}

#[test]
fn a_setting_that_is_no_such_thing_is_named() {
    let folder = Folder::new("malformed");
    for (name, value) in [("MODE", "almost"), ("DATABASE_CONNECTIONS", "many")] {
        is_refused(&run(&folder, &["serve"], &[(name, value)]), &folder, 2, value);
    }
    let key = [("MASTER_KEY", "too short")];
    is_refused(&run(&folder, &["keys", "rotate"], &[PRODUCTION[0], PRODUCTION[1], key[0]]), &folder, 1, "32");
}
