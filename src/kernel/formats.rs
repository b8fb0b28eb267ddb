//! Small formats with a check of their own: codes and addresses of organisations and people.

use validator::{ValidateEmail as _, ValidateUrl as _};

use super::text::{behaves_as_text, line};
use crate::error::Rule;

/// A checked format as the contract and the fault list know it.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// The value of `format` in the contract.
    pub name: &'static str,
    /// The value of `pattern` in the contract.
    pub pattern: &'static str,
    /// Whether a text is of this format.
    pub accepts: fn(&str) -> bool,
    /// What to say when it is not.
    pub rule: &'static Rule,
}

macro_rules! formats {
    ($(
        $(#[$doc:meta])*
        $name:ident $format:literal {
            pattern: $pattern:literal,
            max: $max:literal,
            read: $read:ident,
            describe: $description:literal,
            example: $example:literal,
            nl: $nl:literal,
            en: $en:literal,
        }
    )*) => {
        $(
            $(#[$doc])*
            #[derive(
                Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash,
                diesel::expression::AsExpression, diesel::deserialize::FromSqlRow,
            )]
            #[diesel(sql_type = diesel::sql_types::Text)]
            pub struct $name(String);

            impl $name {
                /// What is said of a text that is not of this format.
                pub const RULE: Rule = Rule { code: "malformed", nl: $nl, en: $en };

                /// Reads what somebody typed and brings it into its one stored form.
                ///
                /// # Errors
                /// [`Self::RULE`], or that of a text that is blank or has refused characters.
                pub fn new(raw: &str) -> Result<Self, &'static Rule> {
                    let text = line(raw)?;
                    if text.chars().count() > $max {
                        return Err(&Self::RULE);
                    }
                    $read(&text).map(Self).ok_or(&Self::RULE)
                }
            }

            behaves_as_text!([] $name);

            impl utoipa::__dev::ComposeSchema for $name {
                fn compose(_: Vec<utoipa::openapi::RefOr<utoipa::openapi::Schema>>) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                    utoipa::openapi::ObjectBuilder::new()
                        .schema_type(utoipa::openapi::schema::Type::String)
                        .format(Some(utoipa::openapi::SchemaFormat::Custom($format.to_owned())))
                        .description(Some($description))
                        .min_length(Some(1))
                        .max_length(Some($max))
                        .pattern(Some($pattern))
                        .examples([serde_json::json!($example)])
                        .into()
                }
            }

            impl utoipa::ToSchema for $name {}
        )*

        /// Every format, for the checks of the contract.
        pub const FORMATS: &[Format] = &[$(Format {
            name: $format,
            pattern: $pattern,
            accepts: |text| $name::new(text).is_ok(),
            rule: &$name::RULE,
        }),*];

        /// The rule of every format.
        pub const RULES: &[&Rule] = &[$(&$name::RULE),*];
    };
}

