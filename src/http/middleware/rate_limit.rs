//! How often one caller may call: a leaky bucket per client, and per address for callers without
//! a good token. Each process counts for itself, so several processes admit that many times more.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::auth::Actor;
use crate::error::Error;
use crate::kernel::ids::ClientId;

/// draft-ietf-httpapi-ratelimit-headers: what the policy is, and what is left of it.
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Callers are forgotten, once their buckets are full again, every so many requests: that bounds
/// the memory by the requests and not by the addresses there are.
const FORGET_EVERY: u32 = 10_000;

/// How often one caller may call.
#[derive(Debug, Clone)]
pub struct RateSettings {
    /// Requests per second in the long run.
    pub per_second: NonZeroU32,
    /// Requests at once after a pause.
    pub burst: NonZeroU32,
    /// Proxies whose `X-Forwarded-For` tells the address of callers without a token; from
    /// anybody else the header does nothing.
    pub trusted_proxies: Vec<IpAddr>,
}

impl Default for RateSettings {
    /// 50 per second, 100 at once, no proxies.
    fn default() -> Self {
        const PER_SECOND: NonZeroU32 = NonZeroU32::new(50).unwrap();
        const BURST: NonZeroU32 = NonZeroU32::new(100).unwrap();
        Self { per_second: PER_SECOND, burst: BURST, trusted_proxies: Vec::new() }
    }
}

/// Counts the requests of every caller; one for the whole process.
pub struct RateLimits {
    settings: RateSettings,
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
    /// Starts counting.
    #[must_use]
    pub fn new(settings: RateSettings) -> Self {
        let quota = Quota::per_second(settings.per_second).allow_burst(settings.burst);
        let window = settings.burst.get().div_ceil(settings.per_second.get());
        let policy = format!("\"default\";q={};w={window}", settings.burst);
        Self {
            policy: HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("\"default\"")),
            clock: DefaultClock::default(),
            buckets: RateLimiter::dashmap(quota).with_middleware(),
            charges: AtomicU32::new(0),
            settings,
        }
    }

    /// What was set.
    #[must_use]
    pub const fn settings(&self) -> &RateSettings {
        &self.settings
    }

    /// Takes one request out of the caller's bucket; none for health probes, which come often,
    /// from one address, and must not be refused.
    pub(super) fn charge(&self, request: &ServiceRequest, caller: Option<&Actor>) -> Option<Allowance> {
        if request.path().starts_with("/health/") {
            return None;
        }
        if self.charges.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
            self.buckets.retain_recent();
        }
        let key = match caller.and_then(|caller| caller.client) {
            Some(client) => Key::Client(client),
            None => Key::Address(self.address(request)),
        };
        let (remaining, retry_after) = match self.buckets.check_key(&key) {
            Ok(left) => (left.remaining_burst_capacity(), None),
            Err(until) => (0, Some(until.wait_time_from(self.clock.now()).as_secs() + 1)),
        };
        let spent = self.settings.burst.get().saturating_sub(remaining);
        let full_in = u64::from(spent.div_ceil(self.settings.per_second.get()));
        Some(Allowance { policy: self.policy.clone(), remaining, full_in, retry_after })
    }

    /// The caller's address: the peer's, or what the nearest trusted proxy says.
    fn address(&self, request: &ServiceRequest) -> IpAddr {
        let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
        let trusted = |address: &IpAddr| self.settings.trusted_proxies.contains(&address.to_canonical());
        if !trusted(&peer) {
            return network(peer);
        }
        let lines: Vec<_> = request.headers().get_all(X_FORWARDED_FOR).filter_map(|line| line.to_str().ok()).collect();
        let caller = lines
            .iter()
            .rev()
            .flat_map(|line| line.rsplit(','))
            .map_while(|hop| hop.trim().parse::<IpAddr>().ok())
            .find(|hop| !trusted(hop));
        network(caller.unwrap_or(peer))
    }
}

impl std::fmt::Debug for RateLimits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RateLimits").field("settings", &self.settings).finish_non_exhaustive()
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

/// An IPv6 caller usually has a whole /64 to itself, so that is one address here.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64))),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod unit_tests {
    use std::net::IpAddr;

    use actix_web::test::TestRequest;

    use super::{FORGET_EVERY, RateLimits, RateSettings};

    fn address_of(trusted: &[&str], peer: &str, forwarded: &[&str]) -> String {
        let trusted_proxies = trusted.iter().map(|proxy| proxy.parse().unwrap()).collect();
        let limits = RateLimits::new(RateSettings { trusted_proxies, ..RateSettings::default() });
        let mut request = TestRequest::default().peer_addr((peer.parse::<IpAddr>().unwrap(), 4711).into());
        for line in forwarded {
            request = request.append_header(("X-Forwarded-For", *line));
        }
        limits.address(&request.to_srv_request()).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed_about_the_caller() {
        assert_eq!(address_of(&[], "192.0.2.7", &["198.51.100.1"]), "192.0.2.7");
        assert_eq!(address_of(&["192.0.2.7"], "192.0.2.7", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(address_of(&["192.0.2.7"], "192.0.2.7", &["203.0.113.9, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(
            address_of(&["192.0.2.7", "192.0.2.8"], "192.0.2.7", &["198.51.100.1", "192.0.2.8"]),
            "198.51.100.1"
        );
        assert_eq!(address_of(&["192.0.2.7"], "192.0.2.7", &["198.51.100.1, junk"]), "192.0.2.7");
        assert_eq!(address_of(&[], "2001:db8:1:2:3:4:5:6", &[]), "2001:db8:1:2::");
    }

    #[test]
    fn callers_are_forgotten_in_the_long_run() {
        let limits =
            RateLimits::new(RateSettings { per_second: 1_000_000.try_into().unwrap(), ..RateSettings::default() });
        for caller in 0..FORGET_EVERY * 2 {
            let peer = IpAddr::from(caller.to_be_bytes());
            let request = TestRequest::default().peer_addr((peer, 4711).into()).to_srv_request();
            limits.charge(&request, None);
        }
        assert!(limits.buckets.len() <= FORGET_EVERY as usize + 1_000, "{}", limits.buckets.len());
    }
}
