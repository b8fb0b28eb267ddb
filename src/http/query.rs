//! Query parameters: unknown, repeated and bad ones are refused, all at once.

use std::fmt;
use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use serde::de::value::MapDeserializer;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde_json::Value;
use utoipa::openapi::schema::ArrayBuilder;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use validator::{Validate, ValidateLength};

use super::contract::{Contract, Operation};
use super::faults::{self, Faults, child, words};
use super::path;
use crate::error::{Error, Place, Result, Rule};
use crate::kernel::text::{Refusal, is_refused, normalise};

/// The most values that a list in the query may have.
pub const MOST_VALUES: usize = 50;

/// A list in the query is too long.
pub const TOO_MANY_VALUES: Rule = Rule {
    code: "too-many",
    nl: "Hoogstens 50 waarden; verdeel de vraag over meer verzoeken.",
    en: "At most 50 values; divide the question over more requests.",
};

/// The query, deserialised and validated; `T` denies unknown fields.
///
/// Operations name `T` in `params(…)` of their contract.
#[derive(Debug, Clone)]
pub struct Query<T>(T);

impl<T> Query<T> {
    /// The value.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Query<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned + Validate> Query<T> {
    fn read(request: &HttpRequest) -> Result<Self> {
        let mut found = Faults::new(Place::Query);
        let pairs = split(request.query_string(), &mut found);
        let parts = pairs.iter().map(|(key, value)| (key.as_str(), Part(value)));
        let read = serde_path_to_error::deserialize::<_, T>(MapDeserializer::<_, serde::de::value::Error>::new(parts));
        match read {
            Ok(value) if found.is_empty() => match value.validate() {
                Ok(()) => Ok(Self(value)),
                Err(errors) => Err(Error::Invalid(faults::of_validation(Place::Query, &errors))),
            },
            read => {
                let contract = request.app_data::<web::Data<Contract>>();
                let operation = contract.and_then(|contract| contract.operation(request.method(), request.path()));
                if let (Some(contract), Some(operation)) = (contract, operation) {
                    explain(contract, operation, &pairs, &mut found);
                }
                if let Err(refused) = read {
                    faults::of_serde(refused.path(), &refused.inner().to_string(), &mut found);
                }
                Err(Error::Invalid(found.into_vec()))
            }
        }
    }
}

impl<T: DeserializeOwned + Validate> FromRequest for Query<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::read(request))
    }
}

/// Refuses a query where the contract lists no parameter for it; what it lists, [`Query`] reads. The
/// guards ask this of every operation, after the right to call it and before anything else is read.
/// Outside `/v1` the token endpoint refuses a query in its own form; probes and metadata pass it over.
///
/// # Errors
/// 400 with every fault of the path if there are any, else with every fault of the query.
pub fn refuse_unlisted(request: &HttpRequest) -> Result<()> {
    let contract = request.app_data::<web::Data<Contract>>().filter(|_| !request.query_string().is_empty());
    let Some(contract) = contract.filter(|_| request.path().starts_with("/v1")) else { return Ok(()) };
    let Some(operation) = contract.operation(request.method(), request.path()) else { return Ok(()) };
    if operation.parameters_in(Place::Query).next().is_some() {
        return Ok(());
    }
    let mut found = Faults::new(Place::Path);
    path::judge(request, contract, operation, &mut found);
    if found.is_empty() {
        found = Faults::new(Place::Query);
        let pairs = split(request.query_string(), &mut found);
        explain(contract, operation, &pairs, &mut found);
    }
    if found.is_empty() { Ok(()) } else { Err(Error::Invalid(found.into_vec())) }
}

/// The decoded pairs, each key once; what cannot be decoded is a fault.
fn split(raw: &str, found: &mut Faults) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for pair in raw.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let Some(key) = decoded(key) else {
            found.add("", words::bad_escape());
            continue;
        };
        let pointer = child("", &key);
        let value = decoded(value).unwrap_or_else(|| {
            found.add(&pointer, words::bad_escape());
            String::new()
        });
        if key.contains(is_refused) || value.contains(is_refused) {
            found.add(&pointer, words::refused_character());
        }
        if pairs.iter().any(|(known, _)| *known == key) {
            found.add(&pointer, words::repeated_parameter());
        } else {
            pairs.push((key, value));
        }
    }
    pairs
}

