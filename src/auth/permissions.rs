//! Who may do what, as one table: **read this first**.
//!
//! A row gives the marker type a handler names in `Can<…>`, the scope a token must hold, and
//! the roles whose ceiling includes it. Which *rows* a caller may then see or change is decided
//! by the row policies in the database, never here.

use crate::kernel::role::Role;
use crate::kernel::role::Role::{Funder, Platform, Practice, Region, School};

/// A right that a handler can demand by naming it in `Can<P>`.
pub trait Permission: 'static {
    /// The scope a token must hold, `resource:action`.
    const SCOPE: &'static str;
    /// The roles that can hold it at all.
    const ROLES: &'static [Role];
}

/// One row of the table, for listing and for the contract.
#[derive(Debug, Clone, Copy)]
pub struct Grant {
    /// `resource:action`.
    pub scope: &'static str,
    /// Roles whose ceiling includes it.
    pub roles: &'static [Role],
    /// What the scope lets a client do, for people.
    pub meaning: &'static str,
}

macro_rules! permissions {
    ($($marker:ident $scope:literal [$($role:ident)*] $meaning:literal;)*) => {
        $(
            #[doc = $meaning]
            #[derive(Debug, Clone, Copy)]
            pub struct $marker;

            impl Permission for $marker {
                const SCOPE: &'static str = $scope;
                const ROLES: &'static [Role] = &[$($role),*];
            }
        )*

        /// The whole table, in reading order.
        pub const TABLE: &[Grant] = &[$(Grant {
            scope: $scope,
            roles: &[$($role),*],
            meaning: $meaning,
        }),*];
    };
}

