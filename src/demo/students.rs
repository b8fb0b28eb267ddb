//! Students that nobody could take for real ones: of every cohort that has started a handful, and a
//! roster full of one, named after numbers. A rule makes them, so that no list of people stands in
//! the source.

use futures_util::future::try_join_all;
use serde_json::{Value, json};

use super::data::{Client, Cohort, Data, Programme, text};
use super::error::LoadError;
use super::requests;
use super::world::{Collection, World};

/// Students of one cohort.
const OF_A_COHORT: usize = 16;

/// Students on a roster; they are counted from here on.
const ON_A_ROSTER: std::ops::Range<usize> = 1000..1200;

/// The school year in which the demo world plays.
const SCHOOL_YEAR: i32 = 2018;

const GIVEN: [&str; 5] = ["Voorbeeld", "Proef", "Demo", "Fictie", "Schijn"];
const FAMILY: [&str; 12] =
    ["Een", "Twee", "Drie", "Vier", "Vijf", "Zes", "Zeven", "Acht", "Negen", "Tien", "Elf", "Twaalf"];
const PREFIX: [Option<&str>; 4] = [None, None, None, Some("van den")];
const DAYS: [&[&str]; 3] =
    [&["monday", "tuesday"], &["tuesday", "wednesday", "thursday"], &["monday", "wednesday", "thursday", "friday"]];

/// The area in which a school's students live: the first of its postcodes.
const AREAS: [(&str, u64); 5] =
    [("roc-tilburg", 5011), ("albeda", 3072), ("scalda", 4331), ("deltion", 8011), ("che", 6711)];

/// A student of the demo world, as far as it is counted out.
struct Counted<'d> {
    programme: &'d Programme,
    cohort: &'d Cohort,
    /// The calendar year in which the cohort began.
    began: i32,
    /// Which student of the school, from 0.
    index: usize,
}

/// Enters the students of every school; the programmes are there.
pub(super) async fn enter(world: &World<'_>) -> Result<(), LoadError> {
    let mut schools: Vec<&str> = world.data.programmes.iter().map(|programme| programme.school.as_str()).collect();
    schools.sort_unstable();
    schools.dedup();
    try_join_all(schools.into_iter().map(|school| enter_school(world, school))).await.map(drop)
}

async fn enter_school(world: &World<'_>, school: &str) -> Result<(), LoadError> {
    let client = world.data.client_of(school);
    let client = client.ok_or_else(|| LoadError::inconsistent(format!("no client of {school}")))?;
    let mut index = 0;
    for programme in world.data.programmes.iter().filter(|programme| programme.school == school) {
        for cohort in &programme.cohorts {
            for _ in 0..OF_A_COHORT {
                if let Some(began) = started(cohort) {
                    enter_student(world, client, &Counted { programme, cohort, began, index }).await?;
                    index += 1;
                }
            }
        }
    }
    Ok(())
}

/// The calendar year in which a cohort began, if it has.
fn started(cohort: &Cohort) -> Option<i32> {
    let began = text(&cohort.body, "schoolYear").get(..4).and_then(|year| year.parse().ok());
    began.filter(|began| *began <= SCHOOL_YEAR)
}

/// The rows of a school's newest cohort: as many students again, as its own system would hand them over.
pub(super) fn roster_of(data: &Data, school: &str) -> Vec<Value> {
    let programmes = data.programmes.iter().filter(|programme| programme.school == school);
    let cohorts = programmes.flat_map(|programme| programme.cohorts.iter().map(move |cohort| (programme, cohort)));
    let begun = cohorts.filter_map(|(programme, cohort)| Some((started(cohort)?, programme, cohort)));
    let Some((began, programme, cohort)) = begun.max_by_key(|(began, ..)| *began) else { return Vec::new() };
    let path = programme.body.get("learningPaths").and_then(|paths| paths.get(0));
    let row = |index| {
        let counted = Counted { programme, cohort, began, index };
        let mut row = body_of(&counted);
        if let Some(row) = row.as_object_mut() {
            row.insert("sourcedId".to_owned(), json!(key_of(&counted)));
            row.insert("learningPath".to_owned(), json!(path));
        }
        row
    };
    ON_A_ROSTER.map(row).collect()
}

async fn enter_student(world: &World<'_>, client: &Client, counted: &Counted<'_>) -> Result<(), LoadError> {
    let school = world.id(Collection::Organisations, &counted.programme.school)?;
    let key = key_of(counted);
    let path = format!("/v1/schools/{school}/students/{key}");
    let entered = world.api.put(&world.token(client)?, &path, &body_of(counted)).await?;
    world.learn(Collection::Students, &key, entered.text("id")?);
    let periods = format!("/v1/students/{}/learning-path-periods", entered.text("id")?);
    for (step, period) in periods_of(counted).iter().enumerate() {
        world.api.post(&world.token(client)?, &periods, &format!("path {key} {step}"), period).await?;
    }
    requests::ask(world, client, counted.index, &entered).await
}

fn key_of(counted: &Counted<'_>) -> String {
    key(&counted.programme.school, counted.index + 1)
}

/// The key of a school's student, counted from 1.
pub(super) fn key(school: &str, number: usize) -> String {
    format!("demo-{school}-{number:04}")
}

fn body_of(counted: &Counted<'_>) -> Value {
    let Counted { programme, cohort, began, index } = counted;
    let area = AREAS.iter().find(|(school, _)| *school == programme.school).map_or(3511, |(_, area)| *area);
    let most = programme.body.get("studyYears").and_then(Value::as_i64).unwrap_or(1);
    json!({
        "givenName": pick(&GIVEN, index / FAMILY.len()),
        "prefix": pick(&PREFIX, *index),
        "familyName": pick(&FAMILY, *index),
        "schoolEmail": format!("{}@example.org", key_of(counted)),
        "programmeCode": text(&programme.body, "code"),
        "cohort": { "schoolYear": text(&cohort.body, "schoolYear"), "form": text(&cohort.body, "form") },
        "studyYear": most.min(i64::from(SCHOOL_YEAR - began) + 1),
        "postcode4": (area + 3 * (*index as u64 % 20)).to_string(),
        "availableFrom": "2018-09-03",
        "availableUntil": "2019-07-05",
        "availableDays": pick(&DAYS, *index),
        "maxTravelMinutes": 30 + 15 * (index % 3),
    })
}

/// How the student learned: most in one path all along, every fourth in the other path of the
/// programme, every eighth of the oldest going over from one to the other.
fn periods_of(counted: &Counted<'_>) -> Vec<Value> {
    let Counted { programme, began, index, .. } = counted;
    let paths: Vec<&str> = programme
        .body
        .get("learningPaths")
        .and_then(Value::as_array)
        .map_or_else(Vec::new, |paths| paths.iter().filter_map(Value::as_str).collect());
    let (Some(first), second) = (paths.first(), paths.get(1)) else { return Vec::new() };
    let since = format!("{began}-09-01");
    let period =
        |path: &str, from: &str| json!({ "learningPath": path, "effectiveFrom": from, "accelerated": index % 7 == 6 });
    match second {
        Some(second) if index % 8 == 1 => vec![period(first, &since), period(second, "2019-02-04")],
        Some(second) if index % 4 == 3 => vec![period(second, &since)],
        _ => vec![period(first, &since)],
    }
}

fn pick<T: Copy>(list: &[T], index: usize) -> Option<T> {
    list.get(index % list.len().max(1)).copied()
}
