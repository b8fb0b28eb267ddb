//! Pages of the `updatedSince` feeds: what changed and what left the caller's view, merged into
//! one order, with the token from which the next sync goes on. [`crate::db::feed`] says why the
//! feed is complete.
//!
//! A slice that can be synced from
//! 1. declares its page with `feed_pages!` instead of `pages!`;
//! 2. has `updated_since: Option<Since>` in its filter;
//! 3. answers a request with it from `db.snapshot`: [`Feed::window`](crate::db::feed::Feed::window),
//!    its own query with `changed_in!` and `changed_tx!`,
//!    [`Feed::removed`](crate::db::feed::Feed::removed), and `Page::changes`.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::page::Paging;
use crate::db::feed::{Position, Tombstone, Window};
use crate::error::Result;
use crate::kernel::since::{Since, Told, Tx};

/// A resource that left the caller's view (verdwenen): deleted, or no longer shown to it.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Removed {
    /// Identifies what was there.
    pub id: Uuid,
    /// When it left.
    pub removed_at: DateTime<Utc>,
}

/// A page of changes before it gets the name of its collection.
#[derive(Debug)]
pub struct Changes<T> {
    /// What changed, in the order of the changes.
    pub items: Vec<T>,
    /// What left, in the same order.
    pub removed: Vec<Removed>,
    /// Cursor to the next page of this feed, if any.
    pub next_cursor: Option<String>,
    /// From where on the next sync misses nothing, also when it does not read the other pages.
    pub next_updated_since: String,
}

enum Change<T> {
    Item(T),
    Gone(Removed),
}

impl<T> Changes<T> {
    /// Merges both lists, cuts them to one page, and tells where to go on.
    ///
    /// # Errors
    /// Only a defect of ours.
    pub fn cut(
        paging: &Paging<Position>,
        window: &Window,
        items: Vec<(Tx, T)>,
        removed: Vec<Tombstone>,
        id: impl Fn(&T) -> Uuid,
    ) -> Result<Self> {
        let until = window.until;
        let changed = items
            .into_iter()
            .map(|(tx, item)| (Position { tx, id: id(&item), removed: false, until }, Change::Item(item)));
        let gone = removed.into_iter().map(|tombstone| {
            let place = Position { tx: tombstone.tx, id: tombstone.resource_id, removed: true, until };
            let removed = Removed { id: tombstone.resource_id, removed_at: tombstone.recorded_at };
            (place, Change::Gone(removed))
        });
        let mut entries: Vec<(Position, Change<T>)> = changed.chain(gone).collect();
        entries.sort_by_key(|(place, _)| *place);
        let (entries, next_cursor) = paging.cut(entries, |(place, _)| *place)?;
        let next = match entries.last() {
            Some((last, _)) if next_cursor.is_some() => last.tx,
            _ => until,
        };
        let mut page = Self {
            items: Vec::new(),
            removed: Vec::new(),
            next_cursor,
            next_updated_since: Since::Token(Told { next, until }).to_string(),
        };
        for (_, entry) in entries {
            match entry {
                Change::Item(item) => page.items.push(item),
                Change::Gone(removed) => page.removed.push(removed),
            }
        }
        Ok(page)
    }
}

/// Declares the concrete page type of a collection that can be synced from: as `pages!`, with
/// `nextUpdatedSince` and `removed`.
#[macro_export]
macro_rules! feed_pages {
    ($($name:ident of $item:ty;)+) => {$(
        #[doc = concat!("A page of a collection of `", stringify!($item), "`, or of its changes.")]
        #[derive(Debug, serde::Serialize, utoipa::ToSchema)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            /// The items, in the collection's stable order; with `updatedSince` those that
            /// changed, in the order of their last change.
            #[schema(max_items = 200)]
            pub items: Vec<$item>,
            /// With `updatedSince`: what left your view since then. Forget it.
            #[schema(max_items = 200)]
            pub removed: Vec<$crate::http::feed::Removed>,
            /// Send it as `cursor` for the next page; null on the last one.
            #[schema(max_length = 4000)]
            pub next_cursor: Option<String>,
            /// With `updatedSince`: keep it once this page is worked in, and send it as
            /// `updatedSince` next time; nothing is missed. Null without `updatedSince`.
            #[schema(max_length = 64)]
            pub next_updated_since: Option<String>,
        }

        impl $name {
            /// Cuts the rows to the page that was asked for.
            ///
            /// # Errors
            /// Only a defect of ours.
            pub fn cut<K: serde::Serialize>(
                paging: &$crate::http::page::Paging<K>,
                rows: Vec<$item>,
                position: impl Fn(&$item) -> K,
            ) -> $crate::error::Result<Self> {
                let (items, next_cursor) = paging.cut(rows, position)?;
                Ok(Self { items, removed: Vec::new(), next_cursor, next_updated_since: None })
            }

            /// Merges what changed and what left to the page of the feed that was asked for.
            ///
            /// # Errors
            /// Only a defect of ours.
            pub fn changes(
                paging: &$crate::http::page::Paging<$crate::db::feed::Position>,
                window: &$crate::db::feed::Window,
                changed: Vec<($crate::kernel::since::Tx, $item)>,
                removed: Vec<$crate::db::feed::Tombstone>,
                id: impl Fn(&$item) -> uuid::Uuid,
            ) -> $crate::error::Result<Self> {
                let page = $crate::http::feed::Changes::cut(paging, window, changed, removed, id)?;
                Ok(Self {
                    items: page.items,
                    removed: page.removed,
                    next_cursor: page.next_cursor,
                    next_updated_since: Some(page.next_updated_since),
                })
            }
        }
    )+};
}
