//! What bureaus and hosts enter about a region: memberships and what else the bureau records,
//! sites, recognitions, hosting intents and mandates.

use serde_json::{Value, json};

use super::data::{Body, Client, Region, text};
use super::error::LoadError;
use super::world::{Collection, World};

/// A membership that has ended, as the API knows it.
pub(super) struct Former<'d> {
    bureau: &'d Client,
    path: String,
    ended_on: &'d str,
}

/// Enters one region; returns the memberships that are to end when all else is loaded.
pub(super) async fn enter<'d>(world: &World<'d>, region: &'d Region) -> Result<Vec<Former<'d>>, LoadError> {
    let (data, bureau) = (world.data, world.data.bureau(&region.key)?);
    let path = format!("/v1/regions/{}", world.id(Collection::Regions, &region.key)?);
    let former = enter_memberships(world, region, bureau, &format!("{path}/memberships")).await?;
    world.post_all(bureau, &format!("{path}/contact-assignments"), &region.contact_assignments).await?;
    world.post_all(bureau, &format!("{path}/readiness-rules"), &region.readiness_rules).await?;
    world.post_all(bureau, &format!("{path}/workforce-needs"), &region.workforce_needs).await?;
    for organisation in &data.organisations {
        if data.home_of(&organisation.key).is_none_or(|home| home.key != region.key) {
            continue;
        }
        let writer = data.writer_for(&organisation.key, &region.key)?;
        let path = format!("/v1/organisations/{}", world.id(Collection::Organisations, &organisation.key)?);
        for site in &organisation.sites {
            let entered =
                world.post(writer, &format!("{path}/sites"), &format!("site {}", site.key), &site.body).await?;
            world.learn(Collection::Sites, &site.key, entered.text("id")?);
        }
        let of_organisation = data.recognitions.iter().filter(|found| found.organisation == organisation.key);
        let recognitions: Vec<Body> = of_organisation.map(|found| found.body.clone()).collect();
        world.post_all(bureau, &format!("{path}/recognitions"), &recognitions).await?;
    }
    enter_intents(world, region).await?;
    enter_mandates(world, region, bureau).await?;
    Ok(former)
}

async fn enter_memberships<'d>(
    world: &World<'d>,
    region: &'d Region,
    bureau: &'d Client,
    path: &str,
) -> Result<Vec<Former<'d>>, LoadError> {
    let mut former = Vec::new();
    for member in &region.memberships {
        let name = format!("{} in {}", text(&member.body, "organisationId"), region.key);
        let entered = world.post(bureau, path, &name, &member.body).await?;
        if let Some(ended_on) = &member.effective_to {
            former.push(Former { bureau, path: format!("{path}/{}", entered.text("id")?), ended_on });
        }
    }
    Ok(former)
}

/// Ends a membership, once.
pub(super) async fn end(world: &World<'_>, former: &Former<'_>) -> Result<(), LoadError> {
    let token = world.token(former.bureau)?;
    let standing = world.api.get(&token, &former.path).await?;
    if standing.body.get("effectiveTo").is_some_and(|ended| ended == former.ended_on) {
        return Ok(());
    }
    world.api.patch(&token, &former.path, &standing, &json!({ "effectiveTo": former.ended_on })).await
}

async fn enter_intents(world: &World<'_>, region: &Region) -> Result<(), LoadError> {
    for intent in world.data.hosting_intents.iter().filter(|intent| intent.region == region.key) {
        let token = world.token(world.data.writer_for(&intent.organisation, &region.key)?)?;
        let organisation = world.id(Collection::Organisations, &intent.organisation)?;
        let path = format!("/v1/organisations/{organisation}/hosting-intents/{}", intent.school_year);
        // A statement of the past, made again, would correct what was stated after it.
        if !world.resumed || !is_stated(world, &token, &path, text(&intent.body, "effectiveFrom")).await? {
            world.api.put(&token, &path, &Value::from(intent.body.clone())).await?;
        }
    }
    Ok(())
}

async fn is_stated(world: &World<'_>, token: &str, path: &str, from: &str) -> Result<bool, LoadError> {
    match world.api.get(token, path).await {
        Ok(standing) => Ok(standing.text("effectiveFrom")?.as_str() >= from),
        Err(LoadError::Refused { status, .. }) if status.as_u16() == 404 => Ok(false),
        Err(error) => Err(error),
    }
}

async fn enter_mandates(world: &World<'_>, region: &Region, bureau: &Client) -> Result<(), LoadError> {
    for mandate in world.data.mandates.iter().filter(|mandate| text(&mandate.body, "regionId") == region.key) {
        let entered = world.post(bureau, "/v1/mandates", &format!("mandate {}", mandate.key), &mandate.body).await?;
        let practice = text(&mandate.body, "practiceId");
        let path = format!("/v1/mandates/{}/transitions", entered.text("id")?);
        if !mandate.transitions.is_empty() {
            let client = world.data.client_of(practice);
            let client = client.ok_or_else(|| LoadError::inconsistent(format!("no client of {practice}")))?;
            world.post_all(client, &path, &mandate.transitions).await?;
        }
    }
    Ok(())
}
