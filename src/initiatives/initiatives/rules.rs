//! What an initiative must be, whoever asks.

use chrono::NaiveDate;

use super::model::{CreateInitiative, PatchInitiative};
use super::rows::Standing;
use crate::error::{Result, Rule};
use crate::kernel::checks::{ENDS_BEFORE_IT_STARTS, each_once};
use crate::kernel::fact::IN_THE_FUTURE;
use crate::kernel::today::Today;

/// 409: what has ended stays as it was.
pub(super) const ENDED: Rule = Rule {
    code: "ended",
    nl: "Dit initiatief is geëindigd en wordt niet meer gewijzigd.",
    en: "This initiative has ended and is no longer changed.",
};
/// 409: the code names another initiative of the region.
pub(super) const CODE_TAKEN: Rule = Rule {
    code: "code-taken",
    nl: "Deze code is in de regio al in gebruik; kies een andere.",
    en: "This code is in use in the region; choose another.",
};
/// Refuses a planned end before the start.
pub(super) fn planned(starts_on: Option<NaiveDate>, ends_on: Option<NaiveDate>) -> Result<()> {
    match (starts_on, ends_on) {
        (Some(starts_on), Some(ends_on)) if ends_on < starts_on => Err(ENDS_BEFORE_IT_STARTS.fault("/endsOn").into()),
        _ => Ok(()),
    }
}

/// Decides whether a change may be made to an initiative as it stands.
pub(super) fn may_change(current: &Standing, patch: &PatchInitiative) -> Result<()> {
    if current.status.has_ended() {
        return Err(ENDED.conflict());
    }
    each_once("/professions", patch.professions.as_change().map_or(&[], Vec::as_slice))?;
    each_once("/learningPaths", patch.learning_paths.as_change().map_or(&[], Vec::as_slice))?;
    let starts_on = patch.starts_on.as_change().map_or(current.starts_on, |day| day.copied().map(NaiveDate::from));
    let ends_on = patch.ends_on.as_change().map_or(current.ends_on, |day| day.copied().map(NaiveDate::from));
    planned(starts_on, ends_on)
}

/// Decides whether an initiative may be entered like this.
pub(super) fn may_enter(new: &CreateInitiative) -> Result<()> {
    each_once("/professions", &new.professions)?;
    each_once("/learningPaths", &new.learning_paths)?;
    planned(new.starts_on.map(NaiveDate::from), new.ends_on.map(NaiveDate::from))
}

/// The first day of the history of a new initiative.
pub(super) fn begins_on(new: &CreateInitiative, today: Today) -> Result<NaiveDate> {
    let day = new.effective_on.map_or(today.0, NaiveDate::from);
    if today.is_before(day) { Err(IN_THE_FUTURE.fault("/effectiveOn").into()) } else { Ok(day) }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use serde_json::json;
    use uuid::Uuid;

    use super::{begins_on, planned};
    use crate::kernel::today::Today;

    #[test]
    fn its_history_may_begin_before_its_entry_but_not_ahead() {
        let today = Today(NaiveDate::from_ymd_opt(2019, 3, 31).unwrap());
        let new = |more: serde_json::Value| {
            let mut body =
                json!({"code": "c", "title": "t", "regionId": Uuid::nil(), "leadOrganisationId": Uuid::nil()});
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            serde_json::from_value(body).unwrap()
        };
        assert_eq!(begins_on(&new(json!({})), today).unwrap(), today.0);
        let earlier = begins_on(&new(json!({"effectiveOn": "2018-03-05"})), today).unwrap();
        assert_eq!(earlier, NaiveDate::from_ymd_opt(2018, 3, 5).unwrap());
        assert!(begins_on(&new(json!({"effectiveOn": "2019-04-01"})), today).is_err());
    }

    #[test]
    fn it_may_end_on_the_day_it_starts_but_not_before() {
        let day = NaiveDate::from_ymd_opt(2018, 7, 1);
        assert!(planned(day, day).is_ok());
        assert!(planned(day, day.and_then(|day| day.pred_opt())).is_err());
        assert!(planned(None, day).is_ok());
    }
}
