//! Calls of the API inside this process: real requests through every layer of the service, only
//! without a socket.

use std::rc::Rc;

use actix_web::dev::{Service as _, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::test::{TestRequest, init_service};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::LocalBoxFuture;
use serde_json::{Value, json};

use super::error::LoadError;
use crate::app::Service;
use crate::auth::keys::MasterKey;
use crate::error::Error;
use crate::http::body::MERGE_PATCH_JSON;

type Answered = Result<ServiceResponse, actix_web::Error>;

/// The API, as one that calls it sees it.
pub(super) struct Api {
    app: Box<dyn Fn(TestRequest) -> LocalBoxFuture<'static, Answered>>,
    once: hmac::Key,
}

/// An answer of the API.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) body: Value,
    etag: Option<String>,
}

impl Answer {
    /// A text of the body, which the contract promises.
    pub(super) fn text(&self, property: &str) -> Result<String, LoadError> {
        let found = self.body.get(property).and_then(Value::as_str);
        found.map(str::to_owned).ok_or_else(|| Error::internal(format!("an answer without {property}")).into())
    }
}

impl Api {
    /// The API that this service serves.
    pub(super) async fn of(service: &Service, master: &MasterKey) -> Self {
        let app = Rc::new(init_service(service.app()).await);
        let app = move |request: TestRequest| -> LocalBoxFuture<'static, Answered> {
            let app = Rc::clone(&app);
            Box::pin(async move { app.call(request.to_request()).await })
        };
        Self { app: Box::new(app), once: hmac::Key::new(hmac::HMAC_SHA256, &master.derive("demo")) }
    }

    /// A token for a client.
    pub(super) async fn sign_in(&self, client: &str, secret: &str) -> Result<String, LoadError> {
        let form = [("grant_type", "client_credentials"), ("client_id", client), ("client_secret", secret)];
        let request = TestRequest::post().uri("/oauth/token").set_form(form);
        self.send(Method::POST, "/oauth/token", request).await?.text("access_token")
    }

    /// Reads something.
    pub(super) async fn get(&self, token: &str, path: &str) -> Result<Answer, LoadError> {
        self.send(Method::GET, path, as_caller(TestRequest::get(), path, token)).await
    }

    /// Posts something once: `name` tells this call from every other. A load that was interrupted
    /// makes the same calls again and gets the first answers, secrets included, so the
    /// Idempotency-Key is one that nobody else can know.
    pub(super) async fn post(&self, token: &str, path: &str, name: &str, body: &Value) -> Result<Answer, LoadError> {
        let key = URL_SAFE_NO_PAD.encode(hmac::sign(&self.once, name.as_bytes()));
        let request =
            as_caller(TestRequest::post(), path, token).insert_header(("idempotency-key", key)).set_json(body);
        self.send(Method::POST, path, request).await
    }

    /// Puts something in its place.
    pub(super) async fn put(&self, token: &str, path: &str, body: &Value) -> Result<Answer, LoadError> {
        self.send(Method::PUT, path, as_caller(TestRequest::put(), path, token).set_json(body)).await
    }

    /// Changes something from the version that `read` shows.
    pub(super) async fn patch(&self, token: &str, path: &str, read: &Answer, change: &Value) -> Result<(), LoadError> {
        let request = as_caller(TestRequest::patch(), path, token)
            .insert_header((header::IF_MATCH, read.etag.as_deref().unwrap_or_default()))
            .insert_header((header::CONTENT_TYPE, MERGE_PATCH_JSON))
            .set_payload(change.to_string());
        self.send(Method::PATCH, path, request).await.map(drop)
    }

    async fn send(&self, method: Method, path: &str, request: TestRequest) -> Result<Answer, LoadError> {
        let answered = (self.app)(request).await.map_err(Error::internal)?;
        let (status, etag) = (answered.status(), answered.headers().get(header::ETAG).cloned());
        let body = actix_web::body::to_bytes(answered.into_body()).await.map_err(Error::internal)?;
        if !status.is_success() {
            let problem = String::from_utf8_lossy(&body).into_owned();
            return Err(LoadError::Refused { method, path: path.to_owned(), status, problem });
        }
        let body =
            if body.is_empty() { json!(null) } else { serde_json::from_slice(&body).map_err(Error::internal)? };
        Ok(Answer { body, etag: etag.and_then(|tag| tag.to_str().map(str::to_owned).ok()) })
    }
}

fn as_caller(request: TestRequest, path: &str, token: &str) -> TestRequest {
    request.uri(path).insert_header((header::AUTHORIZATION, format!("Bearer {token}")))
}
