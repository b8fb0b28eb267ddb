//! A visiting address, of organisations and of their sites.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::http::patch::Patch;
use crate::kernel::formats::Postcode;
use crate::kernel::text::Line;

/// A visiting address (bezoekadres).
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Address {
    /// Street (straat).
    pub street: Option<Line<200>>,
    /// House number with its additions (huisnummer).
    pub house_number: Option<Line<20>>,
    /// Postcode.
    pub postcode: Option<Postcode>,
    /// Place (plaats).
    pub place: Option<Line<100>>,
}

/// Changes to a visiting address: what is absent stays, null clears.
#[derive(Debug, Clone, Default, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchAddress {
    /// Street (straat).
    #[serde(default)]
    pub street: Patch<Line<200>>,
    /// House number with its additions (huisnummer).
    #[serde(default)]
    pub house_number: Patch<Line<20>>,
    /// Postcode.
    #[serde(default)]
    pub postcode: Patch<Postcode>,
    /// Place (plaats).
    #[serde(default)]
    pub place: Patch<Line<100>>,
}

/// A change to the address columns, as diesel's changesets take it.
#[derive(Debug, Default)]
pub(super) struct AddressChange {
    pub(super) street: Option<Option<Line<200>>>,
    pub(super) house_number: Option<Option<Line<20>>>,
    pub(super) postcode: Option<Option<Postcode>>,
    pub(super) place: Option<Option<Line<100>>>,
}

impl AddressChange {
    /// The change that a body asks for; null for the whole address clears every part.
    pub(super) fn of(patch: Patch<PatchAddress>) -> Self {
        match patch {
            Patch::Absent => Self::default(),
            Patch::Null => {
                Self { street: Some(None), house_number: Some(None), postcode: Some(None), place: Some(None) }
            }
            Patch::Value(address) => Self {
                street: address.street.into_change(),
                house_number: address.house_number.into_change(),
                postcode: address.postcode.into_change(),
                place: address.place.into_change(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AddressChange, PatchAddress};
    use crate::http::patch::Patch;

    fn change(json: &str) -> AddressChange {
        let patch: Patch<PatchAddress> = serde_json::from_str(json).unwrap();
        AddressChange::of(patch)
    }

    #[test]
    fn a_part_changes_alone_and_null_clears_all() {
        let one = change(r#"{"place":"Goirle","street":null}"#);
        assert_eq!(one.place.flatten().unwrap().as_str(), "Goirle");
        assert_eq!(one.street, Some(None));
        assert_eq!(one.postcode, None);
        let all = change("null");
        assert_eq!((all.street, all.postcode), (Some(None), Some(None)));
    }
}
