//! The files of the demo: request bodies of the API in which a reference is the `key` of
//! another entry, with what hangs on an entry nested in it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::error::LoadError;
use crate::kernel::role::Role;

/// A request body with keys for ids.
pub(super) type Body = Map<String, Value>;

/// Everything there is to load.
#[derive(Debug)]
pub(super) struct Data {
    pub(super) organisations: Vec<Organisation>,
    pub(super) regions: Vec<Region>,
    pub(super) clients: Vec<Client>,
    pub(super) recognitions: Vec<Recognition>,
    pub(super) hosting_intents: Vec<HostingIntent>,
    pub(super) mandates: Vec<Mandate>,
    pub(super) programmes: Vec<Programme>,
    pub(super) expectation_profiles: Vec<ExpectationProfile>,
    pub(super) initiatives: Vec<Initiative>,
    pub(super) offers: Vec<Offer>,
    pub(super) placements: Placements,
    pub(super) mentors: Vec<Mentor>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Organisation {
    pub(super) key: String,
    #[serde(default)]
    pub(super) sites: Vec<Site>,
    #[serde(flatten)]
    pub(super) body: Body,
}

#[derive(Debug, Deserialize)]
pub(super) struct Site {
    pub(super) key: String,
    #[serde(flatten)]
    pub(super) body: Body,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Region {
    pub(super) key: String,
    #[serde(default)]
    pub(super) memberships: Vec<Membership>,
    #[serde(default)]
    pub(super) contact_assignments: Vec<Body>,
    #[serde(default)]
    pub(super) readiness_rules: Vec<Body>,
    #[serde(default)]
    pub(super) workforce_needs: Vec<Body>,
    #[serde(flatten)]
    pub(super) body: Body,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Membership {
    /// The day on which it ended; told to the API last, for a former member is no longer written about.
    pub(super) effective_to: Option<String>,
    #[serde(flatten)]
    pub(super) body: Body,
}

#[derive(Debug, Deserialize)]
pub(super) struct Client {
    pub(super) key: String,
    pub(super) role: Role,
    pub(super) name: String,
    #[serde(rename = "organisationId")]
    pub(super) organisation: String,
    #[serde(rename = "personRef")]
    pub(super) person: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Recognition {
    pub(super) organisation: String,
    #[serde(flatten)]
    pub(super) body: Body,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct HostingIntent {
    pub(super) organisation: String,
    /// Whose bureau writes it down when the host has no client of its own.
    pub(super) region: String,
    pub(super) school_year: String,
    #[serde(flatten)]
    pub(super) body: Body,
}

#[derive(Debug, Deserialize)]
pub(super) struct Mandate {
    pub(super) key: String,
    /// What the practice does about it.
    #[serde(default)]
    pub(super) transitions: Vec<Body>,
    #[serde(flatten)]
    pub(super) body: Body,
}

#[derive(Debug, Deserialize)]
pub(super) struct Programme {
    pub(super) key: String,
    pub(super) school: String,
    #[serde(default)]
    pub(super) cohorts: Vec<Cohort>,
    #[serde(flatten)]
    pub(super) body: Body,
}

#[derive(Debug, Deserialize)]
pub(super) struct Cohort {
    pub(super) key: String,
    #[serde(default)]
    pub(super) counts: Vec<Body>,
    #[serde(flatten)]
    pub(super) body: Body,
}

#[derive(Debug, Deserialize)]
pub(super) struct ExpectationProfile {
    pub(super) owner: String,
    #[serde(flatten)]
    pub(super) body: Body,
}

#[derive(Debug, Deserialize)]
pub(super) struct Initiative {
    pub(super) key: String,
    #[serde(default)]
    pub(super) partners: Vec<Body>,
    #[serde(default)]
    pub(super) milestones: Vec<Body>,
    #[serde(default)]
    pub(super) deliverables: Vec<Body>,
    #[serde(default)]
    pub(super) barriers: Vec<Body>,
    #[serde(default)]
    pub(super) transitions: Vec<Body>,
    #[serde(flatten)]
    pub(super) body: Body,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Offer {
    pub(super) key: String,
    /// The region whose bureau makes the offer, under a mandate; the practice itself when absent.
    pub(super) by_bureau_of: Option<String>,
    #[serde(default)]
    pub(super) transitions: Vec<Body>,
    #[serde(flatten)]
    pub(super) body: Body,
}

/// Who sits where, and how it went.
#[derive(Debug, Deserialize)]
pub(super) struct Placements {
    /// Steps in order, by a name: the first is the proposal.
    pub(super) courses: BTreeMap<String, Vec<Step>>,
    pub(super) placements: Vec<Placing>,
}

/// Students of a school, by number, on the seats of an offer.
#[derive(Debug, Deserialize)]
pub(super) struct Placing {
    pub(super) offer: String,
    pub(super) school: String,
    pub(super) students: Vec<usize>,
    pub(super) course: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Step {
    pub(super) by: Role,
    /// The part of the placement that is entered, as in its path; a step of its lifecycle when absent.
    pub(super) part: Option<String>,
    #[serde(flatten)]
    pub(super) body: Body,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Mentor {
    pub(super) key: String,
    /// The region whose bureau enters the mentor, under a mandate; the practice itself when absent.
    pub(super) by_bureau_of: Option<String>,
    #[serde(default)]
    pub(super) certificates: Vec<MentorCertificate>,
    #[serde(flatten)]
    pub(super) body: Body,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MentorCertificate {
    pub(super) key: String,
    /// The region whose bureau records it; the practice itself when absent.
    pub(super) by_bureau_of: Option<String>,
    /// The change that revokes it.
    pub(super) revocation: Option<Body>,
    #[serde(flatten)]
    pub(super) body: Body,
}

fn read<T: DeserializeOwned>(name: &str, text: &str) -> Result<Vec<T>, LoadError> {
    parse(name, text)
}

fn parse<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, LoadError> {
    serde_json::from_str(text).map_err(|error| LoadError::inconsistent(format!("{name}: {error}")))
}

impl Data {
    /// Reads the files, which are part of the binary.
    pub(super) fn read() -> Result<Self, LoadError> {
        let mut initiatives: Vec<Initiative> = read("initiatives", include_str!("data/initiatives.json"))?;
        initiatives.extend(read("initiatives_other", include_str!("data/initiatives_other.json"))?);
        Ok(Self {
            organisations: read("organisations", include_str!("data/organisations.json"))?,
            regions: read("regions", include_str!("data/regions.json"))?,
            clients: read("clients", include_str!("data/clients.json"))?,
            recognitions: read("recognitions", include_str!("data/recognitions.json"))?,
            hosting_intents: read("hosting_intents", include_str!("data/hosting_intents.json"))?,
            mandates: read("mandates", include_str!("data/mandates.json"))?,
            programmes: read("education", include_str!("data/education.json"))?,
            expectation_profiles: read("expectation_profiles", include_str!("data/expectation_profiles.json"))?,
            initiatives,
            offers: read("offers", include_str!("data/offers.json"))?,
            placements: parse("placements", include_str!("data/placements.json"))?,
            mentors: read("mentors", include_str!("data/mentors.json"))?,
        })
    }

    /// The client of the operator, through whom everything else comes about.
    pub(super) fn operator(&self) -> Result<&Client, LoadError> {
        self.clients
            .iter()
            .find(|client| client.role == Role::Platform)
            .ok_or_else(|| LoadError::inconsistent("no client of the platform"))
    }

    /// The client of a region's bureau.
    pub(super) fn bureau(&self, region: &str) -> Result<&Client, LoadError> {
        let bureau = self
            .regions
            .iter()
            .find(|entry| entry.key == region)
            .map(|entry| text(&entry.body, "bureauOrganisationId"));
        self.clients
            .iter()
            .find(|client| client.role == Role::Region && Some(client.organisation.as_str()) == bureau)
            .ok_or_else(|| LoadError::inconsistent(format!("no client of the bureau of {region}")))
    }

    /// The client by which an organisation does its own work, if it has one.
    pub(super) fn client_of(&self, organisation: &str) -> Option<&Client> {
        self.clients.iter().find(|client| {
            client.organisation == organisation && matches!(client.role, Role::Practice | Role::School | Role::Region)
        })
    }

    /// The client by which something about a host of a region is written: its own, else the bureau's.
    pub(super) fn writer_for(&self, organisation: &str, region: &str) -> Result<&Client, LoadError> {
        self.client_of(organisation).map_or_else(|| self.bureau(region), Ok)
    }

    /// The entry of an organisation.
    pub(super) fn organisation(&self, key: &str) -> Result<&Organisation, LoadError> {
        self.organisations
            .iter()
            .find(|organisation| organisation.key == key)
            .ok_or_else(|| LoadError::inconsistent(format!("no organisation {key}")))
    }

    /// The region in which a host is at home: where it is a member, else where it was one.
    pub(super) fn home_of(&self, organisation: &str) -> Option<&Region> {
        let member = |region: &&Region, former: bool| {
            region.memberships.iter().any(|member| {
                member.effective_to.is_some() == former && text(&member.body, "organisationId") == organisation
            })
        };
        self.regions
            .iter()
            .find(|region| member(region, false))
            .or_else(|| self.regions.iter().find(|region| member(region, true)))
    }

    /// The region that a client belongs to: that of its bureau, or in which its organisation is at home.
    pub(super) fn region_of(&self, client: &Client) -> Option<&Region> {
        match client.role {
            Role::Region => {
                self.regions.iter().find(|region| text(&region.body, "bureauOrganisationId") == client.organisation)
            }
            Role::Practice | Role::School => self.home_of(&client.organisation),
            Role::Funder | Role::Platform => None,
        }
    }
}

/// A text of a body; empty when it is not there, which no key is.
pub(super) fn text<'b>(body: &'b Body, property: &str) -> &'b str {
    body.get(property).and_then(Value::as_str).unwrap_or_default()
}
