//! What a client may stand for right now: whether it is still valid, the regions it belongs to
//! and the practices that gave it a mandate. Read from the tables, remembered for at most
//! [`Standings::MAX_AGE`], so that a revoked client or mandate stops working by then.

use std::time::{Duration, Instant};

use diesel::sql_types::{Array, Bool};
use diesel::{OptionalExtension as _, QueryableByName, RunQueryDsl as _};
use quick_cache::sync::Cache;
use uuid::Uuid;

use super::{Conn, Prepare as _};
use crate::error::Error;
use crate::kernel::ids::ClientId;

/// The parts of a practice's work that a mandate can cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum MandateSetting {
    HostingIntents,
    Offers,
    Placements,
    Agreements,
    Mentors,
    SubsidyApplications,
    Employment,
}

impl MandateSetting {
    pub(super) const fn setting(self) -> &'static str {
        match self {
            Self::HostingIntents => "app.mandated_hosting_intents",
            Self::Offers => "app.mandated_offers",
            Self::Placements => "app.mandated_placements",
            Self::Agreements => "app.mandated_agreements",
            Self::Mentors => "app.mandated_mentors",
            Self::SubsidyApplications => "app.mandated_subsidy_applications",
            Self::Employment => "app.mandated_employment",
        }
    }
}

/// A client's standing at one moment.
#[derive(Debug, Clone, Default)]
pub(super) struct Standing {
    pub(super) revoked: bool,
    pub(super) regions: Vec<Uuid>,
    pub(super) mandated: Vec<(MandateSetting, Vec<Uuid>)>,
}

/// Standings remembered for a few seconds, per client.
#[derive(Debug)]
pub(super) struct Standings {
    remembered: Cache<ClientId, (Instant, std::sync::Arc<Standing>)>,
}

#[derive(QueryableByName)]
struct StandingRow {
    #[diesel(sql_type = Bool)]
    revoked: bool,
    #[diesel(sql_type = Array<diesel::sql_types::Uuid>)]
    regions: Vec<Uuid>,
    #[diesel(sql_type = Array<diesel::sql_types::Uuid>)]
    hosting_intents: Vec<Uuid>,
    #[diesel(sql_type = Array<diesel::sql_types::Uuid>)]
    offers: Vec<Uuid>,
    #[diesel(sql_type = Array<diesel::sql_types::Uuid>)]
    placements: Vec<Uuid>,
    #[diesel(sql_type = Array<diesel::sql_types::Uuid>)]
    agreements: Vec<Uuid>,
    #[diesel(sql_type = Array<diesel::sql_types::Uuid>)]
    mentors: Vec<Uuid>,
    #[diesel(sql_type = Array<diesel::sql_types::Uuid>)]
    subsidy_applications: Vec<Uuid>,
    #[diesel(sql_type = Array<diesel::sql_types::Uuid>)]
    employment: Vec<Uuid>,
}

impl Standings {
    /// How long a standing is trusted; revocation takes effect within it.
    pub(super) const MAX_AGE: Duration = Duration::from_secs(3);

    pub(super) fn new() -> Self {
        Self { remembered: Cache::new(10_000) }
    }

    /// The standing remembered for this client, if young enough.
    pub(super) fn remembered(&self, client: ClientId) -> Option<std::sync::Arc<Standing>> {
        let (read_at, standing) = self.remembered.get(&client)?;
        (read_at.elapsed() < Self::MAX_AGE).then_some(standing)
    }

    /// Forgets every standing; the next request of a client reads it again.
    pub(super) fn forget(&self) {
        self.remembered.clear();
    }

    pub(super) fn remember(&self, client: ClientId, read_at: Instant, standing: Standing) -> std::sync::Arc<Standing> {
        let standing = std::sync::Arc::new(standing);
        self.remembered.insert(client, (read_at, std::sync::Arc::clone(&standing)));
        standing
    }
}

/// Reads a client's standing; an unknown client is a revoked one.
pub(super) fn read_standing(conn: &mut Conn, client: ClientId) -> Result<Standing, Error> {
    let row: Option<StandingRow> = diesel::sql_query("SELECT * FROM client_standing($1)")
        .bind::<diesel::sql_types::Uuid, _>(client)
        .prepared()
        .get_result(conn)
        .optional()?;
    Ok(row.map_or_else(
        || Standing { revoked: true, ..Standing::default() },
        |row| Standing {
            revoked: row.revoked,
            regions: row.regions,
            mandated: vec![
                (MandateSetting::HostingIntents, row.hosting_intents),
                (MandateSetting::Offers, row.offers),
                (MandateSetting::Placements, row.placements),
                (MandateSetting::Agreements, row.agreements),
                (MandateSetting::Mentors, row.mentors),
                (MandateSetting::SubsidyApplications, row.subsidy_applications),
                (MandateSetting::Employment, row.employment),
            ],
        },
    ))
}
