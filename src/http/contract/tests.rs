use actix_web::http::Method;
use serde_json::{Value, json};

use super::Contract;
use crate::error::Place;
use crate::http::specimen;

/// The contract of a document with these members.
fn contract(members: &Value) -> Contract {
    Contract::new(members.to_string().into()).unwrap()
}

#[test]
fn a_path_is_found_by_its_template() {
    let contract = specimen::contract();
    let template = |path: &str| contract.find(path).map(|entry| entry.template.as_str());
    assert_eq!(template("/v1/initiatives"), Some("/v1/initiatives"));
    assert_eq!(template("/v1/initiatives/x"), Some("/v1/initiatives/{initiativeId}"));
    for absent in ["/initiatives", "/v1/v1/initiatives", "/v1/initiatives/", "/v1/initiatives/x/y", "/v1", ""] {
        assert_eq!(template(absent), None, "{absent}");
    }
}

#[test]
fn a_base_path_of_the_server_is_put_in_front_of_relative_paths() {
    let get = json!({ "get": { "responses": {} } });
    let token = json!({ "post": { "responses": {} }, "servers": [{ "url": "/" }] });
    let paths = json!({ "/": get, "/initiatives/{a}": get, "/oauth/token": token });
    for url in ["/v1", "/v1/", "https://api.example.org/v1"] {
        let contract = contract(&json!({ "paths": paths, "servers": [{ "url": url }] }));
        assert_eq!(contract.find("/v1/initiatives/1").unwrap().template, "/v1/initiatives/{a}");
        assert_eq!(contract.find("/v1").unwrap().template, "/v1");
        assert_eq!(contract.find("/oauth/token").unwrap().template, "/oauth/token");
        assert!(contract.find("/initiatives/1").is_none() && contract.find("/v1/oauth/token").is_none());
    }
}

#[test]
fn templates_may_name_a_segment_differently_and_share_prefixes() {
    let paths = json!({
        "/a/{id}": { "get": { "responses": {} } },
        "/a/_search": { "post": { "responses": {} } },
        "/a/{other}/b": { "get": { "responses": {} } },
    });
    let contract = contract(&json!({ "paths": paths }));
    assert_eq!(contract.find("/a/1").unwrap().template, "/a/{id}");
    assert_eq!(contract.find("/a/1/b").unwrap().template, "/a/{other}/b");
    assert_eq!(contract.find("/a/_search").unwrap().template, "/a/_search");
}

#[test]
fn an_entry_knows_its_methods_and_head_is_get() {
    let contract = specimen::contract();
    let entry = contract.find("/v1/initiatives").unwrap();
    assert_eq!(entry.allow(), "GET, HEAD, POST");
    assert_eq!(entry.operation(&Method::HEAD).unwrap().id, "list_initiatives");
    assert!(entry.operation(&Method::DELETE).is_none());
    assert_eq!(contract.find("/v1/initiatives/x").unwrap().allow(), "PATCH");
}

