//! The rosters of two schools: one hands its newest cohort over, the other tries out how that goes,
//! with a class of its own system. They are applied by whoever serves.

use serde_json::{Value, json};

use super::error::LoadError;
use super::students;
use super::world::{Collection, World};

/// The school that hands its students over.
const SYNCING: &str = "deltion";
/// The school that tries it.
const TRYING: &str = "scalda";

/// Hands both rosters over; the students are there.
pub(super) async fn enter(world: &World<'_>) -> Result<(), LoadError> {
    hand_over(world, SYNCING, "mode=delta", &json!(students::roster_of(world.data, SYNCING))).await?;
    let Some(programme) = world.data.programmes.iter().find(|programme| programme.school == TRYING) else {
        return Ok(());
    };
    let class = json!({
        "classSourcedId": "demo-klas-1a",
        "programmeId": world.id(Collection::Programmes, &programme.key)?,
    });
    let token = token(world, TRYING)?;
    world.api.post(&token, "/v1/roster-class-mappings", "class demo-klas-1a", &class).await?;
    let roster = json!([{
        "sourcedId": "demo-scalda-9001",
        "givenName": "Voorbeeld",
        "familyName": "Rooster",
        "programmeCode": programme.body.get("code"),
    }]);
    hand_over(world, TRYING, "mode=delta&dryRun=true", &roster).await
}

async fn hand_over(world: &World<'_>, school: &str, options: &str, roster: &Value) -> Result<(), LoadError> {
    let token = token(world, school)?;
    if world.resumed {
        give_up_unfinished(world, &token).await?;
    }
    let path = format!("/v1/roster-imports?{options}");
    world.api.post(&token, &path, &format!("roster {school}"), roster).await.map(drop)
}

fn token(world: &World<'_>, school: &str) -> Result<String, LoadError> {
    let client = world.data.client_of(school);
    world.token(client.ok_or_else(|| LoadError::inconsistent(format!("no client of {school}")))?)
}

/// Cancels what an interrupted load left of its upload: it would stand in the way of the same one.
async fn give_up_unfinished(world: &World<'_>, token: &str) -> Result<(), LoadError> {
    let imports = world.api.get(token, "/v1/roster-imports?status=receiving").await?;
    for import in imports.body.get("items").and_then(Value::as_array).into_iter().flatten() {
        if let Some(id) = import["id"].as_str() {
            let path = format!("/v1/roster-imports/{id}/transitions");
            world.api.post(token, &path, &format!("cancel {id}"), &json!({ "to": "cancelled" })).await?;
        }
    }
    Ok(())
}
