//! When an agreement is made and amended, which sheets are signed, and on what a signature rests.

use chrono::NaiveDate;

use super::model::{
    AgreementEndReason, CorrectSignature, CreateAgreementSheet, CreateSignature, EndAgreement, SignatureMethod,
    SigningParty,
};
use super::rows::{Recorded, SheetTerms};
use crate::error::{Error, Result, Rule};
use crate::kernel::checks::ENDS_BEFORE_IT_STARTS;
use crate::kernel::day::Day;
use crate::kernel::fact::IN_THE_FUTURE;
use crate::kernel::today::Today;
use crate::placements::placements::PlacementStatus;

/// 409: the agreement comes after the host's yes and before the end.
pub(super) const NOT_TO_BE_AGREED: Rule = Rule {
    code: "agreement-not-due",
    nl: "Een overeenkomst wordt gemaakt als de plaatsing bevestigd is en voordat zij eindigt.",
    en: "An agreement is made once the placement is confirmed and before it ends.",
};
/// 409: one agreement at a time.
pub(super) const AGREEMENT_STANDS: Rule = Rule {
    code: "agreement-stands",
    nl: "Er is al een overeenkomst over deze plaatsing; wijzig die met een nieuw bpv-blad.",
    en: "There is an agreement on this placement already; amend it with a new sheet.",
};
/// 409: what has ended is not worked on.
pub(super) const AGREEMENT_ENDED: Rule =
    Rule { code: "agreement-ended", nl: "Deze overeenkomst is beëindigd.", en: "This agreement has ended." };
/// 400: the first day of an internship that has begun is history.
pub(super) const ALREADY_BEGUN: Rule = Rule {
    code: "already-begun",
    nl: "De stage is al begonnen; haar eerste dag staat vast. Begon zij op een andere dag, verbeter dan de stap naar active.",
    en: "The internship has begun; its first day is fixed. If it began on another day, correct the step to active.",
};
/// 409: a sheet that changes nothing would only take signatures away.
pub(super) const NOTHING_AMENDED: Rule = Rule {
    code: "nothing-amended",
    nl: "Dit bpv-blad is gelijk aan het vorige. Noem wat er anders wordt, bijvoorbeeld de periode of de uren.",
    en: "This sheet is the same as the one before. Tell what becomes different, such as the period or the hours.",
};
/// 409: each party signs a sheet once.
pub(super) const ALREADY_SIGNED: Rule = Rule {
    code: "already-signed",
    nl: "Deze partij heeft dit bpv-blad al ondertekend.",
    en: "This party has signed this sheet already.",
};
/// 403: nobody signs for another party.
pub(super) const NOT_YOURS_TO_SIGN: Rule = Rule {
    code: "not-yours-to-sign",
    nl: "U tekent alleen voor uzelf: een school ook voor een student die elders tekende, een bureau alleen voor een stagebieder die het machtigde.",
    en: "You sign for yourself only: a school also for a student who signed elsewhere, a bureau only for a host that mandated it.",
};
/// 400: only the mailed link signs by link.
pub(super) const SIGNED_BY_LINK_ONLY: Rule = Rule {
    code: "signed-by-link-only",
    nl: "Via een link tekent alleen de student zelf.",
    en: "Only the student signs by link.",
};
/// 400: what was signed elsewhere is shown by something.
pub(super) const EVIDENCE_NEEDED: Rule = Rule {
    code: "evidence-needed",
    nl: "Noem het bewijsstuk: bij een handtekening op papier en bij die van een student.",
    en: "Name the evidence: of a signature on paper, and of that of a student.",
};
/// 409: nobody knows where to mail the link.
pub(super) const NO_SCHOOL_EMAIL: Rule = Rule {
    code: "no-school-email",
    nl: "Van deze student is geen e-mailadres van de school bekend.",
    en: "No school e-mail address of this student is known.",
};
/// 409: another sheet took the place of the one that was read.
pub(super) const OTHER_SHEET: Rule = Rule {
    code: "other-sheet",
    nl: "Er is een ander bpv-blad te ondertekenen dan dit.",
    en: "Another sheet than this one is to be signed.",
};

