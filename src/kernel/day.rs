//! A calendar day, read strictly: chrono itself also takes `2025-9-1` and the year 294277.

use chrono::{Datelike as _, NaiveDate};

use super::text::Refusal;
use crate::error::Rule;

/// The text is not a calendar day between 1900 and 2199.
pub const NOT_A_DAY: Rule = Rule {
    code: "malformed",
    nl: "Een bestaande datum tussen 1900 en 2199, als jjjj-mm-dd, zoals 2025-09-01.",
    en: "An existing date between 1900 and 2199, as yyyy-mm-dd, such as 2025-09-01.",
};

/// The form of a day, as the contract states it.
pub const DAY_PATTERN: &str = "^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$";

/// A calendar day in the Netherlands, `yyyy-mm-dd`, from 1900 to 2199.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    diesel::expression::AsExpression,
    diesel::deserialize::FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::Date)]
pub struct Day(NaiveDate);

impl Day {
    /// Reads `yyyy-mm-dd`.
    ///
    /// # Errors
    /// [`NOT_A_DAY`].
    pub fn new(raw: &str) -> Result<Self, &'static Rule> {
        let shaped = raw.len() == 10 && raw.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let date = if shaped { NaiveDate::parse_from_str(raw, "%Y-%m-%d").ok() } else { None };
        match date {
            Some(date) if (1900..=2199).contains(&date.year()) => Ok(Self(date)),
            _ => Err(&NOT_A_DAY),
        }
    }

    /// As chrono's date.
    #[must_use]
    pub const fn date(self) -> NaiveDate {
        self.0
    }
}

impl From<NaiveDate> for Day {
    fn from(date: NaiveDate) -> Self {
        Self(date)
    }
}

impl From<Day> for NaiveDate {
    fn from(day: Day) -> Self {
        day.0
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl serde::Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = String::deserialize(deserializer)?;
        Self::new(&raw).map_err(|rule| serde::de::Error::custom(Refusal(rule)))
    }
}

impl diesel::serialize::ToSql<diesel::sql_types::Date, diesel::pg::Pg> for Day {
    fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>) -> diesel::serialize::Result {
        diesel::serialize::ToSql::<diesel::sql_types::Date, diesel::pg::Pg>::to_sql(&self.0, out)
    }
}

impl diesel::deserialize::FromSql<diesel::sql_types::Date, diesel::pg::Pg> for Day {
    fn from_sql(bytes: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
        diesel::deserialize::FromSql::<diesel::sql_types::Date, diesel::pg::Pg>::from_sql(bytes).map(Self)
    }
}

impl utoipa::__dev::ComposeSchema for Day {
    fn compose(
        _: Vec<utoipa::openapi::RefOr<utoipa::openapi::Schema>>,
    ) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::Date)))
            .description(Some("Calendar day in the Netherlands, from 1900 to 2199."))
            .min_length(Some(10))
            .max_length(Some(10))
            .pattern(Some(DAY_PATTERN))
            .examples([serde_json::json!("2025-09-01")])
            .into()
    }
}

impl utoipa::ToSchema for Day {}

#[cfg(test)]
mod tests {
    use super::Day;

    #[test]
    fn only_existing_days_in_their_full_form_are_read() {
        for raw in ["2025-09-01", "2024-02-29", "1900-01-01", "2199-12-31"] {
            assert_eq!(Day::new(raw).unwrap().to_string(), raw);
        }
        let refused = [
            "",
            "2025-9-1",
            "2023-02-29",
            "0000-00-00",
            "+294277-01-01",
            "294277-01-01",
            "infinity",
            "2025-13-01",
            "2025-09-01T00:00:00Z",
            " 2025-09-01",
            "20250901",
            "01-09-2025",
            "1899-12-31",
            "2200-01-01",
            "２０２５-09-01",
        ];
        for raw in refused {
            assert!(Day::new(raw).is_err(), "{raw:?}");
        }
    }
}
