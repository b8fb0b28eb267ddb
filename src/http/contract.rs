//! The contract as the server knows itself: which paths and methods there are, what each takes,
//! and the schemas by which refused input is explained.

mod inline;
mod outline;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use actix_web::http::Method;
use actix_web::web::Bytes;
use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

pub use self::inline::inline_partial_fields;
use self::outline::Outline;
use crate::error::{Error, Place, Result};
use crate::kernel::formats::FORMATS;

const SCHEMAS: &str = "#/components/schemas/";
const METHODS: [Method; 8] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
    Method::TRACE,
];

/// The contract, read once at start and kept in the application's data.
pub struct Contract {
    document: OnceLock<Value>,
    json: Bytes,
    routes: matchit::Router<usize>,
    paths: Vec<PathEntry>,
    schemas: BTreeMap<String, Schema>,
}

/// One path of the API.
#[derive(Debug)]
pub struct PathEntry {
    /// The path as it is served, base path included, with parameters in braces.
    pub template: String,
    /// What can be done there.
    pub operations: Vec<Operation>,
}

/// One method of one path.
#[derive(Debug)]
pub struct Operation {
    /// The method.
    pub method: Method,
    /// The operation's id.
    pub id: String,
    /// Whether it can be called without a token.
    pub public: bool,
    /// The media types its body may have; empty when it takes none.
    pub media_types: Vec<String>,
    /// Parameters of path, query and header.
    pub parameters: Vec<Parameter>,
}

/// A parameter with its schema.
#[derive(Debug)]
pub struct Parameter {
    /// Where it is given.
    pub place: Place,
    /// Its name.
    pub name: String,
    /// Whether it must be given.
    pub required: bool,
    /// Its schema, compiled at first use.
    pub schema: Schema,
}

/// A schema with the validator that is made of it at first use.
#[derive(Debug)]
pub struct Schema {
    /// The schema as it stands in the contract, references included.
    pub value: Value,
    validator: OnceLock<Option<Validator>>,
}

impl std::fmt::Debug for Contract {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Contract").field("paths", &self.paths.len()).finish_non_exhaustive()
    }
}

impl Schema {
    const fn new(value: Value) -> Self {
        Self { value, validator: OnceLock::new() }
    }
}

impl PathEntry {
    /// What the method does here; `HEAD` is answered by `GET`.
    #[must_use]
    pub fn operation(&self, method: &Method) -> Option<&Operation> {
        let of = |wanted: &Method| self.operations.iter().find(|operation| operation.method == *wanted);
        of(method).or_else(|| if *method == Method::HEAD { of(&Method::GET) } else { None })
    }

    /// The value of an `Allow` header.
    #[must_use]
    pub fn allow(&self) -> String {
        METHODS
            .iter()
            .filter(|method| self.operation(method).is_some())
            .map(Method::as_str)
            .collect::<Vec<_>>()
            .join(", ")
    }
}

impl Operation {
    /// The parameters given in one place.
    pub fn parameters_in(&self, place: Place) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(move |parameter| parameter.place == place)
    }
}

impl Contract {
    /// Reads an OpenAPI document whose references and base path are its own.
    ///
    /// # Errors
    /// [`Error::Internal`] when it is no such document or two of its paths exclude each other.
    pub fn new(json: Bytes) -> Result<Self> {
        let outline: Outline = serde_json::from_slice(&json).map_err(Error::internal)?;
        let paths: Vec<PathEntry> = outline.paths().collect();
        let mut routes = matchit::Router::new();
        for (index, entry) in paths.iter().enumerate() {
            routes.insert(positional(&entry.template), index).map_err(Error::internal)?;
        }
        Ok(Self { schemas: outline.schemas(), document: OnceLock::new(), json, routes, paths })
    }

    /// The path's entry, by the path of a request as it came in, whatever the method.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<&PathEntry> {
        self.routes.at(path).ok().and_then(|found| self.paths.get(*found.value))
    }

    /// What a request for this path with this method does.
    #[must_use]
    pub fn operation(&self, method: &Method, path: &str) -> Option<&Operation> {
        self.find(path).and_then(|entry| entry.operation(method))
    }

    /// Every path.
    #[must_use]
    pub fn paths(&self) -> &[PathEntry] {
        &self.paths
    }

    /// The document as it is served.
    #[must_use]
    pub fn json(&self) -> Bytes {
        self.json.clone()
    }

    /// The same as a value; read at first use, which is when input is first refused.
    #[must_use]
    pub fn document(&self) -> &Value {
        self.document.get_or_init(|| serde_json::from_slice(&self.json).unwrap_or_default())
    }

    /// A named schema of the contract.
    #[must_use]
    pub fn schema(&self, name: &str) -> Option<&Schema> {
        self.schemas.get(name)
    }

    /// The validator of a schema: draft 2020-12, formats asserted. None, and logged, when the
    /// schema itself is wrong.
    pub fn validator<'a>(&self, schema: &'a Schema) -> Option<&'a Validator> {
        schema
            .validator
            .get_or_init(|| {
                self.compile(&schema.value)
                    .inspect_err(|error| tracing::error!(%error, "contract.schema_broken: a schema cannot be used"))
                    .ok()
            })
            .as_ref()
    }

    /// The schema behind a reference into this document, or the schema itself.
    #[must_use]
    pub fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let mut schema = schema;
        for _ in 0..8 {
            let Some(target) = schema.get("$ref").and_then(Value::as_str) else { break };
            let Some(next) = target.strip_prefix('#').and_then(|pointer| self.document().pointer(pointer)) else {
                break;
            };
            schema = next;
        }
        schema
    }

    fn compile(&self, schema: &Value) -> Result<Validator> {
        let mut used = Map::new();
        if let Some(schemas) = self.document().pointer("/components/schemas").and_then(Value::as_object) {
            referred(schema, schemas, &mut used);
        }
        let mut root = schema.as_object().cloned().unwrap_or_default();
        root.insert("components".to_owned(), json!({ "schemas": used }));
        let mut options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
        for format in FORMATS {
            options = options.with_format(format.name, format.accepts);
        }
        options.build(&Value::Object(root)).map_err(|error| Error::internal(error.masked()))
    }
}

/// The template with numbers for names: templates may name the same segment differently.
fn positional(template: &str) -> String {
    template
        .split('/')
        .enumerate()
        .map(|(position, segment)| match (segment.find('{'), segment.rfind('}')) {
            (Some(open), Some(close)) => {
                let before = segment.get(..open).unwrap_or_default();
                let after = segment.get(close + 1..).unwrap_or_default();
                format!("{before}{{p{position}}}{after}")
            }
            _ => segment.to_owned(),
        })
        .collect::<Vec<_>>()
        .join("/")
}

/// The named schemas that a schema refers to, directly or through others.
fn referred<'a>(schema: &'a Value, schemas: &'a Map<String, Value>, found: &mut Map<String, Value>) {
    match schema {
        Value::Object(members) => {
            let name = members.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix(SCHEMAS));
            if let Some((name, schema)) = name.and_then(|name| schemas.get_key_value(name))
                && !found.contains_key(name)
            {
                found.insert(name.clone(), schema.clone());
                referred(schema, schemas, found);
            }
            members.values().for_each(|member| referred(member, schemas, found));
        }
        Value::Array(items) => items.iter().for_each(|item| referred(item, schemas, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests;
