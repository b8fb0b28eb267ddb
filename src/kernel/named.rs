//! A reference to something that has a name.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What is referred to, with its name so that a list needs no further request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Named {
    /// Identifies it.
    #[schema(example = "01936f5e-7a10-7c44-9d6b-2f1c5e8a0b11")]
    pub id: Uuid,
    /// Its name now.
    #[schema(max_length = 200, example = "Zorggroep RCH Midden-Brabant")]
    pub name: String,
}

impl Named {
    /// Pairs the id with the name.
    pub fn new(id: impl Into<Uuid>, name: String) -> Self {
        Self { id: id.into(), name }
    }
}
