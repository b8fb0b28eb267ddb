//! Who fits which seat, and what of a placement may still change.

use chrono::NaiveDate;

use super::lifecycle::PlacementStatus;
use super::model::{CreatePlacement, EmployerKind, PatchPlacement, TellEmployer};
use super::rows::{Candidate, Employment, Offered, Standing, Terms};
use crate::education::students::STUDENT_INACTIVE;
use crate::error::{Error, Fault, Result, Rule};
use crate::kernel::checks::ENDS_BEFORE_IT_STARTS;
use crate::kernel::day::Day;
use crate::kernel::fact::IN_THE_FUTURE;
use crate::kernel::field::LearningPath;
use crate::kernel::ids::OrganisationId;
use crate::kernel::today::Today;
use crate::placements::offers::PlacementOfferStatus;

/// 400: the days lie outside those of the offer.
pub(super) const OUTSIDE_OFFER: Rule = Rule {
    code: "outside-offer",
    nl: "Deze dag ligt buiten de periode van het aanbod.",
    en: "This day lies outside the period of the offer.",
};
/// 400: the offer is for students in another learning path.
pub(super) const PATH_NOT_WANTED: Rule = Rule {
    code: "learning-path-not-offered",
    nl: "Dit aanbod is niet voor deze leerweg.",
    en: "This offer is not for this learning path.",
};
/// 400: nobody knows in which path the student learns.
pub(super) const PATH_UNKNOWN: Rule = Rule {
    code: "learning-path-unknown",
    nl: "Van deze student is nu geen leerweg bekend; geef die op.",
    en: "No learning path of this student is known now; give it.",
};
/// 400: the offer is for another qualification.
pub(super) const OTHER_QUALIFICATION: Rule = Rule {
    code: "other-qualification",
    nl: "Dit aanbod is voor een andere kwalificatie dan die van de opleiding van de student.",
    en: "This offer is for another qualification than that of the student's programme.",
};
/// 400: the seats are kept for other schools.
pub(super) const RESERVED_FOR_OTHERS: Rule = Rule {
    code: "reserved-for-other-schools",
    nl: "Deze plaatsen zijn voor andere scholen gereserveerd.",
    en: "These seats are reserved for other schools.",
};
/// 400: the offer is for other study years.
pub(super) const OTHER_STUDY_YEAR: Rule = Rule {
    code: "other-study-year",
    nl: "Dit aanbod is voor andere leerjaren dan dat van de student.",
    en: "This offer is for other study years than that of the student.",
};
/// 400: a bureau places whom it was asked to place.
pub(super) const REQUEST_NEEDED: Rule = Rule {
    code: "request-needed",
    nl: "Een bureau plaatst op aanvraag: noem de openstaande aanvraag van de school.",
    en: "A bureau places on request: name the school's open request.",
};
/// 409: the offer takes nobody now.
pub(super) const OFFER_NOT_PUBLISHED: Rule = Rule {
    code: "offer-not-published",
    nl: "Dit aanbod is niet (meer) gepubliceerd.",
    en: "This offer is not published (any more).",
};
/// 409: the school's membership of the offer's region is no more.
pub(super) const NO_MEMBER: Rule = Rule {
    code: "not-a-member",
    nl: "De school is vandaag geen lid van de regio van dit aanbod; vraag het bureau om een lidmaatschap.",
    en: "The school is not a member of the region of this offer today; ask the bureau for a membership.",
};
/// 409: the host's membership of the offer's region is no more.
pub(super) const NOT_A_HOST: Rule = Rule {
    code: "not-a-host",
    nl: "De praktijk is vandaag geen lid van de regio van dit aanbod als praktijk, gezondheidscentrum of huisartsenpost; vraag het bureau om een lidmaatschap.",
    en: "The practice is not a member of the region of this offer today as practice, health centre or out-of-hours post; ask the bureau for a membership.",
};
/// 409: what is agreed in writing changes in writing.
pub(super) const AGREED: Rule = Rule {
    code: "agreed-in-writing",
    nl: "Periode en uren staan vast zodra de overeenkomst in de maak is; wijzig ze met een nieuw bpv-blad.",
    en: "Period and hours are fixed once the agreement is being made; change them with a new sheet.",
};
/// 400: only the work-based path has an employer.
pub(super) const NO_EMPLOYER_HERE: Rule = Rule {
    code: "employer-not-expected",
    nl: "Een werkgever hoort alleen bij de BBL.",
    en: "An employer belongs to the work-based path only.",
};
/// 400: the host of a placement is its practice.
pub(super) const NOT_THE_HOST: Rule = Rule {
    code: "employer-not-the-host",
    nl: "Dit is niet de stagebieder van deze plaatsing. Noem bij `host` die praktijk, of kies `bureau` of `pool`.",
    en: "This is not the host of this placement. Name that practice with `host`, or choose `bureau` or `pool`.",
};
/// 400: the bureau of a placement is that of its region.
pub(super) const NOT_THE_BUREAU: Rule = Rule {
    code: "employer-not-the-bureau",
    nl: "Dit is niet het bureau van de regio van deze plaatsing. Noem bij `bureau` die organisatie, of kies `host` of `pool`.",
    en: "This is not the bureau of the region of this placement. Name that organisation with `bureau`, or choose `host` or `pool`.",
};
/// 409: another placement of the student holds (some of) these days.
pub(super) const STUDENT_PLACED: Rule = Rule {
    code: "placement-overlap",
    nl: "Deze student heeft in (een deel van) deze periode al een plaats, mogelijk in een andere regio.",
    en: "This student has a seat already in (part of) this period, perhaps in another region.",
};
/// 409: every seat of the offer is held.
pub(super) const NO_SEAT_LEFT: Rule = Rule {
    code: "capacity-exhausted",
    nl: "Alle plaatsen van dit aanbod zijn bezet.",
    en: "Every seat of this offer is taken.",
};
/// 400: a seat is not kept until a day that is over.
pub(super) const EXPIRES_IN_THE_PAST: Rule = Rule {
    code: "expires-in-the-past",
    nl: "Een plaats wordt vandaag of tot later vastgehouden.",
    en: "A seat is kept today or until later.",
};
/// 409: only a reservation expires.
pub(super) const NOT_RESERVED: Rule = Rule {
    code: "not-reserved",
    nl: "Deze plaatsing is geen reservering (meer).",
    en: "This placement is no reservation (any more).",
};

