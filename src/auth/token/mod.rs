//! Access tokens: JWTs (RFC 9068) signed with ES256 that live ten minutes.
//!
//! Checking is strict by construction: the header may hold `alg`, `typ` and `kid` and nothing
//! else, each with the one value we write ourselves, and every refusal looks the same.

mod claims;
#[cfg(test)]
mod forgeries;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, Header, Validation};
use quick_cache::sync::Cache;
use serde::Deserialize;
use uuid::Uuid;

use self::claims::Claims;
use super::keys::{KeyRing, KeySet, PublicKey};
use super::{Actor, ActorKind};
use crate::error::{Error, Result};
use crate::kernel::ids::{ClientId, OrganisationId, RegionId};
use crate::kernel::role::Role;

/// How far clocks may differ, in seconds.
pub const LEEWAY: i64 = 5;
/// The type of our tokens (RFC 9068): keeps other JWTs, such as ID tokens, from being taken for one.
const TYPE: &str = "at+jwt";
/// Longer than any token of ours, in bytes.
const MAX_LENGTH: usize = 8 * 1024;
/// Verified tokens remembered per process.
const REMEMBERED: usize = 10_000;

/// Whom a token is made for.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The API client.
    pub client: ClientId,
    /// The organisation it speaks for.
    pub organisation: OrganisationId,
    /// Its one role.
    pub role: Role,
    /// What it may do, already narrowed to grant, ceiling and request.
    pub scopes: BTreeSet<String>,
    /// The regions whose bureau the organisation is; empty for other roles.
    pub regions: Vec<RegionId>,
    /// The person behind the client, where known.
    pub person: Option<String>,
}

/// Makes and checks access tokens.
#[derive(Debug)]
pub struct Tokens {
    keys: Arc<KeyRing>,
    issuer: String,
    audience: String,
    validation: Validation,
    verified: Cache<[u8; 32], (u64, Verified)>,
    generation: AtomicU64,
}

/// All that a header of ours holds; any other member refuses the token.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StrictHeader {
    alg: String,
    typ: String,
    kid: String,
}

impl Tokens {
    /// Tokens of this issuer (the public base URL, without a slash at its end), for its `/v1`.
    #[must_use]
    pub fn new(issuer: &str, keys: Arc<KeyRing>) -> Self {
        let audience = format!("{issuer}/v1");
        let mut validation = Validation::new(Algorithm::ES256);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[&audience]);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        // Times are checked by `Claims::in_force`, for a fresh and for a remembered token alike.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Self {
            keys,
            issuer: issuer.to_owned(),
            audience,
            validation,
            verified: Cache::new(REMEMBERED),
            generation: AtomicU64::new(0),
        }
    }

    /// The issuer named in tokens and metadata: the public base URL.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The public halves of all published keys.
    ///
    /// # Errors
    /// 503 while none could be read since this process started.
    pub fn public_keys(&self) -> Result<Vec<PublicKey>> {
        Ok(self.keys.current()?.published(now()))
    }

    /// Makes a token, valid for [`crate::auth::TOKEN_LIFETIME`].
    ///
    /// # Errors
    /// 503 while no keys could be read since this process started.
    pub fn mint(&self, subject: Subject) -> Result<String> {
        self.mint_at(subject, now())
    }

    fn mint_at(&self, subject: Subject, now: DateTime<Utc>) -> Result<String> {
        let keys = self.keys.current()?;
        let key = keys.signing(now).ok_or_else(|| Error::internal("no signing key that can be opened"))?;
        let header =
            Header { typ: Some(TYPE.to_owned()), kid: Some(key.kid().to_owned()), ..Header::new(Algorithm::ES256) };
        let claims = Claims::new(subject, &self.issuer, &self.audience, now.timestamp());
        jsonwebtoken::encode(&header, &claims, key.encoding()).map_err(Error::internal)
    }

    /// Who a token speaks for. A verified token is remembered (by its hash, under the keys of
    /// the moment), a refusal never is.
    ///
    /// # Errors
    /// 401 for every cause alike; 503 while no keys could be read since this process started.
    pub fn verify(&self, token: &str) -> Result<Verified> {
        self.verify_at(token, now())
    }

    fn verify_at(&self, token: &str, now: DateTime<Utc>) -> Result<Verified> {
        if token.len() > MAX_LENGTH {
            return Err(Error::Unauthenticated);
        }
        let keys = self.keys.current()?;
        if self.generation.load(Ordering::Relaxed) != keys.generation {
            self.generation.store(keys.generation, Ordering::Relaxed);
            self.verified.clear();
        }
        let mut hash = [0; 32];
        hash.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
        if let Some((generation, verified)) = self.verified.get(&hash)
            && generation == keys.generation
        {
            return if verified.0.claims.in_force(now.timestamp()) {
                Ok(verified)
            } else {
                Err(Error::Unauthenticated)
            };
        }
        let verified = self.check(token, &keys, now).ok_or(Error::Unauthenticated)?;
        self.verified.insert(hash, (keys.generation, verified.clone()));
        Ok(verified)
    }

    fn check(&self, token: &str, keys: &KeySet, now: DateTime<Utc>) -> Option<Verified> {
        let (header, _) = token.split_once('.')?;
        let header: StrictHeader = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
        if header.alg != "ES256" || header.typ != TYPE {
            return None;
        }
        let key = keys.find(&header.kid, now)?;
        let claims = jsonwebtoken::decode::<Claims>(token, key.decoding(), &self.validation).ok()?.claims;
        claims.in_force(now.timestamp()).then(|| Verified::from_claims(claims))
    }
}

/// What a checked token says; cheap to clone.
#[derive(Debug, Clone)]
pub struct Verified(Arc<Said>);

#[derive(Debug)]
struct Said {
    claims: Claims,
    scopes: Arc<BTreeSet<String>>,
    regions: Arc<[RegionId]>,
    person: Option<Arc<str>>,
}

impl Verified {
    fn from_claims(claims: Claims) -> Self {
        Self(Arc::new(Said {
            scopes: Arc::new(claims.scope.split(' ').filter(|scope| !scope.is_empty()).map(str::to_owned).collect()),
            regions: claims.region.as_slice().into(),
            person: claims.person.as_deref().map(Arc::from),
            claims,
        }))
    }

    /// The caller, for one request.
    #[must_use]
    pub fn actor(&self, request_id: Uuid) -> Actor {
        let said = &*self.0;
        Actor {
            kind: ActorKind::Client,
            client: Some(said.claims.client_id),
            link: None,
            organisation: Some(said.claims.org),
            role: Some(said.claims.role),
            scopes: Arc::clone(&said.scopes),
            regions: Arc::clone(&said.regions),
            person: said.person.clone(),
            request_id,
        }
    }
}

/// The process's own clock: a token is judged by whoever receives it.
fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}
