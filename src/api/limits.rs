//! Limits that follow from a value's kind, so that no model has to repeat them: how long dates,
//! moments and identifiers are, what a version counts, and that a change may be no larger than
//! what it changes.

use std::collections::BTreeMap;

use utoipa::openapi::path::PathItem;
use utoipa::openapi::schema::{AdditionalProperties, ArrayItems, Object, SchemaType, Type};
use utoipa::openapi::{KnownFormat, OpenApi, RefOr, Schema, SchemaFormat};

use crate::http::contract::inline_partial_fields;

type Properties = BTreeMap<String, RefOr<Schema>>;

/// Fills in what is missing.
pub(super) fn complete(openapi: &mut OpenApi) {
    inline_partial_fields(openapi);
    for item in openapi.paths.paths.values_mut() {
        parameters(item);
    }
    let Some(components) = openapi.components.as_mut() else { return };
    let created: BTreeMap<String, Properties> =
        components.schemas.iter().filter_map(|(name, schema)| Some((created(name)?, properties(schema)?))).collect();
    for (name, schema) in &mut components.schemas {
        let (Some(created), RefOr::T(Schema::Object(object))) =
            (name.strip_prefix("Patch").and_then(|resource| created.get(resource)), schema)
        else {
            continue;
        };
        for (property, schema) in &mut object.properties {
            if let Some(RefOr::T(like)) = created.get(property) {
                take_over(schema, like);
            }
        }
    }
    components.schemas.values_mut().for_each(limit);
}

/// The resource that a schema creates.
fn created(name: &str) -> Option<String> {
    name.strip_prefix("Create").map(str::to_owned)
}

fn properties(schema: &RefOr<Schema>) -> Option<Properties> {
    let RefOr::T(Schema::Object(object)) = schema else { return None };
    Some(object.properties.iter().map(|(name, schema)| (name.clone(), schema.clone())).collect())
}

/// What holds when a value is given first holds when it is changed.
fn take_over(schema: &mut RefOr<Schema>, like: &Schema) {
    match (schema, like) {
        (RefOr::T(Schema::Array(list)), Schema::Array(like)) => {
            list.max_items = list.max_items.or(like.max_items);
            list.min_items = list.min_items.or(like.min_items);
        }
        (RefOr::T(Schema::Object(value)), Schema::Object(like))
            if value.schema_type != SchemaType::Type(Type::Null) =>
        {
            value.maximum = value.maximum.take().or_else(|| like.maximum.clone());
            value.minimum = value.minimum.take().or_else(|| like.minimum.clone());
            value.max_length = value.max_length.or(like.max_length);
        }
        (RefOr::T(Schema::OneOf(forms)), like) => forms.items.iter_mut().for_each(|form| take_over(form, like)),
        _ => {}
    }
}

fn parameters(item: &mut PathItem) {
    let operations = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
    for parameter in operations.into_iter().flatten().filter_map(|operation| operation.parameters.as_mut()).flatten() {
        if let RefOr::T(parameter) = parameter
            && let Some(schema) = &mut parameter.schema
        {
            limit(schema);
            by_name(&parameter.name, schema);
        }
    }
}

fn limit(schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::T(Schema::Object(object)) => {
            by_kind(object);
            for (name, property) in &mut object.properties {
                limit(property);
                by_name(name, property);
            }
            if let Some(AdditionalProperties::RefOr(rest)) = object.additional_properties.as_deref_mut() {
                limit(rest);
            }
        }
        RefOr::T(Schema::Array(list)) => {
            if let ArrayItems::RefOrSchema(items) = &mut list.items {
                limit(items);
            }
        }
        RefOr::T(Schema::OneOf(forms)) => forms.items.iter_mut().for_each(limit),
        RefOr::T(Schema::AllOf(forms)) => forms.items.iter_mut().for_each(limit),
        RefOr::T(Schema::AnyOf(forms)) => forms.items.iter_mut().for_each(limit),
        RefOr::T(_) | RefOr::Ref(_) => {}
    }
}

/// What is the same wherever a parameter or property has this name.
fn by_name(name: &str, schema: &mut RefOr<Schema>) {
    let RefOr::T(Schema::Object(object)) = schema else { return };
    match name {
        "version" => {
            object.minimum.get_or_insert(1.into());
        }
        // Unpadded base64, for addresses.
        "cursor" => {
            object.pattern.get_or_insert_with(|| "^[A-Za-z0-9_-]+$".to_owned());
        }
        _ => {}
    }
}

fn by_kind(object: &mut Object) {
    let is = |wanted: &Type| match &object.schema_type {
        SchemaType::Type(only) => only == wanted,
        SchemaType::Array(several) => several.contains(wanted),
        SchemaType::AnyValue => false,
    };
    let Some(SchemaFormat::KnownFormat(format)) = &object.format else { return };
    if is(&Type::String) && object.max_length.is_none() {
        object.max_length = match format {
            KnownFormat::Date => Some(10),
            // To the nanosecond, with an offset.
            KnownFormat::DateTime => Some(35),
            KnownFormat::Uuid => Some(36),
            _ => None,
        };
    } else if is(&Type::Integer) && object.maximum.is_none() {
        object.maximum = match format {
            KnownFormat::Int32 => Some(i32::MAX.into()),
            // What JavaScript can count to.
            KnownFormat::Int64 => Some(((1_i64 << 53) - 1).into()),
            _ => None,
        };
    }
}