/// 409: what was corrected or withdrawn is history.
pub(super) const SIGNATURE_SUPERSEDED: Rule = Rule {
    code: "signature-superseded",
    nl: "Deze handtekening is al verbeterd of ingetrokken.",
    en: "This signature was corrected or withdrawn already.",
};
/// 409: a correction says what was wrong.
pub(super) const NOTHING_CORRECTED: Rule = Rule {
    code: "nothing-corrected",
    nl: "Noem wat er aan deze handtekening niet klopt, of trek haar in.",
    en: "Name what is not right about this signature, or withdraw it.",
};
/// 409: three parties sign before the start.
pub(super) const SIGNED_AFTER_START: Rule = Rule {
    code: "signed-after-start",
    nl: "De stage was op deze dag al begonnen, en alle partijen tekenen vóór de start. Begon zij later, verbeter dan eerst de stap naar active.",
    en: "The internship had begun by this day, and all parties sign before the start. If it began later, correct the step to active first.",
};
/// 400: an agreement ends with its placement by itself.
pub(super) const ENDS_WITH_PLACEMENT: Rule = Rule {
    code: "ends-with-placement",
    nl: "Met de plaatsing eindigt de overeenkomst vanzelf; beëindig dan de plaatsing.",
    en: "With the placement its agreement ends by itself; end the placement then.",
};

/// Decides whether an agreement on the placement can be made now: also when the one before ended
/// while the intern went on.
pub(super) fn may_make(status: PlacementStatus) -> Result<()> {
    use PlacementStatus::{Active, AgreementPending, Confirmed, Interrupted, Ready};
    if matches!(status, Confirmed | AgreementPending | Ready | Active | Interrupted) {
        Ok(())
    } else {
        Err(NOT_TO_BE_AGREED.conflict())
    }
}

/// The first day of a new agreement: that of the placement, or the day on which the one before gave way.
pub(super) fn first_day(starts_on: NaiveDate, ends_on: NaiveDate, switched_on: Option<NaiveDate>) -> NaiveDate {
    switched_on.map_or(starts_on, |day| day.max(starts_on).min(ends_on))
}

/// The first day of the placement after a sheet: it moves with the sheet, unless the agreement began
/// later than the placement; once the internship has begun it does not move.
pub(super) fn moved_start(
    status: PlacementStatus,
    placement: NaiveDate,
    before: &SheetTerms,
    after: &SheetTerms,
) -> Result<NaiveDate> {
    let first = if before.starts_on == placement { after.starts_on } else { placement };
    if first != placement && status.has_begun() {
        return Err(ALREADY_BEGUN.fault("/startsOn").into());
    }
    if after.ends_on < first { Err(ENDS_BEFORE_IT_STARTS.fault("/endsOn").into()) } else { Ok(first) }
}

/// The day on which an agreement is ended by hand.
pub(super) fn ends_on(end: &EndAgreement, today: Today) -> Result<NaiveDate> {
    let day = end.ended_on.map_or(today.0, Day::date);
    let mut faults = Vec::new();
    if end.end_reason == AgreementEndReason::PlacementEnded {
        faults.push(ENDS_WITH_PLACEMENT.fault("/endReason"));
    }
    if today.is_before(day) {
        faults.push(IN_THE_FUTURE.fault("/endedOn"));
    }
    if faults.is_empty() { Ok(day) } else { Err(Error::Invalid(faults)) }
}

/// A signature after its correction, which rests on what it needs.
pub(super) fn corrected(before: &Recorded, told: CorrectSignature, today: Today) -> Result<Recorded> {
    let mut after = Recorded { method: told.method.unwrap_or(before.method), ..before.clone() };
    if let Some(day) = told.signed_on {
        after.signed_on = day.date();
    }
    if let Some(evidence) = told.evidence {
        after.evidence_kind = Some(evidence.kind);
        after.evidence_reference = Some(evidence.reference);
        after.evidence_sha256 = evidence.sha256;
    }
    if after == *before {
        return Err(NOTHING_CORRECTED.conflict());
    }
    rests_on((after.party, after.method), after.evidence_kind.is_some(), after.signed_on, today)?;
    Ok(after)
}

/// Decides whether a signature on which the internship began can be of another day.
pub(super) fn signed_by_the_start(signed_on: NaiveDate, began_on: NaiveDate) -> Result<()> {
    if signed_on > began_on { Err(SIGNED_AFTER_START.conflict()) } else { Ok(()) }
}

/// Decides whether an agreement can be worked on.
pub(super) fn may_work_on(ended_on: Option<NaiveDate>) -> Result<()> {
    if ended_on.is_some() { Err(AGREEMENT_ENDED.conflict()) } else { Ok(()) }
}

/// The terms of the next sheet.
pub(super) fn amended(before: &SheetTerms, new: CreateAgreementSheet) -> Result<SheetTerms> {
    let terms = SheetTerms {
        qualification_id: new.qualification_id.unwrap_or(before.qualification_id),
        learning_path: before.learning_path,
        starts_on: new.starts_on.map_or(before.starts_on, Day::date),
        ends_on: new.ends_on.map_or(before.ends_on, Day::date),
        hours_per_week: new.hours_per_week.or(before.hours_per_week),
        total_hours: new.total_hours.or(before.total_hours),
        leerbedrijf_id: new.leerbedrijf_id.or_else(|| before.leerbedrijf_id.clone()),
        school_supervisor: new.school_supervisor.or_else(|| before.school_supervisor.clone()),
    };
    if terms.ends_on < terms.starts_on {
        return Err(ENDS_BEFORE_IT_STARTS.fault("/endsOn").into());
    }
    if terms == *before { Err(NOTHING_AMENDED.conflict()) } else { Ok(terms) }
}

