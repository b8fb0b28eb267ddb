//! What an initiative is, on the wire and in its table.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::auth::permissions::{Permission as _, TransitionInitiatives};
use crate::http::csv::Export;
use crate::http::page::Filter;
use crate::http::patch::{Change, Patch};
use crate::http::reply::Resource;
use crate::kernel::day::Day;
use crate::kernel::field::{LearningPath, Profession};
use crate::kernel::formats::{Email, Phone, WebAddress};
use crate::kernel::ids::{InitiativeId, OrganisationId, RegionId};
use crate::kernel::named::Named;
use crate::kernel::since::Since;
use crate::kernel::text::{Line, Prose};

crate::code_lists! {
    /// Where an initiative stands; *approved* is no state but follows from an award.
    InitiativeStatus "initiative-status" {
        Draft "draft" "Concept" "Draft: seen by lead, bureau and partners only";
        Submitted "submitted" "Ingediend" "Submitted to the fund";
        Running "running" "Loopt" "Running";
        Paused "paused" "Onderbroken" "Paused";
        Finished "finished" "Afgerond" "Finished";
        Evaluated "evaluated" "Geëvalueerd" "Evaluated";
        Withdrawn "withdrawn" "Ingetrokken" "Withdrawn before it ran";
        Abandoned "abandoned" "Gestopt" "Abandoned while running";
    }
}

crate::lifecycle! {
    /// How an initiative moves: the lead organisation and the bureau move it.
    INITIATIVE_LIFECYCLE of InitiativeStatus, "initiative" in "initiatives", scope TransitionInitiatives::SCOPE,
    begins [Draft] mended by Writer
    ways {
        Draft => Submitted by [Practice School Region];
        Draft => Withdrawn by [Practice School Region];
        Submitted => Running by [Practice School Region];
        Submitted => Draft by [Practice School Region];
        Submitted => Withdrawn by [Practice School Region];
        Running => Paused by [Practice School Region];
        Paused => Running by [Practice School Region];
        Running => Finished by [Practice School Region];
        Running => Abandoned by [Practice School Region] because ["no-capacity" "no-funding" "partners-left" "goals-unreachable" "other"];
        Paused => Abandoned by [Practice School Region] because ["no-capacity" "no-funding" "partners-left" "goals-unreachable" "other"];
        Finished => Evaluated by [Practice School Region];
    }
    derived { "approved" when "an award names the initiative"; }
}

crate::transition_body! {
    /// The next step of an initiative.
    MoveInitiative to InitiativeStatus
}

crate::feed_pages! {
    InitiativePage of Initiative;
}

impl Export for InitiativePage {
    type Row = Initiative;
    const NAME: &'static str = "initiatives";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "code",
        "title",
        "summary",
        "region.id",
        "region.name",
        "leadOrganisation.id",
        "leadOrganisation.name",
        "funder.id",
        "funder.name",
        "status",
        "startsOn",
        "endsOn",
        "goals",
        "activities",
        "benefits",
        "professions",
        "learningPaths",
        "policyFrameworks",
        "contactChannel.text",
        "contactChannel.url",
        "contactChannel.email",
        "contactChannel.phone",
        "published",
        "copiedFromId",
        "version",
        "createdAt",
        "updatedAt",
    ];
}

/// How to get in touch (contactkanaal): a desk, never a person.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ContactChannel {
    /// In words.
    pub text: Option<Line<1000>>,
    /// Web address, https.
    pub url: Option<WebAddress>,
    /// E-mail address of a desk.
    pub email: Option<Email>,
    /// Telephone number of a desk.
    pub phone: Option<Phone>,
}

/// A regional initiative (initiatief): a project that means to bring more and better seats.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Initiative {
    /// Identifies the initiative.
    pub id: InitiativeId,
    /// Short name, unique in the region.
    #[schema(max_length = 64)]
    pub code: String,
    /// Title by which it is known.
    #[schema(max_length = 200)]
    pub title: String,
    /// What it is about, in a few sentences.
    #[schema(max_length = 5000)]
    pub summary: Option<String>,
    /// Region in which it plays, for ever.
    pub region: Named,
    /// The organisation that leads and applies (penvoerder), never the consortium.
    pub lead_organisation: Named,
    /// The fund it is proposed to.
    pub funder: Option<Named>,
    /// Where it stands.
    pub status: InitiativeStatus,
    /// The states you may move it to now.
    #[schema(max_items = 8)]
    pub allowed_transitions: Vec<InitiativeStatus>,
    /// First planned day.
    pub starts_on: Option<NaiveDate>,
    /// Last planned day.
    pub ends_on: Option<NaiveDate>,
    /// Goals (doelen), in order.
    #[schema(value_type = Vec<Prose<1000>>, max_items = 50)]
    pub goals: Vec<String>,
    /// How the goals are reached (hoe), in order.
    #[schema(value_type = Vec<Prose<1000>>, max_items = 50)]
    pub activities: Vec<String>,
    /// What it brings the practices (voordelen), in order.
    #[schema(value_type = Vec<Prose<1000>>, max_items = 50)]
    pub benefits: Vec<String>,
    /// Professions it is for.
    #[schema(max_items = 4)]
    pub professions: Vec<Profession>,
    /// Learning paths (leerwegen) it is for.
    #[schema(max_items = 6)]
    pub learning_paths: Vec<LearningPath>,
    /// Policies and agreements it rests on (beleidskaders).
    #[schema(value_type = Vec<Line<200>>, max_items = 50)]
    pub policy_frameworks: Vec<String>,
    /// How to get in touch.
    pub contact_channel: ContactChannel,
    /// Whether the public catalogue shows it, once it is neither draft nor withdrawn.
    pub published: bool,
    /// The initiative it was copied from.
    pub copied_from_id: Option<InitiativeId>,
    /// Counts changes of the initiative's own fields.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Resource for Initiative {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/initiatives/{}", self.id)
    }
}

