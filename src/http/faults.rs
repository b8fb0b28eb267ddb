//! Turns refused input into all its faults at once, each with a JSON pointer, a stable code and
//! the cure in both languages. The refused values themselves are never repeated.

mod schema;
mod survey;
pub(super) mod words;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};
use utoipa::ToSchema;
use validator::{ValidationError, ValidationErrors, ValidationErrorsKind};

use self::words::Said;
use super::contract::{Contract, Schema};
use super::query::TOO_MANY_VALUES;
use super::strict::Strict;
use crate::error::{Fault, Place, Rule, Text};
use crate::kernel::text::{is_refused, refusal_in};

/// The most faults that one answer lists.
pub const MOST_FAULTS: usize = 1_000;

const LONGEST_POINTER: usize = 500;

/// Faults by pointer and code: sorted, without duplicates, at most [`MOST_FAULTS`].
pub(super) struct Faults {
    place: Place,
    found: BTreeMap<(String, &'static str), Text>,
}

impl Faults {
    pub(super) const fn new(place: Place) -> Self {
        Self { place, found: BTreeMap::new() }
    }

    /// Adds a fault; the first one said of a pointer and code stays.
    pub(super) fn add(&mut self, pointer: &str, said: Said) {
        if !self.is_full() {
            self.found.entry((presentable(pointer), said.code)).or_insert(said.detail);
        }
    }