#[test]
fn an_operation_knows_its_media_types_and_parameters() {
    let contract = specimen::contract();
    let operation = |method, path| contract.operation(&method, path).unwrap();
    assert_eq!(operation(Method::POST, "/v1/initiatives").media_types, ["application/json"]);
    assert_eq!(operation(Method::PATCH, "/v1/initiatives/x").media_types, ["application/merge-patch+json"]);
    let names = |place| {
        let parameters = operation(Method::GET, "/v1/initiatives").parameters_in(place);
        parameters.map(|parameter| parameter.name.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(names(Place::Query), ["limit", "titleLike", "kinds", "regionId", "open", "from"]);
    assert!(names(Place::Path).is_empty());
}

#[test]
fn public_is_what_demands_no_token() {
    let bearer = json!([{ "bearer": [] }]);
    let cases = [
        (None, None, true),
        (None, Some(json!([])), true),
        (None, Some(json!([{}])), true),
        (None, Some(json!([{}, { "bearer": [] }])), true),
        (None, Some(bearer.clone()), false),
        (Some(bearer.clone()), None, false),
        (Some(bearer), Some(json!([])), true),
    ];
    for (general, own, public) in cases {
        let mut operation = json!({ "responses": {} });
        if let Some(own) = own.clone() {
            operation["security"] = own;
        }
        let mut value = json!({ "paths": { "/a": { "get": operation } } });
        if let Some(general) = general.clone() {
            value["security"] = general;
        }
        let contract = contract(&value);
        assert_eq!(contract.operation(&Method::GET, "/a").unwrap().public, public, "{general:?} {own:?}");
    }
}

#[test]
fn partial_fields_leave_no_name_of_their_own() {
    let contract = specimen::contract();
    let text = String::from_utf8(contract.json().to_vec()).unwrap();
    assert!(!text.contains("Patch_") && !text.contains("Change_"));
    let fields = contract.document().pointer("/components/schemas/UpdateInitiative/properties").unwrap();
    assert_eq!(fields["title"]["$ref"], "#/components/schemas/Line20");
    assert_eq!(fields["kind"]["oneOf"], json!([{ "type": "null" }, { "$ref": "#/components/schemas/Kind" }]));
    assert_eq!(fields["goals"]["items"]["$ref"], "#/components/schemas/Prose30");
    assert!(contract.document().pointer("/components/schemas/UpdateInitiative/required").is_none());
}

#[test]
fn every_schema_compiles_and_no_reference_dangles() {
    let contract = specimen::contract();
    for name in contract.document().pointer("/components/schemas").unwrap().as_object().unwrap().keys() {
        assert!(contract.validator(contract.schema(name).unwrap()).is_some(), "{name}");
    }
    for parameter in
        contract.paths().iter().flat_map(|path| &path.operations).flat_map(|operation| &operation.parameters)
    {
        assert!(contract.validator(&parameter.schema).is_some(), "{}", parameter.name);
    }
}

#[test]
fn a_schema_is_judged_with_all_it_refers_to_and_nothing_else() {
    let contract = contract(&json!({ "components": { "schemas": {
        "A": { "type": "object", "properties": { "b": { "$ref": "#/components/schemas/B" } } },
        "B": { "type": "array", "items": { "$ref": "#/components/schemas/C" } },
        "C": { "anyOf": [{ "$ref": "#/components/schemas/A" }, { "type": "integer" }] },
        "D": { "$ref": "#/components/schemas/Missing" },
    } } }));
    let validator = contract.validator(contract.schema("A").unwrap()).unwrap();
    assert!(validator.is_valid(&json!({ "b": [1, { "b": [] }] })));
    assert!(!validator.is_valid(&json!({ "b": ["x"] })));
}

#[test]
fn the_contract_and_the_types_agree_on_texts() {
    let contract = specimen::contract();
    let valid = |name: &str, text: &str| {
        contract.validator(contract.schema(name).unwrap()).unwrap().is_valid(&Value::from(text))
    };
    for text in ["a", "é", "Ångström 日本", "a b", "O'Brien-de Vries"] {
        assert!(valid("Line20", text) && valid("Prose30", text), "{text:?}");
    }
    for text in ["", " ", "\u{0}", "a\u{202e}b", "a\u{7f}", "a\u{2066}", "x\u{85}"] {
        assert!(!valid("Line20", text) && !valid("Prose30", text), "{text:?}");
    }
    assert!(!valid("Line20", "a\nb") && valid("Prose30", "a\r\n\tb"));
    assert!(!valid("Line20", "a\u{2028}b"));
    for (name, text) in [
        ("Postcode", "0000AB"),
        ("Email", "a@b"),
        ("WebAddress", "http://example.org"),
        ("SchoolYear", "2018-2020"),
        ("Day", "2023-02-29"),
        ("Id", "not-an-id"),
    ] {
        assert!(!valid(name, text), "{name} {text}");
    }
}
