//! Telling what placements need before they start.

use std::collections::HashMap;

use serde_json::Value;

use super::model::{NeedCode, Preparation};
use super::{queries, rules};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::kernel::coded::Coded as _;
use crate::kernel::ids::PlacementId;
use crate::placements::placements::Standing;

/// What each of these placements needs before it starts, and what of it is there; without those that
/// the caller cannot see.
///
/// # Errors
/// 503 when it cannot be read.
pub fn preparations_of(conn: &mut Conn, placements: &[PlacementId]) -> Result<HashMap<PlacementId, Preparation>> {
    let facts = queries::facts_of(conn, placements)?;
    Ok(facts.into_iter().map(|(id, facts)| (id, rules::preparation(&facts))).collect())
}

/// The same of one.
pub(super) fn preparation_of(conn: &mut Conn, placement: PlacementId) -> Result<Preparation> {
    preparations_of(conn, &[placement])?.remove(&placement).ok_or(Error::NotFound)
}

/// Demands that nothing which blocks the start is missing.
///
/// # Errors
/// 409 `not-ready`, which names what is missing.
pub fn require_ready(conn: &mut Conn, placement: &Standing) -> Result<()> {
    let missing = rules::missing(&preparation_of(conn, placement.id)?.readiness.items);
    if missing.is_empty() {
        return Ok(());
    }
    let missing: Vec<Value> = missing.into_iter().map(NeedCode::code).map(Value::from).collect();
    Err(rules::NOT_READY.conflict().with("missing", missing))
}
