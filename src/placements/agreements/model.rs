//! What an agreement on a placement is, on the wire.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::http::bsn::no_bsn_in;
use crate::http::reply::Resource;
use crate::kernel::day::Day;
use crate::kernel::field::LearningPath;
use crate::kernel::formats::Sha256;
use crate::kernel::ids::{AgreementId, MandateId, OrganisationId, PlacementId, QualificationId, SignatureId};
use crate::kernel::named::Named;
use crate::kernel::text::Line;
use crate::regions::mandates::EvidenceKind;

crate::code_lists! {
    /// Who signs an agreement (partij bij de praktijkovereenkomst).
    SigningParty "signing-party" {
        Student "student" "De student" "The student";
        School "school" "De school" "The school";
        Practice "practice" "De stagebieder" "The host";
    }

    /// How somebody signed an agreement (wijze van ondertekenen).
    SignatureMethod "signature-method" {
        Link "link" "Via een gemailde link" "By a mailed link";
        Paper "paper" "Op papier" "On paper";
        Digid "digid" "Met DigiD, in het systeem van de school" "With DigiD, in the school's system";
        ESignature "e-signature" "Met een elektronische handtekening" "With an electronic signature";
        Other "other" "Anders" "Otherwise";
    }

    /// Why an agreement ended (reden van het einde van de praktijkovereenkomst).
    AgreementEndReason "agreement-end-reason" {
        PlacementEnded "placement-ended" "De plaatsing eindigde" "The placement ended";
        LearningPathSwitched "learning-path-switched" "De student wisselde van leerweg" "The student switched the learning path";
        PartyChanged "party-changed" "De school of de stagebieder werd een andere rechtspersoon" "The school or the host became another legal person";
        EnteredWrongly "entered-wrongly" "Ten onrechte opgemaakt" "Made by mistake";
        Other "other" "Anders" "Other";
    }
}

/// What a signature rests on that was not set here (bewijsstuk).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignatureEvidence {
    /// Kind of document.
    pub kind: EvidenceKind,
    /// Where it is kept (vindplaats); name no persons.
    #[validate(custom(function = "no_bsn_in"))]
    pub reference: Line<200>,
    /// Digest of its scan, by which the scan can be recognised.
    pub sha256: Option<Sha256>,
}

/// A signature (handtekening) under a sheet.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Signature {
    /// Identifies the signature.
    pub id: SignatureId,
    /// Who signed.
    pub party: SigningParty,
    /// How.
    pub method: SignatureMethod,
    /// On which day.
    pub signed_on: NaiveDate,
    /// What it rests on; null where nothing was named.
    pub evidence: Option<SignatureEvidence>,
    /// The organisation that signed or wrote it down; of a link the one that had it mailed.
    pub recorded_by: OrganisationId,
    /// The host in whose name a bureau signed.
    pub on_behalf_of: Option<OrganisationId>,
    /// The mandate (machtiging) under which it did.
    pub mandate_id: Option<MandateId>,
    /// When it was entered.
    pub recorded_at: DateTime<Utc>,
    /// The wrongly recorded signature that this one corrects.
    pub supersedes_id: Option<SignatureId>,
    /// When it was corrected or withdrawn; null while it stands.
    pub superseded_at: Option<DateTime<Utc>>,
}

/// A sheet (bpv-blad): the terms; the newest holds.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AgreementSheet {
    /// Counts the sheets, from 1.
    #[schema(minimum = 1)]
    pub number: i16,
    /// The qualification (kwalificatie, crebo) that the student works towards.
    pub qualification: Named,
    /// The learning path (leerweg).
    pub learning_path: LearningPath,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day as planned.
    pub ends_on: NaiveDate,
    /// Hours in a week.
    #[schema(minimum = 1, maximum = 48)]
    pub hours_per_week: Option<i16>,
    /// Hours of the whole placement (totaal aantal klokuren).
    #[schema(minimum = 1, maximum = 5000)]
    pub total_hours: Option<i32>,
    /// Identifier of the host as training company (leerbedrijf-ID).
    #[schema(max_length = 64)]
    pub leerbedrijf_id: Option<String>,
    /// Who guides the intern for the school (stagebegeleider), as the school names that person.
    #[schema(max_length = 200)]
    pub school_supervisor: Option<String>,
    /// Whether all three parties sign it: the first sheet, and one that changes the qualification
    /// or the last day, or follows one that was not signed by all.
    pub needs_signatures: bool,
    /// The signatures under it that stand.
    #[schema(max_items = 3)]
    pub signatures: Vec<Signature>,
    /// Signatures that were corrected or withdrawn (vervallen handtekeningen).
    #[schema(max_items = 1000)]
    pub former_signatures: Vec<Signature>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// An agreement of school, student and host (praktijkovereenkomst, POK).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Agreement {
    /// Identifies the agreement.
    pub id: AgreementId,
    /// The placement that it is about.
    pub placement_id: PlacementId,
    /// The school of the student.
    pub school: Named,
    /// The host (stagebieder).
    pub practice: Named,
    /// The region of the placement.
    pub region: Named,
    /// Its sheets (bpv-bladen), the first one first.
    #[schema(max_items = 1000)]
    pub sheets: Vec<AgreementSheet>,
    /// Who still has to sign the newest sheet that needs signatures.
    #[schema(max_items = 3)]
    pub awaiting: Vec<SigningParty>,
    /// When the student was last mailed a link to sign; null before, and after a new sheet.
    pub student_asked_at: Option<DateTime<Utc>>,
    /// Day on which it ended; null while it stands.
    pub ended_on: Option<NaiveDate>,
    /// Why it ended; null while it stands.
    pub end_reason: Option<AgreementEndReason>,
    /// Counts changes of the agreement's own fields.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Resource for Agreement {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/placements/{}/agreements/{}", self.placement_id, self.id)
    }
}

