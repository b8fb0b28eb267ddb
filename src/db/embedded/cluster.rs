//! The database cluster in the data folder: made once, then opened.

use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::supervisor::{Account, Supervised};
use super::{EmbeddedError, Environment, Options, locate, supervisor};

/// The owner of the cluster and of everything the migrations make.
pub(super) const OWNER: &str = "stagepunt_owner";

/// The beginning of the name of a cluster that is being made.
const UNFINISHED: &str = "cluster.new-";

/// A cluster and the programs of its version.
#[derive(Debug)]
pub(super) struct Cluster {
    folder: PathBuf,
    pub(super) bin: PathBuf,
    pub(super) account: Account,
    pub(super) options: Options,
}

/// Makes the data folder when it is not there; only root's is open to others, whose cluster folder is not.
pub(super) fn prepare_folder(folder: &Path, environment: &Environment) -> Result<PathBuf, EmbeddedError> {
    let failed = || EmbeddedError::io(format!("cannot use {}", folder.display()));
    if !folder.is_dir() {
        fs::create_dir_all(folder).map_err(failed())?;
        let mode = if supervisor::is_root(environment) { 0o755 } else { 0o700 };
        fs::set_permissions(folder, Permissions::from_mode(mode)).map_err(failed())?;
    }
    folder.canonicalize().map_err(failed())
}

impl Cluster {
    /// Opens the cluster of a data folder whose lock we hold, making it when it is not there.
    pub(super) fn open(
        folder: PathBuf,
        environment: &Environment,
        account: Account,
        options: Options,
    ) -> Result<Self, EmbeddedError> {
        check_reachable(&folder, &account)?;
        remove_unfinished(&folder);
        let finished = folder.join("cluster");
        let major = if finished.exists() { Some(major_of(&finished)?) } else { None };
        let bin = match (locate::bin_folder(environment, major), major) {
            (Err(EmbeddedError::NotFound { .. }), Some(major)) => {
                return Err(EmbeddedError::OtherVersion { folder, major });
            }
            (found, _) => found?,
        };
        let cluster = Self { folder, bin, account, options };
        if major.is_none() {
            cluster.make(&finished)?;
        }
        // Each start begins a new log; the file is ours, the server only gets it opened.
        let log = cluster.log()?;
        log.set_len(0).map_err(EmbeddedError::io("cannot empty the log"))?;
        Ok(cluster)
    }

    /// The password of the owner.
    pub(super) fn password(&self) -> Result<String, EmbeddedError> {
        let path = self.folder.join("cluster/password");
        let failed = EmbeddedError::io(format!("cannot read {}", path.display()));
        Ok(fs::read_to_string(path).map_err(failed)?.trim().to_owned())
    }

    /// Makes a new cluster under another name, and renames it when it is whole.
    fn make(&self, finished: &Path) -> Result<(), EmbeddedError> {
        let secret = random_hex().map_err(EmbeddedError::io("cannot read /dev/urandom"))?;
        let name = format!("{UNFINISHED}{}", secret.get(..8).unwrap_or_default());
        let folder = self.folder.join(name);
        let failed = || EmbeddedError::io(format!("cannot make {}", folder.display()));
        fs::create_dir(&folder).map_err(failed())?;
        fs::set_permissions(&folder, Permissions::from_mode(0o700)).map_err(failed())?;
        let password = folder.join("password");
        write_secret(&password, &random_hex().map_err(failed())?).map_err(failed())?;
        if let Some((uid, gid)) = self.account.ids {
            chown(&password, Some(uid), Some(gid)).map_err(failed())?;
            chown(&folder, Some(uid), Some(gid)).map_err(failed())?;
        }
        self.initdb(&folder.join("data"), &password)?;
        fs::rename(&folder, finished).map_err(failed())?;
        if self.options.fsync {
            let synced = File::open(&self.folder).and_then(|parent| parent.sync_all());
            synced.map_err(failed())?;
        }
        Ok(())
    }

    fn initdb(&self, data: &Path, password: &Path) -> Result<(), EmbeddedError> {
        let owner = format!("--username={OWNER}");
        let mut arguments =
            vec![OsStr::new("-D"), data.as_os_str(), OsStr::new("--pwfile"), password.as_os_str(), OsStr::new(&owner)];
        arguments
            .extend(["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-instructions"].map(OsStr::new));
        if !self.options.fsync {
            arguments.push(OsStr::new("--no-sync"));
        }
        let program = self.bin.join("initdb");
        let (succeeded, output) = Supervised::start(&self.account, &program, &arguments, Stdio::piped())
            .and_then(Supervised::finish)
            .map_err(EmbeddedError::io("cannot run initdb"))?;
        if succeeded {
            Ok(())
        } else {
            let output = output.trim().to_owned();
            Err(EmbeddedError::Initdb { output })
        }
    }

    pub(super) fn data(&self) -> PathBuf {
        self.folder.join("cluster/data")
    }

    pub(super) fn log(&self) -> Result<File, EmbeddedError> {
        let path = self.folder.join("postgres.log");
        let mut options = File::options();
        let options = options.create(true).append(true).read(true).mode(0o600);
        let failed = EmbeddedError::io(format!("cannot open {}", path.display()));
        options.open(path).map_err(failed)
    }
}

/// Refuses a folder that the server's account may not enter, which root would not notice by itself.
fn check_reachable(folder: &Path, account: &Account) -> Result<(), EmbeddedError> {
    let Some((uid, gid)) = account.ids else {
        return Ok(());
    };
    for ancestor in folder.ancestors() {
        let failed = EmbeddedError::io(format!("cannot use {}", ancestor.display()));
        let metadata = ancestor.metadata().map_err(failed)?;
        let needed = if metadata.uid() == uid {
            0o100
        } else if metadata.gid() == gid {
            0o010
        } else {
            0o001
        };
        if metadata.mode() & needed == 0 {
            let folder = ancestor.to_owned();
            return Err(EmbeddedError::Unreachable { folder, uid });
        }
    }
    Ok(())
}

/// Removes what an interrupted first start left; a dying `initdb` may still add to it, and then the next start removes it.
fn remove_unfinished(folder: &Path) {
    let entries = folder.read_dir().into_iter().flatten().flatten();
    for entry in entries {
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn major_of(cluster: &Path) -> Result<u32, EmbeddedError> {
    let path = cluster.join("data/PG_VERSION");
    let text = fs::read_to_string(&path);
    text.and_then(|text| text.trim().parse().map_err(io::Error::other))
        .map_err(EmbeddedError::io(format!("cannot read {}", path.display())))
}

fn write_secret(path: &Path, secret: &str) -> io::Result<()> {
    let mut options = File::options();
    let mut file = options.write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(secret.as_bytes())?;
    file.sync_all()
}

fn random_hex() -> io::Result<String> {
    let mut bytes = [0_u8; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}
