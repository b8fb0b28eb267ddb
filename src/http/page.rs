//! Pages by keyset: a cursor is opaque, signed, and bound to the caller and the filters, so that
//! an edited or borrowed one is refused.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::db::Caller;
use crate::error::{Error, Result, Rule};

/// 400: the cursor was edited, or belongs to another request.
pub const INVALID_CURSOR: Rule = Rule {
    code: "invalid-cursor",
    nl: "Deze cursor hoort niet bij deze vraag. Begin opnieuw zonder cursor.",
    en: "This cursor does not belong to this request. Start again without a cursor.",
};

/// How many items a page holds unless the caller asks otherwise.
pub const DEFAULT_LIMIT: u16 = 50;
/// The most items a page can hold.
pub const MAX_LIMIT: u16 = 200;

/// Seals and opens cursors; every process of one deployment shares the key.
#[derive(Debug, Clone)]
pub struct Cursors {
    key: hmac::Key,
}

/// The filters of a collection: what a cursor is bound to, and what the page is asked to be.
/// Every member but `limit` and `cursor` belongs to the binding.
pub trait Filter: Serialize {
    /// Items wanted on a page.
    fn limit(&self) -> Option<u16>;
    /// Where to go on.
    fn cursor(&self) -> Option<&str>;
}

/// One page as asked for: where it begins and how long it may be.
#[derive(Debug, Clone)]
pub struct Paging<K> {
    /// Keyset position after which the page begins.
    pub after: Option<K>,
    limit: u16,
    binding: Vec<u8>,
    cursors: Cursors,
}

impl Cursors {
    const TAG: usize = 16;

    /// Cursors under this key.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        Self { key: hmac::Key::new(hmac::HMAC_SHA256, key) }
    }

    /// Reads the page asked for.
    ///
    /// # Errors
    /// 400 `invalid-cursor`.
    pub fn open<K: DeserializeOwned>(
        &self,
        caller: &impl Caller,
        collection: &str,
        filter: &impl Filter,
    ) -> Result<Paging<K>> {
        let actor = caller.actor();
        let mut asked = serde_json::to_value(filter).map_err(Error::internal)?;
        if let Some(members) = asked.as_object_mut() {
            members.retain(|name, _| name != "limit" && name != "cursor");
        }
        let binding = serde_json::to_vec(&(collection, actor.client, asked)).map_err(Error::internal)?;
        let after = filter.cursor().map(|cursor| self.unseal(&binding, cursor)).transpose()?;
        let limit = filter.limit().unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT);
        Ok(Paging { after, limit, binding, cursors: self.clone() })
    }

    fn seal(&self, binding: &[u8], position: &impl Serialize) -> Result<String> {
        let mut bytes = serde_json::to_vec(position).map_err(Error::internal)?;
        let tag = self.tag(binding, &bytes);
        bytes.extend_from_slice(&tag);
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    fn unseal<K: DeserializeOwned>(&self, binding: &[u8], cursor: &str) -> Result<K> {
        let invalid = || INVALID_CURSOR.bad_request();
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_junk| invalid())?;
        let split = bytes.len().checked_sub(Self::TAG).ok_or_else(invalid)?;
        let (position, tag) = bytes.split_at(split);
        aws_lc_rs::constant_time::verify_slices_are_equal(&self.tag(binding, position), tag)
            .map_err(|_edited| invalid())?;
        serde_json::from_slice(position).map_err(|_other| invalid())
    }

    fn tag(&self, binding: &[u8], position: &[u8]) -> Vec<u8> {
        let mut context = hmac::Context::with_key(&self.key);
        context.update(&(binding.len() as u64).to_be_bytes());
        context.update(binding);
        context.update(position);
        context.sign().as_ref().get(..Self::TAG).unwrap_or_default().to_vec()
    }
}

impl<K: Serialize> Paging<K> {
    /// Rows that an export fetches at once.
    const STRETCH: u16 = 1000;

