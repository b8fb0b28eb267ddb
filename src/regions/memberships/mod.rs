//! Memberships: which organisation belongs to which region from when till when, the dated
//! denominator of every ratio.

mod handlers;
mod model;
mod queries;
mod rules;

pub use handlers::routes;
pub use model::{HostKind, Membership};
pub use queries::{hosting_regions, hosts_among, hosts_in, is_member, schools_among};
