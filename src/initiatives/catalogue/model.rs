//! What the public catalogue shows.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::http::page::Filter;
use crate::initiatives::initiatives::{ContactChannel, InitiativeStatus};
use crate::initiatives::partners::PartnerRole;
use crate::kernel::field::{LearningPath, Profession};
use crate::kernel::ids::{InitiativeId, RegionId};
use crate::kernel::named::Named;
use crate::kernel::text::{Line, Prose};

crate::pages! {
    PublishedInitiativePage of PublishedInitiative;
}

/// A partner as the catalogue names it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PublishedPartner {
    /// The organisation that works along.
    pub organisation: Named,
    /// What it does in the initiative (rol).
    pub role: PartnerRole,
    /// First day of the partnership.
    pub effective_from: NaiveDate,
    /// First day on which it is a partner no more; null while open.
    pub effective_to: Option<NaiveDate>,
}

/// A published initiative (regionaal initiatief), as the fund's web page shows it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PublishedInitiative {
    /// Identifies the initiative.
    pub id: InitiativeId,
    /// Title by which it is known.
    #[schema(max_length = 200)]
    pub title: String,
    /// What it is about, in a few sentences.
    #[schema(max_length = 5000)]
    pub summary: Option<String>,
    /// Region in which it plays.
    pub region: Named,
    /// The organisation that leads it (penvoerder).
    pub lead_organisation: Named,
    /// The organisations that work along (samenwerkingspartners) or did.
    #[schema(max_items = 1000)]
    pub partners: Vec<PublishedPartner>,
    /// Where it stands.
    pub status: InitiativeStatus,
    /// First planned day.
    pub starts_on: Option<NaiveDate>,
    /// Last planned day.
    pub ends_on: Option<NaiveDate>,
    /// Goals (doelen), in order.
    #[schema(value_type = Vec<Prose<1000>>, max_items = 50)]
    pub goals: Vec<String>,
    /// How the goals are reached (hoe), in order.
    #[schema(value_type = Vec<Prose<1000>>, max_items = 50)]
    pub activities: Vec<String>,
    /// What it brings the practices (voordelen), in order.
    #[schema(value_type = Vec<Prose<1000>>, max_items = 50)]
    pub benefits: Vec<String>,
    /// Professions it is for.
    #[schema(max_items = 4)]
    pub professions: Vec<Profession>,
    /// Learning paths (leerwegen) it is for.
    #[schema(max_items = 6)]
    pub learning_paths: Vec<LearningPath>,
    /// How to get in touch.
    pub contact_channel: ContactChannel,
}

/// Which published initiatives to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CatalogueFilter {
    /// Only of this region.
    pub region_id: Option<RegionId>,
    /// Only for this profession.
    #[param(inline)]
    pub profession: Option<Profession>,
    /// Only with this text in the title, in capitals or not.
    #[param(inline)]
    pub q: Option<Line<100>>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for CatalogueFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}
