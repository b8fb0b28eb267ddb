//! Reads refused JSON once more, with an eye for what a plain parse hides: keys given twice and
//! characters that are never accepted. Texts come out normalised, as our types would store them.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::{Faults, child, words};
use crate::kernel::text::{is_refused, normalise};

/// The value, or nothing when it is not JSON; what was wrong is in the faults.
pub(super) fn survey(bytes: &[u8], faults: &mut Faults) -> Option<Value> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let mut pointer = String::new();
    let read = Node { pointer: &mut pointer, faults }.deserialize(&mut reader).and_then(|value| {
        pointer.clear();
        reader.end().map(|()| value)
    });
    match read {
        Ok(value) => Some(value),
        Err(error) => {
            let message = error.to_string();
            let says = |part: &str| message.starts_with(part);
            if says("number out of range") {
                faults.add(&pointer, words::out_of_range());
            } else if says("recursion limit") {
                faults.add("", words::too_deep());
            } else if ["control character", "lone leading", "unexpected end of hex", "invalid unicode"]
                .into_iter()
                .any(says)
            {
                faults.add(&pointer, words::refused_character());
            } else {
                faults.add("", words::malformed_json(error.line(), error.column()));
            }
            None
        }
    }
}

/// One value; when reading fails, `pointer` is left where it failed.
struct Node<'a> {
    pointer: &'a mut String,
    faults: &'a mut Faults,
}

impl Node<'_> {
    fn check(&mut self, text: &str, pointer: &str) {
        if text.contains(is_refused) {
            self.faults.add(pointer, words::refused_character());
        }
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(mut self, text: &str) -> Result<Value, E> {
        let pointer = self.pointer.clone();
        self.check(text, &pointer);
        Ok(Value::String(normalise(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        loop {
            let here = self.pointer.len();
            self.pointer.push_str(&child("", &list.len().to_string()));
            let item = items.next_element_seed(Node { pointer: &mut *self.pointer, faults: &mut *self.faults })?;
            self.pointer.truncate(here);
            match item {
                Some(item) => list.push(item),
                None => return Ok(Value::Array(list)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            let here = self.pointer.len();
            let at = child(self.pointer, &key);
            self.check(&key, &at);
            if object.contains_key(&key) {
                self.faults.add(&at, words::duplicate_key());
            }
            *self.pointer = at;
            let value = members.next_value_seed(Node { pointer: &mut *self.pointer, faults: &mut *self.faults })?;
            self.pointer.truncate(here);
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}
