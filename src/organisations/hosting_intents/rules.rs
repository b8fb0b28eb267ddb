//! What stating an intent does to what was stated before.

use chrono::NaiveDate;

use super::model::{Intent, PutHostingIntent, Standing};
use crate::error::{Result, Rule};
use crate::kernel::fact::IN_THE_FUTURE;
use crate::kernel::today::Today;
use crate::organisations::organisations::OrganisationKind;

/// 400: why a host does not offer is data.
pub(super) const REASON_REQUIRED: Rule = Rule {
    code: "reason-required",
    nl: "Geef een reden: waarom biedt deze praktijk geen plaatsen?",
    en: "Give a reason: why does this practice offer no seats?",
};
/// 400: only who does not offer has a reason.
pub(super) const REASON_NOT_EXPECTED: Rule = Rule {
    code: "reason-not-expected",
    nl: "Een reden hoort alleen bij not-offering; laat haar weg.",
    en: "A reason belongs to not-offering only; leave it out.",
};
/// 409: only hosts have hosting intents.
pub(super) const NOT_A_HOST: Rule = Rule {
    code: "not-a-host",
    nl: "Deze organisatie is geen praktijk, gezondheidscentrum of huisartsenpost.",
    en: "This organisation is no practice, health centre or out-of-hours post.",
};
/// 409: another intent holds on these days.
pub(super) const OVERLAPS: Rule = Rule {
    code: "period-overlap",
    nl: "In deze periode geldt al een eerder vastgelegde bereidheid; kies een latere ingangsdatum.",
    en: "An intent recorded before holds in this period; choose a later first day.",
};

/// What a statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// It says what stands already.
    Nothing,
    /// It is the first about this school year.
    Begin(NaiveDate),
    /// It corrects the one that stands.
    Correct(NaiveDate),
    /// The one that stands ended on that day, and this one begins.
    Follow(NaiveDate),
}

/// Refuses a reason without need and a need without reason.
pub(super) fn may_state(put: &PutHostingIntent) -> Result<()> {
    match (put.intent, put.reason_code) {
        (Intent::NotOffering, None) => Err(REASON_REQUIRED.fault("/reasonCode").into()),
        (Intent::Offering | Intent::Interested, Some(_)) => Err(REASON_NOT_EXPECTED.fault("/reasonCode").into()),
        _ => Ok(()),
    }
}

/// Decides what a statement does to the one that stands.
pub(super) fn decide(standing: Option<&Standing>, put: &PutHostingIntent, today: Today) -> Result<Step> {
    let given = put.effective_from.map(NaiveDate::from);
    if given.is_some_and(|day| today.is_before(day)) {
        return Err(IN_THE_FUTURE.fault("/effectiveFrom").into());
    }
    let from = given.unwrap_or(today.0);
    let Some(standing) = standing else { return Ok(Step::Begin(from)) };
    let same =
        standing.intent == put.intent && standing.reason_code == put.reason_code && standing.effective_to.is_none();
    Ok(match given {
        None if same => Step::Nothing,
        Some(given) if same && given == standing.effective_from => Step::Nothing,
        Some(given) if same => Step::Correct(given),
        _ if from > standing.effective_from => Step::Follow(from),
        _ => Step::Correct(from),
    })
}

/// Demands that it is a host.
pub(super) fn must_host(kinds: &[OrganisationKind]) -> Result<()> {
    if kinds.iter().any(|kind| kind.hosts()) { Ok(()) } else { Err(NOT_A_HOST.conflict()) }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use uuid::Uuid;

    use super::{Intent, PutHostingIntent, Standing, Step, decide, may_state};
    use crate::kernel::ids::HostingIntentId;
    use crate::kernel::today::Today;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2019, 3, day).unwrap()
    }

    fn offering_since(first: u32) -> Standing {
        Standing {
            row_id: Uuid::nil(),
            id: HostingIntentId::new(),
            version: 1,
            intent: Intent::Offering,
            reason_code: None,
            effective_from: day(first),
            effective_to: None,
        }
    }

    fn says(json: &str) -> PutHostingIntent {
        serde_json::from_str(json).unwrap()
    }

    fn step(standing: Option<&Standing>, json: &str) -> Step {
        decide(standing, &says(json), Today(day(20))).unwrap()
    }

    #[test]
    fn saying_the_same_again_does_nothing() {
        assert_eq!(step(Some(&offering_since(1)), r#"{"intent":"offering"}"#), Step::Nothing);
        assert_eq!(
            step(Some(&offering_since(1)), r#"{"intent":"offering","effectiveFrom":"2019-03-01"}"#),
            Step::Nothing
        );
    }

    #[test]
    fn another_mind_follows_and_another_truth_corrects() {
        assert_eq!(step(None, r#"{"intent":"offering"}"#), Step::Begin(day(20)));
        assert_eq!(step(Some(&offering_since(1)), r#"{"intent":"interested"}"#), Step::Follow(day(20)));
        assert_eq!(step(Some(&offering_since(20)), r#"{"intent":"interested"}"#), Step::Correct(day(20)));
        let earlier = r#"{"intent":"offering","effectiveFrom":"2019-02-28"}"#;
        assert_eq!(step(Some(&offering_since(1)), earlier), Step::Correct(day(1).pred_opt().unwrap()));
    }

    #[test]
    fn an_ended_intent_can_be_taken_up_again() {
        let ended = Standing { effective_to: Some(day(10)), ..offering_since(1) };
        assert_eq!(step(Some(&ended), r#"{"intent":"offering"}"#), Step::Follow(day(20)));
    }

    #[test]
    fn a_reason_goes_with_not_offering_only() {
        assert!(may_state(&says(r#"{"intent":"not-offering","reasonCode":"no-time"}"#)).is_ok());
        assert!(may_state(&says(r#"{"intent":"not-offering"}"#)).is_err());
        assert!(may_state(&says(r#"{"intent":"offering","reasonCode":"no-time"}"#)).is_err());
    }

    #[test]
    fn nobody_states_what_holds_tomorrow() {
        assert!(decide(None, &says(r#"{"intent":"offering","effectiveFrom":"2019-03-21"}"#), Today(day(20))).is_err());
    }
}
