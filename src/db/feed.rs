//! The `updatedSince` feeds: complete, although commits do not come in the order of the clock.
//!
//! A row carries the transaction of its last change (`updated_tx`, set by a trigger). A feed
//! tells the rows with `from <= updated_tx < until`, in the order `(updated_tx, id)`, where
//! `until` is the oldest transaction still open when the feed was begun: whatever is numbered
//! below it has ended and stays as it is, whatever comes later is numbered above it. The next
//! feed begins at `until`, so nothing is missed and little is told twice. Rows that left the
//! caller's view come from `tombstones`, in the same order and window.
//!
//! Who takes a region over as its bureau comes to see rows that changed long before. Its next feed
//! starts again with the first transaction there was, and what it saw already comes twice.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{QueryResult, QueryableByName, RunQueryDsl as _, sql_query};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Conn, Prepare as _};
use crate::error::{Result, Rule};
use crate::kernel::coded::Coded as _;
use crate::kernel::role::Role;
use crate::kernel::since::{Since, Told, Tx};
use crate::schema::sql_types::Xid8;

/// 400: the token was given by another database than the one that answers, for example before a
/// restore.
pub const UNKNOWN_SINCE: Rule = Rule {
    code: "unknown-updated-since",
    nl: "Deze updatedSince is hier niet (meer) bekend. Begin opnieuw met een moment.",
    en: "This updatedSince is not known here (any more). Start again with a moment.",
};

/// A collection that can be synced from.
#[derive(Debug, Clone, Copy)]
pub struct Feed {
    /// Its table, with the columns `id`, `updated_at` and `updated_tx`.
    pub table: &'static str,
    /// Its name in the tombstones, as in its path.
    pub collection: &'static str,
    /// How each role that may read it finds the first change after a moment; when empty, all of it is
    /// looked through.
    pub tenants: &'static [Tenant],
}

/// How callers of one role come to see rows: by a column with an index
/// `(column, updated_tx, id, updated_at)`. For speed only: the row policies decide.
#[derive(Debug, Clone, Copy)]
pub struct Tenant {
    /// The role.
    pub role: Role,
    /// The column.
    pub column: &'static str,
    /// Whose rows they are.
    pub owner: Owner,
}

/// What a tenant column is compared with.
#[derive(Debug, Clone, Copy)]
pub enum Owner {
    /// The caller's organisation.
    Organisation,
    /// The regions whose bureau it is, or that it is or was a member of.
    Regions,
}

impl Tenant {
    /// The first change of each tenant of a caller with this role, none for any other caller.
    fn first_change(&self, table: &str) -> String {
        let (role, column) = (self.role.code(), self.column);
        let owners = match self.owner {
            Owner::Organisation => "ARRAY[app_organisation()]",
            Owner::Regions => "app_regions()",
        };
        format!(
            "SELECT first.tx FROM unnest(CASE app_role() WHEN '{role}' THEN {owners} END) AS owner (id), \
             LATERAL (SELECT updated_tx AS tx FROM {table} WHERE {column} = owner.id AND updated_at >= $1 \
             ORDER BY updated_tx LIMIT 1) AS first"
        )
    }
}

/// A place in a feed: everything up to and including it was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    /// Transaction of the change.
    pub tx: Tx,
    /// The resource.
    pub id: Uuid,
    /// Whether it was told as removed; of one transaction, that comes last.
    pub removed: bool,
    /// Where the feed ends, on every page of it.
    pub until: Tx,
}

/// The stretch of a feed that a page is cut from.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// First transaction.
    pub from: Tx,
    /// Of the first transaction, only resources after this one.
    pub past: Uuid,
    past_removed: bool,
    /// First transaction that belongs to the next feed.
    pub until: Tx,
}

/// A resource that left the caller's view.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub struct Tombstone {
    /// Transaction in which it left.
    #[diesel(sql_type = Text)]
    pub tx: Tx,
    /// The resource.
    #[diesel(sql_type = SqlUuid)]
    pub resource_id: Uuid,
    /// When it left.
    #[diesel(sql_type = Timestamptz)]
    pub recorded_at: DateTime<Utc>,
}

