//! Which rows a caller sees and may change, asked of the row policies themselves; the table of
//! a path parameter follows from its name.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use diesel::{Connection, PgConnection};

use super::operations::{Operation, names_by_id};
use crate::support::{Database, as_client, texts, texts_if_allowed};

/// A row that a path names.
pub struct Target {
    pub ids: BTreeMap<String, String>,
    table: String,
    id: String,
}

impl Target {
    /// The same path to something that is not there.
    pub fn ids_with_another_last(&self, operation: &Operation) -> BTreeMap<String, String> {
        let mut ids = self.ids.clone();
        if let Some(last) = operation.parameters.iter().rev().find(|name| names_by_id(name)) {
            ids.insert(last.clone(), uuid::Uuid::now_v7().to_string());
        }
        ids
    }
}

/// Looks rows up, as any client of the demo world and as the owner.
pub struct Rows<'a> {
    database: &'a Database,
    tables: BTreeMap<String, BTreeSet<String>>,
    asked: RefCell<BTreeMap<(String, String), Vec<String>>>,
}

/// The name of a property as a column has it.
pub fn snake(name: &str) -> String {
    name.chars().fold(String::new(), |mut snake, letter| {
        if letter.is_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
        snake
    })
}

fn plural(singular: &str) -> String {
    // A school is an organisation that is a school.
    if singular == "school" {
        return "organisations".to_owned();
    }
    match singular.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{singular}s"),
    }
}

impl<'a> Rows<'a> {
    pub fn of(database: &'a Database) -> Self {
        let mut owner = PgConnection::establish(&database.owner_url).unwrap();
        let mut tables: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let columns = "SELECT table_name || ' ' || column_name AS value FROM information_schema.columns WHERE table_schema = 'public'";
        for found in texts(&mut owner, columns) {
            let (table, column) = found.split_once(' ').unwrap();
            tables.entry(table.to_owned()).or_default().insert(column.to_owned());
        }
        Self { database, tables, asked: RefCell::default() }
    }

    /// The table of the row that a path names last, and its key columns by parameter.
    fn table_of(&self, operation: &Operation) -> (String, BTreeMap<String, String>) {
        let (keys, others): (Vec<&String>, Vec<&String>) =
            operation.parameters.iter().partition(|name| names_by_id(name));
        // What is written under a natural key need not be there yet: the row is the one above it.
        let others = if operation.changes() { Vec::new() } else { others };
        let (last, parents) = keys.split_last().unwrap();
        let table = match others.first() {
            // A natural key: the collection's own name leads to the table.
            Some(natural) => {
                let before = operation.template.split(&format!("/{{{natural}}}")).next().unwrap();
                before.rsplit('/').next().unwrap().replace('-', "_")
            }
            None => self.named(last.trim_end_matches("Id"), parents.last().map(|parent| parent.trim_end_matches("Id"))),
        };
        let columns = self.tables.get(&table).unwrap_or_else(|| panic!("{operation}: no table {table}"));
        let mut key_columns = BTreeMap::new();
        for name in keys.iter().chain(&others).copied() {
            let column = match (others.is_empty() && name == *last, columns.contains(&snake(name))) {
                (true, _) => "id".to_owned(),
                (false, true) => snake(name),
                (false, false) => "resource_id".to_owned(),
            };
            assert!(columns.contains(&column), "{operation}: {table} has no column for {name}");
            key_columns.insert(name.clone(), column);
        }
        (table, key_columns)
    }

    fn named(&self, parameter: &str, parent: Option<&str>) -> String {
        let wanted = plural(&snake(parameter));
        let found: Vec<&String> =
            self.tables.keys().filter(|table| **table == wanted || table.ends_with(&format!("_{wanted}"))).collect();
        let of_parent = parent.map(|parent| format!("{}_{wanted}", snake(parent)));
        let exact = found.iter().copied().find(|table| **table == wanted || Some(*table) == of_parent.as_ref());
        match (found.as_slice(), exact) {
            ([only], _) => (*only).clone(),
            (_, Some(exact)) => exact.clone(),
            _ => panic!("no table for the path parameter {parameter}Id"),
        }
    }

