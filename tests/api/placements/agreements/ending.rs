//! Agreements that are ended by hand while the placement goes on.

use diesel::connection::SimpleConnection as _;
use futures_util::future::join;
use serde_json::{Value, json};

use super::{Scene, agreed, all_sign, missing, moves, moves_because, sign, stands_at};
use crate::placements::without_mandate::revoke_mandates;
use crate::students::owner_reads;

#[actix_web::test]
async fn school_or_bureau_ends_it_for_a_reason_and_another_one_is_made() {
    let scene = Scene::start().await;
    let (school, bureau) = (&scene.ground.school.client, &scene.ground.bureau);
    let (placement, agreement) = agreed(&scene, "end-1").await;
    all_sign(&scene, &agreement).await;
    let ending = format!("{agreement}/ending");
    let by_party = json!({ "endReason": "party-changed", "endedOn": "2018-10-01" });
    scene.practice.post(&ending, &by_party).await.is_problem(403, "scope-missing");
    school.post(&ending, &json!({})).await.is_problem(400, "invalid-input");
    school
        .post(&ending, &json!({ "endReason": "placement-ended" }))
        .await
        .has_fault("/endReason", "ends-with-placement");
    let ahead = json!({ "endReason": "other", "endedOn": "2199-01-01" });
    school.post(&ending, &ahead).await.has_fault("/endedOn", "in-the-future");

    stands_at(&scene, &placement, "active");
    let ended = bureau.post(&ending, &by_party).await.is(200);
    assert_eq!(
        (ended.text_at("/endedOn").as_str(), ended.text_at("/endReason").as_str()),
        ("2018-10-01", "party-changed")
    );
    school.post(&ending, &by_party).await.is_problem(409, "agreement-ended");
    sign(&scene.practice, &agreement, "practice", json!({})).await.is_problem(409, "agreement-ended");
    assert_eq!(school.get(&placement).await.is(200).text_at("/status"), "active", "the student is there");
    assert!(missing(school, &placement).await.contains(&"signed-agreement".to_owned()));
    let trail = "SELECT (detail->>'endReason') || ' ' || (mandate_id IS NOT NULL) AS value FROM audit_events \
                 WHERE action = 'ended' AND resource_type = 'agreement'";
    assert_eq!(owner_reads(&scene.app, trail), ["party-changed true"], "in the name of the host");

    let again = school.post(&format!("{placement}/agreements"), &json!({})).await.is(201);
    assert_eq!(again.text_at("/sheets/0/startsOn"), "2018-09-03", "as the placement");
    all_sign(&scene, &again.header("location")).await;
    assert!(!missing(school, &placement).await.contains(&"signed-agreement".to_owned()));
}

/// A bureau without a mandate for agreements takes back those that nobody has signed.
#[actix_web::test]
async fn who_ends_it_hears_of_a_signature_of_the_same_moment() {
    let scene = Scene::start().await;
    let (school, bureau) = (&scene.ground.school.client, &scene.ground.bureau);
    let (_, agreement) = agreed(&scene, "end-2").await;
    revoke_mandates(&scene).await;

    let id = agreement.rsplit('/').next().unwrap();
    let mut student = scene.app.database.owner();
    let signs = format!(
        "BEGIN; SELECT pg_advisory_xact_lock(signing_lock('{id}')); INSERT INTO agreement_signatures SELECT \
         (jsonb_populate_record(NULL::agreement_signatures, to_jsonb(like_it) || jsonb_build_object('id', gen_random_uuid(), 'agreement_id', a.id, \
         'region_id', a.region_id, 'school_id', a.school_id, 'practice_id', a.practice_id, 'sheet_number', 1))).* \
         FROM agreements a, (SELECT * FROM agreement_signatures WHERE party = 'student' LIMIT 1) AS like_it \
         WHERE a.id = '{id}'"
    );
    student.batch_execute(&signs).unwrap();
    let then = async {
        scene.app.database.until_waiting(1).await;
        student.batch_execute("COMMIT").unwrap();
    };
    let because = json!({ "endReason": "other" });
    let (ended, ()) = join(bureau.post(&format!("{agreement}/ending"), &because), then).await;
    ended.is_problem(403, "mandate-missing");
    assert_eq!(school.get(&agreement).await.is(200).json()["endedOn"], Value::Null);
}

#[actix_web::test]
async fn what_was_ended_by_hand_does_not_come_back_with_the_placement() {
    let scene = Scene::start().await;
    let school = &scene.ground.school.client;
    let (placement, first) = agreed(&scene, "end-2").await;
    school.post(&format!("{first}/ending"), &json!({ "endReason": "entered-wrongly" })).await.is(200);
    let second = school.post(&format!("{placement}/agreements"), &json!({})).await.is(201).header("location");
    moves_because(school, &placement, "cancelled", Some("postponed")).await.is(200);
    assert_eq!(school.get(&second).await.is(200).text_at("/endReason"), "placement-ended");
    let steps = school.get(&format!("{placement}/transitions")).await.is(200).items();
    let last = steps.last().unwrap()["id"].as_str().unwrap();
    let back = json!({ "withdrawn": true, "note": "Toch niet" });
    school.post(&format!("{placement}/transitions/{last}/corrections"), &back).await.is(200);
    let stands = school.get(&second).await.is(200).json();
    assert_eq!((&stands["endedOn"], &stands["endReason"]), (&Value::Null, &Value::Null));
    assert_eq!(school.get(&first).await.is(200).text_at("/endReason"), "entered-wrongly");
}

#[actix_web::test]
async fn nobody_starts_without_what_was_there_when_it_became_ready() {
    let scene = Scene::start().await;
    let (placement, agreement) = agreed(&scene, "end-3").await;
    all_sign(&scene, &agreement).await;
    stands_at(&scene, &placement, "ready");
    scene.ground.school.client.post(&format!("{agreement}/ending"), &json!({ "endReason": "other" })).await.is(200);
    let refused = moves(&scene.practice, &placement, "active").await.is_problem(409, "not-ready");
    assert!(refused.json()["missing"].as_array().unwrap().contains(&json!("signed-agreement")));
}
