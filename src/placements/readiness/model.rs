//! What a placement needs before it starts, on the wire.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::placements::agreements::SigningParty;
use crate::regions::readiness_rules::{Requirement, Severity};

crate::code_lists! {
    /// What a placement needs before it starts: what always holds, and what regions demand.
    NeedCode "readiness-need" {
        SignedAgreement "signed-agreement" "Door drie partijen ondertekende overeenkomst (POK)" "An agreement (POK) that three parties signed";
        Recognition "recognition" "Erkenning als leerbedrijf op de eerste dag" "Recognition as training company on the first day";
        Employer "employer" "Werkgever (BBL)" "An employer, in the work-based path";
        MentorCertificate "mentor-certificate" "Gecertificeerde praktijkbegeleider" "A mentor with a valid certificate";
        CertificateOfConduct "certificate-of-conduct" "Verklaring omtrent het gedrag (VOG)" "Certificate of conduct (VOG)";
        DutyToVerify "duty-to-verify" "Vergewisplicht nagekomen" "The host has met its duty to verify (vergewisplicht)";
        HepatitisBStatement "hepatitis-b-statement" "Verklaring hepatitis B" "Statement on hepatitis B";
        ConfidentialityStatement "confidentiality-statement" "Geheimhoudingsverklaring" "Confidentiality statement";
    }
}

impl From<Requirement> for NeedCode {
    fn from(requirement: Requirement) -> Self {
        match requirement {
            Requirement::MentorCertificate => Self::MentorCertificate,
            Requirement::CertificateOfConduct => Self::CertificateOfConduct,
            Requirement::DutyToVerify => Self::DutyToVerify,
            Requirement::HepatitisBStatement => Self::HepatitisBStatement,
            Requirement::ConfidentialityStatement => Self::ConfidentialityStatement,
        }
    }
}

/// One thing that a placement needs before it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Need {
    /// What is needed.
    pub need: NeedCode,
    /// What follows when it is not there.
    pub severity: Severity,
    /// Whether it is there, on the first day of the placement.
    pub met: bool,
}

/// Whether a placement may start (gereed om te beginnen), and what it needs for that.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Readiness {
    /// Whether nothing that blocks the start is missing.
    pub ready: bool,
    /// All that is needed, there or not.
    #[schema(max_items = 20)]
    pub items: Vec<Need>,
}

/// How far a placement is with what it needs before it starts.
#[derive(Debug, Clone)]
pub struct Preparation {
    /// What it needs, and what of it is there.
    pub readiness: Readiness,
    /// Who still has to sign; none while there is no agreement.
    pub unsigned: Option<Unsigned>,
    /// The day on which the last agreement that does not stand any more ended.
    pub agreement_ended_on: Option<NaiveDate>,
    /// Of a placement that needs recognition: the day from which the host has none any more, up to the last
    /// day of the placement.
    pub unrecognised_from: Option<NaiveDate>,
}

/// What parties have not signed yet.
#[derive(Debug, Clone)]
pub struct Unsigned {
    /// The day on which the newest sheet that needs signatures was made.
    pub made_on: NaiveDate,
    /// Who has not signed it.
    pub awaiting: Vec<SigningParty>,
}
