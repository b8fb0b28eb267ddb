//! Limits that follow from a value's kind, so that no model has to repeat them: how long dates,
//! moments and identifiers are, what a version counts, and how many items a list that replaces
//! another may hold.

use std::collections::BTreeMap;

use utoipa::openapi::path::PathItem;
use utoipa::openapi::schema::{AdditionalProperties, ArrayItems, Object, SchemaType, Type};
use utoipa::openapi::{KnownFormat, OpenApi, RefOr, Schema, SchemaFormat};

/// Fills in what is missing.
pub(super) fn complete(openapi: &mut OpenApi) {
    for item in openapi.paths.paths.values_mut() {
        parameters(item);
    }
    let Some(components) = openapi.components.as_mut() else { return };
    let longest = longest_lists(&components.schemas);
    for (name, schema) in &mut components.schemas {
        limit(schema);
        let (Some(created), RefOr::T(Schema::Object(object))) = (name.strip_prefix("Patch"), schema) else { continue };
        for (property, schema) in &mut object.properties {
            if let RefOr::T(Schema::Array(list)) = schema
                && list.max_items.is_none()
            {
                list.max_items = longest.get(&(format!("Create{created}"), property.clone())).copied();
            }
        }
    }
}

/// The length of every named schema's lists: a partial update replaces a list as a whole, so the
/// same holds there.
fn longest_lists(schemas: &BTreeMap<String, RefOr<Schema>>) -> BTreeMap<(String, String), usize> {
    let mut longest = BTreeMap::new();
    for (name, schema) in schemas {
        let RefOr::T(Schema::Object(object)) = schema else { continue };
        for (property, schema) in &object.properties {
            if let RefOr::T(Schema::Array(list)) = schema
                && let Some(items) = list.max_items
            {
                longest.insert((name.clone(), property.clone()), items);
            }
        }
    }
    longest
}

fn parameters(item: &mut PathItem) {
    let operations = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
    for parameter in operations.into_iter().flatten().filter_map(|operation| operation.parameters.as_mut()).flatten() {
        if let RefOr::T(parameter) = parameter
            && let Some(schema) = &mut parameter.schema
        {
            limit(schema);
        }
    }
}

fn limit(schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::T(Schema::Object(object)) => {
            by_kind(object);
            for (name, property) in &mut object.properties {
                limit(property);
                if let RefOr::T(Schema::Object(version)) = property
                    && name == "version"
                {
                    version.minimum.get_or_insert(1.into());
                }
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
