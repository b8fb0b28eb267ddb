//! Completes the generated contract with what holds for every operation: who publishes it, how
//! to sign in, which headers travel, and every failure that can come.

use utoipa::PartialSchema as _;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, ClientCredentials, Flow, OAuth2, Scopes, SecurityScheme};
use utoipa::openapi::{
    Components, ContactBuilder, HttpMethod, InfoBuilder, LicenseBuilder, ObjectBuilder, OpenApi, RefOr, Required,
    Server, ServerBuilder, Tag, schema::Type,
};

use super::{answers, limits};
use crate::auth::permissions::TABLE;
use crate::http::contract::inline_partial_fields;
use crate::http::problem::{Problem, ProblemFault};
use crate::http::reply::collected_schemas;

/// Name of the security scheme that operations refer to.
const BEARER: &str = "bearer";
/// The same for whoever was mailed a link.
const LINK: &str = "link";

const TAGS: &[(&str, &str)] = &[
    ("Sign-in", "Tokens for API clients (client credentials), keys and metadata."),
    ("Links", "Links per mail: what somebody without an account, such as a student, does with one."),
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
    ("Programmes", "Opleidingen of schools, and the hours that the law asks of them (urennormen)."),
    (
        "Cohorts",
        "Lichtingen of a programme: intake cap (numerus fixus) and counts of who applied, waits and is enrolled.",
    ),
    (
        "Rosters",
        "Studentenlijsten: a school hands over all of its students at once; what became of it, and which class is which programme.",
    ),
    ("Expectation profiles", "Verwachtingsprofielen: what may be expected of an intern of a study year."),
    ("Students", "Studenten of registered programmes and their learning paths (leerwegen). Personal data."),
    ("Placement requests", "Stageaanvragen: what schools ask of a region, and who waits (wachtlijst)."),
    ("Placements", "Plaatsingen: students in seats, from the proposal to what came of it. Students are ids here."),
    ("Agreements", "Praktijkovereenkomsten (POK): sheets (bpv-bladen) and the signatures of three parties."),
    ("Mandates", "Machtigingen: what a bureau may do in the name of a practice."),
    (
        "Initiatives",
        "Initiatieven: regional projects with partners, goals, milestones (mijlpalen), deliverables and barriers (belemmeringen).",
    ),
    ("Tasks", "Taken, actielijst: what still has to be done for placements, by whom and by when."),
    ("Signals", "Signalen: what is the matter with placements and requests, until it is settled."),
    ("Placement offers", "Stageplaatsen: seats for interns that practices offer, or a bureau in their name."),
    ("Mentors", "Praktijkbegeleiders: who guides interns at a practice. Personal data."),
    ("Mentor certificates", "Certificaten of mentors who were trained to guide interns (bijscholing stagebegeleider)."),
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
                .url(Some("https://stagepunt.example"))
                .email(Some("api@stagepunt.example"))
                .build(),
        ))
        .build();
    openapi.servers = Some(vec![
        server("/v1", "The service this was read from, be it production, a test or on your own machine (local)."),
        server("https://api.stagepunt.example/v1", "Production; the address is an example."),
    ]);
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
    components.security_schemes.insert(LINK.to_owned(), link().into());
    for (template, path) in &mut openapi.paths.paths {
        // `_search` and its like change nothing.
        let only_reads = template.rsplit('/').next().is_some_and(|segment| segment.starts_with('_'));
        let below_base = template.starts_with("/v1");
        operations(path).for_each(|(method, operation)| {
            if !is_secured(operation) {
                operation.security = Some(Vec::new());
            }
            parameters(&method, operation, only_reads);
            answers::failures(&method, operation, only_reads, below_base);
            answers::headers(operation);
        });
    }
    let components = openapi.components.get_or_insert_with(Components::new);
    components.schemas.extend(collected_schemas());
    components.schemas.insert("Problem".to_owned(), Problem::schema());
    components.schemas.insert("ProblemFault".to_owned(), ProblemFault::schema());
    components.schemas.insert("Id".to_owned(), crate::kernel::ids::OrganisationId::schema());
    answers::share(components);
    inline_partial_fields(openapi);
    limits::complete(openapi);
}

