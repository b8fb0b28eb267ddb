//! What stands on a waiting list, on the wire.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

use crate::error::Rule;
use crate::http::page::Filter;
use crate::kernel::day::Day;
use crate::kernel::field::LearningPath;
use crate::kernel::ids::{OrganisationId, PlacementRequestId, QualificationId, StudentId};
use crate::kernel::named::Named;
use crate::placements::requests::RequestPriority;

crate::pages! {
    WaitingList of Waiting;
}

/// 400: an area is the first two digits of postcodes.
pub(super) const NOT_AN_AREA: Rule = Rule {
    code: "malformed",
    nl: "De eerste twee cijfers van een postcode, zoals 50.",
    en: "The first two digits of a postcode, such as 50.",
};

/// A student who waits for a seat: an open request and its place on the waiting list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Waiting {
    /// Its place on the list of the qualification in the region, from 1: first those with
    /// priority, then those who wait longest.
    #[schema(minimum = 1)]
    pub position: i64,
    /// Why it goes before others (voorrang); null without priority.
    pub priority: Option<RequestPriority>,
    /// Since when it waits (wachtend sinds).
    pub since: DateTime<Utc>,
    /// The request.
    pub request_id: PlacementRequestId,
    /// The qualification whose list it is.
    pub qualification: Named,
    /// The school that asks.
    pub school: Named,
    /// The student; the name is another operation's.
    pub student_id: StudentId,
    /// Whether the student is still on the school's roster.
    pub student_active: bool,
    /// Year of study (leerjaar).
    #[schema(minimum = 1, maximum = 6)]
    pub study_year: Option<i16>,
    /// The learning path (leerweg) that the student follows now.
    pub learning_path: Option<LearningPath>,
    /// First two digits of the postcode of where the student lives.
    #[schema(max_length = 2)]
    pub postcode_area: Option<String>,
    /// First day of the period asked for.
    pub starts_on: NaiveDate,
    /// Last day of the period asked for.
    pub ends_on: NaiveDate,
}

/// Whom of those who wait to list; their places stay what they are on the whole list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WaitingListFilter {
    /// Only for this qualification.
    pub qualification_id: Option<QualificationId>,
    /// Only of this school.
    pub school_id: Option<OrganisationId>,
    /// Only who asks for a period that ends on this day or later.
    #[param(inline)]
    pub period_from: Option<Day>,
    /// Only who asks for a period that starts on this day or earlier.
    #[param(inline)]
    pub period_until: Option<Day>,
    /// Only who lives in this postcode area: the first two digits.
    #[validate(custom(function = "is_area"))]
    #[param(min_length = 2, max_length = 2, pattern = "^[1-9][0-9]$", example = "50")]
    pub postcode_area: Option<String>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

fn is_area(text: &str) -> Result<(), ValidationError> {
    let right = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    if right { Ok(()) } else { Err(NOT_AN_AREA.violation()) }
}

impl Filter for WaitingListFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// Which page of those who fit an offer to show.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CandidateFilter {
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for CandidateFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

impl WaitingListFilter {
    /// The whole list of a qualification.
    pub(super) const fn of(qualification: QualificationId) -> Self {
        Self {
            qualification_id: Some(qualification),
            school_id: None,
            period_from: None,
            period_until: None,
            postcode_area: None,
            limit: None,
            cursor: None,
        }
    }
}

/// The place of a request in the order of all lists: qualification, without priority, since, id.
pub(super) type Place = (QualificationId, bool, DateTime<Utc>, PlacementRequestId);

impl Waiting {
    /// Where it stands.
    pub(super) fn place(&self) -> Place {
        (QualificationId(self.qualification.id), self.priority.is_none(), self.since, self.request_id)
    }
}
