//! Files that follow from the code, are committed, and are read first by a reviewer. A test
//! says whether they are fresh; `stagepunt generate` rewrites them.

use std::fmt::Write as _;

use crate::api;
use crate::auth::permissions::TABLE;
use crate::error::{Error, Result};
use crate::initiatives::initiatives::INITIATIVE_LIFECYCLE;
use crate::kernel::coded::Coded as _;
use crate::kernel::role::Role;
use crate::lifecycle::mermaid;
use crate::placements::offers::PLACEMENT_OFFER_LIFECYCLE;
use crate::placements::placements::PLACEMENT_LIFECYCLE;
use crate::placements::requests::REQUEST_LIFECYCLE;
use crate::placements::signals::SIGNAL_LIFECYCLE;
use crate::regions::mandates::MANDATE_LIFECYCLE;

/// Every generated file that needs no database: its path and what should stand in it.
///
/// # Errors
/// Only a defect of ours in the contract.
pub fn files() -> Result<Vec<(&'static str, String)>> {
    Ok(vec![
        ("openapi/openapi.json", openapi()? + "\n"),
        ("docs/permissions.txt", permissions()),
        ("docs/lifecycles.md", lifecycles()),
    ])
}

/// The contract as partners read it.
///
/// # Errors
/// Only a defect of ours.
pub fn openapi() -> Result<String> {
    serde_json::to_string_pretty(&api::contract()?).map_err(Error::internal)
}

/// The permission table as a matrix.
fn permissions() -> String {
    let mut page = format!("{:<32}", "scope");
    for role in Role::ALL {
        let _ = write!(page, "{:<10}", role.code());
    }
    page.push_str("what it lets a client do\n");
    for grant in TABLE {
        let _ = write!(page, "{:<32}", grant.scope);
        for role in Role::ALL {
            let _ = write!(page, "{:<10}", if grant.roles.contains(&role) { "x" } else { "-" });
        }
        let _ = writeln!(page, "{}", grant.meaning);
    }
    page
}

/// Every lifecycle with its diagram.
fn lifecycles() -> String {
    let mut page =
        String::from("# Lifecycles\n\nGenerated from the lifecycle tables in the code by `stagepunt generate`.\n\n");
    page.push_str(&mermaid(&INITIATIVE_LIFECYCLE));
    page.push('\n');
    page.push_str(&mermaid(&MANDATE_LIFECYCLE));
    page.push('\n');
    page.push_str(&mermaid(&PLACEMENT_OFFER_LIFECYCLE));
    page.push('\n');
    page.push_str(&mermaid(&REQUEST_LIFECYCLE));
    page.push('\n');
    page.push_str(&mermaid(&PLACEMENT_LIFECYCLE));
    page.push('\n');
    page.push_str(&mermaid(&SIGNAL_LIFECYCLE));
    page
}
