//! Money in whole euro cents and shares in basis points: integers between bounds, never floats. A
//! share is floored to the cent; sums are exact.

use std::iter::Sum;

use diesel::pg::data_types::PgNumeric;

use super::text::Refusal;
use crate::error::Rule;

/// The rule of every bounded number, for who meets it in the message of a serde error.
pub const RULES: &[&Rule] = &[&Cents::RULE, &BasisPoints::RULE];

macro_rules! bounded {
    ($(
        $(#[$doc:meta])*
        $name:ident($number:ty) $sql:ident {
            max: $max:literal,
            format: $format:ident,
            describe: $description:literal,
            example: $example:literal,
            nl: $nl:literal,
            en: $en:literal,
        }
    )*) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize,
            diesel::expression::AsExpression, diesel::deserialize::FromSqlRow,
        )]
        #[serde(transparent)]
        #[diesel(sql_type = diesel::sql_types::$sql)]
        pub struct $name($number);

        impl $name {
            /// The largest.
            pub const MAX: $number = $max;
            /// What is said of a number that is none of these.
            pub const RULE: Rule = Rule { code: "out-of-range", nl: $nl, en: $en };

            /// Takes a number within the bounds.
            ///
            /// # Errors
            /// [`Self::RULE`].
            pub fn new(number: $number) -> Result<Self, &'static Rule> {
                if (0..=Self::MAX).contains(&number) { Ok(Self(number)) } else { Err(&Self::RULE) }
            }

            /// The number.
            #[must_use]
            pub const fn number(self) -> $number {
                self.0
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let number = <$number>::deserialize(deserializer)?;
                Self::new(number).map_err(|rule| serde::de::Error::custom(Refusal(rule)))
            }
        }

        impl diesel::serialize::ToSql<diesel::sql_types::$sql, diesel::pg::Pg> for $name {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>,
            ) -> diesel::serialize::Result {
                diesel::serialize::ToSql::<diesel::sql_types::$sql, diesel::pg::Pg>::to_sql(&self.0, out)
            }
        }

        impl diesel::deserialize::FromSql<diesel::sql_types::$sql, diesel::pg::Pg> for $name {
            fn from_sql(bytes: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
                let number: $number =
                    diesel::deserialize::FromSql::<diesel::sql_types::$sql, diesel::pg::Pg>::from_sql(bytes)?;
                Self::new(number).map_err(|rule| rule.code.into())
            }
        }

        impl utoipa::__dev::ComposeSchema for $name {
            fn compose(
                _: Vec<utoipa::openapi::RefOr<utoipa::openapi::Schema>>,
            ) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::Integer)
                    .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::$format)))
                    .description(Some($description))
                    .minimum(Some(0))
                    .maximum(Some(Self::MAX))
                    .examples([serde_json::json!($example)])
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}
    )*};
}

bounded! {
    /// An amount of money in whole euro cents, up to a billion euros; a property of it ends in `Cents`.
    Cents(i64) BigInt {
        max: 100_000_000_000,
        format: Int64,
        describe: "Amount of money (bedrag) in whole euro cents.",
        example: 2_500_000,
        nl: "Een bedrag in hele eurocenten, van 0 tot en met 100000000000.",
        en: "An amount in whole euro cents, from 0 to 100000000000.",
    }
    /// A share of a whole in hundredths of a percent; a property of it ends in `BasisPoints`.
    BasisPoints(i32) Integer {
        max: 10_000,
        format: Int32,
        describe: "Share of a whole (aandeel) in basis points: 10000 is all of it, 5000 is half.",
        example: 5_000,
        nl: "Een aandeel in basispunten, van 0 tot en met 10000; 5000 is de helft.",
        en: "A share in basis points, from 0 to 10000; 5000 is half.",
    }
}

impl BasisPoints {
    /// This share of an amount, floored to the cent: nobody gets the part of a cent.
    #[must_use]
    pub fn share_of(self, amount: Cents) -> Cents {
        // At most 10^4 × 10^11, far within the type.
        Cents(amount.0 * i64::from(self.0) / i64::from(Self::MAX))
    }
}

/// What amounts add up to: exact however many they are, and so possibly more than one amount can be.
/// In SQL it is `sum(…)` of a bigint, which is a numeric and null where there is nothing to add.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, diesel::deserialize::FromSqlRow)]
pub struct Total(i128);

impl Total {
    /// The total as one amount.
    ///
    /// # Errors
    /// [`Cents::RULE`] when it is more than an amount can be.
    pub fn amount(self) -> Result<Cents, &'static Rule> {
        i64::try_from(self.0).ok().and_then(|number| Cents::new(number).ok()).ok_or(&Cents::RULE)
    }
}

impl Sum<Cents> for Total {
    fn sum<I: Iterator<Item = Cents>>(amounts: I) -> Self {
        Self(amounts.map(|amount| i128::from(amount.0)).sum())
    }
}

impl diesel::deserialize::FromSql<diesel::sql_types::Numeric, diesel::pg::Pg> for Total {
    fn from_sql(bytes: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
        let number = diesel::deserialize::FromSql::<diesel::sql_types::Numeric, diesel::pg::Pg>::from_sql(bytes)?;
        whole(&number).map(Self).ok_or_else(|| "a sum of cents is no whole number of them".into())
    }
}

