//! The recipes of `docs/roster-sync.md`, run as they stand there.

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::json;

use super::{Rosters, ended, roster};
use crate::students::SCHOOL;
use crate::support::{Cluster, TestApp};

const PAGE: &str = include_str!("../../../docs/roster-sync.md");

/// The code block of the page that holds these words.
fn recipe(kind: &str, words: &str) -> &'static str {
    let mark = format!("```{kind}\n");
    let mut blocks = PAGE.split(&mark).skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks.find(|block| block.contains(words)).unwrap_or_else(|| panic!("no recipe for {words}"))
}

/// An empty folder, which goes with that of the tests.
fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("stagepunt-test-{}", std::process::id())).join(name);
    std::fs::create_dir_all(&path).unwrap();
    path
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

/// What the recipe for the night wants to be there.
struct Desk(PathBuf);

impl Desk {
    fn of(app: &TestApp) -> Self {
        let desk = Self(folder("roster-desk"));
        let client = Cluster::shared().clients.iter().find(|client| client.key == SCHOOL).unwrap();
        desk.write("roster.conf", &format!("BASE={}\n", app.address));
        desk.write("login", &format!("user = \"{}:{}\"\n", client.client_id, client.client_secret));
        desk.write("sync-roster", recipe("sh", "/usr/local/bin/sync-roster <file.csv>"));
        desk
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.join(name), text).unwrap();
    }

    /// What cron runs every night: whether it went well, and what it says.
    fn sync(&self, csv: &str) -> (bool, String) {
        self.write("roster.csv", csv);
        let mut night = Command::new("sh");
        night.args(["sync-roster", "roster.csv"]).current_dir(&self.0).env("STAGEPUNT", &self.0).env("PAUSE", "0");
        let output = night.output().unwrap();
        (output.status.success(), said(&output))
    }
}

#[actix_web::test]
async fn the_script_of_the_night_hands_the_roster_over_and_says_what_became_of_it() {
    let rosters = Rosters::start().await;
    let (desk, client) = (Desk::of(&rosters.app), &rosters.school.client);
    // The demo's students of this school are on no such roster.
    let (well, told) = desk.sync(&roster("", &["s1", "s2"], ""));
    assert!(!well && told.contains(r#"{"status":"guard-blocked""#), "{told}");
    let blocked = client.get("/v1/roster-imports?status=guard-blocked").await.is(200).text_at("/items/0/id");
    let path = format!("/v1/roster-imports/{blocked}");
    client.post(&format!("{path}/transitions"), &json!({ "to": "queued" })).await.is(200);
    assert_eq!(ended(client, &path).await["status"], "done");

    let mut unknown = roster("", &["s1", "s2", "s3"], "");
    unknown.push_str("s4,Voorbeeld,Student,ONBEKEND\n");
    let (well, told) = desk.sync(&unknown);
    assert!(well && told.contains(r#"{"status":"done""#), "{told}");
    assert!(told.contains("unknown-programme"), "the faults row by row: {told}");
    assert_eq!(rosters.students(), ["s1 active 1", "s2 active 1", "s3 active 1"]);

    let (well, told) = desk.sync("sourcedId\n");
    assert!(!well && told.contains("header-wrong"), "{told}");
    desk.write("login", "user = \"nobody:nothing\"\n");
    let (well, told) = desk.sync(&roster("", &["s1"], ""));
    assert!(!well && told.contains("invalid_client"), "{told}");
}

/// The first test vector of RFC 4231 for HMAC-SHA256.
#[test]
fn both_recipes_make_the_same_key_of_a_student_number() {
    let (folder, number) = (folder("roster-keys"), "Hi There");
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    let here = |recipe: &str| recipe.replace("/etc/stagepunt/", &format!("{}/", folder.display()));
    write("roster.key", &format!("{}\n", "0b".repeat(20)));
    write("numbers.csv", &format!("sourcedId,givenName\n{number},Voorbeeld\n"));
    write("key-roster", &here(recipe("python", "hmac.new")));
    let one = here(recipe("sh", "openssl dgst -sha256 -mac HMAC"));
    for (script, expected) in [
        (one.as_str(), "b0344c61d8db38535ca8afceaf0bf12b\n"),
        ("python3 key-roster <numbers.csv", "sourcedId,givenName\nb0344c61d8db38535ca8afceaf0bf12b,Voorbeeld\n"),
    ] {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]).current_dir(&folder).env("STUDENT_NUMBER", number);
        assert_eq!(said(&shell.output().unwrap()), expected);
    }
}
