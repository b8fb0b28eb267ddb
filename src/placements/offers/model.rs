//! What an offer is, on the wire.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ArrayBuilder, KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::auth::permissions::{Permission as _, TransitionOffers};
use crate::http::csv::Export;
use crate::http::page::Filter;
use crate::http::patch::{Change, Patch};
use crate::http::reply::Resource;
use crate::kernel::day::Day;
use crate::kernel::field::{LearningPath, Profession, Weekday};
use crate::kernel::ids::{InitiativeId, MentorId, OrganisationId, PlacementOfferId, QualificationId, RegionId, SiteId};
use crate::kernel::named::Named;
use crate::kernel::since::Since;
use crate::kernel::text::Prose;

crate::code_lists! {
    /// Where an offer stands.
    PlacementOfferStatus "placement-offer-status" {
        Draft "draft" "Concept" "Draft: seen by practice and bureau only";
        Published "published" "Gepubliceerd" "Published: seen by the schools that it is open to";
        Closed "closed" "Gesloten" "Closed: takes no more interns";
        Withdrawn "withdrawn" "Ingetrokken" "Withdrawn";
    }

    /// Where an intern works.
    PlacementSetting "placement-setting" {
        DayPractice "day-practice" "Dagpraktijk" "Day practice";
        OutOfHoursPost "out-of-hours-post" "Huisartsenpost" "Out-of-hours GP post";
    }
}

crate::lifecycle! {
    /// How an offer moves: the practice moves it, or its bureau under a mandate.
    PLACEMENT_OFFER_LIFECYCLE of PlacementOfferStatus, "placement_offer" in "placement_offers", scope TransitionOffers::SCOPE,
    begins [Draft] mended by Taker
    ways {
        Draft => Published by [Practice Region];
        Published => Closed by [Practice Region];
        Published => Withdrawn by [Practice Region];
    }
}

crate::transition_body! {
    /// The next step of an offer.
    MovePlacementOffer to PlacementOfferStatus
}

crate::feed_pages! {
    PlacementOfferPage of PlacementOffer;
}

impl Export for PlacementOfferPage {
    type Row = PlacementOffer;
    const NAME: &'static str = "placement-offers";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "practice.id",
        "practice.name",
        "region.id",
        "region.name",
        "site.id",
        "site.name",
        "qualification.id",
        "qualification.name",
        "profession",
        "learningPaths",
        "studyYears",
        "startsOn",
        "endsOn",
        "seats",
        "seatsTaken",
        "schoolYearEquivalent",
        "days",
        "hoursPerWeek",
        "setting",
        "conditions",
        "mentorId",
        "initiativeId",
        "reservedForSchoolIds",
        "status",
        "version",
        "createdAt",
        "updatedAt",
    ];
}

/// Study years from 1 to 6, as the contract has them.
fn study_years() -> Schema {
    let year = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
        .minimum(Some(1))
        .maximum(Some(6))
        .build();
    ArrayBuilder::new()
        .items(year)
        .max_items(Some(6))
        .description(Some("Study years that an intern may be in (leerjaren), each once; empty for any."))
        .examples([serde_json::json!([2, 3])])
        .build()
        .into()
}

