//! Every free text of every row holds a marker of its own. No answer shows one of a row that the
//! policies hide from its reader, and no error and no log line shows any.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::PgConnection;
use diesel::connection::SimpleConnection as _;
use reqwest::Method;
use serde_json::json;
use stagepunt::telemetry::{LogFormat, subscriber};

use crate::support::{Answer, Database, TestApp, TestClient, as_client, as_public, texts};
use crate::walk::{Operation, Rows, WALKERS, Walk, absent};

/// Tables whose texts are keys that the service itself lives by.
const KEYS: [&str; 4] = ["__diesel_schema_migrations", "signing_keys", "client_secrets", "idempotency_keys"];

/// Columns that hold a code of ours which no constraint lists: not any text will do.
const CODES: [&str; 13] = [
    "from_state",
    "to_state",
    "reason_code",
    "role",
    "job",
    "actor_kind",
    "operation",
    "action",
    "resource_type",
    "collection",
    "school_year",
    "algorithms",
    "scopes",
];

/// Ways to put a marker, made from the number `n`, into a column: as it is, or in a format.
const FORMS: [&str; 5] = [
    "'qz' || n || 'zq'",
    "'qz' || n || 'zq@example.org'",
    "'https://qz' || n || 'zq.example.org/'",
    "'99' || n || '99'",
    "ARRAY['qz' || n || 'zq']",
];

/// The numbers of all markers in a text.
fn markers(text: &str) -> BTreeSet<String> {
    let between = |open: &'static str, close: &'static str| {
        text.match_indices(open).filter_map(move |(at, _)| {
            let number = text.get(at + open.len()..at + open.len() + 10)?;
            let closed = text.get(at + open.len() + 10..)?.starts_with(close);
            (closed && number.bytes().all(|byte| byte.is_ascii_digit())).then(|| number.to_owned())
        })
    };
    between("qz", "zq").chain(between("99", "99")).collect()
}

/// Puts the markers in; tells which column each stands in.
fn mark(owner: &mut PgConnection) -> BTreeMap<String, String> {
    // Neither triggers nor foreign keys have a say: only the shape of the texts.
    owner.batch_execute("SET session_replication_role = replica; CREATE SEQUENCE canary MINVALUE 1000000000").unwrap();
    let columns = "SELECT c.table_name || ' ' || c.column_name AS value FROM information_schema.columns c \
                   JOIN information_schema.tables t USING (table_schema, table_name) \
                   WHERE table_schema = 'public' AND table_type = 'BASE TABLE' \
                   AND (data_type = 'text' OR data_type = 'ARRAY' AND udt_name = '_text') ORDER BY 1";
    let mut places = BTreeMap::new();
    for column in texts(owner, columns) {
        let (table, column) = column.split_once(' ').unwrap();
        if KEYS.contains(&table) || CODES.contains(&column) {
            continue;
        }
        // Where a column is filled, what is empty stays so: it may belong with others that are.
        let filled = format!("SELECT 'yes' AS value WHERE EXISTS (SELECT FROM {table} WHERE {column} IS NOT NULL)");
        let which = if texts(owner, &filled).is_empty() { "true".to_owned() } else { format!("{column} IS NOT NULL") };
        let fitting = FORMS.iter().find(|form| {
            let form = form.replace("|| n ||", "|| nextval('canary') ||");
            owner.batch_execute(&format!("UPDATE {table} SET {column} = {form} WHERE {which}")).is_ok()
        });
        if fitting.is_some() {
            for text in texts(owner, &format!("SELECT {column}::text AS value FROM {table}")) {
                places.extend(markers(&text).into_iter().map(|marker| (marker, format!("{table}.{column}"))));
            }
        }
    }
    places
}

/// The markers of the rows that this reader may see.
fn visible(database: &Database, tables: &[String], reader: Option<&str>) -> BTreeSet<String> {
    let mut conn = reader.map_or_else(|| as_public(database), |key| as_client(database, key));
    let seen: Vec<String> = tables.iter().flat_map(|table| texts(&mut conn, table)).collect();
    assert!(!seen.is_empty(), "{reader:?} sees nothing at all");
    seen.iter().flat_map(|row| markers(row)).collect()
}

/// Lines of the log since the subscriber is there: how many, and those that show a marker.
static LINES: AtomicUsize = AtomicUsize::new(0);
static TELLING: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Log;

