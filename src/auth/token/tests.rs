//! What a token of ours says, and what is remembered of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::json;
use uuid::Uuid;

use super::forgeries::{Bench, ISSUER};
use super::{Subject, Tokens};
use crate::auth::TOKEN_LIFETIME;
use crate::auth::keys::{KeyRing, MasterKey};
use crate::error::Error;
use crate::kernel::ids::{ClientId, OrganisationId, RegionId};
use crate::kernel::role::Role;

pub(super) fn subject() -> Subject {
    Subject {
        client: ClientId::new(),
        organisation: OrganisationId::new(),
        role: Role::Region,
        scopes: BTreeSet::from(["me:read".to_owned(), "initiatives:write".to_owned()]),
        regions: vec![RegionId::new()],
        person: Some("person-1".to_owned()),
    }
}

#[test]
fn a_token_says_who_it_was_made_for() {
    let bench = Bench::new();
    let subject = subject();
    let token = bench.tokens.mint_at(subject.clone(), bench.now).unwrap();
    let request = Uuid::now_v7();
    let actor = bench.tokens.verify_at(&token, bench.now).unwrap().actor(request);
    assert_eq!(actor.client, Some(subject.client));
    assert_eq!(actor.organisation, Some(subject.organisation));
    assert_eq!(actor.role, Some(subject.role));
    assert_eq!(*actor.scopes, subject.scopes);
    assert_eq!(*actor.regions, *subject.regions);
    assert_eq!(actor.person.as_deref(), Some("person-1"));
    assert_eq!(actor.request_id, request);
}

#[test]
fn a_remembered_token_still_expires() {
    let bench = Bench::new();
    let token = bench.tokens.mint_at(subject(), bench.now).unwrap();
    assert!(bench.tokens.verify_at(&token, bench.now).is_ok());
    assert_eq!(bench.tokens.verified.len(), 1);
    let last = bench.now + TimeDelta::seconds(TOKEN_LIFETIME + 5);
    assert!(bench.tokens.verify_at(&token, last).is_ok());
    assert!(matches!(bench.tokens.verify_at(&token, last + TimeDelta::seconds(1)), Err(Error::Unauthenticated)));
}

#[test]
fn what_was_verified_under_other_keys_is_forgotten() {
    let bench = Bench::new();
    let token = bench.tokens.mint_at(subject(), bench.now).unwrap();
    assert!(bench.accepts(&token));
    bench.ring.reads(vec![bench.next.row.clone()]);
    assert!(!bench.accepts(&token), "its key is gone");
    assert_eq!(bench.tokens.verified.len(), 0);
    bench.ring.reads(vec![bench.key.row.clone(), bench.next.row.clone()]);
    assert!(bench.accepts(&token), "and back: refusals are not remembered");
}

#[test]
fn refusals_are_not_remembered_and_the_cache_is_bounded() {
    let bench = Bench::new();
    for _ in 0..50 {
        assert!(!bench.accepts(&bench.with_claims(|c| c["exp"] = json!(0))));
    }
    assert_eq!(bench.tokens.verified.len(), 0);
    assert_eq!(bench.tokens.verified.capacity(), super::REMEMBERED as u64);
}

#[test]
fn without_keys_the_answer_is_unavailable_rather_than_a_refusal() {
    let tokens = Tokens::new(ISSUER, Arc::new(KeyRing::new(MasterKey::from([7; 32]))));
    assert!(matches!(tokens.verify("a.b.c"), Err(Error::Unavailable(_))));
    assert!(matches!(tokens.mint(subject()), Err(Error::Unavailable(_))));
}
