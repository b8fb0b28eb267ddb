//! What may become of an API client and its secrets.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::model::{ApiClientStatus, PatchApiClient, Standing, StandingSecret};
use crate::auth::permissions;
use crate::auth::secret::VALID_AT_A_TIME;
use crate::error::{Error, Fault, Result, Rule};
use crate::kernel::checks::each_once;
use crate::kernel::role::Role;
use crate::lifecycle::invalid_transition;

/// 400: there is no such scope.
pub(super) const UNKNOWN_SCOPE: Rule = Rule {
    code: "unknown-scope",
    nl: "Deze scope bestaat niet; /.well-known/oauth-authorization-server noemt ze alle.",
    en: "There is no such scope; /.well-known/oauth-authorization-server names them all.",
};
/// 400: the role cannot hold the scope.
pub(super) const SCOPE_ABOVE_ROLE: Rule = Rule {
    code: "scope-above-role",
    nl: "Een client met deze rol kan deze scope niet krijgen.",
    en: "A client in this role cannot have this scope.",
};
/// 403: an organisation narrows its own clients, the platform widens.
pub(super) const ONLY_PLATFORM_WIDENS: Rule = Rule {
    code: "only-platform-widens-scopes",
    nl: "U kunt scopes van een client wegnemen, niet toevoegen; vraag dat aan de beheerder.",
    en: "You can take scopes from a client, not add them; ask the operator to.",
};
/// 409: nothing happens to a revoked client any more.
pub(super) const CLIENT_REVOKED: Rule = Rule {
    code: "client-revoked",
    nl: "Deze client is ingetrokken en verandert niet meer. Laat een nieuwe maken.",
    en: "This client was revoked and no longer changes. Have a new one made.",
};
/// 409: the rotation before this one is still under way.
pub(super) const TWO_SECRETS_VALID: Rule = Rule {
    code: "two-secrets-valid",
    nl: "Er zijn al twee geldige geheimen. Wacht tot het oudste verloopt, of stuur overlapHours 0: dan vervallen beide meteen.",
    en: "Two secrets are valid already. Wait until the older one expires, or send overlapHours 0: then both end at once.",
};
/// Hours that a secret still works beside its successor, unless asked otherwise.
pub(super) const DEFAULT_OVERLAP_HOURS: u16 = 24;

/// Every scope that a role can hold.
pub(in crate::auth) fn ceiling(role: Role) -> Vec<String> {
    permissions::TABLE.iter().filter(|row| row.roles.contains(&role)).map(|row| row.scope.to_owned()).collect()
}

/// Refuses scopes that are not there, not for this role, or named twice.
pub(super) fn may_hold(role: Role, scopes: &[impl AsRef<str> + PartialEq]) -> Result<()> {
    each_once("/scopes", scopes)?;
    let refusal = |scope: &str| match permissions::TABLE.iter().find(|row| row.scope == scope) {
        None => Some(&UNKNOWN_SCOPE),
        Some(row) if !row.roles.contains(&role) => Some(&SCOPE_ABOVE_ROLE),
        Some(_) => None,
    };
    let faults: Vec<Fault> = scopes
        .iter()
        .enumerate()
        .filter_map(|(index, scope)| Some(refusal(scope.as_ref())?.fault(format!("/scopes/{index}"))))
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// Refuses anything that is done with a revoked client.
pub(super) fn must_work(current: &Standing) -> Result<()> {
    if current.revoked_at.is_some() { Err(CLIENT_REVOKED.conflict()) } else { Ok(()) }
}

/// Decides whether a change may be made; `widens` tells whether the caller may add scopes.
pub(super) fn may_change(current: &Standing, patch: &PatchApiClient, widens: bool) -> Result<()> {
    must_work(current)?;
    let Some(scopes) = patch.scopes.as_change() else { return Ok(()) };
    may_hold(current.role, scopes)?;
    let adds = scopes.iter().any(|scope| !current.scopes.iter().any(|held| held == scope.as_str()));
    if adds && !widens { Err(Error::Forbidden(&ONLY_PLATFORM_WIDENS)) } else { Ok(()) }
}

/// The state a client is in.
pub(super) const fn status(revoked_at: Option<DateTime<Utc>>) -> ApiClientStatus {
    if revoked_at.is_some() { ApiClientStatus::Revoked } else { ApiClientStatus::Active }
}

/// The states it can still move to.
pub(super) fn allowed_transitions(status: ApiClientStatus) -> Vec<ApiClientStatus> {
    match status {
        ApiClientStatus::Active => vec![ApiClientStatus::Revoked],
        ApiClientStatus::Revoked => Vec::new(),
    }
}

/// Decides a step: an active client can be revoked, and that is all.
pub(super) fn may_move(current: &Standing, to: ApiClientStatus) -> Result<()> {
    let status = status(current.revoked_at);
    let allowed = allowed_transitions(status);
    if allowed.contains(&to) { Ok(()) } else { Err(invalid_transition(status, &allowed)) }
}

/// How a new secret gets its place.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Rotation {
    /// The slot of the new secret.
    pub(super) slot: i16,
    /// Secrets that end now: lapsed ones, whose slot is wanted, and with no overlap all.
    pub(super) ending: Vec<Uuid>,
    /// The secret that works until this moment.
    pub(super) expiring: Option<(Uuid, DateTime<Utc>)>,
}

