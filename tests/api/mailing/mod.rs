//! Mails: from the transaction that asks for one to the mail server.

pub mod sink;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use diesel::{RunQueryDsl, sql_query};
use stagepunt::auth::keys::MasterKey;
use stagepunt::auth::links::{LinkPurpose, LinkToken, issue};
use stagepunt::error::Error;
use stagepunt::http::problem::Language;
use stagepunt::kernel::formats::Email;
use stagepunt::mailing::{Desk, Letter, Outbox, Post, SignAgreement, Turn, Worker};
use stagepunt::telemetry::{LogFormat, subscriber};
use uuid::Uuid;

use crate::links::school;
use crate::support::{Cluster, TestApp, texts};
use sink::{Mood, Sink};

const SCHOOL: &str = "demo-school-roc-tilburg";
const RECIPIENT: &str = "student-zonder-naam@school.example";
const FROM: &str = "Stagepunt <stagepunt@example.org>";
const PAGE: &str = "https://tekenen.example.org/overeenkomst";

fn outbox() -> Outbox {
    Outbox::new(&Cluster::shared().master)
}

/// Has a link made and mailed, in one transaction.
async fn ask(app: &TestApp, language: Language) -> LinkToken {
    let (caller, organisation) = school(app, SCHOOL).await;
    let recipient = Email::new(RECIPIENT).unwrap();
    let work = move |conn: &mut stagepunt::db::Conn| {
        let token = issue(conn, LinkPurpose::Agreement, Uuid::now_v7(), organisation)?;
        let letter = Letter::SignAgreement(SignAgreement {
            token: token.clone(),
            school: "Voorbeeldschool é".to_owned(),
            practice: "Voorbeeldpraktijk".to_owned(),
            starts_on: "2018-09-01".parse().unwrap(),
            ends_on: "2019-01-31".parse().unwrap(),
        });
        outbox().enqueue(conn, organisation, language, &recipient, &letter)?;
        Ok(token)
    };
    app.db.write(&caller, work).await.unwrap()
}

fn desk(app: &TestApp, url: &str) -> Desk {
    Desk::new(&app.db, outbox(), Some(Post::through_server(url, FROM, PAGE).unwrap()))
}

/// What stands in the outbox of each mail.
fn kept(app: &TestApp) -> Vec<String> {
    let look = "SELECT concat_ws(' ', CASE WHEN sent_at IS NOT NULL THEN 'sent' WHEN failed_at IS NOT NULL THEN 'failed' \
                ELSE 'waits' END, attempts, error_code, CASE WHEN recipient IS NULL AND content IS NULL THEN 'wiped' END) \
                AS value FROM outbox_mails ORDER BY id";
    texts(&mut app.database.owner(), look)
}

fn make_due(app: &TestApp) {
    sql_query("UPDATE outbox_mails SET next_attempt_at = now()").execute(&mut app.database.owner()).unwrap();
}

#[actix_web::test]
async fn a_mail_brings_the_link_and_leaves_nothing_behind() {
    let (app, sink) = (TestApp::start().await, Sink::start());
    let desk = desk(&app, &sink.url());
    assert_eq!(desk.send_next().unwrap(), Turn::Idle);
    let token = ask(&app, Language::Dutch).await;
    assert_eq!(kept(&app), ["waits 0"]);
    assert_eq!(desk.send_next().unwrap(), Turn::Handled);
    assert_eq!(desk.send_next().unwrap(), Turn::Idle);
    assert_eq!(kept(&app), ["sent 1 wiped"]);
    let mail = sink.taken().remove(0);
    for part in [
        format!("To: {RECIPIENT}"),
        "From: Stagepunt <stagepunt@example.org>".to_owned(),
        "Subject: Onderteken je stageovereenkomst".to_owned(),
        "Auto-Submitted: auto-generated".to_owned(),
        "School:   Voorbeeldschool é\n".to_owned(),
        format!("\n{PAGE}#{}\n", token.reveal()),
    ] {
        assert!(mail.contains(&part), "{part} in {mail}");
    }
    ask(&app, Language::English).await;
    desk.send_next().unwrap();
    assert!(sink.taken()[1].contains("Subject: Sign your internship agreement"));
}

