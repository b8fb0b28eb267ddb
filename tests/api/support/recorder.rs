//! The statements that a service sends to its database.

use std::sync::{Arc, Mutex};

use diesel::Connection as _;
use diesel::connection::InstrumentationEvent;
use stagepunt::db::Job;

use super::app::TestApp;

/// What the one connection of a service was asked, `BEGIN` and `COMMIT` included.
#[derive(Clone, Default)]
pub struct Recorder(Arc<Mutex<Vec<String>>>);

impl Recorder {
    /// Listens to a service that was started with one connection, for as long as that lives.
    pub async fn of(app: &TestApp) -> Self {
        let recorder = Self::default();
        let listener = recorder.clone();
        let listen = move |conn: &mut stagepunt::db::Conn| {
            conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
                if let InstrumentationEvent::StartQuery { query, .. } = event {
                    listener.0.lock().unwrap().push(query.to_string());
                }
            });
            Ok(())
        };
        app.db.run_as_system(Job::SignIn, listen).await.unwrap();
        recorder.take();
        recorder
    }

    /// The statements since the last time, without their values.
    pub fn take(&self) -> Vec<String> {
        let sent = std::mem::take(&mut *self.0.lock().unwrap());
        sent.into_iter().map(|sent| sent.split(" -- binds: ").next().unwrap().to_owned()).collect()
    }
}
