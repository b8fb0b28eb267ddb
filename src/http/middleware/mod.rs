//! What happens around every operation. A request passes from the top down and its response from
//! the bottom up; [`around`] is the only place that knows the order.
//!
//! 1. `request_id`: names the request, so that everything below can mention it.
//! 2. `access_log`: one line and the metrics, for whatever is answered below.
//! 3. `security_headers`: on every response, errors included.
//! 4. `cors`: answers preflights, which carry no token, and marks answers, 401 included, for
//!    the browsers of partner frontends.
//! 5. `head`: turns HEAD into GET, so that everything below knows GET only.
//! 6. `problems`: every error from below becomes a problem in the caller's language; 5xx are
//!    logged here and nowhere else; a panic costs one request, not the connection.
//! 7. `head_limits`: refuses heads that are too large before anything reads them.
//! 8. `admission`: who calls, how often, and 401; before routing, so that a caller without a
//!    token learns nothing about paths.
//! 9. `body_guard`: bodies may not be encoded or trickle in; shows only when a handler reads
//!    its body, so after routing (404, 405) and after the handler's guard (403).
//!
//! Header fields that claim another method, path or host (`X-HTTP-Method-Override` and the like)
//! are read nowhere and so do nothing.

mod access_log;
mod admission;
mod body_guard;
mod cors;
mod head;
mod head_limits;
mod problems;
mod rate_limit;
mod request_id;
mod security_headers;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::HeaderMap;
use actix_web::middleware::from_fn;
use actix_web::{App, HttpRequest, HttpResponse, web};
use uuid::Uuid;

use crate::auth::Actor;
use crate::error::{Error, Result};

pub use admission::LinkTokenHash;
pub use cors::{OriginRefused, Origins};
pub use rate_limit::RateLimits;
pub use request_id::RequestId;

/// What a layer hands to the one above it.
type Answer = std::result::Result<ServiceResponse, actix_web::Error>;
/// The layer below.
type Next = actix_web::middleware::Next<BoxBody>;

/// Tells who holds a bearer token.
pub trait Authenticate: Send + Sync {
    /// The caller behind `bearer`, acting in the request `request_id`.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for every token that is not good, whatever the cause.
    fn authenticate(&self, bearer: &str, request_id: Uuid) -> Result<Actor>;
}

/// Tells which paths and operations there are, as the contract has them.
pub trait RouteTable: Send + Sync {
    /// The template of a path, for logs and metrics; none for a path that does not exist.
    fn template(&self, path: &str) -> Option<&str>;
    /// The methods of a path, as an `Allow` header lists them; none for a path that does not exist.
    fn allowed(&self, path: &str) -> Option<String>;
    /// Whether the operation can be called without a token.
    fn is_public(&self, method: &Method, path: &str) -> bool;
}

/// What the layers need to know.
pub struct Edge {
    /// Verifies tokens.
    pub tokens: Arc<dyn Authenticate>,
    /// Knows the contract's paths.
    pub routes: Arc<dyn RouteTable>,
    /// Frontends whose browsers may call.
    pub origins: Origins,
    /// How often one caller may call.
    pub limits: RateLimits,
}

impl std::fmt::Debug for Edge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Edge").field("origins", &self.origins).finish_non_exhaustive()
    }
}

/// Puts all layers and the answer to unknown paths around an app whose services are registered.
pub fn around<T>(
    app: App<T>,
    edge: web::Data<Edge>,
) -> App<
    impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse, Error = actix_web::Error, InitError = ()>,
>
where
    T: ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse,
            Error = actix_web::Error,
            InitError = (),
        > + 'static,
{
    app.app_data(edge)
        .default_service(web::to(no_such_operation))
        .wrap(from_fn(body_guard::guard))
        .wrap(from_fn(admission::admit))
        .wrap(from_fn(head_limits::limit))
        .wrap(from_fn(problems::render))
        .wrap(from_fn(head::serve_from_get))
        .wrap(from_fn(cors::apply))
        .wrap(from_fn(security_headers::add))
        .wrap(from_fn(access_log::record))
        .wrap(from_fn(request_id::name))
}

/// 405 where the path has other methods, else 404.
async fn no_such_operation(edge: web::Data<Edge>, request: HttpRequest) -> Result<HttpResponse> {
    Err(edge.routes.allowed(request.path()).map_or(Error::NotFound, Error::MethodNotAllowed))
}

/// Lets `finish` touch the head of whatever goes out: a response, or an error that becomes one.
fn on_the_way_out(answer: Answer, finish: impl Fn(&mut HeaderMap) + 'static) -> Answer {
    match answer {
        Ok(mut response) => {
            finish(response.headers_mut());
            Ok(response)
        }
        Err(mut error) => {
            error.add_response_mapper(move |mut response| {
                finish(response.headers_mut());
                response
            });
            Err(error)
        }
    }
}

/// The documentation pages: assets and text without a contract entry, open to everybody.
fn is_documentation(path: &str) -> bool {
    path == "/docs" || path.starts_with("/docs/")
}

/// The page at which students sign, and its assets: without a contract entry, open to everybody.
fn is_sign_page(path: &str) -> bool {
    path == "/sign" || path.starts_with("/sign/")
}

/// A path as logs and metrics may name it: its template, never the path itself.
fn route<'e>(edge: &'e Edge, path: &str) -> &'e str {
    match edge.routes.template(path) {
        Some(template) => template,
        None if is_documentation(path) => "/docs",
        None if is_sign_page(path) => "/sign",
        None => "unmatched",
    }
}
