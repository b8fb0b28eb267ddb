//! The program as a process: what becomes of it, of its private PostgreSQL and of running requests
//! when it is killed or asked to stop.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that panics has failed")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use stagepunt::db::{EmbeddedError, Environment, Options, PrivatePostgres};

const QUICK: Options = Options { fsync: false, max_connections: 20 };

/// A data folder that is removed with everything in it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("stagepunt-{name}-{}", std::process::id()));
        Self(path)
    }

    fn start(&self) -> PrivatePostgres {
        PrivatePostgres::start(&self.0, &Environment::default(), QUICK).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn client(url: &str, statement: &str) -> Output {
    let mut command = Command::new("psql");
    command.args(["-XAtqc", statement, url]).output().unwrap()
}

fn psql(server: &PrivatePostgres, statement: &str) -> String {
    let output = client(&server.owner_url("postgres"), statement);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn signal(name: &str, pid: u32) {
    let mut shell = Command::new("sh");
    let status = shell.args(["-c", r#"kill "$@""#, "sh", name, &pid.to_string()]).status();
    assert!(status.unwrap().success());
}

fn kill(pid: u32) {
    signal("-KILL", pid);
}

/// The processes that have a folder in their arguments, or work in it.
fn processes_of(folder: &Path) -> Vec<(u32, String)> {
    let name = folder.to_str().unwrap();
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let Ok(pid) = entry.file_name().to_string_lossy().parse() else {
            continue;
        };
        let arguments = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let arguments = String::from_utf8_lossy(&arguments).replace('\0', " ");
        let working = fs::read_link(entry.path().join("cwd"));
        if arguments.contains(name) || working.is_ok_and(|path| path.starts_with(folder)) {
            found.push((pid, arguments));
        }
    }
    found
}

fn supervisor_of(postmaster: u32) -> Option<u32> {
    let argument = format!("stagepunt-supervisor\0{postmaster}\0");
    let mut pids = fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| {
        let text = fs::read(entry.path().join("cmdline")).ok()?;
        let matches = String::from_utf8_lossy(&text).ends_with(&argument);
        matches.then(|| entry.file_name().to_string_lossy().parse().ok())?
    });
    pids.next()
}

fn postmaster_of(folder: &Path) -> u32 {
    let text = fs::read_to_string(folder.join("cluster/data/postmaster.pid")).unwrap();
    text.lines().next().unwrap().parse().unwrap()
}

fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_mins(2), "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn no_process_left(folder: &Path) {
    let mut left = Vec::new();
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(20) {
        left = processes_of(folder);
        if left.is_empty() {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("left running: {left:?}");
}

/// The program itself, serving from a data folder.
fn spawn_program(folder: &Path) -> Child {
    spawn_draining(folder, 0)
}

/// The same, saying for some seconds that it stops before it does.
fn spawn_draining(folder: &Path, seconds: u64) -> Child {
    spawn_with(folder, &["serve"], seconds)
}

fn spawn_with(folder: &Path, arguments: &[&str], drain_seconds: u64) -> Child {
    let mut program = program(folder, arguments);
    program.env("DRAIN_SECONDS", drain_seconds.to_string());
    program.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_stagepunt"));
    program.args(arguments).env("DATA_FOLDER", folder).env_remove("DATABASE_URL");
    program.env("LISTEN", "127.0.0.1:0").env("ADMIN_LISTEN", "127.0.0.1:0");
    program
}

/// The address it listens on, as soon as it does.
fn wait_until_ready(child: &mut Child) -> String {
    let output = BufReader::new(child.stdout.take().unwrap());
    let mut lines = output.lines().map_while(Result::ok);
    let address = lines.find_map(|line| Some(line.split_once("http://")?.1.trim_end_matches("/v1").to_owned()));
    address.expect("the program ended before it served")
}

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

fn begin(address: &str, head: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

fn line_of(stream: &mut BufReader<TcpStream>) -> String {
    let mut line = String::new();
    stream.read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

/// The status line of a whole exchange on a connection of its own.
fn status_of(address: &str, path: &str) -> String {
    let head = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    line_of(&mut BufReader::new(begin(address, &head)))
}

#[test]
fn before_it_stops_it_says_so_and_still_serves() {
    let folder = Folder::new("drained");
    let mut program = spawn_draining(&folder.0, 3600);
    let address = wait_until_ready(&mut program);
    wait_until("readiness", || status_of(&address, "/health/ready") == "HTTP/1.1 200 OK");
    signal("-TERM", program.id());
    wait_until("red", || status_of(&address, "/health/ready") == "HTTP/1.1 503 Service Unavailable");
    assert_eq!(status_of(&address, "/health/live"), "HTTP/1.1 200 OK");
    assert_eq!(status_of(&address, "/v1"), "HTTP/1.1 200 OK");
    // A second signal ends the wait.
    signal("-TERM", program.id());
    assert!(program.wait().unwrap().success());
    no_process_left(&folder.0);
}

#[test]
fn it_answers_while_the_demo_data_is_loaded_and_says_when_it_is_ready() {
    let folder = Folder::new("demo");
    let clients = folder.0.join("demo-clients.json");
    let mut program = spawn_with(&folder.0, &["serve", "--demo"], 0);
    let address = wait_until_ready(&mut program);
    assert_eq!(status_of(&address, "/v1"), "HTTP/1.1 200 OK");
    assert_eq!(status_of(&address, "/health/ready"), "HTTP/1.1 503 Service Unavailable");
    assert!(!clients.exists());
    // Asked to stop it does not finish the load; the next start does.
    signal("-TERM", program.id());
    assert!(program.wait().unwrap().success());
    assert!(!clients.exists());
    let mut program = spawn_with(&folder.0, &["serve", "--demo"], 0);
    let address = wait_until_ready(&mut program);
    wait_until("the demo data", || status_of(&address, "/health/ready") == "HTTP/1.1 200 OK");
    assert!(clients.exists());
    signal("-TERM", program.id());
    assert!(program.wait().unwrap().success());
    no_process_left(&folder.0);
}

#[test]
fn demo_data_that_cannot_be_loaded_ends_the_program_which_says_why() {
    let folder = Folder::new("taken");
    let other = ["client", "create", "--new-organisation", "Proef", "--name", "Proef"];
    assert!(program(&folder.0, &other).output().unwrap().status.success());
    let refused = program(&folder.0, &["serve", "--demo"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("holds other data"));
    no_process_left(&folder.0);
}

#[test]
fn asked_to_stop_it_answers_what_it_began_and_ends_by_itself() {
    let folder = Folder::new("stopped");
    let mut program = spawn_program(&folder.0);
    let address = wait_until_ready(&mut program);
    // The server has begun with each of them: it asked for the body, which comes after the signal.
    let head = "POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n\
                Expect: 100-continue\r\nContent-Length: 29\r\n\r\n";
    let mut streams: Vec<BufReader<TcpStream>> = (0..8).map(|_| BufReader::new(begin(&address, head))).collect();
    for stream in &mut streams {
        assert_eq!(line_of(stream), "HTTP/1.1 100 Continue");
        assert_eq!(line_of(stream), "");
    }

    signal("-TERM", program.id());
    wait_until("the end of listening", || TcpStream::connect(&address).is_err());
    for stream in &mut streams {
        stream.get_mut().write_all(b"grant_type=client_credentials").unwrap();
        assert_eq!(line_of(stream), "HTTP/1.1 401 Unauthorized");
    }
    drop(streams);
    assert!(program.wait().unwrap().success());
    no_process_left(&folder.0);
}
