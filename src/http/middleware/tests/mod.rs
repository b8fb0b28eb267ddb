//! The layers together, around a small API: what holds for every operation.

mod admission;
mod bodies;
mod cors;
mod headers;
mod log;
mod problems;
mod rate_limit;
mod wire;

use std::sync::Arc;

use actix_web::body::to_bytes;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::from_fn;
use actix_web::test::TestRequest;
use actix_web::{App, HttpRequest, HttpResponse, error, get, post, test, web};
use serde_json::Value;
use uuid::Uuid;

use super::{Authenticate, Edge, Origins, RateLimits, RouteTable, around};
use crate::auth::permissions::{ReadOrganisations, WriteOrganisations};
use crate::auth::{Actor, ActorKind, Anyone, Can};
use crate::config::Limits;
use crate::error::{Error, Result, Rule};
use crate::http::proxies::Proxies;
use crate::kernel::ids::{ClientId, OrganisationId};
use crate::kernel::role::Role;

const CLIENT: &str = "01936f5e-7a10-7c44-9d6b-2f1c5e8a0b11";
const ORGANISATION: &str = "01936f5e-7a10-7c44-9d6b-2f1c5e8a0b22";
const ID: &str = "01936f5e-7a10-7c44-9d6b-2f1c5e8a0b33";
const FRONTEND: &str = "https://app.example.nl";

/// `good` may read and write, `reader` may read; each token is a client of its own.
struct Tokens;

impl Authenticate for Tokens {
    fn authenticate(&self, bearer: &str, request_id: Uuid) -> Result<Actor> {
        let (client, scopes) = match bearer {
            "good" => (CLIENT, &["organisations:read", "organisations:write"][..]),
            "reader" => (ID, &["organisations:read"][..]),
            _ => return Err(Error::Unauthenticated),
        };
        Ok(Actor {
            kind: ActorKind::Client,
            client: Some(ClientId(client.parse().unwrap())),
            organisation: Some(OrganisationId(ORGANISATION.parse().unwrap())),
            role: Some(Role::School),
            scopes: Arc::new(scopes.iter().map(|scope| (*scope).to_owned()).collect()),
            ..Actor::public(request_id)
        })
    }
}

/// The paths of the small API.
struct Paths;

impl Paths {
    fn entry(path: &str) -> Option<(&'static str, &'static str)> {
        match path {
            "/v1/things" => Some(("/v1/things", "GET, HEAD, POST")),
            "/v1/catalogue" => Some(("/v1/catalogue", "GET, HEAD")),
            "/v1/openapi.json" => Some(("/v1/openapi.json", "GET, HEAD")),
            "/v1/failures" => Some(("/v1/failures", "GET, HEAD")),
            "/oauth/token" => Some(("/oauth/token", "POST")),
            "/health/live" => Some(("/health/live", "GET, HEAD")),
            _ => path
                .strip_prefix("/v1/things/")
                .filter(|id| !id.is_empty() && !id.contains('/'))
                .map(|_| ("/v1/things/{id}", "GET, HEAD")),
        }
    }
}

impl RouteTable for Paths {
    fn template(&self, path: &str) -> Option<&str> {
        Self::entry(path).map(|(template, _)| template)
    }

    fn allowed(&self, path: &str) -> Option<String> {
        Self::entry(path).map(|(_, methods)| methods.to_owned())
    }

    fn is_public(&self, method: &Method, path: &str) -> bool {
        matches!(
            (method.as_str(), path),
            ("GET", "/v1/catalogue" | "/v1/openapi.json" | "/health/live") | ("POST", "/oauth/token")
        )
    }
}

const NO_SEATS: Rule = Rule { code: "no-seats", nl: "Geen plaats.", en: "No seats." };

#[get("/v1/things")]
async fn list_things(_: Can<ReadOrganisations>) -> HttpResponse {
    HttpResponse::Ok().json(["een ding"])
}

