//! What the school has registered, as a roster refers to it: programmes by code, cohorts, classes.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use super::formats::Classes;
use crate::db::{self, Conn};
use crate::education::cohorts::CohortForm;
use crate::education::roster_class_mappings;
use crate::education::students::CohortKey;
use crate::error::Result;
use crate::kernel::field::LearningPath;
use crate::kernel::formats::SchoolYear;
use crate::kernel::ids::{CohortId, OrganisationId, ProgrammeId};
use crate::schema::{cohorts, programmes, qualifications};

/// A programme as rows refer to it.
#[derive(Debug, Clone)]
pub(super) struct Programme {
    pub(super) id: ProgrammeId,
    pub(super) learning_paths: Vec<LearningPath>,
}

/// What rows may refer to.
#[derive(Debug)]
pub(super) struct Register {
    pub(super) programmes: HashMap<String, Programme>,
    pub(super) cohorts: HashMap<(ProgrammeId, CohortKey), CohortId>,
    pub(super) classes: Classes,
    /// The programmes that the file is about; empty for all.
    pub(super) scope: Vec<ProgrammeId>,
}

impl Register {
    pub(super) fn read(conn: &mut Conn, school: OrganisationId, scope: &[String], full: bool) -> Result<Self> {
        let rows: Vec<(String, ProgrammeId, Vec<LearningPath>, Option<String>)> = programmes::table
            .inner_join(qualifications::table)
            .filter(programmes::school_id.eq(school))
            .select((programmes::code, programmes::id, programmes::learning_paths, qualifications::crebo.nullable()))
            .load(conn)?;
        let cohorts: Vec<(ProgrammeId, SchoolYear, CohortForm, CohortId)> = cohorts::table
            .filter(cohorts::school_id.eq(school))
            .select((cohorts::programme_id, cohorts::school_year, cohorts::form, cohorts::id))
            .load(conn)?;
        let mapped = roster_class_mappings::programmes_of_classes(conn, school)?;
        let mut crebos: HashMap<String, Vec<(String, Vec<LearningPath>)>> = HashMap::new();
        for (code, _, paths, crebo) in &rows {
            if let Some(crebo) = crebo {
                crebos.entry(crebo.clone()).or_default().push((code.clone(), paths.clone()));
            }
        }
        let codes: HashSet<String> = rows.iter().map(|(code, ..)| code.clone()).collect();
        let classes = Classes { mapped: mapped.into_iter().collect(), codes, crebos, today: db::today(conn)?.0, full };
        let programmes: HashMap<String, Programme> =
            rows.into_iter().map(|(code, id, learning_paths, _)| (code, Programme { id, learning_paths })).collect();
        let scope = scope.iter().filter_map(|code| programmes.get(code)).map(|programme| programme.id).collect();
        let cohorts = cohorts
            .into_iter()
            .map(|(programme, school_year, form, id)| ((programme, CohortKey { school_year, form }), id))
            .collect();
        Ok(Self { programmes, cohorts, classes, scope })
    }
}
