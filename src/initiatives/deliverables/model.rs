//! What a deliverable is, on the wire and in its table.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::http::page::Filter;
use crate::http::patch::{Change, Patch};
use crate::http::reply::Resource;
use crate::kernel::day::Day;
use crate::kernel::formats::WebAddress;
use crate::kernel::ids::{DeliverableId, InitiativeId, RegionId};
use crate::kernel::text::Line;
use crate::schema::deliverables;

crate::code_lists! {
    /// What kind of thing is handed over (soort oplevering).
    DeliverableKind "deliverable-kind" {
        Research "research" "Onderzoek" "Research";
        Concept "concept" "Concept" "Concept";
        Structure "structure" "Structuur" "Structure";
        Process "process" "Werkwijze" "Process";
        Product "product" "Product" "Product";
    }
}

crate::pages! {
    DeliverablePage of Deliverable;
}

/// A deliverable of an initiative (oplevering).
#[derive(Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = deliverables)]
#[serde(rename_all = "camelCase")]
pub struct Deliverable {
    /// Identifies the deliverable.
    pub id: DeliverableId,
    /// The initiative it belongs to.
    pub initiative_id: InitiativeId,
    /// What kind of thing it is (soort).
    pub kind: DeliverableKind,
    /// What is handed over.
    #[schema(max_length = 200)]
    pub title: String,
    /// Day by which it is due (streefdatum).
    pub due_on: Option<NaiveDate>,
    /// Day on which it was handed over (opgeleverd op); null while it is not.
    pub delivered_on: Option<NaiveDate>,
    /// Where it can be read.
    #[schema(max_length = 2000)]
    pub link: Option<String>,
    /// Counts changes of the deliverable's own fields.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Resource for Deliverable {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/initiatives/{}/deliverables/{}", self.initiative_id, self.id)
    }
}

/// A new deliverable.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateDeliverable {
    /// What kind of thing it is (soort).
    pub kind: DeliverableKind,
    /// What is handed over.
    pub title: Line<200>,
    /// Day by which it is due (streefdatum).
    pub due_on: Option<Day>,
    /// Day on which it was handed over (opgeleverd op), never ahead of today.
    pub delivered_on: Option<Day>,
    /// Where it can be read: a web page, https.
    pub link: Option<WebAddress>,
}

/// Changes to a deliverable: what is absent stays, null clears.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchDeliverable {
    /// What kind of thing it is (soort).
    #[serde(default)]
    pub kind: Change<DeliverableKind>,
    /// What is handed over.
    #[serde(default)]
    pub title: Change<Line<200>>,
    /// Day by which it is due (streefdatum).
    #[serde(default)]
    pub due_on: Patch<Day>,
    /// Day on which it was handed over (opgeleverd op), never ahead of today; null takes it back.
    #[serde(default)]
    pub delivered_on: Patch<Day>,
    /// Where it can be read: a web page, https.
    #[serde(default)]
    pub link: Patch<WebAddress>,
}

/// Which deliverables to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeliverableFilter {
    /// Only of this kind.
    #[param(inline)]
    pub kind: Option<DeliverableKind>,
    /// Only those delivered (true) or not delivered (false).
    pub delivered: Option<bool>,
    /// Only those due before this day.
    #[param(inline)]
    pub due_before: Option<Day>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for DeliverableFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// The row of a new deliverable.
#[derive(Debug, Insertable)]
#[diesel(table_name = deliverables, treat_none_as_default_value = false)]
pub(super) struct NewDeliverable {
    pub(super) id: DeliverableId,
    pub(super) initiative_id: InitiativeId,
    pub(super) region_id: RegionId,
    pub(super) kind: DeliverableKind,
    pub(super) title: Line<200>,
    pub(super) due_on: Option<Day>,
    pub(super) delivered_on: Option<Day>,
    pub(super) link: Option<WebAddress>,
}

/// The columns a change sets; what is absent stays.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = deliverables)]
pub(super) struct DeliverableChanges {
    kind: Option<DeliverableKind>,
    title: Option<Line<200>>,
    due_on: Option<Option<Day>>,
    delivered_on: Option<Option<Day>>,
    link: Option<Option<WebAddress>>,
    version: i32,
}

impl CreateDeliverable {
    /// The row of this new deliverable of an initiative in a region.
    pub(super) fn into_row(self, initiative_id: InitiativeId, region_id: RegionId) -> NewDeliverable {
        NewDeliverable {
            id: DeliverableId::new(),
            initiative_id,
            region_id,
            kind: self.kind,
            title: self.title,
            due_on: self.due_on,
            delivered_on: self.delivered_on,
            link: self.link,
        }
    }
}

impl PatchDeliverable {
    /// The change to version `version`.
    pub(super) fn into_changes(self, version: i32) -> DeliverableChanges {
        DeliverableChanges {
            kind: self.kind.into_change(),
            title: self.title.into_change(),
            due_on: self.due_on.into_change(),
            delivered_on: self.delivered_on.into_change(),
            link: self.link.into_change(),
            version: version + 1,
        }
    }
}

/// What rules need to know of a deliverable that is about to change.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = deliverables)]
pub(super) struct Standing {
    pub(super) delivered_on: Option<NaiveDate>,
    pub(super) version: i32,
}