    /// The rows of a table as one text per row: its key columns, separated by blanks.
    fn listed(&self, operation: &Operation, client: Option<&str>, lock: bool) -> Vec<String> {
        let (table, keys) = self.table_of(operation);
        let key = keys.values().map(|column| format!("{column}::text")).collect::<Vec<_>>().join(" || ' ' || ");
        let standing = if self.tables[&table].contains("superseded_at") && self.tables[&table].contains("row_id") {
            "WHERE superseded_at IS NULL"
        } else {
            ""
        };
        let lock = if lock { "FOR NO KEY UPDATE" } else { "" };
        let sql = format!("SELECT {key} AS value FROM {table} {standing} ORDER BY 1 {lock}");
        // Nothing the walk sends changes who sees what, so each question is asked once.
        let question = (client.unwrap_or_default().to_owned(), sql.clone());
        if let Some(rows) = self.asked.borrow().get(&question) {
            return rows.clone();
        }
        let rows = match client {
            None => texts(&mut PgConnection::establish(&self.database.owner_url).unwrap(), &sql),
            // Without any right to change the table, no row of it can be locked.
            Some(client) => texts_if_allowed(&mut as_client(self.database, client), &sql),
        };
        self.asked.borrow_mut().insert(question, rows.clone());
        rows
    }

    fn target(&self, operation: &Operation, row: &str) -> Target {
        let (table, keys) = self.table_of(operation);
        let mut ids: BTreeMap<String, String> = keys.keys().cloned().zip(row.split(' ').map(str::to_owned)).collect();
        for natural in operation.parameters.iter().filter(|name| !names_by_id(name)) {
            ids.entry(natural.clone()).or_insert_with(|| "2018-2019".to_owned());
        }
        let id =
            operation.parameters.iter().rev().find(|name| names_by_id(name)).map(|name| ids[name].clone()).unwrap();
        Target { ids, table, id }
    }

    /// Whether there is no row at all that the operation could be about.
    pub fn are_none(&self, operation: &Operation) -> bool {
        self.listed(operation, None, false).is_empty()
    }

    /// A row that the client does not see.
    pub fn foreign(&self, operation: &Operation, key: &str) -> Option<Target> {
        let visible: BTreeSet<String> = self.listed(operation, Some(key), false).into_iter().collect();
        let all = self.listed(operation, None, false);
        all.iter().find(|row| !visible.contains(*row)).map(|row| self.target(operation, row))
    }

    /// A row that the client sees.
    pub fn visible(&self, operation: &Operation, key: &str) -> Option<Target> {
        self.listed(operation, Some(key), false).first().map(|row| self.target(operation, row))
    }

    /// Some rows that the client sees.
    pub fn some_visible(&self, operation: &Operation, key: &str, most: usize) -> Vec<Target> {
        let rows = self.listed(operation, Some(key), false);
        rows.iter().take(most).map(|row| self.target(operation, row)).collect()
    }

    /// A row that the client may change.
    pub fn changeable(&self, operation: &Operation, key: &str) -> Option<Target> {
        self.listed(operation, Some(key), true).first().map(|row| self.target(operation, row))
    }

    /// A row that the client sees but may not change.
    pub fn visible_only(&self, operation: &Operation, key: &str) -> Option<Target> {
        let changeable: BTreeSet<String> = self.listed(operation, Some(key), true).into_iter().collect();
        let visible = self.listed(operation, Some(key), false);
        visible.iter().find(|row| !changeable.contains(*row)).map(|row| self.target(operation, row))
    }

    /// What the row holds, as the owner sees it.
    pub fn digest(&self, target: &Target) -> Vec<String> {
        let mut owner = PgConnection::establish(&self.database.owner_url).unwrap();
        let id = if self.tables[&target.table].contains("id") { "id" } else { "row_id" };
        texts(
            &mut owner,
            &format!(
                "SELECT md5(t::text) AS value FROM {} t WHERE {id}::text = '{}' ORDER BY 1",
                target.table, target.id
            ),
        )
    }
}
