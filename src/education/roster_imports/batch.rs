//! Rows on their way into the staging table, a thousand at a time and column by column.

use chrono::NaiveDate;
use diesel::sql_types::{Array, BigInt, Bool, Date, Integer, Nullable, SmallInt, Text, Uuid as SqlUuid};
use diesel::{QueryableByName, RunQueryDsl as _, sql_query};
use uuid::Uuid;

use crate::db::Conn;
use crate::education::students::{Registered, StudentRecord};
use crate::error::Result;
use crate::http::patch::Patch;
use crate::kernel::coded::Coded;
use crate::kernel::ids::CohortId;

/// What a staged row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// A student who is on the roster.
    Present,
    /// A student who left.
    Gone,
    /// A student who is on the roster with a row that could not be taken in: stays as it was.
    Rejected,
}

impl State {
    const fn number(self) -> i16 {
        match self {
            Self::Present => 0,
            Self::Gone => 1,
            Self::Rejected => 2,
        }
    }
}

macro_rules! columns {
    ($($column:ident: $type:ty => $sql:ty;)*) => {
        /// The columns of a thousand rows.
        #[derive(Debug, Default)]
        pub(super) struct Batch {
            $($column: Vec<$type>,)*
        }

        impl Batch {
            /// Stages the rows; those whose key was staged before are left out and told apart.
            pub(super) fn stage(self, conn: &mut Conn) -> Result<Vec<u64>> {
                let staged = self.row_number.len();
                let (numbers, keys) = (self.row_number.clone(), self.sourced_id.clone());
                let written = sql_query(include_str!("merge/stage.sql"))
                    $(.bind::<Array<$sql>, _>(self.$column))*
                    .execute(conn)?;
                if written == staged { Ok(Vec::new()) } else { twice(conn, &numbers, &keys) }
            }
        }
    };
}

columns! {
    row_number: i64 => BigInt;
    sourced_id: String => Text;
    state: i16 => SmallInt;
    given: i32 => Integer;
    programme_id: Option<Uuid> => Nullable<SqlUuid>;
    cohort_id: Option<Uuid> => Nullable<SqlUuid>;
    offered: bool => Bool;
    given_name: Option<String> => Nullable<Text>;
    prefix: Option<String> => Nullable<Text>;
    family_name: Option<String> => Nullable<Text>;
    school_email: Option<String> => Nullable<Text>;
    postcode4: Option<String> => Nullable<Text>;
    study_year: Option<i16> => Nullable<SmallInt>;
    learning_path: Option<&'static str> => Nullable<Text>;
    accelerated: Option<bool> => Nullable<Bool>;
    available_from: Option<NaiveDate> => Nullable<Date>;
    available_until: Option<NaiveDate> => Nullable<Date>;
    available_days: Option<String> => Nullable<Text>;
    max_travel_minutes: Option<i32> => Nullable<Integer>;
    new_id: Uuid => SqlUuid;
    period_id: Uuid => SqlUuid;
}

#[derive(QueryableByName)]
struct Numbered {
    #[diesel(sql_type = BigInt)]
    row_number: i64,
}

fn twice(conn: &mut Conn, numbers: &[i64], keys: &[String]) -> Result<Vec<u64>> {
    let rows: Vec<Numbered> = sql_query(
        "SELECT r.row_number FROM unnest($1::bigint[], $2::text[]) AS r (row_number, sourced_id) \
         JOIN roster_staging s USING (sourced_id) WHERE s.row_number <> r.row_number ORDER BY 1",
    )
    .bind::<Array<BigInt>, _>(numbers)
    .bind::<Array<Text>, _>(keys)
    .load(conn)?;
    Ok(rows.iter().filter_map(|row| u64::try_from(row.row_number).ok()).collect())
}

/// Which columns that can be cleared the file has, as bits; `merge/compare.sql` reads them.
fn given(student: &StudentRecord) -> i32 {
    let had = [
        !student.prefix.is_absent(),
        !student.school_email.is_absent(),
        !student.postcode4.is_absent(),
        !student.cohort.is_absent(),
        !student.study_year.is_absent(),
        !student.available_from.is_absent(),
        !student.available_until.is_absent(),
        !student.available_days.is_absent(),
        !student.max_travel_minutes.is_absent(),
    ];
    had.iter().rev().fold(0, |bits, had| bits << 1 | i32::from(*had))
}

fn text<T: ToString>(patch: &Patch<T>) -> Option<String> {
    patch.value().map(ToString::to_string)
}

impl Batch {
    /// Rows that are sent at once.
    const FULL: usize = 1000;

    pub(super) fn is_full(&self) -> bool {
        self.row_number.len() >= Self::FULL
    }

    pub(super) fn is_empty(&self) -> bool {
        self.row_number.is_empty()
    }

    /// A row of which only the key counts.
    pub(super) fn push_key(&mut self, row: u64, key: String, state: State) {
        self.begin(row, key, state, 0);
        self.programme_id.push(None);
        self.cohort_id.push(None);
        self.offered.push(true);
        self.given_name.push(None);
        self.prefix.push(None);
        self.family_name.push(None);
        self.school_email.push(None);
        self.postcode4.push(None);
        self.study_year.push(None);
        self.learning_path.push(None);
        self.accelerated.push(None);
        self.available_from.push(None);
        self.available_until.push(None);
        self.available_days.push(None);
        self.max_travel_minutes.push(None);
    }

    /// A row with all it says.
    pub(super) fn push(&mut self, row: u64, student: StudentRecord, programme: &Registered, cohort: Option<CohortId>) {
        self.begin(row, student.sourced_id.to_string(), State::Present, given(&student));
        let path = student.learning_path.as_change().copied();
        self.programme_id.push(Some(programme.id.into()));
        self.cohort_id.push(cohort.map(Uuid::from));
        self.offered.push(path.is_none_or(|path| programme.learning_paths.contains(&path)));
        self.prefix.push(text(&student.prefix));
        self.school_email.push(text(&student.school_email));
        self.postcode4.push(text(&student.postcode4));
        self.study_year.push(student.study_year.value().copied());
        self.learning_path.push(path.map(Coded::code));
        self.accelerated.push(student.accelerated.as_change().copied());
        self.available_from.push(student.available_from.value().map(|day| day.date()));
        self.available_until.push(student.available_until.value().map(|day| day.date()));
        let days = student.available_days.into_change().flatten().map(|mut days| {
            days.sort_unstable();
            days.iter().map(|day| day.code()).collect::<Vec<_>>().join(",")
        });
        self.available_days.push(days);
        self.max_travel_minutes.push(student.max_travel_minutes.value().copied());
        self.given_name.push(Some(student.given_name.into()));
        self.family_name.push(Some(student.family_name.into()));
    }

    fn begin(&mut self, row: u64, key: String, state: State, given: i32) {
        self.row_number.push(i64::try_from(row).unwrap_or(i64::MAX));
        self.sourced_id.push(key);
        self.state.push(state.number());
        self.given.push(given);
        self.new_id.push(Uuid::now_v7());
        self.period_id.push(Uuid::now_v7());
    }
}
