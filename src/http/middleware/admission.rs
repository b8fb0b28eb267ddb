//! Who calls, and whether it may come in: before routing, so that without a token every path that
//! is not public answers the same 401.

use actix_web::HttpMessage as _;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{self, HeaderMap};
use actix_web::web::Data;
use aws_lc_rs::digest::{SHA256, digest};
use uuid::Uuid;

use super::rate_limit::Allowance;
use super::{Answer, Edge, Next, RequestId, is_documentation, is_sign_page, on_the_way_out};
use crate::auth::{Actor, ActorKind};
use crate::error::{Error, Result};

/// SHA-256 of the token of a mailed link, as kept in the database; in the request's extensions
/// beside an [`Actor`] of kind link. The token itself is kept nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkTokenHash(pub [u8; 32]);

/// 256 bits in base64url without padding.
const LINK_TOKEN_LENGTH: usize = 43;

/// Lets a known caller and anybody at a public operation pass, within the rate limit.
pub(super) async fn admit(edge: Data<Edge>, request: ServiceRequest, next: Next) -> Answer {
    let caller = identify(&edge, &request);
    let allowance = edge.limits.charge(&request, caller.as_ref().ok());
    let admitted = match allowance.as_ref().and_then(Allowance::exceeded) {
        Some(too_often) => Err(too_often),
        None => caller,
    };
    let answer = match admitted {
        Ok(actor) => {
            request.extensions_mut().insert(actor);
            next.call(request).await
        }
        Err(refused) => Ok(request.error_response(refused)),
    };
    on_the_way_out(answer, move |headers| {
        if let Some(allowance) = &allowance {
            allowance.write(headers);
        }
    })
}

/// What an `Authorization` header offers.
enum Credentials<'r> {
    Bearer(&'r str),
    Link(LinkTokenHash),
    /// None, several, or a scheme that only the operation itself understands.
    Other,
}

fn identify(edge: &Edge, request: &ServiceRequest) -> Result<Actor> {
    let request_id = request.extensions().get::<RequestId>().map_or_else(Uuid::now_v7, |named| named.id);
    let refused = match Credentials::of(request.headers()) {
        Credentials::Bearer(token) => match edge.tokens.authenticate(token, request_id) {
            Ok(actor) => return Ok(actor),
            Err(refused) => refused,
        },
        Credentials::Link(hash) => {
            request.extensions_mut().insert(hash);
            return Ok(Actor { kind: ActorKind::Link, ..Actor::public(request_id) });
        }
        Credentials::Other => Error::Unauthenticated,
    };
    let path = request.path();
    if edge.routes.is_public(request.method(), path) || is_documentation(path) || is_sign_page(path) {
        Ok(Actor::public(request_id))
    } else {
        Err(refused)
    }
}

impl<'r> Credentials<'r> {
    fn of(headers: &'r HeaderMap) -> Self {
        let mut given = headers.get_all(header::AUTHORIZATION);
        let (Some(only), None) = (given.next(), given.next()) else { return Self::Other };
        let Some((scheme, token)) = only.to_str().ok().and_then(|value| value.split_once(' ')) else {
            return Self::Other;
        };
        let token = token.trim_start_matches(' ');
        if scheme.eq_ignore_ascii_case("bearer") {
            Self::Bearer(token)
        } else if scheme.eq_ignore_ascii_case("link") {
            link(token).map_or(Self::Other, Self::Link)
        } else {
            Self::Other
        }
    }
}

fn link(token: &str) -> Option<LinkTokenHash> {
    let plausible = token.len() == LINK_TOKEN_LENGTH
        && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if !plausible {
        return None;
    }
    digest(&SHA256, token.as_bytes()).as_ref().try_into().ok().map(LinkTokenHash)
}
