//! What a copy needs to be told.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::initiatives::initiatives::Draft;
use crate::kernel::ids::{OrganisationId, RegionId};
use crate::kernel::text::Line;

/// Where and by whom the copy is to be run.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CopyInitiative {
    /// Region in which the copy will play.
    pub region_id: RegionId,
    /// The organisation that will lead it (penvoerder).
    pub lead_organisation_id: OrganisationId,
    /// Short name, unique in that region.
    pub code: Line<64>,
    /// Title; that of the source when absent.
    pub title: Option<Line<200>>,
}

impl From<CopyInitiative> for Draft {
    fn from(copy: CopyInitiative) -> Self {
        Self {
            region_id: copy.region_id,
            lead_organisation_id: copy.lead_organisation_id,
            code: copy.code,
            title: copy.title,
        }
    }
}
