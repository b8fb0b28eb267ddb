//! What handlers return: the type says status, headers and body, and documents itself.
//! Bodies are serialised where they are made (on the blocking thread), into one buffer.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::marker::PhantomData;

use actix_web::body::BoxBody;
use actix_web::http::{StatusCode, header};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::Serialize;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::{ContentBuilder, ObjectBuilder, Ref, RefOr, Response, Schema, schema::Type};
use utoipa::{IntoResponses, ToSchema};

use super::etag::EntityTag;
use super::poll;
use crate::error::{Error, Result};

/// A single resource with a version and an address of its own.
pub trait Resource: Serialize + ToSchema {
    /// Counts changes of the resource's own fields; `If-Match` compares it.
    fn version(&self) -> i32;
    /// The path under which it is read, from `/v1` on.
    fn location(&self) -> String;
}

thread_local! {
    static SCHEMAS: RefCell<Vec<(String, RefOr<Schema>)>> = const { RefCell::new(Vec::new()) };
}

/// The schemas of every reply documented since the last call; [`crate::api`] adds them to the
/// contract, because utoipa documents return types without registering their schemas.
#[must_use]
pub fn collected_schemas() -> Vec<(String, RefOr<Schema>)> {
    SCHEMAS.with(RefCell::take)
}

/// A reference to the schema of `T`, which is put into the contract.
fn schema_of<T: ToSchema>() -> RefOr<Schema> {
    SCHEMAS.with(|schemas| {
        let mut schemas = schemas.borrow_mut();
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(&mut schemas);
    });
    Ref::from_schema_name(T::name()).into()
}

pub(super) fn text_header(description: &str) -> utoipa::openapi::Header {
    HeaderBuilder::new()
        .schema(Some(ObjectBuilder::new().schema_type(Type::String).max_length(Some(1000)).build()))
        .description(Some(description))
        .build()
}

fn json_response<T: ToSchema>(description: &str) -> ResponseBuilder {
    ResponseBuilder::new()
        .description(description)
        .content("application/json", ContentBuilder::new().schema(Some(schema_of::<T>())).build())
}

fn documented(status: StatusCode, response: Response) -> BTreeMap<String, RefOr<Response>> {
    BTreeMap::from([(status.as_u16().to_string(), response.into())])
}

const ETAG: &str = "Version and digest of this representation; send it in If-Match to change the resource.";

fn to_json(body: &impl Serialize) -> Result<Bytes> {
    serde_json::to_vec(body).map(Bytes::from).map_err(Error::internal)
}

/// 200 with one resource and its `ETag`; 304 when `If-None-Match` names it.
#[derive(Debug, Clone)]
pub struct Found<T> {
    pub(super) body: Bytes,
    pub(super) tag: EntityTag,
    resource: PhantomData<fn() -> T>,
}

impl<T: Resource> Found<T> {
    /// Serialises the resource.
    ///
    /// # Errors
    /// Only a defect of ours.
    pub fn of(resource: &T) -> Result<Self> {
        let body = to_json(resource)?;
        Ok(Self::from_parts(body, resource.version()))
    }
}

impl<T> Found<T> {
    pub(super) fn from_parts(body: Bytes, version: i32) -> Self {
        let tag = EntityTag::new(version, &body);
        Self { body, tag, resource: PhantomData }
    }
}

impl<T> Responder for Found<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        // Whoever changes something hears what came of it.
        let known = request.method().is_safe() && self.tag.is_known_to(request);
        let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        response.insert_header((header::ETAG, self.tag.to_string()));
        if known { response.finish() } else { response.content_type("application/json").body(self.body) }
    }
}

impl<T: ToSchema> IntoResponses for Found<T> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let response = json_response::<T>("The resource as it is now.").header("ETag", text_header(ETAG)).build();
        documented(StatusCode::OK, response)
    }
}

/// 201 with the new resource, its `Location` and its `ETag`.
#[derive(Debug, Clone)]
pub struct Created<T> {
    pub(super) found: Found<T>,
    pub(super) location: String,
}

impl<T: Resource> Created<T> {
    /// Serialises the new resource.
    ///
    /// # Errors
    /// Only a defect of ours.
    pub fn of(resource: &T) -> Result<Self> {
        Ok(Self { found: Found::of(resource)?, location: resource.location() })
    }
}

impl<T> Responder for Created<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Created()
            .insert_header((header::LOCATION, self.location))
            .insert_header((header::ETAG, self.found.tag.to_string()))
            .content_type("application/json")
            .body(self.found.body)
    }
}

impl<T: ToSchema> IntoResponses for Created<T> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let response = json_response::<T>("Created; the body is the new resource.")
            .header("Location", text_header("Path of the new resource."))
            .header("ETag", text_header(ETAG))
            .build();
        documented(StatusCode::CREATED, response)
    }
}

