//! A small made-up API for the tests of this folder.

use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use actix_web::{App, FromRequest, HttpRequest, get, patch, post, test, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::openapi::security::SecurityRequirement;
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

use super::body::{Json, MergePatch};
use super::contract::{Contract, inline_partial_fields};
use super::patch::{Change, Patch};
use super::path::Path;
use super::query::{List, Query};
use super::routes::Routes;
use crate::error::{Error, Result, Rule};
use crate::kernel::day::Day;
use crate::kernel::formats::{Email, Postcode, SchoolYear, WebAddress};
use crate::kernel::ids::{InitiativeId, OrganisationId, RegionId};
use crate::kernel::money::Cents;
use crate::kernel::text::{Line, Prose};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    Research,
    StructureAndProcess,
    Product,
}

#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Contact {
    #[validate(length(min = 2))]
    full_name: Line,
    e_mail: Option<Email>,
    postcode: Option<Postcode>,
    website: Option<WebAddress>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Funding {
    #[serde(rename_all = "camelCase")]
    Grant {
        amount_cents: Cents,
    },
    Own {
        reason: Line,
    },
}

/// What is created.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[validate(schema(function = "ends_after_start", skip_on_field_errors = false))]
#[expect(dead_code, reason = "most fields are only there to be refused")]
pub(super) struct CreateInitiative {
    /// The title (titel).
    pub(super) title: Line<20>,
    pub(super) summary: Option<Prose>,
    #[serde(default)]
    #[validate(length(max = 3))]
    #[schema(max_items = 3)]
    goals: Vec<Prose<30>>,
    kind: Kind,
    starts_on: Day,
    ends_on: Option<Day>,
    amount_cents: Cents,
    school_year: Option<SchoolYear>,
    lead: Option<OrganisationId>,
    #[validate(nested)]
    contact: Option<Contact>,
    #[serde(default)]
    #[validate(nested)]
    partners: Vec<Contact>,
    funding: Option<Funding>,
}

const ENDS_BEFORE_START: Rule = Rule {
    code: "ends-before-start",
    nl: "Het eind ligt voor het begin; kies een latere einddatum.",
    en: "The end is before the start; choose a later end.",
};

fn ends_after_start(body: &CreateInitiative) -> Result<(), ValidationError> {
    match body.ends_on {
        Some(end) if end < body.starts_on => Err(ENDS_BEFORE_START.violation_at("/endsOn")),
        _ => Ok(()),
    }
}

/// What is read.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Initiative {
    id: InitiativeId,
    version: i32,
    title: Line<20>,
    summary: Option<Prose>,
    kind: Kind,
    ends_on: Option<Day>,
}

/// What is changed.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "most fields are only there to be refused")]
pub(super) struct UpdateInitiative {
    /// The title (titel).
    #[serde(default)]
    #[validate(length(max = 10))]
    title: Change<Line<20>>,
    #[serde(default)]
    summary: Patch<Prose>,
    #[serde(default)]
    #[validate(length(max = 2))]
    goals: Change<Vec<Prose<30>>>,
    #[serde(default)]
    kind: Patch<Kind>,
    #[serde(default)]
    ends_on: Patch<Day>,
    #[serde(default)]
    #[validate(range(min = 0))]
    amount_cents: Patch<i64>,
}

#[derive(Debug, Default, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub(super) struct ListInitiatives {
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub(super) limit: Option<u32>,
    pub(super) title_like: Option<Line<20>>,
    #[param(value_type = Option<Vec<Kind>>, style = Form, explode = false, max_items = 50)]
    pub(super) kinds: Option<List<Kind>>,
    pub(super) region_id: Option<RegionId>,
    pub(super) open: Option<bool>,
    pub(super) from: Option<Day>,
}

/// Creates.
#[utoipa::path(responses((status = 201, description = "Created", body = Initiative)), security(("bearer" = [])))]
#[post("/initiatives")]
pub(super) async fn create_initiative(body: Json<CreateInitiative>) -> Answer {
    let digest = u128::from_be_bytes(body.digest()[..16].try_into().unwrap());
    Answer(format!("{} {digest:032x}", body.into_inner().title))
}

