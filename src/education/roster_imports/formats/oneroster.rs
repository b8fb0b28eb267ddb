//! OneRoster 1.2 CSV: a zip with a manifest, users, classes and enrollments, and often orgs. Only
//! students in classes of a registered programme are taken; everybody else is read past.

use std::collections::{HashMap, HashSet};
use std::io::{Read, Seek};

use aws_lc_rs::digest::{SHA256, digest};
use chrono::NaiveDate;
use csv::StringRecord;

use super::archive::Archive;
use super::csv::{Table, line_of};
use super::failure::{HEADER_WRONG, Halt, REQUIRED, Refusal, RowFault};
use super::orgs::OwnOrgs;
use super::{BYTE_ORDER_MARK, Line};
use crate::error::Result;
use crate::kernel::coded::Coded as _;
use crate::kernel::field::LearningPath;
use crate::kernel::formats::{EducationOffererCode, SourcedId};

/// The most enrolments in classes of ours that one archive may have.
const MOST_ENROLMENTS: usize = 200_000;

/// What is known of the school's programmes when a file is read.
#[derive(Debug, Clone, Default)]
pub struct Classes {
    /// Programme codes by the sourcedId of a class, as the school has mapped them.
    pub mapped: HashMap<String, String>,
    /// Codes of the school's programmes; a class with such a code needs no mapping.
    pub codes: HashSet<String>,
    /// Programmes by crebo, each with its code and learning paths.
    pub crebos: HashMap<String, Vec<(String, Vec<LearningPath>)>>,
    /// The business day: enrolments that ended before it or begin after it do not count.
    pub today: NaiveDate,
    /// The school's own code, by which it is known among the organisations of an archive.
    pub offerer: Option<EducationOffererCode>,
    /// Whether the file is to stand for everybody, so that its users may not be a delta.
    pub full: bool,
}

impl Classes {
    fn of_class(&self, sourced_id: &str, code: &str) -> Option<&str> {
        let mapped = self.mapped.get(sourced_id).map(String::as_str);
        mapped.or_else(|| self.codes.get(code).map(String::as_str))
    }

    /// The one programme with this crebo, in this learning path where that is said.
    fn of_crebo(&self, crebo: &str, path: Option<LearningPath>) -> Option<&str> {
        let fits = |paths: &[LearningPath]| path.is_none_or(|path| paths.contains(&path));
        let mut found = self.crebos.get(crebo)?.iter().filter(|(_, paths)| fits(paths));
        match (found.next(), found.next()) {
            (Some((code, _)), None) => Some(code),
            _ => None,
        }
    }
}

/// Columns of users.csv and the column of ours that each becomes.
const USER_COLUMNS: [(&str, &str); 9] = [
    ("sourcedId", "sourcedId"),
    ("givenName", "givenName"),
    ("familyName", "familyName"),
    ("email", "schoolEmail"),
    ("metadata.prefix", "prefix"),
    ("metadata.learningPath", "learningPath"),
    ("metadata.accelerated", "accelerated"),
    ("metadata.studyYear", "studyYear"),
    ("metadata.postcode4", "postcode4"),
];

