//! What a signal is, on the wire and in its table.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::rules::FOLLOWED_ALREADY;
use crate::auth::permissions::{Permission as _, TransitionSignals};
use crate::http::bsn::no_bsn_in;
use crate::http::page::Filter;
use crate::http::reply::Resource;
use crate::kernel::day::Day;
use crate::kernel::ids::{OrganisationId, PlacementId, PlacementRequestId, RegionId, SignalId};
use crate::kernel::named::Named;
use crate::kernel::text::Prose;
use crate::schema::signals;

crate::code_lists! {
    /// Where a signal stands.
    SignalStatus "signal-status" {
        Raised "raised" "Afgegeven" "Raised";
        Acknowledged "acknowledged" "Gezien" "Acknowledged";
        InAction "in-action" "In behandeling" "In action";
        Resolved "resolved" "Opgelost" "Resolved";
        Escalated "escalated" "Opgeschaald" "Escalated";
        Dropout "dropout" "Leidde tot uitval" "Led to dropout";
    }

    /// What a signal is about.
    SignalKind "signal-kind" {
        Attendance "attendance" "Aanwezigheid" "Attendance";
        WellbeingAtWork "wellbeing-at-work" "Welbevinden op de werkplek" "Wellbeing at work";
        Conflict "conflict" "Conflict" "Conflict";
        HostCapacity "host-capacity" "Ruimte bij de stagebieder" "Capacity of the host";
        StudentLeftRoster "student-left-roster" "Student staat niet meer op de studentenlijst" "The student is no longer on the roster";
        LearningPathSwitched "learning-path-switched" "Student wisselde van leerweg: nieuwe overeenkomst nodig" "The student switched the learning path: a new agreement is needed";
        Paperwork "paperwork" "Papieren" "Paperwork";
        Other "other" "Anders" "Other";
    }
}

crate::lifecycle! {
    /// How a signal moves: whoever sees to it says so, until it is settled.
    SIGNAL_LIFECYCLE of SignalStatus, "signal" in "signals",
    scope TransitionSignals::SCOPE,
    begins [Raised] mended by Taker
    ways {
        Raised => Acknowledged by [School Region];
        Acknowledged => InAction by [School Region];
        Acknowledged => Resolved by [School Region];
        InAction => Resolved by [School Region];
        InAction => Escalated by [School Region];
        InAction => Dropout by [School Region];
        Escalated => InAction by [School Region];
        Escalated => Resolved by [School Region];
        Escalated => Dropout by [School Region];
    }
    refused by {
        "signals_placement_id_left_key" as FOLLOWED_ALREADY;
        "signals_request_id_left_key" as FOLLOWED_ALREADY;
        "signals_placement_id_switched_key" as FOLLOWED_ALREADY;
    }
}

crate::transition_body! {
    /// The next step of a signal.
    MoveSignal to SignalStatus
}

crate::pages! {
    SignalPage of Signal;
}

/// Something is the matter with a placement, or with a request that is open (signaal).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Signal {
    /// Identifies the signal.
    pub id: SignalId,
    /// The placement that it is about; null for a request.
    pub placement_id: Option<PlacementId>,
    /// The request (aanvraag) that it is about; null for a placement.
    pub request_id: Option<PlacementRequestId>,
    /// The region of the placement or request.
    pub region: Named,
    /// The school of the student.
    pub school: Named,
    /// What it is about.
    pub kind: SignalKind,
    /// What is the matter, without names and without anything about health.
    #[schema(max_length = 2000)]
    pub description: Option<String>,
    /// The day on which it was raised (afgegeven op).
    pub raised_on: NaiveDate,
    /// The organisation that raised it; of a student that left the roster or switched, the school.
    pub raised_by: Named,
    /// Whether the host sees it.
    pub shown_to_practice: bool,
    /// Where it stands.
    pub status: SignalStatus,
    /// The states you may move it to now.
    #[schema(max_items = 6)]
    pub allowed_transitions: Vec<SignalStatus>,
    /// Counts changes of the signal's own fields.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Resource for Signal {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/signals/{}", self.id)
    }
}

/// A signal to raise.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RaiseSignal {
    /// What it is about; that a student left or switched the learning path is said by the roster and by the
    /// student's learning path only.
    pub kind: SignalKind,
    /// What is the matter, without names and without anything about health.
    #[validate(custom(function = "no_bsn_in"))]
    pub description: Option<Prose<2000>>,
    /// The day on which it was raised, never ahead of today; today when absent.
    pub raised_on: Option<Day>,
    /// Whether the host sees it. What a host raises it always sees; a request has no host yet.
    #[serde(default)]
    pub shown_to_practice: bool,
}

/// Which signals to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SignalFilter {
    /// Only of this region.
    pub region_id: Option<RegionId>,
    /// Only of this school.
    pub school_id: Option<OrganisationId>,
    /// Only about placements at this host.
    pub practice_id: Option<OrganisationId>,
    /// Only about this placement.
    pub placement_id: Option<PlacementId>,
    /// Only about this request.
    pub request_id: Option<PlacementRequestId>,
    /// Only of this kind.
    #[param(inline)]
    pub kind: Option<SignalKind>,
    /// Only in this state.
    #[param(inline)]
    pub status: Option<SignalStatus>,
    /// Only those that are settled (true) or not (false).
    pub settled: Option<bool>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for SignalFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// Which signals of one placement or request to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SubjectSignalFilter {
    /// Only in this state.
    #[param(inline)]
    pub status: Option<SignalStatus>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl SubjectSignalFilter {
    /// The same among all signals.
    pub(super) fn of(&self, placement: Option<PlacementId>, request: Option<PlacementRequestId>) -> SignalFilter {
        SignalFilter {
            region_id: None,
            school_id: None,
            practice_id: None,
            placement_id: placement,
            request_id: request,
            kind: None,
            status: self.status,
            settled: None,
            limit: self.limit,
            cursor: self.cursor.clone(),
        }
    }
}

impl Filter for SubjectSignalFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// The row of a new signal.
#[derive(Debug, Insertable)]
#[diesel(table_name = signals, treat_none_as_default_value = false)]
pub(super) struct NewSignal {
    pub(super) id: SignalId,
    pub(super) placement_id: Option<PlacementId>,
    pub(super) request_id: Option<PlacementRequestId>,
    pub(super) region_id: RegionId,
    pub(super) school_id: OrganisationId,
    pub(super) practice_id: Option<OrganisationId>,
    pub(super) kind: SignalKind,
    pub(super) description: Option<Prose<2000>>,
    pub(super) raised_on: NaiveDate,
    pub(super) shown_to_practice: bool,
}
