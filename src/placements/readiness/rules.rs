//! What a placement needs, by its kind and by the rules of its region on its first day.

use chrono::NaiveDate;

use super::model::{Need, NeedCode, Preparation, Readiness, Unsigned};
use crate::error::Rule;
use crate::kernel::field::LearningPath;
use crate::organisations::qualifications::QualificationFramework;
use crate::placements::agreements::{SigningParty, awaiting};
use crate::regions::readiness_rules::{Requirement, Severity};

/// 409: something that blocks the start is missing; `missing` names it.
pub(super) const NOT_READY: Rule = Rule {
    code: "not-ready",
    nl: "Deze plaatsing kan nog niet beginnen; missing noemt wat er ontbreekt.",
    en: "This placement cannot start yet; missing names what is not there.",
};

/// What is known of a placement, as of its first day where nothing else is said.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    pub(super) framework: QualificationFramework,
    pub(super) learning_path: LearningPath,
    /// The sheet to sign, of the agreement that stands.
    pub(super) agreed: Option<Agreed>,
    /// When the last agreement ended that does not stand any more.
    pub(super) agreement_ended_on: Option<NaiveDate>,
    /// Whether the host is recognised as training company for the qualification.
    pub(super) recognised: bool,
    /// The day from which no recognition holds any more, while the placement lasts.
    pub(super) unrecognised_from: Option<NaiveDate>,
    /// Whether an employer is named.
    pub(super) employed: bool,
    /// What the region demands.
    pub(super) demanded: Vec<(Requirement, Severity)>,
    /// What of it is there.
    pub(super) met: Vec<Requirement>,
}

/// A sheet to sign.
#[derive(Debug, Clone)]
pub(super) struct Agreed {
    /// The day on which it was made.
    pub(super) made_on: NaiveDate,
    /// Who signed it.
    pub(super) signed: Vec<SigningParty>,
}

/// What the placement needs, and who has not signed yet.
pub(super) fn preparation(facts: &Facts) -> Preparation {
    let unsigned =
        facts.agreed.as_ref().map(|sheet| Unsigned { made_on: sheet.made_on, awaiting: awaiting(&sheet.signed) });
    let signed = unsigned.as_ref().is_some_and(|sheet| sheet.awaiting.is_empty());
    Preparation {
        readiness: readiness(facts, signed),
        unsigned,
        agreement_ended_on: facts.agreement_ended_on,
        unrecognised_from: facts.unrecognised_from.filter(|_| needs_recognition(facts)),
    }
}

/// All that the placement needs: signatures always, recognition for mbo, an employer in the
/// work-based path, and what the region demands.
fn readiness(facts: &Facts, signed: bool) -> Readiness {
    let always = |need, met| Need { need, severity: Severity::Blocks, met };
    let mut items = vec![always(NeedCode::SignedAgreement, signed)];
    if needs_recognition(facts) {
        items.push(always(NeedCode::Recognition, facts.recognised));
    }
    if facts.learning_path == LearningPath::Bbl {
        items.push(always(NeedCode::Employer, facts.employed));
    }
    items.extend(facts.demanded.iter().map(|(requirement, severity)| Need {
        need: (*requirement).into(),
        severity: *severity,
        met: facts.met.contains(requirement),
    }));
    Readiness { ready: missing(&items).is_empty(), items }
}

/// Only companies that are recognised train for mbo.
fn needs_recognition(facts: &Facts) -> bool {
    facts.framework == QualificationFramework::Mbo
}

/// What blocks the start.
pub(super) fn missing(items: &[Need]) -> Vec<NeedCode> {
    let blocking = items.iter().filter(|item| !item.met && item.severity == Severity::Blocks);
    blocking.map(|item| item.need).collect()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{Agreed, Facts, NeedCode, Readiness, missing, preparation};
    use crate::kernel::field::LearningPath;
    use crate::organisations::qualifications::QualificationFramework;
    use crate::placements::agreements::SigningParty::{Practice, School, Student};
    use crate::regions::readiness_rules::{Requirement, Severity};

    fn readiness(facts: &Facts) -> Readiness {
        preparation(facts).readiness
    }

    fn sheet() -> Agreed {
        let made_on = NaiveDate::from_ymd_opt(2018, 6, 4).unwrap();
        Agreed { made_on, signed: vec![School, Student, Practice] }
    }

    fn complete() -> Facts {
        Facts {
            framework: QualificationFramework::Mbo,
            learning_path: LearningPath::Bol,
            agreed: Some(sheet()),
            agreement_ended_on: None,
            recognised: true,
            unrecognised_from: None,
            employed: false,
            demanded: vec![
                (Requirement::CertificateOfConduct, Severity::Blocks),
                (Requirement::MentorCertificate, Severity::Warns),
            ],
            met: vec![Requirement::CertificateOfConduct],
        }
    }

    #[test]
    fn what_only_warns_does_not_hold_up_the_start() {
        let found = readiness(&complete());
        assert!(found.ready);
        assert!(found.items.iter().any(|item| item.need == NeedCode::MentorCertificate && !item.met));
    }

    #[test]
    fn everything_that_blocks_is_named() {
        let bare =
            Facts { learning_path: LearningPath::Bbl, agreed: None, recognised: false, met: Vec::new(), ..complete() };
        assert_eq!(
            missing(&readiness(&bare).items),
            [NeedCode::SignedAgreement, NeedCode::Recognition, NeedCode::Employer, NeedCode::CertificateOfConduct,]
        );
    }

    #[test]
    fn recognition_is_for_mbo_and_an_employer_for_the_work_based_path() {
        let withdrawn = NaiveDate::from_ymd_opt(2018, 10, 1);
        let hbo = Facts {
            framework: QualificationFramework::Hbo,
            recognised: false,
            unrecognised_from: withdrawn,
            ..complete()
        };
        assert!(readiness(&hbo).ready);
        assert_eq!(preparation(&hbo).unrecognised_from, None);
        assert_eq!(preparation(&Facts { unrecognised_from: withdrawn, ..complete() }).unrecognised_from, withdrawn);
        let bbl = Facts { learning_path: LearningPath::Bbl, ..complete() };
        assert_eq!(missing(&readiness(&bbl).items), [NeedCode::Employer]);
        assert!(readiness(&Facts { employed: true, ..bbl }).ready);
    }

    #[test]
    fn all_three_parties_sign() {
        let waits = Facts { agreed: Some(Agreed { signed: vec![School, Practice], ..sheet() }), ..complete() };
        let found = preparation(&waits);
        assert_eq!(missing(&found.readiness.items), [NeedCode::SignedAgreement]);
        assert_eq!(found.unsigned.unwrap().awaiting, [Student]);
        assert!(preparation(&complete()).unsigned.unwrap().awaiting.is_empty());
    }
}
