//! Markers: numbered texts that are found again wherever they are shown.

use std::collections::{BTreeMap, BTreeSet};

use diesel::PgConnection;
use diesel::connection::SimpleConnection as _;

use crate::support::texts;

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
pub fn markers(text: &str) -> BTreeSet<String> {
    let between = |open: &'static str, close: &'static str| {
        text.match_indices(open).filter_map(move |(at, _)| {
            let number = text.get(at + open.len()..at + open.len() + 10)?;
            let closed = text.get(at + open.len() + 10..)?.starts_with(close);
            (closed && number.bytes().all(|byte| byte.is_ascii_digit())).then(|| number.to_owned())
        })
    };
    between("qz", "zq").chain(between("99", "99")).collect()
}

/// Where the markers are.
#[derive(Default)]
pub struct Places {
    columns: BTreeMap<String, String>,
    texts: BTreeMap<String, BTreeSet<String>>,
}

impl Places {
    /// Every column with a marker.
    pub fn columns(&self) -> BTreeSet<&str> {
        self.columns.values().map(String::as_str).collect()
    }

    /// The column that a marker stands in.
    pub fn column(&self, marker: &str) -> &str {
        self.columns.get(marker).map_or("nowhere", String::as_str)
    }

    /// Whether a marker stands where this reader sees nothing.
    pub fn hide_any_from(&self, visible: &BTreeSet<String>) -> bool {
        self.columns.keys().any(|marker| !visible.contains(marker))
    }

    /// Whole texts that stand in columns of this name.
    pub fn texts(&self, column: &str) -> impl Iterator<Item = &String> {
        self.texts.get(column).into_iter().flatten()
    }
}

/// Puts the markers in.
pub fn mark(owner: &mut PgConnection) -> Places {
    // Neither triggers nor foreign keys have a say: only the shape of the texts.
    owner.batch_execute("SET session_replication_role = replica; CREATE SEQUENCE canary MINVALUE 1000000000").unwrap();
    let columns = "SELECT c.table_name || ' ' || c.column_name AS value FROM information_schema.columns c \
                   JOIN information_schema.tables t USING (table_schema, table_name) \
                   WHERE table_schema = 'public' AND table_type = 'BASE TABLE' \
                   AND (data_type = 'text' OR data_type = 'ARRAY' AND udt_name = '_text') ORDER BY 1";
    let mut places = Places::default();
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
                let found = markers(&text).into_iter().map(|marker| (marker, format!("{table}.{column}")));
                places.columns.extend(found);
                places.texts.entry(column.to_owned()).or_default().insert(text);
            }
        }
    }
    places
}

#[test]
fn a_marker_is_found_wherever_it_stands() {
    let found = markers(
        r#"{"a":"qz1000000001zq","b":"https://qz1000000002zq.example.org/","c":"99100000000399","d":"qz12zq"}"#,
    );
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["1000000001", "1000000002", "1000000003"]);
}
