//! What the platform enters: the directory, the regions, and everybody's clients.

use serde_json::json;

use super::data::Client;
use super::error::LoadError;
use super::world::{Collection, World};

/// A client with the secret that it was given.
#[derive(Debug)]
pub(super) struct Credentials<'d> {
    pub(super) client: &'d Client,
    pub(super) id: String,
    pub(super) secret: String,
}

/// Enters it all; the operator's organisation and client are there. Returns the other clients.
pub(super) async fn enter<'d>(world: &World<'d>, operator: &'d Client) -> Result<Vec<Credentials<'d>>, LoadError> {
    let token = world.token(operator)?;
    let qualifications = world.api.get(&token, "/v1/qualifications").await?;
    for qualification in qualifications.body.pointer("/items").and_then(|items| items.as_array()).into_iter().flatten()
    {
        let key = qualification["crebo"].as_str().or_else(|| qualification["profession"].as_str());
        if let (Some(key), Some(id)) = (key, qualification["id"].as_str()) {
            world.learn(Collection::Qualifications, key, id.to_owned());
        }
    }
    for organisation in world.data.organisations.iter().filter(|organisation| organisation.key != operator.organisation)
    {
        let entered = world.post(operator, "/v1/organisations", &organisation.key, &organisation.body).await?;
        world.learn(Collection::Organisations, &organisation.key, entered.text("id")?);
    }
    for region in &world.data.regions {
        let entered = world.post(operator, "/v1/regions", &format!("region {}", region.key), &region.body).await?;
        world.learn(Collection::Regions, &region.key, entered.text("id")?);
    }
    let mut made = Vec::new();
    for client in world.data.clients.iter().filter(|client| client.key != operator.key) {
        let body = json!({
            "organisationId": world.id(Collection::Organisations, &client.organisation)?,
            "role": client.role,
            "name": client.name,
            "personRef": client.person,
        });
        let entered = world.api.post(&token, "/v1/api-clients", &format!("client {}", client.key), &body).await?;
        made.push(Credentials { client, id: entered.text("id")?, secret: entered.text("clientSecret")? });
    }
    Ok(made)
}
