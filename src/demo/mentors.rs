//! Who guides interns at the practices, and their certificates.

use serde_json::{Value, json};

use super::data::{Client, MentorCertificate, text};
use super::error::LoadError;
use super::world::{Collection, World};

/// Enters the mentors and what certificates they hold; the mandates are in force.
pub(super) async fn enter(world: &World<'_>) -> Result<(), LoadError> {
    for mentor in &world.data.mentors {
        let practice = text(&mentor.body, "practiceId");
        let writer = writer(world, practice, mentor.by_bureau_of.as_deref())?;
        let entered = world.post(writer, "/v1/mentors", &format!("mentor {}", mentor.key), &mentor.body).await?;
        world.learn(Collection::Mentors, &mentor.key, entered.text("id")?);
        for certificate in &mentor.certificates {
            let writer = self::writer(world, practice, certificate.by_bureau_of.as_deref())?;
            record(world, writer, &mentor.key, certificate).await?;
        }
    }
    Ok(())
}

fn writer<'w>(world: &'w World<'_>, practice: &str, bureau_of: Option<&str>) -> Result<&'w Client, LoadError> {
    if let Some(region) = bureau_of {
        return world.data.bureau(region);
    }
    let client = world.data.client_of(practice);
    client.ok_or_else(|| LoadError::inconsistent(format!("no client of {practice}")))
}

async fn record(
    world: &World<'_>,
    writer: &Client,
    mentor: &str,
    certificate: &MentorCertificate,
) -> Result<(), LoadError> {
    let mut body = certificate.body.clone();
    body.insert("mentorId".to_owned(), json!(mentor));
    let name = format!("certificate {}", certificate.key);
    let recorded = world.post(writer, "/v1/mentor-certificates", &name, &body).await?;
    let Some(revocation) = &certificate.revocation else { return Ok(()) };
    let (token, path) = (world.token(writer)?, format!("/v1/mentor-certificates/{}", recorded.text("id")?));
    let standing = world.api.get(&token, &path).await?;
    if standing.body.get("revokedOn").is_some_and(|day| !day.is_null()) {
        return Ok(());
    }
    world.api.patch(&token, &path, &standing, &Value::Object(revocation.clone())).await
}