/// The first day of the history of a new placement.
pub(super) fn begins_on(new: &CreatePlacement, today: Today) -> Result<NaiveDate> {
    let day = new.effective_on.map_or(today.0, Day::date);
    if today.is_before(day) { Err(IN_THE_FUTURE.fault("/effectiveOn").into()) } else { Ok(day) }
}

/// Decides whether the student fits the offer in this period; gives the learning path and the days.
pub(super) fn fits(
    new: &CreatePlacement,
    student: &Candidate,
    offer: &Offered,
) -> Result<(LearningPath, NaiveDate, NaiveDate)> {
    if offer.status != PlacementOfferStatus::Published {
        return Err(OFFER_NOT_PUBLISHED.conflict());
    }
    if !student.active {
        return Err(STUDENT_INACTIVE.conflict());
    }
    let mut faults = Vec::new();
    if student.qualification_id != offer.qualification_id {
        faults.push(OTHER_QUALIFICATION.fault("/offerId"));
    }
    if student.study_year.is_some_and(|year| !offer.study_years.is_empty() && !offer.study_years.contains(&year)) {
        faults.push(OTHER_STUDY_YEAR.fault("/offerId"));
    }
    if !offer.reserved_school_ids.is_empty() && !offer.reserved_school_ids.contains(&student.school_id) {
        faults.push(RESERVED_FOR_OTHERS.fault("/offerId"));
    }
    let path = new.learning_path.or(student.learning_path);
    match path {
        None => faults.push(PATH_UNKNOWN.fault("/learningPath")),
        Some(path) if !offer.learning_paths.contains(&path) => faults.push(PATH_NOT_WANTED.fault("/learningPath")),
        Some(_) => {}
    }
    let starts_on = new.starts_on.map_or(offer.starts_on, Day::date);
    let ends_on = new.ends_on.map_or(offer.ends_on, Day::date);
    faults.extend(period_faults((starts_on, ends_on), (offer.starts_on, offer.ends_on)));
    match path {
        Some(path) if faults.is_empty() => Ok((path, starts_on, ends_on)),
        _ => Err(Error::Invalid(faults)),
    }
}

fn period_faults((starts_on, ends_on): (NaiveDate, NaiveDate), (first, last): (NaiveDate, NaiveDate)) -> Vec<Fault> {
    if ends_on < starts_on {
        return vec![ENDS_BEFORE_IT_STARTS.fault("/endsOn")];
    }
    let outside = |day: NaiveDate| day < first || day > last;
    let named = [("/startsOn", starts_on), ("/endsOn", ends_on)];
    named.into_iter().filter(|(_, day)| outside(*day)).map(|(field, _)| OUTSIDE_OFFER.fault(field)).collect()
}

/// Whether the change touches what the agreement lays down; refused once that is being made.
pub(super) fn touches_terms(status: PlacementStatus, patch: &PatchPlacement) -> Result<bool> {
    let alone = patch.starts_on.is_absent()
        && patch.ends_on.is_absent()
        && patch.hours_per_week.is_absent()
        && patch.total_hours.is_absent();
    if alone || status.is_open_to_change() { Ok(!alone) } else { Err(AGREED.conflict()) }
}

