//! Where a sync goes on: `updatedSince` takes a moment or the token that the answer before gave.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike as _, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::text::Refusal;
use crate::error::Rule;

/// The text is neither a moment nor a token of ours.
pub const NOT_A_SINCE: Rule = Rule {
    code: "malformed",
    nl: "Een moment zoals 2025-09-01T00:00:00Z, of de nextUpdatedSince van het vorige antwoord.",
    en: "A moment such as 2025-09-01T00:00:00Z, or the nextUpdatedSince of the answer before.",
};

/// The number of a transaction (xid8). Feeds are ordered by it, because commits do not come in
/// the order of the clock; it is compared in SQL and carried as text.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    diesel::expression::AsExpression,
    diesel::deserialize::FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::Text)]
pub struct Tx(pub u64);

/// How far a feed was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// First transaction that was not.
    pub next: Tx,
    /// Where the feed ends of which it is a part: a region that the caller took over before that is in it.
    pub until: Tx,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.next.fmt(f)?;
        if self.next == self.until { Ok(()) } else { write!(f, "-{}", self.until) }
    }
}

impl FromStr for Told {
    type Err = &'static Rule;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let (next, until) = raw.split_once('-').unwrap_or((raw, raw));
        Ok(Self { next: next.parse()?, until: until.parse()? })
    }
}

/// From where on a caller wants to hear of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// What changed at or after this moment; some of it may have been heard already.
    Moment(DateTime<Utc>),
    /// What no answer before told: the token `nextUpdatedSince`.
    Token(Told),
}

impl Since {
    const MARK: char = 's';
    /// Characters at most.
    const LONGEST: usize = 64;

    /// Reads a moment (RFC 3339) or a token.
    ///
    /// # Errors
    /// [`NOT_A_SINCE`].
    pub fn new(raw: &str) -> Result<Self, &'static Rule> {
        let read = match raw.strip_prefix(Self::MARK) {
            _ if raw.len() > Self::LONGEST => None,
            Some(told) => told.parse().ok().map(Self::Token),
            None if raw.contains('T') => DateTime::parse_from_rfc3339(raw)
                .ok()
                .map(DateTime::<Utc>::from)
                .filter(|moment| (1900..=2199).contains(&moment.year()))
                .map(Self::Moment),
            None => None,
        };
        read.ok_or(&NOT_A_SINCE)
    }
}

impl fmt::Display for Since {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Moment(moment) => moment.fmt(f),
            Self::Token(told) => write!(f, "{}{told}", Self::MARK),
        }
    }
}

impl fmt::Display for Tx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Tx {
    type Err = &'static Rule;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let digits = !raw.is_empty() && raw.bytes().all(|byte| byte.is_ascii_digit());
        let number = if digits { raw.parse().ok() } else { None };
        number.map(Self).ok_or(&NOT_A_SINCE)
    }
}

impl Serialize for Tx {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Tx {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(|rule| serde::de::Error::custom(Refusal(rule)))
    }
}

impl Serialize for Since {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Since {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = String::deserialize(deserializer)?;
        Self::new(&raw).map_err(|rule| serde::de::Error::custom(Refusal(rule)))
    }
}

impl diesel::serialize::ToSql<diesel::sql_types::Text, diesel::pg::Pg> for Tx {
    fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>) -> diesel::serialize::Result {
        use std::io::Write as _;
        write!(out, "{}", self.0)?;
        Ok(diesel::serialize::IsNull::No)
    }
}

impl diesel::deserialize::FromSql<diesel::sql_types::Text, diesel::pg::Pg> for Tx {
    fn from_sql(bytes: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
        let text = <String as diesel::deserialize::FromSql<diesel::sql_types::Text, diesel::pg::Pg>>::from_sql(bytes)?;
        Ok(Self(text.parse()?))
    }
}

impl utoipa::__dev::ComposeSchema for Since {
    fn compose(
        _: Vec<utoipa::openapi::RefOr<utoipa::openapi::Schema>>,
    ) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some("A moment (RFC 3339), or the `nextUpdatedSince` of the answer before."))
            .min_length(Some(1))
            .max_length(Some(Self::LONGEST))
            .pattern(Some(r"^(s[0-9]+(-[0-9]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2}T.+)$"))
            .examples([serde_json::json!("2025-09-01T00:00:00Z"), serde_json::json!("s81274")])
            .into()
    }
}

impl utoipa::ToSchema for Since {}

#[cfg(test)]
mod tests {
    use super::{Since, Told, Tx};

    fn token(next: u64, until: u64) -> Since {
        Since::Token(Told { next: Tx(next), until: Tx(until) })
    }

    #[test]
    fn a_moment_and_a_token_are_told_apart() {
        assert_eq!(Since::new("s81274"), Ok(token(81274, 81274)));
        assert_eq!(Since::new("s18446744073709551615"), Ok(token(u64::MAX, u64::MAX)));
        let moment = Since::new("2025-09-01T02:00:00+02:00");
        assert_eq!(moment, Since::new("2025-09-01T00:00:00Z"));
        assert!(moment.is_ok());
    }

    #[test]
    fn what_was_given_is_taken_again() {
        for (token, text) in [(token(7, 7), "s7"), (token(7, 9), "s7-9")] {
            assert_eq!(token.to_string(), text);
            assert_eq!(Since::new(text), Ok(token));
        }
    }

    #[test]
    fn anything_else_is_refused() {
        let refused = [
            "",
            "s",
            "s-1",
            "s+1",
            "s1.5",
            "s1-",
            "s-2",
            "s1-2-3",
            "s18446744073709551616",
            "81274",
            "2025-09-01",
            "2025-09-01T00:00:00",
            "9999-01-01T00:00:00Z",
        ];
        for raw in refused {
            assert!(Since::new(raw).is_err(), "{raw:?}");
        }
    }
}
