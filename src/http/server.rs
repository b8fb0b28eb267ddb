//! How the servers listen: timeouts, limits and the way they stop.

use std::net::TcpListener;
use std::time::Duration;

use actix_web::dev::{Server, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::header::ContentType;
use actix_web::web::{self, Data};
use actix_web::{App, HttpResponse, HttpServer};

use super::health::{Readiness, get_liveness, get_readiness};
use crate::telemetry::Metrics;

/// How the API listens.
#[derive(Debug, Clone)]
pub struct ServerSettings {
    /// Threads that serve requests; one per core.
    pub workers: usize,
    /// Connections in the database pool, which is how much can block at once.
    pub pool_size: usize,
    /// Open connections per worker; more wait in the backlog.
    pub max_connections: usize,
}

impl ServerSettings {
    /// How long an idle connection is kept; longer than proxies usually keep theirs, so that they
    /// close first and never send into a closing one.
    const KEEP_ALIVE: Duration = Duration::from_secs(75);
    /// How long a head may take (408).
    const HEAD: Duration = Duration::from_secs(5);
    /// How long a connection may take to close.
    const DISCONNECT: Duration = Duration::from_secs(2);
    /// How long running requests get at a stop, in seconds: more than a request's 10, less than
    /// a proxy's 20.
    const SHUTDOWN_GRACE: u64 = 15;
    /// Blocking threads beyond the pool, so that short other work does not queue behind it.
    const SPARE_THREADS: usize = 2;
    /// Response bytes buffered for a slow reader, then it has to read before more is made.
    const WRITE_BUFFER: usize = 64 * 1024;

    /// Settings for a pool of this size on this machine.
    #[must_use]
    pub fn for_pool(pool_size: usize) -> Self {
        let workers = std::thread::available_parallelism().map_or(2, usize::from);
        Self { workers, pool_size, max_connections: 10_000 }
    }

    /// Blocking threads per worker, the whole pool spread over the workers.
    fn blocking_threads(&self) -> usize {
        self.pool_size.div_ceil(self.workers.max(1)) + Self::SPARE_THREADS
    }
}

/// Serves the API over HTTP/1.1 on this listener until it is stopped by its handle: then it accepts
/// no more, finishes what runs and ends within the grace.
///
/// # Errors
/// When the listener cannot be used.
pub fn serve<F, T>(listener: TcpListener, settings: &ServerSettings, app: F) -> std::io::Result<Server>
where
    F: Fn() -> App<T> + Send + Clone + 'static,
    T: ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse,
            Error = actix_web::Error,
            InitError = (),
        > + 'static,
{
    Ok(HttpServer::new(app)
        .workers(settings.workers)
        .worker_max_blocking_threads(settings.blocking_threads())
        .max_connections(settings.max_connections)
        .keep_alive(ServerSettings::KEEP_ALIVE)
        .client_request_timeout(ServerSettings::HEAD)
        .client_disconnect_timeout(ServerSettings::DISCONNECT)
        .h1_write_buffer_size(ServerSettings::WRITE_BUFFER)
        .tcp_nodelay(true)
        .disable_signals()
        .shutdown_timeout(ServerSettings::SHUTDOWN_GRACE)
        .listen(listener)?
        .run())
}

/// Serves `GET /metrics` for Prometheus and the health probes on a listener of their own, which
/// belongs on loopback or an inner network: figures about everybody are nobody's business
/// outside.
///
/// # Errors
/// When the listener cannot be used.
pub fn serve_admin(listener: TcpListener, metrics: Metrics, readiness: Data<Readiness>) -> std::io::Result<Server> {
    let metrics = Data::new(metrics);
    let app = move || {
        App::new()
            .app_data(metrics.clone())
            .app_data(readiness.clone())
            .service(get_liveness)
            .service(get_readiness)
            .route("/metrics", web::get().to(get_metrics))
    };
    Ok(HttpServer::new(app)
        .workers(1)
        .max_connections(64)
        .disable_signals()
        .shutdown_timeout(1)
        .listen(listener)?
        .run())
}

async fn get_metrics(metrics: Data<Metrics>) -> HttpResponse {
    HttpResponse::Ok().insert_header(ContentType::plaintext()).body(metrics.render())
}