    /// Rows to fetch: one more than fits, which tells whether there is a next page.
    #[must_use]
    pub fn fetch(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// Cuts the rows to the page and seals the cursor to the next one, if any.
    ///
    /// # Errors
    /// Only a defect of ours.
    pub fn cut<T>(&self, mut rows: Vec<T>, position: impl Fn(&T) -> K) -> Result<(Vec<T>, Option<String>)> {
        let more = rows.len() > usize::from(self.limit);
        rows.truncate(usize::from(self.limit));
        let next = match rows.last() {
            Some(last) if more => Some(self.cursors.seal(&self.binding, &position(last))?),
            _ => None,
        };
        Ok((rows, next))
    }

    /// Items that fit on the page.
    #[must_use]
    pub fn limit(&self) -> usize {
        usize::from(self.limit)
    }

    /// The cursor to what comes after `position`, for pages that end where reading ended.
    ///
    /// # Errors
    /// Only a defect of ours.
    pub fn onward(&self, position: &K) -> Result<String> {
        self.cursors.seal(&self.binding, position)
    }

    /// Every row from here on, fetched stretch by stretch, for exports; belongs in a snapshot.
    ///
    /// # Errors
    /// What `fetch` fails with.
    pub fn all<T>(
        mut self,
        mut fetch: impl FnMut(&Self) -> Result<Vec<T>>,
        position: impl Fn(&T) -> K,
    ) -> Result<Vec<T>> {
        self.limit = Self::STRETCH;
        let mut all = Vec::new();
        loop {
            let mut rows = fetch(&self)?;
            let more = rows.len() > usize::from(self.limit);
            rows.truncate(usize::from(self.limit));
            self.after = rows.last().map(&position);
            all.append(&mut rows);
            if !more {
                return Ok(all);
            }
        }
    }
}

/// Declares the concrete page type of each collection (a generic one would lose its name in
/// the contract).
#[macro_export]
macro_rules! pages {
    ($($name:ident of $item:ty;)+) => {$(
        $crate::pages!(@one $name of $item {});
    )+};
    (@one $name:ident of $item:ty { $($(#[$doc:meta])* $field:ident: $type:ty,)* }) => {
        #[doc = concat!("A page of a collection of `", stringify!($item), "`.")]
        #[derive(Debug, serde::Serialize, utoipa::ToSchema)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            /// The items, in the collection's stable order.
            #[schema(max_items = 200)]
            pub items: Vec<$item>,
            /// Send it as `cursor` for the next page; null on the last one.
            #[schema(max_length = 4000)]
            pub next_cursor: Option<String>,
            $($(#[$doc])* pub $field: $type,)*
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
                $($field: $type,)*
            ) -> $crate::error::Result<Self> {
                let (items, next_cursor) = paging.cut(rows, position)?;
                Ok(Self { items, next_cursor, $($field),* })
            }
        }
    };
}

/// The same for collections that can be asked for as they were known at a moment.
#[macro_export]
macro_rules! fact_pages {
    ($($name:ident of $item:ty;)+) => {$(
        $crate::pages!(@one $name of $item {
            /// Whether a write that is still under way may add to what was known at `knownAt`: once this is false,
            /// the same records are found for ever, as far as the caller may see them. Null without `knownAt`.
            provisional: Option<bool>,
        });
    )+};
}

#[cfg(test)]
mod tests {
    use serde::Serialize;
    use uuid::Uuid;

    use super::{Cursors, Filter};
    use crate::auth::Actor;
    use crate::db::Caller;

    #[derive(Serialize)]
    struct ByState {
        state: &'static str,
        cursor: Option<String>,
    }

    impl Filter for ByState {
        fn limit(&self) -> Option<u16> {
            Some(2)
        }
        fn cursor(&self) -> Option<&str> {
            self.cursor.as_deref()
        }
    }

    struct Nobody(Actor);

    impl Caller for Nobody {
        fn actor(&self) -> &Actor {
            &self.0
        }
    }

    fn first_page(state: &'static str, cursor: Option<String>) -> crate::error::Result<super::Paging<u32>> {
        let nobody = Nobody(Actor::public(Uuid::nil()));
        Cursors::new(&[7; 32]).open(&nobody, "things", &ByState { state, cursor })
    }

    #[test]
    fn a_page_is_cut_and_goes_on_where_it_ended() {
        let (rows, next) = first_page("open", None).unwrap().cut(vec![1, 2, 3], |&row: &u32| row).unwrap();
        assert_eq!(rows, [1, 2]);
        assert_eq!(first_page("open", next).unwrap().after, Some(2));
        let (_, none) = first_page("open", None).unwrap().cut(vec![1, 2], |&row: &u32| row).unwrap();
        assert_eq!(none, None);
    }

    #[test]
    fn an_export_reads_every_row_once() {
        for length in [0, 1, 1000, 1001, 2500] {
            let table: Vec<u32> = (0..length).collect();
            let fetch = |paging: &super::Paging<u32>| {
                let rest = table.iter().copied().filter(|row| paging.after.is_none_or(|after| *row > after));
                Ok(rest.take(usize::try_from(paging.fetch()).unwrap()).collect())
            };
            assert_eq!(first_page("open", None).unwrap().all(fetch, |&row| row).unwrap(), table);
        }
    }

    #[test]
    fn a_cursor_serves_only_its_own_filters_and_is_refused_when_any_character_changes() {
        let (_, next) = first_page("open", None).unwrap().cut(vec![1, 2, 3], |&row: &u32| row).unwrap();
        let cursor = next.unwrap();
        assert!(first_page("closed", Some(cursor.clone())).is_err());
        for index in 0..cursor.len() {
            let mut edited = cursor.clone().into_bytes();
            edited[index] = if edited[index] == b'A' { b'B' } else { b'A' };
            assert!(first_page("open", String::from_utf8(edited).ok()).is_err(), "character {index}");
        }
        assert!(first_page("open", Some(String::new())).is_err());
    }
}