/// The terms after a change that touches them, in the period of the offer.
pub(super) fn changed_terms(
    current: &Standing,
    patch: &PatchPlacement,
    offered: (NaiveDate, NaiveDate),
) -> Result<Terms> {
    let mut terms = Terms {
        starts_on: patch.starts_on.as_change().copied().map_or(current.starts_on, Day::date),
        ends_on: patch.ends_on.as_change().copied().map_or(current.ends_on, Day::date),
        hours_per_week: current.hours_per_week,
        total_hours: current.total_hours,
    };
    if let Some(hours) = patch.hours_per_week.as_change() {
        terms.hours_per_week = hours.copied();
    }
    if let Some(hours) = patch.total_hours.as_change() {
        terms.total_hours = hours.copied();
    }
    let faults = period_faults((terms.starts_on, terms.ends_on), offered);
    if faults.is_empty() { Ok(terms) } else { Err(Error::Invalid(faults)) }
}

/// Who employs the student after a change; `bureau` is that of the region, where it is told to be the employer.
pub(super) fn employment(
    current: &Standing,
    bureau: Option<OrganisationId>,
    told: Option<&TellEmployer>,
) -> Result<Employment> {
    let Some(told) = told else {
        return Ok(Employment { employer_kind: None, employer_id: None, employed_from: None, employed_until: None });
    };
    if current.learning_path != LearningPath::Bbl {
        return Err(NO_EMPLOYER_HERE.fault("/employer").into());
    }
    match told.kind {
        EmployerKind::Host if told.organisation_id != current.practice_id => {
            return Err(NOT_THE_HOST.fault("/employer/organisationId").into());
        }
        EmployerKind::Bureau if Some(told.organisation_id) != bureau => {
            return Err(NOT_THE_BUREAU.fault("/employer/organisationId").into());
        }
        EmployerKind::Host | EmployerKind::Bureau | EmployerKind::Pool => {}
    }
    let (from, until) = (told.from.date(), told.until.map(Day::date));
    if until.is_some_and(|until| until < from) {
        return Err(ENDS_BEFORE_IT_STARTS.fault("/employer/until").into());
    }
    Ok(Employment {
        employer_kind: Some(told.kind),
        employer_id: Some(told.organisation_id),
        employed_from: Some(from),
        employed_until: until,
    })
}