/// Reads the users of an archive who are students of ours.
pub(super) fn read<R: Read + Seek>(
    source: R,
    classes: &Classes,
    sink: &mut dyn FnMut(Line) -> Result<()>,
) -> Result<(), Halt> {
    let mut archive = Archive::open(source)?;
    let manifest = Manifest::read(&mut archive, classes.full)?;
    let own = match &classes.offerer {
        Some(code) if manifest.has_orgs => OwnOrgs::read(&mut archive, code)?,
        _ => OwnOrgs::all(),
    };
    let programmes = programmes_of_classes(&mut archive, classes, &own)?;
    let enrolled = Enrolled::read(&mut archive, &programmes, classes.today)?;
    let mut users = Sheet::open(archive.entry("users.csv")?, &["sourcedId", "status", "givenName", "familyName"])?;
    let taken: Vec<(usize, &str)> =
        USER_COLUMNS.iter().filter_map(|(theirs, ours)| Some((users.column(theirs)?, *ours))).collect();
    let header: StringRecord = taken.iter().map(|(_, ours)| *ours).chain(["programmeCode"]).collect();
    let (status, crebo) = (users.column("status"), users.column("metadata.crebo"));
    let (key, path) = (users.column("sourcedId"), users.column("metadata.learningPath"));
    let org = users.column("primaryOrgSourcedId");
    let mut row = 0;
    while let Some(user) = users.next()? {
        row += 1;
        let cell = |column: Option<usize>| column.and_then(|column| user.get(column)).unwrap_or_default();
        let of_crebo = || classes.of_crebo(cell(crebo), LearningPath::from_code(cell(path)));
        let programme = enrolled.programme_of(cell(key)).or_else(|| of_crebo().filter(|_| own.has(cell(org))));
        let Some(programme) = programme else {
            // A user who left has no enrolment any more; whoever was never ours is not held.
            let gone = cell(status).eq_ignore_ascii_case("tobedeleted").then(|| SourcedId::new(cell(key)).ok());
            sink(gone.flatten().map_or(Line::Skipped, |key| Line::Gone { row, key }))?;
            continue;
        };
        let line = match cell(status).to_ascii_lowercase().as_str() {
            "tobedeleted" => match SourcedId::new(cell(key)) {
                Ok(key) => Line::Gone { row, key },
                Err(rule) => rejected(row, None, "/sourcedId", rule.code),
            },
            "" if manifest.users_are_delta => rejected(row, SourcedId::new(cell(key)).ok(), "/status", REQUIRED),
            "" | "active" => {
                let cells = taken.iter().map(|(column, _)| cell(Some(*column))).chain([programme]);
                line_of(row, &header, &cells.collect())
            }
            _ => rejected(row, SourcedId::new(cell(key)).ok(), "/status", "unknown-value"),
        };
        sink(line)?;
    }
    Ok(())
}

fn rejected(row: u64, key: Option<SourcedId>, pointer: &str, code: &'static str) -> Line {
    Line::Rejected { row, key, faults: vec![RowFault::new(pointer, code)] }
}

/// What the archive says of itself.
struct Manifest {
    users_are_delta: bool,
    has_orgs: bool,
}

impl Manifest {
    /// Reads which files there are and whether the users are a delta; classes and enrollments must
    /// be whole, because a user alone does not tell its programme.
    fn read<R: Read + Seek>(archive: &mut Archive<R>, full: bool) -> Result<Self, Halt> {
        const NEEDED: &[&str] = &["file.users", "file.classes", "file.enrollments"];
        const ORGS: &str = "file.orgs";
        let mut manifest = Sheet::open(archive.entry("manifest.csv")?, &["propertyName", "value"])?;
        let (name, value) = (manifest.column("propertyName"), manifest.column("value"));
        let mut modes: HashMap<String, String> = HashMap::new();
        while let Some(line) = manifest.next()? {
            let cell = |column: Option<usize>| column.and_then(|column| line.get(column)).unwrap_or_default();
            if cell(name) == ORGS || NEEDED.contains(&cell(name)) {
                modes.insert(cell(name).to_owned(), cell(value).to_ascii_lowercase());
            }
        }
        let mode = |name: &str| modes.get(name).map(String::as_str).unwrap_or_default();
        let whole = mode("file.classes") == "bulk" && mode("file.enrollments") == "bulk";
        let has_orgs = mode(ORGS) == "bulk";
        match mode("file.users") {
            "bulk" if whole => Ok(Self { users_are_delta: false, has_orgs }),
            "delta" if whole && !full => Ok(Self { users_are_delta: true, has_orgs }),
            _ => Err(Refusal::expecting("manifest-mismatch", NEEDED).into()),
        }
    }
}

