//! Signatures that were recorded wrongly.

use serde_json::{Value, json};

use super::{OTHER_SCHOOL, Scene, agreed, all_sign, missing, paper, sign};
use crate::students::owner_reads;
use crate::support::{Answer, TestClient};

fn of<'a>(agreement: &'a Value, party: &str) -> &'a Value {
    agreement["sheets"][0]["signatures"].as_array().unwrap().iter().find(|it| it["party"] == party).unwrap()
}

async fn corrects(client: &TestClient, signature: &Value, body: Value) -> Answer {
    let path = format!("/v1/agreement-signatures/{}/corrections", signature["id"].as_str().unwrap());
    client.post_keyed(&path, &body).await
}

#[actix_web::test]
async fn whoever_recorded_a_signature_corrects_it_and_the_wrong_one_stays_on_record() {
    let scene = Scene::start().await;
    let school = &scene.ground.school.client;
    let (placement, agreement) = agreed(&scene, "mend-1").await;
    let whole = all_sign(&scene, &agreement).await;
    let wrong = of(&whole, "school");
    corrects(school, wrong, json!({})).await.is_problem(409, "nothing-corrected");
    corrects(school, wrong, json!({ "method": "link" })).await.has_fault("/method", "signed-by-link-only");
    corrects(school, wrong, json!({ "method": "paper" })).await.has_fault("/evidence", "evidence-needed");
    corrects(school, wrong, json!({ "signedOn": "2199-01-01" })).await.has_fault("/signedOn", "in-the-future");
    corrects(&scene.practice, wrong, json!({ "withdrawn": true })).await.is_problem(403, "not-yours-to-sign");
    corrects(&scene.ground.bureau, wrong, json!({ "withdrawn": true })).await.is_problem(403, "not-yours-to-sign");
    let stranger = scene.app.client(OTHER_SCHOOL).await;
    corrects(&stranger, wrong, json!({ "withdrawn": true })).await.is_problem(404, "not-found");

    let mended = corrects(school, wrong, json!({ "signedOn": "2018-06-18" })).await.is(200).json();
    assert_eq!(mended["awaiting"], json!([]), "it is signed as before");
    let right = of(&mended, "school");
    assert_eq!((&right["signedOn"], &right["method"]), (&json!("2018-06-18"), &json!("e-signature")));
    assert_eq!((&right["supersedesId"], &right["supersededAt"]), (&wrong["id"], &Value::Null));
    let former = &mended["sheets"][0]["formerSignatures"];
    assert_eq!((former.as_array().unwrap().len(), &former[0]["id"]), (1, &wrong["id"]));
    assert!(former[0]["supersededAt"].is_string());
    corrects(school, wrong, json!({ "withdrawn": true })).await.is_problem(409, "signature-superseded");
    assert!(!missing(school, &placement).await.contains(&"signed-agreement".to_owned()));
    let trail = "SELECT detail->>'party' AS value FROM audit_events WHERE action = 'signature-corrected'";
    assert_eq!(owner_reads(&scene.app, trail), ["school"]);
}

#[actix_web::test]
async fn a_withdrawn_signature_leaves_the_agreement_incomplete_until_it_is_set_again() {
    let scene = Scene::start().await;
    let school = &scene.ground.school.client;
    let (placement, agreement) = agreed(&scene, "mend-2").await;
    let whole = all_sign(&scene, &agreement).await;
    let without = corrects(school, of(&whole, "student"), json!({ "withdrawn": true })).await.is(200).json();
    assert_eq!(without["awaiting"], json!(["student"]));
    assert_eq!(without["sheets"][0]["signatures"].as_array().unwrap().len(), 2);
    assert!(missing(school, &placement).await.contains(&"signed-agreement".to_owned()));
    let trail = "SELECT detail->>'party' AS value FROM audit_events WHERE action = 'signature-withdrawn'";
    assert_eq!(owner_reads(&scene.app, trail), ["student"]);
    school.send(school.request(reqwest::Method::POST, &format!("{agreement}/student-link"))).await.is(200);
    assert_eq!(sign(school, &agreement, "student", paper()).await.is(200).json()["awaiting"], json!([]));
    assert!(!missing(school, &placement).await.contains(&"signed-agreement".to_owned()));

    school.post(&format!("{agreement}/ending"), &json!({ "endReason": "entered-wrongly" })).await.is(200);
    corrects(school, of(&whole, "school"), json!({ "withdrawn": true })).await.is_problem(409, "agreement-ended");
}

#[actix_web::test]
async fn a_host_takes_back_what_its_bureau_signed_and_a_bureau_only_under_its_mandate() {
    let scene = Scene::start().await;
    let bureau = &scene.ground.bureau;
    let (_, agreement) = agreed(&scene, "mend-3").await;
    let signed = sign(bureau, &agreement, "practice", json!({})).await.is(200).json();
    let mended = corrects(bureau, of(&signed, "practice"), json!({ "signedOn": "2018-06-18" })).await.is(200).json();
    let by_bureau = of(&mended, "practice");
    assert!(by_bureau["mandateId"].is_string(), "in the name of the host again");
    corrects(&scene.practice, by_bureau, json!({ "withdrawn": true })).await.is(200);
    let own = sign(&scene.practice, &agreement, "practice", json!({})).await.is(200).json();
    corrects(bureau, of(&own, "practice"), json!({ "withdrawn": true }))
        .await
        .is_problem(403, "not-permitted-on-resource");

    corrects(&scene.practice, of(&own, "practice"), json!({ "withdrawn": true })).await.is(200);
    let again = sign(bureau, &agreement, "practice", json!({})).await.is(200).json();
    for mandate in scene.practice.get("/v1/mandates?status=granted").await.is(200).items() {
        let path = format!("/v1/mandates/{}/transitions", mandate["id"].as_str().unwrap());
        scene.practice.post(&path, &json!({ "to": "revoked" })).await.is(200);
    }
    corrects(bureau, of(&again, "practice"), json!({ "withdrawn": true })).await.is_problem(403, "mandate-missing");
}
