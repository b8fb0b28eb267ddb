//! A student's rows: what the tables hold of somebody.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::education::learning_path_periods as paths;
use crate::kernel::field::Weekday;
use crate::kernel::formats::{Email, Postcode4, SourcedId};
use crate::kernel::ids::{CohortId, OrganisationId, ProgrammeId, StudentId};
use crate::kernel::text::Line;
use crate::schema::{student_identities, students};

/// What a student is placed by: the columns of `students` that change.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = students, treat_none_as_null = true, treat_none_as_default_value = false)]
pub(super) struct Enrolment {
    pub(super) programme_id: ProgrammeId,
    pub(super) cohort_id: Option<CohortId>,
    pub(super) study_year: Option<i16>,
    pub(super) available_from: Option<NaiveDate>,
    pub(super) available_until: Option<NaiveDate>,
    pub(super) available_days: Option<Vec<Weekday>>,
    pub(super) max_travel_minutes: Option<i32>,
    pub(super) active: bool,
}

/// Who a student is.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = student_identities, treat_none_as_null = true, treat_none_as_default_value = false)]
pub(super) struct Identity {
    pub(super) given_name: Line<100>,
    pub(super) prefix: Option<Line<50>>,
    pub(super) family_name: Line<100>,
    pub(super) school_email: Option<Email>,
    pub(super) postcode4: Option<Postcode4>,
}

/// A student as it stands, locked for the rest of the transaction.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = students)]
pub(super) struct Standing {
    pub(super) id: StudentId,
    pub(super) school_id: OrganisationId,
    pub(super) sourced_id: SourcedId,
    pub(super) version: i32,
    #[diesel(embed)]
    pub(super) enrolment: Enrolment,
}

/// All that is known of a student, as rules judge it.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) student: Standing,
    pub(super) identity: Option<Identity>,
    pub(super) open: Option<paths::Standing>,
}

impl Held {
    /// The student.
    pub(super) const fn id(&self) -> StudentId {
        self.student.id
    }

    /// Its version now.
    pub(super) const fn version(&self) -> i32 {
        self.student.version
    }
}
