//! An event of the trail on the wire.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::http::page::Filter;
use crate::kernel::ids::{ClientId, MandateId, OrganisationId};
use crate::kernel::text::Line;
use crate::schema::audit_events;

crate::pages! {
    AuditEventPage of AuditEvent;
}

/// Who did what, in whose name and when (logregel). Ids and codes, never names.
#[derive(Debug, Serialize, ToSchema, Queryable, Selectable)]
#[serde(rename_all = "camelCase")]
#[diesel(table_name = audit_events)]
pub struct AuditEvent {
    /// Identifies the event.
    #[schema(value_type = crate::kernel::ids::ClientId)]
    pub id: Uuid,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// The client that acted.
    pub client_id: Option<ClientId>,
    /// Its organisation.
    pub organisation_id: Option<OrganisationId>,
    /// Its role.
    #[schema(max_length = 64)]
    pub role: Option<String>,
    /// The practice in whose name it was done (namens).
    pub on_behalf_of: Option<OrganisationId>,
    /// The mandate that allows it (machtiging).
    pub mandate_id: Option<MandateId>,
    /// What was done.
    #[schema(max_length = 64)]
    pub action: String,
    /// To what kind of resource.
    #[schema(max_length = 64)]
    pub resource_type: String,
    /// To which.
    #[schema(value_type = Option<crate::kernel::ids::ClientId>)]
    pub resource_id: Option<Uuid>,
    /// The request, as in `X-Request-Id`.
    #[schema(max_length = 200)]
    pub request_id: Option<String>,
    /// Ids, codes and counts that explain it.
    #[schema(value_type = Object)]
    pub detail: Value,
}

/// Which events to list, newest first.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditEventFilter {
    /// Only about this kind of resource, for example `initiative`.
    #[param(max_length = 64)]
    pub resource_type: Option<Line<64>>,
    /// Only about this resource.
    pub resource_id: Option<Uuid>,
    /// Only from this moment on.
    pub from: Option<DateTime<Utc>>,
    /// Only before this moment.
    pub to: Option<DateTime<Utc>>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for AuditEventFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}
