//! What a contact moment must be, whoever records it.

use super::model::ContactParticipant::{Bureau, Host, School, Student};
use super::model::{ContactKind, ContactParticipant, CorrectContactMoment, RecordContactMoment, Version};
use crate::error::{Error, Fault, Result, Rule};
use crate::kernel::checks::each_once;
use crate::kernel::day::Day;
use crate::kernel::fact::IN_THE_FUTURE;
use crate::kernel::today::Today;

/// 400: three sides make a three-way talk.
pub(super) const THREE_SIDES: Rule = Rule {
    code: "three-sides-needed",
    nl: "Bij een driegesprek horen student, stagebieder en school.",
    en: "A three-way talk has student, host and school.",
};

impl ContactKind {
    /// Those who are always there in a talk of this kind.
    const fn implied(self) -> &'static [ContactParticipant] {
        match self {
            Self::ThreeWay => &[Student, Host, School],
            Self::BureauIntern => &[Bureau, Student],
            Self::SchoolVisit => &[School, Host],
        }
    }

    /// Who was there: as told, else whom the kind implies.
    pub(super) fn attended_by(self, told: Vec<ContactParticipant>) -> Vec<ContactParticipant> {
        if told.is_empty() { self.implied().to_vec() } else { told }
    }
}

/// Decides whether a talk may be recorded like this.
pub(super) fn may_record(new: &RecordContactMoment, today: Today) -> Result<()> {
    plausible(new.kind, new.held_on, &new.participants, today)
}

/// The version that a correction leads to.
pub(super) fn correct(standing: &Version, patch: CorrectContactMoment, today: Today) -> Result<Version> {
    let mut next = standing.corrected(patch);
    next.participants = next.kind.attended_by(next.participants);
    plausible(next.kind, next.held_on, &next.participants, today)?;
    Ok(next)
}

fn plausible(kind: ContactKind, held_on: Day, participants: &[ContactParticipant], today: Today) -> Result<()> {
    let mut faults: Vec<Fault> = Vec::new();
    if today.is_before(held_on.date()) {
        faults.push(IN_THE_FUTURE.fault("/heldOn"));
    }
    let told = !participants.is_empty();
    if told && kind == ContactKind::ThreeWay && !kind.implied().iter().all(|side| participants.contains(side)) {
        faults.push(THREE_SIDES.fault("/participants"));
    }
    if faults.is_empty() { each_once("/participants", participants) } else { Err(Error::Invalid(faults)) }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::plausible;
    use crate::kernel::today::Today;
    use crate::placements::contact_moments::ContactKind::{SchoolVisit, ThreeWay};
    use crate::placements::contact_moments::ContactParticipant::{Bureau, Host, School, Student};

    #[test]
    fn three_sides_make_a_three_way_talk() {
        let day = NaiveDate::from_ymd_opt(2018, 10, 11).unwrap();
        let today = Today(day);
        assert!(plausible(ThreeWay, day.into(), &[Student, Host, School, Bureau], today).is_ok());
        assert!(plausible(ThreeWay, day.into(), &[Student, Host, Bureau], today).is_err());
        assert!(plausible(SchoolVisit, day.into(), &[School, School], today).is_err(), "twice");
        assert!(plausible(SchoolVisit, day.succ_opt().unwrap().into(), &[School], today).is_err(), "tomorrow");
        assert_eq!(ThreeWay.attended_by(Vec::new()), [Student, Host, School]);
    }
}
