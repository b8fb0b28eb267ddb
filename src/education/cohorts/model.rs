//! What a cohort is, on the wire and in its table.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::http::page::Filter;
use crate::http::patch::Patch;
use crate::http::reply::Resource;
use crate::kernel::day::Day;
use crate::kernel::formats::SchoolYear;
use crate::kernel::ids::{CohortId, OrganisationId, ProgrammeId};
use crate::kernel::named::Named;
use crate::schema::cohorts;

crate::code_lists! {
    /// How a cohort goes through its programme.
    CohortForm "cohort-form" {
        Regular "regular" "Regulier" "Regular";
        Shortened "shortened" "Verkort" "Shortened";
        Flexible "flexible" "Flexibel, met eigen tempo" "Flexible, at one's own pace";
    }
}

crate::pages! {
    CohortPage of Cohort;
}

/// A cohort (lichting): the students who start a programme in a school year.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Cohort {
    /// Identifies the cohort.
    pub id: CohortId,
    /// The school that teaches it.
    pub school: Named,
    /// The programme that it follows.
    pub programme: Named,
    /// The school year in which it starts (schooljaar).
    pub school_year: SchoolYear,
    /// How it goes through the programme.
    pub form: CohortForm,
    /// The most students that the school admits (numerus fixus); null without a cap.
    #[schema(minimum = 0, maximum = 100_000)]
    pub intake_cap: Option<i32>,
    /// First day on which that cap no longer holds; null while it does.
    pub cap_lifted_on: Option<NaiveDate>,
    /// Counts changes of the cohort's own fields.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Resource for Cohort {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/cohorts/{}", self.id)
    }
}

/// A new cohort of a programme of your own school.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateCohort {
    /// The programme that it follows, one of your own.
    pub programme_id: ProgrammeId,
    /// The school year in which it starts (schooljaar).
    pub school_year: SchoolYear,
    /// How it goes through the programme.
    pub form: CohortForm,
    /// The most students that the school admits (numerus fixus).
    #[validate(range(min = 0, max = 100_000))]
    #[schema(minimum = 0, maximum = 100_000)]
    pub intake_cap: Option<i32>,
    /// First day on which that cap no longer holds; not ahead of today.
    pub cap_lifted_on: Option<Day>,
}

/// Changes to a cohort: what is absent stays, null clears.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchCohort {
    /// The most students that the school admits (numerus fixus). A cap that held once is not cleared but
    /// lifted.
    #[serde(default)]
    #[validate(range(min = 0, max = 100_000))]
    #[schema(minimum = 0, maximum = 100_000)]
    pub intake_cap: Patch<i32>,
    /// First day on which that cap no longer holds; not ahead of today.
    #[serde(default)]
    pub cap_lifted_on: Patch<Day>,
}

/// Which cohorts to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CohortFilter {
    /// Only of this school.
    pub school_id: Option<OrganisationId>,
    /// Only of this programme.
    pub programme_id: Option<ProgrammeId>,
    /// Only those that start in this school year.
    #[param(inline)]
    pub school_year: Option<SchoolYear>,
    /// Only of this form.
    #[param(inline)]
    pub form: Option<CohortForm>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for CohortFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// The row of a new cohort.
#[derive(Debug, Insertable)]
#[diesel(table_name = cohorts, treat_none_as_default_value = false)]
pub(super) struct NewCohort {
    pub(super) id: CohortId,
    pub(super) school_id: OrganisationId,
    pub(super) programme_id: ProgrammeId,
    pub(super) school_year: SchoolYear,
    pub(super) form: CohortForm,
    pub(super) intake_cap: Option<i32>,
    pub(super) cap_lifted_on: Option<Day>,
}

/// The columns a change sets; what is absent stays.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = cohorts)]
pub(super) struct CohortChanges {
    intake_cap: Option<Option<i32>>,
    cap_lifted_on: Option<Option<Day>>,
    version: i32,
}

/// What rules need to know of a cohort that is about to change.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = cohorts)]
pub(super) struct Standing {
    pub(super) intake_cap: Option<i32>,
    pub(super) cap_lifted_on: Option<NaiveDate>,
    pub(super) version: i32,
}

impl CreateCohort {
    /// The row of this new cohort of the school.
    pub(super) fn into_row(self, school_id: OrganisationId) -> NewCohort {
        NewCohort {
            id: CohortId::new(),
            school_id,
            programme_id: self.programme_id,
            school_year: self.school_year,
            form: self.form,
            intake_cap: self.intake_cap,
            cap_lifted_on: self.cap_lifted_on,
        }
    }
}

impl PatchCohort {
    /// The change to version `version`.
    pub(super) fn into_changes(self, version: i32) -> CohortChanges {
        CohortChanges {
            intake_cap: self.intake_cap.into_change(),
            cap_lifted_on: self.cap_lifted_on.into_change(),
            version: version + 1,
        }
    }
}
