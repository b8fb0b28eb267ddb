//! What a membership must be, whoever asks.

use chrono::NaiveDate;

use super::model::{CreateMembership, PatchMembership, Standing};
use crate::error::{Result, Rule};
use crate::kernel::fact::Period;
use crate::kernel::today::Today;

/// 409: an organisation is a member of a region once at a time.
pub(super) const OVERLAPS: Rule = Rule {
    code: "membership-overlap",
    nl: "Deze organisatie is in (een deel van) deze periode al lid van de regio; beëindig of verbeter dat lidmaatschap eerst.",
    en: "This organisation is a member of the region already in (part of) this period; end or correct that membership first.",
};

/// The period of a membership that is recorded for the first time.
pub(super) fn recorded(new: &CreateMembership, today: Today) -> Result<Period> {
    Period::recorded(new.effective_from.date(), new.effective_to.map(NaiveDate::from), today)
}

/// The period of a membership after this correction.
pub(super) fn corrected(standing: &Standing, patch: &PatchMembership, today: Today) -> Result<Period> {
    let from = patch.effective_from.as_change().map_or(standing.effective_from, |day| day.date());
    let to = patch.effective_to.as_change().map_or(standing.effective_to, |day| day.copied().map(NaiveDate::from));
    Period::recorded(from, to, today)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use uuid::Uuid;

    use super::super::model::{PatchMembership, Standing};
    use super::corrected;
    use crate::kernel::fact::Period;
    use crate::kernel::ids::{MembershipId, OrganisationId, RegionId};
    use crate::kernel::today::Today;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2019, 3, day).unwrap()
    }

    fn after(body: &str) -> crate::error::Result<Period> {
        let standing = Standing {
            row_id: Uuid::nil(),
            id: MembershipId(Uuid::nil()),
            version: 1,
            region_id: RegionId(Uuid::nil()),
            organisation_id: OrganisationId(Uuid::nil()),
            host_kind: None,
            effective_from: day(1),
            effective_to: Some(day(20)),
        };
        let patch: PatchMembership = serde_json::from_str(body).unwrap();
        corrected(&standing, &patch, Today(day(28)))
    }

    #[test]
    fn an_end_can_be_set_moved_and_taken_back() {
        assert_eq!(after("{}").unwrap(), Period { from: day(1), to: Some(day(20)) });
        assert_eq!(after(r#"{"effectiveTo": "2019-03-10"}"#).unwrap().to, Some(day(10)));
        assert_eq!(after(r#"{"effectiveTo": null}"#).unwrap().to, None);
    }

    #[test]
    fn a_correction_keeps_the_period_in_order_and_out_of_the_future() {
        assert!(after(r#"{"effectiveFrom": "2019-03-20"}"#).is_err());
        assert!(after(r#"{"effectiveTo": "2019-03-29"}"#).is_err());
        assert!(after(r#"{"effectiveFrom": "2019-03-19"}"#).is_ok());
    }
}
