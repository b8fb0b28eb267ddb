//! What the school has registered, as a roster refers to it: programmes by code, cohorts, classes.

use std::collections::HashMap;

use diesel::prelude::*;

use super::formats::Classes;
use crate::db::{self, Conn};
use crate::education::roster_class_mappings;
use crate::education::students;
use crate::error::Result;
use crate::kernel::field::LearningPath;
use crate::kernel::ids::{OrganisationId, ProgrammeId};
use crate::schema::{organisations, programmes, qualifications};

/// What rows may refer to.
#[derive(Debug)]
pub(super) struct Register {
    /// Programmes and cohorts.
    pub(super) known: students::Register,
    pub(super) classes: Classes,
    /// The programmes that the file is about; empty for all.
    pub(super) scope: Vec<ProgrammeId>,
}

impl Register {
    pub(super) fn read(conn: &mut Conn, school: OrganisationId, scope: &[String], full: bool) -> Result<Self> {
        let known = students::Register::read(conn, school)?;
        let of_crebo: Vec<(String, String, Vec<LearningPath>)> = programmes::table
            .inner_join(qualifications::table)
            .filter(programmes::school_id.eq(school))
            .filter(qualifications::crebo.is_not_null())
            .select((qualifications::crebo.assume_not_null(), programmes::code, programmes::learning_paths))
            .load(conn)?;
        let mut crebos: HashMap<String, Vec<(String, Vec<LearningPath>)>> = HashMap::new();
        for (crebo, code, paths) in of_crebo {
            crebos.entry(crebo).or_default().push((code, paths));
        }
        let mapped = roster_class_mappings::programmes_of_classes(conn, school)?.into_iter().collect();
        let codes = known.programmes.keys().cloned().collect();
        let offerer = organisations::table
            .find(school)
            .select(organisations::education_offerer_code)
            .first(conn)
            .optional()?
            .flatten();
        let classes = Classes { mapped, codes, crebos, today: db::today(conn)?.0, offerer, full };
        let scope = scope.iter().filter_map(|code| known.programmes.get(code)).map(|programme| programme.id).collect();
        Ok(Self { known, classes, scope })
    }
}
