//! JSON, as one array of objects or as an object a line. The array is cut into its objects by
//! hand, so that one bad row is a bad row and memory stays that of a row.

use std::io::BufRead;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::failure::{Halt, NOT_UTF8, ROW_TOO_LONG, Refusal, RowFault, TRUNCATED, UNREADABLE};
use super::student::RosterStudent;
use super::{LONGEST_ROW, Line};
use crate::error::Result;
use crate::kernel::formats::SourcedId;

/// Reads `[{…}, {…}]`.
pub(super) fn read_array(source: impl BufRead, sink: &mut dyn FnMut(Line) -> Result<()>) -> Result<(), Halt> {
    let mut cutter = Cutter { source, expect: Expect::Array, row: 0 };
    let mut bytes = Vec::new();
    while cutter.next_object(&mut bytes)? {
        sink(line_of(cutter.row, &bytes)?)?;
    }
    Ok(())
}

/// Reads `{…}` and a line end, again and again; blank lines are no rows.
pub(super) fn read_lines(mut source: impl BufRead, sink: &mut dyn FnMut(Line) -> Result<()>) -> Result<(), Halt> {
    let (mut bytes, mut row) = (Vec::new(), 0);
    while let Some(whole) = next_line(&mut source, &mut bytes)? {
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        row += 1;
        if whole {
            sink(line_of(row, &bytes)?)?;
        } else {
            sink(Line::Rejected { row, key: None, faults: vec![RowFault::new("", ROW_TOO_LONG)] })?;
        }
    }
    Ok(())
}

/// The next line without its end; false when it is too long, of which only the start is kept.
fn next_line(source: &mut impl BufRead, bytes: &mut Vec<u8>) -> Result<Option<bool>, Halt> {
    bytes.clear();
    let (mut any, mut whole) = (false, true);
    loop {
        let (taken, ended) = {
            let buffer = source.fill_buf()?;
            if buffer.is_empty() {
                return Ok(any.then_some(whole));
            }
            any = true;
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let part = buffer.get(..end.unwrap_or(buffer.len())).unwrap_or_default();
            if bytes.len() + part.len() > LONGEST_ROW {
                whole = false;
            }
            if whole {
                bytes.extend_from_slice(part);
            }
            (end.map_or(buffer.len(), |end| end + 1), end.is_some())
        };
        source.consume(taken);
        if ended {
            return Ok(Some(whole));
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expect {
    Array,
    ObjectOrEnd,
    Object,
    CommaOrEnd,
    Nothing,
}

/// Cuts an array into the bytes of its objects.
struct Cutter<R> {
    source: R,
    expect: Expect,
    row: u64,
}

impl<R: BufRead> Cutter<R> {
    /// Puts the next object into `bytes`; false at the end of the array.
    fn next_object(&mut self, bytes: &mut Vec<u8>) -> Result<bool, Halt> {
        bytes.clear();
        let (mut depth, mut in_text, mut escaped) = (0_u32, false, false);
        loop {
            let buffer = self.source.fill_buf()?;
            if buffer.is_empty() {
                return match self.expect {
                    Expect::Nothing => Ok(false),
                    Expect::Array => Err(Refusal::whole(UNREADABLE).into()),
                    _ => Err(Refusal::at(TRUNCATED, self.row.max(1)).into()),
                };
            }
            let mut taken = 0;
            let mut complete = false;
            for byte in buffer {
                taken += 1;
                if depth > 0 {
                    bytes.push(*byte);
                    if bytes.len() > LONGEST_ROW {
                        return Err(Refusal::at(ROW_TOO_LONG, self.row).into());
                    }
                    match byte {
                        _ if escaped => escaped = false,
                        b'\\' if in_text => escaped = true,
                        b'"' => in_text = !in_text,
                        b'{' | b'[' if !in_text => depth += 1,
                        b'}' | b']' if !in_text => depth -= 1,
                        _ => {}
                    }
                    if depth == 0 {
                        complete = true;
                        break;
                    }
                    continue;
                }
                self.expect = match (self.expect, byte) {
                    (expect, b' ' | b'\t' | b'\r' | b'\n') => expect,
                    (Expect::Array, b'[') => Expect::ObjectOrEnd,
                    (Expect::ObjectOrEnd | Expect::Object, b'{') => {
                        self.row += 1;
                        depth = 1;
                        bytes.push(b'{');
                        Expect::CommaOrEnd
                    }
                    (Expect::CommaOrEnd, b',') => Expect::Object,
                    (Expect::ObjectOrEnd | Expect::CommaOrEnd, b']') => Expect::Nothing,
                    (Expect::Array, _) => return Err(Refusal::whole(UNREADABLE).into()),
                    _ => return Err(Refusal::at(UNREADABLE, self.row + 1).into()),
                };
            }
            self.source.consume(taken);
            if complete {
                return Ok(true);
            }
        }
    }
}

/// Only the key of a row, whatever else it holds.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Keyed {
    sourced_id: SourcedId,
}

fn line_of(row: u64, bytes: &[u8]) -> Result<Line, Halt> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Err(Refusal::at(NOT_UTF8, row).into()) };
    if !text.trim_start().starts_with('{') {
        return Ok(Line::Rejected { row, key: None, faults: vec![RowFault::new("", "malformed")] });
    }
    match serde_json::from_str::<RosterStudent>(text) {
        Ok(student) => Ok(student.into_line(row)),
        Err(_why) => {
            let key = serde_json::from_str::<Keyed>(text).ok().map(|keyed| keyed.sourced_id);
            Ok(Line::Rejected { row, key, faults: vec![fault_in(text)] })
        }
    }
}

/// Reads a bad row once more, to tell where it is bad.
fn fault_in(text: &str) -> RowFault {
    let mut reader = serde_json::Deserializer::from_str(text);
    match serde_path_to_error::deserialize::<_, RosterStudent>(&mut reader) {
        Err(error) if serde_json::from_str::<IgnoredAny>(text).is_ok() => {
            RowFault::of_message(pointer_of(error.path()), &error.inner().to_string())
        }
        _ => RowFault::new("", "malformed"),
    }
}

fn pointer_of(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = vec![String::new()];
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push(index.to_string()),
            Segment::Map { key } => pointer.push(key.clone()),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer.join("/")
}
