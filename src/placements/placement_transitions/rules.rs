//! What the steps of a placement need besides the right to take them.

use chrono::NaiveDate;

use crate::error::{Result, Rule};
use crate::lifecycle::Move;
use crate::placements::placements::{PlacementStatus, Standing};

/// 400: a placement begins on its first day or later.
pub(super) const BEFORE_ITS_START: Rule = Rule {
    code: "before-its-start",
    nl: "De stage begint niet vóór de eerste dag van de plaatsing.",
    en: "The internship does not begin before the first day of the placement.",
};
/// 400: what began ends on the day on which it began, or later.
pub(super) const ENDS_BEFORE_ITS_START: Rule = Rule {
    code: "before-its-start",
    nl: "De stage eindigt niet vóór de eerste dag van de plaatsing.",
    en: "The internship does not end before the first day of the placement.",
};
/// 400: three parties sign before the start.
pub(super) const BEFORE_ITS_SIGNATURES: Rule = Rule {
    code: "before-its-signatures",
    nl: "De stage begint niet vóór de dag waarop de laatste partij de overeenkomst ondertekende; kies die dag of een latere, of verbeter de handtekening die verkeerd is vastgelegd.",
    en: "The internship does not begin before the day on which the last party signed the agreement; choose that day or a later one, or correct the signature that was recorded wrongly.",
};
/// 409: an agreement is pending once there is one.
pub(super) const SHEET_MISSING: Rule = Rule {
    code: "sheet-missing",
    nl: "Er is nog geen overeenkomst: maak eerst het eerste bpv-blad.",
    en: "There is no agreement yet: make its first sheet first.",
};

/// Whether a step that is taken back leaves a placement for which nothing may have been agreed yet.
pub(super) const fn unagrees(from: PlacementStatus, to: PlacementStatus) -> bool {
    use PlacementStatus::{AgreementPending, Confirmed, Introduced, Reserved};
    matches!(from, Confirmed | AgreementPending) && matches!(to, Reserved | Introduced)
}

/// Whether the internship begins with a step, for which its agreement was signed.
pub(super) fn begins(step: &Move<PlacementStatus>) -> bool {
    (step.from, step.to) == (PlacementStatus::Ready, PlacementStatus::Active)
}

/// Whether a seat is taken with a step, or again because one that gave it back is taken back. An
/// internship that goes on after all, because its end was recorded wrongly, takes none anew.
pub(super) const fn takes_a_seat(from: PlacementStatus, to: PlacementStatus) -> bool {
    use PlacementStatus::{Cancelled, Declined, Proposed};
    matches!(from, Proposed | Declined | Cancelled) && !matches!(to, Proposed | Declined | Cancelled)
}

/// Decides whether the day of a step, taken or corrected, fits the placement and the last signature.
pub(super) fn fits_the_days(
    current: &Standing,
    step: &Move<PlacementStatus>,
    signed_on: Option<NaiveDate>,
) -> Result<()> {
    match misfit((current.starts_on, signed_on), step.from, step.to, step.effective_on) {
        Some(rule) => Err(rule.fault("/effectiveOn").into()),
        None => Ok(()),
    }
}

fn misfit(
    (starts_on, signed_on): (NaiveDate, Option<NaiveDate>),
    from: PlacementStatus,
    to: PlacementStatus,
    on: NaiveDate,
) -> Option<&'static Rule> {
    use PlacementStatus::{Active, Completed, EndedEarly, Interrupted, Ready};
    match (from, to) {
        (Ready, Active) if on < starts_on => Some(&BEFORE_ITS_START),
        (Ready, Active) if signed_on.is_some_and(|signed| on < signed) => Some(&BEFORE_ITS_SIGNATURES),
        (Active | Interrupted, Completed | EndedEarly) if on < starts_on => Some(&ENDS_BEFORE_ITS_START),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{misfit, takes_a_seat};
    use crate::placements::placements::PlacementStatus::{
        self, Active, Cancelled, Completed, Declined, EndedEarly, Interrupted, Introduced, Proposed, Ready, Reserved,
    };

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2018, 9, day).unwrap()
    }

    /// Whether a step fits a placement that begins on the third, signed on a day.
    fn fits(signed: Option<u32>, from: PlacementStatus, to: PlacementStatus, on: u32) -> bool {
        misfit((day(3), signed.map(day)), from, to, day(on)).is_none()
    }

    #[test]
    fn a_seat_is_taken_with_the_reservation_and_again_when_its_loss_is_taken_back() {
        assert!(takes_a_seat(Proposed, Reserved) && takes_a_seat(Cancelled, Reserved) && takes_a_seat(Declined, Ready));
        assert!(!takes_a_seat(Cancelled, Proposed) && !takes_a_seat(Proposed, Cancelled));
        assert!(!takes_a_seat(Introduced, Reserved), "it holds one");
        assert!(!takes_a_seat(EndedEarly, Active), "it had one all the while");
    }

    #[test]
    fn an_internship_begins_on_its_first_day_or_later() {
        assert!(!fits(None, Ready, Active, 2));
        assert!(fits(None, Ready, Active, 3));
        assert!(fits(None, Interrupted, Active, 2), "it has begun");
    }

    #[test]
    fn an_internship_begins_when_everybody_has_signed() {
        assert!(!fits(Some(5), Ready, Active, 4));
        assert!(fits(Some(5), Ready, Active, 5));
        assert!(fits(Some(5), Interrupted, Active, 4), "another sheet was signed meanwhile");
    }

    #[test]
    fn what_began_does_not_end_before_its_first_day() {
        for from in [Active, Interrupted] {
            assert!(!fits(None, from, EndedEarly, 2));
            assert!(fits(None, from, EndedEarly, 3));
        }
        assert!(!fits(None, Active, Completed, 2));
        assert!(fits(None, Ready, Cancelled, 2), "it never began");
    }
}
