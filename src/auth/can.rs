//! The guards: a handler's first argument says who may call it, and nothing else opens a door.

use std::future::{Ready, ready};
use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::actor::{Actor, ActorKind};
use super::permissions::Permission;
use crate::db::Caller;
use crate::error::{Error, Result};
use crate::http::query::refuse_unlisted;

/// Proof that the caller's token holds the permission `P`: 401 without a valid token, 403
/// `scope-missing` when role or scope lacks it, before any look-up and before the body is read.
#[derive(Debug, Clone)]
pub struct Can<P> {
    actor: Actor,
    permission: PhantomData<fn() -> P>,
}

impl<P> Can<P> {
    /// The caller.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }
}

impl<P: Permission> Can<P> {
    fn check(request: &HttpRequest) -> Result<Self> {
        let actor = request.extensions().get::<Actor>().cloned().ok_or(Error::Unauthenticated)?;
        let role = match (actor.kind, actor.role) {
            (ActorKind::Client, Some(role)) => role,
            (ActorKind::Link, _) => return Err(Error::ScopeMissing(P::SCOPE)),
            _ => return Err(Error::Unauthenticated),
        };
        if !P::ROLES.contains(&role) || !actor.scopes.contains(P::SCOPE) {
            return Err(Error::ScopeMissing(P::SCOPE));
        }
        refuse_unlisted(request)?;
        Ok(Self { actor, permission: PhantomData })
    }
}

impl<P: Permission> FromRequest for Can<P> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::check(request))
    }
}

impl<P: Permission> Caller for Can<P> {
    fn actor(&self) -> &Actor {
        &self.actor
    }
}

/// The guard of a public endpoint, spelled out: anybody may call, and sees what is published.
#[derive(Debug, Clone)]
pub struct Anyone(Actor);

impl FromRequest for Anyone {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request_id = request.extensions().get::<Actor>().map(|actor| actor.request_id);
        let anyone = Self(Actor::public(request_id.unwrap_or_else(uuid::Uuid::now_v7)));
        ready(refuse_unlisted(request).map(|()| anyone))
    }
}

impl Caller for Anyone {
    fn actor(&self) -> &Actor {
        &self.0
    }
}