/// Percent-decoding that refuses what the usual one lets through or replaces.
fn decoded(raw: &str) -> Option<String> {
    let mut bytes = raw.bytes();
    let mut decoded = Vec::with_capacity(raw.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
                let (high, low) = (digit(bytes.next())?, digit(bytes.next())?);
                u8::try_from(high * 16 + low).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(decoded).ok()
}

fn explain(contract: &Contract, operation: &Operation, pairs: &[(String, String)], found: &mut Faults) {
    let known: Vec<&str> = operation.parameters_in(Place::Query).map(|parameter| parameter.name.as_str()).collect();
    for (key, _) in pairs.iter().filter(|(key, _)| !known.contains(&key.as_str())) {
        found.add(&child("", key), words::unknown(Place::Query, &known));
    }
    for parameter in operation.parameters_in(Place::Query) {
        let pointer = child("", &parameter.name);
        match pairs.iter().find(|(key, _)| *key == parameter.name) {
            Some(_) if found.touches(&pointer) => {}
            Some((_, text)) => {
                let value = typed(contract, &parameter.schema.value, text);
                faults::of_parameter(contract, &parameter.schema, &value, &pointer, found);
            }
            None if parameter.required => found.add(&pointer, words::required()),
            None => {}
        }
    }
}

/// The text as the JSON value that the schema asks for, if it can be read as one.
fn typed(contract: &Contract, schema: &Value, text: &str) -> Value {
    let schema = contract.resolve(schema);
    let is = |wanted: &str| match schema.get("type") {
        Some(Value::String(name)) => name == wanted,
        Some(Value::Array(names)) => names.iter().any(|name| name == wanted),
        _ => false,
    };
    if is("array") {
        let items = schema.get("items").unwrap_or(&Value::Null);
        return text.split(',').map(|item| typed(contract, items, item)).collect();
    }
    let number = || text.parse::<i64>().map(Value::from).or_else(|_| text.parse::<f64>().map(Value::from)).ok();
    let read = match text {
        "true" | "false" if is("boolean") => Some(Value::from(text == "true")),
        _ if is("integer") || is("number") => number(),
        _ => None,
    };
    read.unwrap_or_else(|| Value::String(normalise(text)))
}

/// Several values of one parameter, separated by commas: `kinds=practice,school`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<T>(Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> List<T> {
    /// The values.
    #[must_use]
    pub fn into_inner(self) -> Vec<T> {
        self.0
    }
}

impl<T> Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> ValidateLength<u64> for List<T> {
    fn length(&self) -> Option<u64> {
        Some(self.0.len() as u64)
    }
}

impl<T: serde::Serialize> serde::Serialize for List<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Values<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Values<T> {
            type Value = List<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("values separated by commas")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<List<T>, E> {
                if text.split(',').count() > MOST_VALUES {
                    return Err(E::custom(Refusal(&TOO_MANY_VALUES)));
                }
                let values = text.split(',').map(|item| T::deserialize(Part(item).into_deserializer()));
                values.collect::<Result<_, E>>().map(List)
            }
        }

        deserializer.deserialize_str(Values(PhantomData))
    }
}

impl<T: PartialSchema> utoipa::__dev::ComposeSchema for List<T> {
    fn compose(generics: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        let item = generics.into_iter().next().unwrap_or_else(T::schema);
        ArrayBuilder::new().items(item).max_items(Some(MOST_VALUES)).into()
    }
}

impl<T: ToSchema> ToSchema for List<T> {}

/// A decoded value that becomes whatever its field is.
struct Part<'a>(&'a str);

impl<'a, E: serde::de::Error> IntoDeserializer<'_, E> for Part<'a> {
    type Deserializer = PartDeserializer<'a, E>;

    fn into_deserializer(self) -> Self::Deserializer {
        PartDeserializer(self.0, PhantomData)
    }
}

struct PartDeserializer<'a, E>(&'a str, PhantomData<E>);

macro_rules! parsed {
    ($($deserialize:ident $visit:ident)*) => {$(
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
            match self.0.parse() {
                Ok(value) => visitor.$visit(value),
                Err(_) => visitor.visit_str(self.0),
            }
        }
    )*};
}

impl<'de, E: serde::de::Error> Deserializer<'de> for PartDeserializer<'_, E> {
    type Error = E;

    parsed! {
        deserialize_bool visit_bool
        deserialize_i8 visit_i8
        deserialize_i16 visit_i16
        deserialize_i32 visit_i32
        deserialize_i64 visit_i64
        deserialize_u8 visit_u8
        deserialize_u16 visit_u16
        deserialize_u32 visit_u32
        deserialize_u64 visit_u64
        deserialize_f32 visit_f32
        deserialize_f64 visit_f64
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_str(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, E> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, E> {
        IntoDeserializer::<E>::into_deserializer(self.0).deserialize_enum(name, variants, visitor)
    }

    serde::forward_to_deserialize_any! {
        i128 u128 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests;
