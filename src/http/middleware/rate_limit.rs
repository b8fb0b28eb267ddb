//! How often one caller may call: a leaky bucket per client, and per address for callers without
//! a good token. Each process counts for itself, so several processes admit that many times more.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::auth::Actor;
use crate::config::Limits;
use crate::error::Error;
use crate::http::proxies::Proxies;
use crate::kernel::ids::ClientId;

/// draft-ietf-httpapi-ratelimit-headers: what the policy is, and what is left of it.
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// Callers are forgotten, once their buckets are full again, every so many requests: that bounds
/// the memory by the requests and not by the addresses there are.
const FORGET_EVERY: u32 = 10_000;

/// Counts the requests of every caller; one for the whole process.
#[derive(Debug)]
pub struct RateLimits {
    proxies: Proxies,
    counted: Option<Counted>,
}

/// The buckets and how large they are.
struct Counted {
    per_second: NonZeroU32,
    burst: NonZeroU32,
    policy: HeaderValue,
    clock: DefaultClock,
    buckets: RateLimiter<Key, DashMapStateStore<Key>, DefaultClock, StateInformationMiddleware>,
    charges: AtomicU32,
}

/// Whose bucket pays.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Client(ClientId),
    Address(IpAddr),
}

/// What a caller has left after one request.
#[derive(Debug)]
pub(super) struct Allowance {
    policy: HeaderValue,
    remaining: u32,
    /// Seconds until the bucket is full again.
    full_in: u64,
    /// Seconds to wait where this request was one too many.
    retry_after: Option<u64>,
}

impl RateLimits {
    /// Starts counting, unless the limit is switched off.
    #[must_use]
    pub fn new(limits: Limits, proxies: Proxies) -> Self {
        let counted = NonZeroU32::new(limits.requests_per_second)
            .map(|per_second| Counted::new(per_second, NonZeroU32::new(limits.burst).unwrap_or(NonZeroU32::MIN)));
        Self { proxies, counted }
    }

    /// Takes one request out of the caller's bucket; none where nothing is counted: when the
    /// limit is off, and for health probes, which come often and from one address.
    pub(super) fn charge(&self, request: &ServiceRequest, caller: Option<&Actor>) -> Option<Allowance> {
        let counted = self.counted.as_ref()?;
        if request.path().starts_with("/health/") {
            return None;
        }
        Some(counted.charge(&match caller.and_then(|caller| caller.client) {
            Some(client) => Key::Client(client),
            None => Key::Address(self.proxies.caller(request.peer_addr(), request.headers())),
        }))
    }
}

impl Counted {
    fn new(per_second: NonZeroU32, burst: NonZeroU32) -> Self {
        let quota = Quota::per_second(per_second).allow_burst(burst);
        let window = burst.get().div_ceil(per_second.get());
        Self {
            policy: HeaderValue::try_from(format!("\"default\";q={burst};w={window}"))
                .unwrap_or(HeaderValue::from_static("\"default\"")),
            clock: DefaultClock::default(),
            buckets: RateLimiter::dashmap(quota).with_middleware(),
            charges: AtomicU32::new(0),
            per_second,
            burst,
        }
    }

    fn charge(&self, key: &Key) -> Allowance {
        if self.charges.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
            self.buckets.retain_recent();
        }
        let (remaining, retry_after) = match self.buckets.check_key(key) {
            Ok(left) => (left.remaining_burst_capacity(), None),
            Err(until) => (0, Some(until.wait_time_from(self.clock.now()).as_secs() + 1)),
        };
        let spent = self.burst.get().saturating_sub(remaining);
        let full_in = u64::from(spent.div_ceil(self.per_second.get()));
        Allowance { policy: self.policy.clone(), remaining, full_in, retry_after }
    }
}

impl std::fmt::Debug for Counted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Counted").field("policy", &self.policy).finish_non_exhaustive()
    }
}

impl Allowance {
    /// 429 where this request was one too many.
    pub(super) fn exceeded(&self) -> Option<Error> {
        self.retry_after.map(|retry_after| Error::RateLimited { retry_after })
    }

    /// Tells the caller.
    pub(super) fn write(&self, headers: &mut HeaderMap) {
        headers.insert(RATE_LIMIT_POLICY, self.policy.clone());
        let left = format!("\"default\";r={};t={}", self.remaining, self.full_in);
        if let Ok(left) = HeaderValue::try_from(left) {
            headers.insert(RATE_LIMIT, left);
        }
    }
}

#[cfg(test)]
mod unit_tests {
    use std::net::IpAddr;

    use actix_web::test::TestRequest;

    use super::{FORGET_EVERY, RateLimits};
    use crate::config::Limits;
    use crate::http::proxies::Proxies;

    #[test]
    fn callers_are_forgotten_in_the_long_run() {
        let limits = RateLimits::new(Limits { requests_per_second: 1_000_000, burst: 100 }, Proxies::default());
        for caller in 0..FORGET_EVERY * 2 {
            let peer = IpAddr::from(caller.to_be_bytes());
            let request = TestRequest::default().peer_addr((peer, 4711).into()).to_srv_request();
            limits.charge(&request, None);
        }
        let kept = limits.counted.unwrap().buckets.len();
        assert!(kept <= FORGET_EVERY as usize + 1_000, "{kept}");
    }
}
