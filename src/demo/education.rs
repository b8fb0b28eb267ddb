//! What schools enter about their education: programmes with cohorts and counts, and with the bureaus
//! what may be expected of an intern.

use serde_json::json;

use super::data::{Client, text};
use super::error::LoadError;
use super::world::{Collection, World};

/// Enters it all; the schools have signed in.
pub(super) async fn enter(world: &World<'_>) -> Result<(), LoadError> {
    for programme in &world.data.programmes {
        let school = writer(world, &programme.school)?;
        let name = format!("programme {}", programme.key);
        let entered = world.post(school, "/v1/programmes", &name, &programme.body).await?;
        world.learn(Collection::Programmes, &programme.key, entered.text("id")?);
        for cohort in &programme.cohorts {
            let mut body = cohort.body.clone();
            body.insert("programmeId".to_owned(), json!(programme.key));
            let name = format!("cohort {}", cohort.key);
            let entered = world.post(school, "/v1/cohorts", &name, &body).await?.text("id")?;
            world.post_all(school, &format!("/v1/cohorts/{entered}/counts"), &cohort.counts).await?;
            world.learn(Collection::Cohorts, &cohort.key, entered);
        }
    }
    for profile in &world.data.expectation_profiles {
        let name = format!(
            "profile {} {} {:?}",
            profile.owner,
            text(&profile.body, "qualificationId"),
            profile.body.get("studyYear")
        );
        world.post(writer(world, &profile.owner)?, "/v1/expectation-profiles", &name, &profile.body).await?;
    }
    Ok(())
}

fn writer<'d>(world: &World<'d>, organisation: &str) -> Result<&'d Client, LoadError> {
    let client = world.data.client_of(organisation);
    client.ok_or_else(|| LoadError::inconsistent(format!("no client of {organisation}")))
}
