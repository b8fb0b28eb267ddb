//! What a site must be, whoever asks.

use crate::error::Rule;

/// 409: the organisation has another site of this name.
pub(super) const NAME_TAKEN: Rule = Rule {
    code: "name-taken",
    nl: "Deze organisatie heeft al een vestiging met deze naam; kies een andere.",
    en: "This organisation already has a site of this name; choose another.",
};
/// 409: something was recorded about the site, so it stays.
pub(super) const IN_USE: Rule = Rule {
    code: "still-referred-to",
    nl: "Er hangt nog iets aan deze vestiging, zoals een erkenning; zij kan niet weg.",
    en: "Something still refers to this site, such as a recognition; it cannot go.",
};