formats! {
    /// A Dutch postcode, stored as `5038EA`.
    Postcode "postcode" {
        pattern: "^[1-9][0-9]{3} ?[A-Za-z]{2}$",
        max: 7,
        read: postcode,
        describe: "Dutch postcode (postcode), answered without a space and in capitals.",
        example: "5038EA",
        nl: "Een postcode: vier cijfers en twee letters, zoals 5038EA.",
        en: "A Dutch postcode: four digits and two letters, such as 5038EA.",
    }
    /// The four digits of a Dutch postcode, which tell the area and not the street.
    Postcode4 "postcode4" {
        pattern: "^[1-9][0-9]{3}$",
        max: 4,
        read: postcode4,
        describe: "The four digits of a Dutch postcode (postcodegebied), without the letters.",
        example: "5038",
        nl: "De vier cijfers van een postcode, zonder letters, zoals 5038.",
        en: "The four digits of a Dutch postcode, without the letters, such as 5038.",
    }
    /// A key by which another system knows somebody or something; we read nothing into it.
    SourcedId "sourced-id" {
        pattern: "^[!-~]{1,255}$",
        max: 255,
        read: sourced_id,
        describe: "Key of the record in the system it comes from (sourcedId, as in OneRoster): opaque, stable, and never a number that means something elsewhere, such as a student number or a BSN.",
        example: "demo-0001",
        nl: "Een sleutel van 1 tot 255 tekens: letters, cijfers en leestekens, zonder spaties en zonder letters met accenten.",
        en: "A key of 1 to 255 characters: letters, digits and punctuation, without blanks and without accented letters.",
    }
    /// Number in the trade register.
    KvkNumber "kvk-number" {
        pattern: "^[0-9]{8}$",
        max: 8,
        read: eight_digits,
        describe: "Number in the Dutch trade register (KVK-nummer): eight digits.",
        example: "90000012",
        nl: "Een KVK-nummer: acht cijfers, zonder punten of spaties.",
        en: "A KVK number: eight digits, without dots or spaces.",
    }
    /// Code in the register of care providers.
    AgbCode "agb-code" {
        pattern: "^[0-9]{8}$",
        max: 8,
        read: eight_digits,
        describe: "Code in the Dutch register of care providers (AGB-code): eight digits.",
        example: "01990012",
        nl: "Een AGB-code: acht cijfers, met voorloopnullen.",
        en: "An AGB code: eight digits, with leading zeros.",
    }
    /// Code of an institution that offers education.
    EducationOffererCode "education-offerer-code" {
        pattern: "^[0-9]{3}A[0-9]{3}$",
        max: 7,
        read: education_offerer_code,
        describe: "Code of the institution in the register of institutions and programmes (onderwijsaanbiedercode, RIO).",
        example: "990A012",
        nl: "Een onderwijsaanbiedercode uit RIO: drie cijfers, de letter A en drie cijfers, zoals 990A012.",
        en: "An education offerer code from RIO: three digits, the letter A and three digits, such as 990A012.",
    }
    /// E-mail address; the domain is stored in lower case.
    Email "email" {
        pattern: "^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$",
        max: 254,
        read: email,
        describe: "E-mail address (e-mailadres).",
        example: "stagebureau@example.org",
        nl: "Een e-mailadres met een volledig domein, zoals naam@voorbeeld.nl.",
        en: "An e-mail address with a full domain, such as name@example.org.",
    }
    /// Telephone number as people write it.
    Phone "phone" {
        pattern: "^[+(]?[0-9][0-9 ()./-]{4,23}$",
        max: 25,
        read: phone,
        describe: "Telephone number (telefoonnummer): 5 to 15 digits, with or without the country's prefix.",
        example: "+31 13 000 00 00",
        nl: "Een telefoonnummer van 5 tot 15 cijfers, zoals 013 000 00 00 of +31 13 000 00 00.",
        en: "A telephone number of 5 to 15 digits, such as 013 000 00 00 or +31 13 000 00 00.",
    }
    /// Address of a page, `https` only.
    WebAddress "uri" {
        pattern: "^https://[^\\s/?#@]+\\.[^\\s/?#@]+([/?#]\\S*)?$",
        max: 2000,
        read: web_address,
        describe: "Address of a web page (webadres), https only.",
        example: "https://stages.example.org",
        nl: "Een webadres dat met https:// begint, zoals https://voorbeeld.nl/stages.",
        en: "A web address that begins with https://, such as https://example.org/internships.",
    }
    /// Short name for addresses and file names.
    Slug "slug" {
        pattern: "^[a-z0-9]+(-[a-z0-9]+)*$",
        max: 64,
        read: slug,
        describe: "Short name (korte naam): small letters and digits, words joined by hyphens.",
        example: "midden-brabant",
        nl: "Een korte naam van kleine letters en cijfers, met koppeltekens ertussen, zoals midden-brabant.",
        en: "A short name of small letters and digits, with hyphens between, such as midden-brabant.",
    }
    /// SHA-256 digest, stored in lower-case hexadecimal digits.
    Sha256 "sha256" {
        pattern: "^[0-9A-Fa-f]{64}$",
        max: 64,
        read: sha256,
        describe: "SHA-256 digest (controlegetal): 64 hexadecimal digits, answered in small letters.",
        example: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        nl: "Een SHA-256-controlegetal: 64 hexadecimale cijfers.",
        en: "A SHA-256 digest: 64 hexadecimal digits.",
    }
    /// School year, from August of the first year.
    SchoolYear "school-year" {
        pattern: "^(19|20|21)[0-9]{2}-(19|20|21)[0-9]{2}$",
        max: 9,
        read: school_year,
        describe: "School year (schooljaar): two consecutive years.",
        example: "2018-2019",
        nl: "Een schooljaar van twee opeenvolgende jaren, zoals 2018-2019.",
        en: "A school year of two consecutive years, such as 2018-2019.",
    }
}

