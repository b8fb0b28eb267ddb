//! The initiatives, each entered by the organisation that leads it.

use super::data::{Client, Initiative, text};
use super::error::LoadError;
use super::world::{Collection, World};

/// An initiative that was entered, without its parts yet.
pub(super) struct Entered<'d> {
    initiative: &'d Initiative,
    lead: &'d Client,
    path: String,
}

/// Enters an initiative as a draft.
pub(super) async fn enter<'d>(world: &World<'d>, initiative: &'d Initiative) -> Result<Entered<'d>, LoadError> {
    let organisation = text(&initiative.body, "leadOrganisationId");
    let lead = world.data.client_of(organisation);
    let lead = lead.ok_or_else(|| LoadError::inconsistent(format!("no client of {organisation}")))?;
    let name = format!("initiative {}", initiative.key);
    let entered = world.post(lead, "/v1/initiatives", &name, &initiative.body).await?;
    let id = entered.text("id")?;
    world.learn(Collection::Initiatives, &initiative.key, id.clone());
    Ok(Entered { initiative, lead, path: format!("/v1/initiatives/{id}") })
}

/// Enters its parts, and moves it to where it stands.
pub(super) async fn complete(world: &World<'_>, entered: &Entered<'_>) -> Result<(), LoadError> {
    let Entered { initiative, lead, path } = entered;
    for (part, bodies) in [
        ("partners", &initiative.partners),
        ("milestones", &initiative.milestones),
        ("deliverables", &initiative.deliverables),
        ("barriers", &initiative.barriers),
        ("transitions", &initiative.transitions),
    ] {
        world.post_all(lead, &format!("{path}/{part}"), bodies).await?;
    }
    Ok(())
}
