//! Typed identifiers: a region's id cannot be passed where an organisation's is wanted.

use std::str::FromStr as _;

use serde::Deserialize as _;

use super::text::Refusal;
use crate::error::Rule;

/// Declares identifier types over `UUIDv7` that serialise as a plain uuid.
macro_rules! typed_ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize,
            diesel::expression::AsExpression, diesel::deserialize::FromSqlRow,
        )]
        #[serde(transparent)]
        #[diesel(sql_type = diesel::sql_types::Uuid)]
        pub struct $name(pub uuid::Uuid);

        impl $name {
            /// A new identifier; later ones sort after earlier ones.
            #[must_use]
            #[expect(clippy::new_without_default, reason = "an identifier has no default")]
            pub fn new() -> Self {
                Self(uuid::Uuid::now_v7())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                hyphenated(deserializer).map(Self)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<uuid::Uuid> for $name {
            fn from(id: uuid::Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for uuid::Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl diesel::serialize::ToSql<diesel::sql_types::Uuid, diesel::pg::Pg> for $name {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>,
            ) -> diesel::serialize::Result {
                diesel::serialize::ToSql::<diesel::sql_types::Uuid, diesel::pg::Pg>::to_sql(&self.0, out)
            }
        }

        impl diesel::deserialize::FromSql<diesel::sql_types::Uuid, diesel::pg::Pg> for $name {
            fn from_sql(bytes: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
                diesel::deserialize::FromSql::<diesel::sql_types::Uuid, diesel::pg::Pg>::from_sql(bytes).map(Self)
            }
        }

        impl utoipa::__dev::ComposeSchema for $name {
            fn compose(_: Vec<utoipa::openapi::RefOr<utoipa::openapi::Schema>>) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                super::ids::id_schema()
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed("Id")
            }
        }
    )*};
}

/// The text is no id in its one spelling.
pub const NOT_AN_ID: Rule = Rule {
    code: "malformed",
    nl: "Een id als 01936f5e-7a10-7c44-9d6b-2f1c5e8a0b11.",
    en: "An id such as 01936f5e-7a10-7c44-9d6b-2f1c5e8a0b11.",
};

/// Reads an id in its one spelling: not in braces, as a URN or without hyphens.
fn hyphenated<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<uuid::Uuid, D::Error> {
    let raw = String::deserialize(deserializer)?;
    let id = uuid::fmt::Hyphenated::from_str(&raw);
    id.map(uuid::fmt::Hyphenated::into_uuid).map_err(|_other| serde::de::Error::custom(Refusal(&NOT_AN_ID)))
}

/// The one schema of every identifier.
fn id_schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::String)
        .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::Uuid)))
        .description(Some("UUIDv7; later ones sort after earlier ones."))
        .examples([serde_json::json!("01936f5e-7a10-7c44-9d6b-2f1c5e8a0b11")])
        .into()
}

typed_ids! {
    /// Identifies an organisation: the tenant of everything.
    OrganisationId;
    /// Identifies a site of an organisation (vestiging).
    SiteId;
    /// Identifies a recognition as training company (erkenning).
    RecognitionId;
    /// Identifies a qualification (kwalificatie).
    QualificationId;
    /// Identifies a hosting intent (stagebereidheid).
    HostingIntentId;
    /// Identifies a region.
    RegionId;
    /// Identifies a membership of an organisation in a region.
    MembershipId;
    /// Identifies the assignment of a fixed contact person.
    ContactAssignmentId;
    /// Identifies a readiness rule of a region.
    ReadinessRuleId;
    /// Identifies a stated need for workers.
    WorkforceNeedId;
    /// Identifies a programme of a school (opleiding).
    ProgrammeId;
    /// Identifies a cohort of a programme (lichting).
    CohortId;
    /// Identifies a count of a cohort (telling).
    CohortCountId;
    /// Identifies an expectation profile (verwachtingsprofiel).
    ExpectationProfileId;
    /// Identifies an hour norm (urennorm).
    HourNormId;
    /// Identifies an offer of seats for interns (stageplaatsen).
    PlacementOfferId;
    /// Identifies a mentor (praktijkbegeleider); nothing else about the person follows from it.
    MentorId;
    /// Identifies a certificate of a mentor (certificaat stagebegeleider).
    MentorCertificateId;
    /// Identifies a mandate (machtiging).
    MandateId;
    /// Identifies an initiative (initiatief).
    InitiativeId;
    /// Identifies a partner of an initiative.
    PartnerId;
    /// Identifies a milestone (mijlpaal).
    MilestoneId;
    /// Identifies a deliverable (oplevering).
    DeliverableId;
    /// Identifies a barrier (belemmering).
    BarrierId;
    /// Identifies a student; nothing else about the person follows from it.
    StudentId;
    /// Identifies a period in which a student follows a learning path (leerwegperiode).
    LearningPathPeriodId;
    /// Identifies a roster import (aangeleverde studentenlijst).
    RosterImportId;
    /// Identifies what class belongs to which programme.
    RosterClassMappingId;
    /// Identifies a placement request (stageaanvraag).
    PlacementRequestId;
    /// Identifies a placement (plaatsing).
    PlacementId;
    /// Identifies a compliance item of a placement (startvoorwaarde).
    ComplianceItemId;
    /// Identifies a talk about a placement (contactmoment).
    ContactMomentId;
    /// Identifies a signal (signaal).
    SignalId;
    /// Identifies an evaluation of an intern (beoordeling).
    EvaluationId;
    /// Identifies an attendance record (aanwezigheid).
    AttendanceRecordId;
    /// Identifies what became of an intern (uitkomst).
    OutcomeId;
    /// Identifies an agreement on a placement (praktijkovereenkomst).
    AgreementId;
    /// Identifies a signature under an agreement.
    SignatureId;
    /// Identifies a step in a resource's lifecycle.
    TransitionId;
    /// Identifies an API client.
    ClientId;
    /// Identifies a job: work that outlasts its request.
    JobId;
    /// Identifies a register entry of a trusted token issuer.
    IssuerId;
    /// Identifies a mailed single-use link; its token does not follow from it.
    LinkId;
    /// Identifies a mail in the outbox.
    MailId;
}

#[cfg(test)]
mod tests {
    use super::RegionId;

    #[test]
    fn an_id_has_one_spelling() {
        let read = |text: &str| serde_json::from_value::<RegionId>(text.into());
        let id = read("01936f5e-7a10-7c44-9d6b-2f1c5e8a0b11").unwrap();
        assert_eq!(read("01936F5E-7A10-7C44-9D6B-2F1C5E8A0B11").unwrap(), id);
        assert_eq!(serde_json::to_value(id).unwrap(), "01936f5e-7a10-7c44-9d6b-2f1c5e8a0b11");
        for text in [
            "01936f5e7a107c449d6b2f1c5e8a0b11",
            "{01936f5e-7a10-7c44-9d6b-2f1c5e8a0b11}",
            "urn:uuid:01936f5e-7a10-7c44-9d6b-2f1c5e8a0b11",
            "",
            "x",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