/// A numeric without sign and without a fraction.
fn whole(number: &PgNumeric) -> Option<i128> {
    let PgNumeric::Positive { weight, digits, .. } = number else { return None };
    // Groups of four decimal digits, of which zeros at the end are left out.
    let groups = usize::try_from(i32::from(*weight) + 1).ok()?;
    if digits.len() > groups {
        return None;
    }
    let groups = digits.iter().copied().chain(std::iter::repeat(0)).take(groups);
    groups.map(i128::from).try_fold(0_i128, |sum, group| sum.checked_mul(10_000)?.checked_add(group))
}

#[cfg(test)]
mod tests {
    use diesel::pg::data_types::PgNumeric;

    use super::{BasisPoints, Cents, RULES, Total, whole};
    use crate::kernel::text::{Refusal, refusal_in};

    fn cents(number: i64) -> Cents {
        Cents::new(number).unwrap()
    }

    #[test]
    fn an_amount_is_a_whole_number_of_cents_between_its_bounds() {
        for raw in ["0", "1", "99999999999", "100000000000"] {
            let amount: Cents = serde_json::from_str(raw).unwrap();
            assert_eq!(serde_json::to_string(&amount).unwrap(), raw);
        }
        let refused = [
            "-1",
            "100000000001",
            "9007199254740993",
            "9223372036854775808",
            "1e400",
            "1e2",
            "0.5",
            "1.0",
            "-0.0",
            "\"1\"",
            "\"25.000,00\"",
            "true",
            "null",
            "[1]",
        ];
        for raw in refused {
            assert!(serde_json::from_str::<Cents>(raw).is_err(), "{raw}");
        }
    }

    #[test]
    fn a_share_is_between_nothing_and_all() {
        for number in [0, 1, 9_999, 10_000] {
            assert_eq!(BasisPoints::new(number).map(BasisPoints::number), Ok(number));
        }
        for number in [-1, 10_001, i32::MAX, i32::MIN] {
            assert_eq!(BasisPoints::new(number), Err(&BasisPoints::RULE), "{number}");
        }
    }

    #[test]
    fn a_share_of_an_amount_is_floored_to_the_cent() {
        let cases = [
            (0, 2_500_000, 0),
            (5_000, 2_500_000, 1_250_000),
            (5_000, 1, 0),
            (5_000, 3, 1),
            (3_333, 100, 33),
            (9_999, 10_000, 9_999),
            (9_999, 1, 0),
            (10_000, 1, 1),
            (10_000, Cents::MAX, Cents::MAX),
            (1, Cents::MAX, 10_000_000),
        ];
        for (share, of, is) in cases {
            assert_eq!(BasisPoints::new(share).unwrap().share_of(cents(of)), cents(is), "{share} of {of}");
        }
    }

    #[test]
    fn the_stated_grants_add_up_and_the_unknown_one_has_no_amount() {
        let grants = [Some(2_500_000), Some(2_450_000), Some(2_500_000), Some(1_132_500), None];
        let grants = grants.map(|grant| grant.map(cents));
        let total: Total = grants.into_iter().flatten().sum();
        assert_eq!(total.amount(), Ok(cents(8_582_500)));
        assert_eq!(serde_json::to_string(&grants).unwrap(), "[2500000,2450000,2500000,1132500,null]");
        // Half of a project at most: the projects cost at least twice as much.
        let half = BasisPoints::new(5_000).unwrap();
        assert_eq!(half.share_of(cents(4_900_000)), cents(2_450_000));
    }

    #[test]
    fn a_total_may_be_more_than_one_amount_can() {
        assert_eq!(Total(i128::from(i64::MAX) + 1).amount(), Err(&Cents::RULE));
        assert_eq!([cents(Cents::MAX), cents(1)].into_iter().sum::<Total>().amount(), Err(&Cents::RULE));
        assert_eq!([].into_iter().sum::<Total>().amount(), Ok(cents(0)));
    }

    #[test]
    fn a_numeric_is_read_group_by_group() {
        let numeric = |weight, digits: &[i16]| PgNumeric::Positive { weight, scale: 0, digits: digits.to_vec() };
        assert_eq!(whole(&numeric(0, &[])), Some(0));
        assert_eq!(whole(&numeric(1, &[858, 2500])), Some(8_582_500));
        assert_eq!(whole(&numeric(2, &[1])), Some(100_000_000));
        assert_eq!(whole(&numeric(0, &[1, 5000])), None, "a fraction");
        assert_eq!(whole(&numeric(-1, &[5000])), None, "a fraction");
        assert_eq!(whole(&numeric(100, &[1])), None, "more than there is room for");
        assert_eq!(whole(&PgNumeric::Negative { weight: 0, scale: 0, digits: vec![1] }), None);
        assert_eq!(whole(&PgNumeric::NaN), None);
    }

    #[test]
    fn every_rule_is_found_again_in_a_serde_message() {
        for rule in RULES {
            assert_eq!(refusal_in(&format!("{} at line 1 column 3", Refusal(rule))), Some(*rule));
        }
    }
}
