//! Sends mails, in every process that serves. Whatever one process leaves behind another sends.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use super::desk::{Desk, Turn};
use super::rules::AWAY;

/// The worker of a process. When it is dropped the mail at hand is finished and no other begun.
#[derive(Debug)]
pub struct Worker {
    stop: Option<SyncSender<()>>,
    stopped: Receiver<()>,
}

impl Worker {
    /// How often to look for mails.
    const LOOK: Duration = Duration::from_secs(1);
    /// How often to count those that wait.
    const COUNT: Duration = Duration::from_secs(15);
    /// How long the mail at hand may take when the process stops.
    const GRACE: Duration = Duration::from_secs(15);

    /// Starts the worker of this process.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(desk: Desk) -> std::io::Result<Self> {
        let (stop, asked) = mpsc::sync_channel(0);
        let (ended, stopped) = mpsc::sync_channel(0);
        thread::Builder::new().name("mails".to_owned()).spawn(move || {
            work(&desk, &asked);
            drop(ended);
        })?;
        Ok(Self { stop: Some(stop), stopped })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop = None;
        // Nothing is ever sent: it ends when the thread lets go of the other half.
        let _ = self.stopped.recv_timeout(Self::GRACE);
    }
}

/// Works until the other half of `stop` is gone.
fn work(desk: &Desk, stop: &Receiver<()>) {
    let mut counted: Option<Instant> = None;
    loop {
        let counted_lately = counted.is_some_and(|moment| moment.elapsed() < Worker::COUNT);
        if !counted_lately {
            counted = Some(Instant::now());
            if let Err(error) = desk.count_waiting() {
                tracing::warn!(%error, "mail.not_counted: will keep trying");
            }
        }
        let pause = match desk.send_next() {
            Ok(Turn::Handled) => Duration::ZERO,
            Ok(Turn::Idle) => Worker::LOOK,
            Ok(Turn::Away) => AWAY,
            Err(error) => {
                tracing::warn!(%error, "mail.no_turn: cannot look for mails or note what became of one, will keep trying");
                Worker::LOOK
            }
        };
        if stop.recv_timeout(pause) == Err(RecvTimeoutError::Disconnected) {
            return;
        }
    }
}
