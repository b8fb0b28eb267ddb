//! What a placement request is, on the wire.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::rules::OVERLAPS;
use crate::auth::permissions::{Permission as _, TransitionPlacementRequests};
use crate::http::bsn::{no_bsn_in, no_bsn_in_patch};
use crate::http::page::Filter;
use crate::http::patch::{Change, Patch};
use crate::http::reply::Resource;
use crate::kernel::day::Day;
use crate::kernel::ids::{OrganisationId, PlacementRequestId, QualificationId, RegionId, StudentId};
use crate::kernel::named::Named;
use crate::kernel::since::Since;
use crate::kernel::text::Line;

crate::code_lists! {
    /// Where a placement request stands.
    PlacementRequestStatus "placement-request-status" {
        Open "open" "Open: op de wachtlijst" "Open: on the waiting list";
        Placed "placed" "Geplaatst" "Placed";
        Withdrawn "withdrawn" "Ingetrokken" "Withdrawn";
        Lapsed "lapsed" "Vervallen" "Lapsed";
    }

    /// Why a request goes before others, as the bureau granted it.
    RequestPriority "request-priority" {
        PlacementEnded "placement-ended" "Stage brak buiten eigen schuld af" "A placement ended through no fault of the student";
        FinalYear "final-year" "Laatste studiejaar" "Final year of study";
        StudyDelay "study-delay" "Studievertraging dreigt" "Threatened with delay";
        NotPlacedBefore "not-placed-before" "Eerder niet geplaatst" "Was not placed before";
        Agreed "agreed" "Afspraak tussen school en bureau" "Agreed between school and bureau";
    }
}

crate::lifecycle! {
    /// How a placement request moves: a school takes it back, the bureau lets it lapse, and so does the
    /// end of its period; the placement that comes of it moves it along.
    REQUEST_LIFECYCLE of PlacementRequestStatus, "placement_request" in "placement_requests",
    scope TransitionPlacementRequests::SCOPE,
    begins [Open] mended by Taker
    ways {
        Open => Withdrawn by [School] because ["own-place" "left-programme" "postponed" "entered-wrongly" "other"];
        Open => Lapsed by [Region];
    }
    follows {
        Open => Placed "the placement";
        Placed => Open "the placement";
        Open => Lapsed "the end of its period" as "period-over";
    }
    refused by {
        "placement_requests_student_id_excl" as OVERLAPS;
    }
}

crate::transition_body! {
    /// The next step of a placement request.
    MovePlacementRequest to PlacementRequestStatus
}

crate::feed_pages! {
    PlacementRequestPage of PlacementRequest;
}

/// A wish (wens): a host, something in words, or both. The first is the dearest.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Wish {
    /// The host (stagebieder) that is wished for.
    pub practice: Option<Named>,
    /// What is wished for, in words.
    #[schema(max_length = 200)]
    pub text: Option<String>,
}

/// A request for a seat for one student in one region (stageaanvraag).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlacementRequest {
    /// Identifies the request.
    pub id: PlacementRequestId,
    /// The school that asks.
    pub school: Named,
    /// The student it is for; the name is another operation's.
    pub student_id: StudentId,
    /// The region that is asked, for ever.
    pub region: Named,
    /// The programme (opleiding) that the student followed when it was asked.
    pub programme: Named,
    /// The qualification that the programme leads to, whose waiting list it is on.
    pub qualification: Named,
    /// First day of the period asked for.
    pub starts_on: NaiveDate,
    /// Last day of the period asked for.
    pub ends_on: NaiveDate,
    /// What the student would like best, in order.
    #[schema(max_items = 10)]
    pub wishes: Vec<Wish>,
    /// Where it stands.
    pub status: PlacementRequestStatus,
    /// The states you may move it to now.
    #[schema(max_items = 4)]
    pub allowed_transitions: Vec<PlacementRequestStatus>,
    /// Why it goes before others (voorrang), granted by the bureau; null without priority.
    pub priority: Option<RequestPriority>,
    /// Since when it waits (wachtend sinds): the moment it was entered, or earlier if the bureau
    /// says so. It keeps this place when it is opened again.
    pub since: DateTime<Utc>,
    /// Why the bureau put it earlier.
    #[schema(max_length = 500)]
    pub since_reason: Option<String>,
    /// Counts changes of the request's own fields.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Resource for PlacementRequest {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/placement-requests/{}", self.id)
    }
}

/// A wish as it is told: a host, something in words, or both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TellWish {
    /// The host (stagebieder) that is wished for: today a member of the region that is asked.
    pub practice_id: Option<OrganisationId>,
    /// What is wished for, in words.
    #[validate(custom(function = "no_bsn_in"))]
    pub text: Option<Line<200>>,
}

/// A seat to ask for.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreatePlacementRequest {
    /// The student it is for, one of your own.
    pub student_id: StudentId,
    /// The region that is asked: one in which the school is a member today.
    pub region_id: RegionId,
    /// First day of the period asked for.
    pub starts_on: Day,
    /// Last day of the period asked for, today at the earliest.
    pub ends_on: Day,
    /// What the student would like best, in order.
    #[serde(default)]
    #[validate(length(max = 10), nested)]
    #[schema(max_items = 10)]
    pub wishes: Vec<TellWish>,
}

/// Changes to an open request by its school: what is absent stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchPlacementRequest {
    /// First day of the period asked for.
    #[serde(default)]
    pub starts_on: Change<Day>,
    /// Last day of the period asked for, today at the earliest.
    #[serde(default)]
    pub ends_on: Change<Day>,
    /// What the student would like best: the whole list, in order.
    #[serde(default)]
    #[validate(length(max = 10), nested)]
    #[schema(max_items = 10)]
    pub wishes: Change<Vec<TellWish>>,
}

/// Changes to the place of a request on the waiting list, by the bureau: what is absent stays,
/// null clears.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RankPlacementRequest {
    /// Why it goes before others (voorrang).
    #[serde(default)]
    pub priority: Patch<RequestPriority>,
    /// Since when it waits: earlier than the moment it was entered, with a reason; null brings
    /// that moment back.
    #[serde(default)]
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub since: Patch<DateTime<Utc>>,
    /// Why it waits longer than its entry shows.
    #[serde(default)]
    #[validate(custom(function = "no_bsn_in_patch"))]
    pub since_reason: Patch<Line<500>>,
}

/// Which requests to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PlacementRequestFilter {
    /// Only to this region.
    pub region_id: Option<RegionId>,
    /// Only of this school.
    pub school_id: Option<OrganisationId>,
    /// Only for this student.
    pub student_id: Option<StudentId>,
    /// Only for this qualification.
    pub qualification_id: Option<QualificationId>,
    /// Only in this state.
    #[param(inline)]
    pub status: Option<PlacementRequestStatus>,
    /// Only what changed since: a moment, or the `nextUpdatedSince` of the answer before.
    #[param(inline)]
    pub updated_since: Option<Since>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for PlacementRequestFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}
