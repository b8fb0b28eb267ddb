//! Who a student is, on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::kernel::ids::StudentId;

/// Whose names are asked for.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShowIdentities {
    /// The students.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_items = 1, max_items = 200)]
    pub student_ids: Vec<StudentId>,
}

/// The name of a student.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StudentIdentity {
    /// The student.
    pub id: StudentId,
    /// First name by which the student is called (roepnaam).
    #[schema(max_length = 100)]
    pub given_name: String,
    /// Prefix of the family name (tussenvoegsel).
    #[schema(max_length = 50)]
    pub prefix: Option<String>,
    /// Family name (achternaam), without prefix.
    #[schema(max_length = 100)]
    pub family_name: String,
    /// E-mail address at the school.
    #[schema(max_length = 254)]
    pub school_email: Option<String>,
}

/// The names that you may see among those you asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct StudentIdentities {
    /// The names, by student.
    #[schema(max_items = 200)]
    pub items: Vec<StudentIdentity>,
}
