//! Code lists on the wire.

use serde::Serialize;
use utoipa::ToSchema;

use crate::initiatives::initiatives::InitiativeStatus;
use crate::jobs::JobStatus;
use crate::kernel::coded::Coded;
use crate::kernel::field::{LearningPath, Profession};
use crate::kernel::role::Role;
use crate::organisations::hosting_intents::{Intent, NotOfferingReason};
use crate::organisations::organisations::OrganisationKind;
use crate::organisations::qualifications::QualificationFramework;
use crate::organisations::sites::SiteSetting;

/// One value of a code list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CodeLabel {
    /// The code on the wire.
    #[schema(max_length = 64, example = "doctors-assistant")]
    pub code: &'static str,
    /// Dutch label.
    #[schema(max_length = 200, example = "Doktersassistent")]
    pub nl: &'static str,
    /// English label.
    #[schema(max_length = 200, example = "Doctor's assistant")]
    pub en: &'static str,
}

/// A code list; it may gain values within a major version.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CodeList {
    /// Names the list.
    #[schema(max_length = 64, example = "profession")]
    pub code: &'static str,
    /// Its values, in order.
    #[schema(max_items = 200)]
    pub values: Vec<CodeLabel>,
}

/// Every code list.
#[derive(Debug, Serialize, ToSchema)]
pub struct CodeLists {
    /// The lists, by name.
    #[schema(max_items = 200)]
    pub items: Vec<CodeList>,
}

fn list<T: Coded>() -> CodeList {
    let values = T::LABELS.iter().map(|label| CodeLabel { code: label.code, nl: label.nl, en: label.en }).collect();
    CodeList { code: T::LIST, values }
}

/// Every list there is: one line per list.
pub(super) fn lists() -> CodeLists {
    let mut items = vec![
        list::<InitiativeStatus>(),
        list::<JobStatus>(),
        list::<Intent>(),
        list::<LearningPath>(),
        list::<NotOfferingReason>(),
        list::<OrganisationKind>(),
        list::<Profession>(),
        list::<QualificationFramework>(),
        list::<Role>(),
        list::<SiteSetting>(),
    ];
    items.sort_by_key(|list| list.code);
    CodeLists { items }
}
