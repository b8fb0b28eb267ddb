//! What a mandate is, on the wire and in its table.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::auth::permissions::{Permission as _, TransitionMandates};
use crate::http::page::Filter;
use crate::http::reply::Resource;
use crate::kernel::day::Day;
use crate::kernel::formats::Sha256;
use crate::kernel::ids::{MandateId, OrganisationId, RegionId};
use crate::kernel::named::Named;
use crate::kernel::text::Line;
use crate::kernel::today::Today;
use crate::schema::mandates;

crate::code_lists! {
    /// Where a mandate stands; *expired* is no state but follows from its last day.
    MandateStatus "mandate-status" {
        Requested "requested" "Gevraagd" "Requested by the bureau";
        Granted "granted" "Verleend" "Granted by the practice, here or on paper";
        Declined "declined" "Geweigerd" "Declined by the practice";
        Revoked "revoked" "Ingetrokken" "Revoked by the practice, or given or taken back by the bureau";
    }

    /// A part of a practice's work that a mandate can cover.
    MandateScope "mandate-scope" {
        HostingIntents "hosting-intents" "Stagebereidheid opgeven" "State hosting intents";
        Offers "offers" "Stageplaatsen aanbieden" "Offer seats";
        Placements "placements" "Plaatsingen regelen" "Arrange placements";
        Agreements "agreements" "Overeenkomsten tekenen" "Sign agreements";
        Mentors "mentors" "Praktijkbegeleiders bijhouden" "Keep the register of mentors";
        SubsidyApplications "subsidy-applications" "Subsidie aanvragen" "Apply for subsidies";
        Employment "employment" "Werkgeverschap" "Act as employer";
    }

    /// How a mandate came about.
    MandateOrigin "mandate-origin" {
        Requested "requested" "Hier gevraagd" "Requested here, for the practice to grant";
        Paper "paper" "Op papier verleend" "Granted on paper, recorded by the bureau";
    }

    /// What a mandate on paper was given on.
    EvidenceKind "mandate-evidence-kind" {
        SignedForm "signed-form" "Ondertekend formulier" "Signed form";
        Contract "contract" "Overeenkomst" "Contract";
        Letter "letter" "Brief" "Letter";
        Email "e-mail" "E-mail" "E-mail";
        Other "other" "Anders" "Other";
    }
}

crate::lifecycle! {
    /// How a mandate moves: the practice grants, declines and revokes; the bureau takes its
    /// request back and gives back what it got. One from paper begins as granted.
    MANDATE_LIFECYCLE of MandateStatus, "mandate" in "mandates", scope TransitionMandates::SCOPE,
    begins [Requested Granted] mended by Taker
    ways {
        Requested => Granted by [Practice];
        Requested => Declined by [Practice];
        Requested => Revoked by [Region];
        Granted => Revoked by [Practice Region];
    }
    derived { "expired" when "it is granted and its last day has passed"; }
}

crate::transition_body! {
    /// The next step of a mandate.
    MoveMandate to MandateStatus
}

crate::pages! {
    MandatePage of Mandate;
}

/// What a mandate on paper rests on.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MandateEvidence {
    /// Kind of document.
    pub kind: EvidenceKind,
    /// Where the bureau keeps it (vindplaats); name no persons.
    pub reference: Line<200>,
    /// Digest of its scan, by which the scan can be recognised.
    pub sha256: Option<Sha256>,
}

/// A mandate (machtiging): what a bureau may do in the name of a practice.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Mandate {
    /// Identifies the mandate.
    pub id: MandateId,
    /// The host that gives it (volmachtgever).
    pub practice: Named,
    /// The region in which it holds.
    pub region: Named,
    /// The bureau that receives it (gemachtigde); it does not pass to a later bureau.
    pub bureau_organisation: Named,
    /// What the bureau may do.
    #[schema(max_items = 7)]
    pub scopes: Vec<MandateScope>,
    /// Where it stands.
    pub status: MandateStatus,
    /// The states you may move it to now.
    #[schema(max_items = 4)]
    pub allowed_transitions: Vec<MandateStatus>,
    /// First day on which it holds, once granted.
    pub valid_from: NaiveDate,
    /// Last day on which it holds (tot en met); null while open.
    pub valid_until: Option<NaiveDate>,
    /// Whether the bureau may act under it today.
    pub in_force: bool,
    /// Whether it was granted and its last day has passed (verlopen).
    pub expired: bool,
    /// How it came about.
    pub origin: MandateOrigin,
    /// What it rests on, when it was given on paper.
    pub evidence: Option<MandateEvidence>,
    /// Counts changes of the mandate's own fields.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Resource for Mandate {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/mandates/{}", self.id)
    }
}

