//! The forms in which a school's system can hand over its roster. Each is read as a stream, row by
//! row, whatever its length; none of them knows the database.

mod archive;
mod csv;
mod failure;
mod json;
mod oneroster;
mod orgs;
mod student;

use std::io::{BufRead, BufReader, Read, Seek};

pub use failure::{Halt, Refusal, RowFault};
pub use oneroster::Classes;
pub use student::RosterStudent;

use crate::education::students::StudentRecord;
use crate::error::Result;
use crate::kernel::formats::SourcedId;

/// The most bytes one row may have.
const LONGEST_ROW: usize = 64 * 1024;
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// What stands in one row of a roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A student who is on the roster.
    Present {
        /// Number of the row, from 1; a header is not counted.
        row: u64,
        /// What the row says.
        student: Box<StudentRecord>,
    },
    /// A student who is no longer on the roster.
    Gone {
        /// Number of the row.
        row: u64,
        /// Whom the row is about.
        key: SourcedId,
    },
    /// A row that cannot be taken in; the student stays as it was.
    Rejected {
        /// Number of the row.
        row: u64,
        /// Whom the row is about, where that much can be read.
        key: Option<SourcedId>,
        /// All that is wrong with it.
        faults: Vec<RowFault>,
    },
    /// Somebody who is no student of a registered programme, of a file that names others as well.
    Skipped,
}

/// In which form a roster came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A JSON array of objects.
    Json,
    /// A JSON object a line.
    Ndjson,
    /// A header and a row a line, with commas or semicolons.
    Csv,
    /// A OneRoster 1.2 zip of CSV files.
    OneRoster,
}

/// Reads a roster to its end and gives each row to `sink`.
///
/// # Errors
/// [`Halt::Refused`] when the file as a whole cannot be read on, and what `sink` fails with.
pub fn read<R: Read + Seek>(
    form: Form,
    source: R,
    classes: &Classes,
    sink: &mut dyn FnMut(Line) -> Result<()>,
) -> Result<(), Halt> {
    match form {
        Form::OneRoster => oneroster::read(source, classes, sink),
        Form::Json => json::read_array(without_mark(source)?, sink),
        Form::Ndjson => json::read_lines(without_mark(source)?, sink),
        Form::Csv => csv::read(without_mark(source)?, sink),
    }
}

/// Drops the byte order mark of UTF-8; that of another encoding is a refusal.
fn without_mark<R: Read>(source: R) -> Result<BufReader<R>, Halt> {
    let mut source = BufReader::with_capacity(LONGEST_ROW, source);
    let start = source.fill_buf()?;
    if start.starts_with(b"\xFF\xFE") || start.starts_with(b"\xFE\xFF") {
        return Err(Refusal::at(failure::NOT_UTF8, 1).into());
    }
    if start.starts_with(BYTE_ORDER_MARK) {
        source.consume(BYTE_ORDER_MARK.len());
    }
    Ok(source)
}

#[cfg(test)]
mod tests;