/// A server that is there for partners.
fn server(url: &str, description: &str) -> Server {
    ServerBuilder::new()
        .url(url)
        .description(Some(description))
        .extensions(Some(ExtensionsBuilder::new().add("x-internal", false).build()))
        .build()
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
    let scopes = TABLE.iter().map(|grant| (grant.scope, grant.meaning)).collect::<Scopes>();
    SecurityScheme::OAuth2(OAuth2::with_description(
        [Flow::ClientCredentials(ClientCredentials::new("/oauth/token", scopes))],
        "Access tokens of ten minutes, asked for with client id and secret: JWTs (RFC 9068) that are signed and verified as RFC8725 advises.",
    ))
}

fn link() -> SecurityScheme {
    SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(
        "Authorization",
        "`Link <token>`: the single-use token behind the `#` of an address that was mailed to somebody without an account. It lasts 14 days and opens one agreement or feedback item.",
    )))
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

pub(super) fn is_secured(operation: &Operation) -> bool {
    // An empty requirement stands for "nothing is required".
    let named = |requirement| {
        serde_json::to_value(requirement).is_ok_and(|value| value.as_object().is_some_and(|named| !named.is_empty()))
    };
    operation.security.iter().flatten().any(named)
}

pub(super) fn has(operation: &Operation, place: &ParameterIn) -> bool {
    operation
        .parameters
        .iter()
        .flatten()
        .any(|parameter| matches!(parameter, RefOr::T(parameter) if parameter.parameter_in == *place))
}

/// Whether the caller chooses between representations.
pub(super) fn has_several_forms(operation: &Operation) -> bool {
    operation.responses.responses.values().any(|response| matches!(response, RefOr::T(it) if it.content.len() > 1))
}

fn header_parameter(name: &str, required: bool, pattern: &str, description: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(if required { Required::True } else { Required::False })
        .description(Some(description))
        .schema(Some(
            ObjectBuilder::new()
                .schema_type(Type::String)
                .min_length(Some(1))
                .max_length(Some(255))
                .pattern(Some(pattern)),
        ))
        .build()
}

/// Our tags, one or more, or `*` for any version.
const ENTITY_TAGS: &str = r#"^(\*|"[0-9]+-[A-Za-z0-9_-]+"(, ?"[0-9]+-[A-Za-z0-9_-]+")*)$"#;
/// ASCII that can be seen.
const VISIBLE: &str = "^[!-~]+$";

/// Headers that follow from the method: `If-Match` to change, `Idempotency-Key` to create.
fn parameters(method: &HttpMethod, operation: &mut Operation, only_reads: bool) {
    let mut added = Vec::new();
    if is_secured(operation) {
        match method {
            HttpMethod::Patch | HttpMethod::Delete => {
                added.push(header_parameter(
                    "If-Match",
                    true,
                    ENTITY_TAGS,
                    "The ETag of the version that was read; only its version has to match.",
                ));
            }
            HttpMethod::Put => {
                added.push(header_parameter(
                    "If-Match",
                    false,
                    ENTITY_TAGS,
                    "The ETag of the version that was read, where nothing else may have changed it; only its version has to match. `*` asks for any version, so it is 412 where nothing is there yet.",
                ));
            }
            HttpMethod::Post if !only_reads => {
                let told = operation.extensions.as_ref().and_then(|told| told.get("x-idempotency-key"));
                added.push(header_parameter(
                    "Idempotency-Key",
                    told.is_some_and(|told| told == "required"),
                    VISIBLE,
                    "Makes a repetition safe: same key and same body give the first answer again, for 72 hours.",
                ));
            }
            _ => {}
        }
    }
    operation.parameters.get_or_insert_with(Vec::new).extend(added.into_iter().map(RefOr::T));
}
