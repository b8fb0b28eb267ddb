//! An initiative as the plan for another one, elsewhere.

use diesel::prelude::*;

use super::model::{Initiative, InitiativeStatus};
use super::queries;
use super::rows::NewInitiative;
use crate::auth::Actor;
use crate::db::{self, Conn};
use crate::error::Result;
use crate::kernel::field::{LearningPath, Profession};
use crate::kernel::ids::{InitiativeId, OrganisationId, RegionId};
use crate::kernel::text::{Line, Prose};
use crate::lifecycle;
use crate::schema::initiatives;

/// What a copy does not take from its source.
#[derive(Debug)]
pub struct Draft {
    /// The region it will play in.
    pub region_id: RegionId,
    /// The organisation that will lead it.
    pub lead_organisation_id: OrganisationId,
    /// Its code in that region.
    pub code: Line<64>,
    /// Its title; that of the source when absent.
    pub title: Option<Line<200>>,
}

/// What a copy takes from its source.
#[derive(Queryable, Selectable)]
#[diesel(table_name = initiatives)]
struct Plan {
    title: Line<200>,
    goals: Vec<Prose<1000>>,
    activities: Vec<Prose<1000>>,
    benefits: Vec<Prose<1000>>,
    professions: Vec<Profession>,
    learning_paths: Vec<LearningPath>,
    policy_frameworks: Vec<Line<200>>,
}

/// The initiative, if the caller can see it.
///
/// # Errors
/// 404 when it cannot.
pub fn find(conn: &mut Conn, actor: &Actor, id: InitiativeId) -> Result<Initiative> {
    queries::find(conn, actor, id)
}

/// Enters a draft with the goals, activities, benefits, professions, paths and policy frameworks
/// of `source`, and returns its id.
///
/// # Errors
/// 404 when the caller cannot see the source, 403 when it may not enter initiatives in that
/// region, 409 `code-taken`, 400 for a region or organisation that is not there.
pub fn copy_into(conn: &mut Conn, actor: &Actor, source: InitiativeId, draft: Draft) -> Result<InitiativeId> {
    let plan = initiatives::table.find(source).select(Plan::as_select()).first(conn)?;
    let row = new_initiative(source, plan, draft);
    queries::insert(conn, &row)?;
    let today = db::today(conn)?;
    lifecycle::begin(conn, actor, row.id, InitiativeStatus::Draft, today.0, None)?;
    Ok(row.id)
}

/// The row of the copy: no dates, funder, contact channel or publication, which are its own.
fn new_initiative(source: InitiativeId, plan: Plan, draft: Draft) -> NewInitiative {
    NewInitiative {
        id: InitiativeId::new(),
        code: draft.code,
        title: draft.title.unwrap_or(plan.title),
        summary: None,
        region_id: draft.region_id,
        lead_organisation_id: draft.lead_organisation_id,
        funder_id: None,
        starts_on: None,
        ends_on: None,
        goals: plan.goals,
        activities: plan.activities,
        benefits: plan.benefits,
        professions: plan.professions,
        learning_paths: plan.learning_paths,
        policy_frameworks: plan.policy_frameworks,
        contact_text: None,
        contact_url: None,
        contact_email: None,
        contact_phone: None,
        published: false,
        copied_from_id: Some(source),
    }
}
