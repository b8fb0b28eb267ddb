//! Clears away what an earlier server left when it, its supervisor or its process was killed.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::EmbeddedError;
use super::cluster::Cluster;

/// How long killed processes may take to go, which is longer when they wait for a disk.
const GONE_WITHIN: Duration = Duration::from_secs(20);

/// Longer than a server takes from making its lock file to writing it.
const WRITTEN_WITHIN: Duration = Duration::from_secs(1);

impl Cluster {
    /// Stops a server that is left over, and removes a lock file that would keep a new one from starting.
    ///
    /// We hold the lock of the data folder, so a server that runs here belongs to nobody.
    pub(super) fn clear_left_over(&self) -> Result<(), EmbeddedError> {
        let path = self.lock_file();
        let Ok(status) = fs::read_to_string(&path) else {
            return Ok(());
        };
        let owner = status.lines().next().and_then(|line| line.trim().parse().ok());
        let arguments = owner.and_then(|pid| self.account.arguments(pid));
        if let (Some(pid), Some(arguments)) = (owner, &arguments) {
            let data = self.data();
            if is_server(arguments) && arguments.contains(&*data.to_string_lossy()) {
                tracing::warn!(pid, "stopping a private PostgreSQL that was left over");
                let stopped = self.account.stop(pid);
                return stopped.map_err(EmbeddedError::io("cannot stop the server left over"));
            }
        }
        self.kill_orphans()?;
        // The server itself takes over the file of a process that is gone. It refuses when
        // another program got that id meanwhile, or when the id was never written.
        let refused = match owner {
            Some(_) => arguments.is_some(),
            None => is_old(&path),
        };
        if refused {
            let failed = EmbeddedError::io(format!("cannot remove {}", path.display()));
            fs::remove_file(&path).map_err(failed)?;
        }
        Ok(())
    }

    pub(super) fn lock_file(&self) -> PathBuf {
        self.data().join("postmaster.pid")
    }

    /// Kills the children of a server that was killed: most end by themselves, but one in recovery keeps its successor out for a minute.
    fn kill_orphans(&self) -> Result<(), EmbeddedError> {
        let begun = Instant::now();
        loop {
            let orphans = self.processes_in(&self.data());
            if orphans.is_empty() || begun.elapsed() > GONE_WITHIN {
                return Ok(());
            }
            let killed = self.account.kill(&orphans);
            killed.map_err(EmbeddedError::io("cannot kill the processes left over"))?;
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The server processes that work in a folder, on systems that tell.
    fn processes_in(&self, folder: &Path) -> Vec<u32> {
        let entries = Path::new("/proc").read_dir().into_iter().flatten().flatten();
        let ids = entries.filter_map(|entry| {
            let pid = entry.file_name().to_str()?.parse().ok()?;
            let works_here = fs::read_link(entry.path().join("cwd")).ok()? == folder;
            (works_here && is_server(&self.account.arguments(pid)?)).then_some(pid)
        });
        ids.collect()
    }
}

/// Whether these are the arguments of a postmaster, or the title of one of its children.
fn is_server(arguments: &str) -> bool {
    let program = arguments.split_whitespace().next().unwrap_or_default();
    program == "postgres:" || Path::new(program).ends_with("postgres")
}

fn is_old(path: &Path) -> bool {
    let changed = path.metadata().and_then(|metadata| metadata.modified());
    changed.is_ok_and(|time| time.elapsed().is_ok_and(|age| age > WRITTEN_WITHIN))
}