/// Decides how a new secret takes over from the ones there are.
pub(super) fn rotation(now: DateTime<Utc>, standing: &[StandingSecret], overlap_hours: u16) -> Result<Rotation> {
    let overlap = TimeDelta::hours(i64::from(overlap_hours));
    let works_on =
        |secret: &&StandingSecret| overlap_hours > 0 && secret.expires_at.is_none_or(|expires_at| now < expires_at);
    let (valid, ending): (Vec<&StandingSecret>, Vec<&StandingSecret>) = standing.iter().partition(works_on);
    let ending = ending.into_iter().map(|secret| secret.id).collect();
    if valid.len() >= VALID_AT_A_TIME {
        return Err(TWO_SECRETS_VALID.conflict());
    }
    let earlier = valid.first();
    let slot = if earlier.is_some_and(|secret| secret.slot == 1) { 2 } else { 1 };
    let expiring = earlier.map(|secret| {
        let end = now + overlap;
        (secret.id, secret.expires_at.map_or(end, |expires_at| expires_at.min(end)))
    });
    Ok(Rotation { slot, ending, expiring })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::patch::{Change, Patch};
    use crate::kernel::coded::Coded as _;
    use crate::kernel::ids::{ClientId, OrganisationId};
    use crate::kernel::text::Line;

    fn scopes(scopes: &[&str]) -> Vec<Line<64>> {
        scopes.iter().map(|scope| Line::new(scope).unwrap()).collect()
    }

    fn client() -> Standing {
        Standing {
            id: ClientId::new(),
            organisation_id: OrganisationId::new(),
            role: Role::School,
            scopes: vec!["me:read".into(), "initiatives:read".into()],
            revoked_at: None,
            version: 1,
        }
    }

    fn patch(wanted: &[&str]) -> PatchApiClient {
        PatchApiClient { name: Change::Absent, scopes: Change::Value(scopes(wanted)), person_ref: Patch::Absent }
    }

    fn secret(slot: i16, expires_at: Option<DateTime<Utc>>) -> StandingSecret {
        StandingSecret { id: Uuid::from_u128(slot.unsigned_abs().into()), slot, expires_at }
    }

    #[test]
    fn every_scope_that_cannot_be_held_is_named() {
        let faults = may_hold(Role::School, &scopes(&["me:read", "issuers:manage", "no-such:scope"]));
        let Err(Error::Invalid(faults)) = faults else { panic!("accepted") };
        let named: Vec<_> = faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
        assert_eq!(named, [("/scopes/1", "scope-above-role"), ("/scopes/2", "unknown-scope")]);
        assert!(may_hold(Role::School, &scopes(&["me:read", "me:read"])).is_err());
    }

    #[test]
    fn every_role_can_hold_its_own_ceiling() {
        for role in Role::LABELS.iter().filter_map(|label| Role::from_code(label.code)) {
            may_hold(role, &ceiling(role)).unwrap();
        }
    }

    #[test]
    fn an_organisation_narrows_and_only_the_platform_widens() {
        assert!(may_change(&client(), &patch(&["me:read"]), false).is_ok());
        assert!(matches!(may_change(&client(), &patch(&["me:read", "jobs:read"]), false), Err(Error::Forbidden(_))));
        assert!(may_change(&client(), &patch(&["me:read", "jobs:read"]), true).is_ok());
        assert!(may_change(&client(), &patch(&["issuers:manage"]), true).is_err(), "above the role, whoever asks");
    }

    #[test]
    fn a_revoked_client_stays_as_it_is() {
        let revoked = Standing { revoked_at: Some(DateTime::UNIX_EPOCH), ..client() };
        assert!(may_change(&revoked, &patch(&["me:read"]), true).is_err());
        assert!(may_move(&revoked, ApiClientStatus::Revoked).is_err());
        assert!(may_move(&client(), ApiClientStatus::Revoked).is_ok());
        assert!(may_move(&client(), ApiClientStatus::Active).is_err());
    }

    #[test]
    fn a_new_secret_takes_the_other_slot_and_the_earlier_one_gets_an_end() {
        let now = DateTime::UNIX_EPOCH;
        let first = secret(1, None);
        let in_a_day = now + TimeDelta::hours(24);
        assert_eq!(
            rotation(now, &[first], 24).unwrap(),
            Rotation { slot: 2, ending: vec![], expiring: Some((first.id, in_a_day)) }
        );
        let second = secret(2, Some(now + TimeDelta::hours(1)));
        assert_eq!(
            rotation(now, &[second], 24).unwrap(),
            Rotation { slot: 1, ending: vec![], expiring: Some((second.id, now + TimeDelta::hours(1))) },
            "an end is never put off"
        );
        assert_eq!(rotation(now, &[], 24).unwrap(), Rotation { slot: 1, ending: vec![], expiring: None });
    }

    #[test]
    fn a_lapsed_secret_gives_up_its_slot() {
        let now = DateTime::UNIX_EPOCH;
        let (lapsed, valid) = (secret(1, Some(now)), secret(2, None));
        let rotation = rotation(now, &[lapsed, valid], 1).unwrap();
        assert_eq!((rotation.slot, rotation.ending), (1, vec![lapsed.id]));
        assert_eq!(rotation.expiring, Some((valid.id, now + TimeDelta::hours(1))));
    }

    #[test]
    fn a_third_secret_is_refused_unless_the_others_end_at_once() {
        let now = DateTime::UNIX_EPOCH;
        let both = [secret(1, Some(now + TimeDelta::hours(1))), secret(2, None)];
        assert!(matches!(rotation(now, &both, 24), Err(Error::Conflict { .. })));
        let at_once = rotation(now, &both, 0).unwrap();
        assert_eq!(at_once, Rotation { slot: 1, ending: vec![both[0].id, both[1].id], expiring: None });
    }
}
