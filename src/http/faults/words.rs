//! What is said of each fault: stable code, and the cure in both languages.

use std::borrow::Cow;

use serde_json::Value;
use validator::ValidationError;

use super::DUTCH;
use crate::error::{Place, Rule, Text};
use crate::kernel::ids::NOT_AN_ID;
use crate::kernel::text::REFUSED_CHARACTER;

/// A code with its cure.
#[derive(Debug)]
pub(crate) struct Said {
    pub(super) code: &'static str,
    pub(super) detail: Text,
}

fn say(code: &'static str, nl: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Said {
    Said { code, detail: Text::new(nl, en) }
}

pub(crate) fn of_rule(rule: &'static Rule) -> Said {
    say(rule.code, rule.nl, rule.en)
}

pub(crate) fn required() -> Said {
    say("required", "Dit is verplicht; vul het in.", "This is required; fill it in.")
}

/// What is said of a property of a body, or a parameter of a query, that does not exist.
pub(crate) fn unknown(place: Place, known: &[&str]) -> Said {
    let (code, nl, en) = match place {
        Place::Body => (
            "unknown-property",
            "Deze eigenschap bestaat hier niet; laat haar weg.",
            "There is no such property here; leave it out.",
        ),
        _ => (
            "unknown-parameter",
            "Deze parameter bestaat hier niet; laat hem weg.",
            "There is no such parameter here; leave it out.",
        ),
    };
    if known.is_empty() {
        return say(code, nl, en);
    }
    let known = listed(known.iter().copied());
    say(code, format!("{nl} Wel bekend: {known}."), format!("{en} Known are: {known}."))
}

pub(crate) fn repeated_parameter() -> Said {
    say(
        "repeated-parameter",
        "Deze parameter staat er meer dan eens; geef hem één keer, een lijst met komma's ertussen.",
        "This parameter is given more than once; give it once, a list separated by commas.",
    )
}

pub(crate) fn read_only() -> Said {
    say(
        "read-only",
        "Deze eigenschap stelt de server vast; laat haar weg.",
        "This property is set by the server; leave it out.",
    )
}

pub(crate) fn wrong_type(wanted: &[&str]) -> Said {
    let name = |english: bool| {
        let names = wanted.iter().map(|wanted| match (*wanted, english) {
            ("string", false) => "een tekst",
            ("string", true) => "a text",
            ("integer", false) => "een geheel getal",
            ("integer", true) => "a whole number",
            ("number", false) => "een getal",
            ("number", true) => "a number",
            ("boolean", false) => "true of false",
            ("boolean", true) => "true or false",
            ("array", false) => "een lijst",
            ("array", true) => "a list",
            ("object", false) => "een object",
            ("object", true) => "an object",
            (_, _) => "null",
        });
        names.collect::<Vec<_>>().join(if english { " or " } else { " of " })
    };
    if wanted.is_empty() {
        return say(
            "wrong-type",
            "De waarde is van het verkeerde type; zie het contract.",
            "The value is of the wrong type; see the contract.",
        );
    }
    say("wrong-type", format!("Hier hoort {} te staan.", name(false)), format!("This must be {}.", name(true)))
}

pub(crate) fn unknown_value(allowed: &[&Value]) -> Said {
    if allowed.is_empty() {
        return say(
            "unknown-value",
            "Deze waarde is niet bekend; zie het contract voor de mogelijke waarden.",
            "This value is not known; see the contract for the possible values.",
        );
    }
    let allowed = listed(allowed.iter().map(|value| match value {
        Value::String(text) => Cow::Borrowed(text.as_str()),
        other => Cow::Owned(other.to_string()),
    }));
    say("unknown-value", format!("Kies een van: {allowed}."), format!("Choose one of: {allowed}."))
}

pub(crate) fn too_long(most: &dyn std::fmt::Display) -> Said {
    say(
        "too-long",
        format!("Hoogstens {most} tekens; maak het korter."),
        format!("At most {most} characters; make it shorter."),
    )
}

pub(crate) fn too_short(least: &dyn std::fmt::Display) -> Said {
    say(
        "too-short",
        format!("Minstens {least} teken(s); spaties aan het begin en eind tellen niet."),
        format!("At least {least} character(s); blanks at the beginning and end do not count."),
    )
}

pub(crate) fn too_many(most: &dyn std::fmt::Display) -> Said {
    say("too-many", format!("Hoogstens {most}; haal er weg."), format!("At most {most}; remove some."))
}

pub(crate) fn too_few(least: &dyn std::fmt::Display) -> Said {
    say("too-few", format!("Minstens {least}; voeg toe."), format!("At least {least}; add some."))
}

pub(crate) fn at_most(limit: &Value) -> Said {
    say("out-of-range", format!("Hoogstens {limit}."), format!("At most {limit}."))
}

pub(crate) fn at_least(limit: &Value) -> Said {
    say("out-of-range", format!("Minstens {limit}."), format!("At least {limit}."))
}

pub(crate) fn below(limit: &Value) -> Said {
    say("out-of-range", format!("Kleiner dan {limit}."), format!("Less than {limit}."))
}

pub(crate) fn above(limit: &Value) -> Said {
    say("out-of-range", format!("Groter dan {limit}."), format!("Greater than {limit}."))
}

