//! The first calls of the README, as they stand there.

use std::path::Path;
use std::process::Command;

const README: &str = include_str!("../../README.md");

/// The blocks of the section as one script, for this service and its clients.
fn script(address: &str, clients: &Path) -> String {
    let section = README.split("## First five calls").nth(1).unwrap().split("\n## ").next().unwrap();
    let blocks = section.split("```sh").skip(1).map(|rest| rest.split("```").next().unwrap());
    let mut lines = Vec::new();
    for line in blocks.flat_map(str::lines).map(str::trim_start) {
        lines.push(match line.split_once('=') {
            Some(("API", _)) => format!("API=http://{address}"),
            Some(("CLIENTS", _)) => format!("CLIENTS={}", clients.display()),
            _ => line.to_owned(),
        });
    }
    lines.join("\n")
}

/// What a reader sees who types all of them, and the change a second time.
pub fn work_as_written(address: &str, clients: &Path) {
    let mut script = script(address, clients);
    let change = script.find("curl -si -X PATCH").unwrap();
    let after = change + script[change..].find("\nfor role").unwrap();
    let again = script[change..after].to_owned();
    script.insert_str(after, &format!("\n{again}"));

    let output = Command::new("sh").args(["-euc", &script]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let mut rest = said.as_str();
    for expected in [
        r#"{"items":[{"id":""#,
        "HTTP/1.1 200 OK",
        "etag: ",
        "HTTP/1.1 200 OK",
        "Een stagebureau neemt de huisarts het werk uit handen.",
        "HTTP/1.1 412 ",
        r#""code":"scope-missing""#,
        r#""code":"not-permitted-on-resource""#,
        r#"{"items":[{"id":""#,
    ] {
        rest = rest.split_once(expected).unwrap_or_else(|| panic!("{expected} in {rest}")).1;
    }
}
