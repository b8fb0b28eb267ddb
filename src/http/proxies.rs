//! Where a caller is: the peer of the connection, or what the proxies in front say of it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use actix_web::http::header::{HeaderMap, HeaderName};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The proxies that are believed about a caller's address; from anybody else the header does nothing.
#[derive(Debug, Clone, Default)]
pub struct Proxies(Arc<[IpAddr]>);

impl Proxies {
    /// These and no others.
    #[must_use]
    pub fn trusted(proxies: &[IpAddr]) -> Self {
        Self(proxies.iter().map(IpAddr::to_canonical).collect())
    }

    /// The caller's address, by `X-Forwarded-For` behind a trusted proxy. An IPv6 caller usually has
    /// a whole /64 network to itself, so that is one address here.
    #[must_use]
    pub fn caller(&self, peer: Option<SocketAddr>, headers: &HeaderMap) -> IpAddr {
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
        if !self.has(peer) {
            return network(peer);
        }
        let lines: Vec<_> = headers.get_all(X_FORWARDED_FOR).filter_map(|line| line.to_str().ok()).collect();
        let caller = lines
            .iter()
            .rev()
            .flat_map(|line| line.rsplit(','))
            .map_while(|hop| hop.trim().parse::<IpAddr>().ok())
            .find(|hop| !self.has(*hop));
        network(caller.unwrap_or(peer))
    }

    fn has(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }
}

fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64))),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use actix_web::test::TestRequest;

    use super::Proxies;

    fn address_of(trusted: &[&str], peer: &str, forwarded: &[&str]) -> String {
        let trusted: Vec<IpAddr> = trusted.iter().map(|proxy| proxy.parse().unwrap()).collect();
        let mut request = TestRequest::default();
        for line in forwarded {
            request = request.append_header(("X-Forwarded-For", *line));
        }
        let peer = (peer.parse::<IpAddr>().unwrap(), 4711).into();
        Proxies::trusted(&trusted).caller(Some(peer), request.to_srv_request().headers()).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed_about_the_caller() {
        assert_eq!(address_of(&[], "192.0.2.7", &["198.51.100.1"]), "192.0.2.7");
        assert_eq!(address_of(&["192.0.2.7"], "192.0.2.7", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(address_of(&["192.0.2.7"], "::ffff:192.0.2.7", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(address_of(&["192.0.2.7"], "192.0.2.7", &["203.0.113.9, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(
            address_of(&["192.0.2.7", "192.0.2.8"], "192.0.2.7", &["198.51.100.1", "192.0.2.8"]),
            "198.51.100.1"
        );
        assert_eq!(address_of(&["192.0.2.7"], "192.0.2.7", &["198.51.100.1, junk"]), "192.0.2.7");
    }

    #[test]
    fn an_ipv6_network_is_one_caller() {
        assert_eq!(address_of(&[], "2001:db8:1:2:3:4:5:6", &[]), "2001:db8:1:2::");
        assert_eq!(address_of(&[], "::ffff:192.0.2.1", &[]), "192.0.2.1");
    }
}