/// Seats for interns that a host offers (stageplaatsen).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlacementOffer {
    /// Identifies the offer.
    pub id: PlacementOfferId,
    /// The host that offers them: a practice, health centre or out-of-hours post.
    pub practice: Named,
    /// The region of the host when it was entered, for ever.
    pub region: Named,
    /// The site where the work is (vestiging); null where that is open.
    pub site: Option<Named>,
    /// The qualification that an intern is in training for (kwalificatie).
    pub qualification: Named,
    /// The profession that it leads to (beroep).
    pub profession: Profession,
    /// Learning paths that an intern may follow (leerwegen).
    #[schema(min_items = 1, max_items = 6)]
    pub learning_paths: Vec<LearningPath>,
    /// Study years that an intern may be in (leerjaren); empty for any.
    #[schema(schema_with = study_years)]
    pub study_years: Vec<i16>,
    /// First day of the period.
    pub starts_on: NaiveDate,
    /// Last day of the period.
    pub ends_on: NaiveDate,
    /// Seats that are offered (plaatsen).
    #[schema(minimum = 1, maximum = 1000)]
    pub seats: i16,
    /// Seats that interns hold now; counted, not set.
    #[schema(minimum = 0, maximum = 1000)]
    pub seats_taken: i16,
    /// `seatsTaken` in places of a whole school year (schooljaarplaatsen), to two decimals: each seat counts for
    /// the weeks of the offer's period, 40 at most and 40 to a school year, as in the Subsidieregeling praktijkleren.
    #[schema(minimum = 0, maximum = 1000)]
    pub school_year_equivalent: f64,
    /// Days on which an intern works (werkdagen); empty where that is open.
    #[schema(max_items = 7)]
    pub days: Vec<Weekday>,
    /// Hours that an intern works in a week (uren per week); null where that is open.
    #[schema(minimum = 1, maximum = 48)]
    pub hours_per_week: Option<i16>,
    /// Where an intern works.
    pub setting: PlacementSetting,
    /// What the host asks of an intern, in words (voorwaarden).
    #[schema(max_length = 2000)]
    pub conditions: Option<String>,
    /// Who is to guide the intern at the host (praktijkbegeleider); null where that is open, and for schools,
    /// who find the mentor on the placement.
    pub mentor_id: Option<MentorId>,
    /// The initiative of the region that its placements count for.
    pub initiative_id: Option<InitiativeId>,
    /// Schools that the seats are reserved for; empty when they are open to every school of the region.
    #[schema(max_items = 50)]
    pub reserved_for_school_ids: Vec<OrganisationId>,
    /// Where it stands.
    pub status: PlacementOfferStatus,
    /// The states you may move it to now.
    #[schema(max_items = 4)]
    pub allowed_transitions: Vec<PlacementOfferStatus>,
    /// Counts changes of the offer's own fields.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Resource for PlacementOffer {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/placement-offers/{}", self.id)
    }
}

/// A new offer, a draft at first.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreatePlacementOffer {
    /// The host that offers the seats: your own organisation, or one that gave you a mandate with the
    /// scope `offers`.
    pub practice_id: OrganisationId,
    /// The region, where the host is a member of several today; for ever.
    pub region_id: Option<RegionId>,
    /// The site where the work is (vestiging), one of the host's.
    pub site_id: Option<SiteId>,
    /// The qualification that an intern is in training for (kwalificatie).
    pub qualification_id: QualificationId,
    /// Learning paths that an intern may follow (leerwegen), each once: `bol`, `bbl` and `third-path` for
    /// mbo, the others elsewhere.
    #[validate(length(min = 1, max = 6))]
    #[schema(min_items = 1, max_items = 6)]
    pub learning_paths: Vec<LearningPath>,
    /// Study years that an intern may be in (leerjaren), each once; empty for any.
    #[serde(default)]
    #[validate(length(max = 6))]
    #[schema(schema_with = study_years)]
    pub study_years: Vec<i16>,
    /// First day of the period.
    pub starts_on: Day,
    /// Last day of the period.
    pub ends_on: Day,
    /// Seats that are offered (plaatsen).
    #[validate(range(min = 1, max = 1000))]
    #[schema(minimum = 1, maximum = 1000)]
    pub seats: i16,
    /// Days on which an intern works (werkdagen), each once; empty where that is open.
    #[serde(default)]
    #[validate(length(max = 7))]
    #[schema(max_items = 7)]
    pub days: Vec<Weekday>,
    /// Hours that an intern works in a week (uren per week).
    #[validate(range(min = 1, max = 48))]
    #[schema(minimum = 1, maximum = 48)]
    pub hours_per_week: Option<i16>,
    /// Where an intern works.
    pub setting: PlacementSetting,
    /// What the host asks of an intern, in words (voorwaarden).
    pub conditions: Option<Prose<2000>>,
    /// Who is to guide the intern (praktijkbegeleider): an active mentor of the host, for the profession of the
    /// qualification. Placements begin with it.
    pub mentor_id: Option<MentorId>,
    /// The initiative of the region that its placements count for.
    pub initiative_id: Option<InitiativeId>,
    /// Schools of the region that the seats are reserved for, each once; empty when they are open to all.
    #[serde(default)]
    #[validate(length(max = 50))]
    #[schema(max_items = 50)]
    pub reserved_for_school_ids: Vec<OrganisationId>,
    /// Day on which it was drawn up (ingangsdatum), the first of its history: never ahead of today, today
    /// when absent. For offers that are older than their entry here.
    pub effective_on: Option<Day>,
}

