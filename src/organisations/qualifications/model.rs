//! What a qualification is, on the wire and in its table.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::http::page::Filter;
use crate::http::reply::Resource;
use crate::kernel::field::Profession;
use crate::kernel::ids::QualificationId;
use crate::schema::qualifications;

crate::code_lists! {
    /// Who sets a qualification.
    QualificationFramework "qualification-framework" {
        Mbo "mbo" "Mbo: kwalificatiestructuur" "Secondary vocational education (mbo)";
        Hbo "hbo" "Hbo" "Higher professional education (hbo)";
        Sector "sector" "Branche-opleiding" "Training by the sector itself";
    }
}

crate::pages! {
    QualificationPage of Qualification;
}

/// A qualification (kwalificatie) that interns are in training for.
#[derive(Debug, Serialize, ToSchema, Queryable, Selectable)]
#[serde(rename_all = "camelCase")]
#[diesel(table_name = qualifications)]
pub struct Qualification {
    /// Identifies the qualification, the same everywhere.
    pub id: QualificationId,
    /// Dutch name.
    #[schema(max_length = 200)]
    pub name: String,
    /// Who sets it.
    pub framework: QualificationFramework,
    /// Code in the register of mbo qualifications (crebo); null elsewhere.
    #[schema(min_length = 5, max_length = 5, pattern = "^[0-9]{5}$")]
    pub crebo: Option<String>,
    /// Profession that it leads to (beroep).
    pub profession: Profession,
    /// Level of an mbo qualification (niveau); null elsewhere.
    #[schema(minimum = 1, maximum = 4)]
    pub level: Option<i16>,
}

/// Reference rows change with a release only, so they stay at version 1.
impl Resource for Qualification {
    fn version(&self) -> i32 {
        1
    }
    fn location(&self) -> String {
        format!("/v1/qualifications/{}", self.id)
    }
}

/// Which qualifications to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct QualificationFilter {
    /// Only of this framework.
    #[param(inline)]
    pub framework: Option<QualificationFramework>,
    /// Only for this profession.
    #[param(inline)]
    pub profession: Option<Profession>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for QualificationFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}
