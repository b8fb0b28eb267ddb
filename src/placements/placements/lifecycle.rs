//! How a placement moves, and why it ends.

use super::rules::{NO_SEAT_LEFT, OFFER_NOT_PUBLISHED, STUDENT_PLACED};
use crate::auth::Actor;
use crate::auth::permissions::{Permission as _, TransitionPlacements};
use crate::kernel::coded::Coded as _;
use crate::placements::requests::REQUEST_NOT_OPEN;

crate::code_lists! {
    /// Where a placement stands.
    PlacementStatus "placement-status" {
        Proposed "proposed" "Voorgesteld" "Proposed";
        Reserved "reserved" "Gereserveerd" "Reserved";
        Introduced "introduced" "Voorgedragen" "Introduced";
        Confirmed "confirmed" "Bevestigd" "Confirmed";
        Declined "declined" "Afgewezen" "Declined";
        AgreementPending "agreement-pending" "Overeenkomst in de maak" "Agreement pending";
        Ready "ready" "Gereed om te beginnen" "Ready to start";
        Active "active" "Lopend" "Active";
        Interrupted "interrupted" "Onderbroken" "Interrupted";
        Completed "completed" "Voltooid" "Completed";
        EndedEarly "ended-early" "Voortijdig beëindigd" "Ended early";
        Cancelled "cancelled" "Geannuleerd" "Cancelled";
    }

    /// Why a placement ended before its time. Which of them count as dropout is shown with the placement.
    EndReason "placement-end-reason" {
        StudentStopped "student-stopped" "Student stopte" "The student stopped";
        LeftProgramme "left-programme" "Verliet de opleiding" "Left the programme";
        NoMatch "no-match" "Geen goede match" "Not a good match";
        Unsatisfactory "unsatisfactory" "Onvoldoende beoordeeld" "Judged unsatisfactory";
        HostFellAway "host-fell-away" "De stageplaats viel weg" "The seat fell away";
        MovedOn "moved-on" "Ging verder op een andere plaats" "Went on at another seat";
        PathSwitched "path-switched" "Wisselde van leerweg" "Switched the learning path";
        Hired "hired" "Kwam in dienst" "Was hired";
        Other "other" "Anders" "Other";
    }
}

impl EndReason {
    /// Whether a placement that ended so counts as dropout (uitval).
    #[must_use]
    pub const fn counts_as_dropout(self) -> bool {
        match self {
            Self::StudentStopped | Self::LeftProgramme | Self::NoMatch | Self::Unsatisfactory | Self::Other => true,
            Self::HostFellAway | Self::MovedOn | Self::PathSwitched | Self::Hired => false,
        }
    }
}

/// Whether a coded reason, as a step recorded it, counts as dropout; none when it is no such reason.
pub(super) fn counts_as_dropout(reason: &str) -> Option<bool> {
    EndReason::from_code(reason).map(EndReason::counts_as_dropout)
}

