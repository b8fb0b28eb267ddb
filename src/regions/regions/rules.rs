//! What a region must be, whoever asks.

use crate::error::Rule;

/// 409: the code names another region.
pub(super) const CODE_TAKEN: Rule = Rule {
    code: "code-taken",
    nl: "Deze code is al van een andere regio; kies een andere.",
    en: "This code belongs to another region; choose another.",
};
