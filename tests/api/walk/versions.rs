//! `ETag`, `If-None-Match` and `If-Match`, wherever there is one.

use std::collections::BTreeSet;

use reqwest::Method;

use super::{Rows, WALKERS, Walk, absent, role_of};
use crate::support::{Answer, TestApp, TestClient};

/// Whether the path ends in one of something.
fn reads_one(template: &str) -> bool {
    template.ends_with('}')
}

async fn unless(client: &TestClient, path: &str, tags: &str) -> Answer {
    client.send(client.request(Method::GET, path).header("If-None-Match", tags)).await
}

/// Who knows what is there is spared it, with no body; who knows another version is not.
async fn spares(client: &TestClient, path: &str, tag: &str) {
    for tags in [tag.to_owned(), format!("W/{tag}"), format!("\"0-x\", {tag}"), "*".to_owned()] {
        let spared = unless(client, path, &tags).await;
        assert_eq!((spared.status.as_u16(), spared.body.len()), (304, 0), "{path} unless {tags}");
        assert_eq!(spared.header("etag"), tag, "{path} unless {tags}");
    }
    let given = unless(client, path, "\"0-x\"").await.is(200);
    assert_eq!(given.header("etag"), tag, "{path}");
}

#[actix_web::test]
async fn whoever_knows_the_version_that_is_there_is_spared_it() {
    let walk = Walk::of(TestApp::start_in_2019().await).await;
    let rows = Rows::of(&walk.app.database);
    let anyone = walk.app.anyone();
    let published = anyone.get("/v1/published-initiatives").await.is(200).text_at("/items/0/id");
    let (mut tagged, mut bare) = (BTreeSet::new(), BTreeSet::new());
    for operation in walk.operations.iter().filter(|operation| operation.method == Method::GET && !operation.by_link) {
        let mut targets: Vec<(TestClient, String)> = Vec::new();
        if operation.is_public() {
            let mut ids = absent(operation);
            ids.entry("initiativeId".to_owned()).and_modify(|id| published.clone_into(id));
            ids.entry("listCode".to_owned()).and_modify(|code| "professions".clone_into(code));
            targets.push((anyone.clone(), operation.path_with(&ids)));
        }
        for key in WALKERS.into_iter().filter(|key| operation.allows(&role_of(key)) && operation.names_a_row()) {
            if let Some(target) = rows.visible(operation, key) {
                targets.push((walk.app.client(key).await, operation.path_with(&target.ids)));
            }
        }
        for (client, path) in targets {
            let answer = client.get(&path).await;
            if answer.status != 200 {
                continue;
            }
            match answer.headers.get("etag").and_then(|tag| tag.to_str().ok()) {
                Some(tag) => {
                    spares(&client, &path, tag).await;
                    tagged.insert(operation.template.as_str());
                }
                None => {
                    bare.insert(operation.template.as_str());
                }
            }
        }
    }
    assert!(tagged.len() > 30, "{tagged:?}");
    let bare: Vec<&str> = bare.into_iter().filter(|template| reads_one(template)).collect();
    assert_eq!(bare, Vec::<&str>::new(), "one of something, and without a version");
}

#[actix_web::test]
async fn nothing_is_changed_by_whoever_knows_another_version_of_it_or_none() {
    let walk = Walk::of(TestApp::start_in_2019().await).await;
    let rows = Rows::of(&walk.app.database);
    let (mut walked, mut wrong) = (BTreeSet::new(), BTreeSet::new());
    for key in WALKERS {
        let caller = walk.app.client(key).await;
        for operation in walk.operations.iter().filter(|operation| operation.wants("If-Match")) {
            let Some(own) = operation.allows(&role_of(key)).then(|| rows.changeable(operation, key)).flatten() else {
                continue;
            };
            let before = rows.digest(&own);
            let mut answers = Vec::new();
            for (due, version) in [(412, "\"0-x\""), (412, "\"\""), (412, "x"), (428, "")] {
                answers.push((due, version, walk.send(&caller, operation, &own.ids, version).await));
            }
            assert_eq!(rows.digest(&own), before, "{operation} by {key}");
            for (due, with, answer) in answers {
                let code = answer.json()["code"].clone();
                // What more is needed than the policies know, such as a mandate, is said before any version.
                if answer.status == due {
                    walked.insert(operation.to_string());
                } else if answer.status != 403 {
                    wrong.insert(format!("{operation} by {key} with {with}: {} {code}", answer.status));
                }
            }
        }
    }
    assert_eq!(wrong, BTreeSet::new());
    assert!(walked.len() > 30, "only {walked:?}");
}
