//! An offer's rows: what is inserted, what a change sets, what rules look at.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{CreatePlacementOffer, PatchPlacementOffer, PlacementOfferStatus, PlacementSetting};
use crate::kernel::day::Day;
use crate::kernel::field::{LearningPath, Weekday};
use crate::kernel::ids::{InitiativeId, MentorId, OrganisationId, PlacementOfferId, QualificationId, RegionId, SiteId};
use crate::kernel::text::Prose;
use crate::schema::placement_offers;

/// The row of a new offer.
#[derive(Debug, Insertable)]
#[diesel(table_name = placement_offers, treat_none_as_default_value = false)]
pub(super) struct NewPlacementOffer {
    pub(super) id: PlacementOfferId,
    pub(super) practice_id: OrganisationId,
    pub(super) region_id: RegionId,
    pub(super) site_id: Option<SiteId>,
    pub(super) qualification_id: QualificationId,
    pub(super) learning_paths: Vec<LearningPath>,
    pub(super) study_years: Vec<i16>,
    pub(super) starts_on: Day,
    pub(super) ends_on: Day,
    pub(super) seats: i16,
    pub(super) days: Vec<Weekday>,
    pub(super) hours_per_week: Option<i16>,
    pub(super) setting: PlacementSetting,
    pub(super) conditions: Option<Prose<2000>>,
    pub(super) mentor_id: Option<MentorId>,
    pub(super) initiative_id: Option<InitiativeId>,
    pub(super) reserved_school_ids: Vec<OrganisationId>,
}

/// The columns a change sets; what is absent stays.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = placement_offers)]
pub(super) struct PlacementOfferChanges {
    site_id: Option<Option<SiteId>>,
    qualification_id: Option<QualificationId>,
    learning_paths: Option<Vec<LearningPath>>,
    study_years: Option<Vec<i16>>,
    starts_on: Option<Day>,
    ends_on: Option<Day>,
    seats: Option<i16>,
    days: Option<Vec<Weekday>>,
    hours_per_week: Option<Option<i16>>,
    setting: Option<PlacementSetting>,
    conditions: Option<Option<Prose<2000>>>,
    mentor_id: Option<Option<MentorId>>,
    initiative_id: Option<Option<InitiativeId>>,
    reserved_school_ids: Option<Vec<OrganisationId>>,
    version: i32,
}

/// What rules need to know of an offer that is about to change.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = placement_offers)]
pub(super) struct Standing {
    pub(super) practice_id: OrganisationId,
    pub(super) region_id: RegionId,
    pub(super) qualification_id: QualificationId,
    pub(super) learning_paths: Vec<LearningPath>,
    pub(super) starts_on: NaiveDate,
    pub(super) ends_on: NaiveDate,
    pub(super) mentor_id: Option<MentorId>,
    pub(super) status: PlacementOfferStatus,
    pub(super) version: i32,
}

#[cfg(test)]
impl Standing {
    /// An offer in this state and period.
    pub(super) fn example(status: PlacementOfferStatus, starts_on: NaiveDate, ends_on: NaiveDate) -> Self {
        Self {
            practice_id: OrganisationId::new(),
            region_id: RegionId::new(),
            qualification_id: QualificationId::new(),
            learning_paths: vec![LearningPath::Bol],
            starts_on,
            ends_on,
            mentor_id: None,
            status,
            version: 1,
        }
    }
}

impl CreatePlacementOffer {
    /// The row of this new offer in the region.
    pub(super) fn into_row(self, region_id: RegionId) -> NewPlacementOffer {
        NewPlacementOffer {
            id: PlacementOfferId::new(),
            practice_id: self.practice_id,
            region_id,
            site_id: self.site_id,
            qualification_id: self.qualification_id,
            learning_paths: self.learning_paths,
            study_years: self.study_years,
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            seats: self.seats,
            days: self.days,
            hours_per_week: self.hours_per_week,
            setting: self.setting,
            conditions: self.conditions,
            mentor_id: self.mentor_id,
            initiative_id: self.initiative_id,
            reserved_school_ids: self.reserved_for_school_ids,
        }
    }
}

impl PatchPlacementOffer {
    /// Whether it changes what figures count and schools build on.
    pub(super) fn touches_what_counts(&self) -> bool {
        !(self.qualification_id.is_absent()
            && self.learning_paths.is_absent()
            && self.starts_on.is_absent()
            && self.ends_on.is_absent()
            && self.setting.is_absent()
            && self.initiative_id.is_absent())
    }

    /// Who is to guide the intern after the change, where it may be somebody else or for something else.
    pub(super) fn mentor_to_judge(&self, current: &Standing) -> Option<MentorId> {
        match (self.mentor_id.as_change(), self.qualification_id.is_absent()) {
            (Some(told), _) => told.copied(),
            (None, true) => None,
            (None, false) => current.mentor_id,
        }
    }

    /// The change to version `version`.
    pub(super) fn into_changes(self, version: i32) -> PlacementOfferChanges {
        PlacementOfferChanges {
            site_id: self.site_id.into_change(),
            qualification_id: self.qualification_id.into_change(),
            learning_paths: self.learning_paths.into_change(),
            study_years: self.study_years.into_change(),
            starts_on: self.starts_on.into_change(),
            ends_on: self.ends_on.into_change(),
            seats: self.seats.into_change(),
            days: self.days.into_change(),
            hours_per_week: self.hours_per_week.into_change(),
            setting: self.setting.into_change(),
            conditions: self.conditions.into_change(),
            mentor_id: self.mentor_id.into_change(),
            initiative_id: self.initiative_id.into_change(),
            reserved_school_ids: self.reserved_for_school_ids.into_change(),
            version: version + 1,
        }
    }
}