/// How far before a given moment the search begins: longer than a transaction lasts, because a
/// row stamped before that moment may be committed after it.
const MARGIN: TimeDelta = TimeDelta::minutes(10);

#[derive(QueryableByName)]
struct Bounds {
    #[diesel(sql_type = Text)]
    first: Tx,
    #[diesel(sql_type = Text)]
    until: Tx,
}

impl Feed {
    /// The stretch to read: where the page before ended, or from `since` on.
    ///
    /// # Errors
    /// 400 `unknown-updated-since`, 503 when the database cannot answer.
    pub fn window(&self, conn: &mut Conn, since: Since, after: Option<&Position>) -> Result<Window> {
        if let Some(after) = after {
            return Ok(Window { from: after.tx, past: after.id, past_removed: after.removed, until: after.until });
        }
        let (from, until) = match since {
            Since::Token(told) => bounds_after(conn, told)?,
            Since::Moment(moment) => self.bounds(conn, moment.checked_sub_signed(MARGIN).unwrap_or(moment))?,
        };
        if from > until {
            return Err(UNKNOWN_SINCE.bad_request());
        }
        Ok(Window { from, past: Uuid::nil(), past_removed: false, until })
    }

    /// What left the caller's view within the window, in order, at most `limit`; what came back
    /// into view is left out.
    ///
    /// # Errors
    /// 503 when the database cannot answer.
    pub fn removed(&self, conn: &mut Conn, window: &Window, limit: i64) -> Result<Vec<Tombstone>> {
        // The table is a literal of ours, never input.
        let look = format!(
            "SELECT DISTINCT ON (t.recorded_tx, t.resource_id) t.recorded_tx::text AS tx, t.resource_id, t.recorded_at \
             FROM tombstones t \
             WHERE t.collection = $1 AND t.recorded_tx >= $2::xid8 AND t.recorded_tx < $3::xid8 \
             AND (t.recorded_tx > $2::xid8 OR t.resource_id > $4 OR t.resource_id = $4 AND NOT $5) \
             AND NOT EXISTS (SELECT FROM {} r WHERE r.id = t.resource_id) \
             ORDER BY t.recorded_tx, t.resource_id, t.recorded_at LIMIT $6",
            self.table
        );
        let rows = sql_query(look)
            .bind::<Text, _>(self.collection)
            .bind::<Text, _>(window.from)
            .bind::<Text, _>(window.until)
            .bind::<SqlUuid, _>(window.past)
            .bind::<Bool, _>(window.past_removed)
            .bind::<BigInt, _>(limit)
            .prepared()
            .load(conn)?;
        Ok(rows)
    }

    /// The first transactions that changed anything at or after the moment `$1`.
    fn first_changes(&self) -> String {
        if self.tenants.is_empty() {
            return format!(
                "SELECT updated_tx AS tx FROM {} WHERE updated_at >= $1 ORDER BY updated_tx LIMIT 1",
                self.table
            );
        }
        let each: Vec<String> = self.tenants.iter().map(|tenant| tenant.first_change(self.table)).collect();
        each.join(" UNION ALL ")
    }

    /// The first transaction that changed anything at or after the moment, and the horizon.
    fn bounds(&self, conn: &mut Conn, moment: DateTime<Utc>) -> Result<(Tx, Tx)> {
        let look = format!(
            "SELECT least(coalesce(changed.tx, horizon.tx), coalesce(gone.tx, horizon.tx), horizon.tx, \
             CASE WHEN {} THEN '0'::xid8 END)::text AS first, horizon.tx::text AS until FROM {HORIZON} AS horizon \
             LEFT JOIN (SELECT first.tx FROM ({}) AS first ORDER BY first.tx LIMIT 1) AS changed ON true \
             LEFT JOIN (SELECT recorded_tx AS tx FROM tombstones WHERE collection = $2 AND recorded_at >= $1 \
             ORDER BY recorded_tx LIMIT 1) AS gone ON true",
            handed_over("r.handed_over_at >= $1"),
            self.first_changes()
        );
        let bounds: Bounds = sql_query(look)
            .bind::<Timestamptz, _>(moment)
            .bind::<Text, _>(self.collection)
            .prepared()
            .get_result(conn)?;
        Ok((bounds.first, bounds.until))
    }
}

