//! Statements that are parsed and planned once per connection. diesel prepares raw SQL and updates
//! anew each time, because their text may vary without end; under row policies planning one takes
//! milliseconds, and every write has several.

use diesel::backend::Backend;
use diesel::connection::Connection as _;
use diesel::pg::{Pg, PgConnection, PgQueryBuilder};
use diesel::query_builder::{AstPass, CollectedQuery, Query, QueryBuilder as _, QueryFragment, QueryId};
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

impl<Q: QueryFragment<Pg>> Prepared<Q> {
    /// Executes it; how many rows it touched.
    ///
    /// Instead of diesel's own, which asks a reference to the statement whether it may stay
    /// prepared, and a reference does not hand the question on.
    ///
    /// # Errors
    /// As the statement's own.
    pub fn execute(self, conn: &mut PgConnection) -> QueryResult<usize> {
        let mut text = PgQueryBuilder::default();
        self.0.to_sql(&mut text, &Pg)?;
        let mut binds = <Pg as Backend>::BindCollector::default();
        self.0.collect_binds(&mut binds, conn, &Pg)?;
        conn.execute_returning_count(&CollectedQuery::new(text.finish(), true, binds))
    }
}

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
