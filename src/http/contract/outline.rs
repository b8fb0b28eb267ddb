//! As much of an OpenAPI document as the server needs for every request. The rest, which is most
//! of it, is passed over without being kept.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::http::Method;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::{Operation, Parameter, PathEntry, SCHEMAS, Schema};
use crate::error::Place;

/// A document, as far as it is read.
#[derive(Deserialize)]
pub(super) struct Outline {
    #[serde(default)]
    servers: Vec<Server>,
    security: Option<Vec<Demand>>,
    #[serde(default)]
    paths: BTreeMap<String, Item>,
    #[serde(default)]
    components: Components,
}

/// The names of an object's members.
#[derive(Default)]
struct Names(BTreeSet<String>);

/// Schemes, of which all are demanded.
type Demand = Names;

#[derive(Deserialize)]
struct Server {
    url: String,
}

#[derive(Default, Deserialize)]
struct Components {
    #[serde(default)]
    schemas: Names,
}

#[derive(Deserialize)]
struct Item {
    #[serde(default)]
    servers: Vec<Server>,
    #[serde(default)]
    parameters: Vec<GivenParameter>,
    get: Option<GivenOperation>,
    post: Option<GivenOperation>,
    put: Option<GivenOperation>,
    patch: Option<GivenOperation>,
    delete: Option<GivenOperation>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GivenOperation {
    #[serde(default)]
    operation_id: String,
    security: Option<Vec<Demand>>,
    #[serde(default)]
    parameters: Vec<GivenParameter>,
    request_body: Option<Body>,
}

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    content: Names,
}

#[derive(Clone, Deserialize)]
struct GivenParameter {
    r#in: String,
    name: String,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    schema: Value,
}

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Names;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Names, A::Error> {
                let mut names = BTreeSet::new();
                while let Some((name, IgnoredAny)) = members.next_entry()? {
                    names.insert(name);
                }
                Ok(Names(names))
            }
        }

        deserializer.deserialize_map(Members)
    }
}

impl Outline {
    /// The paths as they are served.
    pub(super) fn paths(&self) -> impl Iterator<Item = PathEntry> {
        let base = base_path(&self.servers).unwrap_or_default();
        self.paths.iter().map(move |(path, item)| PathEntry {
            template: served(base_path(&item.servers).unwrap_or(base), path),
            operations: self.operations(item),
        })
    }

    /// The named schemas: each a reference to itself, because the rest of it is read at first use.
    pub(super) fn schemas(&self) -> BTreeMap<String, Schema> {
        let reference = |name| Schema::new(json!({ "$ref": format!("{SCHEMAS}{name}") }));
        self.components.schemas.0.iter().map(|name| (name.clone(), reference(name))).collect()
    }

    fn operations(&self, item: &Item) -> Vec<Operation> {
        let methods = [
            (Method::GET, &item.get),
            (Method::POST, &item.post),
            (Method::PUT, &item.put),
            (Method::PATCH, &item.patch),
            (Method::DELETE, &item.delete),
        ];
        methods
            .into_iter()
            .filter_map(|(method, given)| given.as_ref().map(|given| (method, given)))
            .map(|(method, given)| Operation {
                method,
                id: given.operation_id.clone(),
                public: is_public(given.security.as_deref().or(self.security.as_deref())),
                media_types: given.request_body.iter().flat_map(|body| body.content.0.iter().cloned()).collect(),
                parameters: given.parameters.iter().chain(&item.parameters).filter_map(parameter).collect(),
            })
            .collect()
    }
}

/// The path of the server that is named first.
fn base_path(servers: &[Server]) -> Option<&str> {
    let url = servers.first()?.url.as_str();
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|slash| rest.get(slash..)).unwrap_or_default(),
        None => url,
    };
    Some(path.trim_end_matches('/'))
}

fn served(base: &str, path: &str) -> String {
    if path == "/" && !base.is_empty() { base.to_owned() } else { format!("{base}{path}") }
}

fn parameter(given: &GivenParameter) -> Option<Parameter> {
    let place = match given.r#in.as_str() {
        "path" => Place::Path,
        "query" => Place::Query,
        "header" => Place::Header,
        _ => return None,
    };
    let (name, required) = (given.name.clone(), given.required);
    Some(Parameter { place, name, required, schema: Schema::new(given.schema.clone()) })
}

/// Public is what demands no scheme, or offers the empty demand as one of several.
fn is_public(security: Option<&[Demand]>) -> bool {
    security.is_none_or(|demands| demands.is_empty() || demands.iter().any(|demand| demand.0.is_empty()))
}
