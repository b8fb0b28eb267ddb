//! Whether the process lives and whether it can serve, for load balancers and supervisors.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::{get, web};
use serde::Serialize;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};
use utoipa::ToSchema;

use crate::db::{DATABASE_UNAVAILABLE, Db};
use crate::error::{Error, Result, Rule};
use crate::http::reply::Listed;
use crate::http::routes::Routes;

/// How long the database may take before the process is not ready.
const PATIENCE: Duration = Duration::from_millis(900);
/// How long an answer holds, so that probes cannot burden the database.
const HOLDS: Duration = Duration::from_millis(500);

/// The state of the process.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// Always `up`; a process that is not answers with a problem or not at all.
    #[schema(max_length = 16)]
    pub status: &'static str,
}

/// 503: the process was asked to stop and only finishes what reaches it.
const STOPPING: Rule = Rule {
    code: "stopping",
    nl: "Dit proces stopt; vraag het aan een ander.",
    en: "This process is stopping; ask another one.",
};

/// 503: the demo data is not all there yet.
const LOADING: Rule = Rule {
    code: "loading",
    nl: "De demodata worden nog geladen; probeer het over enkele seconden opnieuw.",
    en: "The demo data is still being loaded; try again in a few seconds.",
};

const UP: Health = Health { status: "up" };

/// Whether the database answers; asks it at most twice a second, however many ask us. One for
/// the whole process.
#[derive(Debug)]
pub struct Readiness {
    db: Db,
    last: Mutex<Option<(Instant, bool)>>,
    loading: AtomicBool,
    stopping: AtomicBool,
}

impl Readiness {
    /// Asks this database.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db, last: Mutex::new(None), loading: AtomicBool::new(false), stopping: AtomicBool::new(false) }
    }

    /// Red until the data is there.
    pub fn announce_loading(&self) {
        self.loading.store(true, Ordering::Relaxed);
    }

    /// The data is there.
    pub fn announce_loaded(&self) {
        self.loading.store(false, Ordering::Relaxed);
    }

    /// Red from now on: proxies shall turn elsewhere.
    pub fn announce_stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    async fn is_ready(&self) -> bool {
        let mut last = self.last.lock().await;
        if let Some((asked_at, ready)) = *last
            && asked_at.elapsed() < HOLDS
        {
            return ready;
        }
        let ready = matches!(timeout(PATIENCE, self.db.ping()).await, Ok(Ok(())));
        *last = Some((Instant::now(), ready));
        ready
    }
}

/// The routes of the probes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(get_liveness).service(get_readiness);
}

/// Whether the process lives
///
/// Green as long as requests are answered at all, whatever the database does: a restart would
/// not help against that.
#[utoipa::path(tag = "Health", security(()))]
#[get("/health/live")]
pub async fn get_liveness() -> Result<Listed<Health>> {
    Listed::of(&UP)
}

/// Whether the process can serve
///
/// Red (503) within about a second when the database does not answer, when the process was asked
/// to stop (send requests elsewhere then), and while demo data is being loaded.
#[utoipa::path(tag = "Health", security(()))]
#[get("/health/ready")]
pub async fn get_readiness(readiness: web::Data<Readiness>) -> Result<Listed<Health>> {
    if readiness.stopping.load(Ordering::Relaxed) {
        return Err(Error::Unavailable(&STOPPING));
    }
    if readiness.loading.load(Ordering::Relaxed) {
        return Err(Error::Unavailable(&LOADING));
    }
    if readiness.is_ready().await { Listed::of(&UP) } else { Err(Error::Unavailable(&DATABASE_UNAVAILABLE)) }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use actix_web::{App, test, web};

    use super::{Readiness, get_liveness, get_readiness};
    use crate::db::{Db, PoolSettings};

    /// Listens and never answers, as a frozen server does.
    #[actix_web::test]
    async fn a_frozen_database_turns_ready_red_within_a_second_and_leaves_live_green() {
        let frozen = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("postgres://app@{}/x", frozen.local_addr().unwrap());
        let db = Db::new(&url, PoolSettings { size: 2, wait: Duration::from_secs(1) }, None);
        let readiness = web::Data::new(Readiness::new(db));
        let app = test::init_service(App::new().app_data(readiness).service(get_liveness).service(get_readiness)).await;
        let began = Instant::now();
        let ready = test::TestRequest::get().uri("/health/ready").to_request();
        assert_eq!(test::call_service(&app, ready).await.status(), 503);
        assert!(began.elapsed() < Duration::from_millis(1500));
        let live = test::TestRequest::get().uri("/health/live").to_request();
        assert_eq!(test::call_service(&app, live).await.status(), 200);
        let again = Instant::now();
        let ready = test::TestRequest::get().uri("/health/ready").to_request();
        assert_eq!(test::call_service(&app, ready).await.status(), 503);
        assert!(again.elapsed() < Duration::from_millis(300), "an answer holds for a while");
    }
}
