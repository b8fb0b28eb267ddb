//! What a released contract promised still holds. Clients built on it may send what they sent, and
//! understand what they are answered; new values of a code list are announced, and so no breach.

use std::collections::BTreeSet;

use serde_json::Value;

/// Who reads what a schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reader {
    /// The server: what was accepted must be accepted still.
    Server,
    /// The client: what was always there must be there still.
    Client,
}

/// Limits that refuse more the greater they are.
const LOWER_LIMITS: [&str; 3] = ["minLength", "minItems", "minimum"];
/// Limits that refuse more the smaller they are.
const UPPER_LIMITS: [&str; 3] = ["maxLength", "maxItems", "maximum"];

/// Two contracts held against each other.
struct Comparison<'a> {
    released: &'a Value,
    now: &'a Value,
    seen: BTreeSet<(String, String, Reader)>,
    breaches: Vec<String>,
}

/// Every breach, as a sentence.
pub fn breaches(released: &Value, now: &Value) -> Vec<String> {
    let mut comparison = Comparison { released, now, seen: BTreeSet::new(), breaches: Vec::new() };
    for (path, item) in members(&released["paths"]) {
        for (method, operation) in members(item).filter(|(_, operation)| operation.get("responses").is_some()) {
            comparison.operation(&format!("{method} {path}"), operation, &now["paths"][path][method]);
        }
    }
    comparison.breaches
}

impl<'a> Comparison<'a> {
    fn breach(&mut self, place: &str, what: &str) {
        self.breaches.push(format!("{place} {what}"));
    }

    fn operation(&mut self, name: &str, was: &'a Value, is: &'a Value) {
        if is.is_null() {
            return self.breach(name, "is gone");
        }
        self.parameters(name, was, is);
        if was["requestBody"].is_null() && is["requestBody"]["required"] == true {
            self.breach(name, "demands a body");
        }
        for (media_type, content) in members(&was["requestBody"]["content"]) {
            let current = &is["requestBody"]["content"][media_type];
            self.content(&format!("{name} body {media_type}"), content, current, Reader::Server);
        }
        for (status, response) in members(&was["responses"]) {
            let current = resolve(self.now, &is["responses"][status]);
            if current.is_null() {
                self.breach(&format!("{name} {status}"), "is gone");
                continue;
            }
            for (media_type, content) in members(&resolve(self.released, response)["content"]) {
                let place = format!("{name} {status} {media_type}");
                self.content(&place, content, &current["content"][media_type], Reader::Client);
            }
        }
    }

    fn content(&mut self, place: &str, was: &'a Value, is: &'a Value, reader: Reader) {
        if is.is_null() {
            self.breach(place, "is gone");
        } else {
            self.schema(place, &was["schema"], &is["schema"], reader);
        }
    }

    fn parameters(&mut self, name: &str, was: &'a Value, is: &'a Value) {
        let before = parameters(self.released, was);
        let after = parameters(self.now, is);
        for (parameter, described) in &before {
            match after.iter().find(|(current, _)| current == parameter) {
                Some((_, current)) => {
                    let place = format!("{name} {parameter}");
                    self.schema(&place, &described["schema"], &current["schema"], Reader::Server);
                }
                None => self.breach(&format!("{name} {parameter}"), "is gone"),
            }
        }
        for (parameter, described) in after.iter().filter(|(_, described)| described["required"] == true) {
            let demanded = before.iter().any(|(known, was)| known == parameter && was["required"] == true);
            // A path's parameters are its own: another path is another operation.
            if !demanded && described["in"] != "path" {
                self.breach(&format!("{name} {parameter}"), "is demanded now");
            }
        }
    }

    fn schema(&mut self, place: &str, was: &'a Value, is: &'a Value, reader: Reader) {
        if let (Some(before), Some(after)) = (was["$ref"].as_str(), is["$ref"].as_str())
            && !self.seen.insert((before.to_owned(), after.to_owned(), reader))
        {
            return;
        }
        // Named schemas are told by their names: the same one stands in many places.
        let place = was["$ref"].as_str().and_then(|target| target.rsplit('/').next()).unwrap_or(place);
        let (was, is) = (resolve(self.released, was), resolve(self.now, is));
        self.types(place, was, is, reader);
        self.limits(place, was, is, reader);
        self.properties(place, was, is, reader);
        self.schema_of(&format!("{place}[]"), &was["items"], &is["items"], reader);
        for combined in ["allOf", "oneOf"] {
            let (before, after) = (items(&was[combined]), items(&is[combined]));
            if before.len() > after.len() {
                self.breach(place, "has lost a choice or a part");
            }
            before.iter().zip(after).for_each(|(before, after)| self.schema(place, before, after, reader));
        }
    }

