//! Puts the schemas of [`Patch`](crate::http::patch::Patch) and
//! [`Change`](crate::http::patch::Change) where they are used, so that the contract names only
//! what its readers care about.

use std::collections::BTreeMap;

use utoipa::openapi::schema::{AdditionalProperties, ArrayBuilder, ArrayItems, ObjectBuilder, OneOfBuilder, Type};
use utoipa::openapi::{OpenApi, Ref, RefOr, Schema};

type Schemas = BTreeMap<String, RefOr<Schema>>;

const SCHEMAS: &str = "#/components/schemas/";

/// Replaces every reference to the schema of a partial field by what it means, and removes those
/// schemas; a second time it does nothing.
pub fn inline_partial_fields(document: &mut OpenApi) {
    let Some(components) = document.components.as_mut() else { return };
    let (partial, mut named): (Schemas, Schemas) =
        std::mem::take(&mut components.schemas).into_iter().partition(|(name, _)| kind_of(name).is_some());
    let mut partial: Schemas =
        partial.into_iter().map(|(name, schema)| (format!("{SCHEMAS}{name}"), meant(&name, schema, &named))).collect();
    // A partial field whose value has partial fields itself.
    let inner = partial.clone();
    partial.values_mut().for_each(|schema| replace(schema, &inner));
    for schema in named.values_mut() {
        replace(schema, &partial);
    }
    components.schemas = named;
}

/// Whether null is possible, and the name of the value's schema.
fn kind_of(name: &str) -> Option<(bool, &str)> {
    name.strip_prefix("Patch_")
        .map(|value| (true, value))
        .or_else(|| name.strip_prefix("Change_").map(|value| (false, value)))
}

/// The schema with references to values, and to items of lists, that have a name.
fn meant(name: &str, schema: RefOr<Schema>, named: &Schemas) -> RefOr<Schema> {
    let Some((nullable, value)) = kind_of(name) else { return schema };
    let (list, item) = value.strip_prefix("Vec_").map_or((false, value), |item| (true, item));
    if !named.contains_key(item) {
        return schema;
    }
    let reference = Ref::from_schema_name(item);
    let value: RefOr<Schema> = if list { ArrayBuilder::new().items(reference).into() } else { reference.into() };
    if nullable {
        OneOfBuilder::new().item(ObjectBuilder::new().schema_type(Type::Null)).item(value).into()
    } else {
        value
    }
}

fn replace(schema: &mut RefOr<Schema>, partial: &Schemas) {
    match schema {
        RefOr::Ref(reference) => {
            if let Some(meant) = partial.get(&reference.ref_location) {
                *schema = described(meant.clone(), std::mem::take(&mut reference.description));
                // What is meant may hold partial fields of its own.
                replace(schema, partial);
            }
        }
        RefOr::T(Schema::Object(object)) => {
            object.properties.values_mut().for_each(|property| replace(property, partial));
            if let Some(AdditionalProperties::RefOr(rest)) = object.additional_properties.as_deref_mut() {
                replace(rest, partial);
            }
        }
        RefOr::T(Schema::Array(array)) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                replace(items, partial);
            }
        }
        RefOr::T(Schema::OneOf(forms)) => forms.items.iter_mut().for_each(|form| replace(form, partial)),
        RefOr::T(Schema::AllOf(forms)) => forms.items.iter_mut().for_each(|form| replace(form, partial)),
        RefOr::T(Schema::AnyOf(forms)) => forms.items.iter_mut().for_each(|form| replace(form, partial)),
        RefOr::T(_) => {}
    }
}

/// The schema with the description that the property itself had.
fn described(mut schema: RefOr<Schema>, description: String) -> RefOr<Schema> {
    if !description.is_empty() {
        match &mut schema {
            RefOr::Ref(reference) => reference.description = description,
            RefOr::T(Schema::Object(object)) => object.description = Some(description),
            RefOr::T(Schema::Array(array)) => array.description = Some(description),
            RefOr::T(Schema::OneOf(forms)) => forms.description = Some(description),
            RefOr::T(_) => {}
        }
    }
    schema
}
