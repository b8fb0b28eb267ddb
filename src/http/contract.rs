//! The contract as the server knows itself: which paths and methods there are, what each takes,
//! and the schemas by which refused input is explained.

mod inline;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use actix_web::http::Method;
use actix_web::web::Bytes;
use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};
use utoipa::openapi::OpenApi;

pub use self::inline::inline_partial_fields;
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

/// The contract, built once at start and kept in the application's data.
pub struct Contract {
    document: Value,
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
        let has = |method: &Method| self.operation(method).is_some() || *method == Method::OPTIONS;
        METHODS.iter().filter(|method| has(method)).map(Method::as_str).collect::<Vec<_>>().join(", ")
    }
}

impl Operation {
    /// The parameters given in one place.
    pub fn parameters_in(&self, place: Place) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(move |parameter| parameter.place == place)
    }
}

impl Contract {
    /// Reads the document that utoipa collected.
    ///
    /// # Errors
    /// [`Error::Internal`] when it cannot be written as JSON or two paths exclude each other.
    pub fn new(document: &OpenApi) -> Result<Self> {
        let mut document = document.clone();
        inline_partial_fields(&mut document);
        let document = serde_json::to_value(document).map_err(Error::internal)?;
        let json = serde_json::to_vec(&document).map_err(Error::internal)?.into();
        let mut routes = matchit::Router::new();
        let mut paths = Vec::new();
        let base = base_path(&document).filter(|base| !has_served_paths(&document, base)).unwrap_or_default();
        for (path, item) in members(&document, "paths") {
            let entry = PathEntry { template: served(&base, path, item), operations: operations(&document, item) };
            routes.insert(positional(&entry.template), paths.len()).map_err(Error::internal)?;
            paths.push(entry);
        }
        let schemas = document
            .pointer("/components/schemas")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(name, _)| (name.clone(), Schema::new(json!({ "$ref": format!("{SCHEMAS}{name}") }))))
            .collect();
        Ok(Self { document, json, routes, paths, schemas })
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

    /// The same as a value, to be printed or checked.
    #[must_use]
    pub const fn document(&self) -> &Value {
        &self.document
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
            let Some(next) = target.strip_prefix('#').and_then(|pointer| self.document.pointer(pointer)) else { break };
            schema = next;
        }
        schema
    }

    fn compile(&self, schema: &Value) -> Result<Validator> {
        let mut root = schema.as_object().cloned().unwrap_or_default();
        if let Some(components) = self.document.get("components") {
            root.insert("components".to_owned(), components.clone());
        }
        let mut options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
        for format in FORMATS {
            options = options.with_format(format.name, format.accepts);
        }
        options.build(&Value::Object(root)).map_err(|error| Error::internal(error.masked()))
    }
}

fn members<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value.get(key).and_then(Value::as_object).into_iter().flatten()
}

fn items<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The base path of the server that is named first.
fn base_path(holder: &Value) -> Option<String> {
    let url = text(items(holder, "servers").next()?, "url");
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|slash| rest.get(slash..)).unwrap_or_default(),
        None => url.as_str(),
    };
    Some(path.trim_end_matches('/').to_owned())
}

/// Whether the document writes its paths as they are served, its server's base path included:
/// then one of them begins with it.
fn has_served_paths(document: &Value, base: &str) -> bool {
    members(document, "paths")
        .any(|(path, _)| path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// The path as it is served.
fn served(base: &str, path: &str, item: &Value) -> String {
    let own = base_path(item);
    let base = own.as_deref().unwrap_or(base);
    if path == "/" && !base.is_empty() { base.to_owned() } else { format!("{base}{path}") }
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

fn operations(document: &Value, item: &Value) -> Vec<Operation> {
    METHODS
        .iter()
        .filter_map(|method| item.get(method.as_str().to_ascii_lowercase()).map(|operation| (method, operation)))
        .map(|(method, operation)| Operation {
            method: method.clone(),
            id: text(operation, "operationId"),
            public: is_public(operation.get("security").or_else(|| document.get("security"))),
            media_types: operation
                .get("requestBody")
                .map(|body| members(body, "content").map(|(media_type, _)| media_type.clone()).collect())
                .unwrap_or_default(),
            parameters: items(operation, "parameters").chain(items(item, "parameters")).filter_map(parameter).collect(),
        })
        .collect()
}

fn parameter(parameter: &Value) -> Option<Parameter> {
    let place = match parameter.get("in")?.as_str()? {
        "path" => Place::Path,
        "query" => Place::Query,
        "header" => Place::Header,
        _ => return None,
    };
    Some(Parameter {
        place,
        name: text(parameter, "name"),
        required: parameter.get("required").and_then(Value::as_bool).unwrap_or(false),
        schema: Schema::new(parameter.get("schema").cloned().unwrap_or_default()),
    })
}

/// Public is what demands no scheme, or offers the empty demand as one of several.
fn is_public(security: Option<&Value>) -> bool {
    security.and_then(Value::as_array).is_none_or(|demands| {
        demands.is_empty() || demands.iter().any(|demand| demand.as_object().is_some_and(Map::is_empty))
    })
}

#[cfg(test)]
mod tests;
