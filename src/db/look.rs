//! The second look: a row that the UPDATE policy hides may still be one the caller can see,
//! and then the answer is 403, not 404.

use diesel::sql_types::{Bool, Uuid as SqlUuid};
use diesel::{QueryResult, QueryableByName, RunQueryDsl as _, sql_query};
use uuid::Uuid;

use super::{Conn, Prepare as _};
use crate::error::{Error, NOT_PERMITTED_ON_RESOURCE, Result};

#[derive(QueryableByName)]
struct Visible {
    #[diesel(sql_type = Bool)]
    visible: bool,
}

/// Tells a hidden row from one that may be seen but not changed.
pub trait SecondLook<T> {
    /// The row, or 403 when row `id` of `table` is visible, or 404.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], or the query's own.
    fn or_second_look(self, conn: &mut Conn, table: &'static str, id: impl Into<Uuid>) -> Result<T>;

    /// The same for a part of something: `look` reads it under its parent, or fails with 404.
    ///
    /// # Errors
    /// [`Error::Forbidden`], what `look` fails with, or the query's own.
    fn or_second_look_at<S>(self, conn: &mut Conn, look: impl FnOnce(&mut Conn) -> Result<S>) -> Result<T>;
}

impl<T> SecondLook<T> for QueryResult<T> {
    fn or_second_look(self, conn: &mut Conn, table: &'static str, id: impl Into<Uuid>) -> Result<T> {
        match self {
            Err(diesel::result::Error::NotFound) => {
                // `table` is a literal of ours, never input.
                let look = format!("SELECT EXISTS (SELECT FROM {table} WHERE id = $1) AS visible");
                let seen: Visible = sql_query(look).bind::<SqlUuid, _>(id.into()).prepared().get_result(conn)?;
                Err(if seen.visible { Error::Forbidden(&NOT_PERMITTED_ON_RESOURCE) } else { Error::NotFound })
            }
            other => Ok(other?),
        }
    }

    fn or_second_look_at<S>(self, conn: &mut Conn, look: impl FnOnce(&mut Conn) -> Result<S>) -> Result<T> {
        match self {
            Err(diesel::result::Error::NotFound) => {
                Err(look(conn).map_or_else(|error| error, |_| Error::Forbidden(&NOT_PERMITTED_ON_RESOURCE)))
            }
            other => Ok(other?),
        }
    }
}
