//! Hostile input: every text of every body, and what comes over the wire. A 400 that says where,
//! never a 500, and nothing is written.

mod cursors;
mod tokens;
mod wire;

use std::collections::BTreeMap;

use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl as _, sql_query};
use serde_json::{Value, json};

use crate::support::{Database, TestApp};
use crate::walk::{Operation, Rows, WALKERS, Walk, absent, role_of};

/// What no text may be, as it stands in JSON.
const REFUSED: [(&str, &str); 22] = [
    ("U+0000", r#""a\u0000b""#),
    ("U+0000 alone", r#""\u0000""#),
    ("start of heading", r#""a\u0001b""#),
    ("backspace", r#""a\bb""#),
    ("form feed", r#""a\fb""#),
    ("an escape sequence of terminals", r#""\u001b[31mrood""#),
    ("delete", r#""a\u007fb""#),
    ("C1", r#""a\u0085b""#),
    ("the last of C1", r#""a\u009fb""#),
    ("left-to-right embedding", r#""a\u202ab""#),
    ("right-to-left override", r#""a\u202egpj.exe""#),
    ("an isolate", r#""a\u2066b\u2069""#),
    ("the end of an isolate", r#""a\u2069b""#),
    ("nothing", r#""""#),
    ("blanks", r#""   ""#),
    ("line ends", r#""\r\n\t""#),
    ("blanks of other scripts", r#""\u00a0\u3000\u2003""#),
    ("a byte order mark", r#""\ufeff""#),
    ("invisible characters", r#""\u200b\u2060\u00ad""#),
    ("no text", "12"),
    ("an object", "{}"),
    ("a list", "[]"),
];

/// What is no JSON, standing where a text should: there the fault is at the text or at the whole.
const UNREADABLE: [(&str, &[u8]); 10] = [
    ("a high surrogate alone", br#""a\ud800b""#),
    ("a low surrogate alone", br#""a\udc00b""#),
    ("surrogates in the wrong order", br#""\udc00\ud800""#),
    ("a raw U+0000", b"\"a\0b\""),
    ("a raw line feed", b"\"a\nb\""),
    ("bad UTF-8", b"\"a\xffb\""),
    ("overlong UTF-8", b"\"a\xc0\x80b\""),
    ("a surrogate in UTF-8", b"\"a\xed\xa0\x80b\""),
    ("an unknown escape", br#""a\x00b""#),
    ("half an escape", br#""a\u00""#),
];

/// Letters that are written with combining marks.
const DECOMPOSED: &str = "Cafe\u{301} Scho\u{308}n";
const COMPOSED: &str = "Caf\u{e9} Sch\u{f6}n";

/// Stands for a text until its bytes are put there.
const HERE: &str = "here-comes-the-text";

/// Takes a file, which is read later, row by row: see `roster_imports`.
const UPLOAD: &str = "POST /v1/roster-imports";

/// Every operation that takes JSON, with a client that may call it and ids of a row of its own, if
/// there is one.
async fn writers(walk: &Walk) -> Vec<(&Operation, Writer)> {
    let rows = Rows::of(&walk.app.database);
    let mut clients = BTreeMap::new();
    for key in WALKERS {
        clients.insert(key, walk.app.client(key).await);
    }
    let json = walk
        .operations
        .iter()
        .filter(|operation| operation.to_string() != UPLOAD && !operation.by_link)
        .filter(|operation| operation.body.as_ref().is_some_and(|(media_type, _)| media_type.ends_with("json")));
    json.map(|operation| {
        let mut may = WALKERS.into_iter().filter(|key| operation.allows(&role_of(key)));
        let first = may.clone().next().unwrap_or_else(|| panic!("{operation}: no walker may call it"));
        let own = may.find_map(|key| {
            let seen = operation.names_a_row().then(|| rows.visible(operation, key)).flatten();
            seen.map(|target| (key, target.ids))
        });
        let (key, ids) = own.unwrap_or_else(|| (first, absent(operation)));
        (operation, Writer { client: clients[key].clone(), ids })
    })
    .collect()
}

struct Writer {
    client: crate::support::TestClient,
    ids: BTreeMap<String, String>,
}

impl Writer {
    async fn send(&self, operation: &Operation, body: Vec<u8>) -> crate::support::Answer {
        let (media_type, _) = operation.body.as_ref().unwrap();
        let mut request = self.client.request(operation.method.clone(), &operation.path_with(&self.ids));
        if operation.wants("If-Match") {
            request = request.header("If-Match", "*");
        }
        if operation.wants("Idempotency-Key") {
            request = request.header("Idempotency-Key", uuid::Uuid::now_v7().to_string());
        }
        self.client.send(request.header("Content-Type", media_type).body(body)).await
    }
}

/// All rows of all tables, condensed.
fn digest(database: &Database) -> Vec<String> {
    #[derive(QueryableByName)]
    struct Line {
        #[diesel(sql_type = Text)]
        line: String,
    }
    let mut owner = database.owner();
    let tables = "SELECT relname::text AS line FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1";
    let tables: Vec<Line> = sql_query(tables).load(&mut owner).unwrap();
    let condensed = tables.into_iter().flat_map(|Line { line: table }| {
        let sql = format!(
            "SELECT format('{table} %s %s', count(*), md5(string_agg(t::text, ' ' ORDER BY t::text))) AS line FROM {table} t"
        );
        sql_query(sql).load::<Line>(&mut owner).unwrap()
    });
    condensed.map(|Line { line }| line).collect()
}

fn pointers(faults: &Value) -> Vec<&str> {
    faults["errors"].as_array().into_iter().flatten().filter_map(|fault| fault["pointer"].as_str()).collect()
}

#[actix_web::test]
async fn a_hostile_text_is_a_fault_at_its_own_place_and_nothing_is_written() {
    let walk = Walk::start().await;
    let writers = writers(&walk).await;
    let before = digest(&walk.app.database);
    let mut texts = 0;
    for (operation, writer) in &writers {
        let schema = &operation.body.as_ref().unwrap().1;
        let with = |text: &mut dyn FnMut(&Value) -> Value| {
            let mut places = Vec::new();
            let body = walk.sampler.full(schema, "", &mut |pointer, schema| {
                // A cursor is refused as a whole, by `invalid-cursor`.
                if pointer == "/cursor" {
                    return Value::Null;
                }
                places.push(pointer.to_owned());
                text(schema)
            });
            (body, places)
        };
        let too_long = |schema: &Value| {
            let longest = schema["maxLength"].as_u64().unwrap_or(64);
            Value::from("a".repeat(usize::try_from(longest).unwrap() + 1))
        };
        let mut bodies = vec![("too long", with(&mut |schema| too_long(schema)))];
        bodies.extend(REFUSED.map(|(name, hostile)| {
            let hostile: Value = serde_json::from_str(hostile).unwrap();
            (name, with(&mut |_| hostile.clone()))
        }));
        for (name, (body, places)) in bodies {
            if places.is_empty() {
                continue;
            }
            let answer = writer.send(operation, body.to_string().into_bytes()).await.is_problem(400, "invalid-input");
            let told = answer.json();
            let told = pointers(&told);
            for place in places {
                assert!(told.contains(&place.as_str()), "{operation}: {name} at {place} is not among {told:?}");
                texts += 1;
            }
        }
    }
    assert!(texts > 4_000, "{texts}");
    assert_eq!(digest(&walk.app.database), before);
}

#[actix_web::test]
async fn what_is_no_json_is_a_400_and_nothing_is_written() {
    let walk = Walk::start().await;
    let writers = writers(&walk).await;
    let before = digest(&walk.app.database);
    for (operation, writer) in &writers {
        let schema = &operation.body.as_ref().unwrap().1;
        let mut first = None;
        let body = walk.sampler.full(schema, "", &mut |pointer, schema| {
            if first.is_none() {
                first = Some(pointer.to_owned());
                return Value::from(HERE);
            }
            walk.sampler.sample(schema)
        });
        let Some(place) = first else { continue };
        let body = body.to_string();
        let (head, tail) = body.split_once(&format!("\"{HERE}\"")).unwrap();
        for (name, hostile) in UNREADABLE {
            let body = [head.as_bytes(), hostile, tail.as_bytes()].concat();
            let answer = writer.send(operation, body).await.is_problem(400, "invalid-input");
            let told = answer.json();
            assert!(
                pointers(&told).iter().any(|pointer| pointer.is_empty() || place.starts_with(pointer)),
                "{operation}: {name} at {place}: {told}"
            );
        }
    }
    assert_eq!(digest(&walk.app.database), before);
}

#[actix_web::test]
async fn combining_marks_are_accepted_in_every_free_text() {
    let walk = Walk::start().await;
    for (operation, writer) in &writers(&walk).await {
        let schema = &operation.body.as_ref().unwrap().1;
        let mut free = Vec::new();
        let body = walk.sampler.full(schema, "", &mut |pointer, schema| {
            // Lines and prose say what they refuse; formats and codes what they are.
            if schema["pattern"].as_str().is_some_and(|pattern| pattern.starts_with(r"^[^\u0000")) {
                free.push(pointer.to_owned());
                return json!(DECOMPOSED);
            }
            // At least one fault, so that nothing is written.
            json!("")
        });
        let answer = writer.send(operation, body.to_string().into_bytes()).await;
        assert!(answer.status.as_u16() < 500, "{operation}: {answer:?}");
        let told = answer.json();
        let refused = told["errors"].as_array().into_iter().flatten();
        let refused: Vec<&Value> = refused
            .filter(|fault| free.iter().any(|place| fault["pointer"] == place.as_str()))
            // A code list without an enum in the contract: not any text will do.
            .filter(|fault| fault["code"] != "unknown-scope")
            .collect();
        assert!(refused.is_empty(), "{operation}: {refused:?}");
    }
}

#[actix_web::test]
async fn text_is_stored_composed_and_trimmed() {
    let app = TestApp::start().await;
    let bureau = app.client("demo-regio-midden-brabant").await;
    let me = bureau.get("/v1/me").await.is(200);
    let typed = format!("  {DECOMPOSED}\u{a0} ");
    let new = json!({
        "code": typed, "title": typed, "summary": typed, "goals": [typed], "contactChannel": { "text": typed },
        "regionId": me.text_at("/regions/0/id"), "leadOrganisationId": me.text_at("/organisation/id"),
    });
    let made = bureau.post("/v1/initiatives", &new).await.is(201);
    for place in ["/code", "/title", "/summary", "/goals/0", "/contactChannel/text"] {
        assert_eq!(made.text_at(place), COMPOSED, "{place}");
    }
    // So the same code in the other form is the same code.
    let again = json!({ "code": COMPOSED, "title": "Nog eens", "regionId": new["regionId"], "leadOrganisationId": new["leadOrganisationId"] });
    bureau.post("/v1/initiatives", &again).await.is_problem(409, "code-taken");
    let found = bureau.post("/v1/organisations/_search", &json!({ "name": DECOMPOSED })).await.is(200);
    assert!(found.items().is_empty());
}
