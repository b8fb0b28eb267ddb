//! The queries every table of dated facts shares, and every table of records about placements: which
//! versions a view shows, and superseding the standing one.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Bool, Timestamptz};
use diesel::{OptionalExtension as _, QueryResult, QueryableByName, RunQueryDsl as _, sql_query};

use super::{Conn, Prepare as _};
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

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    provisional: bool,
}

/// What is recorded is stamped with the clock while its transaction goes on, and seen when that is over. A write that
/// began before the moment may have stamped it; one of this second may not even have told that it writes.
const PROVISIONAL: &str = "\
    SELECT $1 > clock_timestamp() - interval '1 second' OR EXISTS ( \
        SELECT FROM pg_stat_activity \
        WHERE datname = current_database() AND backend_xid IS NOT NULL AND xact_start <= $1 \
    ) AS provisional";

/// Whether a write that is still under way may add to what was known at this moment, if one is asked for;
/// asked before the facts are, so that what is not seen to be under way is seen by them. Only writes of the
/// app login are known.
///
/// # Errors
/// 503 when the database cannot answer.
pub fn is_provisional(conn: &mut Conn, known_at: Option<DateTime<Utc>>) -> Result<Option<bool>> {
    let Some(moment) = known_at else { return Ok(None) };
    let answer: Answer = sql_query(PROVISIONAL).bind::<Timestamptz, _>(moment).prepared().get_result(conn)?;
    Ok(Some(answer.provisional))
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
            use $crate::db::Prepare as _;
            use $crate::schema::$table::dsl;
            diesel::update(dsl::$table.filter(dsl::row_id.eq(row_id)))
                .set(dsl::superseded_at.eq(diesel::dsl::now))
                .prepared()
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

/// Declares, for one table of records about placements: `find`, `find_version`, `list` (as known at a
/// moment, narrowed by the filter's fields that are named like columns), `find_for_update`, `insert`,
/// `supersede` and `replace`. The caller has a `Row` and the function `assemble`, which makes of it and
/// of the name of whoever recorded it what is shown.
#[macro_export]
macro_rules! record_queries {
    (@joined $table:ident) => {{
        use $crate::schema::{$table, organisations};
        $table::table
            .inner_join(organisations::table.on(organisations::id.eq($table::recorded_by)))
            .select((Row::as_select(), organisations::name))
    }};
    (
        $table:ident of $id:ty, $version:ty => $item:ty,
        by $filter:ty [$($field:ident)*],
        refused by $breaches:expr
    ) => {
        /// The standing version.
        pub(super) fn find(
            conn: &mut $crate::db::Conn,
            placement: $crate::kernel::ids::PlacementId,
            id: $id,
        ) -> $crate::error::Result<$item> {
            use $crate::schema::$table::dsl;
            let standing = $crate::record_queries!(@joined $table)
                .filter(dsl::placement_id.eq(placement))
                .filter(dsl::id.eq(id))
                .filter(dsl::superseded_at.is_null());
            Ok(assemble(standing.first(conn)?))
        }

        /// One version, whether it stands or not.
        pub(super) fn find_version(
            conn: &mut $crate::db::Conn,
            row_id: uuid::Uuid,
        ) -> $crate::error::Result<$item> {
            use $crate::schema::$table::dsl;
            Ok(assemble($crate::record_queries!(@joined $table).filter(dsl::row_id.eq(row_id)).first(conn)?))
        }

        /// The records about a placement, as they stood at the moment that the filter names, else now.
        pub(super) fn list(
            conn: &mut $crate::db::Conn,
            placement: $crate::kernel::ids::PlacementId,
            filter: &$filter,
            paging: &$crate::http::page::Paging<$id>,
        ) -> $crate::error::Result<Vec<$item>> {
            use $crate::schema::$table::dsl;
            let of_placement = $crate::record_queries!(@joined $table).filter(dsl::placement_id.eq(placement));
            let mut query = of_placement.order(dsl::id).limit(paging.fetch()).into_boxed();
            query = match filter.known_at {
                Some(moment) => query.filter(dsl::recorded_at.le(moment)).filter(
                    dsl::superseded_at.is_null().or(dsl::superseded_at.assume_not_null().gt(moment)),
                ),
                None => query.filter(dsl::superseded_at.is_null()),
            };
            if let Some(after) = paging.after {
                query = query.filter(dsl::id.gt(after));
            }
            $(if let Some(wanted) = filter.$field {
                query = query.filter(dsl::$field.eq(wanted));
            })*
            Ok(query.load(conn)?.into_iter().map(assemble).collect())
        }

        /// The standing version, locked.
        pub(super) fn find_for_update(
            conn: &mut $crate::db::Conn,
            placement: $crate::kernel::ids::PlacementId,
            id: $id,
        ) -> $crate::error::Result<$version> {
            use $crate::schema::$table::dsl;
            $crate::db::standing_fact(
                conn,
                |conn| {
                    dsl::$table
                        .filter(dsl::placement_id.eq(placement))
                        .filter(dsl::id.eq(id))
                        .filter(dsl::superseded_at.is_null())
                        .select(<$version>::as_select())
                        .for_no_key_update()
                        .first(conn)
                },
                |conn| find(conn, placement, id).map(drop),
            )
        }

        pub(super) fn insert(conn: &mut $crate::db::Conn, version: &$version) -> $crate::error::Result<()> {
            use $crate::db::OnConstraint as _;
            use $crate::schema::$table::dsl;
            diesel::insert_into(dsl::$table).values(version).execute(conn).on_constraint($breaches)?;
            Ok(())
        }

        /// Takes a standing version back.
        pub(super) fn supersede(conn: &mut $crate::db::Conn, row_id: uuid::Uuid) -> $crate::error::Result<()> {
            use $crate::db::Prepare as _;
            use $crate::schema::$table::dsl;
            diesel::update(dsl::$table.find(row_id))
                .set(dsl::superseded_at.eq(diesel::dsl::now))
                .prepared()
                .execute(conn)?;
            Ok(())
        }

        /// Puts the next version in the place of the standing one.
        pub(super) fn replace(
            conn: &mut $crate::db::Conn,
            standing: &$version,
            next: &$version,
        ) -> $crate::error::Result<()> {
            supersede(conn, standing.row_id)?;
            insert(conn, next)
        }
    };
}