impl SchoolYear {
    /// The calendar year it begins in.
    #[must_use]
    pub fn first_year(&self) -> i32 {
        self.0.get(..4).and_then(|year| year.parse().ok()).unwrap_or_default()
    }
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn postcode(text: &str) -> Option<String> {
    let (digits, letters) = text.split_at_checked(4)?;
    let letters = letters.strip_prefix(' ').unwrap_or(letters);
    let right = all_digits(digits)
        && !digits.starts_with('0')
        && letters.len() == 2
        && letters.bytes().all(|byte| byte.is_ascii_alphabetic());
    right.then(|| format!("{digits}{}", letters.to_ascii_uppercase()))
}

fn postcode4(text: &str) -> Option<String> {
    (text.len() == 4 && all_digits(text) && !text.starts_with('0')).then(|| text.to_owned())
}

fn sourced_id(text: &str) -> Option<String> {
    text.bytes().all(|byte| byte.is_ascii_graphic()).then(|| text.to_owned())
}

fn eight_digits(text: &str) -> Option<String> {
    (text.len() == 8 && all_digits(text)).then(|| text.to_owned())
}

fn education_offerer_code(text: &str) -> Option<String> {
    let (before, after) = text.split_once('A')?;
    let right = before.len() == 3 && after.len() == 3 && all_digits(before) && all_digits(after);
    right.then(|| text.to_owned())
}

fn email(text: &str) -> Option<String> {
    let (name, domain) = text.rsplit_once('@')?;
    let full = domain.split('.').count() > 1 && domain.split('.').all(|label| !label.is_empty());
    (full && text.validate_email()).then(|| format!("{name}@{}", domain.to_lowercase()))
}

fn phone(text: &str) -> Option<String> {
    let rest = text.strip_prefix(['+', '(']).unwrap_or(text);
    let digits = rest.bytes().filter(u8::is_ascii_digit).count();
    let right = rest.starts_with(|first: char| first.is_ascii_digit())
        && rest.chars().all(|character| character.is_ascii_digit() || " ()./-".contains(character))
        && (5..=15).contains(&digits);
    right.then(|| text.to_owned())
}

fn web_address(text: &str) -> Option<String> {
    let rest = text.strip_prefix("https://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    let right = host.split('.').count() > 1
        && host.split('.').all(|label| !label.is_empty())
        && !host.contains(['@', '\\'])
        && !text.contains(char::is_whitespace)
        && text.validate_url();
    right.then(|| text.to_owned())
}

fn slug(text: &str) -> Option<String> {
    let word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    text.split('-').all(word).then(|| text.to_owned())
}

fn sha256(text: &str) -> Option<String> {
    (text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| text.to_ascii_lowercase())
}

fn school_year(text: &str) -> Option<String> {
    let (first, second) = text.split_once('-')?;
    let years = |year: &str| (year.len() == 4 && all_digits(year)).then(|| year.parse::<u16>().ok()).flatten();
    let (first, second) = (years(first)?, years(second)?);
    ((1900..2199).contains(&first) && second == first + 1).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::text::refusal_in;

    fn check(name: &str, accepted: &[(&str, &str)], refused: &[&str], read: impl Fn(&str) -> Option<String>) {
        for (raw, stored) in accepted {
            assert_eq!(read(raw).as_deref(), Some(*stored), "{name} {raw:?}");
        }
        for raw in refused {
            assert_eq!(read(raw), None, "{name} {raw:?}");
        }
    }

    macro_rules! check {
        ($name:ident, $accepted:expr, $refused:expr) => {
            check(stringify!($name), &$accepted, &$refused, |raw| $name::new(raw).ok().map(String::from))
        };
    }

    #[test]
    fn formats_take_what_people_write_and_store_one_form() {
        check!(
            Postcode,
            [("5038ea", "5038EA"), (" 5038 EA ", "5038EA")],
            ["0123AB", "5038", "5038E", "5038EAB", "5038  EA", "50é8EA", "٥٠٣٨EA"]
        );
        check!(Postcode4, [("5038", "5038"), (" 1011 ", "1011")], ["0123", "503", "50381", "5038EA", "٥٠٣٨"]);
        check!(
            SourcedId,
            [("demo-0001", "demo-0001"), ("{6F9619FF}|x/y", "{6F9619FF}|x/y")],
            ["a b", "é", "a\u{7f}", &"x".repeat(256)]
        );
        check!(KvkNumber, [("90000012", "90000012")], ["9000001", "900000123", "9000001a", "٩٠٠٠٠٠١٢"]);
        check!(AgbCode, [("01990012", "01990012")], ["1990012", "01-99001"]);
        check!(EducationOffererCode, [("990A012", "990A012")], ["990B012", "990a012", "99A0123", "A", "990A0A2"]);
        check!(
            Email,
            [("Naam@Voorbeeld.NL", "Naam@voorbeeld.nl"), (" a@b.nl ", "a@b.nl")],
            ["a@b", "a@b.", "a@.nl", "@b.nl", "a b@c.nl", "a@[127.0.0.1]x", "a@b..nl", "a@b@c"]
        );
        check!(
            Phone,
            [("+31 13 000 00 00", "+31 13 000 00 00"), ("(013) 000-0000", "(013) 000-0000"), ("14013", "14013")],
            ["112", "+31 13 000 00 00 ext 5", "abc", "1234567890123456", "+", "++3113000", "\u{202d}0130000000"]
        );
        check!(
            WebAddress,
            [
                ("https://example.org/a?b#c", "https://example.org/a?b#c"),
                ("https://example.org:8443", "https://example.org:8443")
            ],
            [
                "http://example.org",
                "https://localhost",
                "https://a@example.org",
                "https://example.org /",
                "javascript:alert(1)",
                "https://",
                "https://.nl",
                "https://example.org\\@evil.example"
            ]
        );
        check!(Slug, [("midden-brabant", "midden-brabant"), ("6", "6")], ["Midden", "-a", "a-", "a--b", "a b", "é"]);
        check!(Sha256, [(&*"Ab".repeat(32), &*"ab".repeat(32))], ["ab", &"zz".repeat(32), &"é".repeat(32)]);
        check!(
            SchoolYear,
            [("2018-2019", "2018-2019"), ("1999-2000", "1999-2000")],
            ["2018-2020", "2019-2018", "2018/2019", "18-19", "2018-2019-2020", "+018-2019"]
        );
    }

    #[test]
    fn a_school_year_knows_when_it_begins() {
        assert_eq!(SchoolYear::new("2018-2019").unwrap().first_year(), 2018);
    }

    #[test]
    fn every_rule_is_found_again_in_a_serde_message() {
        for rule in RULES {
            let message = format!("{} at line 1 column 3", crate::kernel::text::Refusal(rule));
            assert_eq!(refusal_in(&message), Some(*rule));
        }
    }
}
