//! What an expectation profile is, on the wire and in its table.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::error::{Error, Result};
use crate::http::page::Filter;
use crate::http::patch::{Change, Patch};
use crate::http::reply::Resource;
use crate::kernel::field::Profession;
use crate::kernel::ids::{ExpectationProfileId, OrganisationId, QualificationId};
use crate::kernel::named::Named;
use crate::kernel::text::{Line, Prose};
use crate::schema::expectation_profiles;

crate::code_lists! {
    /// How an intern does a task.
    Independence "independence" {
        Supervised "supervised" "Onder begeleiding" "Under supervision";
        Independent "independent" "Zelfstandig" "Independently";
    }
}

crate::pages! {
    ExpectationProfilePage of ExpectationProfile;
}

/// A task that an intern can be expected to take on (taak).
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExpectedTask {
    /// What it is called.
    pub name: Line<200>,
    /// The week of the placement from which.
    #[validate(range(min = 1, max = 60))]
    #[schema(minimum = 1, maximum = 60)]
    pub from_week: i16,
    /// Whether somebody stands beside the intern.
    pub independence: Independence,
    /// What belongs to it.
    pub description: Option<Prose<1000>>,
}

/// What a host may expect of an intern (verwachtingsprofiel) in a study year.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExpectationProfile {
    /// Identifies the profile.
    pub id: ExpectationProfileId,
    /// The school or bureau that wrote it.
    pub owner_organisation: Named,
    /// The qualification that the intern is in training for (kwalificatie).
    pub qualification: Named,
    /// The profession that it leads to (beroep).
    pub profession: Profession,
    /// The study year of the intern (leerjaar).
    #[schema(minimum = 1, maximum = 6)]
    pub study_year: i16,
    /// What it comes down to.
    #[schema(max_length = 5000)]
    pub summary: Option<String>,
    /// The tasks, in order.
    #[schema(max_items = 100)]
    pub tasks: Vec<ExpectedTask>,
    /// Counts changes of the profile's own fields.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Resource for ExpectationProfile {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/expectation-profiles/{}", self.id)
    }
}

/// A new profile of your own organisation.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateExpectationProfile {
    /// The qualification that the intern is in training for (kwalificatie), for ever.
    pub qualification_id: QualificationId,
    /// The study year of the intern (leerjaar), for ever.
    #[validate(range(min = 1, max = 6))]
    #[schema(minimum = 1, maximum = 6)]
    pub study_year: i16,
    /// What it comes down to.
    pub summary: Option<Prose<5000>>,
    /// The tasks, in order, each name once.
    #[serde(default)]
    #[validate(length(max = 100), nested)]
    #[schema(max_items = 100)]
    pub tasks: Vec<ExpectedTask>,
}

/// Changes to a profile: what is absent stays, null clears.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchExpectationProfile {
    /// What it comes down to.
    #[serde(default)]
    pub summary: Patch<Prose<5000>>,
    /// The tasks: the whole list, in order, each name once.
    #[serde(default)]
    #[validate(length(max = 100), nested)]
    #[schema(max_items = 100)]
    pub tasks: Change<Vec<ExpectedTask>>,
}

/// Which profiles to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExpectationProfileFilter {
    /// Only written by this school or bureau.
    pub owner_organisation_id: Option<OrganisationId>,
    /// Only for this qualification.
    pub qualification_id: Option<QualificationId>,
    /// Only for this profession.
    #[param(inline)]
    pub profession: Option<Profession>,
    /// Only for this study year.
    #[validate(range(min = 1, max = 6))]
    #[param(minimum = 1, maximum = 6)]
    pub study_year: Option<i16>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for ExpectationProfileFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// The row of a new profile.
#[derive(Debug, Insertable)]
#[diesel(table_name = expectation_profiles, treat_none_as_default_value = false)]
pub(super) struct NewExpectationProfile {
    pub(super) id: ExpectationProfileId,
    pub(super) owner_organisation_id: OrganisationId,
    pub(super) qualification_id: QualificationId,
    pub(super) study_year: i16,
    pub(super) summary: Option<Prose<5000>>,
    pub(super) tasks: Value,
}

/// The columns a change sets; what is absent stays.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = expectation_profiles)]
pub(super) struct ExpectationProfileChanges {
    summary: Option<Option<Prose<5000>>>,
    tasks: Option<Value>,
    version: i32,
}

/// The tasks as their column holds them.
fn stored(tasks: &[ExpectedTask]) -> Result<Value> {
    serde_json::to_value(tasks).map_err(Error::internal)
}

impl CreateExpectationProfile {
    /// The row of this new profile of the organisation.
    pub(super) fn into_row(self, owner_organisation_id: OrganisationId) -> Result<NewExpectationProfile> {
        Ok(NewExpectationProfile {
            id: ExpectationProfileId::new(),
            owner_organisation_id,
            qualification_id: self.qualification_id,
            study_year: self.study_year,
            summary: self.summary,
            tasks: stored(&self.tasks)?,
        })
    }
}

impl PatchExpectationProfile {
    /// The change to version `version`.
    pub(super) fn into_changes(self, version: i32) -> Result<ExpectationProfileChanges> {
        Ok(ExpectationProfileChanges {
            summary: self.summary.into_change(),
            tasks: self.tasks.as_change().map(|tasks| stored(tasks)).transpose()?,
            version: version + 1,
        })
    }
}
