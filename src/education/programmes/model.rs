//! What a programme is, on the wire and in its table.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::http::page::Filter;
use crate::http::patch::Change;
use crate::http::reply::Resource;
use crate::kernel::field::{LearningPath, Profession};
use crate::kernel::ids::{OrganisationId, ProgrammeId, QualificationId};
use crate::kernel::named::Named;
use crate::kernel::text::Line;
use crate::organisations::qualifications::QualificationFramework;
use crate::schema::programmes;

crate::pages! {
    ProgrammePage of Programme;
}

/// A programme (opleiding) of a school.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Programme {
    /// Identifies the programme.
    pub id: ProgrammeId,
    /// The school that teaches it.
    pub school: Named,
    /// The school's own code, unique in the school; rosters name the programme by it.
    #[schema(max_length = 64)]
    pub code: String,
    /// Name by which the school knows it.
    #[schema(max_length = 200)]
    pub name: String,
    /// The qualification that it leads to (kwalificatie).
    pub qualification: Named,
    /// Code of that qualification in the register of mbo qualifications (crebo); null elsewhere.
    #[schema(min_length = 5, max_length = 5, pattern = "^[0-9]{5}$")]
    pub crebo: Option<String>,
    /// The profession that it leads to (beroep).
    pub profession: Profession,
    /// Learning paths in which it is offered (leerwegen).
    #[schema(min_items = 1, max_items = 6)]
    pub learning_paths: Vec<LearningPath>,
    /// Nominal length in study years (studiejaren).
    #[schema(minimum = 1, maximum = 6)]
    pub study_years: i16,
    /// False once nobody enters it any more.
    pub active: bool,
    /// Counts changes of the programme's own fields.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Resource for Programme {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/programmes/{}", self.id)
    }
}

/// A new programme of your own school.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateProgramme {
    /// The school's own code, unique in the school.
    pub code: Line<64>,
    /// Name by which the school knows it.
    pub name: Line<200>,
    /// The qualification that it leads to (kwalificatie), for ever.
    pub qualification_id: QualificationId,
    /// Learning paths in which it is offered (leerwegen), each once: `bol`, `bbl` and `third-path`
    /// for mbo, the others elsewhere.
    #[validate(length(min = 1, max = 6))]
    #[schema(min_items = 1, max_items = 6)]
    pub learning_paths: Vec<LearningPath>,
    /// Nominal length in study years (studiejaren).
    #[validate(range(min = 1, max = 6))]
    #[schema(minimum = 1, maximum = 6)]
    pub study_years: i16,
}

/// Changes to a programme: what is absent stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchProgramme {
    /// The school's own code, unique in the school.
    #[serde(default)]
    pub code: Change<Line<64>>,
    /// Name by which the school knows it.
    #[serde(default)]
    pub name: Change<Line<200>>,
    /// Learning paths in which it is offered (leerwegen): the whole list, each once.
    #[serde(default)]
    #[validate(length(min = 1, max = 6))]
    #[schema(min_items = 1, max_items = 6)]
    pub learning_paths: Change<Vec<LearningPath>>,
    /// Nominal length in study years (studiejaren).
    #[serde(default)]
    #[validate(range(min = 1, max = 6))]
    #[schema(minimum = 1, maximum = 6)]
    pub study_years: Change<i16>,
    /// False once nobody enters it any more.
    #[serde(default)]
    pub active: Change<bool>,
}

/// Which programmes to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProgrammeFilter {
    /// Only of this school.
    pub school_id: Option<OrganisationId>,
    /// Only leading to this qualification.
    pub qualification_id: Option<QualificationId>,
    /// Only for this profession.
    #[param(inline)]
    pub profession: Option<Profession>,
    /// Only those offered in this learning path.
    #[param(inline)]
    pub learning_path: Option<LearningPath>,
    /// Only under this code of a school's own.
    #[param(inline)]
    pub code: Option<Line<64>>,
    /// Only those that students still enter, or only those that they do not.
    pub active: Option<bool>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for ProgrammeFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// The row of a new programme.
#[derive(Debug, Insertable)]
#[diesel(table_name = programmes)]
pub(super) struct NewProgramme {
    pub(super) id: ProgrammeId,
    pub(super) school_id: OrganisationId,
    pub(super) code: Line<64>,
    pub(super) name: Line<200>,
    pub(super) qualification_id: QualificationId,
    pub(super) learning_paths: Vec<LearningPath>,
    pub(super) study_years: i16,
}

/// The columns a change sets; what is absent stays.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = programmes)]
pub(super) struct ProgrammeChanges {
    code: Option<Line<64>>,
    name: Option<Line<200>>,
    learning_paths: Option<Vec<LearningPath>>,
    study_years: Option<i16>,
    active: Option<bool>,
    version: i32,
}

/// What rules need to know of a programme that is about to change.
#[derive(Debug, Clone, Copy, Queryable)]
pub(super) struct Standing {
    pub(super) version: i32,
    pub(super) framework: QualificationFramework,
}

impl CreateProgramme {
    /// The row of this new programme of the school.
    pub(super) fn into_row(self, school_id: OrganisationId) -> NewProgramme {
        NewProgramme {
            id: ProgrammeId::new(),
            school_id,
            code: self.code,
            name: self.name,
            qualification_id: self.qualification_id,
            learning_paths: self.learning_paths,
            study_years: self.study_years,
        }
    }
}

impl PatchProgramme {
    /// The change to version `version`.
    pub(super) fn into_changes(self, version: i32) -> ProgrammeChanges {
        ProgrammeChanges {
            code: self.code.into_change(),
            name: self.name.into_change(),
            learning_paths: self.learning_paths.into_change(),
            study_years: self.study_years.into_change(),
            active: self.active.into_change(),
            version: version + 1,
        }
    }
}
