//! What a task is, on the wire.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::http::page::Filter;
use crate::kernel::day::Day;
use crate::kernel::ids::{OrganisationId, PlacementId, RegionId};
use crate::kernel::named::Named;
use crate::placements::evaluations::EvaluationMoment;
use crate::placements::outcomes::OutcomeMoment;
use crate::placements::placements::PlacementStatus;
use crate::placements::readiness::NeedCode;
use crate::regions::readiness_rules::Severity;

crate::code_lists! {
    /// What has to be done for a placement (soort taak), in the order of its life.
    TaskKind "task-kind" {
        Reserve "reserve" "Plaats reserveren" "Reserve the seat";
        Introduce "introduce" "Student voordragen" "Introduce the student";
        Confirm "confirm" "Bevestigen of afwijzen" "Confirm or decline";
        MakeAgreement "make-agreement" "Overeenkomst (POK) opstellen" "Make the agreement (POK)";
        BeginSigning "begin-signing" "Overeenkomst laten tekenen" "Have the agreement signed";
        SignAgreement "sign-agreement" "Overeenkomst ondertekenen" "Sign the agreement";
        NameMentor "name-mentor" "Praktijkbegeleider aanwijzen" "Name the mentor";
        MeetNeed "meet-need" "Aan een startvoorwaarde voldoen" "Meet what is needed before the start";
        SetReady "set-ready" "Gereed melden" "Say that it is ready to start";
        Start "start" "Stage laten beginnen" "Start the internship";
        SeeToRecognition "see-to-recognition" "Ingetrokken erkenning opvolgen" "See to a recognition that was withdrawn";
        HoldThreeWayTalk "hold-three-way-talk" "Driegesprek houden" "Hold a three-way talk";
        Evaluate "evaluate" "Beoordelen" "Evaluate";
        Resume "resume" "Onderbroken stage hervatten of beëindigen" "Resume or end what is interrupted";
        Finish "finish" "Stage afronden" "Finish the internship";
        RecordOutcome "record-outcome" "Uitkomst vastleggen" "Record the outcome";
        FillFreeSeat "fill-free-seat" "Vrijgekomen plaats vullen" "Fill the seat that came free";
    }

    /// Whose task it is (wie aan zet is).
    TaskAssignee "task-assignee" {
        Practice "practice" "Stagebieder" "The host";
        School "school" "School" "The school";
        Region "region" "Stagebureau" "The bureau of the region";
        Student "student" "Student" "The student";
    }
}

/// A page of tasks.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TaskPage {
    /// The tasks, in the order of their placements; with filters there may be fewer than asked for.
    #[schema(max_items = 200)]
    pub items: Vec<Task>,
    /// Send it as `cursor` for the next page; null on the last one only.
    #[schema(max_length = 4000)]
    pub next_cursor: Option<String>,
}

/// Something that still has to be done for a placement (taak): by whom and by when. It is gone when it is
/// done.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    /// The placement.
    pub placement_id: PlacementId,
    /// What has to be done (soort).
    pub kind: TaskKind,
    /// Who does it (aan zet). What a student has to do, the school records, or the student by a mailed
    /// link.
    pub assignee: TaskAssignee,
    /// Last day to do it (uiterlijk op).
    pub due_on: NaiveDate,
    /// Whether that day has passed (te laat).
    pub overdue: bool,
    /// Path to which it is sent when it is done: a step of the placement, a part of it, or, of a free
    /// seat, who is next.
    #[schema(max_length = 200)]
    pub href: String,
    /// Of `meet-need`: what is needed (startvoorwaarde).
    pub need: Option<NeedCode>,
    /// Of `meet-need`: what follows when it is not there.
    pub severity: Option<Severity>,
    /// Of `hold-three-way-talk`: which of the talks of the placement it is, from 1.
    #[schema(minimum = 1, maximum = 200)]
    pub talk_number: Option<i16>,
    /// Of `hold-three-way-talk`: whether it has to be at the host (op locatie), since none was yet.
    pub on_site: Option<bool>,
    /// Of `evaluate`: which evaluation (beoordelingsmoment).
    pub evaluation_moment: Option<EvaluationMoment>,
    /// Of `record-outcome`: which outcome (meetmoment).
    pub outcome_moment: Option<OutcomeMoment>,
    /// State of the placement.
    pub placement_status: PlacementStatus,
    /// Region of the placement.
    pub region: Named,
    /// School of the student.
    pub school: Named,
    /// Host of the placement.
    pub practice: Named,
}

/// What still has to be done for one placement (taken).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlacementTasks {
    /// The tasks, in the order of the life of a placement.
    #[schema(max_items = 200)]
    pub items: Vec<Task>,
}

/// Which tasks to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TaskFilter {
    /// Only of placements in this region.
    pub region_id: Option<RegionId>,
    /// Only of students of this school.
    pub school_id: Option<OrganisationId>,
    /// Only at this host.
    pub practice_id: Option<OrganisationId>,
    /// Only whose task it is.
    #[param(inline)]
    pub assignee: Option<TaskAssignee>,
    /// Only of this kind.
    #[param(inline)]
    pub kind: Option<TaskKind>,
    /// Only what is due before this day.
    #[param(inline)]
    pub due_before: Option<Day>,
    /// Only what is too late (true) or not (false).
    pub overdue: Option<bool>,
    /// Tasks on a page, at most.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for TaskFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}
