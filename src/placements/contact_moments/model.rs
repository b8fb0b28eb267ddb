//! What a contact moment is, on the wire and in its table.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::http::bsn::{no_bsn_in, no_bsn_in_patch};
use crate::http::page::Filter;
use crate::http::patch::{Change, Patch};
use crate::http::reply::Resource;
use crate::kernel::day::Day;
use crate::kernel::ids::{ContactMomentId, OrganisationId, PlacementId, RegionId};
use crate::kernel::named::Named;
use crate::kernel::text::Prose;
use crate::placements::placements::PartKey;
use crate::schema::contact_moments;

crate::code_lists! {
    /// What kind of talk it is (soort contactmoment).
    ContactKind "contact-kind" {
        ThreeWay "three-way" "Driegesprek van student, stagebieder en school" "Three-way talk of student, host and school";
        BureauIntern "bureau-intern" "Gesprek van bureau en stagiair" "Talk of bureau and intern";
        SchoolVisit "school-visit" "Bezoek van de school aan de stagebieder" "Visit of the school to the host";
    }

    /// Who takes part in a talk, as a side (deelnemer).
    ContactParticipant "contact-participant" {
        Student "student" "Student" "The student";
        Host "host" "Stagebieder" "The host";
        School "school" "School" "The school";
        Bureau "bureau" "Bureau" "The bureau";
        Other "other" "Iemand anders" "Somebody else";
    }
}

crate::fact_pages! {
    ContactMomentPage of ContactMoment;
}

/// A talk about a placement (contactmoment): who was there stands here as sides, never by name.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContactMoment {
    /// Identifies the contact moment, through all its corrections.
    pub id: ContactMomentId,
    /// The placement.
    pub placement_id: PlacementId,
    /// What kind of talk it is (soort).
    pub kind: ContactKind,
    /// The day of the talk.
    pub held_on: NaiveDate,
    /// Whether it was at the host (op locatie).
    pub on_site: bool,
    /// Who was there, as sides (deelnemers).
    #[schema(max_items = 5)]
    pub participants: Vec<ContactParticipant>,
    /// What was agreed, without names and without anything about health.
    #[schema(max_length = 2000)]
    pub note: Option<String>,
    /// The organisation that recorded this version.
    pub recorded_by: Named,
    /// Counts the corrections, from 1.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When this version was recorded.
    pub recorded_at: DateTime<Utc>,
    /// When a correction took its place; null while it stands.
    pub superseded_at: Option<DateTime<Utc>>,
}

impl Resource for ContactMoment {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/placements/{}/contact-moments/{}", self.placement_id, self.id)
    }
}

/// A contact moment to record.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecordContactMoment {
    /// What kind of talk it is (soort).
    pub kind: ContactKind,
    /// The day of the talk, never ahead of today.
    pub held_on: Day,
    /// Whether it was at the host (op locatie).
    pub on_site: bool,
    /// Who was there, as sides (deelnemers); those whom the kind implies when absent or empty. A
    /// three-way talk has student, host and school.
    #[serde(default)]
    #[validate(length(max = 5))]
    #[schema(max_items = 5)]
    pub participants: Vec<ContactParticipant>,
    /// What was agreed, without names and without anything about health.
    #[validate(custom(function = "no_bsn_in"))]
    pub note: Option<Prose<2000>>,
}

/// A correction of a contact moment: what is absent stays, null clears.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CorrectContactMoment {
    /// What kind of talk it is (soort).
    #[serde(default)]
    pub kind: Change<ContactKind>,
    /// The day of the talk, never ahead of today.
    #[serde(default)]
    pub held_on: Change<Day>,
    /// Whether it was at the host (op locatie).
    #[serde(default)]
    pub on_site: Change<bool>,
    /// Who was there, as sides (deelnemers); those whom the kind implies when absent or empty. A
    /// three-way talk has student, host and school.
    #[serde(default)]
    #[validate(length(max = 5))]
    #[schema(value_type = Option<Vec<ContactParticipant>>, max_items = 5)]
    pub participants: Change<Vec<ContactParticipant>>,
    /// What was agreed, without names and without anything about health.
    #[serde(default)]
    #[validate(custom(function = "no_bsn_in_patch"))]
    pub note: Patch<Prose<2000>>,
    /// True when it never was: it is gone, and other properties are not looked at.
    #[serde(default)]
    pub withdrawn: bool,
}

/// Which contact moments to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ContactMomentFilter {
    /// Only of this kind.
    #[param(inline)]
    pub kind: Option<ContactKind>,
    /// As they were recorded at this moment; as they are recorded now when absent.
    #[param(example = "2019-03-31T12:00:00Z")]
    pub known_at: Option<DateTime<Utc>>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for ContactMomentFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// One version of a contact moment, as it is recorded.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = contact_moments, treat_none_as_default_value = false)]
pub(super) struct Version {
    pub(super) row_id: Uuid,
    pub(super) id: ContactMomentId,
    pub(super) version: i32,
    pub(super) placement_id: PlacementId,
    pub(super) region_id: RegionId,
    pub(super) school_id: OrganisationId,
    pub(super) practice_id: OrganisationId,
    pub(super) kind: ContactKind,
    pub(super) held_on: Day,
    pub(super) on_site: bool,
    pub(super) participants: Vec<ContactParticipant>,
    pub(super) note: Option<Prose<2000>>,
}

impl RecordContactMoment {
    /// The first version of this contact moment of a placement.
    pub(super) fn into_row(self, key: PartKey) -> Version {
        Version {
            row_id: Uuid::now_v7(),
            id: ContactMomentId::new(),
            version: 1,
            placement_id: key.placement_id,
            region_id: key.region_id,
            school_id: key.school_id,
            practice_id: key.practice_id,
            kind: self.kind,
            held_on: self.held_on,
            on_site: self.on_site,
            participants: self.kind.attended_by(self.participants),
            note: self.note,
        }
    }
}

impl Version {
    /// The version that takes the place of this one.
    pub(super) fn corrected(&self, patch: CorrectContactMoment) -> Self {
        let mut next = self.clone();
        next.row_id = Uuid::now_v7();
        next.version += 1;
        patch.kind.apply_to(&mut next.kind);
        patch.held_on.apply_to(&mut next.held_on);
        patch.on_site.apply_to(&mut next.on_site);
        patch.participants.apply_to(&mut next.participants);
        patch.note.apply_to(&mut next.note);
        next
    }
}
