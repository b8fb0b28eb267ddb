//! What a contact assignment must be, whoever asks.

use chrono::NaiveDate;

use super::model::{CreateContactAssignment, PatchContactAssignment, Standing};
use crate::error::{Result, Rule};
use crate::kernel::fact::Period;
use crate::kernel::ids::{OrganisationId, StudentId};

/// 409: there is one fixed contact person at a time.
pub(super) const OVERLAPS: Rule = Rule {
    code: "contact-assignment-overlap",
    nl: "Deze organisatie heeft in (een deel van) deze periode al een vaste contactpersoon; beëindig of verbeter die toewijzing eerst.",
    en: "This organisation has a fixed contact person already in (part of) this period; end or correct that assignment first.",
};

/// 409: the same, of a student.
pub(super) const STUDENT_OVERLAPS: Rule = Rule {
    code: "contact-assignment-overlap",
    nl: "Deze student heeft in (een deel van) deze periode al een vaste contactpersoon; beëindig of verbeter die toewijzing eerst.",
    en: "This student has a fixed contact person already in (part of) this period; end or correct that assignment first.",
};
/// 400: a person is there for one organisation or one student.
pub(super) const ONE_SUBJECT: Rule = Rule {
    code: "organisation-or-student",
    nl: "Noem een organisatie of een student, en niet allebei.",
    en: "Name an organisation or a student, and not both.",
};

/// Whom a contact person is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// A practice or school.
    Organisation(OrganisationId),
    /// A student.
    Student(StudentId),
}

/// Whom a new assignment is for.
pub(super) fn subject(new: &CreateContactAssignment) -> Result<Subject> {
    match (new.organisation_id, new.student_id) {
        (Some(organisation), None) => Ok(Subject::Organisation(organisation)),
        (None, Some(student)) => Ok(Subject::Student(student)),
        (None, None) => Err(ONE_SUBJECT.fault("/organisationId").into()),
        (Some(_), Some(_)) => Err(ONE_SUBJECT.fault("/studentId").into()),
    }
}

/// The period of an assignment that is recorded for the first time.
pub(super) fn recorded(new: &CreateContactAssignment) -> Result<Period> {
    Period::new(new.effective_from.date(), new.effective_to.map(NaiveDate::from))
}

/// The period of an assignment after this correction.
pub(super) fn corrected(standing: &Standing, patch: &PatchContactAssignment) -> Result<Period> {
    let from = patch.effective_from.as_change().map_or(standing.effective_from, |day| day.date());
    let to = patch.effective_to.as_change().map_or(standing.effective_to, |day| day.copied().map(NaiveDate::from));
    Period::new(from, to)
}

#[cfg(test)]
mod tests {
    use super::{Subject, subject};
    use crate::kernel::ids::{OrganisationId, StudentId};

    #[test]
    fn a_person_is_there_for_one_organisation_or_one_student() {
        let (organisation, student) = (OrganisationId::new(), StudentId::new());
        let asked = |whom: &str| {
            let body = format!(r#"{{{whom}"contactName": "Demo Eén", "effectiveFrom": "2018-09-01"}}"#);
            subject(&serde_json::from_str(&body).unwrap()).ok()
        };
        let (one, other) = (format!(r#""organisationId": "{organisation}","#), format!(r#""studentId": "{student}","#));
        assert_eq!(asked(&one), Some(Subject::Organisation(organisation)));
        assert_eq!(asked(&other), Some(Subject::Student(student)));
        assert_eq!(asked(""), None);
        assert_eq!(asked(&format!("{one}{other}")), None);
    }
}
