//! Which scopes a token gets.

use std::collections::BTreeSet;

use crate::auth::permissions;
use crate::kernel::role::Role;

/// What the client was granted, as far as its role can hold it and it asks for it; nothing
/// asked for means everything.
pub(super) fn granted_scopes(granted: &[String], role: Role, requested: Option<&str>) -> BTreeSet<String> {
    let requested: Option<BTreeSet<&str>> = requested.map(|scopes| scopes.split(' ').collect());
    permissions::TABLE
        .iter()
        .filter(|row| row.roles.contains(&role))
        .map(|row| row.scope)
        .filter(|scope| granted.iter().any(|held| held == scope))
        .filter(|scope| requested.as_ref().is_none_or(|wanted| wanted.contains(scope)))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::granted_scopes;
    use crate::kernel::role::Role;

    fn granted(role: Role, requested: Option<&str>) -> Vec<String> {
        let held = ["me:read", "initiatives:read", "issuers:manage", "no-such:scope"].map(str::to_owned);
        granted_scopes(&held, role, requested).into_iter().collect()
    }

    #[test]
    fn a_token_holds_what_is_granted_allowed_to_the_role_and_asked_for() {
        assert_eq!(granted(Role::Funder, Some("me:read")), ["me:read"]);
        assert_eq!(granted(Role::Funder, Some("me:read regions:read")), ["me:read"], "not granted");
        assert_eq!(granted(Role::Funder, Some("issuers:manage")), Vec::<String>::new(), "above the role's ceiling");
        assert_eq!(granted(Role::Platform, Some("issuers:manage")), ["issuers:manage"]);
        assert_eq!(granted(Role::Platform, Some("no-such:scope")), Vec::<String>::new());
    }

    #[test]
    fn without_asking_it_holds_everything_granted_and_allowed() {
        assert_eq!(granted(Role::Funder, None), ["initiatives:read", "me:read"]);
    }

    #[test]
    fn scopes_are_compared_exactly() {
        for asked in ["", " ", "ME:READ", "me", "me:read,initiatives:read", "me:read\tinitiatives:read"] {
            assert_eq!(granted(Role::Funder, Some(asked)), Vec::<String>::new(), "{asked:?}");
        }
    }
}
