//! What may be said of a compliance item, whoever says it.

use chrono::NaiveDate;

use super::model::{ComplianceStatus, CreateComplianceItem, PatchComplianceItem, Standing, Stated};
use crate::auth::Actor;
use crate::error::{Error, Fault, Result, Rule};
use crate::kernel::day::Day;
use crate::kernel::fact::IN_THE_FUTURE;
use crate::kernel::today::Today;
use crate::regions::readiness_rules::Requirement;

/// 400: certificates of mentors have a register of their own.
pub(super) const KEPT_ELSEWHERE: Rule = Rule {
    code: "requirement-kept-elsewhere",
    nl: "Certificaten van praktijkbegeleiders staan bij de praktijkbegeleider zelf.",
    en: "Certificates of mentors are kept with the mentor.",
};
/// 400: only what is met is valid for a time.
pub(super) const ONLY_WHEN_MET: Rule = Rule {
    code: "validity-without-met",
    nl: "Alleen wat in orde is, heeft een geldigheid.",
    en: "Only what is met has a validity.",
};
/// 400: it was not valid any more when it was checked.
pub(super) const ENDS_BEFORE_CHECK: Rule = Rule {
    code: "ends-before-start",
    nl: "De geldigheid eindigt vóór de dag van de controle; dan is het niet in orde.",
    en: "The validity ends before the day of the check; then it is not met.",
};
/// 403: what the region demands, its bureau waives.
pub(super) const NOT_YOURS_TO_WAIVE: Rule = Rule {
    code: "not-yours-to-waive",
    nl: "Dat een voorwaarde van de regio niet geldt, zegt het bureau van de regio; vraag het daar.",
    en: "That a requirement of the region does not apply is for the bureau of the region to say; ask it.",
};
/// 409: there is one item per requirement.
pub(super) const ITEM_EXISTS: Rule = Rule {
    code: "already-recorded",
    nl: "Over deze voorwaarde staat bij deze plaatsing al iets; wijzig dat.",
    en: "This placement has an item for this requirement already; change that one.",
};

/// Decides whether the caller may say so.
pub(super) fn may_say(actor: &Actor, stated: &Stated) -> Result<()> {
    if stated.status == ComplianceStatus::NotApplicable && !actor.is_bureau() {
        return Err(Error::Forbidden(&NOT_YOURS_TO_WAIVE));
    }
    Ok(())
}

/// What a new item says.
pub(super) fn stated(new: &CreateComplianceItem, today: Today) -> Result<Stated> {
    if new.requirement == Requirement::MentorCertificate {
        return Err(KEPT_ELSEWHERE.fault("/requirement").into());
    }
    plausible(new.status, new.checked_on.map(Day::date), new.valid_until.map(Day::date), today)
}

/// What an item says after a change.
pub(super) fn changed(current: &Standing, patch: PatchComplianceItem, today: Today) -> Result<Stated> {
    let status = patch.status.into_change().unwrap_or(current.status);
    let same = status == current.status;
    let kept = |day: Option<NaiveDate>| if same { day } else { None };
    let checked_on = patch.checked_on.into_change().map_or(kept(current.checked_on), |day| day.map(Day::date));
    let valid_until = patch.valid_until.into_change().map_or(kept(current.valid_until), |day| day.map(Day::date));
    plausible(status, checked_on, valid_until, today)
}

fn plausible(
    status: ComplianceStatus,
    checked_on: Option<NaiveDate>,
    valid_until: Option<NaiveDate>,
    today: Today,
) -> Result<Stated> {
    let met = status == ComplianceStatus::Met;
    let checked_on = if met { checked_on.or(Some(today.0)) } else { checked_on };
    let mut faults: Vec<Fault> = Vec::new();
    if checked_on.is_some_and(|day| today.is_before(day)) {
        faults.push(IN_THE_FUTURE.fault("/checkedOn"));
    }
    match (valid_until, checked_on) {
        (Some(_), _) if !met => faults.push(ONLY_WHEN_MET.fault("/validUntil")),
        (Some(until), Some(checked)) if until < checked => faults.push(ENDS_BEFORE_CHECK.fault("/validUntil")),
        _ => {}
    }
    if faults.is_empty() { Ok(Stated { status, checked_on, valid_until }) } else { Err(Error::Invalid(faults)) }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::super::model::{ComplianceStatus, Standing};
    use super::{changed, plausible, stated};
    use crate::kernel::today::Today;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2019, 3, day).unwrap()
    }

    fn met() -> Standing {
        Standing { status: ComplianceStatus::Met, checked_on: Some(day(1)), valid_until: Some(day(20)), version: 1 }
    }

    #[test]
    fn what_is_met_was_checked_and_is_valid_for_a_time() {
        let today = Today(day(10));
        let said = plausible(ComplianceStatus::Met, None, Some(day(10)), today).unwrap();
        assert_eq!((said.checked_on, said.valid_until), (Some(day(10)), Some(day(10))));
        assert!(plausible(ComplianceStatus::Met, Some(day(11)), None, today).is_err(), "checked tomorrow");
        assert!(plausible(ComplianceStatus::Met, Some(day(9)), Some(day(8)), today).is_err(), "expired when checked");
        assert!(plausible(ComplianceStatus::Requested, None, Some(day(20)), today).is_err(), "not there yet");
    }

    #[test]
    fn what_is_no_longer_met_is_no_longer_valid() {
        let patch = |json: &str| serde_json::from_str(json).unwrap();
        let gone = changed(&met(), patch(r#"{"status":"missing"}"#), Today(day(10))).unwrap();
        assert_eq!((gone.checked_on, gone.valid_until), (None, None));
        let longer = changed(&met(), patch(r#"{"validUntil":null}"#), Today(day(10))).unwrap();
        assert_eq!((longer.checked_on, longer.valid_until), (Some(day(1)), None));
    }

    #[test]
    fn a_mentors_certificate_is_kept_elsewhere() {
        let new = |json: &str| serde_json::from_str(json).unwrap();
        assert!(stated(&new(r#"{"requirement":"mentor-certificate","status":"met"}"#), Today(day(1))).is_err());
        assert!(stated(&new(r#"{"requirement":"duty-to-verify","status":"met"}"#), Today(day(1))).is_ok());
    }
}
