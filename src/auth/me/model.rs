//! One's own identity on the wire.

use serde::Serialize;
use utoipa::ToSchema;

use crate::kernel::ids::{ClientId, MandateId};
use crate::kernel::named::Named;
use crate::kernel::role::Role;
use crate::kernel::text::Line;

/// Whom the token speaks for and what it may do.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    /// The API client.
    pub client_id: ClientId,
    /// Its role.
    pub role: Role,
    /// The organisation it speaks for.
    pub organisation: Named,
    /// The regions it belongs to, or whose bureau it is.
    #[schema(max_items = 200)]
    pub regions: Vec<Named>,
    /// What the token allows.
    #[schema(value_type = Vec<Line<64>>, max_items = 200)]
    pub scopes: Vec<String>,
    /// The mandates (machtigingen) that hold today.
    #[schema(max_items = 10_000)]
    pub mandates: Vec<HeldMandate>,
    /// How much the client may ask.
    pub rate_limit: RateLimit,
}

/// How much a client may ask before it hears 429; its headers tell what is left.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RateLimit {
    /// Requests per second that are sustained; 0 where nothing is counted.
    #[schema(minimum = 0, maximum = 100_000)]
    pub requests_per_second: u32,
    /// Requests that may come at once on top of that.
    #[schema(minimum = 1, maximum = 100_000)]
    pub burst: u32,
}

/// A mandate that the caller holds today.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HeldMandate {
    /// The mandate.
    pub id: MandateId,
    /// The practice that gave it.
    pub practice: Named,
    /// What it covers.
    #[schema(value_type = Vec<Line<64>>, max_items = 7)]
    pub scopes: Vec<String>,
}
