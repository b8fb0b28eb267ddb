//! Statements that are parsed and planned once per connection. diesel prepares raw SQL and updates
//! anew each time, because their text may vary without end; under row policies planning one takes
//! a millisecond, and every write has several.

use diesel::pg::{Pg, PgConnection};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::{QueryResult, RunQueryDsl};

/// A statement that stays prepared on its connection.
#[derive(Debug)]
#[must_use = "a statement does nothing until it is executed"]
pub struct Prepared<Q>(Q);

/// Lets a statement stay prepared.
pub trait Prepare: QueryFragment<Pg> + Sized {
    /// The same statement, parsed and planned once per connection. For texts of which there are
    /// few: values are bound, never written into them.
    fn prepared(self) -> Prepared<Self> {
        Prepared(self)
    }
}

impl<Q: QueryFragment<Pg>> Prepare for Q {}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Prepared<Q> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _backend: &Pg) -> QueryResult<bool> {
        Ok(true)
    }
}

/// Found again by its text.
impl<Q> QueryId for Prepared<Q> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for Prepared<Q> {
    type SqlType = Q::SqlType;
}

impl<Q> RunQueryDsl<PgConnection> for Prepared<Q> {}
