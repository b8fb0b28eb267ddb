//! A mentor's rows: what is inserted, what a change sets.

use diesel::prelude::*;

use super::model::{CreateMentor, PatchMentor};
use crate::kernel::field::Profession;
use crate::kernel::formats::{Email, Phone};
use crate::kernel::ids::{MentorId, OrganisationId};
use crate::kernel::text::Line;
use crate::schema::{mentor_identities, mentors};

/// The row of a new mentor.
#[derive(Debug, Insertable)]
#[diesel(table_name = mentors)]
pub(super) struct NewMentor {
    pub(super) id: MentorId,
    practice_id: OrganisationId,
    profession: Profession,
    guides: Vec<Profession>,
}

/// The row of who it is.
#[derive(Debug, Insertable)]
#[diesel(table_name = mentor_identities, treat_none_as_default_value = false)]
pub(super) struct NewIdentity {
    mentor_id: MentorId,
    practice_id: OrganisationId,
    given_name: Line<100>,
    prefix: Option<Line<50>>,
    family_name: Line<100>,
    work_email: Option<Email>,
    work_phone: Option<Phone>,
}

/// The columns of a mentor that a change sets; what is absent stays.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = mentors)]
pub(super) struct MentorChanges {
    profession: Option<Profession>,
    guides: Option<Vec<Profession>>,
    active: Option<bool>,
    version: i32,
}

/// The columns of who it is that a change sets; what is absent stays.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = mentor_identities)]
pub(super) struct IdentityChanges {
    given_name: Option<Line<100>>,
    prefix: Option<Option<Line<50>>>,
    family_name: Option<Line<100>>,
    work_email: Option<Option<Email>>,
    work_phone: Option<Option<Phone>>,
}

impl CreateMentor {
    /// The rows of this new mentor.
    pub(super) fn into_rows(self) -> (NewMentor, NewIdentity) {
        let (id, practice_id) = (MentorId::new(), self.practice_id);
        let guides = self.guides.unwrap_or_else(|| vec![self.profession]);
        let identity = NewIdentity {
            mentor_id: id,
            practice_id,
            given_name: self.given_name,
            prefix: self.prefix,
            family_name: self.family_name,
            work_email: self.work_email,
            work_phone: self.work_phone,
        };
        (NewMentor { id, practice_id, profession: self.profession, guides }, identity)
    }
}

impl PatchMentor {
    /// The change to version `version`, and that of who it is, if any.
    pub(super) fn into_changes(self, version: i32) -> (MentorChanges, Option<IdentityChanges>) {
        let named = !(self.given_name.is_absent()
            && self.prefix.is_absent()
            && self.family_name.is_absent()
            && self.work_email.is_absent()
            && self.work_phone.is_absent());
        let mentor = MentorChanges {
            profession: self.profession.into_change(),
            guides: self.guides.into_change(),
            active: self.active.into_change(),
            version: version + 1,
        };
        let identity = IdentityChanges {
            given_name: self.given_name.into_change(),
            prefix: self.prefix.into_change(),
            family_name: self.family_name.into_change(),
            work_email: self.work_email.into_change(),
            work_phone: self.work_phone.into_change(),
        };
        (mentor, named.then_some(identity))
    }
}
