//! Keys without a database, for the unit tests of this folder and of tokens.

use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};

use super::key::NewKey;
use super::master::MasterKey;
use super::queries::KeyRow;
use super::ring::KeyRing;

/// This machine's clock.
pub(crate) fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}

/// A key pair and the row it would be stored as.
pub(crate) struct TrialKey {
    pub(crate) kid: String,
    pub(crate) pkcs8: Vec<u8>,
    pub(crate) row: KeyRow,
}

impl TrialKey {
    pub(crate) fn sealed_under(master: &MasterKey, signs_from: DateTime<Utc>) -> Self {
        let NewKey { public, pkcs8 } = NewKey::generate().unwrap();
        let row = KeyRow {
            private_key: master.seal(&public.kid, &pkcs8).unwrap(),
            kid: public.kid.clone(),
            signs_from,
            signs_until: None,
            retired_at: None,
        };
        Self { kid: public.kid, pkcs8, row }
    }
}

impl KeyRing {
    /// A ring of two keys, the first signing since an hour, the second a minute from now.
    pub(crate) fn on_trial() -> (Self, TrialKey, TrialKey) {
        let master = MasterKey::from([7; 32]);
        let now = now();
        let mut signing = TrialKey::sealed_under(&master, now - TimeDelta::hours(1));
        let next = TrialKey::sealed_under(&master, now + TimeDelta::minutes(1));
        signing.row.signs_until = Some(next.row.signs_from);
        signing.row.retired_at = Some(next.row.signs_from + TimeDelta::minutes(11));
        let ring = Self::new(master);
        ring.install(vec![signing.row.clone(), next.row.clone()]);
        (ring, signing, next)
    }

    /// As if this process had just read these rows.
    pub(crate) fn reads(&self, rows: Vec<KeyRow>) {
        self.install(rows);
    }
}

mod tests {
    use super::*;
    use crate::error::Error;

    #[test]
    fn a_new_key_takes_over_at_its_time_and_the_old_one_stays_published_for_its_last_tokens() {
        let (ring, old, new) = KeyRing::on_trial();
        let keys = ring.current().unwrap();
        let takes_over = new.row.signs_from;
        let second = TimeDelta::seconds(1);
        assert_eq!(keys.signing(takes_over - second).unwrap().kid(), old.kid);
        assert_eq!(keys.signing(takes_over).unwrap().kid(), new.kid);
        assert_eq!(keys.published(takes_over - second).len(), 2, "published before it signs");
        let retired_at = old.row.retired_at.unwrap();
        assert!(keys.find(&old.kid, retired_at - second).is_some());
        assert!(keys.find(&old.kid, retired_at).is_none());
        assert_eq!(keys.published(retired_at).len(), 1);
    }

    #[test]
    fn where_a_clock_runs_behind_the_youngest_key_signs() {
        let (ring, old, new) = KeyRing::on_trial();
        let long_ago = old.row.signs_from - TimeDelta::hours(1);
        assert_eq!(ring.current().unwrap().signing(long_ago).unwrap().kid(), new.kid);
    }

    #[test]
    fn nothing_is_known_before_the_keys_were_read() {
        let ring = KeyRing::new(MasterKey::from([7; 32]));
        assert!(matches!(ring.current(), Err(Error::Unavailable(_))));
    }

    #[test]
    fn the_same_rows_change_nothing_and_others_make_another_set() {
        let (ring, old, new) = KeyRing::on_trial();
        let generation = ring.current().unwrap().generation;
        ring.reads(vec![old.row, new.row.clone()]);
        assert_eq!(ring.current().unwrap().generation, generation);
        ring.reads(vec![new.row]);
        assert_ne!(ring.current().unwrap().generation, generation);
    }

    #[test]
    fn a_key_sealed_under_another_master_key_is_neither_used_nor_published() {
        let (ring, old, new) = KeyRing::on_trial();
        let foreign = TrialKey::sealed_under(&MasterKey::from([8; 32]), old.row.signs_from);
        let mut renamed = TrialKey::sealed_under(&MasterKey::from([7; 32]), old.row.signs_from).row;
        renamed.kid = "another".to_owned();
        ring.reads(vec![foreign.row, renamed, new.row]);
        let published = ring.current().unwrap().published(now());
        assert_eq!(published.iter().map(|key| &key.kid).collect::<Vec<_>>(), [&new.kid]);
    }
}
