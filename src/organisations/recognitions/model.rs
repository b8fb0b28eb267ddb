//! What a recognition is, on the wire and in its table.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::http::page::Filter;
use crate::http::patch::{Change, Patch};
use crate::http::reply::Resource;
use crate::kernel::day::Day;
use crate::kernel::ids::{OrganisationId, QualificationId, RecognitionId, SiteId};
use crate::kernel::named::Named;
use crate::kernel::text::Line;
use crate::schema::recognitions;

crate::pages! {
    RecognitionPage of Recognition;
}

/// A recognition as training company (erkenning als leerbedrijf) for one qualification.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Recognition {
    /// Identifies the recognition.
    pub id: RecognitionId,
    /// The organisation that is recognised.
    pub organisation_id: OrganisationId,
    /// The site that is recognised (vestiging); null for the whole organisation.
    pub site: Option<Named>,
    /// The qualification it is recognised for (kwalificatie).
    pub qualification: Named,
    /// First day on which it holds.
    pub valid_from: NaiveDate,
    /// Day by which it is due for review (herbeoordeling); it holds until withdrawn.
    pub review_by: Option<NaiveDate>,
    /// Day from which it no longer holds (ingetrokken); null while it stands.
    pub withdrawn_on: Option<NaiveDate>,
    /// Where it was looked up (bron).
    #[schema(max_length = 200)]
    pub source: String,
    /// Day on which it was last looked up.
    pub checked_on: NaiveDate,
    /// Counts changes of the recognition's own fields.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Resource for Recognition {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/organisations/{}/recognitions/{}", self.organisation_id, self.id)
    }
}

/// A recognition as it was found in a register.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateRecognition {
    /// The site that is recognised (vestiging); leave it out for the whole organisation.
    pub site_id: Option<SiteId>,
    /// The qualification it is recognised for (kwalificatie).
    pub qualification_id: QualificationId,
    /// First day on which it holds.
    pub valid_from: Day,
    /// Day by which it is due for review (herbeoordeling).
    pub review_by: Option<Day>,
    /// Day from which it no longer holds (ingetrokken).
    pub withdrawn_on: Option<Day>,
    /// Where it was looked up (bron).
    pub source: Line<200>,
    /// Day on which it was looked up; not in the future.
    pub checked_on: Day,
}

/// Changes to a recognition: what is absent stays, null clears.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchRecognition {
    /// First day on which it holds.
    #[serde(default)]
    pub valid_from: Change<Day>,
    /// Day by which it is due for review (herbeoordeling).
    #[serde(default)]
    pub review_by: Patch<Day>,
    /// Day from which it no longer holds (ingetrokken).
    #[serde(default)]
    pub withdrawn_on: Patch<Day>,
    /// Where it was looked up (bron).
    #[serde(default)]
    pub source: Change<Line<200>>,
    /// Day on which it was looked up; not in the future.
    #[serde(default)]
    pub checked_on: Change<Day>,
}

/// Which recognitions to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RecognitionFilter {
    /// Only those that hold on this day (peildatum).
    #[param(inline)]
    pub as_of: Option<Day>,
    /// Only for this qualification.
    pub qualification_id: Option<QualificationId>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for RecognitionFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// The row of a new recognition.
#[derive(Debug, Insertable)]
#[diesel(table_name = recognitions, treat_none_as_default_value = false)]
pub(super) struct NewRecognition {
    pub(super) id: RecognitionId,
    pub(super) organisation_id: OrganisationId,
    pub(super) site_id: Option<SiteId>,
    pub(super) qualification_id: QualificationId,
    pub(super) valid_from: Day,
    pub(super) review_by: Option<Day>,
    pub(super) withdrawn_on: Option<Day>,
    pub(super) source: Line<200>,
    pub(super) checked_on: Day,
}

/// The columns a change sets; what is absent stays.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = recognitions)]
pub(super) struct RecognitionChanges {
    valid_from: Option<Day>,
    review_by: Option<Option<Day>>,
    withdrawn_on: Option<Option<Day>>,
    source: Option<Line<200>>,
    checked_on: Option<Day>,
    version: i32,
}

/// The dates of a recognition, as rules judge them.
#[derive(Debug, Clone, Copy, Queryable, Selectable)]
#[diesel(table_name = recognitions)]
pub(super) struct Dates {
    pub(super) valid_from: NaiveDate,
    pub(super) review_by: Option<NaiveDate>,
    pub(super) withdrawn_on: Option<NaiveDate>,
    pub(super) checked_on: NaiveDate,
}

impl CreateRecognition {
    /// Its dates.
    pub(super) fn dates(&self) -> Dates {
        Dates {
            valid_from: self.valid_from.into(),
            review_by: self.review_by.map(NaiveDate::from),
            withdrawn_on: self.withdrawn_on.map(NaiveDate::from),
            checked_on: self.checked_on.into(),
        }
    }

    /// The row of this new recognition of the organisation.
    pub(super) fn into_row(self, organisation_id: OrganisationId) -> NewRecognition {
        NewRecognition {
            id: RecognitionId::new(),
            organisation_id,
            site_id: self.site_id,
            qualification_id: self.qualification_id,
            valid_from: self.valid_from,
            review_by: self.review_by,
            withdrawn_on: self.withdrawn_on,
            source: self.source,
            checked_on: self.checked_on,
        }
    }
}

impl PatchRecognition {
    /// The dates as they would become.
    pub(super) fn dates(&self, current: Dates) -> Dates {
        Dates {
            valid_from: self.valid_from.as_change().map_or(current.valid_from, |day| day.date()),
            review_by: self.review_by.as_change().map_or(current.review_by, |day| day.map(|day| day.date())),
            withdrawn_on: self.withdrawn_on.as_change().map_or(current.withdrawn_on, |day| day.map(|day| day.date())),
            checked_on: self.checked_on.as_change().map_or(current.checked_on, |day| day.date()),
        }
    }

    /// The change to version `version`.
    pub(super) fn into_changes(self, version: i32) -> RecognitionChanges {
        RecognitionChanges {
            valid_from: self.valid_from.into_change(),
            review_by: self.review_by.into_change(),
            withdrawn_on: self.withdrawn_on.into_change(),
            source: self.source.into_change(),
            checked_on: self.checked_on.into_change(),
            version: version + 1,
        }
    }
}