#[actix_web::test]
async fn what_is_undone_is_not_mailed() {
    let (app, sink) = (TestApp::start().await, Sink::start());
    let (caller, organisation) = school(&app, SCHOOL).await;
    let work = move |conn: &mut stagepunt::db::Conn| {
        let token = issue(conn, LinkPurpose::Agreement, Uuid::now_v7(), organisation)?;
        let letter = Letter::SignAgreement(SignAgreement {
            token,
            school: String::new(),
            practice: String::new(),
            starts_on: "2018-09-01".parse().unwrap(),
            ends_on: "2019-01-31".parse().unwrap(),
        });
        outbox().enqueue(conn, organisation, Language::Dutch, &Email::new(RECIPIENT).unwrap(), &letter)?;
        Err::<(), _>(Error::NotFound)
    };
    assert!(app.db.write(&caller, work).await.is_err());
    assert_eq!(desk(&app, &sink.url()).send_next().unwrap(), Turn::Idle);
}

#[actix_web::test]
async fn a_mail_that_is_deferred_is_tried_again_and_one_that_is_refused_is_given_up() {
    let (app, sink) = (TestApp::start().await, Sink::start());
    let desk = desk(&app, &sink.url());
    ask(&app, Language::Dutch).await;
    sink.turn(Mood::ToRecipients("451 try later"));
    assert_eq!(desk.send_next().unwrap(), Turn::Handled);
    assert_eq!(kept(&app), ["waits 1 smtp-451"]);
    assert_eq!(desk.send_next().unwrap(), Turn::Idle, "it waits");
    make_due(&app);
    sink.turn(Mood::Takes);
    assert_eq!(desk.send_next().unwrap(), Turn::Handled);
    assert_eq!(kept(&app), ["sent 2 wiped"]);

    ask(&app, Language::Dutch).await;
    sink.turn(Mood::ToRecipients("550 no such mailbox"));
    assert_eq!(desk.send_next().unwrap(), Turn::Handled);
    assert_eq!(kept(&app)[1], "failed 1 smtp-550 wiped");

    ask(&app, Language::Dutch).await;
    sink.turn(Mood::ToRecipients("452 full"));
    sql_query("UPDATE outbox_mails SET attempts = 9 WHERE sent_at IS NULL AND failed_at IS NULL")
        .execute(&mut app.database.owner())
        .unwrap();
    assert_eq!(desk.send_next().unwrap(), Turn::Handled);
    assert_eq!(kept(&app)[2], "failed 10 smtp-452 wiped");
    assert_eq!(sink.taken().len(), 1);
}

#[actix_web::test]
async fn while_the_mail_server_is_away_or_keeps_us_out_mails_wait() {
    let (app, sink) = (TestApp::start().await, Sink::start());
    ask(&app, Language::Dutch).await;
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(desk(&app, &format!("smtp://{closed}")).send_next().unwrap(), Turn::Away);
    assert_eq!(kept(&app), ["waits 0 unreachable"]);
    let desk = desk(&app, &sink.url());
    for (answer, noted) in [("554 not you", "waits 0 smtp-554"), ("421 too busy", "waits 0 smtp-421")] {
        make_due(&app);
        sink.turn(Mood::ToEverybody(answer));
        assert_eq!(desk.send_next().unwrap(), Turn::Away, "{answer}");
        assert_eq!(kept(&app), [noted]);
    }
    make_due(&app);
    sink.turn(Mood::Takes);
    assert_eq!(desk.send_next().unwrap(), Turn::Handled);
    assert_eq!(kept(&app), ["sent 1 wiped"]);

    ask(&app, Language::Dutch).await;
    let without = Desk::new(&app.db, outbox(), None);
    assert_eq!(without.send_next().unwrap(), Turn::Idle);
    assert_eq!(kept(&app)[1], "waits 0");
}

#[actix_web::test]
async fn a_mail_whose_arrival_is_unknown_comes_again_under_the_same_name() {
    let (app, sink) = (TestApp::start().await, Sink::start());
    let desk = desk(&app, &sink.url());
    ask(&app, Language::Dutch).await;
    sink.turn(Mood::GoesSilent);
    assert_eq!(desk.send_next().unwrap(), Turn::Handled);
    assert!(kept(&app)[0].starts_with("waits 1"));
    sink.turn(Mood::Takes);
    make_due(&app);
    assert_eq!(desk.send_next().unwrap(), Turn::Handled);
    let names: Vec<String> = sink
        .taken()
        .iter()
        .map(|mail| mail.lines().find(|line| line.starts_with("Message-ID: <")).unwrap().to_owned())
        .collect();
    assert_eq!(names.len(), 2);
    assert_eq!(names[0], names[1]);
}

