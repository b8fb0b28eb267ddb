//! Who waits for a seat: of every third student the school asks its region for one. One of them
//! has priority, one found a place without us.

use chrono::{Datelike as _, NaiveDate, Weekday};
use serde_json::json;

use super::calls::Answer;
use super::data::{Body, Client};
use super::error::LoadError;
use super::world::World;

/// Every how many students one asks.
const ONE_IN: usize = 3;

/// Asks for a seat for a student of a school, if its turn is to ask; `index` counts the students
/// of the school from 0.
pub(super) async fn ask(world: &World<'_>, client: &Client, index: usize, student: &Answer) -> Result<(), LoadError> {
    let (Some(region), 0) = (world.data.home_of(&client.organisation), index % ONE_IN) else { return Ok(()) };
    let (starts_on, ends_on) = next_half_year(world.today)
        .ok_or_else(|| LoadError::inconsistent(format!("no half-year after {}", world.today)))?;
    let path = "/v1/placement-requests";
    let name = format!("request {} {index}", client.organisation);
    let wish = if index.is_multiple_of(2) { json!([{ "text": "Dicht bij een station" }]) } else { json!([]) };
    let body = Body::from_iter([
        ("studentId".to_owned(), json!(student.text("id")?)),
        ("regionId".to_owned(), json!(region.key)),
        ("startsOn".to_owned(), json!(starts_on)),
        ("endsOn".to_owned(), json!(ends_on)),
        ("wishes".to_owned(), wish),
    ]);
    let entered = world.post(client, path, &name, &body).await?;
    let path = format!("{path}/{}", entered.text("id")?);
    match index / ONE_IN {
        2 => {
            let own = json!({ "to": "withdrawn", "reasonCode": "own-place" });
            let path = format!("{path}/transitions");
            world.api.post(&world.token(client)?, &path, &format!("withdraw {name}"), &own).await.map(drop)
        }
        3 => {
            let bureau = world.token(world.data.bureau(&region.key)?)?;
            let standing = world.api.get(&bureau, &path).await?;
            let priority = json!({ "priority": "placement-ended" });
            world.api.patch(&bureau, &format!("{path}/ranking"), &standing, &priority).await
        }
        _ => Ok(()),
    }
}

/// The first half of the school year that begins next: from the first Monday of September until the
/// end of January.
fn next_half_year(today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let begin = |year| NaiveDate::from_weekday_of_month_opt(year, 9, Weekday::Mon, 1);
    let this_year = begin(today.year()).filter(|begin| today < *begin);
    let starts_on = this_year.or_else(|| begin(today.year() + 1))?;
    Some((starts_on, NaiveDate::from_ymd_opt(starts_on.year() + 1, 1, 31)?))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::next_half_year;

    fn after(day: &str) -> (String, String) {
        let (starts_on, ends_on) = next_half_year(day.parse::<NaiveDate>().unwrap()).unwrap();
        (starts_on.to_string(), ends_on.to_string())
    }

    #[test]
    fn a_seat_is_asked_for_the_half_year_that_comes() {
        assert_eq!(after("2019-03-31"), ("2019-09-02".to_owned(), "2020-01-31".to_owned()));
        assert_eq!(after("2019-09-01").0, "2019-09-02");
        assert_eq!(after("2019-09-02"), ("2020-09-07".to_owned(), "2021-01-31".to_owned()));
    }
}
