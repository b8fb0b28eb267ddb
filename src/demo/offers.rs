//! The seats that practices offer, or a bureau in their name.

use super::data::text;
use super::error::LoadError;
use super::world::{Collection, World};

/// Enters the offers and moves them to where they stand; the mentors are there, the mandates in force.
pub(super) async fn enter(world: &World<'_>) -> Result<(), LoadError> {
    for offer in &world.data.offers {
        let practice = text(&offer.body, "practiceId");
        let writer = if let Some(region) = &offer.by_bureau_of {
            world.data.bureau(region)?
        } else {
            let client = world.data.client_of(practice);
            client.ok_or_else(|| LoadError::inconsistent(format!("no client of {practice}")))?
        };
        let name = format!("offer {}", offer.key);
        let entered = world.post(writer, "/v1/placement-offers", &name, &offer.body).await?;
        let id = entered.text("id")?;
        world.learn(Collection::Offers, &offer.key, id.clone());
        let path = format!("/v1/placement-offers/{id}/transitions");
        world.post_all(writer, &path, &offer.transitions).await?;
    }
    Ok(())
}
