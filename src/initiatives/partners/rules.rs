//! What a partner must be, whoever asks.

use chrono::NaiveDate;

use super::model::{CreatePartner, PatchPartner, Standing};
use crate::error::{Result, Rule};
use crate::kernel::fact::Period;

/// 409: the organisation already has this role in these days.
pub(super) const ALREADY_PARTNER: Rule = Rule {
    code: "already-partner",
    nl: "Deze organisatie is in deze periode al partner in deze rol; wijzig die deelname.",
    en: "This organisation is already a partner in this role in this period; change that partnership.",
};

/// Decides whether a partner may be entered like this.
pub(super) fn may_enter(new: &CreatePartner) -> Result<()> {
    Period::new(new.effective_from.into(), new.effective_to.map(NaiveDate::from)).map(drop)
}

/// Decides whether a change may be made to a partner as it stands.
pub(super) fn may_change(current: &Standing, patch: &PatchPartner) -> Result<()> {
    let from = patch.effective_from.as_change().map_or(current.effective_from, |day| day.date());
    let to = patch.effective_to.as_change().map_or(current.effective_to, |day| day.copied().map(NaiveDate::from));
    Period::new(from, to).map(drop)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{Standing, may_change};

    fn from_2018_on() -> Standing {
        let effective_from = NaiveDate::from_ymd_opt(2018, 7, 1).unwrap();
        Standing { effective_from, effective_to: None, version: 1 }
    }

    #[test]
    fn a_partnership_ends_after_it_began() {
        for (patch, accepted) in [
            (r#"{"effectiveTo":"2018-07-02"}"#, true),
            (r#"{"effectiveTo":"2018-07-01"}"#, false),
            (r#"{"effectiveFrom":"2018-08-01","effectiveTo":"2018-07-15"}"#, false),
            (r#"{"role":"advisor"}"#, true),
        ] {
            let patch = serde_json::from_str(patch).unwrap();
            assert_eq!(may_change(&from_2018_on(), &patch).is_ok(), accepted, "{patch:?}");
        }
    }
}
