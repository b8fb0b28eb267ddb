//! What a mandate must be, and who may undo what, whoever asks.

use chrono::NaiveDate;

use super::model::{CreateMandate, MandateStatus, Standing};
use crate::error::{Fault, Result, Rule};
use crate::kernel::checks::{ENDS_BEFORE_IT_STARTS, each_once};
use crate::kernel::today::Today;
use crate::lifecycle::Move;

/// 403: the bureau has no mandate for this from this practice today.
pub const MANDATE_MISSING: Rule = Rule {
    code: "mandate-missing",
    nl: "Hiervoor is een machtiging van de praktijk nodig, en die geldt vandaag niet. Vraag haar aan bij /mandates.",
    en: "This needs a mandate of the practice, and none is in force today. Request one at /mandates.",
};
/// 400: only a host of the region can give a mandate.
pub(super) const NOT_A_HOST: Rule = Rule {
    code: "not-a-host",
    nl: "Deze organisatie is vandaag geen lid van de regio als praktijk, gezondheidscentrum of huisartsenpost.",
    en: "This organisation is not a member of the region today as practice, health centre or out-of-hours post.",
};
/// 400: nobody asks for what has ended.
pub(super) const ALREADY_ENDED: Rule = Rule {
    code: "already-ended",
    nl: "De laatste dag is voorbij; vraag een machtiging voor de tijd die nog komt.",
    en: "The last day has passed; request a mandate for the time to come.",
};
/// 409: the requested period has passed.
pub(super) const PERIOD_PASSED: Rule = Rule {
    code: "mandate-period-passed",
    nl: "De gevraagde periode is voorbij; vraag het bureau om een nieuwe aanvraag.",
    en: "The requested period has passed; ask the bureau for a new request.",
};
/// 400: nobody gives a mandate to itself.
pub(super) const TO_ITSELF: Rule = Rule {
    code: "mandate-to-itself",
    nl: "Het bureau heeft van zichzelf geen machtiging nodig.",
    en: "The bureau needs no mandate of itself.",
};

/// Decides whether a mandate may be requested, or recorded from paper, like this.
pub(super) fn may_enter(new: &CreateMandate, today: Today) -> Result<()> {
    each_once("/scopes", &new.scopes)?;
    let from = new.valid_from.map_or(today.0, NaiveDate::from);
    let fault: Option<Fault> = match new.valid_until.map(NaiveDate::from) {
        Some(until) if until < from => Some(ENDS_BEFORE_IT_STARTS.fault("/validUntil")),
        Some(until) if new.evidence.is_none() && until < today.0 => Some(ALREADY_ENDED.fault("/validUntil")),
        _ => None,
    };
    fault.map_or(Ok(()), |fault| Err(fault.into()))
}

/// The day on which a mandate that begins like this was requested or granted: one from paper
/// was granted by the day on which it first holds.
pub(super) fn begins_on(status: MandateStatus, valid_from: NaiveDate, today: Today) -> NaiveDate {
    if status == MandateStatus::Granted { valid_from.min(today.0) } else { today.0 }
}

/// Decides on the period of a mandate that takes this step: what is granted holds from that day
/// on at the earliest. Answers the new first day, if it moves.
pub(super) fn period_after(current: &Standing, step: &Move<MandateStatus>) -> Result<Option<NaiveDate>> {
    if step.to != MandateStatus::Granted {
        return Ok(None);
    }
    if current.valid_until.is_some_and(|until| until < step.effective_on) {
        return Err(PERIOD_PASSED.conflict());
    }
    Ok((current.valid_from < step.effective_on).then_some(step.effective_on))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use uuid::Uuid;

    use super::super::model::{CreateMandate, MandateStatus, Standing};
    use super::{begins_on, may_enter, period_after};
    use crate::kernel::today::Today;
    use crate::lifecycle::Move;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2019, 3, day).unwrap()
    }

    fn granted(from: u32, until: Option<u32>) -> Standing {
        Standing { status: MandateStatus::Granted, valid_from: day(from), valid_until: until.map(day) }
    }

    fn asked(more: &str) -> CreateMandate {
        let id = Uuid::nil();
        let body = format!(r#"{{"practiceId": "{id}", "regionId": "{id}", "scopes": ["offers"]{more}}}"#);
        serde_json::from_str(&body).unwrap()
    }

    fn step(to: MandateStatus, on: u32) -> Move<MandateStatus> {
        Move { from: MandateStatus::Requested, to, effective_on: day(on), reason_code: None, note: None }
    }

    #[test]
    fn what_is_granted_late_holds_from_then_on() {
        assert_eq!(period_after(&granted(5, None), &step(MandateStatus::Granted, 9)).unwrap(), Some(day(9)));
        assert_eq!(period_after(&granted(9, None), &step(MandateStatus::Granted, 5)).unwrap(), None);
        assert_eq!(period_after(&granted(5, None), &step(MandateStatus::Declined, 9)).unwrap(), None);
        assert!(period_after(&granted(5, Some(8)), &step(MandateStatus::Granted, 9)).is_err());
        assert!(period_after(&granted(5, Some(8)), &step(MandateStatus::Revoked, 9)).is_ok());
    }

    #[test]
    fn paper_may_tell_of_the_past_and_a_request_may_not() {
        let (today, evidence) = (Today(day(20)), r#", "evidence": {"kind": "letter", "reference": "Map 3"}"#);
        assert!(may_enter(&asked(""), today).is_ok());
        assert!(may_enter(&asked(r#", "validFrom": "2019-03-01", "validUntil": "2019-03-10""#), today).is_err());
        assert!(
            may_enter(&asked(&format!(r#"{evidence}, "validFrom": "2019-03-01", "validUntil": "2019-03-10""#)), today)
                .is_ok()
        );
        assert!(
            may_enter(&asked(&format!(r#"{evidence}, "validFrom": "2019-03-11", "validUntil": "2019-03-10""#)), today)
                .is_err()
        );
        assert_eq!(begins_on(MandateStatus::Granted, day(1), today), day(1));
        assert_eq!(begins_on(MandateStatus::Granted, day(25), today), day(20));
        assert_eq!(begins_on(MandateStatus::Requested, day(1), today), day(20));
    }
}
