//! What an outcome is, on the wire and in its table.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::http::page::Filter;
use crate::http::patch::Change;
use crate::http::reply::Resource;
use crate::kernel::day::Day;
use crate::kernel::ids::{OrganisationId, OutcomeId, PlacementId, RegionId};
use crate::kernel::named::Named;
use crate::placements::placements::PartKey;
use crate::schema::outcomes;

crate::code_lists! {
    /// When is asked what became of an intern (meetmoment).
    OutcomeMoment "outcome-moment" {
        AtEnd "at-end" "Bij het einde van de plaatsing" "At the end of the placement";
        AfterAYear "after-a-year" "Een jaar na het einde" "A year after the end";
    }

    /// What became of an intern (uitkomst).
    OutcomeKind "outcome-kind" {
        HiredByHost "hired-by-host" "In dienst bij de stagebieder" "Hired by the host";
        HiredInRegion "hired-in-region" "In dienst elders in de regio" "Hired elsewhere in the region";
        HiredElsewhere "hired-elsewhere" "In dienst buiten de regio" "Hired outside the region";
        FurtherStudy "further-study" "Studeert verder" "Studies on";
        Unknown "unknown" "Onbekend" "Unknown";
    }
}

crate::fact_pages! {
    OutcomePage of Outcome;
}

/// What became of an intern after the placement (uitkomst).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// Identifies the outcome, through all its corrections.
    pub id: OutcomeId,
    /// The placement.
    pub placement_id: PlacementId,
    /// When was asked (meetmoment).
    pub moment: OutcomeMoment,
    /// What became of the intern.
    pub kind: OutcomeKind,
    /// The day on which it was so (peildatum).
    pub known_on: NaiveDate,
    /// The organisation that recorded this version.
    pub recorded_by: Named,
    /// Counts the corrections, from 1.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When this version was recorded.
    pub recorded_at: DateTime<Utc>,
    /// When a correction took its place; null while it stands.
    pub superseded_at: Option<DateTime<Utc>>,
}

impl Resource for Outcome {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/placements/{}/outcomes/{}", self.placement_id, self.id)
    }
}

/// An outcome to record.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecordOutcome {
    /// When was asked (meetmoment).
    pub moment: OutcomeMoment,
    /// What became of the intern.
    pub kind: OutcomeKind,
    /// The day on which it was so (peildatum), never ahead of today; after a year or more for `after-a-year`.
    pub known_on: Day,
}

/// A correction of an outcome: what is absent stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CorrectOutcome {
    /// What became of the intern.
    #[serde(default)]
    pub kind: Change<OutcomeKind>,
    /// The day on which it was so (peildatum), never ahead of today; after a year or more for `after-a-year`.
    #[serde(default)]
    pub known_on: Change<Day>,
    /// True when it never was: it is gone, and other properties are not looked at.
    #[serde(default)]
    pub withdrawn: bool,
}

/// Which outcomes to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OutcomeFilter {
    /// Only of this moment.
    #[param(inline)]
    pub moment: Option<OutcomeMoment>,
    /// As they were recorded at this moment; as they are recorded now when absent.
    #[param(example = "2019-03-31T12:00:00Z")]
    pub known_at: Option<DateTime<Utc>>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for OutcomeFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// One version of an outcome, as it is recorded.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = outcomes)]
pub(super) struct Version {
    pub(super) row_id: Uuid,
    pub(super) id: OutcomeId,
    pub(super) version: i32,
    pub(super) placement_id: PlacementId,
    pub(super) region_id: RegionId,
    pub(super) school_id: OrganisationId,
    pub(super) practice_id: OrganisationId,
    pub(super) moment: OutcomeMoment,
    pub(super) kind: OutcomeKind,
    pub(super) known_on: Day,
}

impl RecordOutcome {
    /// The first version of this outcome of a placement.
    pub(super) fn into_row(self, key: PartKey) -> Version {
        Version {
            row_id: Uuid::now_v7(),
            id: OutcomeId::new(),
            version: 1,
            placement_id: key.placement_id,
            region_id: key.region_id,
            school_id: key.school_id,
            practice_id: key.practice_id,
            moment: self.moment,
            kind: self.kind,
            known_on: self.known_on,
        }
    }
}

impl Version {
    /// The version that takes the place of this one.
    pub(super) fn corrected(&self, patch: CorrectOutcome) -> Self {
        let mut next = self.clone();
        next.row_id = Uuid::now_v7();
        next.version += 1;
        patch.kind.apply_to(&mut next.kind);
        patch.known_on.apply_to(&mut next.known_on);
        next
    }
}
