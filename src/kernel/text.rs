//! Text that people type: trimmed, NFC-normalised and free of characters that hide, reorder or
//! break. The longest length is part of the type, so the contract and the check cannot disagree.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;

use crate::error::Rule;

/// The text is blank.
pub const BLANK: Rule = Rule {
    code: "too-short",
    nl: "Leeg of alleen spaties; vul iets in of laat het veld weg.",
    en: "Blank; fill something in or leave the field out.",
};

/// The text has a character that is never accepted here.
pub const REFUSED_CHARACTER: Rule = Rule {
    code: "refused-character",
    nl: "Er staat een teken in dat niet kan: een stuurteken of een teken dat de leesrichting omkeert. Haal het weg.",
    en: "There is a character in it that is not possible: a control character or one that reverses the reading direction. Remove it.",
};

/// The text is longer than its type allows.
pub const TOO_LONG: Rule = Rule {
    code: "too-long",
    nl: "De tekst is te lang; maak hem korter.",
    en: "The text is too long; make it shorter.",
};

/// Everything a text can be refused for.
pub const RULES: &[&Rule] = &[&BLANK, &REFUSED_CHARACTER, &TOO_LONG];

/// What one line may consist of, as the contract states it (ECMA 262).
pub const LINE_PATTERN: &str = r"^[^\u0000-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069]*[^\s\u0000-\u001F\u007F-\u009F\u00AD\u200B-\u200F\u2028-\u202E\u2060\u2066-\u2069\uFEFF][^\u0000-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069]*$";

/// The same for text of several lines.
pub const PROSE_PATTERN: &str = r"^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]*[^\s\u0000-\u001F\u007F-\u009F\u00AD\u200B-\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF][^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]*$";

/// Whether a character is accepted nowhere: C0 other than tab and line ends, DEL, C1, and what
/// overrides or isolates the reading direction.
#[must_use]
pub const fn is_refused(character: char) -> bool {
    matches!(
        character,
        '\0'..='\u{8}'
            | '\u{B}'
            | '\u{C}'
            | '\u{E}'..='\u{1F}'
            | '\u{7F}'..='\u{9F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}'
    )
}

const fn breaks_line(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

const fn is_invisible(character: char) -> bool {
    matches!(character, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

/// Whether there is nothing to be seen in a text.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|character| character.is_whitespace() || is_invisible(character))
}

/// Trims, brings into normal form C, and makes every line end a line feed; never fails.
#[must_use]
pub fn normalise(raw: &str) -> String {
    let trimmed = raw.trim();
    if trimmed.is_ascii() && !trimmed.contains('\r') {
        return trimmed.to_owned();
    }
    trimmed.replace("\r\n", "\n").replace('\r', "\n").nfc().collect()
}

/// One line in normal form.
pub(super) fn line(raw: &str) -> Result<String, &'static Rule> {
    let text = prose(raw)?;
    if text.contains(breaks_line) { Err(&REFUSED_CHARACTER) } else { Ok(text) }
}

/// Several lines in normal form.
fn prose(raw: &str) -> Result<String, &'static Rule> {
    let text = normalise(raw);
    if text.contains(is_refused) {
        Err(&REFUSED_CHARACTER)
    } else if is_blank(&text) {
        Err(&BLANK)
    } else {
        Ok(text)
    }
}

/// Gives a newtype over `String` with a `new(&str) -> Result<Self, &'static Rule>` all that the
/// house needs of a text: display, serde, diesel.
macro_rules! behaves_as_text {
    ([$($generics:tt)*] $type:ty) => {
        impl<$($generics)*> $type {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<$($generics)*> std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<$($generics)*> AsRef<str> for $type {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl<$($generics)*> From<$type> for String {
            fn from(text: $type) -> Self {
                text.0
            }
        }

        impl<$($generics)*> std::str::FromStr for $type {
            type Err = &'static $crate::error::Rule;

            fn from_str(raw: &str) -> Result<Self, Self::Err> {
                Self::new(raw)
            }
        }

        impl<$($generics)*> serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de, $($generics)*> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let raw = String::deserialize(deserializer)?;
                Self::new(&raw).map_err(|rule| serde::de::Error::custom($crate::kernel::text::Refusal(rule)))
            }
        }

        impl<$($generics)*> diesel::serialize::ToSql<diesel::sql_types::Text, diesel::pg::Pg> for $type {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>,
            ) -> diesel::serialize::Result {
                diesel::serialize::ToSql::<diesel::sql_types::Text, diesel::pg::Pg>::to_sql(self.0.as_str(), out)
            }
        }

        impl<$($generics)*> diesel::deserialize::FromSql<diesel::sql_types::Text, diesel::pg::Pg> for $type {
            fn from_sql(bytes: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
                diesel::deserialize::FromSql::<diesel::sql_types::Text, diesel::pg::Pg>::from_sql(bytes).map(Self)
            }
        }
    };
}
pub(super) use behaves_as_text;

/// What serde is told when a rule refuses a value: its code and the English cure, never the
/// value; [`refusal_in`] finds the rule again.
#[derive(Debug)]
pub struct Refusal(pub &'static Rule);

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.0.code, self.0.en)
    }
}

