//! Explains input by the contract's own schemas.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, JsonTypeSet, ValidationError};
use serde_json::Value;

use super::words::{self, Said};
use super::{Faults, child};
use crate::error::Place;
use crate::http::contract::{Contract, Schema};
use crate::kernel::day::{DAY_PATTERN, NOT_A_DAY};
use crate::kernel::formats::FORMATS;
use crate::kernel::text::{BLANK, LINE_PATTERN, PROSE_PATTERN, REFUSED_CHARACTER, is_blank};

/// Explains a body by the named schema.
pub(super) fn explain_named(contract: &Contract, name: &str, value: &Value, faults: &mut Faults) {
    let read_model = ["Create", "Patch", "Update", "Put"].iter().find_map(|verb| name.strip_prefix(verb));
    let mut lens = Lens { contract, read_model: read_model.unwrap_or(name), base: "", faults };
    if let Some(schema) = contract.schema(name) {
        lens.look(schema, value);
    }
}

/// Explains a parameter's value by the parameter's schema.
pub(super) fn explain_parameter(
    contract: &Contract,
    schema: &Schema,
    value: &Value,
    pointer: &str,
    faults: &mut Faults,
) {
    Lens { contract, read_model: "", base: pointer, faults }.look(schema, value);
}

struct Lens<'a> {
    contract: &'a Contract,
    /// Name of the schema in which the resource is read: what it has and the body may not have
    /// is read-only.
    read_model: &'a str,
    /// Pointer of the value looked at.
    base: &'a str,
    faults: &'a mut Faults,
}

impl Lens<'_> {
    fn look(&mut self, schema: &Schema, value: &Value) {
        let Some(validator) = self.contract.validator(schema) else { return };
        for error in validator.iter_errors(value) {
            if self.faults.is_full() {
                break;
            }
            self.explain(&error);
        }
    }

    fn explain(&mut self, error: &ValidationError<'_>) {
        let here = format!("{}{}", self.base, error.instance_path().as_str());
        let said = match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected }
            | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
                return self.unexpected(error, &here, unexpected);
            }
            ValidationErrorKind::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                return self.faults.add(&child(&here, name), words::required());
            }
            ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
                return self.branches(error, &here, context);
            }
            ValidationErrorKind::Type { kind } => words::wrong_type(&names(types(kind))),
            ValidationErrorKind::Enum { options } => words::unknown_value(&options_of(options)),
            ValidationErrorKind::Constant { expected_value } => words::unknown_value(&[expected_value]),
            ValidationErrorKind::MaxLength { limit } => words::too_long(limit),
            ValidationErrorKind::MinLength { limit } => words::too_short(limit),
            ValidationErrorKind::MaxItems { limit } | ValidationErrorKind::MaxProperties { limit } => {
                words::too_many(limit)
            }
            ValidationErrorKind::AdditionalItems { limit } => words::too_many(limit),
            ValidationErrorKind::MinItems { limit } | ValidationErrorKind::MinProperties { limit } => {
                words::too_few(limit)
            }
            ValidationErrorKind::Maximum { limit } => words::at_most(limit),
            ValidationErrorKind::Minimum { limit } => words::at_least(limit),
            ValidationErrorKind::ExclusiveMaximum { limit } => words::below(limit),
            ValidationErrorKind::ExclusiveMinimum { limit } => words::above(limit),
            ValidationErrorKind::MultipleOf { multiple_of } => words::multiple_of(*multiple_of),
            ValidationErrorKind::UniqueItems => words::duplicate_item(),
            ValidationErrorKind::Format { format } => of_format(format),
            ValidationErrorKind::Pattern { pattern } => {
                of_pattern(pattern, error.instance().as_str().unwrap_or_default())
            }
            _ => words::malformed(),
        };
        self.faults.add(&here, said);
    }

    fn unexpected(&mut self, error: &ValidationError<'_>, here: &str, unexpected: &[String]) {
        let document = self.contract.document();
        let read_only = document
            .pointer("/components/schemas")
            .and_then(|schemas| schemas.get(self.read_model)?.get("properties")?.as_object())
            .filter(|_| here.is_empty());
        let known: Vec<&str> = error
            .schema_path()
            .as_str()
            .rsplit_once('/')
            .and_then(|(schema, _)| document.pointer(schema)?.get("properties")?.as_object())
            .map(|properties| properties.keys().map(String::as_str).collect())
            .unwrap_or_default();
        for name in unexpected {
            let said = match read_only {
                Some(properties) if properties.contains_key(name) => words::read_only(),
                _ => words::unknown(Place::Body, &known),
            };
            self.faults.add(&child(here, name), said);
        }
    }

    /// Of several forms, explains by the one that was most likely meant.
    fn branches(&mut self, error: &ValidationError<'_>, here: &str, context: &[Vec<ValidationError<'static>>]) {
        let at = error.instance_path().as_str();
        let type_here = |error: &ValidationError<'_>| match error.kind() {
            ValidationErrorKind::Type { kind } if error.instance_path().as_str() == at => Some(types(kind)),
            _ => None,
        };
        let typed: Vec<_> =
            context.iter().filter(|branch| !branch.iter().any(|error| type_here(error).is_some())).collect();
        if typed.is_empty() {
            let mut wanted = names(
                context
                    .iter()
                    .flatten()
                    .filter_map(type_here)
                    .fold(JsonTypeSet::empty(), |all, more| more.into_iter().fold(all, JsonTypeSet::insert)),
            );
            if wanted.len() > 1 {
                wanted.retain(|name| *name != "null");
            }
            return self.faults.add(here, words::wrong_type(&wanted));
        }
        // A single form is meant, also when a choice within it is wrong: such is what may be null.
        let fits = |branch: &&&Vec<ValidationError<'_>>| {
            typed.len() == 1 || !branch.iter().any(|error| is_choice(error) && is_below(error, at))
        };
        let fitting: Vec<_> = typed.iter().filter(fits).collect();
        if let Some(meant) = fitting.iter().min_by_key(|branch| branch.len()) {
            // What every form lacks is certain; the rest would be a guess at the form.
            let is_shared = |error: &&ValidationError<'_>| {
                fitting.len() > 1
                    && fitting.iter().all(|branch| branch.iter().any(|other| lacks_the_same(error, other)))
            };
            let shared: Vec<_> = meant.iter().filter(is_shared).collect();
            for error in if shared.is_empty() { meant.iter().collect() } else { shared } {
                self.explain(error);
            }
            return;
        }
        let choices = || typed.iter().copied().flatten().filter(|error| is_choice(error) && is_below(error, at));
        let Some(tag) = choices().next().map(|error| error.instance_path().as_str()) else { return };
        let options: Vec<&Value> = choices()
            .filter(|error| error.instance_path().as_str() == tag)
            .flat_map(|error| match error.kind() {
                ValidationErrorKind::Enum { options } => options_of(options),
                ValidationErrorKind::Constant { expected_value } => vec![&**expected_value],
                _ => Vec::new(),
            })
            .collect();
        let pointer = format!("{}{tag}", self.base);
        self.faults.add(&pointer, words::unknown_value(&options));
    }
}

