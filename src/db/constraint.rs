//! Named constraints become the caller's answer at the call that can break them, so that no
//! rule about uniqueness needs a look-up first (which a parallel request could outrun).

use diesel::QueryResult;
use diesel::result::Error as DieselError;

use crate::error::{Result, Rule};

/// What breaking a named constraint means.
#[derive(Debug, Clone, Copy)]
pub enum Breach {
    /// 409 with this rule.
    Conflict(&'static Rule),
    /// 400: the property at this pointer is wrong, for example refers to nothing visible.
    Fault(&'static str, &'static Rule),
}

/// Maps constraint names to answers.
pub trait OnConstraint<T> {
    /// The answer for each constraint this statement may break; others stay what they are.
    ///
    /// # Errors
    /// The mapped error, or the statement's own.
    fn on_constraint(self, breaches: &[(&str, Breach)]) -> Result<T>;
}

impl<T> OnConstraint<T> for QueryResult<T> {
    fn on_constraint(self, breaches: &[(&str, Breach)]) -> Result<T> {
        self.map_err(|error| {
            let name = match &error {
                DieselError::DatabaseError(_, info) => info.constraint_name(),
                _ => None,
            };
            match name.and_then(|name| breaches.iter().find(|(constraint, _)| *constraint == name)) {
                Some((_, Breach::Conflict(rule))) => rule.conflict(),
                Some((_, Breach::Fault(pointer, rule))) => rule.fault(*pointer).into(),
                None => error.into(),
            }
        })
    }
}
