//! Examples of the contract: what a partner reads, and what the docs page proposes to send.
//!
//! They stand in `examples.json`, by schema and then by property. What is said of `Initiative`
//! also holds for `CreateInitiative` and whatever else ends in that name; what is said of `*` for
//! every property of the name. The closest word counts.

use serde_json::{Map, Value, json};

use crate::error::{Error, Result};

/// What holds wherever nothing closer is said.
const ANY: &str = "*";

/// Gives every property its example. A property that refers to a schema has it beside the
/// reference, where `OpenAPI` 3.1 reads it and utoipa cannot write it.
///
/// # Errors
/// Only a defect of ours in `examples.json`.
pub fn fill(document: &mut Value) -> Result<()> {
    let examples = Examples::read()?;
    let schemas = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    for (name, schema) in schemas.into_iter().flatten() {
        for (property, schema) in properties(schema) {
            if let Some(example) = examples.find(name, property)
                && let Some(schema) = schema.as_object_mut()
            {
                schema.insert("examples".to_owned(), json!([example]));
            }
        }
    }
    Ok(())
}

fn properties(schema: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten()
}

/// By schema and then by property.
struct Examples(Map<String, Value>);

impl Examples {
    fn read() -> Result<Self> {
        serde_json::from_str(include_str!("examples.json")).map(Self).map_err(Error::internal)
    }

    /// What the closest word says of a property: that of the entry whose name is most of the schema's.
    fn find(&self, schema: &str, property: &str) -> Option<&Value> {
        self.0
            .iter()
            .filter(|(name, _)| schema.ends_with(name.as_str()) || *name == ANY)
            .filter_map(|(name, of)| Some((name.len(), of.get(property)?)))
            .max_by_key(|(closeness, _)| *closeness)
            .map(|(_, example)| example)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schemas(document: &Value) -> impl Iterator<Item = (&String, &String, &Value)> {
        document["components"]["schemas"].as_object().unwrap().iter().flat_map(|(name, schema)| {
            schema["properties"].as_object().into_iter().flatten().map(move |(property, of)| (name, property, of))
        })
    }

    /// Whether a generated example would say nothing: free text and figures, but not codes, flags
    /// and ids.
    fn wants_one(document: &Value, schema: &Value) -> bool {
        if let Some(reference) = schema["$ref"].as_str() {
            let target = document.pointer(reference.trim_start_matches('#')).unwrap();
            return wants_one(document, target);
        }
        if let Some(choices) = schema["oneOf"].as_array() {
            return choices.iter().any(|choice| wants_one(document, choice));
        }
        if schema["items"].is_object() {
            return wants_one(document, &schema["items"]);
        }
        let kinds = schema["type"].to_string();
        let plain = ["string", "integer", "number"].iter().any(|kind| kinds.contains(kind));
        plain && schema["enum"].is_null() && schema["format"] != "uuid"
    }

    #[test]
    fn every_text_and_figure_has_an_example() {
        let document: Value = serde_json::from_str(crate::api::PUBLISHED).unwrap();
        let without: Vec<_> = schemas(&document)
            .filter(|(_, _, schema)| wants_one(&document, schema) && schema["examples"].is_null())
            .map(|(name, property, _)| format!("{name}.{property}"))
            .collect();
        assert!(without.is_empty(), "no example in src/api/examples.json for {without:#?}");
    }

    #[test]
    fn every_example_is_of_use() {
        let document: Value = serde_json::from_str(crate::api::PUBLISHED).unwrap();
        let mut examples = Examples::read().unwrap();
        for (schema, of) in examples.0.clone() {
            for property in of.as_object().unwrap().keys() {
                let shown = |examples: &Examples| -> Vec<Option<Value>> {
                    let same = schemas(&document).filter(|(_, name, _)| *name == property);
                    same.map(|(name, property, _)| examples.find(name, property).cloned()).collect()
                };
                let with = shown(&examples);
                let word = examples.0[&schema].as_object_mut().unwrap().remove(property).unwrap();
                assert_ne!(shown(&examples), with, "{schema}.{property} says nothing new");
                examples.0[&schema][property] = word;
            }
        }
    }

    #[test]
    fn every_example_meets_its_schema() {
        let document: Value = serde_json::from_str(crate::api::PUBLISHED).unwrap();
        let (mut given, mut due) = (json!({}), json!({}));
        for (name, property, schema) in schemas(&document).filter(|(_, _, schema)| schema["examples"].is_array()) {
            given[name][property] = schema["examples"][0].clone();
            due[name]["properties"][property] = schema.clone();
        }
        let all = json!({"properties": due, "components": document["components"]});
        let validator = jsonschema::options().should_validate_formats(true).build(&all).unwrap();
        let faults: Vec<_> =
            validator.iter_errors(&given).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
        assert_eq!(faults, Vec::<String>::new());
    }

    #[test]
    fn the_closest_word_counts() {
        let examples = Examples(
            json!({
                "*": {"startsOn": "any", "note": "any"},
                "Certificate": {"startsOn": "certificate"},
                "MentorCertificate": {"startsOn": "mentor"},
            })
            .as_object()
            .unwrap()
            .clone(),
        );
        assert_eq!(examples.find("CreateMentorCertificate", "startsOn").unwrap(), "mentor");
        assert_eq!(examples.find("OtherCertificate", "startsOn").unwrap(), "certificate");
        assert_eq!(examples.find("Placement", "startsOn").unwrap(), "any");
        assert_eq!(examples.find("Placement", "title"), None);
    }

    #[test]
    fn what_refers_to_a_schema_has_it_beside_the_reference() {
        let mut document = json!({"components": {"schemas": {"CreateInitiative": {
            "properties": {"title": {"$ref": "#/components/schemas/Line200", "description": "Title."}}}}}});
        fill(&mut document).unwrap();
        let title = &document["components"]["schemas"]["CreateInitiative"]["properties"]["title"];
        assert_eq!(title["examples"], json!(["Stagepunt"]));
        assert_eq!(title["$ref"], "#/components/schemas/Line200");
    }
}
