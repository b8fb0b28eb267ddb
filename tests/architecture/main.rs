//! The house rules that a text scan can hold: who may import what, where, and how long a file is.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

mod slices;

use std::fs;
use std::path::{Path, PathBuf};

const MAX_LINES: usize = 400;
/// Floors that slices stand on; everything else below `src` is a wing or a slice.
const FLOOR: [&str; 6] = ["auth", "db", "http", "kernel", "lifecycle", "demo"];
/// Words that only `db` may say: nothing else reaches a connection or an identity setting.
const ONLY_IN_DB: [&str; 4] = ["PgConnection", "set_config", "begin_transaction_sql", "SET LOCAL"];

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|known| known == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    files(folder, "rs")
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The part of a source file that is no test, with its path below `src`.
fn product_code() -> Vec<(PathBuf, String)> {
    let src = root().join("src");
    sources(&src)
        .into_iter()
        .filter(|path| !path.components().any(|part| part.as_os_str() == "tests"))
        .filter(|path| path.file_name().is_some_and(|name| name != "tests.rs"))
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default().to_owned();
            (path.strip_prefix(&src).unwrap().to_path_buf(), code)
        })
        .collect()
}

fn complain(rule: &str, offences: &[String]) {
    assert!(offences.is_empty(), "{rule}:\n{}", offences.join("\n"));
}

fn lines_with<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    code.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .filter(move |(_, line)| line.contains(word))
}

#[test]
fn files_stay_short() {
    let long: Vec<String> = sources(&root().join("src"))
        .into_iter()
        .chain(sources(&root().join("tests")))
        .filter(|path| !path.ends_with("schema.rs"))
        .filter_map(|path| {
            let lines = fs::read_to_string(&path).unwrap().lines().count();
            (lines > MAX_LINES).then(|| format!("{} has {lines} lines", path.display()))
        })
        .collect();
    complain("a file stays under 400 lines; split it by what it is about", &long);
}

#[test]
fn each_file_of_a_slice_keeps_to_its_own_business() {
    let forbidden: [(&str, &[&str]); 5] = [
        ("model.rs", &["actix_web", "::queries"]),
        ("rules.rs", &["diesel::", "actix_web", "Utc::now", "::queries", "crate::schema"]),
        ("queries.rs", &["actix_web", "Role::"]),
        ("actions.rs", &["actix_web", "crate::schema"]),
        ("handlers.rs", &["diesel::", "crate::schema"]),
    ];
    let mut offences = Vec::new();
    for (path, code) in product_code() {
        let in_floor =
            path.components().next().is_some_and(|wing| FLOOR.iter().any(|floor| wing.as_os_str() == *floor));
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let is_handler = path.components().any(|part| part.as_os_str() == "handlers");
        let words = forbidden
            .iter()
            .find(|(file, _)| *file == name || (is_handler && *file == "handlers.rs"))
            .map_or(&[][..], |(_, words)| words);
        if in_floor && !path.starts_with("auth") {
            continue;
        }
        for word in words {
            offences.extend(
                lines_with(&code, word).map(|(line, text)| format!("{}:{}: {}", path.display(), line + 1, text.trim())),
            );
        }
    }
    complain("model, rules, queries and handlers each keep to their own business", &offences);
}

#[test]
fn only_the_doors_reach_a_connection() {
    let mut offences = Vec::new();
    for (path, code) in product_code() {
        if path.starts_with("db") {
            continue;
        }
        for word in ONLY_IN_DB {
            offences.extend(
                lines_with(&code, word).map(|(line, text)| format!("{}:{}: {}", path.display(), line + 1, text.trim())),
            );
        }
    }
    complain("PgConnection, settings and transactions are the business of `db`", &offences);
}

