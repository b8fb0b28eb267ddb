//! A reference to something that has a name.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What is referred to, with its name so that a list needs no further request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Named {
    /// Identifies it.
    pub id: Uuid,
    /// Its name now.
    #[schema(max_length = 200)]
    pub name: String,
}

impl Named {
    /// Pairs the id with the name.
    pub fn new(id: impl Into<Uuid>, name: String) -> Self {
        Self { id: id.into(), name }
    }
}