/// Changes to an offer: what is absent stays, null clears. Once it is published, qualification, learning
/// paths, period, setting and initiative stand.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchPlacementOffer {
    /// The site where the work is (vestiging), one of the host's.
    #[serde(default)]
    pub site_id: Patch<SiteId>,
    /// The qualification that an intern is in training for (kwalificatie).
    #[serde(default)]
    pub qualification_id: Change<QualificationId>,
    /// Learning paths that an intern may follow (leerwegen): the whole list, each once.
    #[serde(default)]
    #[validate(length(min = 1, max = 6))]
    #[schema(min_items = 1, max_items = 6)]
    pub learning_paths: Change<Vec<LearningPath>>,
    /// Study years that an intern may be in (leerjaren): the whole list, each once; empty for any.
    #[serde(default)]
    #[validate(length(max = 6))]
    #[schema(schema_with = study_years)]
    pub study_years: Change<Vec<i16>>,
    /// First day of the period.
    #[serde(default)]
    pub starts_on: Change<Day>,
    /// Last day of the period.
    #[serde(default)]
    pub ends_on: Change<Day>,
    /// Seats that are offered (plaatsen), from today on.
    #[serde(default)]
    #[validate(range(min = 1, max = 1000))]
    #[schema(minimum = 1, maximum = 1000)]
    pub seats: Change<i16>,
    /// Days on which an intern works (werkdagen): the whole list, each once; empty where that is open.
    #[serde(default)]
    #[validate(length(max = 7))]
    #[schema(max_items = 7)]
    pub days: Change<Vec<Weekday>>,
    /// Hours that an intern works in a week (uren per week).
    #[serde(default)]
    #[validate(range(min = 1, max = 48))]
    #[schema(minimum = 1, maximum = 48)]
    pub hours_per_week: Patch<i16>,
    /// Where an intern works.
    #[serde(default)]
    pub setting: Change<PlacementSetting>,
    /// What the host asks of an intern, in words (voorwaarden).
    #[serde(default)]
    pub conditions: Patch<Prose<2000>>,
    /// Who is to guide the intern (praktijkbegeleider): an active mentor of the host, for the profession of the
    /// qualification. Placements that are there keep theirs.
    #[serde(default)]
    pub mentor_id: Patch<MentorId>,
    /// The initiative of the region that its placements count for.
    #[serde(default)]
    pub initiative_id: Patch<InitiativeId>,
    /// Schools of the region that the seats are reserved for: the whole list, each once; empty when they
    /// are open to all.
    #[serde(default)]
    #[validate(length(max = 50))]
    #[schema(max_items = 50)]
    pub reserved_for_school_ids: Change<Vec<OrganisationId>>,
}

/// Which offers to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PlacementOfferFilter {
    /// Only of this host.
    pub practice_id: Option<OrganisationId>,
    /// Only in this region.
    pub region_id: Option<RegionId>,
    /// Only for this qualification.
    pub qualification_id: Option<QualificationId>,
    /// Only for this profession.
    #[param(inline)]
    pub profession: Option<Profession>,
    /// Only those open to this learning path.
    #[param(inline)]
    pub learning_path: Option<LearningPath>,
    /// Only in this setting.
    #[param(inline)]
    pub setting: Option<PlacementSetting>,
    /// Only those that count for this initiative.
    pub initiative_id: Option<InitiativeId>,
    /// Only in this state.
    #[param(inline)]
    pub status: Option<PlacementOfferStatus>,
    /// Only those whose period includes this day or a later one.
    #[param(inline)]
    pub period_from: Option<Day>,
    /// Only those whose period includes this day or an earlier one.
    #[param(inline)]
    pub period_until: Option<Day>,
    /// Only what changed since: a moment, or the `nextUpdatedSince` of the answer before.
    #[param(inline)]
    pub updated_since: Option<Since>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for PlacementOfferFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}
