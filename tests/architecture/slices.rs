//! How slices stand to one another: each table has one slice that writes it, and no two need each other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::{files, product_code, root};

/// Tables that a second slice writes.
const WRITTEN_BY_TWO: [(&str, &str); 3] = [
    // A roster changes thousands of students at once, in statements of its own; one student is changed by its slice.
    ("education/roster_imports", "learning_path_periods"),
    ("education/roster_imports", "student_identities"),
    ("education/roster_imports", "students"),
];

/// The one pair that needs each other: a student is entered with a learning path, and a path is changed under the
/// lock of its student.
const TOGETHER: [&str; 2] = ["education/learning_path_periods", "education/students"];

/// Words before the name of a table that is written.
const WRITES: [&str; 7] =
    ["insert_into(", "update(", "delete(", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "fact_queries!("];

/// Every slice, as `wing/slice`, with all of its code that is no test, SQL files included.
fn slices() -> BTreeMap<String, String> {
    let src = root().join("src");
    let sql = files(&src, "sql").into_iter().map(|path| {
        let text = fs::read_to_string(&path).unwrap();
        (path.strip_prefix(&src).unwrap().to_path_buf(), text)
    });
    let mut slices: BTreeMap<String, String> = BTreeMap::new();
    for (path, code) in product_code().into_iter().chain(sql) {
        let below: Vec<&str> = path.iter().map(|part| part.to_str().unwrap()).collect();
        let [wing, slice, _, ..] = below[..] else { continue };
        if ["db", "http", "kernel", "demo", "api", "command"].contains(&wing) {
            continue;
        }
        let said = code.lines().map(|line| line.split("//").next().unwrap().trim()).collect::<Vec<_>>().join("\n");
        slices.entry(format!("{wing}/{slice}")).or_default().push_str(&said);
    }
    slices
}

/// The word that a text begins with.
fn first_word(text: &str) -> &str {
    text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').next().unwrap_or_default()
}

fn after<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = &'a str> {
    code.match_indices(word).map(move |(at, _)| &code[at + word.len()..])
}

#[test]
fn a_table_is_written_by_one_slice() {
    let schema = fs::read_to_string(root().join("src/schema.rs")).unwrap();
    let tables: BTreeSet<&str> =
        schema.lines().filter(|line| line.ends_with(") {")).map(|line| first_word(line.trim_start())).collect();
    let slices = slices();
    let mut writers: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (slice, code) in &slices {
        for word in WRITES {
            let written =
                after(code, word).map(|text| first_word(text.trim_start())).filter(|name| tables.contains(name));
            written.for_each(|table| {
                writers.entry(table).or_default().insert(slice);
            });
        }
    }
    assert!(writers.len() > 30, "only {} tables are written", writers.len());
    for (slice, table) in WRITTEN_BY_TWO {
        assert!(writers.get_mut(table).unwrap().remove(slice), "{slice} no longer writes {table}");
    }
    let shared: Vec<_> = writers.iter().filter(|(_, slices)| slices.len() > 1).collect();
    assert!(shared.is_empty(), "a slice calls the one that owns the table: {shared:?}");
}

/// The slices that each one names.
fn needs(slices: &BTreeMap<String, String>) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut needs: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (slice, code) in slices {
        for import in after(code, "crate::") {
            let wing = first_word(import);
            let Some(named) = import.strip_prefix(wing).and_then(|rest| rest.strip_prefix("::")) else { continue };
            let names = match named.strip_prefix('{').and_then(|list| list.split_once("};")) {
                Some((list, _)) => list.split(',').map(|name| first_word(name.trim())).collect(),
                None => vec![first_word(named)],
            };
            for name in names {
                if let Some((needed, _)) = slices.get_key_value(&format!("{wing}/{name}"))
                    && needed != slice
                {
                    needs.entry(slice).or_default().insert(needed);
                }
            }
        }
    }
    needs
}

#[test]
fn no_two_slices_need_each_other() {
    let slices = slices();
    let mut needs = needs(&slices);
    assert!(needs.values().map(BTreeSet::len).sum::<usize>() > 30, "{needs:?}");
    let [one, other] = TOGETHER;
    assert!(needs[one].contains(other) && needs[other].contains(one), "{TOGETHER:?} no longer need each other");
    needs.get_mut(other).unwrap().remove(one);
    // Whoever needs nobody that is left goes; a circle stays.
    loop {
        let standing: BTreeSet<&str> = needs.keys().copied().collect();
        needs.values_mut().for_each(|needed| needed.retain(|one| standing.contains(one)));
        needs.retain(|_, needed| !needed.is_empty());
        if needs.len() == standing.len() {
            break;
        }
    }
    assert!(needs.is_empty(), "a circle: {needs:?}");
}
