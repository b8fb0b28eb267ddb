//! The guard against citizen service numbers (BSN): nobody may store one here. It knows them by
//! their shape, nine digits that pass the 11-test, and never says which text held one.

use unicode_normalization::UnicodeNormalization as _;

use crate::error::Rule;

/// 400: the text holds nine digits that could be somebody's BSN.
pub const BSN_LIKE: Rule = Rule {
    code: "bsn-like",
    nl: "Hier staan negen cijfers die een BSN kunnen zijn. Een BSN hoort hier niet: haal het weg, of schrijf het getal anders als het geen BSN is.",
    en: "These are nine digits that may be a citizen service number (BSN). It does not belong here: remove it, or write the number differently if it is none.",
};

const LENGTH: usize = 9;

/// How many ids of nine digits a file must hold before their share says anything.
const ENOUGH_IDS: usize = 5;

/// Whether a text holds a run of exactly nine digits, written together or in groups with dots or
/// blanks between them, that passes the 11-test. About one in eleven other numbers passes too.
#[must_use]
pub fn holds_bsn_like(text: &str) -> bool {
    if text.bytes().filter(u8::is_ascii_digit).count() < LENGTH && text.is_ascii() {
        return false;
    }
    let digits: Vec<Option<u32>> = text.nfkc().filter(|character| !is_joiner(*character)).map(of_digit).collect();
    let plain: Vec<Option<u32>> = text.nfkc().map(|character| character.to_digit(10)).collect();
    [digits, plain].iter().any(|marks| runs(marks).any(|run| passes_the_11_test(&run)))
}

/// Whether the ids of a whole file look like BSNs: of those that are nine digits, at least five,
/// more than half pass the 11-test, where chance lets one in eleven pass.
pub fn are_bsn_like<'a>(ids: impl IntoIterator<Item = &'a str>) -> bool {
    let (mut nine, mut passing) = (0_usize, 0_usize);
    for id in ids.into_iter().filter(|id| id.len() == LENGTH && id.bytes().all(|byte| byte.is_ascii_digit())) {
        nine += 1;
        passing += usize::from(holds_bsn_like(id));
    }
    nine >= ENOUGH_IDS && passing * 2 > nine
}

const fn is_joiner(character: char) -> bool {
    matches!(character, '.' | ' ' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

fn of_digit(character: char) -> Option<u32> {
    character.to_digit(10)
}

fn runs(marks: &[Option<u32>]) -> impl Iterator<Item = Vec<u32>> {
    marks.split(Option::is_none).filter(|run| run.len() == LENGTH).map(|run| run.iter().copied().flatten().collect())
}

/// Weights 9 to 2 and minus 1 for the last; the sum is a multiple of 11. Zeros alone are no BSN.
fn passes_the_11_test(digits: &[u32]) -> bool {
    let weights = [9, 8, 7, 6, 5, 4, 3, 2, -1];
    let sum: i64 = digits.iter().zip(weights).map(|(digit, weight)| i64::from(*digit) * weight).sum();
    sum % 11 == 0 && digits.iter().any(|digit| *digit != 0)
}

#[cfg(test)]
mod tests {
    use super::{are_bsn_like, holds_bsn_like};

    #[test]
    fn nine_digits_that_pass_are_found_however_they_are_written() {
        for text in [
            "111222333",
            "Voorbeeld 111222333",
            "bsn111222333x",
            "111.222.333",
            "1112 22 333",
            "１１１２２２３３３",
            "111\u{200b}222333",
            "12 en 111222333",
        ] {
            assert!(holds_bsn_like(text), "{text}");
        }
    }

    #[test]
    fn other_numbers_pass() {
        for text in [
            "",
            "Voorbeeld",
            "111222334",
            "1112223330",
            "0111222333",
            "11122233",
            "000000000",
            "111-222-333",
            "+31 13 000 00 00",
            "2018-2019",
        ] {
            assert!(!holds_bsn_like(text), "{text}");
        }
    }

    #[test]
    fn a_file_is_judged_by_the_share_of_its_ids() {
        let real = ["111222333", "123456782", "999999990", "000000012", "123456790"];
        assert!(are_bsn_like(real));
        assert!(!are_bsn_like(real.into_iter().take(4)), "too few to say");
        let chance: Vec<String> = (0..500).map(|number| format!("{:09}", 200_000_000 + number)).collect();
        assert!(!are_bsn_like(chance.iter().map(String::as_str)));
        assert!(!are_bsn_like(["demo-0001"; 20]));
    }
}
