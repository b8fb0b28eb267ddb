//! The smallest body that a schema of the contract allows.

use std::collections::VecDeque;

use serde_json::{Map, Value, json};

/// Makes bodies from schemas.
pub struct Sampler {
    contract: Value,
}

impl Sampler {
    pub fn new(contract: Value) -> Self {
        Self { contract }
    }

    fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema.get("$ref").and_then(Value::as_str) {
            Some(reference) => self.resolved(self.contract.pointer(reference.trim_start_matches('#')).unwrap()),
            None => schema,
        }
    }

    /// The example of a schema: beside a reference it is closer than the one of what it refers to.
    fn example<'a>(&'a self, schema: &'a Value) -> Option<&'a Value> {
        let given = |schema: &'a Value| schema.get("example").or_else(|| schema.pointer("/examples/0"));
        given(schema).or_else(|| given(self.resolved(schema)))
    }

    /// Required properties only, each with its example or the least that is allowed.
    pub fn sample(&self, schema: &Value) -> Value {
        if let Some(example) = self.example(schema) {
            return example.clone();
        }
        let schema = self.resolved(schema);
        if let Some(first) = schema.pointer("/enum/0") {
            return first.clone();
        }
        for choice in ["oneOf", "anyOf"] {
            if let Some(choices) = schema[choice].as_array() {
                let choice = choices.iter().find(|choice| choice["type"] != "null").unwrap();
                return self.sample(choice);
            }
        }
        if let Some(parts) = schema["allOf"].as_array() {
            let merged = parts.iter().map(|part| self.sample(part)).filter_map(|part| part.as_object().cloned());
            return Value::Object(merged.flatten().collect());
        }
        match schema["type"].as_str().or_else(|| schema.pointer("/type/0").and_then(Value::as_str)) {
            Some("object") => self.object(schema),
            Some("array") => match schema["minItems"].as_u64() {
                Some(1..) => json!([self.sample(&schema["items"])]),
                _ => json!([]),
            },
            Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or(json!(1)),
            Some("boolean") => json!(false),
            Some("string") => match schema["format"].as_str() {
                Some("uuid") => json!(uuid::Uuid::now_v7()),
                Some("date") => json!("2018-09-01"),
                Some("date-time") => json!("2018-09-01T10:00:00Z"),
                _ => json!("voorbeeld"),
            },
            _ => Value::Null,
        }
    }

    /// Every property there is, each with its example: what a reader of the contract would send.
    pub fn proposed(&self, schema: &Value) -> Value {
        if let Some(example) = self.example(schema) {
            return example.clone();
        }
        let schema = self.resolved(schema);
        if let Some(properties) = schema["properties"].as_object() {
            let filled = properties.iter().map(|(name, schema)| (name.clone(), self.proposed(schema)));
            return Value::Object(filled.collect());
        }
        if schema["items"].is_object() && schema["minItems"] != 0 {
            return json!([self.proposed(&schema["items"])]);
        }
        self.sample(schema)
    }

    /// Every property there is, one item in each list; `text` says what stands for each text,
    /// given its JSON pointer and its schema.
    pub fn full(&self, schema: &Value, pointer: &str, text: &mut dyn FnMut(&str, &Value) -> Value) -> Value {
        let schema = self.resolved(schema);
        for choice in ["oneOf", "anyOf"] {
            if let Some(choices) = schema[choice].as_array() {
                let choice = choices.iter().find(|choice| choice["type"] != "null").unwrap();
                return self.full(choice, pointer, text);
            }
        }
        if let Some(properties) = schema["properties"].as_object() {
            let filled = properties
                .iter()
                .map(|(name, schema)| (name.clone(), self.full(schema, &format!("{pointer}/{name}"), text)));
            return Value::Object(filled.collect());
        }
        match schema["type"].as_str().or_else(|| schema.pointer("/type/0").and_then(Value::as_str)) {
            Some("array") => json!([self.full(&schema["items"], &format!("{pointer}/0"), text)]),
            Some("string") => text(pointer, schema),
            _ => self.sample(schema),
        }
    }

    /// A body for each property alone, beside those that there must be; `values` says with what.
    pub fn one_by_one(&self, schema: &Value, values: &mut dyn FnMut(&str) -> Vec<Value>) -> Vec<Value> {
        let schema = self.resolved(schema);
        let names = schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name);
        let mut bodies = Vec::new();
        for name in names {
            for value in values(name) {
                let mut body = self.object(schema);
                body[name] = value;
                bodies.push(body);
            }
        }
        bodies
    }

    /// A body for each state that `to` may name, where it names one.
    pub fn steps(&self, schema: &Value) -> VecDeque<Value> {
        let schema = self.resolved(schema);
        let states = self.resolved(&schema["properties"]["to"])["enum"].as_array().cloned().unwrap_or_default();
        let step = |to: Value| {
            let mut body = self.object(schema);
            body["to"] = to;
            body
        };
        states.into_iter().map(step).collect()
    }

    fn object(&self, schema: &Value) -> Value {
        let mut sample = Map::new();
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            sample.insert(name.to_owned(), self.sample(&schema["properties"][name]));
        }
        Value::Object(sample)
    }
}
