//! An agreement's rows: what is inserted, what rules look at.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{SignatureMethod, SigningParty};
use crate::kernel::field::LearningPath;
use crate::kernel::formats::Sha256;
use crate::kernel::ids::{
    AgreementId, ClientId, MandateId, OrganisationId, PlacementId, QualificationId, RegionId, SignatureId,
};
use crate::kernel::text::Line;
use crate::regions::mandates::EvidenceKind;
use crate::schema::{agreement_sheets, agreement_signatures, agreements};

/// The row of a new agreement.
#[derive(Debug, Insertable)]
#[diesel(table_name = agreements)]
pub(super) struct NewAgreement {
    pub(super) id: AgreementId,
    pub(super) placement_id: PlacementId,
    pub(super) region_id: RegionId,
    pub(super) school_id: OrganisationId,
    pub(super) practice_id: OrganisationId,
}

/// An agreement as rules look at it.
#[derive(Debug, Clone, Copy, Queryable, Selectable)]
#[diesel(table_name = agreements)]
pub(super) struct Standing {
    pub(super) id: AgreementId,
    pub(super) region_id: RegionId,
    pub(super) school_id: OrganisationId,
    pub(super) practice_id: OrganisationId,
    pub(super) ended_on: Option<NaiveDate>,
}

/// What a sheet lays down.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = agreement_sheets, treat_none_as_default_value = false)]
pub(super) struct SheetTerms {
    pub(super) qualification_id: QualificationId,
    pub(super) learning_path: LearningPath,
    pub(super) starts_on: NaiveDate,
    pub(super) ends_on: NaiveDate,
    pub(super) hours_per_week: Option<i16>,
    pub(super) total_hours: Option<i32>,
    pub(super) leerbedrijf_id: Option<Line<64>>,
    pub(super) school_supervisor: Option<Line<200>>,
}

/// The row of a new sheet.
#[derive(Debug, Insertable)]
#[diesel(table_name = agreement_sheets)]
pub(super) struct NewSheet {
    pub(super) agreement_id: AgreementId,
    pub(super) number: i16,
    pub(super) region_id: RegionId,
    pub(super) school_id: OrganisationId,
    pub(super) practice_id: OrganisationId,
    #[diesel(embed)]
    pub(super) terms: SheetTerms,
    pub(super) needs_signatures: bool,
}

/// What a signature states.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = agreement_signatures, treat_none_as_default_value = false)]
pub(super) struct Recorded {
    pub(super) sheet_number: i16,
    pub(super) party: SigningParty,
    pub(super) method: SignatureMethod,
    pub(super) signed_on: NaiveDate,
    pub(super) evidence_kind: Option<EvidenceKind>,
    pub(super) evidence_reference: Option<Line<200>>,
    pub(super) evidence_sha256: Option<Sha256>,
}

/// The row of a new signature.
#[derive(Debug, Insertable)]
#[diesel(table_name = agreement_signatures, treat_none_as_default_value = false)]
pub(super) struct NewSignature {
    pub(super) id: SignatureId,
    pub(super) agreement_id: AgreementId,
    pub(super) region_id: RegionId,
    pub(super) school_id: OrganisationId,
    pub(super) practice_id: OrganisationId,
    #[diesel(embed)]
    pub(super) recorded: Recorded,
    pub(super) client_id: Option<ClientId>,
    pub(super) organisation_id: OrganisationId,
    pub(super) on_behalf_of: Option<OrganisationId>,
    pub(super) mandate_id: Option<MandateId>,
    pub(super) supersedes_id: Option<SignatureId>,
}