/// The oldest transaction still open: everything numbered below it has ended. For a new bureau the hand-over of
/// its region counts as open until no token is left that narrows what it sees to the regions it had before.
const HORIZON: &str = "(SELECT least(pg_snapshot_xmin(pg_current_snapshot()), ( \
     SELECT r.handed_over_tx FROM regions r \
     WHERE r.bureau_organisation_id = app_organisation() AND r.handed_over_at > now() - interval '15 minutes' \
     ORDER BY r.handed_over_tx LIMIT 1)) AS tx)";

/// Whether the caller has become the bureau of a region, when that meets a condition on `regions r`.
fn handed_over(when: &str) -> String {
    format!("EXISTS (SELECT FROM regions r WHERE r.bureau_organisation_id = app_organisation() AND {when})")
}

/// Where a feed goes on, and the horizon.
fn bounds_after(conn: &mut Conn, told: Told) -> Result<(Tx, Tx)> {
    let look = format!(
        "SELECT CASE WHEN {} THEN '0' ELSE $1 END AS first, horizon.tx::text AS until FROM {HORIZON} AS horizon",
        handed_over("r.handed_over_tx >= $2::xid8 AND r.handed_over_tx < horizon.tx")
    );
    let bounds: Bounds =
        sql_query(look).bind::<Text, _>(told.next).bind::<Text, _>(told.until).prepared().get_result(conn)?;
    Ok((bounds.first, bounds.until))
}

/// A transaction number inside a query: bound as text, compared as xid8.
#[derive(Debug, Clone, Copy)]
pub struct TxValue(pub Tx);

impl Expression for TxValue {
    type SqlType = Xid8;
}

impl<Table: ?Sized> AppearsOnTable<Table> for TxValue {}

impl<Table: ?Sized> SelectableExpression<Table> for TxValue {}

impl<Grouping> ValidGrouping<Grouping> for TxValue {
    type IsAggregate = is_aggregate::Never;
}

impl QueryId for TxValue {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl QueryFragment<Pg> for TxValue {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_bind_param::<Text, _>(&self.0)?;
        out.push_sql("::xid8");
        Ok(())
    }
}

/// The rows of a table within a feed's window, as a filter for any query that has the table,
/// joined or not; order by `(updated_tx, id)` and select `changed_tx!(table)` beside the row.
#[macro_export]
macro_rules! changed_in {
    ($table:ident, $window:expr) => {{
        let window: &$crate::db::feed::Window = $window;
        let (from, until) = ($crate::db::feed::TxValue(window.from), $crate::db::feed::TxValue(window.until));
        $table::updated_tx
            .ge(from)
            .and($table::updated_tx.lt(until))
            .and($table::updated_tx.gt(from).or($table::id.gt(window.past)))
    }};
}

/// Narrows a boxed feed to the regions that the caller is the bureau of, or is or was a member of, lest it walk the
/// changes of the whole country. For speed only: the row policies decide. On a list it would make the planner
/// walk everything in the order of the ids.
#[macro_export]
macro_rules! in_own_regions {
    ($query:expr, $table:ident) => {
        $query.filter(diesel::dsl::sql::<diesel::sql_types::Bool>(concat!(
            stringify!($table),
            ".region_id = ANY ((SELECT app_regions())::uuid[])"
        )))
    };
}

/// The transaction of a row's last change, as a selectable text that becomes a
/// [`Tx`].
#[macro_export]
macro_rules! changed_tx {
    ($table:ident) => {
        diesel::dsl::sql::<diesel::sql_types::Text>(concat!(stringify!($table), ".updated_tx::text"))
    };
}