/// Every agreement on a placement, the newest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Agreements {
    /// Agreements.
    #[schema(max_items = 100)]
    pub items: Vec<Agreement>,
}

/// An agreement to make: its first sheet has the terms of the placement.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateAgreement {
    /// Identifier of the host as training company (leerbedrijf-ID); that of the directory when absent.
    pub leerbedrijf_id: Option<Line<64>>,
}

/// A sheet that amends an agreement: what is absent stays as on the sheet before.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateAgreementSheet {
    /// The qualification (kwalificatie, crebo) from now on.
    pub qualification_id: Option<QualificationId>,
    /// First day.
    pub starts_on: Option<Day>,
    /// Last day.
    pub ends_on: Option<Day>,
    /// Hours in a week.
    #[validate(range(min = 1, max = 48))]
    #[schema(minimum = 1, maximum = 48)]
    pub hours_per_week: Option<i16>,
    /// Hours of the whole placement.
    #[validate(range(min = 1, max = 5000))]
    #[schema(minimum = 1, maximum = 5000)]
    pub total_hours: Option<i32>,
    /// Identifier of the host as training company (leerbedrijf-ID).
    pub leerbedrijf_id: Option<Line<64>>,
    /// Who guides the intern for the school.
    #[validate(custom(function = "no_bsn_in"))]
    pub school_supervisor: Option<Line<200>>,
}

/// A signature to set, or to record.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateSignature {
    /// Who signs: a school itself, or its student elsewhere with evidence; a host itself; a bureau the
    /// host that mandated it.
    pub party: SigningParty,
    /// How; never `link`, which is the student's own.
    pub method: SignatureMethod,
    /// On which day; today when absent.
    pub signed_on: Option<Day>,
    /// What it rests on: needed for paper, and for a student.
    #[validate(nested)]
    pub evidence: Option<SignatureEvidence>,
}

/// How a wrongly recorded signature is mended: what is absent stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CorrectSignature {
    /// True when it should not have been: the signature is gone, and other properties are not looked at.
    #[serde(default)]
    pub withdrawn: bool,
    /// How it was signed; never `link`, which is the student's own.
    pub method: Option<SignatureMethod>,
    /// On which day, not in the future.
    pub signed_on: Option<Day>,
    /// What it rests on: needed for paper, and for a student.
    #[validate(nested)]
    pub evidence: Option<SignatureEvidence>,
}

/// The end of an agreement.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EndAgreement {
    /// Why; never `placement-ended`, which follows from the placement.
    pub end_reason: AgreementEndReason,
    /// On which day, not in the future; today when absent.
    #[schema(value_type = Option<Day>)]
    pub ended_on: Option<Day>,
}

/// What the holder of a link is asked to sign (praktijkovereenkomst).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AgreementToSign {
    /// The agreement.
    pub agreement_id: AgreementId,
    /// The sheet (bpv-blad) to sign.
    #[schema(minimum = 1)]
    pub sheet_number: i16,
    /// The school.
    pub school: Named,
    /// The host (stagebieder).
    pub practice: Named,
    /// The region.
    pub region: Named,
    /// The qualification (kwalificatie).
    pub qualification: Named,
    /// The learning path (leerweg).
    pub learning_path: LearningPath,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
    /// Hours in a week.
    #[schema(minimum = 1, maximum = 48)]
    pub hours_per_week: Option<i16>,
    /// Hours of the whole placement (totaal aantal klokuren).
    #[schema(minimum = 1, maximum = 5000)]
    pub total_hours: Option<i32>,
    /// Day on which the student signed it; null before.
    pub signed_on: Option<NaiveDate>,
}

/// The student's signature, by link.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignByLink {
    /// The sheet that was read: `sheetNumber`.
    #[validate(range(min = 1, max = 32767))]
    #[schema(minimum = 1, maximum = 32767)]
    pub sheet_number: i16,
}
