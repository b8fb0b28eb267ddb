//! Roster imports (roosterimports): a school hands over its whole roster in one upload; a worker
//! applies it in one transaction, or not at all.

pub mod formats;
