//! The page at which a student signs who was mailed a link, from the binary itself. It holds nothing
//! about anybody: the token stands behind the `#` of its address, which no server sees, and its script
//! asks the API for the rest, as any frontend would.

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, ContentType};
use actix_web::mime;
use actix_web::web::{self, ServiceConfig};

/// Its own script and style, and calls to its own origin; nothing inline, nothing from elsewhere.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const PAGE: &str = include_str!("sign/page.html");
const STYLE: &str = include_str!("sign/sign.css");
const SCRIPT: &str = include_str!("sign/sign.js");

/// The routes; the contract does not name them.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route("/sign", web::get().to(|| async { show(ContentType::html(), PAGE) }))
        .route("/sign/sign.css", web::get().to(|| async { show(ContentType(mime::TEXT_CSS_UTF_8), STYLE) }))
        .route(
            "/sign/sign.js",
            web::get().to(|| async { show(ContentType(mime::APPLICATION_JAVASCRIPT_UTF_8), SCRIPT) }),
        );
}

/// Neither kept nor shared: `Cache-Control` and `Referrer-Policy` are those of every answer.
fn show(kind: ContentType, body: &'static str) -> HttpResponse {
    HttpResponse::Ok().insert_header((CONTENT_SECURITY_POLICY, POLICY)).content_type(kind).body(body)
}