#[post("/v1/things")]
async fn create_thing(_: Can<WriteOrganisations>, body: web::Bytes) -> HttpResponse {
    HttpResponse::Created().insert_header(("Cache-Control", "private")).body(body)
}

#[get("/v1/things/{id}")]
async fn find_thing(_: Can<ReadOrganisations>, path: web::Path<Uuid>) -> Result<HttpResponse> {
    if path.to_string() == ID { Ok(HttpResponse::Ok().body("ding")) } else { Err(Error::NotFound) }
}

#[get("/v1/catalogue")]
async fn list_catalogue(caller: Anyone) -> String {
    format!("{:?}", crate::db::Caller::actor(&caller).kind)
}

#[get("/v1/openapi.json")]
async fn contract() -> HttpResponse {
    HttpResponse::Ok().json(["contract"])
}

#[post("/oauth/token")]
async fn grant_token() -> HttpResponse {
    HttpResponse::BadRequest().json(serde_json::json!({"error": "invalid_request"}))
}

#[get("/health/live")]
async fn live() -> &'static str {
    "up"
}

#[get("/v1/failures")]
async fn failures(request: HttpRequest) -> Result<HttpResponse, actix_web::Error> {
    match request.query_string() {
        "conflict" => Err(NO_SEATS.conflict().with("allowedTransitions", vec!["withdrawn"]).into()),
        "defect" => Err(Error::internal("the reason").into()),
        "unavailable" => Err(Error::Unavailable(&crate::db::OVERLOADED).into()),
        "framework" => Err(error::ErrorPayloadTooLarge("the framework's own words")),
        "bare" => Ok(HttpResponse::new(StatusCode::REQUEST_TIMEOUT)),
        _ => panic!("as asked"),
    }
}

async fn refuse(_: ServiceRequest, _: super::Next) -> Result<ServiceResponse, actix_web::Error> {
    Err(NO_SEATS.conflict().into())
}

fn edge() -> Edge {
    Edge {
        tokens: Arc::new(Tokens),
        routes: Arc::new(Paths),
        origins: Origins::new([FRONTEND]).unwrap(),
        limits: RateLimits::new(Limits { requests_per_second: 50, burst: 100 }, Proxies::default()),
    }
}

fn small_api(
    edge: Edge,
) -> App<
    impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse, Error = actix_web::Error, InitError = ()>,
> {
    let app = App::new()
        .app_data(web::PayloadConfig::new(1024 * 1024))
        .service(list_things)
        .service(create_thing)
        .service(find_thing)
        .service(list_catalogue)
        .service(contract)
        .service(grant_token)
        .service(live)
        .service(failures)
        .service(web::resource("/v1/wrapped").wrap(from_fn(refuse)).to(|| async { "never" }))
        .service(web::resource("/docs/{page:.*}").to(|| async { "docs" }));
    around(app, web::Data::new(edge))
}

/// What came back.
struct Reply {
    status: u16,
    headers: actix_web::http::header::HeaderMap,
    body: Vec<u8>,
}

impl Reply {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    fn code(&self) -> String {
        self.json()["code"].as_str().unwrap().to_owned()
    }
}

/// Sends requests one after the other to one small API.
async fn send_to(edge: Edge, requests: Vec<TestRequest>) -> Vec<Reply> {
    let app = test::init_service(small_api(edge)).await;
    let mut replies = Vec::new();
    for request in requests {
        let response = match test::try_call_service(&app, request.to_request()).await {
            Ok(response) => response.into_parts().1,
            Err(error) => error.error_response(),
        };
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = to_bytes(response.into_body()).await.unwrap().to_vec();
        replies.push(Reply { status, headers, body });
    }
    replies
}

async fn send(request: TestRequest) -> Reply {
    send_to(edge(), vec![request]).await.remove(0)
}

fn request(method: &str, path: &str) -> TestRequest {
    TestRequest::default().method(method.parse().unwrap()).uri(path)
}

fn signed(method: &str, path: &str) -> TestRequest {
    request(method, path).insert_header(("Authorization", "Bearer good"))
}
