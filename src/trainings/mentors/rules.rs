//! Who may guide an intern.

use crate::error::Rule;

/// 400: the mentor guides nobody any more, or not for this profession.
pub(super) const GUIDES_NOT_FOR_THIS: Rule = Rule {
    code: "mentor-does-not-guide",
    nl: "Deze praktijkbegeleider is niet (meer) actief of begeleidt niet voor het beroep van deze kwalificatie; kies een andere.",
    en: "This mentor is not active (any more), or does not guide for the profession of this qualification; choose another one.",
};
