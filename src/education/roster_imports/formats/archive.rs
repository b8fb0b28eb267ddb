//! A zip that somebody sent: few entries, none of them much larger than what was sent, nothing
//! encrypted, or it is refused before it is unpacked.

use std::io::{self, Read, Seek, SeekFrom};

use zip::ZipArchive;
use zip::read::ZipFile;

use super::failure::{Halt, Refusal, UNREADABLE};

/// The archive unpacks to far more than was sent.
pub(super) const BOMB: &str = "archive-too-large";
/// The archive is split, encrypted, or has too many entries.
const UNSUPPORTED: &str = "archive-unsupported";

const MOST_ENTRIES: u16 = 64;
/// The most bytes that one entry may unpack to.
const LARGEST_ENTRY: u64 = 1024 * 1024 * 1024;
/// How many times its packed size an entry may unpack to.
const STEEPEST: u64 = 100;
/// What a small entry may unpack to, however well it is packed.
const FREE: u64 = 1024 * 1024;

const END_OF_DIRECTORY: [u8; 4] = *b"PK\x05\x06";
const END_OF_LARGE_DIRECTORY: [u8; 4] = *b"PK\x06\x07";
const END_LENGTH: usize = 22;
const LONGEST_COMMENT: u64 = 65_535;

/// A checked archive.
pub(super) struct Archive<R>(ZipArchive<R>);

impl<R: Read + Seek> Archive<R> {
    pub(super) fn open(mut source: R) -> Result<Self, Halt> {
        check_directory(&mut source)?;
        source.seek(SeekFrom::Start(0))?;
        ZipArchive::new(source).map(Self).map_err(halted)
    }

    /// Whether there is an entry of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.index_for_name(name).is_some()
    }

    /// Unpacks an entry while it is read.
    pub(super) fn entry(&mut self, name: &'static str) -> Result<Inflated<'_, R>, Halt> {
        if !self.has(name) {
            return Err(Refusal::expecting("archive-file-missing", &[name]).into());
        }
        let file = self.0.by_name(name).map_err(halted)?;
        if file.encrypted() {
            return Err(Refusal::whole(UNSUPPORTED).into());
        }
        let most = file.compressed_size().saturating_mul(STEEPEST).saturating_add(FREE).min(LARGEST_ENTRY);
        Ok(Inflated { file, left: most })
    }
}

fn halted(error: zip::result::ZipError) -> Halt {
    match error {
        zip::result::ZipError::Io(error) => error.into(),
        zip::result::ZipError::UnsupportedArchive(_) => Refusal::whole(UNSUPPORTED).into(),
        _ => Refusal::whole(UNREADABLE).into(),
    }
}

/// Looks at the end of the archive, where it says how many entries it has, before anything is
/// made room for.
fn check_directory(source: &mut (impl Read + Seek)) -> Result<(), Halt> {
    let length = source.seek(SeekFrom::End(0))?;
    source.seek(SeekFrom::Start(length.saturating_sub(LONGEST_COMMENT + 64)))?;
    let mut tail = Vec::new();
    source.read_to_end(&mut tail)?;
    let ends: Vec<usize> = positions(&tail, END_OF_DIRECTORY);
    let (Some(&end), 1) = (ends.first(), ends.len()) else {
        let code = if ends.is_empty() { UNREADABLE } else { UNSUPPORTED };
        return Err(Refusal::whole(code).into());
    };
    let Some(record) = tail.get(end..end + END_LENGTH) else { return Err(Refusal::whole(UNREADABLE).into()) };
    let entries = record.get(10..12).and_then(|two| two.try_into().ok()).map_or(u16::MAX, u16::from_le_bytes);
    if entries > MOST_ENTRIES || !positions(&tail, END_OF_LARGE_DIRECTORY).is_empty() {
        return Err(Refusal::whole(UNSUPPORTED).into());
    }
    Ok(())
}

fn positions(bytes: &[u8], mark: [u8; 4]) -> Vec<usize> {
    bytes.windows(mark.len()).enumerate().filter(|(_, window)| *window == mark).map(|(at, _)| at).collect()
}

/// An entry that stops when it unpacks to more than it may.
pub(super) struct Inflated<'a, R: Read> {
    file: ZipFile<'a, R>,
    left: u64,
}

impl<R: Read> Read for Inflated<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        match self.left.checked_sub(read as u64) {
            Some(left) => self.left = left,
            None => return Err(io::ErrorKind::QuotaExceeded.into()),
        }
        Ok(read)
    }
}
