//! Starts the server of a cluster and waits for it.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read, Seek, SeekFrom};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::EmbeddedError;
use super::cluster::Cluster;
use super::supervisor::Supervised;

/// How long recovery after a crash may take.
const READY_WITHIN: Duration = Duration::from_mins(2);

/// How long to wait for an earlier server, or for a port, to go away; a server process whose postmaster was killed during recovery may take a minute to notice.
const SETTLED_WITHIN: Duration = Duration::from_secs(75);

/// What the server says when an earlier one has not quite ended, or another program took the port.
const PASSING: [&str; 4] = [
    "is still in use",
    "Address already in use",
    "lock file \"postmaster.pid\" already exists",
    "lock file \"postmaster.pid\" is empty",
];

/// An attempt that did not succeed.
struct Failure {
    output: String,
    passing: bool,
}

impl Cluster {
    /// Starts the server on a port, or on a free one, and waits until it accepts connections.
    pub(super) fn launch(&self, port: Option<u16>) -> Result<(Supervised, u16), EmbeddedError> {
        let begun = Instant::now();
        loop {
            self.clear_left_over()?;
            let port = match port {
                Some(port) => port,
                None => free_port().map_err(EmbeddedError::io("no free port on 127.0.0.1"))?,
            };
            let Failure { output, passing } = match self.try_launch(port)? {
                Ok(server) => return Ok((server, port)),
                Err(failure) => failure,
            };
            if !passing || begun.elapsed() > SETTLED_WITHIN {
                return Err(EmbeddedError::Server { output });
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn try_launch(&self, port: u16) -> Result<Result<Supervised, Failure>, EmbeddedError> {
        let mut log = self.log()?;
        let before = log.seek(SeekFrom::End(0));
        let before = before.map_err(EmbeddedError::io("cannot read the log"))?;
        let for_server = log.try_clone();
        let for_server = for_server.map_err(EmbeddedError::io("cannot share the log"))?;
        let data = self.data();
        let settings = self.settings(port);
        let mut arguments = vec![OsStr::new("-D"), data.as_os_str()];
        for setting in &settings {
            arguments.extend([OsStr::new("-c"), OsStr::new(setting)]);
        }
        let program = self.bin.join("postgres");
        let mut server = Supervised::start(&self.account, &program, &arguments, Stdio::from(for_server))
            .map_err(EmbeddedError::io("cannot start postgres"))?;
        let begun = Instant::now();
        while server.is_running() && begun.elapsed() < READY_WITHIN {
            if self.is_ready(server.pid(), port) {
                return Ok(Ok(server));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let killed = server.was_killed();
        server.stop();
        let mut output = String::new();
        let read = log.seek(SeekFrom::Start(before)).and_then(|_| log.read_to_string(&mut output));
        read.map_err(EmbeddedError::io("cannot read the log"))?;
        Ok(Err(Failure {
            passing: killed || PASSING.iter().any(|text| output.contains(text)),
            output: output.trim().to_owned(),
        }))
    }

    fn settings(&self, port: u16) -> Vec<String> {
        let durable = if self.options.fsync { "on" } else { "off" };
        vec![
            format!("port={port}"),
            "listen_addresses=127.0.0.1".to_owned(),
            "unix_socket_directories=".to_owned(),
            format!("max_connections={}", self.options.max_connections),
            format!("fsync={durable}"),
            format!("full_page_writes={durable}"),
            "logging_collector=off".to_owned(),
            "log_destination=stderr".to_owned(),
        ]
    }

    /// Whether the server wrote that it is ready, where `pg_ctl` looks too, and its port answers.
    fn is_ready(&self, pid: u32, port: u16) -> bool {
        let Ok(status) = fs::read_to_string(self.lock_file()) else {
            return false;
        };
        let mut lines = status.lines().map(str::trim);
        lines.next() == Some(pid.to_string().as_str())
            && lines.nth(6) == Some("ready")
            && TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
    }
}

fn free_port() -> io::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}
