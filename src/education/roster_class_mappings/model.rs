//! A class mapping on the wire and in its table.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::http::page::Filter;
use crate::http::patch::Change;
use crate::http::reply::Resource;
use crate::kernel::formats::SourcedId;
use crate::kernel::ids::{OrganisationId, ProgrammeId, RosterClassMappingId};
use crate::kernel::named::Named;
use crate::schema::roster_class_mappings;

crate::pages! {
    RosterClassMappingPage of RosterClassMapping;
}

/// Which programme a class of the school's own system belongs to (klaskoppeling).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RosterClassMapping {
    /// Identifies the mapping.
    pub id: RosterClassMappingId,
    /// The school.
    pub school: Named,
    /// Key of the class in the school's system (`sourcedId` in `classes.csv`).
    pub class_sourced_id: SourcedId,
    /// The programme that its students follow.
    pub programme: Named,
    /// Counts changes of the mapping's own fields.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Resource for RosterClassMapping {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/roster-class-mappings/{}", self.id)
    }
}

/// A new mapping of a class.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateRosterClassMapping {
    /// Key of the class in the school's system (`sourcedId` in `classes.csv`).
    pub class_sourced_id: SourcedId,
    /// The programme that its students follow, one of your own.
    pub programme_id: ProgrammeId,
}

/// Changes to a mapping.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchRosterClassMapping {
    /// The programme that its students follow, one of your own.
    #[serde(default)]
    pub programme_id: Change<ProgrammeId>,
}

/// Which mappings to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RosterClassMappingFilter {
    /// Only of this programme.
    pub programme_id: Option<ProgrammeId>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for RosterClassMappingFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// The row of a new mapping.
#[derive(Debug, Insertable)]
#[diesel(table_name = roster_class_mappings)]
pub(super) struct NewRosterClassMapping {
    pub(super) id: RosterClassMappingId,
    pub(super) school_id: OrganisationId,
    pub(super) class_sourced_id: SourcedId,
    pub(super) programme_id: ProgrammeId,
}

impl CreateRosterClassMapping {
    /// The row of this new mapping of the school.
    pub(super) fn into_row(self, school_id: OrganisationId) -> NewRosterClassMapping {
        NewRosterClassMapping {
            id: RosterClassMappingId::new(),
            school_id,
            class_sourced_id: self.class_sourced_id,
            programme_id: self.programme_id,
        }
    }
}
