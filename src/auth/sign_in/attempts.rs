//! A limit on wrong guesses.

use std::fmt;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use quick_cache::sync::Cache;

use crate::error::{Error, Result};
use crate::kernel::ids::ClientId;

/// Failed sign-ins and bad links, counted per client id and per address.
///
/// Only failures are limited: a right secret is always let through, because otherwise anybody
/// who knows a client's id could lock it out, and a secret of 256 bits cannot be guessed.
pub struct FailedSignIns {
    quota: Quota,
    clock: DefaultClock,
    clients: Cache<ClientId, Arc<DefaultDirectRateLimiter>>,
    addresses: Cache<IpAddr, Arc<DefaultDirectRateLimiter>>,
}

impl FailedSignIns {
    /// Failures per minute before the answer becomes 429.
    pub const PER_MINUTE: u32 = 10;
    /// Clients and addresses remembered; the least used are forgotten first.
    const REMEMBERED: usize = 10_000;

    /// Nothing failed yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            quota: Quota::per_minute(NonZeroU32::new(Self::PER_MINUTE).unwrap_or(NonZeroU32::MIN)),
            clock: DefaultClock::default(),
            clients: Cache::new(Self::REMEMBERED),
            addresses: Cache::new(Self::REMEMBERED),
        }
    }

    /// Counts a failure, of an unknown client just as of a known one.
    ///
    /// # Errors
    /// 429 with the seconds to wait when there were too many.
    pub fn count(&self, client: ClientId, caller: IpAddr) -> Result<()> {
        let of_client = self.spend(&self.clients, client);
        let of_address = self.spend(&self.addresses, caller);
        of_client.and(of_address)
    }

    /// Counts a link that is no good: nobody knows whose it was to be, so only the address pays.
    ///
    /// # Errors
    /// 429 with the seconds to wait when there were too many.
    pub fn count_link(&self, caller: IpAddr) -> Result<()> {
        self.spend(&self.addresses, caller)
    }

    fn spend<K>(&self, limits: &Cache<K, Arc<DefaultDirectRateLimiter>>, key: K) -> Result<()>
    where
        K: std::hash::Hash + Eq + Clone,
    {
        let fresh = || Ok::<_, Error>(Arc::new(RateLimiter::direct_with_clock(self.quota, self.clock.clone())));
        let limit = limits.get_or_insert_with(&key, fresh)?;
        limit.check().map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            Error::RateLimited { retry_after: wait.as_secs() + 1 }
        })
    }
}

impl Default for FailedSignIns {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for FailedSignIns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FailedSignIns").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::FailedSignIns;
    use crate::error::Error;
    use crate::kernel::ids::ClientId;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn the_eleventh_failure_of_a_client_in_a_minute_is_told_to_wait_wherever_it_comes_from() {
        let failed = FailedSignIns::new();
        let client = ClientId::new();
        for host in 0..10 {
            failed.count(client, address(&format!("192.0.2.{host}"))).unwrap();
        }
        let refused = failed.count(client, address("192.0.2.99"));
        assert!(matches!(refused, Err(Error::RateLimited { retry_after: 1..=7 })), "{refused:?}");
        failed.count(ClientId::new(), address("192.0.2.99")).unwrap();
    }

    #[test]
    fn the_eleventh_failure_of_an_address_is_told_to_wait_whichever_client_it_guesses() {
        let failed = FailedSignIns::new();
        for _ in 0..10 {
            failed.count(ClientId::new(), address("192.0.2.1")).unwrap();
        }
        assert!(failed.count(ClientId::new(), address("192.0.2.1")).is_err());
        failed.count(ClientId::new(), address("192.0.2.2")).unwrap();
    }
}