    fn schema_of(&mut self, place: &str, was: &'a Value, is: &'a Value, reader: Reader) {
        if was.is_object() {
            self.schema(place, was, is, reader);
        }
    }

    fn types(&mut self, place: &str, was: &Value, is: &Value, reader: Reader) {
        let (before, after) = (names(&was["type"]), names(&is["type"]));
        let (promised, kept) = match reader {
            Reader::Server => (&before, &after),
            Reader::Client => (&after, &before),
        };
        if !kept.is_empty() && !promised.is_subset(kept) {
            self.breach(place, "has another type");
        }
        let (before, after) = (names(&was["enum"]), names(&is["enum"]));
        if reader == Reader::Server && !after.is_empty() && (before.is_empty() || !before.is_subset(&after)) {
            self.breach(place, "accepts fewer values");
        }
    }

    fn limits(&mut self, place: &str, was: &Value, is: &Value, reader: Reader) {
        if reader == Reader::Client {
            return;
        }
        let number = |schema: &Value, limit: &str, none: f64| schema[limit].as_f64().unwrap_or(none);
        let narrower = |limit: &&str| number(is, limit, f64::MIN) > number(was, limit, f64::MIN);
        let lower = LOWER_LIMITS.iter().find(|limit| narrower(limit));
        let narrower = |limit: &&str| number(is, limit, f64::MAX) < number(was, limit, f64::MAX);
        let upper = UPPER_LIMITS.iter().find(|limit| narrower(limit));
        let other = ["pattern", "format"].iter().find(|form| !is[**form].is_null() && is[**form] != was[**form]);
        for limit in lower.into_iter().chain(upper).chain(other) {
            self.breach(place, &format!("has a stricter {limit}"));
        }
    }

    fn properties(&mut self, place: &str, was: &'a Value, is: &'a Value, reader: Reader) {
        for (property, described) in members(&was["properties"]) {
            let (place, current) = (format!("{place}.{property}"), &is["properties"][property]);
            if current.is_null() {
                self.breach(&place, "is gone");
            } else {
                self.schema(&place, described, current, reader);
            }
        }
        let (before, after) = (names(&was["required"]), names(&is["required"]));
        let (changed, what) = match reader {
            Reader::Server => (after.difference(&before), "is demanded now"),
            Reader::Client => (before.difference(&after), "may be missing now"),
        };
        let changed: Vec<_> = changed.filter(|property| !is["properties"][property.as_str()].is_null()).collect();
        changed.into_iter().for_each(|property| self.breach(&format!("{place}.{property}"), what));
    }
}

static NOTHING: Value = Value::Null;

fn resolve<'a>(document: &'a Value, described: &'a Value) -> &'a Value {
    let target = described["$ref"].as_str();
    target.map_or(described, |target| document.pointer(target.trim_start_matches('#')).unwrap_or(&NOTHING))
}

fn members(object: &Value) -> impl Iterator<Item = (&String, &Value)> {
    object.as_object().into_iter().flatten()
}

fn items(array: &Value) -> &[Value] {
    array.as_array().map_or(&[], Vec::as_slice)
}

/// A name, or several.
fn names(value: &Value) -> BTreeSet<String> {
    let several = items(value).iter().filter_map(Value::as_str);
    value.as_str().into_iter().chain(several).map(str::to_owned).collect()
}

