//! Counts the statements a request sends, so that a test can hold every endpoint to its number
//! and no query per row creeps in.

use std::cell::Cell;

use diesel::connection::{Instrumentation, InstrumentationEvent};

thread_local! {
    static SENT: Cell<u32> = const { Cell::new(0) };
}

/// Counts the queries that start on this thread.
#[derive(Debug, Clone, Copy)]
pub(super) struct StatementCounter;

impl Instrumentation for StatementCounter {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if matches!(event, InstrumentationEvent::StartQuery { .. }) {
            SENT.with(|sent| sent.set(sent.get().wrapping_add(1)));
        }
    }
}

/// Runs `work` on this thread and tells how many statements it sent.
pub fn count_statements<T>(work: impl FnOnce() -> T) -> (T, u32) {
    let before = SENT.with(Cell::get);
    let result = work();
    (result, SENT.with(Cell::get).wrapping_sub(before))
}
