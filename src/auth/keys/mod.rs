//! The keys that sign access tokens (ES256): kept in the database, the private half sealed
//! under the service's [`MasterKey`]; every process holds the published ones in a [`KeyRing`].

mod key;
mod master;
mod queries;
mod ring;
mod rotation;
#[cfg(test)]
pub(crate) mod trial;

pub(crate) use key::KeySet;
pub use key::PublicKey;
pub use master::{InvalidMasterKey, MasterKey, Sealer};
pub use ring::KeyRing;
pub use rotation::{Rotated, Urgency, rotate};
