//! CSV with a header: commas or semicolons, UTF-8 with or without byte order mark.

use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

use csv::{ErrorKind, Reader, ReaderBuilder, StringRecord, Trim};

use super::failure::{HEADER_WRONG, Halt, NOT_UTF8, ROW_TOO_LONG, Refusal, RowFault, UNREADABLE};
use super::student::{COLUMNS, CsvStudent, REQUIRED_COLUMNS};
use super::{LONGEST_ROW, Line};
use crate::error::Result;
use crate::kernel::formats::SourcedId;

const BUFFER: usize = 16 * 1024;

/// Reads a header with the documented names, in any order, and the rows below it.
pub(super) fn read(mut source: impl BufRead, sink: &mut dyn FnMut(Line) -> Result<()>) -> Result<(), Halt> {
    let delimiter = delimiter_of(source.fill_buf()?);
    let mut table = Table::open(source, delimiter);
    let Some(header) = table.next_row()?.cloned() else { return Err(wrong_header()) };
    let known = header.iter().all(|name| COLUMNS.contains(&name));
    let once = header.iter().enumerate().all(|(index, name)| header.iter().skip(index + 1).all(|other| other != name));
    let complete = REQUIRED_COLUMNS.iter().all(|name| header.iter().any(|given| given == *name));
    if !(known && once && complete) {
        return Err(wrong_header());
    }
    let mut row = 0;
    while let Some(record) = table.next_row()? {
        row += 1;
        sink(line_of(row, &header, record))?;
    }
    Ok(())
}

fn wrong_header() -> Halt {
    Refusal::expecting(HEADER_WRONG, COLUMNS).into()
}

/// Whichever of comma and semicolon stands more often in the first line.
fn delimiter_of(start: &[u8]) -> u8 {
    let first = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let parts = |wanted: u8| first.split(|byte| *byte == wanted).count();
    if parts(b';') > parts(b',') { b';' } else { b',' }
}

/// What a row under this header says; both have the names of [`COLUMNS`].
pub(super) fn line_of(row: u64, header: &StringRecord, record: &StringRecord) -> Line {
    let key = || {
        let at = header.iter().position(|name| name == "sourcedId")?;
        record.get(at).and_then(|key| SourcedId::new(key).ok())
    };
    if record.len() != header.len() {
        return Line::Rejected { row, key: key(), faults: vec![RowFault::new("", "wrong-number-of-cells")] };
    }
    match record.deserialize::<CsvStudent>(Some(header)) {
        Ok(student) => student.into_line(row),
        Err(_first) => Line::Rejected { row, key: key(), faults: faults_in(header, record) },
    }
}

/// Reads a bad row once more, cell by cell, to tell where it is bad.
fn faults_in(header: &StringRecord, record: &StringRecord) -> Vec<RowFault> {
    let fault_of = |(name, cell): (&str, &str)| {
        // Every row needs a key; next to another cell any key will do.
        let alone = name == "sourcedId";
        let names: StringRecord = if alone { vec![name].into() } else { vec!["sourcedId", name].into() };
        let cells: StringRecord = if alone { vec![cell].into() } else { vec!["key", cell].into() };
        let error = cells.deserialize::<CsvStudent>(Some(&names)).err()?;
        let ErrorKind::Deserialize { err, .. } = error.into_kind() else { return None };
        Some(RowFault::of_message(format!("/{name}"), &said_by(err.kind())))
    };
    let faults: Vec<RowFault> = header.iter().zip(record).filter_map(fault_of).collect();
    if faults.is_empty() { vec![RowFault::new("", "malformed")] } else { faults }
}

/// What serde said, without what the crate adds to it.
fn said_by(kind: &csv::DeserializeErrorKind) -> String {
    use csv::DeserializeErrorKind as Kind;
    match kind {
        Kind::Message(message) | Kind::Unsupported(message) => message.clone(),
        Kind::ParseInt(_) | Kind::ParseBool(_) | Kind::ParseFloat(_) => "wrong-type".to_owned(),
        Kind::UnexpectedEndOfRow | Kind::InvalidUtf8(_) => String::new(),
    }
}

/// Rows of cells, none of them longer than it may be.
pub(super) struct Table<R> {
    reader: Reader<Rationed<R>>,
    ration: Rc<Cell<usize>>,
    record: StringRecord,
    rows: u64,
}

impl<R: Read> Table<R> {
    pub(super) fn open(source: R, delimiter: u8) -> Self {
        let ration = Rc::new(Cell::new(0));
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .trim(Trim::All)
            .buffer_capacity(BUFFER)
            .from_reader(Rationed { source, ration: Rc::clone(&ration) });
        Self { reader, ration, record: StringRecord::new(), rows: 0 }
    }

    /// The next row, or none at the end; blank lines are no rows.
    pub(super) fn next_row(&mut self) -> Result<Option<&StringRecord>, Halt> {
        self.ration.set(LONGEST_ROW + BUFFER);
        let row = self.rows;
        self.rows += 1;
        match self.reader.read_record(&mut self.record) {
            Ok(true) => Ok(Some(&self.record)),
            Ok(false) => Ok(None),
            Err(error) => Err(match error.into_kind() {
                ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                    Refusal::at(ROW_TOO_LONG, row.max(1)).into()
                }
                ErrorKind::Io(error) => error.into(),
                ErrorKind::Utf8 { .. } => Refusal::at(NOT_UTF8, row.max(1)).into(),
                _ => Refusal::at(UNREADABLE, row.max(1)).into(),
            }),
        }
    }
}

/// A source that gives out so many bytes and then fails: a quote that is never closed would
/// otherwise make one row of the whole file.
struct Rationed<R> {
    source: R,
    ration: Rc<Cell<usize>>,
}

impl<R: Read> Read for Rationed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.ration.get() == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let read = self.source.read(buffer)?;
        self.ration.set(self.ration.get().saturating_sub(read));
        Ok(read)
    }
}
