//! What a certificate must be, whoever asks.

use chrono::NaiveDate;

use super::model::{PatchMentorCertificate, RevocationReason};
use super::rows::Validity;
use crate::error::{Error, Fault, Result, Rule};
use crate::kernel::fact::IN_THE_FUTURE;
use crate::kernel::today::Today;

/// 409: the same certificate was recorded before.
pub(super) const ALREADY_RECORDED: Rule = Rule {
    code: "already-recorded",
    nl: "Dit certificaat is al vastgelegd: zelfde begeleider, opleider, nummer en afgiftedatum.",
    en: "This certificate was recorded before: same mentor, issuer, number and day of issue.",
};
/// 400: it cannot expire before it was issued.
pub(super) const ENDS_BEFORE_ISSUE: Rule = Rule {
    code: "ends-before-start",
    nl: "De laatste geldige dag ligt vóór de afgiftedatum.",
    en: "The last day of its validity lies before the day of issue.",
};
/// 400: what was never valid is withdrawn, not revoked.
pub(super) const REVOKED_TOO_EARLY: Rule = Rule {
    code: "revoked-before-valid",
    nl: "Intrekken kan vanaf de dag na afgifte. Heeft het certificaat nooit gegolden, trek de vastlegging dan terug met withdrawn.",
    en: "It is revoked from the day after its issue on. If it never held, take the record back with withdrawn.",
};
/// 400: a revocation has a reason, and a reason a revocation.
pub(super) const END_AND_REASON: Rule = Rule {
    code: "end-and-reason",
    nl: "Een intrekking en haar reden horen bij elkaar: geef revokedOn en revocationReason allebei, of geen van beide.",
    en: "A revocation and its reason belong together: give both revokedOn and revocationReason, or neither.",
};

/// When a certificate holds after this correction.
pub(super) fn corrected(standing: Validity, patch: &PatchMentorCertificate) -> Validity {
    let day = |change: Option<Option<&crate::kernel::day::Day>>, standing: Option<NaiveDate>| {
        change.map_or(standing, |day| day.copied().map(NaiveDate::from))
    };
    Validity {
        issued_on: patch.issued_on.as_change().map_or(standing.issued_on, |day| day.date()),
        valid_until: day(patch.valid_until.as_change(), standing.valid_until),
        revoked_on: day(patch.revoked_on.as_change(), standing.revoked_on),
        revocation_reason: patch
            .revocation_reason
            .as_change()
            .map_or(standing.revocation_reason, Option::<&RevocationReason>::copied),
    }
}

/// Decides whether a certificate can hold like this; names all that is wrong.
pub(super) fn may_hold(held: Validity, today: Today) -> Result<()> {
    let revoked = |wrong: &dyn Fn(NaiveDate) -> bool| held.revoked_on.is_some_and(wrong);
    let checks = [
        (today.is_before(held.issued_on), "/issuedOn", &IN_THE_FUTURE),
        (held.valid_until.is_some_and(|last| last < held.issued_on), "/validUntil", &ENDS_BEFORE_ISSUE),
        (revoked(&|day| today.is_before(day)), "/revokedOn", &IN_THE_FUTURE),
        (revoked(&|day| day <= held.issued_on), "/revokedOn", &REVOKED_TOO_EARLY),
        (held.revoked_on.is_some() && held.revocation_reason.is_none(), "/revocationReason", &END_AND_REASON),
        (held.revoked_on.is_none() && held.revocation_reason.is_some(), "/revokedOn", &END_AND_REASON),
    ];
    let faults: Vec<Fault> =
        checks.into_iter().filter(|(wrong, ..)| *wrong).map(|(_, pointer, rule)| rule.fault(pointer)).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::super::model::RevocationReason;
    use super::{Validity, corrected, may_hold};
    use crate::error::Error;
    use crate::kernel::today::Today;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2019, 3, day).unwrap()
    }

    fn issued(on: u32) -> Validity {
        Validity { issued_on: day(on), valid_until: None, revoked_on: None, revocation_reason: None }
    }

    fn faults(held: Validity) -> usize {
        match may_hold(held, Today(day(20))) {
            Ok(()) => 0,
            Err(Error::Invalid(faults)) => faults.len(),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn it_may_expire_ahead_but_is_not_issued_or_revoked_ahead() {
        assert_eq!(faults(Validity { valid_until: Some(day(31)), ..issued(20) }), 0);
        assert_eq!(faults(Validity { valid_until: Some(day(10)), ..issued(10) }), 0);
        assert_eq!(faults(Validity { valid_until: Some(day(9)), ..issued(10) }), 1);
        assert_eq!(faults(issued(21)), 1);
        let other = Some(RevocationReason::Other);
        assert_eq!(faults(Validity { revoked_on: Some(day(21)), revocation_reason: other, ..issued(10) }), 1);
        assert_eq!(faults(Validity { revoked_on: Some(day(10)), revocation_reason: other, ..issued(10) }), 1);
        assert_eq!(faults(Validity { revoked_on: Some(day(11)), revocation_reason: other, ..issued(10) }), 0);
    }

    #[test]
    fn a_revocation_and_its_reason_go_together() {
        assert_eq!(faults(Validity { revoked_on: Some(day(11)), ..issued(10) }), 1);
        assert_eq!(faults(Validity { revocation_reason: Some(RevocationReason::Other), ..issued(10) }), 1);
    }

    #[test]
    fn what_is_absent_stays_and_null_clears() {
        let held = Validity { valid_until: Some(day(31)), ..issued(10) };
        let patch = |json: &str| serde_json::from_str(json).unwrap();
        assert_eq!(corrected(held, &patch("{}")), held);
        assert_eq!(corrected(held, &patch(r#"{"validUntil":null}"#)), issued(10));
        let revoked = corrected(held, &patch(r#"{"revokedOn":"2019-03-12","revocationReason":"by-issuer"}"#));
        assert_eq!(revoked.revoked_on, Some(day(12)));
        assert_eq!(revoked.revocation_reason, Some(RevocationReason::ByIssuer));
    }
}