/// 202: accepted, and worked on from now; the body is the resource that tells how far it is.
#[derive(Debug, Clone)]
pub struct Accepted<T> {
    pub(super) body: Bytes,
    pub(super) location: String,
    resource: PhantomData<fn() -> T>,
}

impl<T: Resource> Accepted<T> {
    /// Serialises what was accepted.
    ///
    /// # Errors
    /// Only a defect of ours.
    pub fn of(resource: &T) -> Result<Self> {
        Ok(Self::from_parts(to_json(resource)?, resource.location()))
    }
}

impl<T> Accepted<T> {
    pub(super) const fn from_parts(body: Bytes, location: String) -> Self {
        Self { body, location, resource: PhantomData }
    }
}

impl<T> Responder for Accepted<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Accepted()
            .insert_header((header::LOCATION, self.location))
            .insert_header((header::RETRY_AFTER, poll::SECONDS))
            .content_type("application/json")
            .body(self.body)
    }
}

impl<T: ToSchema> IntoResponses for Accepted<T> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let response = json_response::<T>("Accepted; poll the resource under `Location`.")
            .header("Location", text_header("Path of the resource that tells how far it is."))
            .header("Retry-After", text_header("Seconds after which to look for the first time."))
            .build();
        documented(StatusCode::ACCEPTED, response)
    }
}

/// What a PUT by natural key answers: 201 when it made the resource, 200 when it was there.
#[derive(Debug, Clone)]
pub enum Put<T> {
    /// It was not there before.
    Created(Created<T>),
    /// It was there, changed or not.
    Found(Found<T>),
}

impl<T: Resource> Put<T> {
    /// Serialises the new resource.
    ///
    /// # Errors
    /// Only a defect of ours.
    pub fn created(resource: &T) -> Result<Self> {
        Created::of(resource).map(Self::Created)
    }

    /// Serialises the resource that was there.
    ///
    /// # Errors
    /// Only a defect of ours.
    pub fn found(resource: &T) -> Result<Self> {
        Found::of(resource).map(Self::Found)
    }
}

impl<T> Responder for Put<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        match self {
            Self::Created(created) => created.respond_to(request),
            Self::Found(found) => found.respond_to(request),
        }
    }
}

impl<T: ToSchema> IntoResponses for Put<T> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut responses = Created::<T>::responses();
        responses.append(&mut Found::<T>::responses());
        responses
    }
}

/// 200 with a body that has no version of its own: a page, a history, a document.
#[derive(Debug, Clone)]
pub struct Listed<T> {
    pub(super) body: Bytes,
    content: PhantomData<fn() -> T>,
}

impl<T: Serialize> Listed<T> {
    /// Serialises the content.
    ///
    /// # Errors
    /// Only a defect of ours.
    pub fn of(content: &T) -> Result<Self> {
        Ok(Self::from_body(to_json(content)?))
    }
}

impl<T> Listed<T> {
    pub(super) fn from_body(body: Bytes) -> Self {
        Self { body, content: PhantomData }
    }
}

impl<T> Responder for Listed<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok().content_type("application/json").body(self.body)
    }
}

impl<T: ToSchema> IntoResponses for Listed<T> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        documented(StatusCode::OK, json_response::<T>("What was asked for.").build())
    }
}

/// 200 for everybody, kept by caches until the content changes: `ETag` and `Cache-Control`.
#[derive(Debug, Clone)]
pub struct Published<T> {
    body: Bytes,
    tag: EntityTag,
    content: PhantomData<fn() -> T>,
}

impl<T: Serialize> Published<T> {
    /// Serialises the content.
    ///
    /// # Errors
    /// Only a defect of ours.
    pub fn of(content: &T) -> Result<Self> {
        Ok(Self::of_json(to_json(content)?))
    }
}

impl<T> Published<T> {
    /// Content that is JSON already.
    #[must_use]
    pub fn of_json(body: Bytes) -> Self {
        let tag = EntityTag::new(0, &body);
        Self { body, tag, content: PhantomData }
    }
}

impl<T> Responder for Published<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let known = self.tag.is_known_to(request);
        let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        response
            .insert_header((header::ETAG, self.tag.to_string()))
            .insert_header((header::CACHE_CONTROL, "public, max-age=60"));
        if known { response.finish() } else { response.content_type("application/json").body(self.body) }
    }
}

impl<T: ToSchema> IntoResponses for Published<T> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let response = json_response::<T>("What is published.")
            .header("ETag", text_header("Digest of the content; send it in If-None-Match."))
            .build();
        documented(StatusCode::OK, response)
    }
}

/// 204: done, and nothing to show.
#[derive(Debug, Clone, Copy)]
pub struct Deleted;

impl Responder for Deleted {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::NoContent().finish()
    }
}

impl IntoResponses for Deleted {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        documented(StatusCode::NO_CONTENT, ResponseBuilder::new().description("Gone.").build())
    }
}

/// Failures are documented for every operation at once, by [`crate::api`].
impl IntoResponses for Error {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        BTreeMap::new()
    }
}