impl Write for Log {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        LINES.fetch_add(1, Ordering::Relaxed);
        let text = String::from_utf8_lossy(line);
        if !markers(&text).is_empty() {
            TELLING.lock().unwrap().push(text.into_owned());
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Every answer of one operation to one reader: lists to their end, and what is seen and not seen.
async fn answers(rows: &Rows<'_>, operation: &Operation, reader: Option<&str>, client: &TestClient) -> Vec<Answer> {
    let mut paths: Vec<String> = Vec::new();
    if operation.names_a_row() {
        let Some(key) = reader else { return Vec::new() };
        let targets = [rows.visible(operation, key), rows.foreign(operation, key)];
        paths.extend(targets.iter().flatten().map(|target| operation.path_with(&target.ids)));
        paths.extend(rows.some_visible(operation, key, 3).iter().map(|target| operation.path_with(&target.ids)));
    } else {
        paths.push(operation.path_with(&absent(operation)));
    }
    paths.sort();
    paths.dedup();
    let mut answers = Vec::new();
    for path in paths {
        let mut next = Some(path.clone());
        while let Some(page) = next {
            let answer = client.get(&page).await;
            next = answer.json()["nextCursor"].as_str().map(|cursor| format!("{path}?cursor={cursor}"));
            answers.push(answer);
        }
        if ["/v1/organisations", "/v1/initiatives"].contains(&path.as_str()) {
            answers.push(client.get(&format!("{path}?limit=200&updatedSince=2018-01-01T00:00:00Z")).await);
            answers.push(client.send(client.request(Method::GET, &path).header("Accept", "text/csv")).await);
        }
    }
    answers
}

#[actix_web::test]
async fn no_answer_shows_a_text_that_its_reader_may_not_see_and_no_log_line_shows_any() {
    tracing::subscriber::set_global_default(subscriber(LogFormat::Json, "info", || Log).unwrap()).unwrap();
    let walk = Walk::of(TestApp::start().await).await;
    let mut owner = walk.app.database.owner();
    let places = mark(&mut owner);
    // Every row that the app login may read at all; the policies leave each reader its own.
    let tables = "SELECT format('SELECT t::text AS value FROM %I t', relname) AS value FROM pg_class \
                  WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' \
                  AND has_table_privilege('stagepunt_app', oid, 'SELECT')";
    let tables = texts(&mut owner, tables);
    let columns: BTreeSet<&String> = places.values().collect();
    assert!(columns.len() > 30, "{columns:?}");
    for column in ["contact_name", "contact_email", "contact_phone"] {
        assert!(columns.contains(&format!("contact_assignments.{column}")), "{column} has no marker");
    }

    let rows = Rows::of(&walk.app.database);
    let mut shown: BTreeSet<String> = BTreeSet::new();
    for reader in WALKERS.into_iter().map(Some).chain([None]) {
        let visible = visible(&walk.app.database, &tables, reader);
        assert!(places.keys().any(|marker| !visible.contains(marker)), "nothing is hidden from {reader:?}");
        let client = match reader {
            Some(key) => walk.app.client(key).await,
            None => walk.app.anyone(),
        };
        let mut heard: Vec<(String, Answer)> = Vec::new();
        for operation in walk.operations.iter().filter(|operation| operation.method == Method::GET) {
            let heard_here = answers(&rows, operation, reader, &client).await;
            heard.extend(heard_here.into_iter().map(|answer| (operation.to_string(), answer)));
        }
        for search in [json!({ "name": "qz" }), json!({ "leerbedrijfId": "qz" })] {
            heard.push(("search".to_owned(), client.post("/v1/organisations/_search", &search).await));
        }
        for (operation, answer) in heard {
            let text = format!("{:?} {}", answer.headers, String::from_utf8_lossy(&answer.body));
            let told = markers(&text);
            assert_ne!(answer.status, 500, "{operation} by {reader:?}: {text}");
            let hidden: Vec<_> =
                told.difference(&visible).map(|marker| places.get(marker).map_or("nowhere", String::as_str)).collect();
            assert!(hidden.is_empty(), "{operation} by {reader:?} shows {hidden:?}");
            assert!(answer.status.is_success() || told.is_empty(), "{operation} by {reader:?}: {text}");
            shown.extend(told);
        }
    }
    let reached: BTreeSet<&String> = shown.iter().filter_map(|marker| places.get(marker)).collect();
    assert!(reached.len() > 20, "only {reached:?} were ever shown");

    // A defect of ours: the database's own words for it hold the row.
    owner
        .batch_execute("ALTER TABLE contact_assignments ADD CONSTRAINT trap CHECK (contact_phone IS NULL) NOT VALID")
        .unwrap();
    let bureau = walk.app.client("demo-regio-midden-brabant").await;
    let me = bureau.get("/v1/me").await.is(200);
    let path = format!("/v1/regions/{}/contact-assignments", me.text_at("/regions/0/id"));
    let new = json!({
        "organisationId": me.text_at("/organisation/id"), "contactName": "qz1000000000zq",
        "contactEmail": "qz1000000000zq@example.org", "contactPhone": "99100000000099",
        "effectiveFrom": "2018-01-01",
    });
    let answer = bureau.post(&path, &new).await.is_problem(500, "internal-error");
    assert!(markers(&format!("{:?} {}", answer.headers, String::from_utf8_lossy(&answer.body))).is_empty());

    assert!(LINES.load(Ordering::Relaxed) > 500);
    assert_eq!(*TELLING.lock().unwrap(), Vec::<String>::new());
}

#[test]
fn a_marker_is_found_wherever_it_stands() {
    let found = markers(
        r#"{"a":"qz1000000001zq","b":"https://qz1000000002zq.example.org/","c":"99100000000399","d":"qz12zq"}"#,
    );
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["1000000001", "1000000002", "1000000003"]);
}