/// Changes.
#[utoipa::path(
    params(("initiativeId" = InitiativeId, Path, description = "The initiative")),
    request_body(content = UpdateInitiative, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "Changed", body = Initiative)),
    security(("bearer" = []))
)]
#[patch("/initiatives/{initiativeId}")]
pub(super) async fn update_initiative(id: Path<InitiativeId>, body: MergePatch<UpdateInitiative>) -> Answer {
    Answer(format!("{} {:?}", *id, body.into_inner().summary))
}

/// Lists.
#[utoipa::path(params(ListInitiatives), responses((status = 200, description = "List", body = [Initiative])))]
#[get("/initiatives")]
pub(super) async fn list_initiatives(query: Query<ListInitiatives>) -> Answer {
    Answer(format!("{:?}", query.into_inner()))
}

/// Reads.
#[utoipa::path(
    params(
        ("regionId" = RegionId, Path, description = "The region"),
        ("schoolYear" = SchoolYear, Path, description = "The school year"),
    ),
    responses((status = 200, description = "Intents")),
    security(("bearer" = []))
)]
#[get("/regions/{regionId}/years/{schoolYear}")]
pub(super) async fn find_year(path: Path<(RegionId, SchoolYear)>) -> Answer {
    let (region, year) = path.into_inner();
    Answer(format!("{region} {year}"))
}

/// Text, as utoipa wants an answer.
pub(super) struct Answer(String);

impl actix_web::Responder for Answer {
    type Body = String;

    fn respond_to(self, _: &HttpRequest) -> actix_web::HttpResponse<String> {
        actix_web::HttpResponse::with_body(StatusCode::OK, self.0)
    }
}

impl utoipa::IntoResponses for Answer {
    fn responses() -> std::collections::BTreeMap<String, utoipa::openapi::RefOr<utoipa::openapi::Response>> {
        std::collections::BTreeMap::new()
    }
}

/// Never lets anybody in.
pub(super) struct Nobody;

impl FromRequest for Nobody {
    type Error = Error;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(_: &HttpRequest, _: &mut actix_web::dev::Payload) -> Self::Future {
        std::future::ready(Err(Error::ScopeMissing("initiatives:write")))
    }
}

/// Guarded.
#[utoipa::path(responses((status = 200, description = "Never")))]
#[post("/guarded/{id}")]
pub(super) async fn guarded(
    _: Nobody,
    _id: Path<InitiativeId>,
    _query: Query<ListInitiatives>,
    body: Json<CreateInitiative>,
) -> Answer {
    Answer(body.title.to_string())
}

fn routes(routes: &mut Routes<'_>) {
    routes.scope("/v1", |v1| {
        v1.service(create_initiative)
            .service(update_initiative)
            .service(list_initiatives)
            .service(find_year)
            .service(guarded);
    });
}

/// The app with its contract in place.
pub(super) fn app() -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    App::new().configure(|config| routes(&mut Routes::served_by(config))).app_data(web::Data::new(contract()))
}

/// The contract alone.
pub(super) fn contract() -> Contract {
    let mut document = Routes::described(routes);
    document.security = Some(vec![SecurityRequirement::default()]);
    inline_partial_fields(&mut document);
    Contract::new(serde_json::to_vec(&document).unwrap().into()).unwrap()
}

/// Sends a request and reads the answer: JSON, or text in a JSON string.
pub(super) async fn send(request: TestRequest) -> (StatusCode, Value) {
    let app = test::init_service(app()).await;
    let response = app.call(request.to_request()).await.unwrap();
    let status = response.status();
    let body = test::read_body(response).await;
    let text = String::from_utf8(body.to_vec()).unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

/// The faults of an answer as `pointer code`.
pub(super) fn faults(answer: &Value) -> Vec<String> {
    let said = |fault: &Value, key: &str| fault[key].as_str().unwrap().to_owned();
    answer["errors"]
        .as_array()
        .map(|faults| {
            faults.iter().map(|fault| format!("{} {}", said(fault, "pointer"), said(fault, "code"))).collect()
        })
        .unwrap_or_default()
}
