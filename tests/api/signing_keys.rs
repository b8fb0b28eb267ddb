//! Signing keys: the first one, their rotation, and what a process that did not rotate knows of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use stagepunt::auth::keys::{KeyRing, MasterKey, Urgency, rotate};
use stagepunt::auth::token::{Subject, Tokens};
use stagepunt::db::Db;
use stagepunt::kernel::ids::{ClientId, OrganisationId};
use stagepunt::kernel::role::Role;

use crate::support::{Cluster, TestApp, settings};

/// Another process on the same database.
struct Process {
    ring: Arc<KeyRing>,
    tokens: Tokens,
}

impl Process {
    fn starting(master: MasterKey) -> Self {
        let ring = Arc::new(KeyRing::new(master));
        Self { tokens: Tokens::new("https://stagepunt.example", Arc::clone(&ring)), ring }
    }

    fn kids(&self) -> BTreeSet<String> {
        self.tokens.public_keys().unwrap().into_iter().map(|key| key.kid).collect()
    }

    fn token(&self) -> String {
        let subject = Subject {
            client: ClientId::new(),
            organisation: OrganisationId::new(),
            role: Role::School,
            scopes: BTreeSet::new(),
            regions: Vec::new(),
            person: None,
        };
        self.tokens.mint(subject).unwrap()
    }
}

#[actix_web::test]
async fn of_processes_that_start_at_once_one_makes_the_first_key() {
    let database = Cluster::shared().empty_database();
    stagepunt::db::migrate(&database.owner_url).unwrap();
    let db = Db::new(&database.app_url, settings(4), None);
    let processes: Vec<_> = (0..8).map(|_| Process::starting(MasterKey::from([7; 32]))).collect();
    let started = futures_util::future::join_all(processes.iter().map(|process| process.ring.refresh(&db))).await;
    assert!(started.iter().all(Result::is_ok), "{started:?}");
    let known: BTreeSet<_> = processes.iter().map(Process::kids).collect();
    assert_eq!(known.len(), 1);
    assert_eq!(known.first().map(BTreeSet::len), Some(1));
}

#[actix_web::test]
async fn a_rotation_refuses_no_token_and_an_emergency_refuses_all() {
    let app = TestApp::start().await;
    let master = Cluster::shared().master.clone();
    let process = Process::starting(master.clone());
    process.ring.refresh(&app.db).await.unwrap();
    let before = process.token();

    let rotated = rotate(&app.db, &master, Urgency::Routine).await.unwrap();
    process.ring.refresh(&app.db).await.unwrap();
    assert_eq!(process.kids().len(), 2);
    assert!(process.kids().contains(&rotated.kid), "published before it signs");
    let during = process.token();
    for token in [&before, &during] {
        assert!(process.tokens.verify(token).is_ok());
    }

    let leaked = rotate(&app.db, &master, Urgency::Emergency).await.unwrap();
    process.ring.refresh(&app.db).await.unwrap();
    assert_eq!(process.kids(), BTreeSet::from([leaked.kid]));
    for token in [&before, &during] {
        assert!(process.tokens.verify(token).is_err(), "remembered or not");
    }
    assert!(process.tokens.verify(&process.token()).is_ok());
}

#[actix_web::test]
async fn rotations_at_the_same_moment_follow_each_other() {
    let app = TestApp::start().await;
    let master = Cluster::shared().master.clone();
    let rotations = (0..6).map(|_| rotate(&app.db, &master, Urgency::Routine));
    let rotated = futures_util::future::join_all(rotations).await;
    assert!(rotated.iter().all(Result::is_ok), "{rotated:?}");
    let process = Process::starting(master);
    process.ring.refresh(&app.db).await.unwrap();
    assert_eq!(process.kids().len(), 7, "each stays published until its last token has expired");
    assert!(process.tokens.verify(&process.token()).is_ok());
}

#[actix_web::test]
async fn under_another_master_key_nothing_is_signed_or_trusted() {
    let app = TestApp::start().await;
    let stranger = Process::starting(MasterKey::from([9; 32]));
    stranger.ring.refresh(&app.db).await.unwrap();
    assert!(stranger.kids().is_empty());
    let token = app.client("demo-platform").await.token.unwrap();
    assert!(stranger.tokens.verify(&token).is_err());
}