    fn is_full(&self) -> bool {
        self.found.len() >= MOST_FAULTS
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Whether something was found at the pointer, above it or below it.
    pub(super) fn touches(&self, pointer: &str) -> bool {
        let pointer = presentable(pointer);
        let within = |inner: &str, outer: &str| {
            inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.found.keys().any(|(found, _)| within(found, &pointer) || within(&pointer, found))
    }

    /// The list for the answer; where one fault explains another at the same pointer, only it.
    pub(super) fn into_vec(self) -> Vec<Fault> {
        let explained = |pointer: &str, code: &str| {
            let better: &[&'static str] = match code {
                "wrong-type" => &["unknown-value"],
                "malformed" => &["refused-character"],
                "too-long" | "too-short" => &["malformed", "refused-character"],
                _ => &[],
            };
            better.iter().any(|better| self.found.contains_key(&(pointer.to_owned(), *better)))
        };
        let kept: Vec<bool> = self.found.keys().map(|(pointer, code)| !explained(pointer, code)).collect();
        self.found
            .into_iter()
            .zip(kept)
            .filter_map(|(((pointer, code), detail), kept)| {
                kept.then_some(Fault { place: self.place, pointer, code, detail })
            })
            .collect()
    }
}

/// All faults of a body that serde refused as a `T`.
pub(super) fn of_body<T: DeserializeOwned + ToSchema>(bytes: &[u8], contract: Option<&Contract>) -> Vec<Fault> {
    let mut faults = Faults::new(Place::Body);
    if let Some(value) = survey::survey(bytes, &mut faults) {
        if let Some(contract) = contract {
            schema::explain_named(contract, &T::name(), &value, &mut faults);
        }
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        if let Err(refused) = serde_path_to_error::deserialize::<_, T>(Strict(&mut reader)) {
            let message = refused.inner().to_string();
            of_serde(refused.path(), &message, &mut faults);
        }
        if faults.is_empty() {
            faults.add("", words::malformed());
        }
    }
    faults.into_vec()
}

/// All faults of a value by a parameter's schema.
pub(super) fn of_parameter(
    contract: &Contract,
    schema: &Schema,
    value: &serde_json::Value,
    pointer: &str,
    faults: &mut Faults,
) {
    schema::explain_parameter(contract, schema, value, pointer, faults);
}

/// All faults that validation found in input of the right shape.
#[must_use]
pub fn of_validation(place: Place, errors: &ValidationErrors) -> Vec<Fault> {
    let mut faults = Faults::new(place);
    walk("", errors, &mut faults);
    faults.into_vec()
}

fn walk(pointer: &str, errors: &ValidationErrors, faults: &mut Faults) {
    for (field, kind) in errors.errors() {
        let here = if field == "__all__" { pointer.to_owned() } else { child(pointer, &camel_case(field)) };
        match kind {
            ValidationErrorsKind::Struct(inner) => walk(&here, inner, faults),
            ValidationErrorsKind::List(items) => {
                for (index, inner) in items {
                    walk(&child(&here, &index.to_string()), inner, faults);
                }
            }
            ValidationErrorsKind::Field(errors) => {
                for error in errors {
                    let below = error.params.get(POINTER).and_then(serde_json::Value::as_str).unwrap_or_default();
                    faults.add(&format!("{here}{below}"), words::of_validator(error));
                }
            }
        }
    }
}

const POINTER: &str = "pointer";
const DUTCH: &str = "nl";

impl Rule {
    /// The rule as a custom check of `validator` reports it: field checks return it as it is.
    #[must_use]
    pub fn violation(&'static self) -> ValidationError {
        let mut error = ValidationError::new(self.code).with_message(Cow::Borrowed(self.en));
        error.add_param(Cow::Borrowed(DUTCH), &self.nl);
        error
    }

    /// The same from a check of the whole struct, which has to name the place: a JSON pointer
    /// in camelCase, relative to the struct.
    #[must_use]
    pub fn violation_at(&'static self, pointer: &'static str) -> ValidationError {
        let mut error = self.violation();
        error.add_param(Cow::Borrowed(POINTER), &pointer);
        error
    }
}

/// The fault that serde stopped at, unless something better is known of that place.
pub(super) fn of_serde(path: &Path, message: &str, faults: &mut Faults) {
    let pointer = &*pointer_of(path);
    let quoted = message.split('`').nth(1).unwrap_or_default();
    let named = || if pointer.ends_with(&child("", quoted)) { pointer.to_owned() } else { child(pointer, quoted) };
    let (pointer, said) = if let Some(rule) = refusal_in(message).or_else(|| TOO_MANY_VALUES.is_said_in(message)) {
        (pointer.to_owned(), words::of_rule(rule))
    } else if message.starts_with("missing field") {
        (named(), words::required())
    } else if message.starts_with("unknown field") {
        (named(), words::unknown(faults.place, &[]))
    } else if message.starts_with("duplicate field") {
        (named(), words::duplicate_key())
    } else if message.starts_with("unknown variant") {
        (pointer.to_owned(), words::unknown_value(&[]))
    } else if message.starts_with("invalid type") {
        (pointer.to_owned(), words::wrong_type(&[]))
    } else if message.starts_with("invalid value: integer") || message.starts_with("invalid value: floating") {
        (pointer.to_owned(), words::out_of_range())
    } else {
        (pointer.to_owned(), words::malformed())
    };
    if !faults.touches(&pointer) {
        faults.add(&pointer, said);
    }
}

fn pointer_of(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        pointer = match segment {
            Segment::Seq { index } => child(&pointer, &index.to_string()),
            Segment::Map { key } | Segment::Enum { variant: key } => child(&pointer, key),
            Segment::Unknown => break,
        };
    }
    pointer
}

/// The pointer to a member, escaped as RFC 6901 wants it.
pub(super) fn child(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

fn presentable(pointer: &str) -> String {
    pointer
        .chars()
        .take(LONGEST_POINTER)
        .map(|character| if is_refused(character) { char::REPLACEMENT_CHARACTER } else { character })
        .collect()
}

/// A field's name as serde writes it under `rename_all = "camelCase"`.
fn camel_case(field: &str) -> String {
    let mut name = String::with_capacity(field.len());
    for (index, word) in field.trim_start_matches("r#").split('_').enumerate() {
        let mut letters = word.chars();
        match letters.next() {
            Some(first) if index > 0 => name.extend(first.to_uppercase().chain(letters)),
            Some(first) => name.extend(std::iter::once(first).chain(letters)),
            None => {}
        }
    }
    name
}

#[cfg(test)]
mod tests;
