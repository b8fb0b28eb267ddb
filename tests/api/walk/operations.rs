//! The operations of the contract, as the walk needs them.

use std::collections::BTreeMap;
use std::fmt;

use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use crate::support::TestClient;

/// Everything that may be called without a token; the list may only shrink.
const PUBLIC: [&str; 11] = [
    "GET /.well-known/jwks.json",
    "GET /.well-known/oauth-authorization-server",
    "GET /health/live",
    "GET /health/ready",
    "GET /v1",
    "GET /v1/openapi.json",
    "GET /v1/published-initiatives",
    "GET /v1/published-initiatives/{initiativeId}",
    "GET /v1/reference-data",
    "GET /v1/reference-data/{listCode}",
    "POST /oauth/token",
];

/// Whether a path parameter is an id of ours; the others are natural keys.
pub fn names_by_id(parameter: &str) -> bool {
    parameter.ends_with("Id") && parameter != "sourcedId"
}

/// One operation.
pub struct Operation {
    pub method: Method,
    pub template: String,
    pub scopes: Vec<String>,
    /// Whether it is for whoever was mailed a link, and for nobody else.
    pub by_link: bool,
    pub parameters: Vec<String>,
    /// Those it is refused without.
    pub headers: Vec<String>,
    /// What it takes in its query.
    pub queries: Vec<String>,
    /// Whether it can be had as a file for a spreadsheet.
    pub csv: bool,
    pub body: Option<(String, Value)>,
    pub roles: Vec<String>,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.template)
    }
}

impl Operation {
    pub fn path_with(&self, ids: &BTreeMap<String, String>) -> String {
        ids.iter().fold(self.template.clone(), |path, (name, id)| path.replace(&format!("{{{name}}}"), id))
    }

    /// With these ids and every header that it wants, and the version that is there (empty: none).
    pub fn request(&self, caller: &TestClient, ids: &BTreeMap<String, String>, etag: &str) -> RequestBuilder {
        let mut request = caller.request(self.method.clone(), &self.path_with(ids));
        if self.wants("If-Match") && !etag.is_empty() {
            request = request.header("If-Match", etag);
        }
        if self.wants("Idempotency-Key") {
            request = request.header("Idempotency-Key", uuid::Uuid::now_v7().to_string());
        }
        match &self.body {
            Some((media_type, _)) => request.header("Content-Type", media_type),
            None => request,
        }
    }

    /// Whether it is refused without this header.
    pub fn wants(&self, header: &str) -> bool {
        self.headers.iter().any(|name| name == header)
    }

    pub fn is_public(&self) -> bool {
        self.scopes.is_empty() && !self.by_link
    }

    pub fn is_declared_public(&self) -> bool {
        PUBLIC.contains(&self.to_string().as_str())
    }

    pub fn allows(&self, role: &str) -> bool {
        self.roles.iter().any(|allowed| allowed == role)
    }

    /// Whether the path names a row of a table by its id.
    pub fn names_a_row(&self) -> bool {
        !self.scopes.is_empty() && self.parameters.iter().any(|name| names_by_id(name))
    }

    /// Whether it only asks, though by POST: its words should not stand in a URL.
    pub fn searches(&self) -> bool {
        self.template.rsplit('/').next().is_some_and(|last| last.starts_with('_'))
    }

    pub fn changes(&self) -> bool {
        self.method != Method::GET && !self.searches()
    }

    /// Whether it reads the row that the path names last.
    pub fn reads_a_row(&self) -> bool {
        self.names_a_row() && self.method == Method::GET
    }
}

/// Every operation with the path as it is served.
pub fn read_operations(contract: &Value) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, item) in contract["paths"].as_object().unwrap() {
        let root = item.get("servers").is_some();
        let template = match (root, path.as_str()) {
            (true, path) => path.to_owned(),
            (false, "/") => "/v1".to_owned(),
            (false, path) => format!("/v1{path}"),
        };
        for (method, operation) in item.as_object().unwrap() {
            let Ok(method) = Method::from_bytes(method.to_uppercase().as_bytes()) else { continue };
            if operation.get("responses").is_none() {
                continue;
            }
            operations.push(read_operation(method, template.clone(), operation));
        }
    }
    assert!(operations.len() > 40, "the contract has {} operations", operations.len());
    operations
}

fn read_operation(method: Method, template: String, operation: &Value) -> Operation {
    let named = |place: &str| -> Vec<String> {
        let all = operation["parameters"].as_array().into_iter().flatten();
        all.filter(|parameter| parameter["in"] == place && (place != "header" || parameter["required"] == true))
            .map(|parameter| parameter["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let demands = operation["security"].as_array().into_iter().flatten();
    let scopes: Vec<String> = demands
        .filter_map(|demand| demand["bearer"].as_array())
        .flatten()
        .map(|scope| scope.as_str().unwrap().to_owned())
        .collect();
    let by_link = operation["security"].as_array().into_iter().flatten().any(|demand| demand.get("link").is_some());
    let roles = ["practice", "school", "region", "funder", "platform"]
        .into_iter()
        .filter(|_| !by_link)
        .filter(|role| scopes.iter().all(|scope| super::roles_of(scope).contains(role)))
        .map(str::to_owned)
        .collect();
    let body = operation["requestBody"]["content"].as_object().and_then(|content| content.iter().next());
    Operation {
        body: body.map(|(media_type, content)| (media_type.clone(), content["schema"].clone())),
        parameters: named("path"),
        headers: named("header"),
        queries: named("query"),
        csv: operation.pointer("/responses/200/content/text~1csv").is_some(),
        method,
        template,
        scopes,
        by_link,
        roles,
    }
}