/// Decides whether the seat of a placement can be kept until a day.
pub(super) fn keeps_until(current: &Standing, until: NaiveDate, today: Today) -> Result<()> {
    use super::lifecycle::PlacementStatus::{Introduced, Reserved};
    if !matches!(current.status, Reserved | Introduced) {
        return Err(NOT_RESERVED.conflict());
    }
    if until < today.0 { Err(EXPIRES_IN_THE_PAST.fault("/expiresOn").into()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::super::rows::{Candidate, Offered, Standing};
    use super::{PlacementStatus, employment, fits, touches_terms};
    use crate::kernel::field::LearningPath;
    use crate::kernel::ids::{
        OrganisationId, PlacementId, PlacementOfferId, ProgrammeId, QualificationId, RegionId, StudentId,
    };
    use crate::placements::offers::PlacementOfferStatus;
    use crate::placements::placements::model::{CreatePlacement, TellEmployer};

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2018, month, day).unwrap()
    }

    fn seat_and_student() -> (Offered, Candidate) {
        let (qualification_id, school_id) = (QualificationId::new(), OrganisationId::new());
        let offer = Offered {
            practice_id: OrganisationId::new(),
            region_id: RegionId::new(),
            qualification_id,
            learning_paths: vec![LearningPath::Bol],
            study_years: vec![2, 3],
            starts_on: day(2, 1),
            ends_on: day(6, 30),
            hours_per_week: Some(24),
            reserved_school_ids: Vec::new(),
            status: PlacementOfferStatus::Published,
        };
        let student = Candidate {
            school_id,
            programme_id: ProgrammeId::new(),
            qualification_id,
            study_year: Some(2),
            learning_path: Some(LearningPath::Bol),
            active: true,
        };
        (offer, student)
    }

    fn asked(more: &str) -> CreatePlacement {
        let id = "01936f5e-7a10-7c44-9d6b-2f1c5e8a0b11";
        serde_json::from_str(&format!(r#"{{"studentId":"{id}","offerId":"{id}"{more}}}"#)).unwrap()
    }

    #[test]
    fn whoever_fits_gets_the_path_of_now_and_the_days_of_the_offer() {
        let (offer, student) = seat_and_student();
        assert_eq!(fits(&asked(""), &student, &offer).unwrap(), (LearningPath::Bol, day(2, 1), day(6, 30)));
        let shorter = asked(r#","startsOn":"2018-03-01","endsOn":"2018-03-01""#);
        assert_eq!(fits(&shorter, &student, &offer).unwrap(), (LearningPath::Bol, day(3, 1), day(3, 1)));
    }

    #[test]
    fn whoever_does_not_fit_is_told_why() {
        let (offer, student) = seat_and_student();
        let not = |student: &Candidate, offer: &Offered, more: &str| fits(&asked(more), student, offer).is_err();
        assert!(not(&Candidate { qualification_id: QualificationId::new(), ..student.clone() }, &offer, ""));
        assert!(not(&Candidate { study_year: Some(1), ..student.clone() }, &offer, ""));
        assert!(not(&Candidate { learning_path: None, ..student.clone() }, &offer, ""));
        assert!(not(&Candidate { active: false, ..student.clone() }, &offer, ""));
        assert!(not(&student, &offer, r#","learningPath":"bbl""#));
        assert!(not(&student, &offer, r#","startsOn":"2018-01-31""#));
        assert!(not(&student, &offer, r#","endsOn":"2018-07-01""#));
        assert!(not(&student, &offer, r#","startsOn":"2018-04-02","endsOn":"2018-04-01""#));
        let closed = Offered { status: PlacementOfferStatus::Closed, ..offer.clone() };
        assert!(not(&student, &closed, ""));
        let for_others = Offered { reserved_school_ids: vec![OrganisationId::new()], ..offer.clone() };
        assert!(not(&student, &for_others, ""));
        let for_it = Offered { reserved_school_ids: vec![student.school_id], ..offer };
        assert!(fits(&asked(""), &student, &for_it).is_ok());
    }

    #[test]
    fn what_is_agreed_in_writing_is_not_touched_and_the_rest_may_change() {
        let patch = |text: &str| serde_json::from_str(text).unwrap();
        let (hours, supervisor) = (patch(r#"{"totalHours":400}"#), patch(r#"{"schoolSupervisor":"Stagebureau"}"#));
        assert!(touches_terms(PlacementStatus::Confirmed, &hours).unwrap());
        assert!(touches_terms(PlacementStatus::Active, &hours).is_err());
        assert!(!touches_terms(PlacementStatus::Confirmed, &supervisor).unwrap(), "the offer is not read for it");
        assert!(!touches_terms(PlacementStatus::Active, &supervisor).unwrap());
    }

    #[test]
    fn only_the_work_based_path_has_an_employer() {
        let told: TellEmployer = serde_json::from_str(
            r#"{"kind":"host","organisationId":"01936f5e-7a10-7c44-9d6b-2f1c5e8a0b11","from":"2018-09-03"}"#,
        )
        .unwrap();
        let (bbl, bol) =
            (standing(LearningPath::Bbl, told.organisation_id), standing(LearningPath::Bol, told.organisation_id));
        assert!(employment(&bbl, None, Some(&told)).unwrap().employer_id.is_some());
        assert!(employment(&bol, None, Some(&told)).is_err());
        assert!(employment(&bol, None, None).unwrap().employer_id.is_none());
        let backwards = TellEmployer { until: serde_json::from_str(r#""2018-09-02""#).unwrap(), ..told };
        assert!(employment(&bbl, None, Some(&backwards)).is_err());
    }

    #[test]
    fn host_and_bureau_are_those_of_the_placement_and_a_pool_is_anybody() {
        let (host, bureau, other) = (OrganisationId::new(), OrganisationId::new(), OrganisationId::new());
        let bbl = standing(LearningPath::Bbl, host);
        let may = |kind: &str, organisation: OrganisationId| {
            let told = format!(r#"{{"kind":"{kind}","organisationId":"{organisation}","from":"2018-09-03"}}"#);
            employment(&bbl, Some(bureau), Some(&serde_json::from_str(&told).unwrap())).is_ok()
        };
        assert!(may("host", host) && !may("host", bureau) && !may("host", other));
        assert!(may("bureau", bureau) && !may("bureau", host) && !may("bureau", other));
        assert!(may("pool", other));
    }

    fn standing(learning_path: LearningPath, practice_id: OrganisationId) -> Standing {
        Standing {
            id: PlacementId::new(),
            region_id: RegionId::new(),
            school_id: OrganisationId::new(),
            practice_id,
            student_id: StudentId::new(),
            offer_id: PlacementOfferId::new(),
            qualification_id: QualificationId::new(),
            learning_path,
            mentor_id: None,
            starts_on: day(2, 1),
            ends_on: day(6, 30),
            hours_per_week: None,
            total_hours: None,
            employer_kind: None,
            status: PlacementStatus::Confirmed,
            version: 1,
        }
    }
}
