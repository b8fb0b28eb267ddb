//! Every free text of every row holds a marker of its own. No answer shows one of a row that the
//! policies hide from its reader, and no error and no log line shows any.

mod asked;
mod markers;

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::connection::SimpleConnection as _;
use serde_json::json;
use stagepunt::telemetry::{LogFormat, subscriber};

use self::asked::{Heard, Reader};
use self::markers::{mark, markers};
use crate::support::{Database, TestApp, as_client, as_public, texts};
use crate::walk::{Rows, WALKERS, Walk};

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

/// What a reader may see, read once more when an answer shows something else: a write of its own may
/// have brought more into view.
struct Sight<'a> {
    tables: &'a [String],
    visible: BTreeSet<String>,
}

impl<'a> Sight<'a> {
    fn of(reader: &Reader<'_>, tables: &'a [String]) -> Self {
        Self { tables, visible: visible(&reader.walk.app.database, tables, reader.key) }
    }

    fn covers(&mut self, told: &BTreeSet<String>, reader: &Reader<'_>) -> bool {
        if !told.is_subset(&self.visible) {
            self.visible.extend(visible(&reader.walk.app.database, self.tables, reader.key));
        }
        told.is_subset(&self.visible)
    }
}

/// Demands that answers show nothing but what the reader may see, and problems no text at all; gives
/// the markers that were shown.
fn shown_by(heard: Heard, reader: &Reader<'_>, sight: &mut Sight<'_>) -> BTreeSet<String> {
    let mut shown = BTreeSet::new();
    for (asked, answer) in heard {
        let text = format!("{:?} {}", answer.headers, String::from_utf8_lossy(&answer.body));
        let (told, by) = (markers(&text), reader.key);
        assert_ne!(answer.status, 500, "{asked} by {by:?}: {text}");
        let columns: Vec<_> = told.iter().map(|marker| reader.places.column(marker)).collect();
        assert!(sight.covers(&told, reader), "{asked} by {by:?} shows what is hidden from it, of {columns:?}");
        assert!(answer.status.is_success() || told.is_empty(), "{asked} by {by:?}: {text}");
        shown.extend(told);
    }
    shown
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
    let columns = places.columns();
    assert!(columns.len() > 30, "{columns:?}");
    for column in ["contact_name", "contact_email", "contact_phone"] {
        assert!(columns.contains(format!("contact_assignments.{column}").as_str()), "{column} has no marker");
    }

    let rows = Rows::of(&walk.app.database);
    let mut shown: BTreeSet<String> = BTreeSet::new();
    for key in WALKERS.into_iter().map(Some).chain([None]) {
        let client = match key {
            Some(key) => walk.app.client(key).await,
            None => walk.app.anyone(),
        };
        let reader = Reader { walk: &walk, rows: &rows, places: &places, key, client };
        let mut sight = Sight::of(&reader, &tables);
        assert!(places.hide_any_from(&sight.visible), "nothing is hidden from {key:?}");
        shown.extend(shown_by(reader.reads().await, &reader, &mut sight));
        shown.extend(shown_by(reader.writes().await, &reader, &mut sight));
    }
    let reached: BTreeSet<&str> = shown.iter().map(|marker| places.column(marker)).collect();
    assert!(reached.len() > 40, "only {reached:?} were ever shown");

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