permissions! {
    // marker                 scope                       roles                                     what it lets a client do
    ReadOrganisations         "organisations:read"        [Practice School Region Funder Platform]  "Read the directory of organisations, their sites and recognitions.";
    WriteOrganisations        "organisations:write"       [Practice School Region Funder Platform]  "Change one's own organisation; a bureau and the platform also add and change others.";
    CreateOrganisations       "organisations:create"      [Region Platform]                         "Add an organisation to the directory.";
    WriteRecognitions         "recognitions:write"        [Region Platform]                         "Record recognitions as training company.";
    ReadHostingIntents        "hosting-intents:read"      [Practice School Region]                  "Read whether hosts mean to offer seats in a school year.";
    WriteHostingIntents       "hosting-intents:write"     [Practice Region]                         "State whether a host means to offer seats in a school year.";
    ReadRegions               "regions:read"              [Practice School Region Funder Platform]  "Read regions, memberships, readiness rules and workforce needs.";
    CreateRegions             "regions:create"            [Platform]                                "Add a region.";
    WriteRegions              "regions:write"             [Region Platform]                         "Change a region.";
    WriteRegionFacts          "region-facts:write"        [Region]                                  "Record memberships, readiness rules and workforce needs of one's region.";
    ReadContactAssignments    "contact-assignments:read"  [Practice School Region]                  "Read who the fixed contact person at the bureau is.";
    WriteContactAssignments   "contact-assignments:write" [Region]                                  "Assign the fixed contact person at the bureau.";
    ReadMandates              "mandates:read"             [Practice Region]                         "Read one's mandates.";
    RequestMandates           "mandates:request"          [Region]                                  "Ask a practice for a mandate, or record one given on paper.";
    TransitionMandates        "mandates:transition"       [Practice Region]                         "Grant, decline or revoke a mandate.";
    ReadProgrammes            "programmes:read"           [Practice School Region Funder]           "Read what schools teach, and the hour norms.";
    WriteProgrammes           "programmes:write"          [School]                                  "Enter and change one's own programmes.";
    ReadCohorts               "cohorts:read"              [School Region]                           "Read cohorts and their counts.";
    WriteCohorts              "cohorts:write"             [School]                                  "Enter and change one's own cohorts and count them.";
    ReadExpectationProfiles   "expectation-profiles:read" [Practice School Region Funder]           "Read what may be expected of an intern.";
    WriteExpectationProfiles  "expectation-profiles:write" [School Region]                          "Write down what may be expected of an intern.";
    ReadStudents              "students:read"             [School]                                  "Read one's students with their names.";
    WriteStudents             "students:write"            [School]                                  "Enter and change one's students and their learning paths.";
    ReadStudentIdentities     "student-identities:read"   [Practice School Region]                  "Read the names of students by their ids; a bureau of those who wait for a seat or have one, a host of those disclosed to it.";
    ReadRequestedStudents     "requested-students:read"  [School Region]                           "Read who a request for a seat is for.";
    ReadPlacementRequests     "placement-requests:read"   [School Region]                           "Read requests for a seat.";
    WritePlacementRequests    "placement-requests:write"  [School]                                  "Ask for a seat for one's students.";
    TransitionPlacementRequests "placement-requests:transition" [School Region]                     "Move requests for a seat through their lifecycle.";
    RankPlacementRequests     "placement-requests:rank"   [Region]                                  "Grant priority and mend since when a request waits.";
    ReadWaitingLists          "waiting-lists:read"        [Region]                                  "Read the waiting list of one's region.";
    ReadInitiatives           "initiatives:read"          [Practice School Region Funder]           "Read initiatives and their parts.";
    WriteInitiatives          "initiatives:write"         [Practice School Region]                  "Create and change initiatives that one leads or whose bureau one is.";
    TransitionInitiatives     "initiatives:transition"    [Practice School Region]                  "Move an initiative through its lifecycle.";
    ReadOffers                "placement-offers:read"       [Practice School Region]                "Read offers of seats: one's own, those of one's region, or those open to one's school.";
    ReadOfferHistory          "placement-offers:history"    [Practice Region]                       "Read who did what with an offer of seats, and under which mandate.";
    WriteOffers               "placement-offers:write"      [Practice Region]                       "Offer seats, as practice or in its name under a mandate.";
    TransitionOffers          "placement-offers:transition" [Practice Region]                       "Publish, close or withdraw an offer, as practice or in its name under a mandate.";
    ReadPlacements            "placements:read"             [Practice School Region]                "Read placements and their parts: of one's students, at one's practice, or in one's region.";
    ProposePlacements         "placements:propose"          [School Region]                         "Propose a student for a seat.";
    WritePlacements           "placements:write"            [School Region]                         "Change days, hours, employer and supervisor of placements.";
    GuidePlacements           "placements:guide"            [Practice Region]                       "Say who guides an intern, as host or in its name under a mandate.";
    KeepPlacements            "placements:keep"             [Region]                                "Keep a reserved seat longer, and say which initiative a placement counts for.";
    TransitionPlacements      "placements:transition"       [Practice School Region]                "Move placements through their lifecycle.";
    ReadAgreements            "agreements:read"             [Practice School Region]                "Read the agreements on one's placements.";
    MakeAgreements            "agreements:make"             [School Region]                         "Make the agreement on a placement, end it, and have the student mailed a link to sign it.";
    AmendAgreements           "agreements:amend"            [School]                                "Amend an agreement with a new sheet.";
    SignAgreements            "agreements:sign"             [Practice School Region]                "Sign an agreement for oneself, or as bureau for a host under a mandate, and correct what one recorded.";
    ReadMentors               "mentors:read"              [Practice School Region]                  "Read mentors with their names: one's own, or those of one's region.";
    WriteMentors              "mentors:write"             [Practice Region]                         "Enter and change mentors, as practice or in its name under a mandate.";
    ReadMentorCertificates    "mentor-certificates:read"  [Practice School Region]                  "Read the certificates of the mentors that one sees.";
    WriteMentorCertificates   "mentor-certificates:write" [Practice Region]                         "Record, correct and revoke certificates of mentors.";
    WriteComplianceItems      "compliance-items:write"      [Practice School Region]                "Say how it stands with what a placement needs before it starts.";
    WriteContactMoments       "contact-moments:write"       [Practice School Region]                "Record talks about placements.";
    ReadSignals               "signals:read"                [Practice School Region]                "Read signals about placements and requests.";
    RaiseSignals              "signals:raise"               [Practice School Region]                "Raise signals about placements.";
    ReadRequestSignals        "request-signals:read"        [School Region]                         "Read the signals about a request for a seat.";
    RaiseRequestSignals       "request-signals:raise"       [School Region]                         "Raise signals about requests for a seat.";
    TransitionSignals         "signals:transition"          [School Region]                         "Follow signals up until they are settled.";
    WriteEvaluations          "evaluations:write"           [Practice School Region]                "Record evaluations of interns.";
    WriteAttendance           "attendance:write"            [Practice Region]                       "Enter the attendance of interns, as host or in its name under a mandate.";
    WriteOutcomes             "outcomes:write"              [Practice School Region]                "Record what became of interns.";
    ImportRosters             "rosters:import"            [School]                                  "Hand over rosters, follow their imports, and say which class belongs to which programme.";
    ReadApiClients            "api-clients:read"          [Practice School Region Funder Platform]  "Read one's own API clients; the platform reads all.";
    CreateApiClients          "api-clients:create"        [Platform]                                "Create API clients for any organisation.";
    WriteApiClients           "api-clients:write"         [Practice School Region Funder Platform]  "Rotate the secrets of one's own API clients and revoke them.";
    ManageIssuers             "issuers:manage"            [Platform]                                "Manage the register of trusted token issuers.";
    ReadAuditEvents           "audit-events:read"         [Practice School Region Funder Platform]  "Read what was done by one's own organisation or in its name.";
    ReadJobs                  "jobs:read"                 [Practice School Region Funder Platform]  "Read the progress of one's own long-running work.";
    ReadMe                    "me:read"                   [Practice School Region Funder Platform]  "Read who the token speaks for.";
}
