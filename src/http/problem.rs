//! Every 4xx and 5xx as `application/problem+json` (RFC 9457), framework errors included.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::error::{Error, Fault, Place, Rule, Text};

/// The media type of problems.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// The languages problems and labels come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// Dutch, unless the caller asks otherwise.
    #[default]
    Dutch,
    /// English.
    English,
}

impl Language {
    /// The language of an `Accept-Language` header; Dutch unless English is wanted more.
    #[must_use]
    pub fn accepted(header: Option<&str>) -> Self {
        let mut best = (Self::Dutch, 0.0_f32);
        for part in header.unwrap_or_default().split(',') {
            let mut pieces = part.split(';');
            let tag = pieces.next().unwrap_or_default().trim().to_ascii_lowercase();
            let weight = pieces
                .find_map(|piece| piece.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()))
                .unwrap_or(1.0);
            let language = match tag.split('-').next() {
                Some("nl") => Self::Dutch,
                Some("en") => Self::English,
                _ => continue,
            };
            if weight > best.1 {
                best = (language, weight);
            }
        }
        best.0
    }

    /// The BCP 47 tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Dutch => "nl",
            Self::English => "en",
        }
    }

    /// This language's half of a text.
    #[must_use]
    pub fn of(self, text: &Text) -> &str {
        match self {
            Self::Dutch => &text.nl,
            Self::English => &text.en,
        }
    }

    const fn rule(self, rule: &'static Rule) -> &'static str {
        match self {
            Self::Dutch => rule.nl,
            Self::English => rule.en,
        }
    }
}

/// What went wrong and what to do about it (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// A page of the documentation about this code.
    #[schema(format = "uri-reference", max_length = 200)]
    pub r#type: String,
    /// Short and the same for every occurrence, in the language asked for.
    #[schema(max_length = 200)]
    pub title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What is wrong here and the cure, in the language asked for.
    #[schema(max_length = 2000)]
    pub detail: String,
    /// Stable code; never changes with the language.
    #[schema(max_length = 64)]
    pub code: String,
    /// The path that was asked for.
    #[schema(format = "uri-reference", max_length = 2000)]
    pub instance: String,
    /// Give this to support.
    #[schema(max_length = 64)]
    pub request_id: String,
    /// All faults of the input at once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1000)]
    pub errors: Vec<ProblemFault>,
    /// Members of this code's own, for example `allowedTransitions` or `scope`.
    #[serde(flatten)]
    #[schema(ignore)]
    pub members: Map<String, Value>,
}

/// One fault of the input. The refused value itself is never repeated.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProblemFault {
    /// Part of the request: `body`, `path`, `query` or `header`.
    #[schema(value_type = String, max_length = 16)]
    pub r#in: Place,
    /// JSON pointer within that part, in camelCase.
    #[schema(max_length = 500)]
    pub pointer: String,
    /// Stable code.
    #[schema(max_length = 64)]
    pub code: String,
    /// What is expected.
    #[schema(max_length = 1000)]
    pub detail: String,
}

/// What a problem is about besides the error itself.
#[derive(Debug, Clone, Default)]
pub struct Occasion {
    /// The caller's language.
    pub language: Language,
    /// The path asked for.
    pub instance: String,
    /// The request.
    pub request_id: String,
}

const INVALID_INPUT: Rule = Rule {
    code: "invalid-input",
    nl: "De invoer klopt niet; verbeter de genoemde punten en verstuur opnieuw.",
    en: "The input is not right; mend the points named and send it again.",
};
const INVALID_TOKEN: Rule = Rule {
    code: "invalid-token",
    nl: "Er is geen geldig toegangstoken meegestuurd, of de link werkt niet (meer). Vraag een nieuw token aan bij /oauth/token; een nieuwe link bij wie hem liet sturen.",
    en: "No valid access token came with the request, or the link does not work (any more). Get a new token at /oauth/token; a new link from who had it sent.",
};
const SCOPE_MISSING: Rule = Rule {
    code: "scope-missing",
    nl: "Het token of de rol heeft dit recht niet; vraag een token met de genoemde scope.",
    en: "The token or role lacks this right; get a token with the scope named.",
};
const NOT_FOUND: Rule =
    Rule { code: "not-found", nl: "Dit is er niet, of het is niet van u.", en: "This is not there, or not yours." };
