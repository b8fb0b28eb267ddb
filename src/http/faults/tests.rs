use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use validator::{Validate, ValidationErrors};

use super::{camel_case, of_body, of_validation};
use crate::error::{Fault, Place, Rule};
use crate::http::patch::Patch;
use crate::kernel::text::Line;

fn said(faults: &[Fault]) -> Vec<String> {
    faults.iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect()
}

const TAKEN: Rule = Rule { code: "taken", nl: "Bezet; kies een ander.", en: "Taken; choose another." };

fn taken(_: &Line) -> Result<(), validator::ValidationError> {
    Err(TAKEN.violation())
}

#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Item {
    #[validate(custom(function = "taken"))]
    short_name: Line,
    #[validate(range(exclusive_min = 0, exclusive_max = 10))]
    number_of_seats: i32,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[validate(schema(function = "whole", skip_on_field_errors = false))]
struct Whole {
    #[validate(nested, length(min = 1))]
    first_items: Vec<Item>,
    #[serde(default)]
    #[validate(nested)]
    one_item: Patch<Item>,
    #[validate(length(equal = 2))]
    r#type: Option<String>,
    #[validate(range(min = 1.5))]
    share: Option<f64>,
}

fn whole(_: &Whole) -> Result<(), validator::ValidationError> {
    Err(TAKEN.violation_at("/firstItems"))
}

#[test]
fn validation_is_told_with_pointers_in_camel_case() {
    let body: Whole = serde_json::from_value(json!({
        "firstItems": [{ "shortName": "a", "numberOfSeats": 1 }, { "shortName": "a", "numberOfSeats": 10 }],
        "oneItem": { "shortName": "a", "numberOfSeats": 0 },
        "type": "geheim",
        "share": 1.0,
    }))
    .unwrap();
    let faults = of_validation(Place::Body, &body.validate().unwrap_err());
    let expected = [
        "/firstItems taken",
        "/firstItems/0/shortName taken",
        "/firstItems/1/numberOfSeats out-of-range",
        "/firstItems/1/shortName taken",
        "/oneItem/numberOfSeats out-of-range",
        "/oneItem/shortName taken",
        "/share out-of-range",
        "/type too-long",
    ];
    assert_eq!(said(&faults), expected);
    let details: Vec<_> = faults.iter().map(|fault| (fault.detail.nl.as_ref(), fault.detail.en.as_ref())).collect();
    assert_eq!(details[1], (TAKEN.nl, TAKEN.en));
    assert_eq!(details[2], ("Kleiner dan 10.", "Less than 10."));
    assert_eq!(details[4].0, "Groter dan 0.");
    assert_eq!(details[6].0, "Minstens 1.5.");
    assert_eq!(details[7].0, "Hoogstens 2 tekens; maak het korter.");
    assert!(!format!("{faults:?}").contains("geheim"));
}

#[test]
fn an_empty_list_is_too_few() {
    let body: Whole = serde_json::from_value(json!({ "firstItems": [] })).unwrap();
    assert_eq!(
        said(&of_validation(Place::Body, &body.validate().unwrap_err())),
        ["/firstItems taken", "/firstItems too-few"]
    );
}

#[test]
fn no_errors_make_no_faults() {
    assert!(of_validation(Place::Body, &ValidationErrors::new()).is_empty());
}

#[test]
fn field_names_become_what_serde_writes() {
    for (field, name) in
        [("a", "a"), ("starts_on", "startsOn"), ("line_2_text", "line2Text"), ("r#type", "type"), ("x_y_z", "xYZ")]
    {
        assert_eq!(camel_case(field), name);
    }
}

#[test]
fn without_a_contract_the_place_where_serde_stopped_is_told() {
    let cases = [
        (r#"{"firstItems":[{"numberOfSeats":1}]}"#, "/firstItems/0/shortName required"),
        (r#"{"firstItems":[{"shortName":"a","numberOfSeats":"x"}]}"#, "/firstItems/0/numberOfSeats wrong-type"),
        (
            r#"{"firstItems":[{"shortName":"a","numberOfSeats":3000000000}]}"#,
            "/firstItems/0/numberOfSeats out-of-range",
        ),
        (r#"{"firstItems":[{"shortName":"a\nb","numberOfSeats":1}]}"#, "/firstItems/0/shortName refused-character"),
        (r#"{"firstItems":[],"evil":1}"#, "/evil unknown-property"),
        (r#"{"firstItems":[],"firstItems":[]}"#, "/firstItems duplicate-key"),
        ("{}", "/firstItems required"),
        ("[]", " wrong-type"),
    ];
    for (body, expected) in cases {
        assert_eq!(said(&of_body::<Whole>(body.as_bytes(), None)), [expected], "{body}");
    }
}
