//! How the process is asked to stop.

use std::io;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::web::Data;
use futures_util::future::{Either, select};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::http::health::Readiness;

/// The signals of supervisors (SIGTERM) and of people at a terminal (SIGINT).
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// From now on they no longer end the process by themselves.
    pub(super) fn install() -> io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Stops the server when one comes: SIGINT at once, SIGTERM after readiness was red for a while.
    /// What runs is finished either way; a second signal ends the wait for it.
    pub(super) async fn stop(mut self, server: ServerHandle, readiness: Data<Readiness>, drain: Duration) {
        if self.next().await == SignalKind::terminate() && !drain.is_zero() {
            readiness.announce_stop();
            tracing::info!(drain_s = drain.as_secs(), "server.draining: not ready, still serving");
            let waited = Box::pin(tokio::time::sleep(drain));
            let another = Box::pin(self.next());
            let _ = select(waited, another).await;
        }
        tracing::info!("server.stopping: accepting no more, finishing what runs");
        let stopped = Box::pin(server.stop(true));
        let another = Box::pin(self.next());
        if let Either::Right(_) = select(stopped, another).await {
            server.stop(false).await;
        }
    }

    async fn next(&mut self) -> SignalKind {
        let terminate = Box::pin(self.terminate.recv());
        let interrupt = Box::pin(self.interrupt.recv());
        match select(terminate, interrupt).await {
            Either::Left(_) => SignalKind::terminate(),
            Either::Right(_) => SignalKind::interrupt(),
        }
    }
}
