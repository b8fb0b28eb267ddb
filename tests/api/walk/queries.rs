//! Queries that the contract knows nothing of.

use reqwest::Method;

use super::{WALKERS, Walk, absent, role_of};
use crate::links::link_for;

#[actix_web::test]
async fn a_parameter_that_is_not_in_the_contract_is_refused_everywhere() {
    let walk = Walk::start().await;
    let link = link_for(&walk.app, "demo-school-roc-tilburg", uuid::Uuid::now_v7()).await.unwrap();
    let mut asked = 0;
    for operation in walk.operations.iter().filter(|operation| operation.template.starts_with("/v1")) {
        let mut ids = absent(operation);
        ids.entry("listCode".to_owned()).and_modify(|code| "profession".clone_into(code));
        let path = format!("{}?shoeSize=1", operation.path_with(&ids));
        let answer = if operation.by_link {
            let caller = walk.app.anyone();
            let request = caller.request(operation.method.clone(), &path);
            caller.send(request.header("Authorization", format!("Link {}", link.reveal()))).await
        } else if operation.is_public() {
            let caller = walk.app.anyone();
            caller.send(caller.request(operation.method.clone(), &path)).await
        } else {
            let key = WALKERS.into_iter().find(|key| operation.allows(&role_of(key))).unwrap();
            let caller = walk.app.client(key).await;
            caller.send(caller.request(operation.method.clone(), &path)).await
        };
        assert_eq!(answer.status, 400, "{operation}: {}", String::from_utf8_lossy(&answer.body));
        let errors = answer.is_problem(400, "invalid-input").json()["errors"].as_array().unwrap().clone();
        let told = errors.iter().find(|fault| fault["pointer"] == "/shoeSize");
        let told = told.unwrap_or_else(|| panic!("{operation}: {errors:?}"));
        assert_eq!((&told["in"], &told["code"]), (&"query".into(), &"unknown-parameter".into()), "{operation}");
        asked += 1;
    }
    assert!(asked > 100, "only {asked} operations were asked");
}

#[actix_web::test]
async fn what_comes_before_a_query_is_told_before_it() {
    let walk = Walk::start().await;
    let school = walk.app.client("demo-school-roc-tilburg").await;
    walk.app.anyone().get("/v1/me?shoeSize=1").await.is_problem(401, "invalid-token");
    school.get("/v1/audit-event?shoeSize=1").await.is_problem(404, "not-found");
    school.send(school.request(Method::DELETE, "/v1/me?shoeSize=1")).await.is(405);
    let nowhere = uuid::Uuid::now_v7();
    let funder = walk.app.client("demo-ssfh-1").await;
    funder.get(&format!("/v1/placements/{nowhere}/tasks?shoeSize=1")).await.is_problem(403, "scope-missing");
    let faults = school.get("/v1/placements/x/transitions?shoeSize=1").await.is(400).json()["errors"].clone();
    assert_eq!((faults.as_array().unwrap().len(), &faults[0]["in"]), (1, &"path".into()));
    school.get("/v1/me?%zz").await.has_fault("", "malformed");
    school.get("/v1/me?&").await.is(200);
    let head = school.send(school.request(Method::HEAD, "/v1/me?shoeSize=1")).await;
    assert_eq!(head.status, 400);
}

#[actix_web::test]
async fn outside_the_base_path_it_is_passed_over_or_refused_in_a_form_of_its_own() {
    let walk = Walk::start().await;
    let anyone = walk.app.anyone();
    for path in ["/health/live", "/health/ready", "/.well-known/jwks.json", "/.well-known/oauth-authorization-server"] {
        anyone.get(&format!("{path}?shoeSize=1")).await.is(200);
    }
    let bare = anyone.request(Method::POST, "/oauth/token?shoeSize=1").form(&[("grant_type", "client_credentials")]);
    assert_eq!(anyone.send(bare).await.is(400).json()["error"], "invalid_request", "in the form of RFC 6749");
}
