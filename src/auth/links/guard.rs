//! The guard of what a link opens.

use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use futures_util::future::LocalBoxFuture;

use super::model::{Link, Purpose};
use super::queries::{self, Live};
use crate::auth::sign_in::FailedSignIns;
use crate::auth::{Actor, ActorKind};
use crate::db::{Caller, Db, Job};
use crate::error::{Error, Result, Rule};
use crate::http::middleware::LinkTokenHash;
use crate::http::proxies::Proxies;
use crate::http::query::refuse_unlisted;
use crate::kernel::ids::LinkId;

/// 403: an API client asks for what is the business of whoever got a link.
pub const LINK_NEEDED: Rule = Rule {
    code: "link-needed",
    nl: "Dit kan alleen wie er een link voor kreeg, met Authorization: Link.",
    en: "Only whoever was mailed a link can do this, with Authorization: Link.",
};

/// Proof that the caller holds a link that works and is for `P`: 401 for a link that is unknown,
/// used, revoked, run out or for something else, one answer for all; 403 for an API client.
#[derive(Debug, Clone)]
pub struct ByLink<P> {
    actor: Actor,
    link: Live,
    purpose: PhantomData<fn() -> P>,
}

impl<P: Purpose> ByLink<P> {
    /// The caller; its organisation is the one that had the link made.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The one resource that the link opens.
    #[must_use]
    pub fn resource<Id: From<uuid::Uuid>>(&self) -> Id {
        self.link.resource_id.into()
    }

    /// The link itself.
    #[must_use]
    pub fn id(&self) -> LinkId {
        self.link.id
    }

    pub(super) fn shown(&self) -> Link {
        let Live { purpose, resource_id, expires_at, .. } = self.link;
        Link { purpose, resource_id, expires_at }
    }

    async fn resolve(request: HttpRequest) -> Result<Self> {
        let actor = request.extensions().get::<Actor>().cloned().ok_or(Error::Unauthenticated)?;
        let hash = request.extensions().get::<LinkTokenHash>().copied();
        let LinkTokenHash(hash) = match (actor.kind, hash) {
            (ActorKind::Link, Some(hash)) => hash,
            (ActorKind::Client, _) => return Err(Error::Forbidden(&LINK_NEEDED)),
            _ => return Err(Error::Unauthenticated),
        };
        let db = service::<Db>(&request)?;
        let found = db.run_as_system(Job::SignIn, move |conn| queries::find_live(conn, hash, P::PURPOSES)).await?;
        let Some(link) = found else {
            let caller = service::<Proxies>(&request)?.caller(request.peer_addr(), request.headers());
            service::<FailedSignIns>(&request)?.count_link(caller)?;
            return Err(Error::Unauthenticated);
        };
        let actor = Actor { link: Some(link.id), organisation: Some(link.organisation_id), ..actor };
        request.extensions_mut().insert(actor.clone());
        refuse_unlisted(&request)?;
        Ok(Self { actor, link, purpose: PhantomData })
    }
}

fn service<T: 'static>(request: &HttpRequest) -> Result<&Data<T>> {
    request.app_data::<Data<T>>().ok_or_else(|| Error::internal("a service of the guard is missing"))
}

impl<P: Purpose> FromRequest for ByLink<P> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        Box::pin(Self::resolve(request.clone()))
    }
}

/// A guard, and the body behind it, which is not looked at until the guard let the caller pass.
#[derive(Debug)]
pub struct Behind<G, B>(pub G, pub B);

impl<G, B> FromRequest for Behind<G, B>
where
    G: FromRequest<Error = Error> + 'static,
    B: FromRequest<Error = Error> + 'static,
{
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let guard = G::from_request(&request, &mut Payload::None).await?;
            let body = B::from_request(&request, &mut payload).await?;
            Ok(Self(guard, body))
        })
    }
}

impl<P> Caller for ByLink<P> {
    fn actor(&self) -> &Actor {
        &self.actor
    }
}
