//! What a class mapping is refused for.

use crate::error::Rule;

/// 409: a class belongs to one programme.
pub(super) const ALREADY_MAPPED: Rule = Rule {
    code: "already-recorded",
    nl: "Deze klas hoort al bij een opleiding; wijzig die koppeling.",
    en: "This class belongs to a programme already; change that mapping.",
};
