//! What an offer must be, and what of it may still change, whoever asks.

use chrono::NaiveDate;

use super::model::{CreatePlacementOffer, PatchPlacementOffer, PlacementOfferStatus};
use super::rows::Standing;
use crate::error::{Error, Fault, Result, Rule};
use crate::kernel::checks::{ENDS_BEFORE_IT_STARTS, UNKNOWN_REFERENCE, each_once};
use crate::kernel::fact::IN_THE_FUTURE;
use crate::kernel::ids::{OrganisationId, RegionId};
use crate::kernel::today::Today;

/// 400: study years are counted from 1 to 6.
pub(super) const NO_STUDY_YEAR: Rule =
    Rule { code: "out-of-range", nl: "Een leerjaar van 1 tot en met 6.", en: "A study year from 1 to 6." };
/// 400: only a host of a region offers seats in it.
pub(super) const NOT_A_HOST: Rule = Rule {
    code: "not-a-host",
    nl: "Deze organisatie is vandaag geen lid van de regio als praktijk, gezondheidscentrum of huisartsenpost.",
    en: "This organisation is not a member of the region today as practice, health centre or out-of-hours post.",
};
/// 400: the practice belongs to several regions.
pub(super) const REGION_NEEDED: Rule = Rule {
    code: "region-needed",
    nl: "Deze praktijk hoort vandaag bij meer dan één regio; geef aan in welke de plaatsen zijn.",
    en: "This practice belongs to more than one region today; say in which one the seats are.",
};
/// 409: seats that placements hold are not taken away.
pub(super) const SEATS_TAKEN: Rule = Rule {
    code: "seats-taken",
    nl: "Er zijn al meer plaatsen bezet dan dit aantal.",
    en: "More seats than this number are taken already.",
};
/// 409: what is closed or withdrawn stays as it was.
pub(super) const ENDED: Rule = Rule {
    code: "ended",
    nl: "Dit aanbod is gesloten of ingetrokken en wordt niet meer gewijzigd.",
    en: "This offer is closed or withdrawn and is no longer changed.",
};
/// 409: what was published counts, and schools build on it.
pub(super) const PUBLISHED_STANDS: Rule = Rule {
    code: "published-stands",
    nl: "Kwalificatie, leerwegen, periode, setting en initiatief staan vast zodra het aanbod gepubliceerd is. Trek het in en doe een nieuw aanbod.",
    en: "Qualification, learning paths, period, setting and initiative are fixed once the offer is published. Withdraw it and make a new one.",
};

/// Refuses a period that ends before it starts.
fn period(starts_on: NaiveDate, ends_on: NaiveDate) -> Result<()> {
    if ends_on < starts_on { Err(ENDS_BEFORE_IT_STARTS.fault("/endsOn").into()) } else { Ok(()) }
}

/// Seats of a period in places of a whole school year, to two decimals.
pub(super) fn school_year_equivalent(seats: i16, starts_on: NaiveDate, ends_on: NaiveDate) -> f64 {
    const DAYS_OF_A_SCHOOL_YEAR: i64 = 40 * 7;
    let days = (ends_on - starts_on).num_days() + 1;
    let hundredths = i64::from(seats) * 100 * days.clamp(0, DAYS_OF_A_SCHOOL_YEAR);
    let rounded = (2 * hundredths + DAYS_OF_A_SCHOOL_YEAR) / (2 * DAYS_OF_A_SCHOOL_YEAR);
    f64::from(i32::try_from(rounded).unwrap_or(i32::MAX)) / 100.0
}

/// Refuses study years that there are not, or that are named twice.
fn study_years(years: &[i16]) -> Result<()> {
    each_once("/studyYears", years)?;
    let none: Vec<Fault> = years
        .iter()
        .enumerate()
        .filter(|(_, year)| !(1..=6).contains(*year))
        .map(|(index, _)| NO_STUDY_YEAR.fault(format!("/studyYears/{index}")))
        .collect();
    if none.is_empty() { Ok(()) } else { Err(Error::Invalid(none)) }
}

/// Decides whether an offer may be entered like this.
pub(super) fn may_enter(new: &CreatePlacementOffer) -> Result<()> {
    each_once("/days", &new.days)?;
    each_once("/reservedForSchoolIds", &new.reserved_for_school_ids)?;
    study_years(&new.study_years)?;
    period(new.starts_on.date(), new.ends_on.date())
}

/// Decides whether a change may be made to an offer as it stands.
pub(super) fn may_change(current: &Standing, patch: &PatchPlacementOffer) -> Result<()> {
    match current.status {
        PlacementOfferStatus::Draft => {}
        PlacementOfferStatus::Published if !patch.touches_what_counts() => {}
        PlacementOfferStatus::Published => return Err(PUBLISHED_STANDS.conflict()),
        PlacementOfferStatus::Closed | PlacementOfferStatus::Withdrawn => return Err(ENDED.conflict()),
    }
    each_once("/days", patch.days.as_change().map_or(&[], Vec::as_slice))?;
    each_once("/reservedForSchoolIds", patch.reserved_for_school_ids.as_change().map_or(&[], Vec::as_slice))?;
    study_years(patch.study_years.as_change().map_or(&[], Vec::as_slice))?;
    period(
        patch.starts_on.as_change().map_or(current.starts_on, |day| day.date()),
        patch.ends_on.as_change().map_or(current.ends_on, |day| day.date()),
    )
}

