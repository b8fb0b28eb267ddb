//! Fields of a partial update (JSON Merge Patch, RFC 7396): absent, null and a value are three
//! different wishes. Every such field carries `#[serde(default)]`.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use validator::{Validate, ValidateLength, ValidateRange, ValidationErrors};

/// A field that can be emptied: absent leaves it, null clears it, a value replaces it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Patch<T> {
    /// Not in the body: stays as it is.
    #[default]
    Absent,
    /// `null`: is cleared.
    Null,
    /// Is replaced.
    Value(T),
}

/// A field that cannot be emptied: absent leaves it, a value replaces it, null is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Change<T> {
    /// Not in the body: stays as it is.
    #[default]
    Absent,
    /// Is replaced.
    Value(T),
}

impl<T> Patch<T> {
    /// Whether the body leaves the field out.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// The new value, if there is one.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// The change as diesel's changesets take it: outer `None` is untouched, inner `None` null.
    pub const fn as_change(&self) -> Option<Option<&T>> {
        match self {
            Self::Absent => None,
            Self::Null => Some(None),
            Self::Value(value) => Some(Some(value)),
        }
    }

    /// The same by value.
    pub fn into_change(self) -> Option<Option<T>> {
        match self {
            Self::Absent => None,
            Self::Null => Some(None),
            Self::Value(value) => Some(Some(value)),
        }
    }

    /// Carries the change out on a value in memory, for rules that judge the result.
    pub fn apply_to(self, target: &mut Option<T>) {
        if let Some(change) = self.into_change() {
            *target = change;
        }
    }
}

impl<T> Change<T> {
    /// Whether the body leaves the field out.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// The change as diesel's changesets take it: `None` is untouched.
    pub const fn as_change(&self) -> Option<&T> {
        match self {
            Self::Absent => None,
            Self::Value(value) => Some(value),
        }
    }

    /// The same by value.
    pub fn into_change(self) -> Option<T> {
        match self {
            Self::Absent => None,
            Self::Value(value) => Some(value),
        }
    }

    /// Carries the change out on a value in memory, for rules that judge the result.
    pub fn apply_to(self, target: &mut T) {
        if let Self::Value(value) = self {
            *target = value;
        }
    }
}

impl<T> From<Patch<T>> for Option<Option<T>> {
    fn from(patch: Patch<T>) -> Self {
        patch.into_change()
    }
}

impl<T> From<Change<T>> for Option<T> {
    fn from(change: Change<T>) -> Self {
        change.into_change()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(|value| value.map_or(Self::Null, Self::Value))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Change<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::Value)
    }
}

/// What both three-state fields share: serialising, checking the value, and their schema.
macro_rules! partial_field {
    ($field:ident, $value:ident, $schema:ident) => {
        impl<T: Serialize> Serialize for $field<T> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    Self::Value(value) => value.serialize(serializer),
                    _ => serializer.serialize_none(),
                }
            }
        }

        impl<T: ValidateLength<u64>> ValidateLength<u64> for $field<T> {
            fn length(&self) -> Option<u64> {
                self.$value().and_then(ValidateLength::length)
            }
        }

        impl<T: PartialOrd> ValidateRange<T> for $field<T> {
            fn greater_than(&self, max: T) -> Option<bool> {
                self.$value().map(|value| *value > max)
            }

            fn less_than(&self, min: T) -> Option<bool> {
                self.$value().map(|value| *value < min)
            }
        }

        impl<T: Validate> Validate for $field<T> {
            fn validate(&self) -> Result<(), ValidationErrors> {
                self.$value().map_or(Ok(()), Validate::validate)
            }
        }

        impl<T: PartialSchema> utoipa::__dev::ComposeSchema for $field<T> {
            fn compose(generics: Vec<RefOr<Schema>>) -> RefOr<Schema> {
                $schema(generics.into_iter().next().unwrap_or_else(T::schema))
            }
        }

        impl<T: ToSchema> ToSchema for $field<T> {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($field))
            }

            fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
                T::schemas(schemas);
            }
        }
    };
}

partial_field!(Patch, value, nullable);
partial_field!(Change, as_change, itself);

fn nullable(schema: RefOr<Schema>) -> RefOr<Schema> {
    OneOfBuilder::new().item(ObjectBuilder::new().schema_type(Type::Null)).item(schema).into()
}

fn itself(schema: RefOr<Schema>) -> RefOr<Schema> {
    schema
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use validator::Validate;

    use super::{Change, Patch};
    use crate::kernel::text::{Line, Prose};

    #[derive(Debug, Deserialize, Validate)]
    #[serde(deny_unknown_fields)]
    struct Body {
        #[serde(default)]
        summary: Patch<Prose>,
        #[serde(default)]
        #[validate(length(max = 5))]
        title: Change<Line>,
        #[serde(default)]
        #[validate(length(max = 2))]
        goals: Patch<Vec<Prose>>,
        #[serde(default)]
        #[validate(range(min = 0, max = 10))]
        amount_cents: Patch<i64>,
    }

    fn body(json: &str) -> Body {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn absent_null_and_a_value_are_three_wishes() {
        assert_eq!(body("{}").summary, Patch::Absent);
        assert_eq!(body(r#"{"summary":null}"#).summary, Patch::Null);
        assert_eq!(body(r#"{"summary":"x"}"#).summary, Patch::Value(Prose::new("x").unwrap()));
        assert_eq!(body("{}").title, Change::Absent);
        assert!(serde_json::from_str::<Body>(r#"{"title":null}"#).is_err());
    }

    #[test]
    fn changes_come_as_diesel_takes_them() {
        let some: Prose = Prose::new("x").unwrap();
        assert_eq!(Patch::<Prose>::Absent.into_change(), None);
        assert_eq!(Patch::<Prose>::Null.as_change(), Some(None));
        assert_eq!(Patch::Value(some.clone()).as_change(), Some(Some(&some)));
        assert_eq!(Change::Value(some.clone()).into_change(), Some(some));
    }

    #[test]
    fn a_patch_is_carried_out_in_memory() {
        let mut target = Some(1);
        Patch::Absent.apply_to(&mut target);
        assert_eq!(target, Some(1));
        Patch::Value(2).apply_to(&mut target);
        assert_eq!(target, Some(2));
        Patch::Null.apply_to(&mut target);
        assert_eq!(target, None);
        let mut fixed = 1;
        Change::Value(3).apply_to(&mut fixed);
        assert_eq!(fixed, 3);
    }

    #[test]
    fn validation_looks_at_the_value() {
        assert!(body(r#"{"title":"abcde","goals":["a","b"],"amount_cents":10}"#).validate().is_ok());
        assert!(body(r#"{"goals":null,"amount_cents":null}"#).validate().is_ok());
        let errors = body(r#"{"title":"abcdef","goals":["a","b","c"],"amount_cents":11}"#).validate().unwrap_err();
        assert_eq!(errors.errors().len(), 3);
    }
}
