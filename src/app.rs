//! The service as a whole: its state, its app, and the order in which they are put together.

use std::sync::Arc;

use actix_web::App;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::web::{Bytes, Data};
use uuid::Uuid;

use crate::api;
use crate::auth::Actor;
use crate::auth::keys::{KeyRing, MasterKey};
use crate::auth::sign_in::FailedSignIns;
use crate::auth::token::Tokens;
use crate::config::Limits;
use crate::db::Db;
use crate::error::Result;
use crate::http::contract::{Contract, PathEntry};
use crate::http::health::Readiness;
use crate::http::middleware::{self, Authenticate, Edge, Origins, RateLimits, RouteTable};
use crate::http::page::Cursors;
use crate::http::proxies::Proxies;
use crate::http::routes::Routes;
use crate::http::{documentation, sign_page};
use crate::mailing::Outbox;

/// What every worker of the service shares.
#[derive(Clone)]
pub struct Service {
    contract: Data<Contract>,
    db: Data<Db>,
    tokens: Data<Tokens>,
    cursors: Data<Cursors>,
    outbox: Data<Outbox>,
    failed_sign_ins: Data<FailedSignIns>,
    proxies: Data<Proxies>,
    readiness: Data<Readiness>,
    limits: Data<Limits>,
    edge: Data<Edge>,
}

/// What the service is made of.
#[derive(Debug)]
pub struct Parts {
    /// The doors.
    pub db: Db,
    /// The key everything else is derived from.
    pub master: MasterKey,
    /// The published signing keys.
    pub keys: Arc<KeyRing>,
    /// URL under which callers reach the service.
    pub base_url: String,
    /// Frontends whose browsers may call.
    pub origins: Origins,
    /// How much one client may ask.
    pub limits: Limits,
    /// Proxies that tell a caller's address.
    pub proxies: Proxies,
}

impl Service {
    /// Puts the service together.
    ///
    /// # Errors
    /// Only a defect of ours in the contract.
    pub fn new(parts: Parts) -> Result<Self> {
        let contract = Data::new(Contract::new(Bytes::from_static(api::PUBLISHED.as_bytes()))?);
        let tokens = Data::new(Tokens::new(&parts.base_url, parts.keys));
        let edge = Edge {
            tokens: Arc::new(TokenDesk(tokens.clone())),
            routes: Arc::new(RouteMap(contract.clone())),
            origins: parts.origins,
            limits: RateLimits::new(parts.limits, parts.proxies.clone()),
        };
        Ok(Self {
            contract,
            readiness: Data::new(Readiness::new(parts.db.clone())),
            db: Data::new(parts.db),
            tokens,
            cursors: Data::new(Cursors::new(&parts.master.derive("cursors"))),
            outbox: Data::new(Outbox::new(&parts.master)),
            failed_sign_ins: Data::new(FailedSignIns::new()),
            proxies: Data::new(parts.proxies),
            limits: Data::new(parts.limits),
            edge: Data::new(edge),
        })
    }

    /// Tells whether the service can serve, for the probes.
    #[must_use]
    pub fn readiness(&self) -> Data<Readiness> {
        self.readiness.clone()
    }

    /// The app of one worker.
    pub fn app(
        &self,
    ) -> App<
        impl ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse,
            Error = actix_web::Error,
            InitError = (),
        > + use<>,
    > {
        let app = App::new()
            .configure(|config| api::routes(&mut Routes::served_by(config)))
            .app_data(self.contract.clone())
            .app_data(self.db.clone())
            .app_data(self.tokens.clone())
            .app_data(self.cursors.clone())
            .app_data(self.outbox.clone())
            .app_data(self.failed_sign_ins.clone())
            .app_data(self.proxies.clone())
            .app_data(self.readiness.clone())
            .app_data(self.limits.clone())
            .configure(documentation::routes)
            .configure(sign_page::routes);
        middleware::around(app, self.edge.clone())
    }
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Service").finish_non_exhaustive()
    }
}

/// Tokens, as the middleware asks for them.
struct TokenDesk(Data<Tokens>);

impl Authenticate for TokenDesk {
    fn authenticate(&self, bearer: &str, request_id: Uuid) -> Result<Actor> {
        self.0.verify(bearer).map(|verified| verified.actor(request_id))
    }
}

/// The contract's paths, as the middleware asks for them.
struct RouteMap(Data<Contract>);

impl RouteTable for RouteMap {
    fn template(&self, path: &str) -> Option<&str> {
        self.0.find(path).map(|entry| entry.template.as_str())
    }

    fn allowed(&self, path: &str) -> Option<String> {
        self.0.find(path).map(PathEntry::allow)
    }

    fn is_public(&self, method: &Method, path: &str) -> bool {
        self.0.operation(method, path).is_some_and(|operation| operation.public)
    }
}