const METHOD_NOT_ALLOWED: Rule = Rule {
    code: "method-not-allowed",
    nl: "Deze methode kan hier niet; zie de Allow-header.",
    en: "This method is not possible here; see the Allow header.",
};
const VERSION_MISMATCH: Rule = Rule {
    code: "version-mismatch",
    nl: "Het is sinds het lezen gewijzigd. Lees opnieuw en pas de wijziging daarop toe.",
    en: "It changed since it was read. Read it again and apply the change to that.",
};
const IF_MATCH_REQUIRED: Rule = Rule {
    code: "if-match-required",
    nl: "Stuur de ETag van de gelezen versie mee in If-Match.",
    en: "Send the ETag of the version read in If-Match.",
};
const IDEMPOTENCY_KEY_REUSED: Rule = Rule {
    code: "idempotency-key-reused",
    nl: "Deze Idempotency-Key hoort bij een ander verzoek; gebruik een nieuwe.",
    en: "This Idempotency-Key belongs to another request; use a new one.",
};
const RATE_LIMITED: Rule = Rule {
    code: "rate-limited",
    nl: "Te veel verzoeken; wacht het aantal seconden van Retry-After.",
    en: "Too many requests; wait for the seconds in Retry-After.",
};
const OUTCOME_UNKNOWN: Rule = Rule {
    code: "outcome-unknown",
    nl: "De verbinding viel weg bij het vastleggen. Herhaal het verzoek met dezelfde Idempotency-Key voor het ware antwoord.",
    en: "The connection was lost while recording. Repeat the request with the same Idempotency-Key for the true answer.",
};
const INTERNAL: Rule = Rule {
    code: "internal-error",
    nl: "Er ging bij ons iets mis; het is gemeld. Noem het requestId als u contact opneemt.",
    en: "Something went wrong on our side; it was reported. Name the requestId when you get in touch.",
};
const REQUEST_REFUSED: Rule = Rule {
    code: "request-refused",
    nl: "Het verzoek kan zo niet worden aangenomen.",
    en: "The request cannot be taken in as it is.",
};

impl Error {
    /// The answer's code and explanation.
    #[must_use]
    pub fn rule(&self) -> &'static Rule {
        match self {
            Self::Invalid(_) => &INVALID_INPUT,
            Self::BadRequest(rule)
            | Self::Forbidden(rule)
            | Self::Refused(_, rule)
            | Self::Unavailable(rule)
            | Self::Conflict { rule, .. } => rule,
            Self::Unauthenticated => &INVALID_TOKEN,
            Self::ScopeMissing(_) => &SCOPE_MISSING,
            Self::NotFound => &NOT_FOUND,
            Self::MethodNotAllowed(_) => &METHOD_NOT_ALLOWED,
            Self::VersionMismatch => &VERSION_MISMATCH,
            Self::IfMatchRequired => &IF_MATCH_REQUIRED,
            Self::IdempotencyKeyReused => &IDEMPOTENCY_KEY_REUSED,
            Self::RateLimited { .. } => &RATE_LIMITED,
            Self::OutcomeUnknown => &OUTCOME_UNKNOWN,
            Self::Internal(_) => &INTERNAL,
        }
    }

    /// The rendered problem.
    #[must_use]
    pub fn problem(&self, occasion: &Occasion) -> Problem {
        let rule = self.rule();
        let status = self.status_code();
        let (faults, members) = match self {
            Self::Invalid(faults) => (faults.as_slice(), Map::new()),
            Self::Conflict { members, .. } => (&[][..], (**members).clone()),
            Self::ScopeMissing(scope) => (&[][..], Map::from_iter([("scope".to_owned(), Value::from(*scope))])),
            _ => (&[][..], Map::new()),
        };
        Problem {
            r#type: format!("/docs/problems#{}", rule.code),
            title: title(status, occasion.language).to_owned(),
            status: status.as_u16(),
            detail: occasion.language.rule(rule).to_owned(),
            code: rule.code.to_owned(),
            instance: occasion.instance.clone(),
            request_id: occasion.request_id.clone(),
            errors: faults.iter().map(|fault| fault.rendered(occasion.language)).collect(),
            members,
        }
    }

    /// The whole response for this occasion.
    #[must_use]
    pub fn response(&self, occasion: &Occasion) -> HttpResponse {
        let mut response = HttpResponseBuilder::new(self.status_code());
        match self {
            Self::Unauthenticated => {
                response.insert_header((header::WWW_AUTHENTICATE, "Bearer error=\"invalid_token\""));
            }
            Self::MethodNotAllowed(allowed) => {
                response.insert_header((header::ALLOW, allowed.as_str()));
            }
            Self::RateLimited { retry_after } => {
                response.insert_header((header::RETRY_AFTER, retry_after.to_string()));
            }
            Self::Unavailable(_) => {
                response.insert_header((header::RETRY_AFTER, "2"));
            }
            _ => {}
        }
        let body = serde_json::to_vec(&self.problem(occasion)).unwrap_or_default();
        response
            .insert_header((header::CONTENT_LANGUAGE, occasion.language.tag()))
            .content_type(PROBLEM_JSON)
            .body(body)
    }

    /// The problem for a refusal of the framework itself, by its status.
    #[must_use]
    pub fn of_framework(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::UNAUTHORIZED => Self::Unauthenticated,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed(String::new()),
            status if status.is_server_error() => Self::internal(status),
            status => Self::Refused(status, &REQUEST_REFUSED),
        }
    }
}

