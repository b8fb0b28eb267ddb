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
    if text.is_ascii() { holds_run(text.chars()) } else { holds_run(text.nfkc()) }
}

/// Judges the ids of a whole file, however many: whether they look like BSNs. Of those that are nine
/// digits, at least five, more than half pass the 11-test, where chance lets one in eleven pass.
#[derive(Debug, Clone, Copy, Default)]
pub struct IdCensus {
    nine: usize,
    passing: usize,
}

impl IdCensus {
    /// Counts an id.
    pub fn note(&mut self, id: &str) {
        if id.len() == LENGTH && id.bytes().all(|byte| byte.is_ascii_digit()) {
            self.nine += 1;
            self.passing += usize::from(holds_bsn_like(id));
        }
    }

    /// What the ids so far look like.
    #[must_use]
    pub const fn is_bsn_like(&self) -> bool {
        self.nine >= ENOUGH_IDS && self.passing * 2 > self.nine
    }
}

const fn is_joiner(character: char) -> bool {
    matches!(character, '.' | ' ' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

fn holds_run(characters: impl Iterator<Item = char> + Clone) -> bool {
    is_run_in(characters.clone().filter(|character| !is_joiner(*character))) || is_run_in(characters)
}

fn is_run_in(characters: impl Iterator<Item = char>) -> bool {
    let (mut run, mut length) = ([0; LENGTH], 0);
    for mark in characters.map(|character| character.to_digit(10)).chain([None]) {
        if let Some(digit) = mark {
            if let Some(place) = run.get_mut(length) {
                *place = digit;
            }
            length += 1;
        } else if length == LENGTH && passes_the_11_test(run) {
            return true;
        } else {
            length = 0;
        }
    }
    false
}

/// Weights 9 to 2 and minus 1 for the last; the sum is a multiple of 11. Zeros alone are no BSN.
fn passes_the_11_test(digits: [u32; LENGTH]) -> bool {
    let weights = [9, 8, 7, 6, 5, 4, 3, 2, -1];
    let sum: i64 = digits.into_iter().zip(weights).map(|(digit, weight)| i64::from(digit) * weight).sum();
    sum % 11 == 0 && digits != [0; LENGTH]
}

#[cfg(test)]
mod tests {
    use super::{IdCensus, holds_bsn_like};

    fn are_bsn_like<'a>(ids: impl IntoIterator<Item = &'a str>) -> bool {
        let mut census = IdCensus::default();
        ids.into_iter().for_each(|id| census.note(id));
        census.is_bsn_like()
    }

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
