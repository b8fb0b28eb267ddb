//! Gathering what is known of a placement on its first day.

use serde_json::Value;

use super::model::{NeedCode, Readiness};
use super::rules::{self, Facts};
use crate::db::Conn;
use crate::error::Result;
use crate::kernel::coded::Coded as _;
use crate::organisations::qualifications::{framework_of, profession_of};
use crate::organisations::recognitions::is_recognised;
use crate::placements::agreements::is_signed;
use crate::placements::compliance_items;
use crate::placements::placements::Standing;
use crate::regions::readiness_rules::{Requirement, demanded_on};
use crate::trainings::mentor_certificates::has_valid_certificate;

/// What the placement needs before it starts, and what of it is there.
pub(super) fn readiness_of(conn: &mut Conn, placement: &Standing) -> Result<Readiness> {
    let (day, qualification) = (placement.starts_on, placement.qualification_id);
    let mut met = compliance_items::met_on(conn, placement.id, day)?;
    if let Some(mentor) = placement.mentor_id
        && has_valid_certificate(conn, mentor, Some(qualification), day)?
    {
        met.push(Requirement::MentorCertificate);
    }
    let profession = profession_of(conn, qualification)?;
    let facts = Facts {
        framework: framework_of(conn, qualification)?,
        learning_path: placement.learning_path,
        signed: is_signed(conn, placement.id)?,
        recognised: is_recognised(conn, placement.practice_id, qualification, day)?,
        employed: placement.employer_kind.is_some(),
        demanded: demanded_on(conn, placement.region_id, profession, day)?,
        met,
    };
    Ok(rules::readiness(&facts))
}

/// Demands that nothing which blocks the start is missing.
///
/// # Errors
/// 409 `not-ready`, which names what is missing.
pub fn require_ready(conn: &mut Conn, placement: &Standing) -> Result<()> {
    let missing = rules::missing(&readiness_of(conn, placement)?.items);
    if missing.is_empty() {
        return Ok(());
    }
    let missing: Vec<Value> = missing.into_iter().map(NeedCode::code).map(Value::from).collect();
    Err(rules::NOT_READY.conflict().with("missing", missing))
}
