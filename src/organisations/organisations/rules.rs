//! What an organisation must be, whoever asks.

use super::model::{CreateOrganisation, PatchOrganisation, SearchOrganisations};
use crate::error::{Result, Rule};
use crate::kernel::checks::each_once;

/// 400: a search without anything to search by.
pub(super) const NOTHING_TO_SEARCH_BY: Rule = Rule {
    code: "criteria-missing",
    nl: "Geef ten minste één van kvkNumber, agbCode, leerbedrijfId en name.",
    en: "Give at least one of kvkNumber, agbCode, leerbedrijfId and name.",
};

/// Decides whether an organisation may be entered like this.
pub(super) fn may_enter(new: &CreateOrganisation) -> Result<()> {
    each_once("/kinds", &new.kinds)
}

/// Decides whether a change may be made.
pub(super) fn may_change(patch: &PatchOrganisation) -> Result<()> {
    each_once("/kinds", patch.kinds.as_change().map_or(&[], Vec::as_slice))
}

/// Refuses a search that would list everybody.
pub(super) fn may_search(search: &SearchOrganisations) -> Result<()> {
    let SearchOrganisations { kvk_number, agb_code, leerbedrijf_id, name, .. } = search;
    if kvk_number.is_none() && agb_code.is_none() && leerbedrijf_id.is_none() && name.is_none() {
        return Err(NOTHING_TO_SEARCH_BY.bad_request());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{may_change, may_enter, may_search};

    #[test]
    fn a_kind_is_named_once() {
        let new = |kinds: &str| serde_json::from_str(&format!(r#"{{"name":"Eik","kinds":{kinds}}}"#)).unwrap();
        assert!(may_enter(&new(r#"["practice","school"]"#)).is_ok());
        assert!(may_enter(&new(r#"["practice","practice"]"#)).is_err());
        assert!(may_change(&serde_json::from_str(r#"{"kinds":["school","school"]}"#).unwrap()).is_err());
        assert!(may_change(&serde_json::from_str("{}").unwrap()).is_ok());
    }

    #[test]
    fn a_search_is_by_something() {
        assert!(may_search(&serde_json::from_str(r#"{"limit":5}"#).unwrap()).is_err());
        assert!(may_search(&serde_json::from_str(r#"{"agbCode":"99000001"}"#).unwrap()).is_ok());
    }
}