#[actix_web::test]
async fn what_cannot_be_opened_or_came_too_late_is_given_up() {
    let (app, sink) = (TestApp::start().await, Sink::start());
    let mut owner = app.database.owner();
    ask(&app, Language::Dutch).await;
    sql_query("UPDATE outbox_mails SET recipient = 'iemand-anders@school.example'").execute(&mut owner).unwrap();
    desk(&app, &sink.url()).send_next().unwrap();
    assert_eq!(kept(&app)[0], "failed 1 unreadable wiped", "an address cannot be swapped");

    ask(&app, Language::Dutch).await;
    let post = Post::through_server(&sink.url(), FROM, PAGE).unwrap();
    let other = Outbox::new(&MasterKey::generate().unwrap());
    Desk::new(&app.db, other, Some(post)).send_next().unwrap();
    assert_eq!(kept(&app)[1], "failed 1 unreadable wiped");

    ask(&app, Language::Dutch).await;
    sql_query("UPDATE outbox_mails SET created_at = now() - interval '15 days'").execute(&mut owner).unwrap();
    desk(&app, &sink.url()).send_next().unwrap();
    assert_eq!(kept(&app)[2], "failed 1 lapsed wiped");
    assert!(sink.taken().is_empty());
}

#[actix_web::test]
async fn two_workers_send_each_mail_once_and_stop_when_asked() {
    let (app, sink) = (TestApp::start().await, Sink::start());
    let mut tokens = Vec::new();
    for _ in 0..25 {
        tokens.push(ask(&app, Language::Dutch).await);
    }
    let beside = app.beside(crate::support::Setting::default()).await;
    let workers = [&app, &beside].map(|app| Worker::start(desk(app, &sink.url())).unwrap());
    let began = Instant::now();
    while kept(&app).iter().any(|mail| mail != "sent 1 wiped") {
        assert!(began.elapsed() < Duration::from_mins(1), "{:?}", kept(&app));
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(workers);
    let taken = sink.taken();
    assert_eq!(taken.len(), 25);
    for token in tokens {
        assert_eq!(taken.iter().filter(|mail| mail.contains(token.reveal())).count(), 1);
    }
}

#[actix_web::test]
async fn mails_into_a_folder_are_private_files() {
    let app = TestApp::start().await;
    let folder = Folder(std::env::temp_dir().join(format!("stagepunt-mails-{}", Uuid::now_v7())));
    let token = ask(&app, Language::Dutch).await;
    let post = Post::into_folder(&folder.0.join("mails"), FROM, PAGE).unwrap();
    assert_eq!(Desk::new(&app.db, outbox(), Some(post)).send_next().unwrap(), Turn::Handled);
    assert_eq!(kept(&app), ["sent 1 wiped"]);
    let files: Vec<_> = fs::read_dir(folder.0.join("mails")).unwrap().flatten().collect();
    assert_eq!(files.len(), 1);
    assert!(files[0].path().extension().is_some_and(|extension| extension == "eml"));
    assert_eq!(files[0].metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let mail = sink::read(&fs::read_to_string(files[0].path()).unwrap());
    assert!(mail.contains(&format!("{PAGE}#{}", token.reveal())), "{mail}");
}

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Log lines of a test.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[actix_web::test]
async fn neither_database_nor_log_shows_a_token_and_no_log_an_address() {
    let (app, sink) = (TestApp::start().await, Sink::start());
    let token = ask(&app, Language::Dutch).await;
    let mut owner = app.database.owner();
    let tables = "SELECT format('SELECT t::text AS value FROM %I t', relname) AS value FROM pg_class \
                  WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'";
    let tables = texts(&mut owner, tables);
    let in_hex = texts(&mut owner, &format!("SELECT encode('{}', 'hex') AS value", token.reveal())).remove(0);
    let rows: Vec<String> = tables.iter().flat_map(|table| texts(&mut owner, table)).collect();
    assert!(rows.iter().any(|row| row.contains(RECIPIENT)), "the outbox was read");
    assert!(!rows.iter().any(|row| row.contains(token.reveal()) || row.contains(&in_hex)));

    let log = Log::default();
    let writer = log.clone();
    let lines = subscriber(LogFormat::Json, "trace", move || writer.clone()).unwrap();
    let desk = desk(&app, &sink.url());
    tracing::subscriber::with_default(lines, || {
        // Mail servers repeat the address.
        for answer in ["451 <student-zonder-naam@school.example> later", "550 <student-zonder-naam@school.example> no"]
        {
            sink.turn(Mood::ToRecipients(answer));
            make_due(&app);
            desk.send_next().unwrap();
        }
    });
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("smtp-451") && log.contains("mail.given_up"), "{log}");
    assert!(!log.contains("school.example") && !log.contains(token.reveal()), "{log}");
}
