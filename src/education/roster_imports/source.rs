//! An uploaded file as something to read from: its pieces are fetched when their turn comes.

use std::io::{self, Read, Seek, SeekFrom};

use super::leases;
use crate::db::{Bulk, Job};
use crate::kernel::ids::RosterImportId;

/// Bytes of every piece but the last.
pub(super) const PIECE: usize = 1024 * 1024;

/// The pieces of an upload, one of them in memory.
pub(super) struct Pieces<'b> {
    bulk: &'b Bulk,
    import: RosterImportId,
    size: u64,
    position: u64,
    held: Option<(u64, Vec<u8>)>,
}

impl<'b> Pieces<'b> {
    pub(super) fn new(bulk: &'b Bulk, import: RosterImportId, size: i64) -> Self {
        Self { bulk, import, size: u64::try_from(size).unwrap_or_default(), position: 0, held: None }
    }

    fn piece(&mut self, number: u64) -> io::Result<&[u8]> {
        if self.held.as_ref().is_none_or(|(held, _)| *held != number) {
            let (import, wanted) = (self.import, i32::try_from(number).map_err(io::Error::other)?);
            let bytes = self.bulk.run_as_system(Job::WorkJobs, |conn| leases::chunk(conn, import, wanted));
            self.held = Some((number, bytes.map_err(io::Error::other)?));
        }
        Ok(self.held.as_ref().map(|(_, bytes)| bytes.as_slice()).unwrap_or_default())
    }
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.position >= self.size {
            return Ok(0);
        }
        let (number, offset) = (self.position / PIECE as u64, self.position % PIECE as u64);
        let piece = self.piece(number)?;
        let rest = usize::try_from(offset).ok().and_then(|offset| piece.get(offset..)).unwrap_or_default();
        let read = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..read), rest.get(..read)) {
            to.copy_from_slice(from);
        }
        self.position += read as u64;
        Ok(read)
    }
}

impl Seek for Pieces<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(offset) => self.size.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}
