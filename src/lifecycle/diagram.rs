//! The lifecycle as people read it: Mermaid diagrams and a table, for `docs/lifecycles.md`.

use std::fmt::Write as _;

use super::table::{Follow, LifecycleTable, State};
use crate::kernel::coded::Coded as _;

/// A section of `docs/lifecycles.md`.
#[must_use]
pub fn mermaid<S: State>(table: &LifecycleTable<S>) -> String {
    let mut page = format!("## {}\n\n```mermaid\nstateDiagram-v2\n", table.resource.replace('_', " "));
    for state in table.initial {
        let _ = writeln!(page, "    [*] --> {}", name(state.code()));
    }
    for way in table.ways {
        let _ = writeln!(page, "    {} --> {}", name(way.from.code()), name(way.to.code()));
    }
    // A pair of states has one arrow, whoever else takes the same way.
    let apart = |follow: &&Follow<S>| !table.ways.iter().any(|way| way.from == follow.from && way.to == follow.to);
    for follow in table.follows.iter().filter(apart) {
        let _ = writeln!(page, "    {} --> {}", name(follow.from.code()), name(follow.to.code()));
    }
    page.push_str("```\n\n| from | to | who | reason codes |\n|---|---|---|---|\n");
    for way in table.ways {
        let roles: Vec<_> = way.roles.iter().map(|role| role.code()).collect();
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} |",
            way.from.code(),
            way.to.code(),
            roles.join(", "),
            if way.reasons.is_empty() { "–".to_owned() } else { way.reasons.join(", ") }
        );
    }
    for follow in table.follows {
        let _ = writeln!(
            page,
            "| {} | {} | *follows {}* | {} |",
            follow.from.code(),
            follow.to.code(),
            follow.cause,
            follow.reason.unwrap_or("–")
        );
    }
    let _ = writeln!(page, "\nA step is corrected by {}.", table.mended_by.in_words());
    for derived in table.derived {
        let _ = writeln!(page, "\n*{}* is derived: {}.", derived.state, derived.when);
    }
    page
}

/// Mermaid reads a hyphen as an operator.
fn name(code: &str) -> String {
    code.replace('-', "_")
}
