//! What an API client is, on the wire and in its tables.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::rules;
use crate::http::page::Filter;
use crate::http::patch::{Change, Patch};
use crate::http::reply::Resource;
use crate::kernel::ids::{ClientId, OrganisationId};
use crate::kernel::named::Named;
use crate::kernel::role::Role;
use crate::kernel::text::Line;
use crate::schema::{client_secrets, clients};

crate::code_lists! {
    /// Whether an API client still works.
    ApiClientStatus "api-client-status" {
        Active "active" "Actief" "Active";
        Revoked "revoked" "Ingetrokken" "Revoked, for ever";
    }
}

crate::pages! {
    ApiClientPage of ApiClient;
}

/// A secret of a client, as far as it can be shown: never the secret itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiClientSecret {
    /// When it was issued.
    pub created_at: DateTime<Utc>,
    /// From when it no longer works; null while it has no end.
    pub expires_at: Option<DateTime<Utc>>,
}

/// An API client (API-client): software that speaks for one organisation in one role.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiClient {
    /// Identifies the client; its `client_id` at sign-in.
    pub id: ClientId,
    /// The organisation it speaks for.
    pub organisation: Named,
    /// Its one role, for ever.
    pub role: Role,
    /// Name by which its organisation knows it.
    #[schema(max_length = 200)]
    pub name: String,
    /// Scopes it was granted; a token gets no others.
    #[schema(value_type = Vec<Line<64>>, max_items = 200)]
    pub scopes: Vec<String>,
    /// Whom the organisation means by this client (kenmerk van de persoon): approvals need two
    /// different persons. A reference of the organisation's own, never a name.
    #[schema(max_length = 200)]
    pub person_ref: Option<String>,
    /// Whether it still works.
    pub status: ApiClientStatus,
    /// The states you may move it to now.
    #[schema(max_items = 2)]
    pub allowed_transitions: Vec<ApiClientStatus>,
    /// Its valid secrets, oldest first; two while one takes over from the other.
    #[schema(max_items = 2)]
    pub secrets: Vec<ApiClientSecret>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Counts changes of the client's own fields.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Resource for ApiClient {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/api-clients/{}", self.id)
    }
}

/// A client together with a new secret, which is shown this once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiClientWithSecret {
    /// The client.
    #[serde(flatten)]
    pub client: ApiClient,
    /// The new secret (clientgeheim): keep it now, nobody can show it again.
    #[schema(min_length = 43, max_length = 43)]
    pub client_secret: String,
}

impl std::fmt::Debug for ApiClientWithSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApiClientWithSecret").field("client", &self.client.id).finish_non_exhaustive()
    }
}

impl Resource for ApiClientWithSecret {
    fn version(&self) -> i32 {
        self.client.version()
    }
    fn location(&self) -> String {
        self.client.location()
    }
}

/// A new API client; it gets one secret.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateApiClient {
    /// The organisation it speaks for, for ever.
    pub organisation_id: OrganisationId,
    /// Its one role, for ever.
    pub role: Role,
    /// Name by which its organisation knows it.
    pub name: Line<200>,
    /// Scopes it may get, each once; all that the role can hold when absent.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_items = 1, max_items = 200)]
    pub scopes: Option<Vec<Line<64>>>,
    /// Whom the organisation means by this client; a reference of its own, never a name.
    pub person_ref: Option<Line<200>>,
}

/// Changes to an API client: what is absent stays, null clears.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchApiClient {
    /// Name by which its organisation knows it.
    #[serde(default)]
    pub name: Change<Line<200>>,
    /// Scopes it may get: the whole list, each once. Only the platform adds scopes.
    #[serde(default)]
    #[validate(length(min = 1, max = 200))]
    #[schema(min_items = 1, max_items = 200)]
    pub scopes: Change<Vec<Line<64>>>,
    /// Whom the organisation means by this client; a reference of its own, never a name.
    #[serde(default)]
    pub person_ref: Patch<Line<200>>,
}

/// How a new secret takes over.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RotateApiClientSecret {
    /// Hours that the secret before it still works; 24 when absent. With 0 every earlier secret
    /// stops at once.
    #[validate(range(min = 0, max = 168))]
    #[schema(minimum = 0, maximum = 168, default = 24)]
    pub overlap_hours: Option<u16>,
}

/// The next step of an API client.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MoveApiClient {
    /// The state wanted; only `revoked` can be reached.
    pub to: ApiClientStatus,
}

/// Which API clients to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ApiClientFilter {
    /// Only of this organisation.
    pub organisation_id: Option<OrganisationId>,
    /// Only in this role.
    #[param(inline)]
    pub role: Option<Role>,
    /// Only in this state.
    #[param(inline)]
    pub status: Option<ApiClientStatus>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for ApiClientFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// The row of a new client.
#[derive(Debug, Insertable)]
#[diesel(table_name = clients, treat_none_as_default_value = false)]
pub struct NewApiClient {
    /// Identifies it.
    pub id: ClientId,
    /// The organisation it speaks for.
    pub organisation_id: OrganisationId,
    /// Its one role.
    pub role: Role,
    /// Name by which its organisation knows it.
    pub name: Line<200>,
    /// Scopes it may get.
    pub scopes: Vec<String>,
    /// Whom the organisation means by it.
    pub person_ref: Option<Line<200>>,
}

/// The columns a change sets; what is absent stays.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = clients)]
pub(super) struct ApiClientChanges {
    pub(super) name: Option<Line<200>>,
    pub(super) scopes: Option<Vec<String>>,
    pub(super) person_ref: Option<Option<Line<200>>>,
    pub(super) version: i32,
}

/// What rules need to know of a client that is about to change.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = clients)]
pub(super) struct Standing {
    pub(super) id: ClientId,
    pub(super) organisation_id: OrganisationId,
    pub(super) role: Role,
    pub(super) scopes: Vec<String>,
    pub(super) revoked_at: Option<DateTime<Utc>>,
    pub(super) version: i32,
}

/// A secret that was not revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = client_secrets)]
pub(super) struct StandingSecret {
    pub(super) id: Uuid,
    pub(super) slot: i16,
    pub(super) expires_at: Option<DateTime<Utc>>,
}

impl CreateApiClient {
    /// The row of this new client; without scopes it gets all that its role can hold.
    pub(super) fn into_row(self) -> NewApiClient {
        NewApiClient {
            id: ClientId::new(),
            organisation_id: self.organisation_id,
            role: self.role,
            name: self.name,
            scopes: match self.scopes {
                Some(scopes) => scopes.into_iter().map(String::from).collect(),
                None => rules::ceiling(self.role),
            },
            person_ref: self.person_ref,
        }
    }
}

impl PatchApiClient {
    /// The change to version `version`.
    pub(super) fn into_changes(self, version: i32) -> ApiClientChanges {
        ApiClientChanges {
            name: self.name.into_change(),
            scopes: self.scopes.into_change().map(|scopes| scopes.into_iter().map(String::from).collect()),
            person_ref: self.person_ref.into_change(),
            version: version + 1,
        }
    }
}