/// A request for a mandate; with evidence, the record of one given on paper.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateMandate {
    /// The host that is to give it: a member of the region today.
    pub practice_id: OrganisationId,
    /// The region in which it is to hold: one whose bureau you are.
    pub region_id: RegionId,
    /// What the bureau may do, each once.
    #[validate(length(min = 1, max = 7))]
    #[schema(min_items = 1, max_items = 7)]
    pub scopes: Vec<MandateScope>,
    /// First day on which it holds; today when absent. One that is granted later holds from the
    /// day on which it is granted.
    pub valid_from: Option<Day>,
    /// Last day on which it holds (tot en met); open when absent.
    pub valid_until: Option<Day>,
    /// What it rests on: given on paper, so granted at once. Absent: a request.
    #[validate(nested)]
    pub evidence: Option<MandateEvidence>,
}

/// Which mandates to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MandateFilter {
    /// Only of this practice.
    pub practice_id: Option<OrganisationId>,
    /// Only in this region.
    pub region_id: Option<RegionId>,
    /// Only in this state.
    #[param(inline)]
    pub status: Option<MandateStatus>,
    /// Only those that cover this.
    #[param(inline)]
    pub scope: Option<MandateScope>,
    /// Only those under which the bureau may act today, or only the others.
    pub in_force: Option<bool>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for MandateFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// The row of a new mandate.
#[derive(Debug, Insertable)]
#[diesel(table_name = mandates, treat_none_as_default_value = false)]
pub(super) struct NewMandate {
    pub(super) id: MandateId,
    pub(super) practice_id: OrganisationId,
    pub(super) region_id: RegionId,
    pub(super) bureau_organisation_id: OrganisationId,
    scopes: Vec<MandateScope>,
    pub(super) status: MandateStatus,
    pub(super) valid_from: NaiveDate,
    valid_until: Option<NaiveDate>,
    origin: MandateOrigin,
    evidence_kind: Option<EvidenceKind>,
    evidence_reference: Option<Line<200>>,
    evidence_sha256: Option<Sha256>,
}

impl CreateMandate {
    /// The row of this new mandate, given to `bureau`.
    pub(super) fn into_row(self, bureau: OrganisationId, today: Today) -> NewMandate {
        let (status, origin) = match self.evidence {
            None => (MandateStatus::Requested, MandateOrigin::Requested),
            Some(_) => (MandateStatus::Granted, MandateOrigin::Paper),
        };
        let (kind, reference, sha256) = match self.evidence {
            None => (None, None, None),
            Some(evidence) => (Some(evidence.kind), Some(evidence.reference), evidence.sha256),
        };
        NewMandate {
            id: MandateId::new(),
            practice_id: self.practice_id,
            region_id: self.region_id,
            bureau_organisation_id: bureau,
            scopes: self.scopes,
            status,
            valid_from: self.valid_from.map_or(today.0, NaiveDate::from),
            valid_until: self.valid_until.map(NaiveDate::from),
            origin,
            evidence_kind: kind,
            evidence_reference: reference,
            evidence_sha256: sha256,
        }
    }
}

/// What rules need to know of a mandate that is about to move.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = mandates)]
pub(super) struct Standing {
    pub(super) status: MandateStatus,
    pub(super) valid_from: NaiveDate,
    pub(super) valid_until: Option<NaiveDate>,
}

impl Standing {
    /// Whether a bureau may act under the mandate on this day.
    pub(super) fn holds_on(&self, today: Today) -> bool {
        self.status == MandateStatus::Granted && self.valid_from <= today.0 && !self.has_ended(today)
    }

    /// Whether it was granted and its last day has passed.
    pub(super) fn has_expired(&self, today: Today) -> bool {
        self.status == MandateStatus::Granted && self.has_ended(today)
    }

    fn has_ended(&self, today: Today) -> bool {
        self.valid_until.is_some_and(|until| until < today.0)
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{MandateStatus, Standing};
    use crate::kernel::today::Today;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2019, 3, day).unwrap()
    }

    fn granted(from: u32, until: Option<u32>) -> Standing {
        Standing { status: MandateStatus::Granted, valid_from: day(from), valid_until: until.map(day) }
    }

    #[test]
    fn it_holds_from_its_first_to_its_last_day() {
        let mandate = granted(5, Some(10));
        let held: Vec<u32> = (1..=12).filter(|&on| mandate.holds_on(Today(day(on)))).collect();
        assert_eq!(held, [5, 6, 7, 8, 9, 10]);
        assert!(mandate.has_expired(Today(day(11))) && !mandate.has_expired(Today(day(10))));
        assert!(granted(5, None).holds_on(Today(day(31))));
        assert!(!Standing { status: MandateStatus::Revoked, ..granted(5, None) }.holds_on(Today(day(6))));
    }
}