/// An operation's parameters by place and name.
fn parameters<'a>(document: &'a Value, operation: &'a Value) -> Vec<(String, &'a Value)> {
    items(&operation["parameters"])
        .iter()
        .map(|parameter| resolve(document, parameter))
        .map(|parameter| {
            let text = |key: &str| parameter[key].as_str().unwrap_or_default().to_owned();
            (format!("{} {}", text("in"), text("name")), parameter)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::breaches;

    /// What becomes of a contract of one operation when its parts change.
    fn changed(pointer: &str, to: Value) -> Vec<String> {
        let released = json!({
            "paths": { "/seats": { "post": {
                "parameters": [
                    { "in": "query", "name": "region", "schema": { "type": "string", "maxLength": 20 } },
                    { "in": "header", "name": "Idempotency-Key", "required": false, "schema": { "type": "string" } },
                ],
                "requestBody": { "required": true, "content": { "application/json": {
                    "schema": { "$ref": "#/components/schemas/CreateSeat" } } } },
                "responses": { "201": { "content": { "application/json": {
                    "schema": { "$ref": "#/components/schemas/Seat" } } } }, "404": { "description": "Absent." } },
            } } },
            "components": { "schemas": {
                "CreateSeat": { "type": "object", "required": ["title"], "properties": {
                    "title": { "type": "string", "minLength": 1, "maxLength": 100 },
                    "days": { "type": ["array", "null"], "items": { "$ref": "#/components/schemas/Day" } } } },
                "Seat": { "type": "object", "required": ["title"], "properties": { "title": { "type": "string" } } },
                "Day": { "type": "string", "enum": ["monday", "friday"] },
            } },
        });
        let mut now = released.clone();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let key = key.replace("~1", "/");
        match now.pointer_mut(parent).unwrap() {
            Value::Array(items) => items[key.parse::<usize>().unwrap()] = to,
            parent if to.is_null() => assert!(parent.as_object_mut().unwrap().remove(&key).is_some()),
            parent => parent[key] = to,
        }
        breaches(&released, &now)
    }

    #[test]
    fn what_a_client_relies_on_stays() {
        let seats = "/paths/~1seats/post";
        let schemas = "/components/schemas";
        for (pointer, to, told) in [
            ("/paths/~1seats".to_owned(), Value::Null, "post /seats is gone"),
            (format!("{seats}/responses/404"), Value::Null, "post /seats 404 is gone"),
            (format!("{seats}/parameters/0/name"), json!("area"), "post /seats query region is gone"),
            (
                format!("{seats}/parameters/0/schema/maxLength"),
                json!(5),
                "post /seats query region has a stricter maxLength",
            ),
            (
                format!("{seats}/parameters/1/required"),
                json!(true),
                "post /seats header Idempotency-Key is demanded now",
            ),
            (
                format!("{seats}/requestBody/content/application~1json"),
                Value::Null,
                "post /seats body application/json is gone",
            ),
            (format!("{schemas}/CreateSeat/required"), json!(["title", "days"]), "CreateSeat.days is demanded now"),
            (format!("{schemas}/CreateSeat/properties/days"), Value::Null, "CreateSeat.days is gone"),
            (format!("{schemas}/CreateSeat/properties/days/type"), json!("array"), "CreateSeat.days has another type"),
            (
                format!("{schemas}/CreateSeat/properties/title/minLength"),
                json!(3),
                "CreateSeat.title has a stricter minLength",
            ),
            (
                format!("{schemas}/CreateSeat/properties/title/pattern"),
                json!("^x$"),
                "CreateSeat.title has a stricter pattern",
            ),
            (format!("{schemas}/Day/enum"), json!(["monday"]), "Day accepts fewer values"),
            (format!("{schemas}/Seat/properties/title"), Value::Null, "Seat.title is gone"),
            (format!("{schemas}/Seat/required"), json!([]), "Seat.title may be missing now"),
            (format!("{schemas}/Seat/properties/title/type"), json!(["string", "null"]), "Seat.title has another type"),
        ] {
            assert_eq!(changed(&pointer, to), [told], "{pointer}");
        }
    }

    #[test]
    fn what_is_added_breaks_nothing() {
        for (pointer, to) in [
            ("/components/schemas/Day/enum", json!(["monday", "friday", "sunday"])),
            ("/components/schemas/Seat/properties/place", json!({ "type": "string" })),
            ("/components/schemas/CreateSeat/properties/place", json!({ "type": "string" })),
            ("/components/schemas/CreateSeat/required", json!([])),
            ("/components/schemas/CreateSeat/properties/title/maxLength", json!(200)),
            ("/paths/~1seats/get", json!({ "responses": {} })),
        ] {
            assert_eq!(changed(pointer, to), Vec::<String>::new(), "{pointer}");
        }
    }
}
