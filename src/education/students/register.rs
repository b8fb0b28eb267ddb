//! What a school has registered: only of these programmes and cohorts are there students.

use std::collections::HashMap;

use diesel::prelude::*;

use super::record::CohortKey;
use crate::db::Conn;
use crate::education::cohorts::CohortForm;
use crate::error::Result;
use crate::kernel::field::LearningPath;
use crate::kernel::formats::SchoolYear;
use crate::kernel::ids::{CohortId, OrganisationId, ProgrammeId};
use crate::schema::{cohorts, programmes};

/// A programme as students refer to it.
#[derive(Debug, Clone)]
pub struct Registered {
    /// The programme.
    pub id: ProgrammeId,
    /// The learning paths in which it is offered.
    pub learning_paths: Vec<LearningPath>,
}

/// The programmes by the school's own code, and their cohorts.
#[derive(Debug, Default)]
pub struct Register {
    /// By code.
    pub programmes: HashMap<String, Registered>,
    /// By programme, school year and form.
    pub cohorts: HashMap<(ProgrammeId, CohortKey), CohortId>,
}

impl Register {
    /// What the school has registered now.
    ///
    /// # Errors
    /// 503 when the database cannot answer.
    pub fn read(conn: &mut Conn, school: OrganisationId) -> Result<Self> {
        let programmes: Vec<(String, ProgrammeId, Vec<LearningPath>)> = programmes::table
            .filter(programmes::school_id.eq(school))
            .select((programmes::code, programmes::id, programmes::learning_paths))
            .load(conn)?;
        let cohorts: Vec<(ProgrammeId, SchoolYear, CohortForm, CohortId)> = cohorts::table
            .filter(cohorts::school_id.eq(school))
            .select((cohorts::programme_id, cohorts::school_year, cohorts::form, cohorts::id))
            .load(conn)?;
        let programmes =
            programmes.into_iter().map(|(code, id, learning_paths)| (code, Registered { id, learning_paths }));
        let cohorts = cohorts
            .into_iter()
            .map(|(programme, school_year, form, id)| ((programme, CohortKey { school_year, form }), id));
        Ok(Self { programmes: programmes.collect(), cohorts: cohorts.collect() })
    }
}
