//! The catalogue in the database: one query for the initiatives of a page and one for all their
//! partners. That drafts and withdrawn ones stay out is decided by the row policies.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{CatalogueFilter, PublishedInitiative, PublishedPartner};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::http::page::Paging;
use crate::initiatives::initiatives::{ContactChannel, InitiativeStatus};
use crate::initiatives::partners::PartnerRole;
use crate::kernel::field::{LearningPath, Profession};
use crate::kernel::formats::{Email, Phone, WebAddress};
use crate::kernel::ids::{InitiativeId, OrganisationId, RegionId};
use crate::kernel::named::Named;
use crate::kernel::text::Line;
use crate::schema::{initiative_partners, initiatives, organisations, regions};

#[derive(Queryable, Selectable)]
#[diesel(table_name = initiatives)]
struct Row {
    id: InitiativeId,
    title: String,
    summary: Option<String>,
    region_id: RegionId,
    lead_organisation_id: OrganisationId,
    status: InitiativeStatus,
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
    goals: Vec<String>,
    activities: Vec<String>,
    benefits: Vec<String>,
    professions: Vec<Profession>,
    learning_paths: Vec<LearningPath>,
    contact_text: Option<Line<1000>>,
    contact_url: Option<WebAddress>,
    contact_email: Option<Email>,
    contact_phone: Option<Phone>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = initiative_partners)]
struct PartnerRow {
    initiative_id: InitiativeId,
    organisation_id: OrganisationId,
    role: PartnerRole,
    effective_from: NaiveDate,
    effective_to: Option<NaiveDate>,
}

/// The row, and the names of its region and lead.
type Joined = (Row, String, String);

fn assemble((row, region, lead): Joined, partners: Vec<PublishedPartner>) -> PublishedInitiative {
    PublishedInitiative {
        id: row.id,
        title: row.title,
        summary: row.summary,
        region: Named::new(row.region_id, region),
        lead_organisation: Named::new(row.lead_organisation_id, lead),
        partners,
        status: row.status,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        goals: row.goals,
        activities: row.activities,
        benefits: row.benefits,
        professions: row.professions,
        learning_paths: row.learning_paths,
        contact_channel: ContactChannel {
            text: row.contact_text,
            url: row.contact_url,
            email: row.contact_email,
            phone: row.contact_phone,
        },
    }
}

/// The select both reading queries share; `published` is there for its index.
macro_rules! joined {
    () => {
        initiatives::table
            .inner_join(regions::table)
            .inner_join(organisations::table.on(organisations::id.eq(initiatives::lead_organisation_id)))
            .filter(initiatives::published)
            .select((Row::as_select(), regions::name, organisations::name))
    };
}

pub(super) fn find(conn: &mut Conn, id: InitiativeId) -> Result<PublishedInitiative> {
    let joined: Joined = joined!().filter(initiatives::id.eq(id)).first(conn)?;
    with_partners(conn, vec![joined])?.pop().ok_or(Error::NotFound)
}

pub(super) fn list(
    conn: &mut Conn,
    filter: &CatalogueFilter,
    paging: &Paging<InitiativeId>,
) -> Result<Vec<PublishedInitiative>> {
    let mut query = joined!().order(initiatives::id).limit(paging.fetch()).into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(initiatives::id.gt(after));
    }
    if let Some(region) = filter.region_id {
        query = query.filter(initiatives::region_id.eq(region));
    }
    if let Some(profession) = filter.profession {
        query = query.filter(initiatives::professions.contains(vec![profession]));
    }
    if let Some(text) = &filter.q {
        query = query.filter(initiatives::title.ilike(containing(text.as_str())));
    }
    let rows = query.load(conn)?;
    with_partners(conn, rows)
}

/// Adds the partners of all these initiatives, with one query.
fn with_partners(conn: &mut Conn, rows: Vec<Joined>) -> Result<Vec<PublishedInitiative>> {
    let ids: Vec<InitiativeId> = rows.iter().map(|(row, ..)| row.id).collect();
    let mut partners = partners_of(conn, &ids)?;
    let with_its_own = |joined: Joined| {
        let its_own = partners.remove(&joined.0.id).unwrap_or_default();
        assemble(joined, its_own)
    };
    Ok(rows.into_iter().map(with_its_own).collect())
}

fn partners_of(conn: &mut Conn, ids: &[InitiativeId]) -> Result<HashMap<InitiativeId, Vec<PublishedPartner>>> {
    let rows: Vec<(PartnerRow, String)> = initiative_partners::table
        .inner_join(organisations::table)
        .filter(initiative_partners::initiative_id.eq_any(ids))
        .select((PartnerRow::as_select(), organisations::name))
        .order(initiative_partners::id)
        .load(conn)?;
    let mut partners: HashMap<_, Vec<_>> = HashMap::with_capacity(ids.len());
    for (row, organisation) in rows {
        partners.entry(row.initiative_id).or_default().push(PublishedPartner {
            organisation: Named::new(row.organisation_id, organisation),
            role: row.role,
            effective_from: row.effective_from,
            effective_to: row.effective_to,
        });
    }
    Ok(partners)
}

/// A pattern that matches titles with this text in them, taken literally.
fn containing(text: &str) -> String {
    let literal = text.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    format!("%{literal}%")
}

#[cfg(test)]
mod tests {
    use super::containing;

    #[test]
    fn wildcards_in_a_search_are_taken_literally() {
        assert_eq!(containing("stage"), "%stage%");
        assert_eq!(containing(r"90%_\"), r"%90\%\_\\%");
    }
}