fn programmes_of_classes<R: Read + Seek>(
    archive: &mut Archive<R>,
    known: &Classes,
    own: &OwnOrgs,
) -> Result<HashMap<String, String>, Halt> {
    let mut sheet = Sheet::open(archive.entry("classes.csv")?, &["sourcedId", "classCode"])?;
    let (id, code, org) = (sheet.column("sourcedId"), sheet.column("classCode"), sheet.column("schoolSourcedId"));
    let mut programmes = HashMap::new();
    while let Some(class) = sheet.next()? {
        let cell = |column: Option<usize>| column.and_then(|column| class.get(column)).unwrap_or_default();
        if !own.has(cell(org)) {
            continue;
        }
        if let Some(programme) = known.of_class(cell(id), cell(code)) {
            programmes.insert(cell(id).to_owned(), programme.to_owned());
        }
        if programmes.len() > MOST_ENROLMENTS {
            return Err(Refusal::whole("too-many-classes").into());
        }
    }
    Ok(programmes)
}

/// Which users are students in which programme: a digest of the key and a number each, sorted.
struct Enrolled<'p> {
    programmes: Vec<&'p str>,
    students: Vec<(u128, bool, u32)>,
}

impl<'p> Enrolled<'p> {
    fn read<R: Read + Seek>(
        archive: &mut Archive<R>,
        classes: &'p HashMap<String, String>,
        today: NaiveDate,
    ) -> Result<Self, Halt> {
        let needed = ["classSourcedId", "userSourcedId", "role"];
        let mut sheet = Sheet::open(archive.entry("enrollments.csv")?, &needed)?;
        let [class, user, role, primary, begin, end, status] =
            ["classSourcedId", "userSourcedId", "role", "primary", "beginDate", "endDate", "status"]
                .map(|name| sheet.column(name));
        let mut programmes: Vec<&'p str> = classes.values().map(String::as_str).collect();
        programmes.sort_unstable();
        programmes.dedup();
        let mut students = Vec::new();
        while let Some(enrolment) = sheet.next()? {
            let cell = |column: Option<usize>| column.and_then(|column| enrolment.get(column)).unwrap_or_default();
            let day = |column| NaiveDate::parse_from_str(cell(column), "%Y-%m-%d").ok();
            let holds = day(begin).is_none_or(|begin| begin <= today)
                && day(end).is_none_or(|end| end >= today)
                && !cell(status).eq_ignore_ascii_case("tobedeleted");
            if !holds || !cell(role).eq_ignore_ascii_case("student") {
                continue;
            }
            let Some(programme) = classes.get(cell(class)) else { continue };
            let number = programmes.binary_search(&programme.as_str()).unwrap_or_default();
            let number = u32::try_from(number).unwrap_or_default();
            students.push((key_of(cell(user)), !cell(primary).eq_ignore_ascii_case("true"), number));
            if students.len() > MOST_ENROLMENTS {
                return Err(Refusal::whole("too-many-enrollments").into());
            }
        }
        // The primary enrolment of a student comes first.
        students.sort_unstable();
        Ok(Self { programmes, students })
    }

    fn programme_of(&self, user: &str) -> Option<&str> {
        let key = key_of(user);
        let at = self.students.partition_point(|(other, _, _)| *other < key);
        let (found, _, number) = self.students.get(at)?;
        if *found != key {
            return None;
        }
        self.programmes.get(usize::try_from(*number).ok()?).copied()
    }
}

fn key_of(sourced_id: &str) -> u128 {
    let digest = digest(&SHA256, sourced_id.as_bytes());
    digest.as_ref().first_chunk().copied().map_or(0, u128::from_be_bytes)
}

/// A CSV file of the archive, by the names of its columns.
pub(super) struct Sheet<R> {
    table: Table<R>,
    header: StringRecord,
}

impl<R: Read> Sheet<R> {
    pub(super) fn open(source: R, needed: &[&'static str]) -> Result<Self, Halt> {
        let mut table = Table::open(source, b',');
        let header = table.next_row()?.cloned().unwrap_or_default();
        let mark = std::str::from_utf8(BYTE_ORDER_MARK).unwrap_or_default();
        let header: StringRecord = header.iter().map(|name| name.trim_start_matches(mark).trim_matches('"')).collect();
        if needed.iter().all(|name| header.iter().any(|given| given == *name)) {
            Ok(Self { table, header })
        } else {
            Err(Refusal::expecting(HEADER_WRONG, needed).into())
        }
    }

    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|given| given == name)
    }

    pub(super) fn next(&mut self) -> Result<Option<&StringRecord>, Halt> {
        self.table.next_row()
    }
}
