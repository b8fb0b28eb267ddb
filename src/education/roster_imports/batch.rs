//! Rows on their way into the staging table, a thousand at a time.

use chrono::NaiveDate;
use diesel::{ExecuteCopyFromDsl as _, Insertable, copy_from};
use uuid::Uuid;

use crate::db::Conn;
use crate::education::students::{Registered, StudentRecord};
use crate::error::Result;
use crate::http::patch::Patch;
use crate::kernel::coded::Coded;
use crate::kernel::ids::CohortId;

diesel::table! {
    /// The rows of the roster at hand; `merge/staging.sql` makes it for one transaction.
    roster_staging (row_number) {
        row_number -> BigInt,
        sourced_id -> Text,
        state -> SmallInt,
        given -> Integer,
        programme_id -> Nullable<Uuid>,
        cohort_id -> Nullable<Uuid>,
        offered -> Bool,
        given_name -> Nullable<Text>,
        prefix -> Nullable<Text>,
        family_name -> Nullable<Text>,
        school_email -> Nullable<Text>,
        postcode4 -> Nullable<Text>,
        study_year -> Nullable<SmallInt>,
        learning_path -> Nullable<Text>,
        accelerated -> Nullable<Bool>,
        available_from -> Nullable<Date>,
        available_until -> Nullable<Date>,
        available_days -> Nullable<Array<Text>>,
        max_travel_minutes -> Nullable<Integer>,
        new_id -> Uuid,
        period_id -> Uuid,
    }
}

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

#[derive(Debug, Default, Insertable)]
#[diesel(table_name = roster_staging, treat_none_as_default_value = false)]
struct Row {
    row_number: i64,
    sourced_id: String,
    state: i16,
    given: i32,
    programme_id: Option<Uuid>,
    cohort_id: Option<Uuid>,
    offered: bool,
    given_name: Option<String>,
    prefix: Option<String>,
    family_name: Option<String>,
    school_email: Option<String>,
    postcode4: Option<String>,
    study_year: Option<i16>,
    learning_path: Option<String>,
    accelerated: Option<bool>,
    available_from: Option<NaiveDate>,
    available_until: Option<NaiveDate>,
    available_days: Option<Vec<&'static str>>,
    max_travel_minutes: Option<i32>,
    new_id: Uuid,
    period_id: Uuid,
}

/// Some rows.
#[derive(Debug, Default)]
pub(super) struct Batch(Vec<Row>);

impl Batch {
    /// Rows that are sent at once.
    const FULL: usize = 1000;

    pub(super) const fn is_full(&self) -> bool {
        self.0.len() >= Self::FULL
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A row of which only the key counts.
    pub(super) fn push_key(&mut self, row: u64, key: String, state: State) {
        self.0.push(Row { offered: true, ..Row::of(row, key, state) });
    }

    /// A row with all it says.
    pub(super) fn push(&mut self, row: u64, student: StudentRecord, programme: &Registered, cohort: Option<CohortId>) {
        let path = student.learning_path.as_change().copied();
        let given = given(&student);
        let days = student.available_days.into_change().flatten().map(|mut days| {
            days.sort_unstable();
            days.iter().map(|day| day.code()).collect()
        });
        self.0.push(Row {
            given,
            programme_id: Some(programme.id.into()),
            cohort_id: cohort.map(Uuid::from),
            offered: path.is_none_or(|path| programme.learning_paths.contains(&path)),
            given_name: Some(student.given_name.into()),
            prefix: text(&student.prefix),
            family_name: Some(student.family_name.into()),
            school_email: text(&student.school_email),
            postcode4: text(&student.postcode4),
            study_year: student.study_year.value().copied(),
            learning_path: path.map(|path| path.code().to_owned()),
            accelerated: student.accelerated.as_change().copied(),
            available_from: student.available_from.value().map(|day| day.date()),
            available_until: student.available_until.value().map(|day| day.date()),
            available_days: days,
            max_travel_minutes: student.max_travel_minutes.value().copied(),
            ..Row::of(row, student.sourced_id.into(), State::Present)
        });
    }

    /// Stages the rows.
    ///
    /// # Errors
    /// 503 when the database cannot serve.
    pub(super) fn stage(self, conn: &mut Conn) -> Result<()> {
        copy_from(roster_staging::table).from_insertable(self.0).execute(conn)?;
        Ok(())
    }
}

impl Row {
    fn of(row: u64, sourced_id: String, state: State) -> Self {
        Self {
            row_number: i64::try_from(row).unwrap_or(i64::MAX),
            sourced_id,
            state: state.number(),
            new_id: Uuid::now_v7(),
            period_id: Uuid::now_v7(),
            ..Self::default()
        }
    }
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
