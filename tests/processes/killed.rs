//! The private PostgreSQL: how it starts, and what becomes of it and its data when somebody is killed.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::process::Command;
use std::time::{Duration, Instant};

use stagepunt::db::{EmbeddedError, Environment, PrivatePostgres};

use super::{
    Folder, QUICK, client, kill, no_process_left, postmaster_of, processes_of, psql, signal, spawn_program,
    supervisor_of, wait_until, wait_until_ready,
};

#[test]
fn a_second_start_is_quick_and_keeps_the_data() {
    let folder = Folder::new("again");
    let server = folder.start();
    psql(&server, "CREATE TABLE kept AS SELECT 42 AS value");
    let secret = fs::metadata(folder.0.join("cluster/password")).unwrap();
    assert_eq!(secret.mode() & 0o777, 0o600);
    server.stop();
    no_process_left(&folder.0);

    let begun = Instant::now();
    let server = folder.start();
    let took = begun.elapsed();
    assert_eq!(psql(&server, "SELECT value FROM kept"), "42");
    assert_eq!(psql(&server, "SHOW listen_addresses"), "127.0.0.1");
    println!("second start: {took:?}");
    let password = fs::read_to_string(folder.0.join("cluster/password")).unwrap();
    let wrong = server.owner_url("postgres").replace(password.trim(), "guess");
    assert!(!client(&wrong, "SELECT 1").status.success());
}

#[test]
fn a_folder_has_one_user_at_a_time() {
    let folder = Folder::new("busy");
    let server = folder.start();
    let second = PrivatePostgres::start(&folder.0, &Environment::default(), QUICK);
    assert!(matches!(second, Err(EmbeddedError::InUse { .. })));
    assert_eq!(psql(&server, "SELECT 1"), "1");
}

#[test]
fn data_of_another_version_is_left_alone() {
    let folder = Folder::new("version");
    folder.start().stop();
    let version = folder.0.join("cluster/data/PG_VERSION");
    fs::write(&version, "9\n").unwrap();
    let error = PrivatePostgres::start(&folder.0, &Environment::default(), QUICK).unwrap_err();
    assert!(matches!(error, EmbeddedError::OtherVersion { major: 9, .. }), "{error}");
}

#[test]
fn killed_at_any_moment_of_the_first_start_nothing_is_left_running() {
    let folder = Folder::new("killed-first");
    let mut finished = 0;
    for round in 0..10 {
        let mut program = spawn_program(&folder.0);
        // A first start takes about a second; odd steps, so that each round hits another moment.
        std::thread::sleep(Duration::from_millis(37 + 151 * round));
        kill(program.id());
        program.wait().unwrap();
        no_process_left(&folder.0);
        if folder.0.join("cluster").exists() {
            finished += 1;
            fs::remove_dir_all(folder.0.join("cluster")).unwrap();
        }
    }
    println!("{finished} of 10 rounds had made the cluster");
    let server = folder.start();
    assert_eq!(psql(&server, "SELECT 1"), "1");
    let names = fs::read_dir(&folder.0).unwrap().flatten();
    let unfinished = names.filter(|entry| entry.file_name().to_string_lossy().contains("new"));
    assert_eq!(unfinished.count(), 0);
}

#[test]
fn killed_while_serving_the_server_stops_and_the_data_stays() {
    let folder = Folder::new("killed-serving");
    psql(&folder.start(), "CREATE TABLE kept AS SELECT 42 AS value");
    for round in 0..10 {
        let mut program = spawn_program(&folder.0);
        if round % 2 == 0 {
            wait_until_ready(&mut program);
        } else {
            std::thread::sleep(Duration::from_millis(20 + 23 * round));
        }
        kill(program.id());
        program.wait().unwrap();
        if round % 3 == 0 {
            no_process_left(&folder.0);
        }
        // Otherwise the next start meets a server that is just being stopped.
        assert_eq!(psql(&folder.start(), "SELECT value FROM kept"), "42");
    }
    no_process_left(&folder.0);
}

#[test]
fn a_killed_supervisor_is_replaced() {
    let folder = Folder::new("supervisor");
    let mut program = spawn_program(&folder.0);
    wait_until_ready(&mut program);
    let postmaster = postmaster_of(&folder.0);
    let first = supervisor_of(postmaster).unwrap();
    kill(first);
    wait_until("a new supervisor", || supervisor_of(postmaster).is_some_and(|pid| pid != first));
    assert_eq!(postmaster_of(&folder.0), postmaster);
    kill(program.id());
    program.wait().unwrap();
    no_process_left(&folder.0);
}

#[test]
fn a_killed_server_starts_again_on_its_port() {
    let folder = Folder::new("server");
    let server = folder.start();
    psql(&server, "CREATE TABLE kept AS SELECT 42 AS value");
    let url = server.owner_url("postgres");
    for round in 0..3 {
        let postmaster = postmaster_of(&folder.0);
        if round > 0 {
            // A child that cannot notice the end of its parent would keep a new server out.
            let children = processes_of(&folder.0);
            let checkpointer = children.iter().find(|(_, title)| title.contains("checkpointer"));
            signal("-STOP", checkpointer.unwrap().0);
        }
        kill(postmaster);
        wait_until("the server again", || client(&url, "SELECT value FROM kept").stdout == b"42\n");
        assert_ne!(postmaster_of(&folder.0), postmaster);
    }
    server.stop();
    no_process_left(&folder.0);
}

#[test]
fn a_server_that_was_left_over_is_stopped_at_the_next_start() {
    let folder = Folder::new("left-over");
    let mut program = spawn_program(&folder.0);
    wait_until_ready(&mut program);
    let postmaster = postmaster_of(&folder.0);
    // Frozen first, so that it cannot replace its supervisor.
    signal("-STOP", program.id());
    kill(supervisor_of(postmaster).unwrap());
    kill(program.id());
    program.wait().unwrap();
    assert!(!processes_of(&folder.0).is_empty());
    let server = folder.start();
    assert_ne!(postmaster_of(&folder.0), postmaster);
    assert_eq!(psql(&server, "SELECT 1"), "1");
    server.stop();
    no_process_left(&folder.0);
}

#[test]
fn the_id_of_a_dead_server_that_another_program_got_is_no_hindrance() {
    let folder = Folder::new("recycled");
    folder.start().stop();
    let path = folder.0.join("cluster/data/postmaster.pid");
    let mut other = Command::new("sleep").arg("60").spawn().unwrap();
    fs::write(&path, format!("{}\n{}\n", other.id(), path.display())).unwrap();
    let server = folder.start();
    assert_eq!(psql(&server, "SELECT 1"), "1");
    assert!(other.try_wait().unwrap().is_none());
    other.kill().unwrap();
    other.wait().unwrap();
}

#[test]
fn a_lock_file_that_was_never_written_is_no_hindrance() {
    let folder = Folder::new("empty");
    folder.start().stop();
    fs::write(folder.0.join("cluster/data/postmaster.pid"), "").unwrap();
    assert_eq!(psql(&folder.start(), "SELECT 1"), "1");
}
