//! Checks that several slices make on what they take in.

use crate::error::{Error, Fault, Result, Rule};

/// 400: a list names something twice.
pub const NAMED_TWICE: Rule =
    Rule { code: "duplicate-item", nl: "Noem elk punt één keer.", en: "Name every item once." };
/// 400: the organisation or region is not there.
pub const UNKNOWN_REFERENCE: Rule = Rule {
    code: "unknown-reference",
    nl: "Dit verwijst naar iets dat er niet is of niet van u is.",
    en: "This refers to something that is not there or not yours.",
};
/// 400: a period's last day lies before its first.
pub const ENDS_BEFORE_IT_STARTS: Rule = Rule {
    code: "ends-before-start",
    nl: "De laatste dag ligt vóór de eerste.",
    en: "The last day lies before the first.",
};

/// Refuses lists that name something twice.
///
/// # Errors
/// 400 with every repetition.
pub fn each_once<T: PartialEq>(pointer: &str, items: &[T]) -> Result<()> {
    let twice: Vec<Fault> = items
        .iter()
        .enumerate()
        .filter(|(index, item)| items.iter().take(*index).any(|earlier| earlier == *item))
        .map(|(index, _)| NAMED_TWICE.fault(format!("{pointer}/{index}")))
        .collect();
    if twice.is_empty() { Ok(()) } else { Err(Error::Invalid(twice)) }
}

#[cfg(test)]
mod tests {
    use super::each_once;

    #[test]
    fn every_repetition_is_named() {
        let faults = each_once("/professions", &[1, 2, 1, 1]);
        assert!(matches!(faults, Err(crate::error::Error::Invalid(faults)) if faults.len() == 2));
    }
}
