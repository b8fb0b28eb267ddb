//! Code lists: enums whose values travel as kebab-case codes and are shown as Dutch or English
//! labels. Clients must expect new codes.

use std::fmt::Write as _;

use serde::Serialize;
use utoipa::openapi::schema::Type;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};

/// One value of a code list, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Label {
    /// The code on the wire and in the tables.
    pub code: &'static str,
    /// Dutch label.
    pub nl: &'static str,
    /// English label.
    pub en: &'static str,
}

/// An enum that travels as a code.
pub trait Coded: Copy + Eq + Sized + 'static {
    /// The list's own code, for example `learning-path`.
    const LIST: &'static str;
    /// Every value in order, with its labels.
    const LABELS: &'static [Label];

    /// The code of this value.
    fn code(self) -> &'static str;

    /// The value with this code.
    fn from_code(code: &str) -> Option<Self>;
}

/// The schema of a code list: its codes, each explained in both languages.
#[must_use]
pub fn schema_of(doc: &str, labels: &[Label]) -> RefOr<Schema> {
    let mut description = doc.trim().to_owned();
    for label in labels {
        // Writing to a String cannot fail.
        let _ = write!(description, "\n- `{}`: {} ({})", label.code, label.nl, label.en);
    }
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(description))
        .enum_values(Some(labels.iter().map(|label| label.code)))
        .into()
}

/// Declares code lists: the enum, its codes and its labels in both languages, once.
#[macro_export]
macro_rules! code_lists {
    ($($(#[doc = $doc:literal])* $name:ident $list:literal { $($(#[$value_doc:meta])* $value:ident $code:literal $nl:literal $en:literal;)+ })+) => {$(
        $(#[doc = $doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize,
            diesel::expression::AsExpression, diesel::deserialize::FromSqlRow,
        )]
        #[diesel(sql_type = diesel::sql_types::Text)]
        pub enum $name {
            $(
                #[doc = $en]
                $(#[$value_doc])*
                #[serde(rename = $code)]
                $value,
            )+
        }

        impl $crate::kernel::coded::Coded for $name {
            const LIST: &'static str = $list;
            const LABELS: &'static [$crate::kernel::coded::Label] =
                &[$($crate::kernel::coded::Label { code: $code, nl: $nl, en: $en }),+];

            fn code(self) -> &'static str {
                match self { $(Self::$value => $code),+ }
            }

            fn from_code(code: &str) -> Option<Self> {
                match code {
                    $($code => Some(Self::$value),)+
                    _ => None,
                }
            }
        }

        // Not derived: utoipa does not see a rename that a macro wrote.
        impl utoipa::__dev::ComposeSchema for $name {
            fn compose(_: Vec<utoipa::openapi::RefOr<utoipa::openapi::Schema>>) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                $crate::kernel::coded::schema_of(concat!($($doc),*), <Self as $crate::kernel::coded::Coded>::LABELS)
            }
        }

        impl utoipa::ToSchema for $name {}

        impl diesel::serialize::ToSql<diesel::sql_types::Text, diesel::pg::Pg> for $name {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>,
            ) -> diesel::serialize::Result {
                <str as diesel::serialize::ToSql<diesel::sql_types::Text, diesel::pg::Pg>>::to_sql(
                    $crate::kernel::coded::Coded::code(*self),
                    out,
                )
            }
        }

        impl diesel::deserialize::FromSql<diesel::sql_types::Text, diesel::pg::Pg> for $name {
            fn from_sql(bytes: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
                let code = <String as diesel::deserialize::FromSql<
                    diesel::sql_types::Text,
                    diesel::pg::Pg,
                >>::from_sql(bytes)?;
                <Self as $crate::kernel::coded::Coded>::from_code(&code)
                    .ok_or_else(|| format!("unknown code in list {}", $list).into())
            }
        }
    )+};
}

#[cfg(test)]
mod tests {
    use super::Coded as _;
    use crate::kernel::role::Role;

    #[test]
    fn the_contract_names_the_codes_and_explains_them() {
        let schema = serde_json::to_value(<Role as utoipa::PartialSchema>::schema()).unwrap();
        assert_eq!(schema["enum"], serde_json::json!(["practice", "school", "region", "funder", "platform"]));
        assert!(schema["description"].as_str().unwrap().contains("- `funder`: Fonds (Fund)"), "{schema}");
    }

    #[test]
    fn a_code_names_one_value() {
        assert_eq!(Role::from_code("funder"), Some(Role::Funder));
        assert_eq!(Role::Funder.code(), "funder");
        assert_eq!(Role::from_code("Funder"), None);
        assert_eq!(Role::LABELS.len(), 5);
    }
}