#[test]
fn the_floor_does_not_know_the_slices() {
    let wings: Vec<String> = fs::read_dir(root().join("src"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .filter_map(|path| path.file_name().and_then(|name| name.to_str()).map(str::to_owned))
        .filter(|name| !FLOOR.contains(&name.as_str()) && !["api", "audit", "reference_data"].contains(&name.as_str()))
        .collect();
    let mut offences = Vec::new();
    for (path, code) in product_code() {
        let floor = ["db", "http", "kernel", "lifecycle"].iter().any(|floor| path.starts_with(floor));
        for wing in wings.iter().filter(|_| floor) {
            let import = format!("crate::{wing}::");
            offences.extend(
                lines_with(&code, &import)
                    .map(|(line, text)| format!("{}:{}: {}", path.display(), line + 1, text.trim())),
            );
        }
    }
    complain("the floor stands under the slices and does not know them", &offences);
}

#[test]
fn values_know_no_queries_and_no_http() {
    let mut offences = Vec::new();
    for (path, code) in product_code().into_iter().filter(|(path, _)| path.starts_with("kernel")) {
        for word in ["actix_web", "RunQueryDsl", "crate::db", "crate::http", "Utc::now"] {
            offences.extend(
                lines_with(&code, word).map(|(line, text)| format!("{}:{}: {}", path.display(), line + 1, text.trim())),
            );
        }
    }
    complain("kernel holds values only", &offences);
}

#[test]
fn no_role_is_asked_outside_the_permission_table_and_the_lifecycles() {
    let mut offences = Vec::new();
    for (path, code) in product_code() {
        if path.starts_with("auth")
            || path.starts_with("lifecycle")
            || path.starts_with("kernel")
            || path.starts_with("demo")
        {
            continue;
        }
        for word in ["role ==", "role() ==", "match actor.role", "match can.role"] {
            offences.extend(
                lines_with(&code, word).map(|(line, text)| format!("{}:{}: {}", path.display(), line + 1, text.trim())),
            );
        }
    }
    complain("roles are in the permission table, rows in the policies", &offences);
}

#[test]
fn each_operation_demands_the_permission_that_its_contract_names() {
    let between = |text: &str, before: &str, after: &str| -> Option<String> {
        Some(text.split_once(before)?.1.split_once(after)?.0.to_owned())
    };
    let (mut offences, mut guarded) = (Vec::new(), 0);
    for (path, code) in product_code() {
        for operation in code.split("#[utoipa::path(").skip(1) {
            let (told, asked) =
                (between(operation, "\"bearer\" = [", "::SCOPE]"), between(operation, "can: Can<", ">"));
            guarded += usize::from(asked.is_some());
            if told != asked {
                let name = between(operation, "pub async fn ", "(").unwrap_or_default();
                offences.push(format!("{}: {name} says {told:?} and asks for {asked:?}", path.display()));
            }
        }
    }
    assert!(guarded > 100, "{guarded} operations have a guard");
    complain("`Can<…>` and `security` of an operation name one permission", &offences);
}

#[test]
fn what_is_missing_in_a_new_row_is_bound_as_null() {
    let mut offences = Vec::new();
    for (path, code) in product_code() {
        for item in code.split("#[derive(").skip(1) {
            let (derived, rest) = item.split_once(")]").unwrap();
            let row = rest.split("\n}").next().unwrap_or_default();
            if derived.contains("Insertable")
                && row.contains("Option<")
                && !row.contains("treat_none_as_default_value = false")
            {
                let name = row.lines().find(|line| line.contains("struct ")).unwrap_or_default();
                offences.push(format!("{}: {name}", path.display()));
            }
        }
    }
    // With DEFAULT in it a statement has many texts, and is parsed and planned anew each time.
    complain("new rows say `treat_none_as_default_value = false`", &offences);
}

#[test]
fn nothing_is_called_utils() {
    let vague = ["utils", "helpers", "common", "misc", "manager", "service_impl"];
    let offences: Vec<String> = sources(&root().join("src"))
        .into_iter()
        .filter(|path| {
            path.iter().any(|part| part.to_str().is_some_and(|part| vague.contains(&part.trim_end_matches(".rs"))))
        })
        .map(|path| path.display().to_string())
        .collect();
    complain("a file is called after what it is about", &offences);
}

/// The codes in the tables of the page that problems lead to.
fn documented_codes() -> Vec<String> {
    let page = fs::read_to_string(root().join("docs/problems.md")).unwrap();
    page.lines()
        .filter(|line| line.starts_with("| "))
        .filter_map(|line| line.split('`').nth(1))
        .map(str::to_owned)
        .collect()
}

/// What stands between quotes in a line and may be a code.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('"').skip(1).step_by(2)
}

#[test]
fn every_code_of_a_problem_is_explained_and_every_explained_code_exists() {
    let documented = documented_codes();
    let code = product_code();
    let raised = code.iter().flat_map(|(path, text)| {
        text.lines()
            .filter(|line| line.contains("code: \"") || line.contains("say(\""))
            .filter_map(|line| quoted(line).next())
            .map(move |code| (code, path))
    });
    let missing: Vec<String> = raised
        .filter(|(code, _)| !documented.iter().any(|known| known == code))
        .map(|(code, path)| format!("{}: {code}", path.display()))
        .collect();
    complain("docs/problems.md has a line for every code", &missing);

    let said: Vec<&str> = code.iter().flat_map(|(_, text)| text.lines().flat_map(quoted)).collect();
    let stale: Vec<String> = documented.into_iter().filter(|known| !said.contains(&known.as_str())).collect();
    complain("docs/problems.md explains only codes that exist", &stale);
}
