use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;

use super::{Classes, Form, Halt, Line, read};
use crate::kernel::formats::EducationOffererCode;

/// What became of a file: its lines in short, and why it was refused, if it was.
fn shown(form: Form, bytes: &[u8], classes: &Classes) -> (Vec<String>, Option<(&'static str, Option<u64>)>) {
    let mut lines = Vec::new();
    let outcome = read(form, Cursor::new(bytes), classes, &mut |line| {
        lines.push(match line {
            Line::Present { row, student } => format!("{row} {} {}", student.sourced_id, student.programme_code),
            Line::Gone { row, key } => format!("{row} {key} gone"),
            Line::Skipped => "skipped".to_owned(),
            Line::Rejected { row, key, faults } => {
                let faults: Vec<String> =
                    faults.iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect();
                let key = key.map(|key| key.to_string()).unwrap_or_default();
                format!("{row} {key} rejected: {}", faults.join(", "))
            }
        });
        Ok(())
    });
    let refused = match outcome {
        Ok(()) => None,
        Err(Halt::Refused(refusal)) => Some((refusal.code, refusal.row)),
        Err(Halt::Failed(error)) => panic!("{error}"),
    };
    (lines, refused)
}

fn read_as(form: Form, text: &str) -> (Vec<String>, Option<(&'static str, Option<u64>)>) {
    shown(form, text.as_bytes(), &Classes::default())
}

const GOOD: &str = r#"{"sourcedId":"demo-1","givenName":"Voorbeeld","familyName":"Eén","programmeCode":"DA-BOL"}"#;

/// A good row with more properties.
fn with(more: &str) -> String {
    format!("{},{more}}}", GOOD.trim_end_matches('}'))
}

#[test]
fn the_same_students_come_out_of_every_form() {
    let expected = vec!["1 demo-1 DA-BOL".to_owned(), "2 demo-2 gone".to_owned()];
    let gone = r#"{"sourcedId":"demo-2","active":false}"#;
    let array = format!("\u{feff} [ {GOOD} ,\n{gone}] \n");
    assert_eq!(read_as(Form::Json, &array), (expected.clone(), None));
    assert_eq!(read_as(Form::Ndjson, &format!("{GOOD}\r\n\n{gone}")), (expected.clone(), None));
    for (delimiter, mark) in [(",", ""), (";", "\u{feff}")] {
        let csv = format!(
            "{mark}sourcedId,givenName,familyName,programmeCode,active\r\n\
             demo-1,\"Voorbeeld\",Eén,DA-BOL,\r\ndemo-2,,,,ONWAAR\r\n"
        );
        assert_eq!(read_as(Form::Csv, &csv.replace(',', delimiter)), (expected.clone(), None));
    }
}

#[test]
fn nobody_is_on_an_empty_roster() {
    assert_eq!(read_as(Form::Json, "[]"), (vec![], None));
    assert_eq!(read_as(Form::Ndjson, "\n"), (vec![], None));
    assert_eq!(read_as(Form::Csv, "sourcedId,givenName,familyName,programmeCode\n"), (vec![], None));
    assert_eq!(read_as(Form::Json, ""), (vec![], Some(("file-unreadable", None))));
    assert_eq!(read_as(Form::Csv, ""), (vec![], Some(("header-wrong", None))));
}

#[test]
fn an_absent_column_leaves_and_an_empty_cell_clears() {
    use crate::http::patch::Patch;
    let csv = "sourcedId,givenName,familyName,programmeCode,prefix,studyYear,availableDays,cohortSchoolYear,cohortForm\n\
               demo-1,Voorbeeld,Een,DA,,2,monday|friday,2018-2019,shortened\n";
    let mut seen = None;
    read(Form::Csv, Cursor::new(csv), &Classes::default(), &mut |line| {
        seen = Some(line);
        Ok(())
    })
    .unwrap();
    let Some(Line::Present { student, .. }) = seen else { panic!("{seen:?}") };
    assert_eq!(student.prefix, Patch::Null);
    assert_eq!(student.school_email, Patch::Absent);
    assert_eq!(student.study_year, Patch::Value(2));
    assert_eq!(student.available_days.value().map(Vec::len), Some(2));
    assert_eq!(student.cohort.value().unwrap().school_year.as_str(), "2018-2019");
}

#[test]
fn a_bad_row_is_a_bad_row_and_names_what_is_wrong() {
    let cases = [
        (with(r#""birthDate":"2000-01-01""#), "1 demo-1 rejected: /birthDate unknown-property"),
        (with(r#""111222333":1"#), "1 demo-1 rejected:  unknown-property"),
        (with(r#""111222333`x":1"#), "1 demo-1 rejected:  unknown-property"),
        (with(r#""studyYear":9"#), "1 demo-1 rejected: /studyYear out-of-range"),
        (with(r#""studyYear":"1""#), "1 demo-1 rejected: /studyYear wrong-type"),
        (with(r#""maxTravelMinutes":0"#), "1 demo-1 rejected: /maxTravelMinutes out-of-range"),
        (with(r#""learningPath":null"#), "1 demo-1 rejected: /learningPath unknown-value"),
        (with(r#""learningPath":"BOL""#), "1 demo-1 rejected: /learningPath unknown-value"),
        (with(r#""schoolEmail":"nobody""#), "1 demo-1 rejected: /schoolEmail malformed"),
        (with(r#""postcode4":"5038EA""#), "1 demo-1 rejected: /postcode4 malformed"),
        (with(r#""availableFrom":"2019-02-30""#), "1 demo-1 rejected: /availableFrom malformed"),
        (
            with(r#""availableFrom":"2019-02-02","availableUntil":"2019-02-01""#),
            "1 demo-1 rejected: /availableUntil ends-before-start",
        ),
        (with(r#""availableDays":[]"#), "1 demo-1 rejected: /availableDays too-few-items"),
        (with(r#""availableDays":["monday","monday"]"#), "1 demo-1 rejected: /availableDays duplicate-item"),
        (with(r#""prefix":"111222333""#), "1 demo-1 rejected: /prefix bsn-like"),
        (
            with(r#""cohort":{"schoolYear":"2018-2020","form":"regular"}"#),
            "1 demo-1 rejected: /cohort/schoolYear malformed",
        ),
        (with(r#""givenName":"Twee""#), "1 demo-1 rejected: /givenName duplicate-property"),
        (GOOD.replace("Voorbeeld", " "), "1 demo-1 rejected: /givenName too-short"),
        (GOOD.replace("Voorbeeld", "a\\u0000b"), "1 demo-1 rejected: /givenName refused-character"),
        (GOOD.replace("Voorbeeld", &"x".repeat(101)), "1 demo-1 rejected: /givenName too-long"),
        (GOOD.replace("demo-1", "geen sleutel"), "1  rejected: /sourcedId malformed"),
        (GOOD.replace("sourcedId", "id"), "1  rejected: /id unknown-property"),
        (
            r#"{"sourcedId":"demo-1"}"#.to_owned(),
            "1 demo-1 rejected: /givenName required, /familyName required, /programmeCode required",
        ),
        (r#"{"sourcedId":"demo-1","active":truee}"#.to_owned(), "1  rejected:  malformed"),
    ];
    for (row, expected) in cases {
        let more = r#"{"sourcedId":"demo-9","active":false}"#;
        let (lines, refused) = read_as(Form::Json, &format!("[{row},{more}]"));
        assert_eq!((lines[0].as_str(), refused), (expected, None));
        assert_eq!(lines[1], "2 demo-9 gone", "reading goes on");
        let (lines, _) = read_as(Form::Ndjson, &format!("{row}\n{more}"));
        assert_eq!((lines[0].as_str(), lines[1].as_str()), (expected, "2 demo-9 gone"));
    }
}

#[test]
fn a_bad_row_of_cells_names_its_column() {
    let head =
        "sourcedId;givenName;familyName;programmeCode;studyYear;accelerated;availableDays;cohortSchoolYear;cohortForm";
    let cases = [
        ("demo-1;Voorbeeld;Een;DA", "1 demo-1 rejected:  wrong-number-of-cells"),
        ("demo-1;Voorbeeld;Een;DA;;;;;;", "1 demo-1 rejected:  wrong-number-of-cells"),
        ("demo-1;;Een;DA;;;;;", "1 demo-1 rejected: /givenName required"),
        ("demo-1;Voorbeeld;Een;DA;een;;;;", "1 demo-1 rejected: /studyYear wrong-type"),
        ("demo-1;Voorbeeld;Een;DA;7;;;;", "1 demo-1 rejected: /studyYear out-of-range"),
        ("demo-1;Voorbeeld;Een;DA;;misschien;;;", "1 demo-1 rejected: /accelerated wrong-type"),
        ("demo-1;Voorbeeld;Een;DA;;;maandag;;", "1 demo-1 rejected: /availableDays unknown-value"),
        ("demo-1;Voorbeeld;Een;DA;;;;;regular", "1 demo-1 rejected: /cohortSchoolYear required"),
        ("demo-1;Voorbeeld;Een;DA;;;;2018-2019;", "1 demo-1 rejected: /cohortForm required"),
        ("demo-1;111222333;Een;DA;;;;;", "1 demo-1 rejected: /givenName bsn-like"),
        (";Voorbeeld;Een;DA;;;;;", "1  rejected: /sourcedId too-short"),
    ];
    for (row, expected) in cases {
        let (lines, refused) = read_as(Form::Csv, &format!("{head}\n{row}\n"));
        assert_eq!((lines[0].as_str(), refused), (expected, None), "{row}");
    }
}

#[test]
fn what_is_no_such_file_is_refused_with_the_row() {
    let long = "x".repeat(70_000);
    let cases: Vec<(Form, Vec<u8>, &str, Option<u64>)> = vec![
        (Form::Json, b"{}".to_vec(), "file-unreadable", None),
        (Form::Json, format!("[{GOOD},5]").into_bytes(), "file-unreadable", Some(2)),
        (Form::Json, format!("[{GOOD},]").into_bytes(), "file-unreadable", Some(2)),
        (Form::Json, format!("[{GOOD}").into_bytes(), "file-truncated", Some(1)),
        (Form::Json, GOOD.replacen('{', "[{", 1).trim_end_matches('}').as_bytes().to_vec(), "file-truncated", Some(1)),
        (Form::Json, format!("[{GOOD}]]").into_bytes(), "file-unreadable", Some(2)),
        (Form::Json, format!("[{}]", GOOD.replace("Voorbeeld", &long)).into_bytes(), "row-too-long", Some(1)),
        (Form::Json, b"[{\"sourcedId\":\"a\",\"givenName\":\"Andr\xE9\"}]".to_vec(), "not-utf8", Some(1)),
        (Form::Ndjson, [GOOD.as_bytes(), b"\n{\"givenName\":\"Andr\xE9\"}"].concat(), "not-utf8", Some(2)),
        (Form::Ndjson, b"\xFF\xFE{\0}\0".to_vec(), "not-utf8", Some(1)),
        (Form::Csv, b"sourcedId,givenName,familyName,programmeCode\na,Andr\xE9,B,C\n".to_vec(), "not-utf8", Some(1)),
        (
            Form::Csv,
            format!("sourcedId,givenName,familyName,programmeCode\na,\"{}", "b,c\n".repeat(30_000)).into_bytes(),
            "row-too-long",
            Some(1),
        ),
        (Form::Csv, b"studentnummer,voornaam\n1,2\n".to_vec(), "header-wrong", None),
        (Form::Csv, b"sourcedId,givenName,familyName\n".to_vec(), "header-wrong", None),
        (Form::Csv, b"sourcedId,givenName,familyName,programmeCode,birthDate\n".to_vec(), "header-wrong", None),
        (Form::Csv, b"sourcedId,givenName,familyName,programmeCode,prefix,prefix\n".to_vec(), "header-wrong", None),
        (Form::OneRoster, b"no zip".to_vec(), "file-unreadable", None),
    ];
    for (form, bytes, code, row) in cases {
        let (_, refused) = shown(form, &bytes, &Classes::default());
        assert_eq!(refused, Some((code, row)), "{form:?} {:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(80)]));
    }
}

#[test]
fn a_line_that_is_too_long_or_cut_off_is_one_bad_row() {
    let long = GOOD.replace("Voorbeeld", &"x".repeat(70_000));
    let (lines, refused) = read_as(Form::Ndjson, &format!("{long}\n{GOOD}\n{}", &GOOD[..40]));
    assert_eq!(lines, ["1  rejected:  row-too-long", "2 demo-1 DA-BOL", "3  rejected:  malformed"]);
    assert_eq!(refused, None);
}

fn zipped(files: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        archive.start_file(*name, options).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn known(full: bool) -> Classes {
    Classes {
        mapped: [("class-1".to_owned(), "DA-BOL".to_owned())].into(),
        codes: ["DA-BOL".to_owned(), "DA-BBL".to_owned()].into(),
        crebos: [("25695".to_owned(), vec![("DA-BBL".to_owned(), vec![])])].into(),
        today: chrono::NaiveDate::from_ymd_opt(2019, 3, 31).unwrap(),
        offerer: EducationOffererCode::new("990A001").ok(),
        full,
    }
}

const BULK: &str =
    "propertyName,value\nmanifest.version,1.0\nfile.users,bulk\nfile.classes,bulk\nfile.enrollments,bulk\n";
const CLASS_FILE: &str = "sourcedId,status,title,classCode\nclass-1,,1A,X\nclass-2,,1B,DA-BBL\nclass-3,,Kok,KOK\n";
const ENROLMENTS: &str = "sourcedId,status,classSourcedId,userSourcedId,role,primary,beginDate,endDate\n\
    1,,class-1,demo-1,student,true,,\n2,,class-2,demo-1,student,false,,\n3,,class-2,demo-2,student,,,\n\
    4,,class-3,demo-3,student,,,\n5,,class-1,demo-4,teacher,,,\n6,,class-1,demo-5,student,,2018-01-01,2018-12-31\n";
const USERS: &str = "\u{feff}sourcedId,status,givenName,familyName,email,phone,metadata.prefix,metadata.crebo\n\
    demo-1,,Voorbeeld,Een,een@example.org,0,van,\ndemo-2,,Voorbeeld,Twee,,,,\ndemo-3,,Kok,Drie,,,,\n\
    demo-4,,Docent,Vier,,,,\ndemo-5,,Oud,Vijf,,,,\ndemo-6,,Voorbeeld,Zes,,,,25695\n";

#[test]
fn of_oneroster_only_the_students_of_registered_programmes_are_taken() {
    let files =
        [("manifest.csv", BULK), ("classes.csv", CLASS_FILE), ("enrollments.csv", ENROLMENTS), ("users.csv", USERS)];
    let (lines, refused) = shown(Form::OneRoster, &zipped(&files), &known(true));
    assert_eq!(refused, None);
    assert_eq!(lines, ["1 demo-1 DA-BOL", "2 demo-2 DA-BBL", "skipped", "skipped", "skipped", "6 demo-6 DA-BBL"]);
}

#[test]
fn of_an_archive_of_several_schools_only_the_own_one_is_read() {
    let manifest = BULK.to_owned() + "file.orgs,bulk\n";
    let classes = "sourcedId,classCode,schoolSourcedId\nclass-1,X,college\nclass-2,DA-BBL,elsewhere\n";
    let users = "sourcedId,status,givenName,familyName,primaryOrgSourcedId,metadata.crebo\n\
                 demo-1,,A,B,college,\ndemo-2,,A,B,elsewhere,\ndemo-6,,A,B,elsewhere,25695\ndemo-7,,A,B,roc,25695\n";
    let read = |orgs: &str| {
        let files = [
            ("manifest.csv", manifest.as_str()),
            ("orgs.csv", orgs),
            ("classes.csv", classes),
            ("enrollments.csv", ENROLMENTS),
            ("users.csv", users),
        ];
        shown(Form::OneRoster, &zipped(&files), &known(true))
    };
    let orgs = "sourcedId,name,type,identifier,parentSourcedId\ncollege,College,department,,roc\nroc,ROC,school,990A001,\n\
                elsewhere,Anders,school,990A002,\n";
    let (lines, refused) = read(orgs);
    assert_eq!(refused, None);
    assert_eq!(lines, ["1 demo-1 DA-BOL", "skipped", "skipped", "4 demo-7 DA-BBL"]);
    let (_, refused) = read(&orgs.replace("990A001", "990A003"));
    assert_eq!(refused, Some(("other-school", None)));
    let (lines, _) = read("sourcedId,name,identifier\nroc,ROC,25XX\n");
    assert_eq!(lines, ["1 demo-1 DA-BOL", "2 demo-2 DA-BBL", "3 demo-6 DA-BBL", "4 demo-7 DA-BBL"]);
}

#[test]
fn a_oneroster_delta_says_who_left_and_needs_a_status() {
    let manifest = BULK.replace("file.users,bulk", "file.users,delta");
    let users = "sourcedId,status,givenName,familyName\ndemo-1,active,A,B\ndemo-2,,A,B\ndemo-9,tobedeleted,A,B\n";
    let files = [
        ("manifest.csv", manifest.as_str()),
        ("classes.csv", CLASS_FILE),
        ("enrollments.csv", ENROLMENTS),
        ("users.csv", users),
    ];
    let (lines, _) = shown(Form::OneRoster, &zipped(&files), &known(false));
    assert_eq!(lines, ["1 demo-1 DA-BOL", "2 demo-2 rejected: /status required", "3 demo-9 gone"]);
    let (_, refused) = shown(Form::OneRoster, &zipped(&files), &known(true));
    assert_eq!(refused, Some(("manifest-mismatch", None)), "a delta cannot stand for everybody");
}

#[test]
fn an_archive_that_lacks_a_file_or_unpacks_to_too_much_is_refused() {
    let (_, refused) = shown(Form::OneRoster, &zipped(&[("users.csv", USERS)]), &known(true));
    assert_eq!(refused, Some(("archive-file-missing", None)));
    let bomb = format!("{USERS}{}", "demo-1,,Voorbeeld,Een,een@example.org,0,van,\n".repeat(200_000));
    let files =
        [("manifest.csv", BULK), ("classes.csv", CLASS_FILE), ("enrollments.csv", ENROLMENTS), ("users.csv", &bomb)];
    let (_, refused) = shown(Form::OneRoster, &zipped(&files), &known(true));
    assert_eq!(refused, Some(("archive-too-large", None)));
    let many: Vec<(String, &str)> = (0..100).map(|number| (format!("{number}.csv"), "")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    let (_, refused) = shown(Form::OneRoster, &zipped(&many), &known(true));
    assert_eq!(refused, Some(("archive-unsupported", None)));
    let whole = zipped(&[("manifest.csv", BULK), ("classes.csv", CLASS_FILE)]);
    let (_, refused) = shown(Form::OneRoster, &whole[..whole.len() / 2], &known(true));
    assert_eq!(refused, Some(("file-unreadable", None)));
}
