//! Code lists on the wire.

use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::clients::ApiClientStatus;
use crate::auth::issuers::SigningAlgorithm;
use crate::auth::links::LinkPurpose;
use crate::education::cohorts::CohortForm;
use crate::education::expectation_profiles::Independence;
use crate::education::hour_norms::HourBasis;
use crate::education::learning_path_periods::EndReason;
use crate::education::roster_imports::{RosterForm, RosterImportStatus, RosterMode};
use crate::initiatives::deliverables::DeliverableKind;
use crate::initiatives::initiatives::InitiativeStatus;
use crate::initiatives::partners::PartnerRole;
use crate::jobs::JobStatus;
use crate::kernel::coded::Coded;
use crate::kernel::field::{LearningPath, Profession, Weekday};
use crate::kernel::role::Role;
use crate::organisations::hosting_intents::{Intent, NotOfferingReason};
use crate::organisations::organisations::OrganisationKind;
use crate::organisations::qualifications::QualificationFramework;
use crate::organisations::sites::SiteSetting;
use crate::placements::agreements::{AgreementEndReason, SignatureMethod, SigningParty};
use crate::placements::compliance_items::ComplianceStatus;
use crate::placements::contact_moments::{ContactKind, ContactParticipant};
use crate::placements::evaluations::{EvaluationJudge, EvaluationMoment, RubricGroup};
use crate::placements::offers::{PlacementOfferStatus, PlacementSetting};
use crate::placements::outcomes::{OutcomeKind, OutcomeMoment};
use crate::placements::placements::{EmployerKind, EndReason as PlacementEndReason, PlacementStatus};
use crate::placements::readiness::NeedCode;
use crate::placements::requests::{PlacementRequestStatus, RequestPriority};
use crate::placements::signals::{SignalKind, SignalStatus};
use crate::placements::tasks::{TaskAssignee, TaskKind};
use crate::regions::mandates::{EvidenceKind, MandateOrigin, MandateScope, MandateStatus};
use crate::regions::memberships::HostKind;
use crate::regions::readiness_rules::{Requirement, Severity};
use crate::trainings::mentor_certificates::RevocationReason;

/// One value of a code list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CodeLabel {
    /// The code on the wire.
    #[schema(max_length = 64)]
    pub code: &'static str,
    /// Dutch label.
    #[schema(max_length = 200)]
    pub nl: &'static str,
    /// English label.
    #[schema(max_length = 200)]
    pub en: &'static str,
}

/// A code list; it may gain values within a major version.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CodeList {
    /// Names the list.
    #[schema(max_length = 64)]
    pub code: &'static str,
    /// Its values, in order.
    #[schema(max_items = 200)]
    pub values: Vec<CodeLabel>,
}

/// Every code list.
#[derive(Debug, Serialize, ToSchema)]
pub struct CodeLists {
    /// The lists, by name.
    #[schema(max_items = 200)]
    pub items: Vec<CodeList>,
}

fn list<T: Coded>() -> CodeList {
    let values = T::LABELS.iter().map(|label| CodeLabel { code: label.code, nl: label.nl, en: label.en }).collect();
    CodeList { code: T::LIST, values }
}

/// Every list there is: one line per list.
pub(super) fn lists() -> CodeLists {
    let mut items = vec![
        list::<AgreementEndReason>(),
        list::<ApiClientStatus>(),
        list::<CohortForm>(),
        list::<ComplianceStatus>(),
        list::<ContactKind>(),
        list::<ContactParticipant>(),
        list::<DeliverableKind>(),
        list::<EmployerKind>(),
        list::<EndReason>(),
        list::<EvaluationJudge>(),
        list::<EvaluationMoment>(),
        list::<EvidenceKind>(),
        list::<HostKind>(),
        list::<HourBasis>(),
        list::<Independence>(),
        list::<InitiativeStatus>(),
        list::<Intent>(),
        list::<JobStatus>(),
        list::<LearningPath>(),
        list::<LinkPurpose>(),
        list::<MandateOrigin>(),
        list::<MandateScope>(),
        list::<MandateStatus>(),
        list::<NeedCode>(),
        list::<NotOfferingReason>(),
        list::<OrganisationKind>(),
        list::<OutcomeKind>(),
        list::<OutcomeMoment>(),
        list::<PartnerRole>(),
        list::<PlacementEndReason>(),
        list::<PlacementRequestStatus>(),
        list::<PlacementOfferStatus>(),
        list::<PlacementSetting>(),
        list::<PlacementStatus>(),
        list::<Profession>(),
        list::<QualificationFramework>(),
        list::<RequestPriority>(),
        list::<Requirement>(),
        list::<RevocationReason>(),
        list::<Role>(),
        list::<RosterForm>(),
        list::<RosterImportStatus>(),
        list::<RosterMode>(),
        list::<RubricGroup>(),
        list::<Severity>(),
        list::<SignalKind>(),
        list::<SignalStatus>(),
        list::<SignatureMethod>(),
        list::<SigningAlgorithm>(),
        list::<SigningParty>(),
        list::<SiteSetting>(),
        list::<TaskAssignee>(),
        list::<TaskKind>(),
        list::<Weekday>(),
    ];
    items.sort_by_key(|list| list.code);
    CodeLists { items }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::lists;

    /// Names of the lists that the source declares: a code list's first line is
    /// `Name "list-code" {`.
    fn declared(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                declared(&path, found);
            } else {
                let text = std::fs::read_to_string(&path).unwrap();
                for line in text.split("code_lists! {").skip(1).flat_map(str::lines) {
                    if let [name, code, "{"] = line.split_whitespace().collect::<Vec<_>>()[..]
                        && name.starts_with(char::is_uppercase)
                        && code.starts_with('"')
                    {
                        found.insert(code.trim_matches('"').to_owned());
                    }
                }
            }
        }
    }

    #[test]
    fn every_code_list_is_published() {
        let mut expected = BTreeSet::new();
        declared(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut expected);
        let published: BTreeSet<String> = lists().items.iter().map(|list| list.code.to_owned()).collect();
        assert_eq!(published, expected);
    }
}
