//! Completes the generated contract with what holds for every operation: who publishes it, how
//! to sign in, which headers travel, and every failure that can come.

use std::collections::BTreeMap;

use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::security::{ClientCredentials, Flow, OAuth2, Scopes, SecurityScheme};
use utoipa::openapi::{
    Components, ContactBuilder, ContentBuilder, Header, HeaderBuilder, HttpMethod, InfoBuilder, LicenseBuilder,
    ObjectBuilder, OpenApi, Ref, RefOr, Required, Response, Server, Tag, schema::Type,
};
use utoipa::{PartialSchema as _, ToSchema as _};

use crate::auth::permissions::TABLE;
use crate::http::problem::{PROBLEM_JSON, Problem, ProblemFault};
use crate::http::reply::collected_schemas;

/// Name of the security scheme that operations refer to.
const BEARER: &str = "bearer";

const TAGS: &[(&str, &str)] = &[
    ("Sign-in", "Tokens for API clients (client credentials), keys and metadata."),
    ("API clients", "API clients and their secrets."),
    ("Token issuers", "Identity providers of partner regions that are trusted to name persons."),
    ("Service", "The service itself: its document, limits and one's own identity and work in progress."),
    ("Health", "Whether the process lives and can serve."),
    (
        "Organisations",
        "Organisaties: the directory of practices, schools, funds and all others, with their sites (vestigingen) and recognitions as training company (erkenningen).",
    ),
    ("Hosting intents", "Stagebereidheid: whether a host means to offer seats in a school year, and why not."),
    ("Qualifications", "Kwalificaties: what interns are in training for."),
    ("Regions", "Regio's and their placement bureaus (stagebureaus)."),
    ("Memberships", "Lidmaatschappen: which organisation belongs to which region from when till when."),
    ("Contact assignments", "Vaste contactpersonen at the bureau."),
    ("Readiness rules", "What a placement needs before it starts, per region."),
    ("Workforce needs", "Personeelsbehoefte: how many workers a region needs, per profession and year."),
    ("Mandates", "Machtigingen: what a bureau may do in the name of a practice."),
    (
        "Initiatives",
        "Initiatieven: regional projects with partners, goals, milestones (mijlpalen), deliverables and barriers (belemmeringen).",
    ),
    ("Catalogue", "The public catalogue: what is published about initiatives, for everybody."),
    ("Audit", "Who did what, in whose name, and when."),
    ("Reference data", "Code lists with Dutch and English labels."),
];

/// Fills in what utoipa cannot know.
pub(super) fn complete(openapi: &mut OpenApi) {
    openapi.info = InfoBuilder::new()
        .title("Stagepunt API")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(include_str!("introduction.md")))
        .license(Some(LicenseBuilder::new().name("EUPL-1.2").identifier(Some("EUPL-1.2")).build()))
        .contact(Some(
            ContactBuilder::new()
                .name(Some("Stagepunt API"))
                .url(Some("https://www.stagepunt.org"))
                .email(Some("api@stagepunt.example"))
                .build(),
        ))
        .build();
    openapi.servers = Some(vec![Server::new("/v1")]);
    openapi.tags = Some(
        TAGS.iter()
            .map(|(name, description)| {
                let mut tag = Tag::new(*name);
                tag.description = Some((*description).to_owned());
                tag
            })
            .collect(),
    );
    let components = openapi.components.get_or_insert_with(Components::new);
    components.security_schemes.insert(BEARER.to_owned(), bearer().into());
    for path in openapi.paths.paths.values_mut() {
        operations(path).for_each(|(method, operation)| {
            if !is_secured(operation) {
                operation.security = Some(Vec::new());
            }
            parameters(&method, operation);
            failures(&method, operation);
            response_headers(operation);
        });
    }
    let components = openapi.components.get_or_insert_with(Components::new);
    components.schemas.extend(collected_schemas());
    components.schemas.insert("Problem".to_owned(), Problem::schema());
    components.schemas.insert("ProblemFault".to_owned(), ProblemFault::schema());
    components.schemas.insert("Id".to_owned(), crate::kernel::ids::OrganisationId::schema());
}

/// The document partners read: paths relative to `/v1`, others with their own server.
pub(super) fn published(mut openapi: OpenApi) -> OpenApi {
    let served = std::mem::take(&mut openapi.paths.paths);
    openapi.paths.paths = served
        .into_iter()
        .map(|(path, mut item)| match path.strip_prefix("/v1") {
            Some("") => ("/".to_owned(), item),
            Some(relative) => (relative.to_owned(), item),
            None => {
                item.servers = Some(vec![Server::new("/")]);
                (path, item)
            }
        })
        .collect();
    openapi
}