pub(crate) fn multiple_of(step: f64) -> Said {
    say("out-of-range", format!("Een veelvoud van {step}."), format!("A multiple of {step}."))
}

pub(crate) fn out_of_range() -> Said {
    say(
        "out-of-range",
        "Het getal valt buiten het bereik; zie het contract voor de grenzen.",
        "The number is out of range; see the contract for its limits.",
    )
}

pub(crate) fn malformed() -> Said {
    say(
        "malformed",
        "De waarde heeft niet de gevraagde vorm; zie het contract.",
        "The value does not have the form asked for; see the contract.",
    )
}

/// What is said of the standard formats; those of our own bring a rule.
pub(crate) fn of_format(format: &str) -> Said {
    let (nl, en) = match format {
        "date" => (
            "Een bestaande datum als jjjj-mm-dd, zoals 2025-09-01.",
            "An existing date as yyyy-mm-dd, such as 2025-09-01.",
        ),
        "date-time" => (
            "Een tijdstip als 2025-09-01T08:30:00Z, met tijdzone.",
            "A moment such as 2025-09-01T08:30:00Z, with its time zone.",
        ),
        "uuid" => return of_rule(&NOT_AN_ID),
        _ => return malformed(),
    };
    say("malformed", nl, en)
}

pub(crate) fn duplicate_key() -> Said {
    say(
        "duplicate-key",
        "Deze eigenschap staat er twee keer; laat er één staan.",
        "This property is there twice; leave one.",
    )
}

pub(crate) fn duplicate_item() -> Said {
    say(
        "duplicate-item",
        "De lijst noemt iets twee keer; noem het één keer.",
        "The list names something twice; name it once.",
    )
}

pub(crate) fn refused_character() -> Said {
    of_rule(&REFUSED_CHARACTER)
}

pub(crate) fn malformed_json(line: usize, column: usize) -> Said {
    say(
        "malformed-json",
        format!("Dit is geen geldige JSON (UTF-8, zonder BOM); het gaat mis op regel {line}, kolom {column}."),
        format!("This is not valid JSON (UTF-8, without BOM); it goes wrong at line {line}, column {column}."),
    )
}

pub(crate) fn too_deep() -> Said {
    say(
        "malformed-json",
        "De JSON is te diep genest; hoogstens 127 niveaus.",
        "The JSON is nested too deep; 127 levels at most.",
    )
}

pub(crate) fn bad_escape() -> Said {
    say(
        "malformed",
        "De procentcodering klopt niet; gebruik % met twee hexadecimale cijfers, in UTF-8.",
        "The percent-encoding is not right; use % with two hexadecimal digits, in UTF-8.",
    )
}

/// What is said of an error of `validator`; its copy of the refused value is only measured.
pub(crate) fn of_validator(error: &ValidationError) -> Said {
    let limit = |name: &str| error.params.get(name);
    match error.code.as_ref() {
        "length" => of_length(error),
        "range" => {
            let refused = limit("value").and_then(Value::as_f64);
            let passes = |name: &str, holds: fn(f64, f64) -> bool| match (refused, limit(name).and_then(Value::as_f64))
            {
                (Some(value), Some(limit)) => holds(value, limit),
                _ => true,
            };
            match (limit("min"), limit("max"), limit("exclusive_min"), limit("exclusive_max")) {
                (Some(min), _, _, _) if !passes("min", |value, limit| value >= limit) => at_least(min),
                (_, Some(max), _, _) if !passes("max", |value, limit| value <= limit) => at_most(max),
                (_, _, Some(min), _) if !passes("exclusive_min", |value, limit| value > limit) => above(min),
                (_, _, _, Some(max)) if !passes("exclusive_max", |value, limit| value < limit) => below(max),
                _ => out_of_range(),
            }
        }
        "required" => required(),
        _ => match (&error.code, &error.message) {
            (Cow::Borrowed(code), Some(english)) => {
                let dutch = limit(DUTCH).and_then(Value::as_str).unwrap_or(english).to_owned();
                say(code, dutch, english.clone())
            }
            _ => malformed(),
        },
    }
}

fn of_length(error: &ValidationError) -> Said {
    let limit = |name: &str| error.params.get(name).and_then(Value::as_u64);
    let (is_list, length) = match error.params.get("value") {
        Some(Value::String(text)) => (false, text.chars().count() as u64),
        Some(Value::Array(items)) => (true, items.len() as u64),
        Some(Value::Object(members)) => (true, members.len() as u64),
        _ => (false, 0),
    };
    let most = limit("max").or_else(|| limit("equal"));
    let least = limit("min").or_else(|| limit("equal")).unwrap_or(1);
    match most {
        Some(most) if length > most && is_list => too_many(&most),
        Some(most) if length > most => too_long(&most),
        _ if is_list => too_few(&least),
        _ => too_short(&least),
    }
}

/// The names with commas, as many as an answer can bear.
fn listed<T: AsRef<str>>(names: impl Iterator<Item = T>) -> String {
    const MOST: usize = 400;
    let mut list = String::new();
    for name in names {
        if list.len() + name.as_ref().len() > MOST {
            list.push_str(", …");
            break;
        }
        if !list.is_empty() {
            list.push_str(", ");
        }
        list.push_str(name.as_ref());
    }
    list
}
