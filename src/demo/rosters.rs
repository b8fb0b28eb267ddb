//! A roster that a school tries out, and a class of its own system: both change no student.

use serde_json::{Value, json};

use super::error::LoadError;
use super::world::{Collection, World};

/// The school that tries it.
const SCHOOL: &str = "scalda";

/// Hands a roster over as a dry run; the students are there.
pub(super) async fn enter(world: &World<'_>) -> Result<(), LoadError> {
    let Some(programme) = world.data.programmes.iter().find(|programme| programme.school == SCHOOL) else {
        return Ok(());
    };
    let client = world.data.client_of(SCHOOL);
    let client = client.ok_or_else(|| LoadError::inconsistent(format!("no client of {SCHOOL}")))?;
    let token = world.token(client)?;
    let class = json!({
        "classSourcedId": "demo-klas-1a",
        "programmeId": world.id(Collection::Programmes, &programme.key)?,
    });
    world.api.post(&token, "/v1/roster-class-mappings", "class demo-klas-1a", &class).await?;
    if world.resumed {
        give_up_unfinished(world, &token).await?;
    }
    let roster = json!([{
        "sourcedId": "demo-scalda-9001",
        "givenName": "Voorbeeld",
        "familyName": "Rooster",
        "programmeCode": programme.body.get("code"),
    }]);
    let path = "/v1/roster-imports?mode=delta&dryRun=true";
    world.api.post(&token, path, "roster demo", &roster).await.map(drop)
}

/// Cancels what an interrupted load left of its upload: it would stand in the way of the same one.
async fn give_up_unfinished(world: &World<'_>, token: &str) -> Result<(), LoadError> {
    let imports = world.api.get(token, "/v1/roster-imports?limit=200").await?;
    for import in imports.body.get("items").and_then(Value::as_array).into_iter().flatten() {
        if let (Some(id), Some("receiving" | "queued")) = (import["id"].as_str(), import["status"].as_str()) {
            let path = format!("/v1/roster-imports/{id}/transitions");
            world.api.post(token, &path, &format!("cancel {id}"), &json!({ "to": "cancelled" })).await?;
        }
    }
    Ok(())
}
