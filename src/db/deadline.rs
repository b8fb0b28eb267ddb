//! Who decides a request's outcome: the worker that is about to commit, or the clock.

use std::sync::atomic::{AtomicU8, Ordering};

const RUNNING: u8 = 0;
const COMMITTING: u8 = 1;
const ABANDONED: u8 = 2;

/// One atomic state per request makes 503 true: the worker must win it before it sends COMMIT,
/// the clock must win it before it answers that nothing happened.
#[derive(Debug, Default)]
pub(super) struct Outcome(AtomicU8);

impl Outcome {
    /// The worker may commit now; false when the request was abandoned, and it must roll back.
    pub(super) fn may_commit(&self) -> bool {
        self.0.compare_exchange(RUNNING, COMMITTING, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    /// The clock gives up; false when COMMIT may already be on its way.
    pub(super) fn abandon(&self) -> bool {
        self.0.compare_exchange(RUNNING, ABANDONED, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::Outcome;

    #[test]
    fn whoever_comes_first_decides() {
        let committed = Outcome::default();
        assert!(committed.may_commit());
        assert!(!committed.abandon());

        let abandoned = Outcome::default();
        assert!(abandoned.abandon());
        assert!(!abandoned.may_commit());
    }
}
