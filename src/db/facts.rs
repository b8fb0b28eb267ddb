//! The queries every table of dated facts shares: which versions a view shows, and superseding
//! the standing one.

use diesel::{OptionalExtension as _, QueryResult};

use super::Conn;
use crate::error::{Error, NOT_PERMITTED_ON_RESOURCE, Result};

/// The standing version of a fact, locked by `lock`. A parallel correction takes the version
/// away that `lock` waited for, so it is tried once more; then `look` tells by its error that
/// the fact is not there, else the caller may see it but not change it.
///
/// # Errors
/// 403, that of `look` (404), or the queries' own.
pub fn standing_fact<T>(
    conn: &mut Conn,
    lock: impl Fn(&mut Conn) -> QueryResult<T>,
    look: impl FnOnce(&mut Conn) -> Result<()>,
) -> Result<T> {
    for _ in 0..2 {
        if let Some(standing) = lock(conn).optional()? {
            return Ok(standing);
        }
    }
    look(conn)?;
    Err(Error::Forbidden(&NOT_PERMITTED_ON_RESOURCE))
}

/// Declares, for one fact table, `seen(view)` (a filter) and `supersede(conn, row_id)`.
#[macro_export]
macro_rules! fact_queries {
    ($table:ident) => {
        /// Only the versions this view shows: on a day, as known at a moment.
        fn seen<QS>(
            view: $crate::kernel::fact::View,
        ) -> Box<
            dyn diesel::BoxableExpression<
                    QS,
                    diesel::pg::Pg,
                    SqlType = diesel::sql_types::Nullable<diesel::sql_types::Bool>,
                >,
        >
        where
            QS: 'static,
            $crate::schema::$table::effective_from: diesel::SelectableExpression<QS>,
            $crate::schema::$table::effective_to: diesel::SelectableExpression<QS>,
            $crate::schema::$table::recorded_at: diesel::SelectableExpression<QS>,
            $crate::schema::$table::superseded_at: diesel::SelectableExpression<QS>,
        {
            use $crate::schema::$table::dsl;
            let holding: Box<
                dyn diesel::BoxableExpression<_, _, SqlType = diesel::sql_types::Nullable<diesel::sql_types::Bool>>,
            > = match view.as_of {
                Some(day) => {
                    Box::new(dsl::effective_from.le(day).and(dsl::effective_to.is_null().or(dsl::effective_to.gt(day))))
                }
                None => Box::new(diesel::dsl::sql::<diesel::sql_types::Nullable<diesel::sql_types::Bool>>("true")),
            };
            match view.known_at {
                Some(moment) => Box::new(
                    holding
                        .and(dsl::recorded_at.le(moment))
                        .and(dsl::superseded_at.is_null().or(dsl::superseded_at.gt(moment))),
                ),
                None => Box::new(holding.and(dsl::superseded_at.is_null())),
            }
        }

        /// Marks a standing version superseded; the corrected one is inserted next.
        fn supersede(conn: &mut $crate::db::Conn, row_id: uuid::Uuid) -> $crate::error::Result<()> {
            use $crate::schema::$table::dsl;
            diesel::update(dsl::$table.filter(dsl::row_id.eq(row_id)))
                .set(dsl::superseded_at.eq(diesel::dsl::now))
                .execute(conn)?;
            Ok(())
        }
    };
}

/// Narrows a boxed query over a fact table, joined to others or not, to the versions that a view
/// shows; the same filter as `seen(view)`, which cannot be part of a boxed query.
#[macro_export]
macro_rules! as_seen {
    ($query:expr, $table:ident, $view:expr) => {{
        use $crate::schema::$table;
        let (mut query, view): (_, $crate::kernel::fact::View) = ($query, $view);
        if let Some(day) = view.as_of {
            let open = $table::effective_to.is_null();
            query = query
                .filter($table::effective_from.le(day))
                .filter(open.or($table::effective_to.assume_not_null().gt(day)));
        }
        match view.known_at {
            Some(moment) => {
                let standing = $table::superseded_at.is_null();
                query
                    .filter($table::recorded_at.le(moment))
                    .filter(standing.or($table::superseded_at.assume_not_null().gt(moment)))
            }
            None => query.filter($table::superseded_at.is_null()),
        }
    }};
}
