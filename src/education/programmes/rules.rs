//! What a programme must be, whoever asks.

use crate::error::Rule;

/// 409: the school has another programme under this code.
pub(super) const CODE_TAKEN: Rule = Rule {
    code: "code-taken",
    nl: "Deze school heeft al een opleiding met deze code; kies een andere.",
    en: "This school already has a programme under this code; choose another.",
};
/// 409: something was recorded about the programme, so it stays.
pub(super) const IN_USE: Rule = Rule {
    code: "still-referred-to",
    nl: "Er hangt nog iets aan deze opleiding, zoals een cohort of een student; zet haar op niet actief.",
    en: "Something still hangs on this programme, such as a cohort or a student; make it inactive.",
};
