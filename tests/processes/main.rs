//! The program as a process: what becomes of it, of its private PostgreSQL and of running requests
//! when it is killed or asked to stop, and what a reader of the README sees who calls it first.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that panics has failed")]

mod first_calls;
mod killed;
mod stopped;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use stagepunt::db::{Environment, Options, PrivatePostgres};

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
