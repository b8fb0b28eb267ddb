//! Sheets that amend an agreement.

use serde_json::json;

use super::{PRACTICE, Scene, agreed, missing, moves_because, paper, sign, stands_at};

#[actix_web::test]
async fn the_newest_sheet_holds_and_the_placement_follows() {
    let scene = Scene::start().await;
    let school = &scene.ground.school.client;
    let (placement, agreement) = agreed(&scene, "sheet-1").await;
    let sheets = format!("{agreement}/sheets");
    scene.practice.post(&sheets, &json!({ "totalHours": 300 })).await.is_problem(403, "scope-missing");
    school.post(&sheets, &json!({})).await.is_problem(409, "nothing-amended");
    school.post(&sheets, &json!({ "endsOn": "2018-09-02" })).await.has_fault("/endsOn", "ends-before-start");
    let amended = school.post(&sheets, &json!({ "endsOn": "2019-06-28", "totalHours": 300 })).await.is(200);
    assert_eq!(amended.json()["sheets"].as_array().unwrap().len(), 2);
    let now = school.get(&placement).await.is(200);
    assert_eq!((&now.json()["endsOn"], &now.json()["totalHours"]), (&json!("2019-06-28"), &json!(300)));
}

#[actix_web::test]
async fn all_sign_again_only_when_what_they_signed_for_changes() {
    let scene = Scene::start().await;
    let school = &scene.ground.school.client;
    let (_, agreement) = agreed(&scene, "sheet-2").await;
    let sheets = format!("{agreement}/sheets");
    sign(school, &agreement, "school", json!({})).await.is(200);
    let first = school.post(&sheets, &json!({ "totalHours": 300 })).await.is(200);
    assert_eq!(first.json()["awaiting"], json!(["student", "school", "practice"]), "not all had signed");
    for (by, party, how) in
        [(school, "school", json!({})), (&scene.practice, "practice", json!({})), (school, "student", paper())]
    {
        sign(by, &agreement, party, how).await.is(200);
    }
    let hours = school.post(&sheets, &json!({ "totalHours": 320 })).await.is(200);
    assert_eq!((&hours.json()["sheets"][2]["needsSignatures"], &hours.json()["awaiting"]), (&json!(false), &json!([])));
    let longer = school.post(&sheets, &json!({ "endsOn": "2019-07-12" })).await.is(200);
    assert_eq!(longer.json()["awaiting"], json!(["student", "school", "practice"]));
}

#[actix_web::test]
async fn a_sheet_moves_the_first_day_until_the_internship_has_begun() {
    let scene = Scene::start().await;
    let school = &scene.ground.school.client;
    let (placement, agreement) = agreed(&scene, "sheet-3").await;
    let sheets = format!("{agreement}/sheets");
    school.post(&sheets, &json!({ "startsOn": "2018-09-10" })).await.is(200);
    assert_eq!(school.get(&placement).await.is(200).text_at("/startsOn"), "2018-09-10");
    for begun in ["active", "interrupted"] {
        stands_at(&scene, &placement, begun);
        let ahead = json!({ "startsOn": "2031-09-01", "endsOn": "2032-01-31" });
        school.post(&sheets, &ahead).await.has_fault("/startsOn", "already-begun");
        let before = json!({ "startsOn": "2018-09-03", "totalHours": 300 });
        school.post(&sheets, &before).await.has_fault("/startsOn", "already-begun");
    }
    let same = json!({ "startsOn": "2018-09-10", "totalHours": 300 });
    school.post(&sheets, &same).await.is(200);
    let now = school.get(&placement).await.is(200);
    assert_eq!((now.text_at("/startsOn").as_str(), &now.json()["totalHours"]), ("2018-09-10", &json!(300)));
    moves_because(school, &placement, "ended-early", Some("student-stopped")).await.is(200);
}

#[actix_web::test]
async fn the_host_is_recognised_for_what_the_newest_sheet_says_and_where_the_offer_is() {
    let scene = Scene::start().await;
    let (school, practice) = (&scene.ground.school.client, &scene.practice);
    let (placement, agreement) = agreed(&scene, "sheet-4").await;
    let host = format!("/v1/organisations/{}", scene.app.organisation_of(PRACTICE).await);
    let lacks = async || missing(school, &placement).await.contains(&"recognition".to_owned());
    let recognise = async |qualification: &str, site: Option<&str>| {
        let mut body = json!({
            "qualificationId": qualification, "validFrom": "2017-01-01", "source": "SBB", "checkedOn": "2018-06-01" });
        body["siteId"] = json!(site);
        scene.ground.bureau.post(&format!("{host}/recognitions"), &body).await.is(201)
    };
    let first = school.get(&placement).await.is(200).text_at("/qualification/id");
    recognise(&first, None).await;
    assert!(!lacks().await);
    let all = school.get("/v1/qualifications?framework=mbo&limit=200").await.is(200).items();
    let other = all.iter().map(|it| it["id"].as_str().unwrap()).find(|id| *id != first).unwrap();
    school.post(&format!("{agreement}/sheets"), &json!({ "qualificationId": other })).await.is(200);
    assert!(lacks().await, "for the qualification before it");

    let site = async |name: &str| {
        let body = json!({ "name": name, "setting": "day-practice", "visitingAddress": { "place": "Tilburg" } });
        practice.post(&format!("{host}/sites"), &body).await.is(201).text_at("/id")
    };
    let (here, there) = (site("Noord").await, site("Zuid").await);
    recognise(other, Some(&there)).await;
    assert!(!lacks().await, "the offer names no site");
    practice.change(&format!("/v1/placement-offers/{}", scene.offer), &json!({ "siteId": here })).await.is(200);
    assert!(lacks().await, "the other site is");
    recognise(other, Some(&here)).await;
    assert!(!lacks().await);
}
