//! Bad rosters of every kind that has been thought of: each is answered clearly, and changes nothing.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use super::{HEAD, Rosters, ended, roster, upload, zipped};
use crate::students::owner_reads;

const SIX: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
const CSV: &str = "text/csv";
const JSON: &str = "application/json";
const LINES: &str = "application/x-ndjson";
const ZIP: &str = "application/zip";

/// What is said of a bad roster.
enum Said {
    /// The upload is refused.
    Problem(u16, &'static str),
    /// The file as a whole is refused, with this code.
    File(&'static str),
    /// The file is read, and these rows of it are refused.
    Rows(&'static [&'static str]),
    /// The school is asked first.
    Guard,
}
use Said::{File, Guard, Problem, Rows};

/// The roster that is held, with one more row.
fn with_row(row: &str) -> Vec<u8> {
    [roster("", &SIX, "").as_bytes(), row.as_bytes()].concat()
}

/// The roster that is held, with one more column that is filled for `a`.
fn with_cell(column: &str, cell: &str) -> Vec<u8> {
    let rest: Vec<String> = SIX[1..].iter().map(|key| format!("{key},Voorbeeld,Student,PROEF,\n")).collect();
    format!("{HEAD},{column}\na,Voorbeeld,Student,PROEF,{cell}\n{}", rest.concat()).into_bytes()
}

/// The roster that is held as JSON objects, of which the first is changed.
fn objects(first: &str, between: &str) -> String {
    let object = |key: &&str| {
        format!(r#"{{"sourcedId":"{key}","givenName":"Voorbeeld","familyName":"Student","programmeCode":"PROEF"}}"#)
    };
    let rest: Vec<String> = SIX[1..].iter().map(object).collect();
    [first.to_owned(), rest.join(between)].join(between)
}

fn archive(manifest: &str, users: &str) -> Vec<u8> {
    zipped(&[
        ("manifest.csv", manifest),
        ("classes.csv", "sourcedId,classCode\nclass-1,PROEF\n"),
        ("enrollments.csv", "classSourcedId,userSourcedId,role\n"),
        ("users.csv", users),
    ])
}

const BULK: &str = "propertyName,value\nfile.users,bulk\nfile.classes,bulk\nfile.enrollments,bulk\n";
const USERS: &str = "sourcedId,status,givenName,familyName\n";

/// Cells without end, packed small.
fn bomb() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in [("manifest.csv", BULK), ("classes.csv", "sourcedId,classCode\n")] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    let packed = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    zip.start_file("enrollments.csv", packed).unwrap();
    zip.write_all(b"classSourcedId,userSourcedId,role\n").unwrap();
    for _ in 0..64 {
        zip.write_all("x,y,student\n".repeat(10_000).as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn bad_files() -> Vec<(&'static str, &'static str, Vec<u8>, Said)> {
    let plain = |text: &str| text.as_bytes().to_vec();
    let utf16: Vec<u8> = [0xFE_FFu16].into_iter().chain(HEAD.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    let many: Vec<(String, &str)> = (0..100).map(|number| (format!("{number}.csv"), "")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    let half = archive(BULK, USERS);
    let birth = r#"{"sourcedId":"a","givenName":"Voorbeeld","familyName":"Student","programmeCode":"PROEF","birthDate":"2001-01-01"}"#;
    let bsns = ["111222333", "123456782", "999999990", "123456790", "100000009"];
    vec![
        ("other columns", CSV, plain("studentnummer;naam\n1;2\n"), File("header-wrong")),
        ("a column too little", CSV, plain("sourcedId,givenName,programmeCode\na,b,PROEF\n"), File("header-wrong")),
        ("a column twice", CSV, roster(",prefix,prefix", &SIX, ",,").into(), File("header-wrong")),
        ("a BSN column", CSV, roster(",bsn", &SIX, ",111222333").into(), File("header-wrong")),
        ("no header", CSV, plain("a,Voorbeeld,Student,PROEF\n"), File("header-wrong")),
        ("tabs", CSV, roster("", &SIX, "").replace(',', "\t").into(), File("header-wrong")),
        ("the page of a proxy", CSV, plain("<!doctype html><title>Log in</title>\n"), File("header-wrong")),
        ("Latin-1", CSV, [roster("", &SIX, "").as_bytes(), b"g,Andr\xE9,Student,PROEF\n"].concat(), File("not-utf8")),
        ("UTF-16", CSV, utf16, File("not-utf8")),
        ("keys that are BSNs", CSV, roster("", &bsns, "").into(), File("bsn-like-ids")),
        ("a row without end", CSV, with_row(&format!("g,\"{}", "x\n".repeat(60_000))), File("row-too-long")),
        ("a line without end", CSV, with_row(&"x".repeat(3 << 20)), Problem(400, "row-too-long")),
        ("an object without end", LINES, "x".repeat(3 << 20).into(), Problem(400, "row-too-long")),
        ("duplicate keys", CSV, with_row("a,Voorbeeld,Twee,PROEF\n"), Rows(&["7 /sourcedId duplicate-sourced-id"])),
        (
            "an unknown programme",
            CSV,
            with_row("g,Voorbeeld,Zeven,NERGENS\n"),
            Rows(&["7 /programmeCode unknown-programme"]),
        ),
        ("half a row", CSV, with_row("g,Voorb"), Rows(&["7  wrong-number-of-cells"])),
        ("a row without a key", CSV, with_row(",Voorbeeld,Zeven,PROEF\n"), Rows(&["7 /sourcedId too-short"])),
        ("a BSN as a name", CSV, with_row("g,111222333,Zeven,PROEF\n"), Rows(&["7 /givenName bsn-like"])),
        ("a NUL in a name", CSV, with_row("g,Voor\0beeld,Zeven,PROEF\n"), Rows(&["7 /givenName refused-character"])),
        ("a Dutch date", CSV, with_cell("availableFrom", "31-03-2019"), Rows(&["1 /availableFrom malformed"])),
        ("an unknown cohort", CSV, with_cell("cohortSchoolYear", "1999-2000"), Rows(&["1 /cohort unknown-cohort"])),
        ("a path not offered", CSV, with_cell("learningPath", "dual"), Rows(&["1 /learningPath path-not-offered"])),
        ("a year as a word", CSV, with_cell("studyYear", "twee"), Rows(&["1 /studyYear wrong-type"])),
        ("a birth date", JSON, format!("[{}]", objects(birth, ",")).into(), Rows(&["1 /birthDate unknown-property"])),
        ("a line that breaks off", LINES, objects(r#"{"sourcedId":"a","giv"#, "\n").into(), Rows(&["1  malformed"])),
        ("an array that breaks off", JSON, plain("[{\"sourcedId\":\"a\""), File("file-truncated")),
        ("an object for an array", JSON, plain("{\"students\":[]}"), File("file-unreadable")),
        ("brackets without end", JSON, "[".repeat(100_000).into(), File("file-unreadable")),
        ("an empty array", JSON, plain("[]"), Guard),
        ("a header alone", CSV, roster("", &[], "").into(), Guard),
        ("most students gone", CSV, roster("", &["a"], "").into(), Guard),
        ("nothing", CSV, Vec::new(), Problem(400, "body-empty")),
        ("a spreadsheet", "application/vnd.ms-excel", plain("PK"), Problem(415, "unsupported-media-type")),
        ("half a zip", ZIP, half[..half.len() / 2].to_vec(), File("file-unreadable")),
        ("a zip that is none", ZIP, plain("PK\x03\x04 and no more"), File("file-unreadable")),
        ("a zip bomb", ZIP, bomb(), File("archive-too-large")),
        ("a zip of many files", ZIP, zipped(&many), File("archive-unsupported")),
        ("a zip without users", ZIP, zipped(&[("manifest.csv", BULK)]), File("archive-file-missing")),
        (
            "a zip of changes only",
            ZIP,
            archive(&BULK.replace("users,bulk", "users,delta"), USERS),
            File("manifest-mismatch"),
        ),
        ("a zip without students", ZIP, archive(BULK, USERS), Guard),
    ]
}

/// What became of an upload, row faults included.
async fn outcome(rosters: &Rosters, media_type: &str, bytes: Vec<u8>) -> Result<(Value, Vec<String>), (u16, Value)> {
    let client = &rosters.school.client;
    let accepted = upload(client, "mode=full", media_type, bytes).await;
    if accepted.status != 202 {
        return Err((accepted.status.as_u16(), accepted.json()["code"].clone()));
    }
    let path = accepted.header("location");
    let import = ended(client, &path).await;
    let listed = client.get(&format!("{path}/errors")).await.is(200);
    let told = |fault: &Value| {
        format!("{} {} {}", fault["row"], fault["pointer"].as_str().unwrap(), fault["code"].as_str().unwrap())
    };
    Ok((import, listed.items().iter().map(told).collect()))
}

#[actix_web::test]
async fn a_bad_roster_of_any_kind_is_answered_clearly_and_changes_nothing() {
    let rosters = Rosters::start().await;
    rosters.import("mode=full", &roster("", &SIX, "")).await;
    let held = rosters.rows();
    let mut wrong = Vec::new();
    for (name, media_type, bytes, said) in bad_files() {
        let became = outcome(&rosters, media_type, bytes).await;
        let right = match (said, &became) {
            (Problem(status, code), Err(problem)) => *problem == (status, code.into()),
            (File(code), Ok((import, _))) => import["status"] == "failed" && import["failure"]["code"] == code,
            (Rows(faults), Ok((import, told))) => import["status"] == "done" && *told == *faults,
            (Guard, Ok((import, _))) => import["status"] == "guard-blocked",
            _ => false,
        };
        if !right || rosters.rows() != held {
            wrong.push((name, became));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Sends a gigabyte, or as much of it as is taken; returns that and the answer.
fn send_gigabyte(address: &str, head: &str, lead: &str) -> (usize, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(15))).unwrap();
    stream.set_write_timeout(Some(Duration::from_secs(15))).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    let mut reader = stream.try_clone().unwrap();
    let reading = std::thread::spawn(move || {
        let mut answer = vec![0; 4096];
        let read = reader.read(&mut answer).unwrap_or_default();
        String::from_utf8_lossy(&answer[..read]).into_owned()
    });
    let piece = "x".repeat(64 * 1024);
    let mut sent = 0;
    let mut text = lead.to_owned();
    while sent < 1 << 30 && !reading.is_finished() {
        if stream.write_all(format!("{:x}\r\n{text}\r\n", text.len()).as_bytes()).is_err() {
            break;
        }
        sent += text.len();
        text.clone_from(&piece);
    }
    (sent, reading.join().unwrap())
}

#[actix_web::test]
async fn a_line_of_a_gigabyte_is_refused_after_its_first_megabyte() {
    let rosters = Rosters::start().await;
    rosters.import("mode=full", &roster("", &SIX, "")).await;
    let held = rosters.rows();
    let address = rosters.app.address.strip_prefix("http://").unwrap().to_owned();
    let token = rosters.school.client.token.clone().unwrap();
    let head = |length: &str| {
        format!(
            "POST /v1/roster-imports?mode=full HTTP/1.1\r\nHost: stagepunt.test\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: text/csv\r\n{length}\r\n\r\n"
        )
    };
    let announced = head("Content-Length: 1073741824");
    let to = address.clone();
    let sending = actix_web::rt::task::spawn_blocking(move || send_gigabyte(&to, &announced, ""));
    let (_, answer) = sending.await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    let streamed = head("Transfer-Encoding: chunked");
    let lead = format!("{HEAD}\ng,");
    let sending = actix_web::rt::task::spawn_blocking(move || send_gigabyte(&address, &streamed, &lead));
    let (sent, answer) = sending.await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("row-too-long"), "{answer}");
    assert!(sent < 64 << 20, "{sent} bytes were taken");
    assert!(owner_reads(&rosters.app, "SELECT 'x' AS value FROM roster_chunks WHERE number > 1").is_empty());
    assert_eq!(rosters.rows(), held);
    let next = rosters.import("mode=full", &roster("", &SIX, "")).await;
    assert_eq!(next["status"], "done", "the next one is not kept waiting");
}