/// The first day of the history of a new offer.
pub(super) fn begins_on(new: &CreatePlacementOffer, today: Today) -> Result<NaiveDate> {
    let day = new.effective_on.map_or(today.0, NaiveDate::from);
    if today.is_before(day) { Err(IN_THE_FUTURE.fault("/effectiveOn").into()) } else { Ok(day) }
}

/// The region of a new offer: the one in which the practice hosts, or of several the one asked for.
pub(super) fn region(hosting: &[RegionId], asked: Option<RegionId>) -> Result<RegionId> {
    match (hosting, asked) {
        (_, Some(asked)) if hosting.contains(&asked) => Ok(asked),
        (_, Some(_)) => Err(NOT_A_HOST.fault("/regionId").into()),
        ([], None) => Err(NOT_A_HOST.fault("/practiceId").into()),
        ([only], None) => Ok(*only),
        (_, None) => Err(REGION_NEEDED.fault("/regionId").into()),
    }
}

/// Demands that seats are reserved for schools of the region only.
pub(super) fn schools_of_region(asked: &[OrganisationId], found: &[OrganisationId]) -> Result<()> {
    let strange: Vec<Fault> = asked
        .iter()
        .enumerate()
        .filter(|(_, school)| !found.contains(school))
        .map(|(index, _)| UNKNOWN_REFERENCE.fault(format!("/reservedForSchoolIds/{index}")))
        .collect();
    if strange.is_empty() { Ok(()) } else { Err(Error::Invalid(strange)) }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{may_change, period, region, school_year_equivalent, study_years};
    use crate::kernel::ids::RegionId;
    use crate::placements::offers::model::PlacementOfferStatus;
    use crate::placements::offers::rows::Standing;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2019, 3, day).unwrap()
    }

    fn standing(status: PlacementOfferStatus) -> Standing {
        Standing::example(status, day(1), day(20))
    }

    #[test]
    fn a_seat_counts_for_its_weeks_of_the_forty_of_a_school_year() {
        let from = |month, until: (i32, u32, u32)| {
            let starts_on = NaiveDate::from_ymd_opt(2018, month, 3).unwrap();
            let ends_on = NaiveDate::from_ymd_opt(until.0, until.1, until.2).unwrap();
            move |seats| school_year_equivalent(seats, starts_on, ends_on).to_string()
        };
        let half = from(9, (2019, 1, 20));
        assert_eq!((half(0), half(1), half(3)), ("0".to_owned(), "0.5".to_owned(), "1.5".to_owned()));
        let term = from(9, (2019, 1, 31));
        assert_eq!((term(1), term(2)), ("0.54".to_owned(), "1.08".to_owned()));
        let whole = from(9, (2019, 7, 5));
        assert_eq!((whole(2), from(1, (2018, 12, 31))(2)), ("2".to_owned(), "2".to_owned()));
    }

    #[test]
    fn the_region_is_asked_for_only_where_there_are_several() {
        let (one, two) = (RegionId::new(), RegionId::new());
        assert_eq!(region(&[one], None).unwrap(), one);
        assert_eq!(region(&[one, two], Some(two)).unwrap(), two);
        assert!(region(&[one, two], None).is_err());
        assert!(region(&[], None).is_err());
        assert!(region(&[one], Some(two)).is_err());
    }

    #[test]
    fn what_counts_stands_once_it_is_published() {
        use PlacementOfferStatus::{Closed, Draft, Published, Withdrawn};
        let patch = |json: &str| serde_json::from_str(json).unwrap();
        let (dates, seats) = (r#"{"endsOn":"2019-03-25"}"#, r#"{"seats":3,"days":["monday"]}"#);
        assert!(may_change(&standing(Draft), &patch(dates)).is_ok());
        assert!(may_change(&standing(Published), &patch(dates)).is_err());
        assert!(may_change(&standing(Published), &patch(seats)).is_ok());
        assert!(may_change(&standing(Closed), &patch(seats)).is_err());
        assert!(may_change(&standing(Withdrawn), &patch(seats)).is_err());
        assert!(may_change(&standing(Draft), &patch(r#"{"endsOn":"2019-02-25"}"#)).is_err());
    }

    #[test]
    fn periods_and_study_years_are_what_they_can_be() {
        assert!(period(day(1), day(1)).is_ok());
        assert!(period(day(2), day(1)).is_err());
        assert!(study_years(&[1, 3]).is_ok());
        assert!(study_years(&[0]).is_err());
        assert!(study_years(&[7]).is_err());
        assert!(study_years(&[2, 2]).is_err());
    }
}