/// Whether the error is a choice that does not fit: the tag of a form that was not meant.
fn is_choice(error: &ValidationError<'_>) -> bool {
    matches!(error.kind(), ValidationErrorKind::Enum { .. } | ValidationErrorKind::Constant { .. })
}

fn lacks_the_same(one: &ValidationError<'_>, other: &ValidationError<'_>) -> bool {
    match (one.kind(), other.kind()) {
        (ValidationErrorKind::Required { property }, ValidationErrorKind::Required { property: other_property }) => {
            property == other_property && one.instance_path() == other.instance_path()
        }
        _ => false,
    }
}

fn is_below(error: &ValidationError<'_>, at: &str) -> bool {
    error.instance_path().as_str().len() > at.len()
}

fn types(kind: &TypeKind) -> JsonTypeSet {
    match kind {
        TypeKind::Single(one) => JsonTypeSet::empty().insert(*one),
        TypeKind::Multiple(set) => *set,
    }
}

fn names(types: JsonTypeSet) -> Vec<&'static str> {
    types.into_iter().map(JsonType::as_str).collect()
}

fn options_of(options: &Value) -> Vec<&Value> {
    options.as_array().map(|options| options.iter().filter(|option| !option.is_null()).collect()).unwrap_or_default()
}

fn of_format(name: &str) -> Said {
    match FORMATS.iter().find(|format| format.name == name) {
        Some(format) => words::of_rule(format.rule),
        None if name == "date" => words::of_rule(&NOT_A_DAY),
        None => words::of_format(name),
    }
}

fn of_pattern(pattern: &str, text: &str) -> Said {
    if pattern == LINE_PATTERN || pattern == PROSE_PATTERN {
        return words::of_rule(if is_blank(text) { &BLANK } else { &REFUSED_CHARACTER });
    }
    if pattern == DAY_PATTERN {
        return words::of_rule(&NOT_A_DAY);
    }
    FORMATS
        .iter()
        .find(|format| format.pattern == pattern)
        .map_or_else(words::malformed, |format| words::of_rule(format.rule))
}
