//! The world as far as it was loaded: the ids behind the keys, and a token for every client.

use std::cell::RefCell;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::Value;

use super::calls::{Answer, Api};
use super::data::{Body, Client, Data};
use super::error::LoadError;

/// Properties that refer, with what they refer to.
const REFERENCES: [(&str, Collection); 14] = [
    ("organisationId", Collection::Organisations),
    ("bureauOrganisationId", Collection::Organisations),
    ("leadOrganisationId", Collection::Organisations),
    ("ownerOrganisationId", Collection::Organisations),
    ("practiceId", Collection::Organisations),
    ("funderId", Collection::Organisations),
    ("regionId", Collection::Regions),
    ("siteId", Collection::Sites),
    ("qualificationId", Collection::Qualifications),
    ("programmeId", Collection::Programmes),
    ("cohortId", Collection::Cohorts),
    ("initiativeId", Collection::Initiatives),
    ("mentorId", Collection::Mentors),
    ("reservedForSchoolIds", Collection::Organisations),
];

/// What keys are unique in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Collection {
    Organisations,
    Sites,
    /// By crebo, else by profession.
    Qualifications,
    Regions,
    Programmes,
    Cohorts,
    Initiatives,
    /// By `sourcedId`.
    Students,
    Mentors,
    Offers,
}

/// The API, the data, and what was loaded so far.
pub(super) struct World<'d> {
    pub(super) api: Api,
    pub(super) data: &'d Data,
    /// Whether a load before this one was interrupted.
    pub(super) resumed: bool,
    /// The business day, which periods still to come are counted from.
    pub(super) today: NaiveDate,
    ids: RefCell<BTreeMap<(Collection, String), String>>,
    tokens: RefCell<BTreeMap<&'d str, String>>,
}

impl<'d> World<'d> {
    pub(super) fn new(api: Api, data: &'d Data, resumed: bool, today: NaiveDate) -> Self {
        Self { api, data, resumed, today, ids: RefCell::default(), tokens: RefCell::default() }
    }

    /// Remembers the id behind a key.
    pub(super) fn learn(&self, collection: Collection, key: &str, id: String) {
        self.ids.borrow_mut().insert((collection, key.to_owned()), id);
    }

    /// The id behind a key.
    pub(super) fn id(&self, collection: Collection, key: &str) -> Result<String, LoadError> {
        let ids = self.ids.borrow();
        let found = ids.get(&(collection, key.to_owned())).cloned();
        found.ok_or_else(|| LoadError::inconsistent(format!("{collection:?} has no {key}")))
    }

    /// Gets a token for a client.
    pub(super) async fn sign_in(&self, client: &'d Client, id: &str, secret: &str) -> Result<(), LoadError> {
        let token = self.api.sign_in(id, secret).await?;
        self.tokens.borrow_mut().insert(&client.key, token);
        Ok(())
    }

    /// The token of a client that was signed in.
    pub(super) fn token(&self, client: &Client) -> Result<String, LoadError> {
        let found = self.tokens.borrow().get(client.key.as_str()).cloned();
        found.ok_or_else(|| LoadError::inconsistent(format!("{} was not signed in", client.key)))
    }

    /// Posts a body as a client; `name` tells the call from every other.
    pub(super) async fn post(&self, client: &Client, path: &str, name: &str, body: &Body) -> Result<Answer, LoadError> {
        self.api.post(&self.token(client)?, path, name, &self.resolved(body)?).await
    }

    /// Posts what hangs on one thing, in order.
    pub(super) async fn post_all(&self, client: &Client, path: &str, bodies: &[Body]) -> Result<(), LoadError> {
        for (index, body) in bodies.iter().enumerate() {
            self.post(client, path, &format!("{path} {index}"), body).await?;
        }
        Ok(())
    }

    /// The body with ids for keys.
    pub(super) fn resolved(&self, body: &Body) -> Result<Value, LoadError> {
        let mut body = body.clone();
        for (property, collection) in REFERENCES {
            let references = match body.get_mut(property) {
                Some(Value::Array(references)) => references.as_mut_slice(),
                Some(reference) => std::slice::from_mut(reference),
                None => continue,
            };
            for reference in references {
                if let Value::String(reference) = reference {
                    *reference = self.id(collection, reference)?;
                }
            }
        }
        Ok(body.into())
    }
}
