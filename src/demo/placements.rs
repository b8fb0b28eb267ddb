//! Who sits in which seat, from the proposal to what came of it: each step by the side whose it is,
//! on the day on which it was taken.

use futures_util::future::try_join_all;
use serde_json::json;

use super::data::{Body, Client, Placing, Step, text};
use super::error::LoadError;
use super::students;
use super::world::{Collection, World};
use crate::kernel::role::Role;

/// Places the students; the offers are there, the mandates are in force.
pub(super) async fn enter(world: &World<'_>) -> Result<(), LoadError> {
    let placings = &world.data.placements.placements;
    // A student who comes twice has given the first seat back before the second is taken.
    for placing in placings {
        try_join_all(placing.students.iter().map(|student| place(world, placing, *student))).await?;
    }
    Ok(())
}

async fn place(world: &World<'_>, placing: &Placing, student: usize) -> Result<(), LoadError> {
    let course = world.data.placements.courses.get(&placing.course);
    let steps = course.ok_or_else(|| LoadError::inconsistent(format!("no course {}", placing.course)))?;
    let key = students::key(&placing.school, student);
    let name = format!("placement {} {key}", placing.offer);
    let Some((proposal, steps)) = steps.split_first() else { return Ok(()) };
    let body = Body::from_iter([
        ("studentId".to_owned(), json!(world.id(Collection::Students, &key)?)),
        ("offerId".to_owned(), json!(world.id(Collection::Offers, &placing.offer)?)),
        ("learningPath".to_owned(), json!("bol")),
        ("totalHours".to_owned(), json!(480)),
        ("schoolSupervisor".to_owned(), json!("Stagebureau zorg")),
        ("effectiveOn".to_owned(), proposal.body.get("effectiveOn").cloned().unwrap_or_default()),
    ]);
    let entered = world.post(side(world, placing, proposal)?, "/v1/placements", &name, &body).await?;
    let placement = format!("/v1/placements/{}", entered.text("id")?);
    let path = format!("{placement}/transitions");
    let mut agreement = String::new();
    for (index, step) in steps.iter().enumerate() {
        let client = side(world, placing, step)?;
        if let Some(part) = &step.part {
            let name = format!("{name} {part} {index}");
            let part = part.replace("{agreement}", &agreement);
            world.post(client, &format!("{placement}/{part}"), &name, &step.body).await?;
            continue;
        }
        world.post(client, &path, &format!("{name} {}", text(&step.body, "to")), &step.body).await?;
        if text(&step.body, "to") == "confirmed" {
            let name = format!("{name} agreement");
            let school = side(world, placing, proposal)?;
            let made = world.post(school, &format!("{placement}/agreements"), &name, &Body::new()).await?;
            agreement = made.text("id")?;
        }
    }
    Ok(())
}

/// The client of the side that takes a step.
fn side<'w>(world: &World<'w>, placing: &Placing, step: &Step) -> Result<&'w Client, LoadError> {
    let offer = world.data.offers.iter().find(|offer| offer.key == placing.offer);
    let offer = offer.ok_or_else(|| LoadError::inconsistent(format!("no offer {}", placing.offer)))?;
    let organisation = match (step.by, &offer.by_bureau_of) {
        (Role::School, _) => placing.school.as_str(),
        // Whoever offered in the name of the practice goes on in its name.
        (_, Some(region)) => return world.data.bureau(region),
        (_, None) => text(&offer.body, "practiceId"),
    };
    let client = world.data.client_of(organisation);
    client.ok_or_else(|| LoadError::inconsistent(format!("no client of {organisation}")))
}