/// Whether all parties sign the next sheet: when it changes what they signed for, or when not all
/// of them signed what came before it.
pub(super) fn needs_signatures(before: &SheetTerms, after: &SheetTerms, signed_by_all: bool) -> bool {
    before.qualification_id != after.qualification_id || before.ends_on != after.ends_on || !signed_by_all
}

/// Who of the three parties has not signed yet.
#[must_use]
pub fn awaiting(signed: &[SigningParty]) -> Vec<SigningParty> {
    use SigningParty::{Practice, School, Student};
    [Student, School, Practice].into_iter().filter(|party| !signed.contains(party)).collect()
}

/// The day of a signature, which rests on what it needs.
pub(super) fn signed_on(new: &CreateSignature, today: Today) -> Result<NaiveDate> {
    let day = new.signed_on.map_or(today.0, Day::date);
    rests_on((new.party, new.method), new.evidence.is_some(), day, today)?;
    Ok(day)
}

fn rests_on(
    (party, method): (SigningParty, SignatureMethod),
    has_evidence: bool,
    day: NaiveDate,
    today: Today,
) -> Result<()> {
    let mut faults = Vec::new();
    if method == SignatureMethod::Link {
        faults.push(SIGNED_BY_LINK_ONLY.fault("/method"));
    }
    let elsewhere = method == SignatureMethod::Paper || party == SigningParty::Student;
    if elsewhere && !has_evidence {
        faults.push(EVIDENCE_NEEDED.fault("/evidence"));
    }
    if today.is_before(day) {
        faults.push(IN_THE_FUTURE.fault("/signedOn"));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{
        amended, awaiting, corrected, ends_on, first_day, may_make, moved_start, needs_signatures, signed_by_the_start,
        signed_on,
    };
    use crate::kernel::field::LearningPath;
    use crate::kernel::ids::QualificationId;
    use crate::kernel::today::Today;
    use crate::placements::agreements::model::{CreateSignature, SignatureMethod, SigningParty};
    use crate::placements::agreements::rows::{Recorded, SheetTerms};
    use crate::placements::placements::PlacementStatus;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2018, month, day).unwrap()
    }

    fn terms() -> SheetTerms {
        SheetTerms {
            qualification_id: QualificationId::new(),
            learning_path: LearningPath::Bol,
            starts_on: day(2, 1),
            ends_on: day(6, 30),
            hours_per_week: Some(24),
            total_hours: None,
            leerbedrijf_id: None,
            school_supervisor: None,
        }
    }

    fn sheet(text: &str) -> super::CreateAgreementSheet {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn an_agreement_comes_between_the_hosts_yes_and_the_end() {
        assert!(may_make(PlacementStatus::Confirmed).is_ok());
        assert!(may_make(PlacementStatus::AgreementPending).is_ok());
        assert!(may_make(PlacementStatus::Introduced).is_err());
        assert!(may_make(PlacementStatus::Active).is_ok(), "another one, once the first ended");
        assert!(may_make(PlacementStatus::Completed).is_err());
    }

    #[test]
    fn another_agreement_begins_where_the_one_before_ended() {
        let (first, last) = (day(2, 1), day(6, 30));
        assert_eq!(first_day(first, last, None), first);
        assert_eq!(first_day(first, last, Some(day(3, 5))), day(3, 5));
        assert_eq!(first_day(first, last, Some(day(1, 5))), first, "not before the placement");
        assert_eq!(first_day(first, last, Some(day(7, 5))), last);
    }

    #[test]
    fn a_sheet_moves_the_first_day_until_the_internship_has_begun() {
        use PlacementStatus::{Active, AgreementPending, Interrupted, Ready};
        let first = terms().starts_on;
        let moved = |status, from, to| {
            let (before, after) = (SheetTerms { starts_on: from, ..terms() }, SheetTerms { starts_on: to, ..terms() });
            moved_start(status, first, &before, &after)
        };
        assert_eq!(moved(AgreementPending, first, day(2, 5)).unwrap(), day(2, 5));
        assert_eq!(moved(Ready, first, day(1, 5)).unwrap(), day(1, 5));
        for begun in [Active, Interrupted] {
            assert!(moved(begun, first, day(2, 5)).is_err());
            assert_eq!(moved(begun, first, first).unwrap(), first);
            assert_eq!(moved(begun, day(3, 5), day(3, 6)).unwrap(), first, "the intern came before that");
        }
        let (before, early) = (SheetTerms { starts_on: day(3, 5), ..terms() }, day(1, 31));
        let after = SheetTerms { starts_on: day(1, 1), ends_on: early, ..terms() };
        assert!(moved_start(Active, first, &before, &after).is_err(), "it would end before it began");
    }

    #[test]
    fn an_agreement_ends_by_hand_today_or_before_and_not_for_the_placement() {
        let today = Today(day(3, 5));
        let ends = |text: &str| ends_on(&serde_json::from_str(text).unwrap(), today);
        assert_eq!(ends(r#"{"endReason":"other"}"#).unwrap(), day(3, 5));
        assert_eq!(ends(r#"{"endReason":"party-changed","endedOn":"2018-03-01"}"#).unwrap(), day(3, 1));
        assert!(ends(r#"{"endReason":"other","endedOn":"2018-03-06"}"#).is_err());
        assert!(ends(r#"{"endReason":"placement-ended"}"#).is_err());
    }

    #[test]
    fn a_correction_keeps_what_it_does_not_name() {
        let before = Recorded {
            sheet_number: 1,
            party: SigningParty::School,
            method: SignatureMethod::ESignature,
            signed_on: day(2, 1),
            evidence_kind: None,
            evidence_reference: None,
            evidence_sha256: None,
        };
        let told = |text: &str| corrected(&before, serde_json::from_str(text).unwrap(), Today(day(2, 3)));
        let later = told(r#"{"signedOn":"2018-02-02"}"#).unwrap();
        assert_eq!(later, Recorded { signed_on: day(2, 2), ..before.clone() });
        assert!(told("{}").is_err(), "nothing is corrected");
        assert!(told(r#"{"signedOn":"2018-02-01"}"#).is_err(), "nothing either");
        assert!(told(r#"{"signedOn":"2018-02-04"}"#).is_err());
        assert!(told(r#"{"method":"paper"}"#).is_err(), "paper needs evidence");
        assert!(told(r#"{"method":"link"}"#).is_err());
    }

    #[test]
    fn what_the_start_rests_on_was_signed_by_then() {
        assert!(signed_by_the_start(day(2, 1), day(2, 1)).is_ok());
        assert!(signed_by_the_start(day(2, 2), day(2, 1)).is_err());
    }

    #[test]
    fn a_sheet_keeps_what_it_does_not_name() {
        let before = terms();
        let after = amended(&before, sheet(r#"{"totalHours":400}"#)).unwrap();
        assert_eq!(after, SheetTerms { total_hours: Some(400), ..before.clone() });
        assert!(amended(&before, sheet(r#"{"hoursPerWeek":24}"#)).is_err(), "nothing is amended");
        assert!(amended(&before, sheet(r#"{"endsOn":"2018-01-31"}"#)).is_err());
    }

    #[test]
    fn all_sign_again_when_qualification_or_last_day_changes() {
        let before = terms();
        let more = SheetTerms { total_hours: Some(400), ..before.clone() };
        assert!(!needs_signatures(&before, &more, true));
        assert!(needs_signatures(&before, &more, false));
        assert!(needs_signatures(&before, &SheetTerms { ends_on: day(7, 1), ..before.clone() }, true));
        let other = SheetTerms { qualification_id: QualificationId::new(), ..before.clone() };
        assert!(needs_signatures(&before, &other, true));
    }

    #[test]
    fn three_parties_sign() {
        assert_eq!(awaiting(&[SigningParty::School]), [SigningParty::Student, SigningParty::Practice]);
        assert!(awaiting(&[SigningParty::Practice, SigningParty::School, SigningParty::Student]).is_empty());
    }

    #[test]
    fn paper_and_students_need_evidence() {
        let on = |text: &str| {
            let new: CreateSignature = serde_json::from_str(text).unwrap();
            signed_on(&new, Today(day(2, 1)))
        };
        let evidence = r#""evidence":{"kind":"signed-form","reference":"Map 3"}"#;
        assert_eq!(on(r#"{"party":"school","method":"e-signature"}"#).unwrap(), day(2, 1));
        assert!(on(r#"{"party":"school","method":"paper"}"#).is_err());
        assert!(on(r#"{"party":"student","method":"digid"}"#).is_err());
        assert!(on(&format!(r#"{{"party":"student","method":"digid",{evidence}}}"#)).is_ok());
        assert!(on(&format!(r#"{{"party":"student","method":"link",{evidence}}}"#)).is_err());
        assert!(on(r#"{"party":"school","method":"other","signedOn":"2018-02-02"}"#).is_err());
    }
}
