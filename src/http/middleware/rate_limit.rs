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
use crate::config::Limits;
use crate::error::Error;
use crate::kernel::ids::ClientId;

/// draft-ietf-httpapi-ratelimit-headers: what the policy is, and what is left of it.
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Callers are forgotten, once their buckets are full again, every so many requests: that bounds
/// the memory by the requests and not by the addresses there are.
const FORGET_EVERY: u32 = 10_000;

/// Counts the requests of every caller; one for the whole process.
#[derive(Debug)]
pub struct RateLimits {
    trusted_proxies: Vec<IpAddr>,
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
    /// Starts counting, unless the limit is switched off. `trusted_proxies` tell the address of
    /// callers without a token by `X-Forwarded-For`; from anybody else the header does nothing.
    #[must_use]
    pub fn new(limits: Limits, trusted_proxies: Vec<IpAddr>) -> Self {
        let counted = NonZeroU32::new(limits.requests_per_second)
            .map(|per_second| Counted::new(per_second, NonZeroU32::new(limits.burst).unwrap_or(NonZeroU32::MIN)));
        Self { trusted_proxies, counted }
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
            None => Key::Address(self.address(request)),
        }))
    }

    /// The caller's address: the peer's, or what the nearest trusted proxy says.
    fn address(&self, request: &ServiceRequest) -> IpAddr {
        let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
        let trusted = |address: &IpAddr| self.trusted_proxies.contains(&address.to_canonical());
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

    use super::{FORGET_EVERY, RateLimits};
    use crate::config::Limits;

    fn address_of(trusted: &[&str], peer: &str, forwarded: &[&str]) -> String {
        let trusted_proxies = trusted.iter().map(|proxy| proxy.parse().unwrap()).collect();
        let limits = RateLimits::new(Limits { requests_per_second: 50, burst: 100 }, trusted_proxies);
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
        let limits = RateLimits::new(Limits { requests_per_second: 1_000_000, burst: 100 }, Vec::new());
        for caller in 0..FORGET_EVERY * 2 {
            let peer = IpAddr::from(caller.to_be_bytes());
            let request = TestRequest::default().peer_addr((peer, 4711).into()).to_srv_request();
            limits.charge(&request, None);
        }
        let kept = limits.counted.unwrap().buckets.len();
        assert!(kept <= FORGET_EVERY as usize + 1_000, "{kept}");
    }
}
