//! Who waits for a seat: of every third student the school asks its region for one. One of them
//! has priority, one found a place without us.

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
    let path = "/v1/placement-requests";
    let name = format!("request {} {index}", client.organisation);
    let wish = if index.is_multiple_of(2) { json!([{ "text": "Dicht bij een station" }]) } else { json!([]) };
    let body = Body::from_iter([
        ("studentId".to_owned(), json!(student.text("id")?)),
        ("regionId".to_owned(), json!(region.key)),
        ("startsOn".to_owned(), json!("2019-09-02")),
        ("endsOn".to_owned(), json!("2020-01-31")),
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