impl Fault {
    fn rendered(&self, language: Language) -> ProblemFault {
        ProblemFault {
            r#in: self.place,
            pointer: self.pointer.clone(),
            code: self.code.to_owned(),
            detail: language.of(&self.detail).to_owned(),
        }
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Invalid(_) | Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::ScopeMissing(_) | Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Refused(status, _) => *status,
            Self::Conflict { .. } => StatusCode::CONFLICT,
            Self::VersionMismatch => StatusCode::PRECONDITION_FAILED,
            Self::IfMatchRequired => StatusCode::PRECONDITION_REQUIRED,
            Self::IdempotencyKeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::OutcomeUnknown => StatusCode::GATEWAY_TIMEOUT,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Used only where no middleware stands in between; the request's own language, path and
    /// id are filled in by [`crate::http`]'s outermost middleware.
    fn error_response(&self) -> HttpResponse {
        self.response(&Occasion::default())
    }
}

/// The title of a status, the same for every occurrence.
fn title(status: StatusCode, language: Language) -> &'static str {
    let (nl, en) = match status.as_u16() {
        400 => ("Ongeldige invoer", "Invalid input"),
        401 => ("Niet aangemeld", "Not signed in"),
        403 => ("Geen recht", "No right to do this"),
        404 => ("Niet gevonden", "Not found"),
        405 => ("Methode niet toegestaan", "Method not allowed"),
        406 => ("Vorm niet beschikbaar", "Representation not available"),
        408 => ("Verzoek duurde te lang", "Request took too long"),
        409 => ("Kan nu niet", "Not possible in this state"),
        412 => ("Intussen gewijzigd", "Changed in the meantime"),
        413 => ("Te groot", "Too large"),
        415 => ("Mediatype niet ondersteund", "Media type not supported"),
        422 => ("Sleutel hergebruikt", "Key reused"),
        428 => ("If-Match ontbreekt", "If-Match missing"),
        429 => ("Te veel verzoeken", "Too many requests"),
        431 => ("Headers te groot", "Headers too large"),
        503 => ("Tijdelijk niet beschikbaar", "Temporarily unavailable"),
        504 => ("Uitkomst onbekend", "Outcome unknown"),
        _ if status.is_server_error() => ("Fout bij ons", "Fault on our side"),
        _ => ("Verzoek geweigerd", "Request refused"),
    };
    match language {
        Language::Dutch => nl,
        Language::English => en,
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn dutch_is_the_default_and_english_can_be_asked_for() {
        assert_eq!(Language::accepted(None), Language::Dutch);
        assert_eq!(Language::accepted(Some("en")), Language::English);
        assert_eq!(Language::accepted(Some("nl;q=0.5, en-GB;q=0.9")), Language::English);
        assert_eq!(Language::accepted(Some("fr, *")), Language::Dutch);
    }
}
