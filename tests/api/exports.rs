//! Lists as CSV files: the whole list, documented columns, no formulas, 406 for anything else.

use std::collections::BTreeMap;

use diesel::connection::SimpleConnection as _;
use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, TestApp, TestClient};

const BUREAU: &str = "demo-regio-midden-brabant";

async fn accepting(client: &TestClient, path: &str, accept: &str) -> Answer {
    client.send(client.request(Method::GET, path).header("Accept", accept)).await
}

type Lines = Vec<BTreeMap<String, String>>;

fn parse(answer: &Answer, delimiter: u8) -> (Vec<String>, Lines) {
    let text = answer.body.strip_prefix("\u{feff}".as_bytes()).unwrap();
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text);
    let head: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let lines = reader.deserialize().collect::<Result<Lines, _>>().unwrap();
    (head, lines)
}

/// How many items the list has, page by page.
async fn count(client: &TestClient, path: &str) -> usize {
    let (mut count, mut next) = (0, format!("{path}?limit=200"));
    loop {
        let page = client.get(&next).await.is(200);
        count += page.items().len();
        let Some(cursor) = page.json()["nextCursor"].as_str().map(str::to_owned) else { return count };
        next = format!("{path}?limit=200&cursor={cursor}");
    }
}

/// What holds for every export; returns its lines.
async fn exported(app: &TestApp, client: &TestClient, collection: &str) -> Lines {
    let path = format!("/v1/{collection}");
    let file = accepting(client, &path, "text/csv").await.is(200);
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert_eq!(file.header("content-disposition"), format!("attachment; filename=\"{collection}.csv\""));
    let (head, lines) = parse(&file, b',');
    assert_eq!(lines.len(), count(client, &path).await, "the whole list");

    let contract = app.anyone().get("/v1/openapi.json").await.is(200).json();
    let responses = &contract["paths"][format!("/{collection}")]["get"]["responses"];
    let described = responses["200"]["content"]["text/csv"]["schema"]["description"].as_str().unwrap();
    assert!(described.contains(&format!("Columns: `{}`.", head.join("`, `"))), "{described}");
    assert!(responses["406"].is_object());

    let semicolons = accepting(client, &path, "text/csv;delimiter=semicolon").await.is(200);
    assert_eq!(parse(&semicolons, b';'), (head, lines.clone()));
    for accept in ["application/xml", "text/html", "text/csv;delimiter=pipe"] {
        accepting(client, &path, accept).await.is_problem(406, "not-acceptable");
    }
    for accept in ["application/json", "*/*", "text/csv;q=0.5, application/json"] {
        let page = accepting(client, &path, accept).await.is(200);
        assert_eq!(
            (page.header("content-type").as_str(), page.header("vary").contains("Accept")),
            ("application/json", true)
        );
    }
    for part in ["limit=2", "updatedSince=2025-09-01T00:00:00Z"] {
        accepting(client, &format!("{path}?{part}"), "text/csv").await.is_problem(400, "whole-list-only");
    }
    let lacking = client.request(Method::GET, &format!("{path}?shoeSize=1")).header("Accept", "text/csv");
    client.send(lacking).await.is_problem(400, "invalid-input");
    lines
}

#[actix_web::test]
async fn whole_lists_take_turns_and_leave_connections_to_others() {
    let app = TestApp::start().await;
    app.database.set("lock_timeout = '0'");
    let bureau = app.client(BUREAU).await;
    let file = || accepting(&bureau, "/v1/initiatives", "text/csv");
    let mut owner = app.database.owner();
    owner.batch_execute("BEGIN; LOCK TABLE initiatives IN ACCESS EXCLUSIVE MODE").unwrap();
    let meanwhile = async {
        app.database.until_waiting(2).await;
        let refused = file().await.is_problem(503, "overloaded");
        assert_eq!((refused.header("retry-after").as_str(), app.database.waiting()), ("2", 2));
        bureau.get("/v1/organisations").await.is(200);
        owner.batch_execute("ROLLBACK").unwrap();
    };
    let (one, two, ()) = futures_util::future::join3(file(), file(), meanwhile).await;
    assert_eq!(one.is(200).body, two.is(200).body);
    file().await.is(200);
}

#[actix_web::test]
async fn organisations_can_be_had_as_a_file() {
    let app = TestApp::start().await;
    let bureau = app.client(BUREAU).await;
    let body = json!({
        "name": "=HYPERLINK(\"x\"), \"y\"", "kinds": ["practice", "school"], "phone": "+31 13 123 45 67",
        "visitingAddress": { "place": "'s-Hertogenbosch" },
    });
    let made = bureau.post("/v1/organisations", &body).await.is(201);
    let lines = exported(&app, &bureau, "organisations").await;
    let line = lines.iter().find(|line| line["id"] == made.text_at("/id")).unwrap();
    assert_eq!(line["name"], "'=HYPERLINK(\"x\"), \"y\"");
    assert_eq!((line["kinds"].as_str(), line["phone"].as_str()), ("practice | school", "'+31 13 123 45 67"));
    assert_eq!(line["visitingAddress.place"], "'s-Hertogenbosch");
    assert_eq!((line["kvkNumber"].as_str(), line["active"].as_str(), line["version"].as_str()), ("", "true", "1"));
    assert_eq!(line["updatedAt"], made.text_at("/updatedAt"));

    let some = accepting(&bureau, "/v1/organisations?kind=funder", "text/csv").await.is(200);
    let funders = parse(&some, b',').1;
    assert!(!funders.is_empty() && funders.iter().all(|line| line["kinds"].contains("funder")), "filters hold");
}

#[actix_web::test]
async fn initiatives_can_be_had_as_a_file() {
    let app = TestApp::start().await;
    let bureau = app.client(BUREAU).await;
    let body = json!({
        "code": "proef", "title": "@SUM(A1:A9)", "goals": ["-1 drempel", "Meer plaatsen; beter"],
        "regionId": bureau.get("/v1/me").await.is(200).text_at("/regions/0/id"),
        "leadOrganisationId": app.organisation_of("demo-praktijk-eerste-eik").await,
    });
    let made = bureau.post("/v1/initiatives", &body).await.is(201);
    let lines = exported(&app, &bureau, "initiatives").await;
    let line = lines.iter().find(|line| line["id"] == made.text_at("/id")).unwrap();
    assert_eq!((line["title"].as_str(), line["status"].as_str()), ("'@SUM(A1:A9)", "draft"));
    assert_eq!(line["goals"], "'-1 drempel | Meer plaatsen; beter");
    assert_eq!(line["leadOrganisation.name"], made.text_at("/leadOrganisation/name"));
    assert_eq!((line["funder.id"].as_str(), line["funder.name"].as_str()), ("", ""));
    // A stranger's file holds what a stranger sees.
    let stranger = app.client("demo-school-scalda").await;
    let theirs = parse(&accepting(&stranger, "/v1/initiatives", "text/csv").await.is(200), b',').1;
    assert!(theirs.iter().all(|line| line["id"] != made.text_at("/id")));
}
