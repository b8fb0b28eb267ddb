//! Processes that end when this one does.
//!
//! A supervised program waits at a gate until its supervisor is there, so there
//! is no moment at which it runs without one. The supervisor is one line of
//! shell that reads a pipe from us: the pipe closes however we end, `kill -9`
//! included, and the supervisor then stops the program.

use std::ffi::OsStr;
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::{EmbeddedError, Environment, locate};

/// Becomes the program when told to; ends when the pipe closes before that.
const GATE: &str = r#"read -r _ && exec "$@" </dev/null"#;

/// Waits for the pipe to close, then stops the process: fast, immediate, and at last without asking; about five seconds each.
///
/// Each signal is sent until it works, because a program that has only just started may still ignore it.
const SUPERVISOR: &str = r#"trap '' HUP INT TERM; read -r _; for s in INT QUIT KILL; do i=0; while [ $i -lt 100 ]; do kill -$s "$1" || exit 0; sleep 0.05; i=$((i+1)); done; done 2>/dev/null"#;

/// The account that runs the server, and the environment its programs get.
#[derive(Debug, Clone)]
pub(super) struct Account {
    /// User and group to change to; none when the server runs as we do.
    pub(super) ids: Option<(u32, u32)>,
    environment: Environment,
}

impl Account {
    /// Ourselves, or when that is root: whoever owns the cluster, else `postgres`, else `nobody`.
    pub(super) fn for_server(cluster: &Path, environment: &Environment) -> Result<Self, EmbeddedError> {
        let ids = if !is_root(environment) {
            None
        } else if let Ok(metadata) = cluster.metadata() {
            Some((metadata.uid(), metadata.gid()))
        } else {
            let known = |name| Some((id(&["-u", name], environment)?, id(&["-g", name], environment)?));
            let ids = known("postgres").or_else(|| known("nobody"));
            Some(ids.ok_or(EmbeddedError::NoAccount)?)
        };
        Ok(Self { ids, environment: environment.clone() })
    }

    /// A command that runs as this account, in a process group of its own and with nothing of our environment but the path.
    fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = clean_command(program, &self.environment);
        command.current_dir("/").process_group(0);
        if let Some((uid, gid)) = self.ids {
            command.uid(uid).gid(gid);
        }
        command
    }

    /// Starts the supervisor of a process; without a pipe it stops the process at once.
    fn supervise(&self, pid: u32, pipe: Stdio) -> io::Result<Child> {
        self.command("/bin/sh")
            .args(["-c", SUPERVISOR, "stagepunt-supervisor", &pid.to_string()])
            .stdin(pipe)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
    }

    /// Stops a process that is not our child, and waits until it is gone.
    pub(super) fn stop(&self, pid: u32) -> io::Result<()> {
        self.supervise(pid, Stdio::null())?.wait().map(|_| ())
    }

    /// Kills processes; those that are gone already do not matter.
    pub(super) fn kill(&self, pids: &[u32]) -> io::Result<()> {
        self.command("/bin/sh")
            .args(["-c", r#"kill -KILL "$@""#, "sh"])
            .args(pids.iter().map(u32::to_string))
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .map(|_| ())
    }

    /// The arguments of a running process, one a line where the system tells them apart.
    pub(super) fn arguments(&self, pid: u32) -> Option<String> {
        if Path::new("/proc/self/cmdline").exists() {
            let bytes = std::fs::read(format!("/proc/{pid}/cmdline")).ok()?;
            return Some(String::from_utf8_lossy(&bytes).replace('\0', "\n"));
        }
        let output = self
            .command("ps")
            .args(["-ww", "-o", "command=", "-p", &pid.to_string()])
            .stdin(Stdio::null())
            .output()
            .ok()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        (!text.trim().is_empty()).then_some(text)
    }
}

/// A program and its supervisor.
#[derive(Debug)]
pub(super) struct Supervised {
    account: Account,
    program: Child,
    supervisor: Child,
}

impl Supervised {
    /// Starts a program under a supervisor.
    pub(super) fn start(
        account: &Account,
        program: &Path,
        arguments: &[&OsStr],
        error_output: Stdio,
    ) -> io::Result<Self> {
        let mut gated = account
            .command("/bin/sh")
            .args(["-c", GATE, "sh"])
            .arg(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(error_output)
            .spawn()?;
        let gate = gated.stdin.take();
        let supervisor = account.supervise(gated.id(), Stdio::piped())?;
        let supervised = Self { account: account.clone(), program: gated, supervisor };
        if let Some(mut gate) = gate {
            gate.write_all(b"go\n")?;
        }
        Ok(supervised)
    }

    pub(super) fn pid(&self) -> u32 {
        self.program.id()
    }

    /// Whether the program still runs; a supervisor that was killed is replaced.
    pub(super) fn is_running(&mut self) -> bool {
        if !matches!(self.program.try_wait(), Ok(None)) {
            return false;
        }
        if !matches!(self.supervisor.try_wait(), Ok(None)) {
            match self.account.supervise(self.program.id(), Stdio::piped()) {
                Ok(supervisor) => self.supervisor = supervisor,
                Err(error) => tracing::warn!(%error, "cannot supervise the private PostgreSQL"),
            }
        }
        true
    }

    /// Whether a signal ended the program.
    pub(super) fn was_killed(&mut self) -> bool {
        let status = self.program.try_wait().ok().flatten();
        status.is_some_and(|status| status.signal().is_some())
    }

    /// Waits for the program to end by itself; its error output when that was piped, and whether it succeeded.
    pub(super) fn finish(mut self) -> io::Result<(bool, String)> {
        let output = match self.program.stderr.take() {
            Some(pipe) => io::read_to_string(pipe)?,
            None => String::new(),
        };
        let status = self.program.wait()?;
        Ok((status.success(), output))
    }

    /// Stops the program and waits until it is gone.
    pub(super) fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        drop(self.supervisor.stdin.take());
        while matches!(self.program.try_wait(), Ok(None)) {
            if !matches!(self.supervisor.try_wait(), Ok(None)) {
                match self.account.supervise(self.program.id(), Stdio::null()) {
                    Ok(supervisor) => self.supervisor = supervisor,
                    Err(_) => drop(self.program.kill()),
                }
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        // The program is gone: a supervisor that still waits must not signal a process that got the same id.
        drop(self.supervisor.kill());
        drop(self.supervisor.wait());
    }
}

impl Drop for Supervised {
    fn drop(&mut self) {
        self.end();
    }
}

/// Whether this process runs as root.
pub(super) fn is_root(environment: &Environment) -> bool {
    id(&["-u"], environment) == Some(0)
}

fn id(arguments: &[&str], environment: &Environment) -> Option<u32> {
    let output = clean_command("id", environment).args(arguments).stdin(Stdio::null()).output().ok()?;
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}

fn clean_command(program: impl AsRef<OsStr>, environment: &Environment) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("LC_ALL", "C").env("PATH", locate::path(environment));
    command
}
