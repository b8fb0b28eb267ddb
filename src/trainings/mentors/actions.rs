//! Judging who is named as mentor.

use super::queries;
use super::rules::GUIDES_NOT_FOR_THIS;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::kernel::checks::UNKNOWN_REFERENCE;
use crate::kernel::ids::{MentorId, OrganisationId, QualificationId};

/// Demands that whoever `/mentorId` names works at the practice, is active and guides interns for the
/// profession of the qualification; that stays so until the transaction ends.
///
/// # Errors
/// 400 `unknown-reference` for a mentor whom the caller cannot see or who works elsewhere, 400
/// `mentor-does-not-guide`.
pub fn require_guide(
    conn: &mut Conn,
    mentor: MentorId,
    practice: OrganisationId,
    qualification: QualificationId,
) -> Result<()> {
    if queries::guides_at(conn, mentor, practice, qualification)? {
        return Ok(());
    }
    let rule = match queries::practice_of(conn, mentor) {
        Ok(found) if found == practice => &GUIDES_NOT_FOR_THIS,
        Ok(_) | Err(Error::NotFound) => &UNKNOWN_REFERENCE,
        Err(error) => return Err(error),
    };
    Err(rule.fault("/mentorId").into())
}
