//! The contract as the server knows itself: which paths and methods there are, what each takes,
//! and the schemas by which refused input is explained.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use actix_web::http::Method;
use actix_web::web::Bytes;
use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};
use utoipa::openapi::OpenApi;

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
        let mut document = serde_json::to_value(document).map_err(Error::internal)?;
        inline_partial_fields(&mut document);
        let json = serde_json::to_vec(&document).map_err(Error::internal)?.into();
        let mut routes = matchit::Router::new();
        let mut paths = Vec::new();
        for (path, item) in members(&document, "paths") {
            let entry = PathEntry { template: served(&document, path, item), operations: operations(&document, item) };
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

/// The path with the base path of its server in front, unless it is there already.
fn served(document: &Value, path: &str, item: &Value) -> String {
    let server = items(item, "servers").next().or_else(|| items(document, "servers").next());
    let url = server.map(|server| text(server, "url")).unwrap_or_default();
    let base = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|slash| rest.get(slash..)).unwrap_or_default(),
        None => url.as_str(),
    };
    let base = base.trim_end_matches('/');
    let inside = path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if inside { path.to_owned() } else { format!("{base}{path}") }
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

/// Puts the schemas of [`Patch`](super::patch::Patch) and [`Change`](super::patch::Change) where
/// they are used, so that the contract names only what its readers care about.
fn inline_partial_fields(document: &mut Value) {
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return };
    let names: Vec<String> = schemas
        .keys()
        .filter(|name| ["Patch_", "Change_"].iter().any(|kind| name.starts_with(kind)))
        .cloned()
        .collect();
    let mut inlined = Map::new();
    for name in names {
        let Some(mut schema) = schemas.remove(&name) else { continue };
        let (kind, inner) = name.split_once('_').unwrap_or_default();
        let (list, item) = inner.strip_prefix("Vec_").map_or((false, inner), |item| (true, item));
        if schemas.contains_key(item) {
            let named = json!({ "$ref": format!("{SCHEMAS}{item}") });
            let value = if list { json!({ "type": "array", "items": named }) } else { named };
            schema = if kind == "Patch" { json!({ "oneOf": [{ "type": "null" }, value] }) } else { value };
        }
        inlined.insert(format!("{SCHEMAS}{name}"), schema);
    }
    if !inlined.is_empty() {
        inline(document, &inlined);
    }
}

fn inline(value: &mut Value, schemas: &Map<String, Value>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| inline(item, schemas)),
        Value::Object(object) => {
            let target = object.get("$ref").and_then(Value::as_str).and_then(|target| schemas.get(target));
            if let Some(Value::Object(schema)) = target {
                object.remove("$ref");
                object.remove("default");
                for (key, member) in schema {
                    object.entry(key.clone()).or_insert_with(|| member.clone());
                }
            }
            object.values_mut().for_each(|member| inline(member, schemas));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
