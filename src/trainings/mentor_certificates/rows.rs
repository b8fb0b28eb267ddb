//! A certificate's rows: what is inserted, and what stands.

use chrono::NaiveDate;
use diesel::prelude::*;
use uuid::Uuid;

use super::model::{CreateMentorCertificate, PatchMentorCertificate, RevocationReason};
use crate::kernel::field::Profession;
use crate::kernel::ids::{MentorCertificateId, MentorId, OrganisationId};
use crate::kernel::text::Line;
use crate::schema::mentor_certificates;

/// When a certificate holds, and why it was revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = mentor_certificates, treat_none_as_default_value = false)]
pub(super) struct Validity {
    #[diesel(column_name = effective_from)]
    pub(super) issued_on: NaiveDate,
    pub(super) valid_until: Option<NaiveDate>,
    pub(super) revoked_on: Option<NaiveDate>,
    pub(super) revocation_reason: Option<RevocationReason>,
}

/// The row of a version; who recorded it is filled in by the database.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = mentor_certificates, treat_none_as_default_value = false)]
pub(super) struct Version {
    pub(super) row_id: Uuid,
    pub(super) id: MentorCertificateId,
    pub(super) version: i32,
    pub(super) mentor_id: MentorId,
    pub(super) practice_id: OrganisationId,
    pub(super) issuer: Line<200>,
    pub(super) number: Option<Line<64>>,
    pub(super) professions: Vec<Profession>,
    #[diesel(embed)]
    pub(super) validity: Validity,
}

impl CreateMentorCertificate {
    /// When it holds, as it is told.
    pub(super) fn validity(&self) -> Validity {
        Validity {
            issued_on: self.issued_on.date(),
            valid_until: self.valid_until.map(NaiveDate::from),
            revoked_on: None,
            revocation_reason: None,
        }
    }

    /// The first version of this certificate.
    pub(super) fn into_row(self, practice_id: OrganisationId) -> Version {
        Version {
            row_id: Uuid::now_v7(),
            id: MentorCertificateId::new(),
            version: 1,
            mentor_id: self.mentor_id,
            practice_id,
            validity: self.validity(),
            issuer: self.issuer,
            number: self.number,
            professions: self.professions,
        }
    }
}

impl PatchMentorCertificate {
    /// The version after `standing`, corrected.
    pub(super) fn into_row(self, standing: Version, validity: Validity) -> Version {
        Version {
            row_id: Uuid::now_v7(),
            version: standing.version + 1,
            issuer: self.issuer.into_change().unwrap_or(standing.issuer),
            number: self.number.into_change().unwrap_or(standing.number),
            professions: self.professions.into_change().unwrap_or(standing.professions),
            validity,
            ..standing
        }
    }
}
