//! What a placement request must be, and what the bureau may do about its place.

use chrono::{DateTime, NaiveDate, Utc};

use super::model::{
    CreatePlacementRequest, PatchPlacementRequest, PlacementRequestStatus, REQUEST_LIFECYCLE, RankPlacementRequest,
    TellWish,
};
use super::rows::{Rank, Standing};
use crate::error::{Error, Fault, Result, Rule};
use crate::kernel::checks::ENDS_BEFORE_IT_STARTS;
use crate::kernel::day::Day;
use crate::kernel::ids::OrganisationId;
use crate::kernel::today::Today;
use crate::lifecycle::Move;

/// 400: nobody is placed in days that have passed.
pub(super) const PERIOD_OVER: Rule = Rule {
    code: "already-ended",
    nl: "Deze periode is al voorbij; vraag een plaats tot en met vandaag of later.",
    en: "This period is over already; ask for a seat until today or later.",
};
/// 400: only a host of the region can be wished for.
pub(super) const NOT_A_HOST: Rule = Rule {
    code: "not-a-host",
    nl: "Deze organisatie is vandaag geen lid van deze regio als praktijk, gezondheidscentrum of huisartsenpost.",
    en: "This organisation is not a member of this region today as practice, health centre or out-of-hours post.",
};
/// 400: the school is no member of the region today.
pub(super) const NO_MEMBER: Rule = Rule {
    code: "not-a-member",
    nl: "De school is vandaag geen lid van deze regio; vraag het bureau om een lidmaatschap.",
    en: "The school is not a member of this region today; ask the bureau for a membership.",
};
/// 400: a wish without content.
pub(super) const EMPTY_WISH: Rule = Rule {
    code: "empty-wish",
    nl: "Noem in een wens een praktijk, iets in woorden, of beide.",
    en: "Name a practice in a wish, something in words, or both.",
};
/// 400: a place is moved forward for a reason.
pub(super) const SINCE_AND_REASON: Rule = Rule {
    code: "since-and-reason",
    nl: "Wie eerder wacht dan de invoer laat zien, wacht om een reden: geef since en sinceReason allebei, of geen van beide.",
    en: "Whoever waits longer than the entry shows does so for a reason: give both since and sinceReason, or neither.",
};
/// 400: a place is never moved back.
pub(super) const SINCE_LATER: Rule = Rule {
    code: "since-later",
    nl: "Een aanvraag kan eerder op de lijst worden gezet dan zij is ingevoerd, nooit later.",
    en: "A request can be put on the list earlier than it was entered, never later.",
};
/// 409: a student asks for one seat at a time.
pub(super) const OVERLAPS: Rule = Rule {
    code: "request-overlap",
    nl: "Voor deze student staat in (een deel van) deze periode al een aanvraag open; wijzig die of trek haar in.",
    en: "A request for this student is open already in (part of) this period; change or withdraw that one.",
};
/// 409: who has a seat waits for no other.
pub(super) const HAS_A_SEAT: Rule = Rule {
    code: "placement-overlap",
    nl: "Op een aanvraag voor (een deel van) deze periode heeft deze student al een plaats; vraag andere dagen, of beëindig eerst die plaatsing.",
    en: "This student has a seat already on a request for (part of) this period; ask for other days, or end that placement first.",
};
/// 409: only an open request changes or is answered: the school took it back, it lapsed, or it was placed.
pub const REQUEST_NOT_OPEN: Rule = Rule {
    code: "request-not-open",
    nl: "De aanvraag van de school staat niet meer open.",
    en: "The school's request is no longer open.",
};

