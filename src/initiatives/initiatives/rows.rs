//! An initiative's rows: what is inserted, what a change sets, what rules look at.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{CreateInitiative, InitiativeStatus, PatchInitiative};
use crate::kernel::day::Day;
use crate::kernel::field::{LearningPath, Profession};
use crate::kernel::formats::{Email, Phone, WebAddress};
use crate::kernel::ids::{InitiativeId, OrganisationId, RegionId};
use crate::kernel::text::{Line, Prose};
use crate::schema::initiatives;

/// The row of a new initiative.
#[derive(Debug, Insertable)]
#[diesel(table_name = initiatives, treat_none_as_default_value = false)]
pub(super) struct NewInitiative {
    pub(super) id: InitiativeId,
    pub(super) code: Line<64>,
    pub(super) title: Line<200>,
    pub(super) summary: Option<Prose<5000>>,
    pub(super) region_id: RegionId,
    pub(super) lead_organisation_id: OrganisationId,
    pub(super) funder_id: Option<OrganisationId>,
    pub(super) starts_on: Option<Day>,
    pub(super) ends_on: Option<Day>,
    pub(super) goals: Vec<Prose<1000>>,
    pub(super) activities: Vec<Prose<1000>>,
    pub(super) benefits: Vec<Prose<1000>>,
    pub(super) professions: Vec<Profession>,
    pub(super) learning_paths: Vec<LearningPath>,
    pub(super) policy_frameworks: Vec<Line<200>>,
    pub(super) contact_text: Option<Line<1000>>,
    pub(super) contact_url: Option<WebAddress>,
    pub(super) contact_email: Option<Email>,
    pub(super) contact_phone: Option<Phone>,
    pub(super) published: bool,
    pub(super) copied_from_id: Option<InitiativeId>,
}

/// The columns a change sets; what is absent stays.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = initiatives)]
pub(super) struct InitiativeChanges {
    code: Option<Line<64>>,
    title: Option<Line<200>>,
    summary: Option<Option<Prose<5000>>>,
    funder_id: Option<Option<OrganisationId>>,
    starts_on: Option<Option<Day>>,
    ends_on: Option<Option<Day>>,
    goals: Option<Vec<Prose<1000>>>,
    activities: Option<Vec<Prose<1000>>>,
    benefits: Option<Vec<Prose<1000>>>,
    professions: Option<Vec<Profession>>,
    learning_paths: Option<Vec<LearningPath>>,
    policy_frameworks: Option<Vec<Line<200>>>,
    contact_text: Option<Option<Line<1000>>>,
    contact_url: Option<Option<WebAddress>>,
    contact_email: Option<Option<Email>>,
    contact_phone: Option<Option<Phone>>,
    published: Option<bool>,
    version: i32,
}

impl PatchInitiative {
    /// The change to version `version`.
    pub(super) fn into_changes(self, version: i32) -> InitiativeChanges {
        let channel = self.contact_channel.into_change();
        let (text, url, email, phone) = match channel {
            None => (None, None, None, None),
            Some(channel) => (Some(channel.text), Some(channel.url), Some(channel.email), Some(channel.phone)),
        };
        InitiativeChanges {
            code: self.code.into_change(),
            title: self.title.into_change(),
            summary: self.summary.into_change(),
            funder_id: self.funder_id.into_change(),
            starts_on: self.starts_on.into_change(),
            ends_on: self.ends_on.into_change(),
            goals: self.goals.into_change(),
            activities: self.activities.into_change(),
            benefits: self.benefits.into_change(),
            professions: self.professions.into_change(),
            learning_paths: self.learning_paths.into_change(),
            policy_frameworks: self.policy_frameworks.into_change(),
            contact_text: text,
            contact_url: url,
            contact_email: email,
            contact_phone: phone,
            published: self.published.into_change(),
            version: version + 1,
        }
    }
}

impl CreateInitiative {
    /// The row of this new initiative.
    pub(super) fn into_row(self) -> NewInitiative {
        NewInitiative {
            id: InitiativeId::new(),
            code: self.code,
            title: self.title,
            summary: self.summary,
            region_id: self.region_id,
            lead_organisation_id: self.lead_organisation_id,
            funder_id: self.funder_id,
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            goals: self.goals,
            activities: self.activities,
            benefits: self.benefits,
            professions: self.professions,
            learning_paths: self.learning_paths,
            policy_frameworks: self.policy_frameworks,
            contact_text: self.contact_channel.text,
            contact_url: self.contact_channel.url,
            contact_email: self.contact_channel.email,
            contact_phone: self.contact_channel.phone,
            published: self.published,
            copied_from_id: None,
        }
    }
}

/// What rules need to know of an initiative that is about to change.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = initiatives)]
pub(super) struct Standing {
    pub(super) status: InitiativeStatus,
    pub(super) starts_on: Option<NaiveDate>,
    pub(super) ends_on: Option<NaiveDate>,
    pub(super) version: i32,
}