fn bearer() -> SecurityScheme {
    let scopes = Scopes::from_iter(TABLE.iter().map(|grant| (grant.scope, grant.meaning)));
    SecurityScheme::OAuth2(OAuth2::with_description(
        [Flow::ClientCredentials(ClientCredentials::new("/oauth/token", scopes))],
        "Access tokens of ten minutes, asked for with client id and secret.",
    ))
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (HttpMethod, &mut Operation)> {
    [
        (HttpMethod::Get, item.get.as_mut()),
        (HttpMethod::Put, item.put.as_mut()),
        (HttpMethod::Post, item.post.as_mut()),
        (HttpMethod::Delete, item.delete.as_mut()),
        (HttpMethod::Patch, item.patch.as_mut()),
    ]
    .into_iter()
    .filter_map(|(method, operation)| operation.map(|operation| (method, operation)))
}

fn is_secured(operation: &Operation) -> bool {
    // An empty requirement stands for "nothing is required".
    let named = |requirement| {
        serde_json::to_value(requirement).is_ok_and(|value| value.as_object().is_some_and(|named| !named.is_empty()))
    };
    operation.security.iter().flatten().any(named)
}

fn has(operation: &Operation, place: &ParameterIn) -> bool {
    operation
        .parameters
        .iter()
        .flatten()
        .any(|parameter| matches!(parameter, RefOr::T(parameter) if parameter.parameter_in == *place))
}

/// Whether the caller chooses between representations.
fn has_several_forms(operation: &Operation) -> bool {
    operation.responses.responses.values().any(|response| matches!(response, RefOr::T(it) if it.content.len() > 1))
}

fn header_parameter(name: &str, required: bool, description: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(if required { Required::True } else { Required::False })
        .description(Some(description))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String).max_length(Some(255))))
        .build()
}

/// Headers that follow from the method: `If-Match` to change, `Idempotency-Key` to create.
fn parameters(method: &HttpMethod, operation: &mut Operation) {
    let searches = operation.operation_id.as_deref().is_some_and(|id| id.starts_with("search_"));
    let mut added = Vec::new();
    if is_secured(operation) {
        match method {
            HttpMethod::Patch | HttpMethod::Delete => {
                added.push(header_parameter(
                    "If-Match",
                    true,
                    "The ETag of the version that was read; only its version has to match.",
                ));
            }
            HttpMethod::Post if !searches => {
                added.push(header_parameter(
                    "Idempotency-Key",
                    false,
                    "Makes a repetition safe: same key and same body give the first answer again, for 72 hours.",
                ));
            }
            _ => {}
        }
    }
    operation.parameters.get_or_insert_with(Vec::new).extend(added.into_iter().map(RefOr::T));
}

/// Every failure that can come, by what the operation takes in.
fn failures(method: &HttpMethod, operation: &mut Operation) {
    let writes = *method != HttpMethod::Get;
    let mut failures: BTreeMap<u16, &str> = BTreeMap::from([
        (429, "Too many requests; wait for Retry-After."),
        (500, "A defect on our side; it was reported."),
        (503, "It has certainly not happened; retry after Retry-After."),
    ]);
    if is_secured(operation) {
        failures.insert(401, "No, bad or expired token.");
        failures.insert(403, "`scope-missing`: the token or role lacks the right, named in `scope`; `not-permitted-on-resource` or `mandate-missing`: on a resource the caller can see.");
    }
    if has(operation, &ParameterIn::Path) {
        failures.insert(404, "Not there, or not yours: the same answer for both.");
    }
    if operation.parameters.as_ref().is_some_and(|parameters| !parameters.is_empty())
        || operation.request_body.is_some()
    {
        failures.insert(400, "The input is not right; all faults are listed.");
    }
    if has_several_forms(operation) {
        failures.insert(406, "`Accept` wants none of the media types of the answer.");
    }
    if operation.request_body.is_some() {
        failures.insert(408, "The body did not arrive in time.");
        failures.insert(413, "The body is too large.");
        failures.insert(415, "Another media type, or a compressed body.");
    }
    if writes && is_secured(operation) {
        failures.insert(409, "The state forbids it; `code` says why.");
        failures.insert(504, "It may have happened; repeat with the same Idempotency-Key for the true answer.");
    }
    match method {
        HttpMethod::Patch | HttpMethod::Delete => {
            failures.insert(412, "It changed since it was read.");
            failures.insert(428, "If-Match is missing.");
        }
        HttpMethod::Post if is_secured(operation) => {
            failures.insert(422, "The Idempotency-Key belongs to another request.");
        }
        _ => {}
    }
    for (status, description) in failures {
        operation.responses.responses.entry(status.to_string()).or_insert_with(|| problem_response(description).into());
    }
}

fn problem_response(description: &str) -> Response {
    ResponseBuilder::new()
        .description(description)
        .content(
            PROBLEM_JSON,
            ContentBuilder::new().schema(Some(RefOr::Ref(Ref::from_schema_name(Problem::name())))).build(),
        )
        .build()
}

/// Headers of every response.
fn response_headers(operation: &mut Operation) {
    for response in operation.responses.responses.values_mut() {
        let RefOr::T(response) = response else { continue };
        response.headers.insert("API-Version".to_owned(), header("Version of this API (SemVer).").into());
        response.headers.insert("X-Request-Id".to_owned(), header("Names this request; give it to support.").into());
    }
}

fn header(description: &str) -> Header {
    HeaderBuilder::new()
        .schema(Some(ObjectBuilder::new().schema_type(Type::String).max_length(Some(64)).build()))
        .description(Some(description))
        .build()
}
