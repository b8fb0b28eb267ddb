//! Requests of one caller.

use std::sync::Arc;

use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use super::answer::Answer;
use super::trail::{Asked, Trail};

/// A caller with a token, or without one.
#[derive(Clone)]
pub struct TestClient {
    http: reqwest::Client,
    address: String,
    pub token: Option<String>,
    trail: Arc<Trail>,
}

impl TestClient {
    pub fn new(http: reqwest::Client, address: String, token: Option<String>, trail: Arc<Trail>) -> Self {
        Self { http, address, token, trail }
    }

    /// A request that can still be dressed.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.address));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub async fn send(&self, request: RequestBuilder) -> Answer {
        let request = request.build().unwrap();
        let asked = Asked::of(&request);
        let answer = Answer::of(self.http.execute(request).await.unwrap()).await;
        self.trail.hear(asked, &answer);
        answer
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// The same with an `Idempotency-Key` of its own, which some operations demand.
    pub async fn post_keyed(&self, path: &str, body: &Value) -> Answer {
        self.post_once(path, &uuid::Uuid::now_v7().to_string(), body).await
    }

    /// The same with this `Idempotency-Key`.
    pub async fn post_once(&self, path: &str, key: &str, body: &Value) -> Answer {
        self.send(self.request(Method::POST, path).header("Idempotency-Key", key).json(body)).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(Method::PUT, path).json(body)).await
    }

    /// A merge patch of the version that `etag` names.
    pub async fn patch(&self, path: &str, etag: &str, body: &Value) -> Answer {
        let request = self
            .request(Method::PATCH, path)
            .header("If-Match", etag)
            .header("Content-Type", "application/merge-patch+json")
            .body(body.to_string());
        self.send(request).await
    }

    /// Reads the resource and patches the version that is there.
    pub async fn change(&self, path: &str, body: &Value) -> Answer {
        let etag = self.get(path).await.is(200).header("etag");
        self.patch(path, &etag, body).await
    }

    pub async fn delete(&self, path: &str, etag: &str) -> Answer {
        self.send(self.request(Method::DELETE, path).header("If-Match", etag)).await
    }
}
