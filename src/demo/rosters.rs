//! A roster that a school tries out, and a class of its own system: both change no student.

use serde_json::json;

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
    let roster = json!([{
        "sourcedId": "demo-scalda-9001",
        "givenName": "Voorbeeld",
        "familyName": "Rooster",
        "programmeCode": programme.body.get("code"),
    }]);
    let path = "/v1/roster-imports?mode=delta&dryRun=true";
    world.api.post(&token, path, "roster demo", &roster).await.map(drop)
}