impl Rule {
    /// This rule, when the message of a serde error is its [`Refusal`].
    #[must_use]
    pub fn is_said_in(&'static self, message: &str) -> Option<&'static Self> {
        let said = message.strip_prefix(self.code)?.strip_prefix(": ")?.starts_with(self.en);
        said.then_some(self)
    }
}

/// The rule of the kernel that refused, when the message of a serde error is its [`Refusal`].
#[must_use]
pub fn refusal_in(message: &str) -> Option<&'static Rule> {
    let lists = RULES.iter().chain(super::formats::RULES).chain(super::money::RULES).copied();
    let mut rules = lists.chain([&super::day::NOT_A_DAY, &super::ids::NOT_AN_ID]);
    rules.find_map(|rule| rule.is_said_in(message))
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident($default:literal) $read:ident $pattern:ident $description:literal $example:literal;)*) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash,
            diesel::expression::AsExpression, diesel::deserialize::FromSqlRow,
        )]
        #[diesel(sql_type = diesel::sql_types::Text)]
        pub struct $name<const MAX: usize = $default>(String);

        impl<const MAX: usize> $name<MAX> {
            /// Reads what somebody typed.
            ///
            /// # Errors
            /// [`BLANK`], [`REFUSED_CHARACTER`] or [`TOO_LONG`].
            pub fn new(raw: &str) -> Result<Self, &'static Rule> {
                let text = $read(raw)?;
                if text.chars().count() > MAX { Err(&TOO_LONG) } else { Ok(Self(text)) }
            }
        }

        behaves_as_text!([const MAX: usize] $name<MAX>);

        impl<const MAX: usize> validator::ValidateLength<u64> for $name<MAX> {
            fn length(&self) -> Option<u64> {
                validator::ValidateLength::length(&self.0)
            }
        }

        /// The type itself has been checked when it was read; nested validation finds nothing more.
        impl<const MAX: usize> validator::Validate for $name<MAX> {
            fn validate(&self) -> Result<(), validator::ValidationErrors> {
                Ok(())
            }
        }

        impl<const MAX: usize> utoipa::__dev::ComposeSchema for $name<MAX> {
            fn compose(_: Vec<utoipa::openapi::RefOr<utoipa::openapi::Schema>>) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .description(Some($description))
                    .min_length(Some(1))
                    .max_length(Some(MAX))
                    .pattern(Some($pattern))
                    .examples([serde_json::json!($example)])
                    .into()
            }
        }

        impl<const MAX: usize> utoipa::ToSchema for $name<MAX> {
            fn name() -> Cow<'static, str> {
                Cow::Owned(format!(concat!(stringify!($name), "{}"), MAX))
            }
        }
    )*};
}

texts! {
    /// One line of at most `MAX` characters.
    Line(200) line LINE_PATTERN "One line of text, trimmed and stored in Unicode normal form C." "Stages in de regio";
    /// Text of one or more lines, of at most `MAX` characters; tabs and line ends are kept.
    Prose(2000) prose PROSE_PATTERN "Text of one or more lines, trimmed and stored in Unicode normal form C." "Meer stageplaatsen in de huisartsenzorg.";
}

#[cfg(test)]
mod tests {
    use super::{BLANK, Line, Prose, REFUSED_CHARACTER, TOO_LONG, refusal_in};

    #[test]
    fn text_is_trimmed_and_in_normal_form() {
        let cases = [
            ("  Tilburg \n", "Tilburg"),
            ("cafe\u{301}", "café"),
            ("\u{a0}IJsselstein\u{2003}", "IJsselstein"),
            ("Ångström 日本 👩‍⚕️", "Ångström 日本 👩‍⚕️"),
        ];
        for (raw, stored) in cases {
            assert_eq!(Line::<200>::new(raw).unwrap().as_str(), stored);
            assert_eq!(Prose::<200>::new(raw).unwrap().as_str(), stored);
        }
    }

    #[test]
    fn what_hides_or_breaks_is_refused() {
        for character in
            "\0\u{1}\u{8}\u{b}\u{c}\u{e}\u{1b}\u{1f}\u{7f}\u{80}\u{85}\u{9f}\u{202a}\u{202e}\u{2066}\u{2069}".chars()
        {
            let raw = format!("a{character}b");
            assert_eq!(Line::<200>::new(&raw), Err(&REFUSED_CHARACTER), "{character:?}");
            assert_eq!(Prose::<200>::new(&raw), Err(&REFUSED_CHARACTER), "{character:?}");
        }
        for raw in ["a\nb", "a\tb", "a\r\nb", "a\u{2028}b", "a\u{2029}b"] {
            assert_eq!(Line::<200>::new(raw), Err(&REFUSED_CHARACTER), "{raw:?}");
        }
    }

    #[test]
    fn prose_keeps_tabs_and_makes_every_line_end_a_line_feed() {
        assert_eq!(Prose::<200>::new("a\r\nb\rc\td").unwrap().as_str(), "a\nb\nc\td");
    }

    #[test]
    fn nothing_to_see_is_blank() {
        for raw in ["", " ", "\t\n", "\u{a0}", "\u{200b}", "\u{feff} \u{2060}", "\u{ad}"] {
            assert_eq!(Line::<200>::new(raw), Err(&BLANK), "{raw:?}");
            assert_eq!(Prose::<200>::new(raw), Err(&BLANK), "{raw:?}");
        }
    }

    #[test]
    fn length_counts_characters_after_trimming() {
        assert!(Line::<3>::new("  日本語 ").is_ok());
        assert!(Line::<3>::new("e\u{301}e\u{301}e\u{301}").is_ok());
        assert_eq!(Line::<3>::new("abcd"), Err(&TOO_LONG));
        assert_eq!(Line::<200>::new(&"x".repeat(201)), Err(&TOO_LONG));
    }

    #[test]
    fn a_serde_error_names_its_rule_and_never_the_value() {
        let error = serde_json::from_str::<Line>(r#""geheim\u0000""#).unwrap_err().to_string();
        assert!(!error.contains("geheim"));
        assert_eq!(refusal_in(&error), Some(&REFUSED_CHARACTER));
        assert_eq!(refusal_in("too-short: something else"), None);
    }
}