/// Refuses a period that ends before it starts or has passed, and empty wishes.
pub(super) fn may_ask(new: &CreatePlacementRequest, today: Today) -> Result<()> {
    let mut faults = empty_wishes(&new.wishes);
    faults.extend(period_fault(new.starts_on.date(), new.ends_on.date(), today));
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// Decides whether a school may change its request, and the period it is for then.
pub(super) fn changed(
    standing: &Standing,
    patch: &PatchPlacementRequest,
    today: Today,
) -> Result<(NaiveDate, NaiveDate)> {
    require_open(standing)?;
    let starts_on = patch.starts_on.as_change().copied().map_or(standing.starts_on, Day::date);
    let ends_on = patch.ends_on.as_change().copied().map_or(standing.ends_on, Day::date);
    let mut faults = patch.wishes.as_change().map_or_else(Vec::new, |wishes| empty_wishes(wishes));
    faults.extend(period_fault(starts_on, ends_on, today));
    if faults.is_empty() { Ok((starts_on, ends_on)) } else { Err(Error::Invalid(faults)) }
}

/// The place of a request after what the bureau decided.
pub(super) fn placed_on_list(standing: &Standing, patch: RankPlacementRequest) -> Result<Rank> {
    require_open(standing)?;
    let since = patch.since.into_change().map_or(standing.since, |since| since.unwrap_or(standing.created_at));
    let mut rank = Rank { priority: standing.priority, since, since_reason: standing.since_reason.clone() };
    patch.priority.apply_to(&mut rank.priority);
    patch.since_reason.apply_to(&mut rank.since_reason);
    match since_fault(since, standing.created_at, rank.since_reason.is_some()) {
        Some(fault) => Err(fault.into()),
        None => Ok(rank),
    }
}

fn since_fault(since: DateTime<Utc>, entered: DateTime<Utc>, has_reason: bool) -> Option<Fault> {
    if since > entered {
        Some(SINCE_LATER.fault("/since"))
    } else if since < entered && !has_reason {
        Some(SINCE_AND_REASON.fault("/sinceReason"))
    } else if since == entered && has_reason {
        Some(SINCE_AND_REASON.fault("/since"))
    } else {
        None
    }
}

/// Demands that a request still is open.
pub(super) fn require_open(standing: &Standing) -> Result<()> {
    if standing.status == PlacementRequestStatus::Open { Ok(()) } else { Err(REQUEST_NOT_OPEN.conflict()) }
}

fn period_fault(starts_on: NaiveDate, ends_on: NaiveDate, today: Today) -> Option<Fault> {
    if ends_on < starts_on {
        Some(ENDS_BEFORE_IT_STARTS.fault("/endsOn"))
    } else if ends_on < today.0 {
        Some(PERIOD_OVER.fault("/endsOn"))
    } else {
        None
    }
}

/// The hosts that are wished for.
pub(super) fn wished(wishes: &[TellWish]) -> Vec<OrganisationId> {
    wishes.iter().filter_map(|wish| wish.practice_id).collect()
}

/// Demands that everybody who is wished for is a host of the region.
pub(super) fn hosts_of_region(wishes: &[TellWish], hosts: &[OrganisationId]) -> Result<()> {
    let strange = |wish: &TellWish| wish.practice_id.is_some_and(|practice| !hosts.contains(&practice));
    let strange = wishes.iter().enumerate().filter(|(_, wish)| strange(wish));
    let faults: Vec<Fault> =
        strange.map(|(index, _)| NOT_A_HOST.fault(format!("/wishes/{index}/practiceId"))).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// The step of a request whose period is over: the day after it, or that of the step before.
pub(super) fn lapses(ends_on: NaiveDate, previous: NaiveDate) -> Option<Move<PlacementRequestStatus>> {
    let over = ends_on.succ_opt()?.max(previous);
    REQUEST_LIFECYCLE.following(PlacementRequestStatus::Open, PlacementRequestStatus::Lapsed, over)
}

fn empty_wishes(wishes: &[TellWish]) -> Vec<Fault> {
    let empty = wishes.iter().enumerate().filter(|(_, wish)| wish.practice_id.is_none() && wish.text.is_none());
    empty.map(|(index, _)| EMPTY_WISH.fault(format!("/wishes/{index}"))).collect()
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDate, Utc};

    use super::super::model::{PlacementRequestStatus, RequestPriority};
    use super::super::rows::Standing;
    use super::{changed, lapses, placed_on_list};
    use crate::kernel::ids::{OrganisationId, RegionId};
    use crate::kernel::today::Today;

    fn moment(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn open() -> Standing {
        let entered = moment("2019-03-20T10:00:00Z");
        Standing {
            school_id: OrganisationId::new(),
            region_id: RegionId::new(),
            status: PlacementRequestStatus::Open,
            starts_on: NaiveDate::from_ymd_opt(2019, 9, 2).unwrap(),
            ends_on: NaiveDate::from_ymd_opt(2020, 1, 31).unwrap(),
            priority: None,
            since: entered,
            since_reason: None,
            version: 1,
            created_at: entered,
        }
    }

    fn patched(standing: &Standing, json: &str) -> crate::error::Result<(NaiveDate, NaiveDate)> {
        changed(standing, &serde_json::from_str(json).unwrap(), Today(NaiveDate::from_ymd_opt(2019, 9, 10).unwrap()))
    }

    fn decided(standing: &Standing, json: &str) -> crate::error::Result<super::Rank> {
        placed_on_list(standing, serde_json::from_str(json).unwrap())
    }

    #[test]
    fn a_place_is_moved_forward_with_a_reason_only() {
        let forward = r#"{"since":"2019-02-01T00:00:00Z","sinceReason":"Stond al op de lijst"}"#;
        let rank = decided(&open(), forward).unwrap();
        assert_eq!(rank.since, moment("2019-02-01T00:00:00Z"));
        assert!(decided(&open(), r#"{"since":"2019-02-01T00:00:00Z"}"#).is_err());
        assert!(decided(&open(), r#"{"sinceReason":"Zomaar"}"#).is_err());
        assert!(decided(&open(), &forward.replace("2019-02", "2019-04")).is_err());
        let moved = Standing { since: rank.since, since_reason: rank.since_reason, ..open() };
        assert!(decided(&moved, r#"{"since":null}"#).is_err(), "the reason stays behind");
        assert_eq!(decided(&moved, r#"{"since":null,"sinceReason":null}"#).unwrap().since, open().since);
        assert_eq!(decided(&moved, r#"{"priority":"final-year"}"#).unwrap().priority, Some(RequestPriority::FinalYear));
    }

    #[test]
    fn what_is_no_longer_open_does_not_change() {
        let placed = Standing { status: PlacementRequestStatus::Placed, ..open() };
        assert!(decided(&placed, r#"{"priority":"final-year"}"#).is_err());
        assert!(patched(&placed, "{}").is_err());
        assert!(patched(&open(), r#"{"endsOn":"2019-09-01"}"#).is_err());
        assert!(patched(&open(), r#"{"startsOn":"2019-09-12","endsOn":"2019-09-11"}"#).is_err());
        assert!(patched(&open(), r#"{"endsOn":"2019-09-09"}"#).is_err(), "over");
        assert!(patched(&open(), r#"{"endsOn":"2019-09-10"}"#).is_ok(), "its last day");
    }

    #[test]
    fn it_lapses_the_day_after_but_never_before_the_step_before() {
        let (last, previous) = (open().ends_on, NaiveDate::from_ymd_opt(2020, 2, 10).unwrap());
        let step = lapses(last, NaiveDate::MIN).unwrap();
        assert_eq!((step.to, step.effective_on), (PlacementRequestStatus::Lapsed, last.succ_opt().unwrap()));
        assert_eq!(step.reason_code.as_deref(), Some("period-over"));
        assert_eq!(lapses(last, previous).unwrap().effective_on, previous);
    }
}
