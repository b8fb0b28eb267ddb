//! The contract is the product: fresh, described, unique, sound, and never broken.

mod breaking;

use std::collections::BTreeSet;

use serde_json::Value;
use stagepunt::generated;

use self::breaking::breaches;
use crate::support::{TestApp, assert_fresh};

fn contract() -> Value {
    serde_json::from_str(&generated::openapi().unwrap()).unwrap()
}

fn operations(contract: &Value) -> Vec<(String, &Value)> {
    let paths = contract["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().unwrap().iter().map(move |(method, operation)| (format!("{method} {path}"), operation))
        })
        .filter(|(_, operation)| operation.get("responses").is_some())
        .collect()
}

#[test]
fn generated_files_are_fresh() {
    for (path, content) in generated::files().unwrap() {
        assert_fresh(path, &content);
    }
}

#[actix_web::test]
async fn the_server_serves_the_committed_contract() {
    let app = TestApp::start().await;
    let answer = app.anyone().get("/v1/openapi.json").await.is(200);
    assert_eq!(answer.json(), contract());
    assert_eq!(answer.header("access-control-allow-origin"), "*");
}

#[test]
fn every_page_can_be_sized_and_turned() {
    let contract = contract();
    let mut pages = 0;
    for (name, operation) in operations(&contract) {
        let schema = operation.pointer("/responses/200/content/application~1json/schema/$ref").and_then(Value::as_str);
        let Some(page) = schema.and_then(|schema| contract.pointer(schema.trim_start_matches('#'))) else { continue };
        if page.pointer("/properties/nextCursor").is_none() || !name.starts_with("get ") {
            continue;
        }
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        for wanted in ["limit", "cursor"] {
            assert!(parameters.iter().any(|parameter| parameter["name"] == wanted), "{name} has no {wanted}");
        }
        pages += 1;
    }
    assert!(pages > 10, "only {pages} collections");
}

#[test]
fn every_operation_is_described() {
    let contract = contract();
    let tags: BTreeSet<&str> =
        contract["tags"].as_array().unwrap().iter().filter_map(|tag| tag["name"].as_str()).collect();
    let mut ids = BTreeSet::new();
    for (name, operation) in operations(&contract) {
        for text in ["summary", "description", "operationId"] {
            assert!(operation[text].as_str().is_some_and(|text| !text.is_empty()), "{name} has no {text}");
        }
        assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{name} shares its operationId");
        assert!(
            operation["tags"].as_array().unwrap().iter().all(|tag| tags.contains(tag.as_str().unwrap())),
            "{name} has an unknown tag"
        );
        assert!(operation["security"].is_array(), "{name} does not say who may call it");
        for (status, response) in operation["responses"].as_object().unwrap() {
            let shared = response["$ref"].as_str().map(|reference| reference.trim_start_matches('#'));
            let response = shared.map_or(response, |pointer| contract.pointer(pointer).unwrap());
            assert!(
                response["description"].as_str().is_some_and(|text| !text.is_empty()),
                "{name} {status} is not described"
            );
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            assert!(parameter["description"].is_string(), "{name}: parameter {} is not described", parameter["name"]);
        }
    }
}

#[test]
fn every_property_is_described() {
    let contract = contract();
    let mut bare = Vec::new();
    for (name, schema) in contract.pointer("/components/schemas").unwrap().as_object().unwrap() {
        for (property, described) in schema["properties"].as_object().into_iter().flatten() {
            let choices = described["oneOf"].as_array().into_iter().flatten();
            let mut described = std::iter::once(described).chain(choices);
            if !described.any(|described| described.get("description").is_some() || described.get("$ref").is_some()) {
                bare.push(format!("{name}.{property}"));
            }
        }
    }
    assert_eq!(bare, Vec::<String>::new());
}

#[test]
fn no_reference_dangles() {
    fn references(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => {
                if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                    found.insert(reference.to_owned());
                }
                members.values().for_each(|member| references(member, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let contract = contract();
    let mut found = BTreeSet::new();
    references(&contract, &mut found);
    for reference in found {
        assert!(contract.pointer(reference.trim_start_matches('#')).is_some(), "{reference} dangles");
    }
}

#[test]
fn nothing_released_is_broken() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/released");
    let now = contract();
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap());
    for file in files.filter(|file| file.path().extension().is_some_and(|e| e == "json")) {
        let released: Value = serde_json::from_slice(&std::fs::read(file.path()).unwrap()).unwrap();
        assert_eq!(breaches(&released, &now), Vec::<String>::new(), "{}", file.path().display());
    }
}

#[test]
fn the_contract_breaks_no_promise_of_its_own_and_a_breach_of_it_is_seen() {
    let released = contract();
    assert_eq!(breaches(&released, &released), Vec::<String>::new());
    let mut now = released.clone();
    now["paths"].as_object_mut().unwrap().remove("/me");
    now["components"]["schemas"]["Initiative"]["properties"].as_object_mut().unwrap().remove("title");
    let told: BTreeSet<String> = breaches(&released, &now).into_iter().collect();
    assert_eq!(told.iter().map(String::as_str).collect::<Vec<_>>(), ["Initiative.title is gone", "get /me is gone"]);
}