/// A new initiative, a draft at first.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateInitiative {
    /// Short name, unique in the region.
    pub code: Line<64>,
    /// Title by which it is known.
    pub title: Line<200>,
    /// What it is about, in a few sentences.
    pub summary: Option<Prose<5000>>,
    /// Region in which it plays, for ever.
    pub region_id: RegionId,
    /// The organisation that leads and applies (penvoerder).
    pub lead_organisation_id: OrganisationId,
    /// The fund it is proposed to.
    pub funder_id: Option<OrganisationId>,
    /// First planned day.
    pub starts_on: Option<Day>,
    /// Last planned day.
    pub ends_on: Option<Day>,
    /// Goals (doelen), in order.
    #[serde(default)]
    #[validate(length(max = 50))]
    #[schema(max_items = 50)]
    pub goals: Vec<Prose<1000>>,
    /// How the goals are reached (hoe), in order.
    #[serde(default)]
    #[validate(length(max = 50))]
    #[schema(max_items = 50)]
    pub activities: Vec<Prose<1000>>,
    /// What it brings the practices (voordelen), in order.
    #[serde(default)]
    #[validate(length(max = 50))]
    #[schema(max_items = 50)]
    pub benefits: Vec<Prose<1000>>,
    /// Professions it is for, each once.
    #[serde(default)]
    #[validate(length(max = 4))]
    #[schema(max_items = 4)]
    pub professions: Vec<Profession>,
    /// Learning paths (leerwegen) it is for, each once.
    #[serde(default)]
    #[validate(length(max = 6))]
    #[schema(max_items = 6)]
    pub learning_paths: Vec<LearningPath>,
    /// Policies and agreements it rests on (beleidskaders).
    #[serde(default)]
    #[validate(length(max = 50))]
    #[schema(max_items = 50)]
    pub policy_frameworks: Vec<Line<200>>,
    /// How to get in touch.
    #[serde(default)]
    #[validate(nested)]
    pub contact_channel: ContactChannel,
    /// Whether the public catalogue may show it.
    #[serde(default)]
    pub published: bool,
    /// Day on which it was drawn up (ingangsdatum), the first of its history: never ahead of
    /// today, today when absent. For initiatives that are older than their entry here.
    pub effective_on: Option<Day>,
}

/// Changes to an initiative: what is absent stays, null clears.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchInitiative {
    /// Short name, unique in the region.
    #[serde(default)]
    pub code: Change<Line<64>>,
    /// Title by which it is known.
    #[serde(default)]
    pub title: Change<Line<200>>,
    /// What it is about.
    #[serde(default)]
    pub summary: Patch<Prose<5000>>,
    /// The fund it is proposed to.
    #[serde(default)]
    pub funder_id: Patch<OrganisationId>,
    /// First planned day.
    #[serde(default)]
    pub starts_on: Patch<Day>,
    /// Last planned day.
    #[serde(default)]
    pub ends_on: Patch<Day>,
    /// Goals (doelen): the whole list, in order.
    #[serde(default)]
    #[validate(length(max = 50))]
    #[schema(max_items = 50)]
    pub goals: Change<Vec<Prose<1000>>>,
    /// How the goals are reached (hoe): the whole list, in order.
    #[serde(default)]
    #[validate(length(max = 50))]
    #[schema(max_items = 50)]
    pub activities: Change<Vec<Prose<1000>>>,
    /// What it brings the practices (voordelen): the whole list, in order.
    #[serde(default)]
    #[validate(length(max = 50))]
    #[schema(max_items = 50)]
    pub benefits: Change<Vec<Prose<1000>>>,
    /// Professions it is for, each once.
    #[serde(default)]
    #[validate(length(max = 4))]
    #[schema(max_items = 4)]
    pub professions: Change<Vec<Profession>>,
    /// Learning paths (leerwegen) it is for, each once.
    #[serde(default)]
    #[validate(length(max = 6))]
    #[schema(max_items = 6)]
    pub learning_paths: Change<Vec<LearningPath>>,
    /// Policies and agreements it rests on (beleidskaders).
    #[serde(default)]
    #[validate(length(max = 50))]
    #[schema(max_items = 50)]
    pub policy_frameworks: Change<Vec<Line<200>>>,
    /// How to get in touch: the whole channel.
    #[serde(default)]
    #[validate(nested)]
    pub contact_channel: Change<ContactChannel>,
    /// Whether the public catalogue may show it.
    #[serde(default)]
    pub published: Change<bool>,
}

/// Which initiatives to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InitiativeFilter {
    /// Only of this region.
    pub region_id: Option<RegionId>,
    /// Only led by this organisation.
    pub lead_organisation_id: Option<OrganisationId>,
    /// Only proposed to this fund.
    pub funder_id: Option<OrganisationId>,
    /// Only in this state.
    #[param(inline)]
    pub status: Option<InitiativeStatus>,
    /// Only for this profession.
    #[param(inline)]
    pub profession: Option<Profession>,
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

impl Filter for InitiativeFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}