crate::lifecycle! {
    /// How a placement moves: the seat and the student's days are held from `reserved` on, the host
    /// knows the name from `introduced` or `confirmed` on.
    PLACEMENT_LIFECYCLE of PlacementStatus, "placement" in "placements",
    scope TransitionPlacements::SCOPE,
    begins [Proposed] mended by Taker
    ways {
        Proposed => Reserved by [Practice Region];
        Proposed => Cancelled by [Practice School Region]
            because ["host-withdrew" "left-programme" "own-place" "postponed" "student-declined" "entered-wrongly" "other"];
        Reserved => Introduced by [School];
        Reserved => Confirmed by [Practice Region];
        Reserved => Declined by [Practice Region] because ["no-match" "no-capacity" "no-mentor" "other"];
        Reserved => Cancelled by [Practice School Region]
            because ["host-withdrew" "left-programme" "own-place" "postponed" "student-declined" "entered-wrongly" "other"];
        Introduced => Confirmed by [Practice Region];
        Introduced => Declined by [Practice Region] because ["no-match" "no-capacity" "no-mentor" "other"];
        Introduced => Cancelled by [Practice School Region]
            because ["host-withdrew" "left-programme" "own-place" "postponed" "student-declined" "entered-wrongly" "other"];
        Confirmed => AgreementPending by [School Region];
        Confirmed => Cancelled by [Practice School Region]
            because ["host-withdrew" "left-programme" "own-place" "postponed" "student-declined" "entered-wrongly" "other"];
        AgreementPending => Ready by [School Region];
        AgreementPending => Cancelled by [Practice School Region]
            because ["host-withdrew" "left-programme" "own-place" "postponed" "student-declined" "entered-wrongly" "other"];
        Ready => Active by [Practice Region];
        Ready => Cancelled by [Practice School Region]
            because ["host-withdrew" "left-programme" "own-place" "postponed" "student-declined" "entered-wrongly" "other"];
        Active => Interrupted by [Practice School Region];
        Interrupted => Active by [Practice School Region];
        Active => Completed by [Practice School Region];
        Active => EndedEarly by [Practice School Region]
            because ["student-stopped" "left-programme" "no-match" "unsatisfactory" "host-fell-away" "moved-on" "path-switched" "hired" "other"];
        Interrupted => EndedEarly by [Practice School Region]
            because ["student-stopped" "left-programme" "no-match" "unsatisfactory" "host-fell-away" "moved-on" "path-switched" "hired" "other"];
    }
    follows {
        Reserved => Cancelled "the end of the reservation" as "reservation-expired";
        Introduced => Cancelled "the end of the reservation" as "reservation-expired";
    }
    refused by {
        "placement_offers_seats_taken_check" as NO_SEAT_LEFT;
        "placements_student_id_excl" as STUDENT_PLACED;
        "placements_request_id_check" as REQUEST_NOT_OPEN;
        "placements_offer_id_check" as OFFER_NOT_PUBLISHED;
    }
}

/// The steps that a caller may take from here, who speaks for the host or does not.
pub(super) fn open_steps(actor: &Actor, from: PlacementStatus, for_host: bool) -> Vec<PlacementStatus> {
    let mut steps = PLACEMENT_LIFECYCLE.allowed(actor, from);
    steps.retain(|to| for_host || !to.is_the_hosts());
    steps
}

impl PlacementStatus {
    /// Whether only the host takes the step to this state, or its bureau under a mandate.
    #[must_use]
    pub const fn is_the_hosts(self) -> bool {
        matches!(self, Self::Confirmed | Self::Declined)
    }

    /// Whether the internship has begun, so that its first day is history; it may have ended.
    #[must_use]
    pub const fn has_begun(self) -> bool {
        matches!(self, Self::Active | Self::Interrupted | Self::Completed | Self::EndedEarly)
    }

    /// Whether nothing has been agreed in writing yet, so that the terms may still change.
    #[must_use]
    pub const fn is_open_to_change(self) -> bool {
        matches!(self, Self::Proposed | Self::Reserved | Self::Introduced | Self::Confirmed)
    }
}

#[cfg(test)]
mod tests {
    use super::{EndReason, PLACEMENT_LIFECYCLE, PlacementStatus, counts_as_dropout};
    use crate::kernel::coded::Coded as _;

    #[test]
    fn every_early_end_says_whether_it_counts_as_dropout() {
        let early = PLACEMENT_LIFECYCLE.ways.iter().filter(|way| way.to == PlacementStatus::EndedEarly);
        for reason in early.flat_map(|way| way.reasons) {
            assert!(counts_as_dropout(reason).is_some(), "{reason}");
        }
        assert!(EndReason::StudentStopped.counts_as_dropout());
        assert!(!EndReason::PathSwitched.counts_as_dropout(), "a switch of path is no dropout");
        assert_eq!(counts_as_dropout("entered-wrongly"), None);
        assert!(EndReason::from_code("student-stopped").is_some());
    }
}
