//! What a token issuer may vouch for.

use super::model::{ClaimMap, CreateTokenIssuer, PatchTokenIssuer, Standing};
use crate::error::{Error, Fault, Result, Rule};
use crate::kernel::checks::each_once;
use crate::kernel::ids::OrganisationId;
use crate::kernel::role::Role;

/// 400: an operator signs in with a client of the platform, never through somebody else.
pub(super) const ROLE_NOT_EXCHANGEABLE: Rule = Rule {
    code: "role-not-exchangeable",
    nl: "De rol platform kan niet via een andere uitgever worden verkregen.",
    en: "The role platform cannot be had through another issuer.",
};
/// 400: without a claim that tells, there can be only one.
pub(super) const CLAIM_NEEDED: Rule = Rule {
    code: "claim-needed",
    nl: "Noem de claim, of sta er precies één toe.",
    en: "Name the claim, or allow exactly one.",
};
/// 409: the issuer is in the register already.
pub(super) const ISSUER_REGISTERED: Rule = Rule {
    code: "issuer-registered",
    nl: "Deze uitgever staat al in het register; wijzig die inschrijving.",
    en: "This issuer is in the register already; change that entry.",
};

/// Decides whether an issuer may be entered like this.
pub(super) fn may_enter(new: &CreateTokenIssuer) -> Result<()> {
    each_once("/algorithms", &new.algorithms)?;
    vouching(&new.allowed_roles, &new.allowed_organisation_ids, &new.claim_map)
}

/// Decides whether an issuer may be changed like this.
pub(super) fn may_change(current: Standing, patch: &PatchTokenIssuer) -> Result<()> {
    each_once("/algorithms", patch.algorithms.as_change().map_or(&[], Vec::as_slice))?;
    let stored = ClaimMap::from_json(current.claim_map)?;
    vouching(
        patch.allowed_roles.as_change().unwrap_or(&current.allowed_roles),
        patch.allowed_organisation_ids.as_change().unwrap_or(&current.allowed_organisation_ids),
        patch.claim_map.as_change().unwrap_or(&stored),
    )
}

fn vouching(roles: &[Role], organisations: &[OrganisationId], claims: &ClaimMap) -> Result<()> {
    each_once("/allowedRoles", roles)?;
    each_once("/allowedOrganisationIds", organisations)?;
    let mut faults: Vec<Fault> = roles
        .iter()
        .enumerate()
        .filter(|(_, role)| **role == Role::Platform)
        .map(|(index, _)| ROLE_NOT_EXCHANGEABLE.fault(format!("/allowedRoles/{index}")))
        .collect();
    if claims.role.is_none() && roles.len() != 1 {
        faults.push(CLAIM_NEEDED.fault("/claimMap/role"));
    }
    if claims.organisation.is_none() && organisations.len() != 1 {
        faults.push(CLAIM_NEEDED.fault("/claimMap/organisation"));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

#[cfg(test)]
mod tests {
    use super::vouching;
    use crate::auth::issuers::model::ClaimMap;
    use crate::error::Error;
    use crate::kernel::ids::OrganisationId;
    use crate::kernel::role::Role;
    use crate::kernel::text::Line;

    fn claims(organisation: Option<&str>, role: Option<&str>) -> ClaimMap {
        let claim = |name: &str| Line::new(name).unwrap();
        ClaimMap { person: claim("sub"), organisation: organisation.map(claim), role: role.map(claim) }
    }

    fn pointers(roles: &[Role], organisations: usize, claims: &ClaimMap) -> Vec<String> {
        let organisations: Vec<_> = (0..organisations).map(|_| OrganisationId::new()).collect();
        match vouching(roles, &organisations, claims) {
            Ok(()) => Vec::new(),
            Err(Error::Invalid(faults)) => faults.into_iter().map(|fault| fault.pointer).collect(),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn one_role_and_one_organisation_need_no_claims() {
        assert!(pointers(&[Role::School], 1, &claims(None, None)).is_empty());
        assert!(pointers(&[Role::School, Role::Practice], 2, &claims(Some("org"), Some("role"))).is_empty());
        assert_eq!(
            pointers(&[Role::School, Role::Practice], 2, &claims(None, None)),
            ["/claimMap/role", "/claimMap/organisation"]
        );
    }

    #[test]
    fn nobody_else_makes_operators() {
        assert_eq!(pointers(&[Role::School, Role::Platform], 1, &claims(None, Some("role"))), ["/allowedRoles/1"]);
    }
}
