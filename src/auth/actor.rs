//! The caller of a request, as the token and the request tell it.

use std::collections::BTreeSet;
use std::sync::Arc;

use uuid::Uuid;

use crate::kernel::ids::{ClientId, LinkId, OrganisationId, RegionId};
use crate::kernel::role::Role;

/// How a caller came in; the database's policies know each by its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorKind {
    /// An API client with a token.
    Client,
    /// Nobody in particular: the public catalogue.
    Public,
    /// The holder of a mailed single-use link.
    Link,
}

impl ActorKind {
    /// The value of the setting `app.actor_kind`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Public => "public",
            Self::Link => "link",
        }
    }
}

/// Which tenant column narrows a query, for speed only: the row policies decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// One region: rows carry its `region_id`.
    Region(RegionId),
    /// One school.
    School(OrganisationId),
    /// One practice.
    Practice(OrganisationId),
    /// One fund.
    Funder(OrganisationId),
    /// Nothing to narrow by.
    All,
}

/// Who calls, and for which request; made by the authentication middleware and the guard of links only.
#[derive(Debug, Clone)]
pub struct Actor {
    /// How the caller came in.
    pub kind: ActorKind,
    /// The API client, if any.
    pub client: Option<ClientId>,
    /// The link the caller came by, once it was found to be good.
    pub link: Option<LinkId>,
    /// The organisation the client speaks for, or the one that had the link made.
    pub organisation: Option<OrganisationId>,
    /// The client's one role.
    pub role: Option<Role>,
    /// Scopes the token holds.
    pub scopes: Arc<BTreeSet<String>>,
    /// Regions named in the token; the current ones are read from the tables by the door.
    pub regions: Arc<[RegionId]>,
    /// The person behind the client, where known (four eyes).
    pub person: Option<Arc<str>>,
    /// The request this actor acts in.
    pub request_id: Uuid,
}

impl Actor {
    /// A caller without a token.
    #[must_use]
    pub fn public(request_id: Uuid) -> Self {
        Self {
            kind: ActorKind::Public,
            client: None,
            link: None,
            organisation: None,
            role: None,
            scopes: Arc::default(),
            regions: Arc::default(),
            person: None,
            request_id,
        }
    }

    /// Whether a placement bureau calls, of whatever regions.
    #[must_use]
    pub fn is_bureau(&self) -> bool {
        self.role == Some(Role::Region)
    }

    /// Whether a bureau of several regions calls, whose queries [`Self::scope`] does not narrow.
    #[must_use]
    pub fn is_bureau_of_several(&self) -> bool {
        self.is_bureau() && self.regions.len() > 1
    }

    /// The tenant column and id that narrow this caller's queries.
    #[must_use]
    pub fn scope(&self) -> Scope {
        match (self.role, self.organisation, &*self.regions) {
            (Some(Role::Region), _, [region]) => Scope::Region(*region),
            (Some(Role::School), Some(own), _) => Scope::School(own),
            (Some(Role::Practice), Some(own), _) => Scope::Practice(own),
            (Some(Role::Funder), Some(own), _) => Scope::Funder(own),
            _ => Scope::All,
        }
    }
}
