//! The directory of organisations.

use serde_json::json;

use super::{BUREAU, FUNDER, NOBODY, OTHER_PRACTICE, PLATFORM, PRACTICE, SCHOOL, region_of};
use crate::support::TestApp;

#[actix_web::test]
async fn everybody_reads_the_directory_by_name_page_by_page() {
    let app = TestApp::start().await;
    for key in [PLATFORM, BUREAU, PRACTICE, SCHOOL, FUNDER] {
        app.client(key).await.get("/v1/organisations").await.is(200);
    }
    let reader = app.client(FUNDER).await;
    let (mut names, mut path) = (Vec::new(), "/v1/organisations?limit=3".to_owned());
    loop {
        let page = reader.get(&path).await.is(200);
        assert!(page.json()["nextUpdatedSince"].is_null());
        names.extend(page.items().iter().map(|item| item["name"].as_str().unwrap().to_owned()));
        let Some(cursor) = page.json()["nextCursor"].as_str().map(str::to_owned) else { break };
        path = format!("/v1/organisations?limit=3&cursor={cursor}");
    }
    let all = reader.get("/v1/organisations?limit=200").await.is(200).items();
    assert_eq!(names.len(), all.len());
    assert!(all.iter().zip(&names).all(|(item, name)| item["name"] == *name));
}

#[actix_web::test]
async fn the_directory_is_filtered() {
    let app = TestApp::start().await;
    let bureau = app.client(BUREAU).await;
    let body = json!({"name": "Voorbeeld 100%_ goed", "kinds": ["welfare-organisation"], "visitingAddress": {"place": "Dorp-aan-Zee"}});
    let id = bureau.post("/v1/organisations", &body).await.is(201).text_at("/id");
    for query in [
        "name=100%25_",
        "name=VOORBEELD%20100",
        "place=dorp-aan-zee",
        "name=goed&kind=welfare-organisation&active=true",
    ] {
        let items = bureau.get(&format!("/v1/organisations?{query}")).await.is(200).items();
        assert!(items.len() == 1 && items[0]["id"] == id, "{query}: {items:?}");
    }
    for query in ["name=100_%25", "place=dorp", "name=goed&active=false", "name=goed&kind=school"] {
        assert!(bureau.get(&format!("/v1/organisations?{query}")).await.is(200).items().is_empty(), "{query}");
    }
    let region = region_of(&bureau).await;
    let members = bureau.get(&format!("/v1/organisations?limit=200&regionId={region}")).await.is(200).items();
    let own = app.organisation_of(PRACTICE).await;
    let foreign = app.organisation_of(OTHER_PRACTICE).await;
    assert!(members.iter().any(|member| member["id"] == own));
    assert!(!members.iter().any(|member| member["id"] == foreign || member["id"] == id));
    bureau.get("/v1/organisations?shoeSize=1").await.is(400);
}

#[actix_web::test]
async fn a_bureau_and_the_platform_add_organisations() {
    let app = TestApp::start().await;
    let body = json!({
        "name": "Voorbeeldpraktijk De Nieuwe Iep",
        "kinds": ["practice"],
        "kvkNumber": "99000991",
        "agbCode": "99000991",
        "visitingAddress": {"street": "Demostraat", "houseNumber": "9", "postcode": "5038 zz", "place": "Tilburg"},
        "phone": "013.000/0000",
    });
    for key in [BUREAU, PLATFORM] {
        let client = app.client(key).await;
        let made = client.post_once("/v1/organisations", key, &body).await.is(201);
        assert_eq!(made.header("location"), format!("/v1/organisations/{}", made.text_at("/id")));
        assert_eq!(made.text_at("/visitingAddress/postcode"), "5038ZZ");
        let again = client.post_once("/v1/organisations", key, &body).await.is(201);
        assert_eq!(again.body, made.body);
        let read = client.get(&made.header("location")).await.is(200);
        assert_eq!(read.header("etag"), made.header("etag"));
    }
    for key in [PRACTICE, SCHOOL, FUNDER] {
        app.client(key).await.post("/v1/organisations", &body).await.is_problem(403, "scope-missing");
    }
    let bureau = app.client(BUREAU).await;
    let twice = json!({"name": "Iep", "kinds": ["practice", "practice"]});
    bureau.post("/v1/organisations", &twice).await.has_fault("/kinds/1", "duplicate-item");
    bureau.post("/v1/organisations", &json!({"name": "Iep", "kinds": []})).await.is_problem(400, "invalid-input");
    bureau.post("/v1/organisations", &json!({"name": "Iep", "kinds": ["practice"], "bsn": "1"})).await.is(400);
}

#[actix_web::test]
async fn an_organisation_changes_itself_and_nobody_else() {
    let app = TestApp::start().await;
    let (own, foreign) = (app.organisation_of(PRACTICE).await, app.organisation_of(OTHER_PRACTICE).await);
    let practice = app.client(PRACTICE).await;
    let path = format!("/v1/organisations/{own}");
    let before = practice.get(&path).await.is(200);
    let body = json!({"phone": "+31 13 000 00 01", "visitingAddress": {"houseNumber": "12a"}});
    let after = practice.patch(&path, &before.header("etag"), &body).await.is(200).json();
    assert_eq!(after["version"], before.json()["version"].as_i64().unwrap() + 1);
    assert_eq!(after["visitingAddress"]["houseNumber"], "12a");
    assert_eq!(after["visitingAddress"]["place"], before.json()["visitingAddress"]["place"]);
    practice.patch(&path, &before.header("etag"), &body).await.is_problem(412, "version-mismatch");
    let bare = practice.request(reqwest::Method::PATCH, &path).header("Content-Type", "application/merge-patch+json");
    practice.send(bare.body("{}")).await.is_problem(428, "if-match-required");
    let cleared = practice.change(&path, &json!({"visitingAddress": null, "phone": null})).await.is(200).json();
    assert!(cleared["visitingAddress"]["place"].is_null() && cleared["phone"].is_null());
    practice.change(&path, &json!({"name": null})).await.is(400);
    practice.change(&format!("/v1/organisations/{foreign}"), &body).await.is_problem(403, "not-permitted-on-resource");
    practice.patch(&format!("/v1/organisations/{NOBODY}"), "\"1-x\"", &body).await.is(404);
    let school = app.client(SCHOOL).await;
    school.change(&path, &body).await.is_problem(403, "not-permitted-on-resource");
}

#[actix_web::test]
async fn a_bureau_changes_the_hosts_of_its_region_and_the_platform_everybody() {
    let app = TestApp::start().await;
    let (bureau, platform) = (app.client(BUREAU).await, app.client(PLATFORM).await);
    let body = json!({"phone": "013 000 00 02"});
    for (key, may) in [(PRACTICE, true), (OTHER_PRACTICE, false), (SCHOOL, false), (FUNDER, false)] {
        let path = format!("/v1/organisations/{}", app.organisation_of(key).await);
        let answer = bureau.change(&path, &body).await;
        if may {
            answer.is(200);
        } else {
            answer.is_problem(403, "not-permitted-on-resource");
        }
        platform.change(&path, &json!({"active": false})).await.is(200);
    }
}

#[actix_web::test]
async fn organisations_are_searched_by_what_should_not_stand_in_a_url() {
    let app = TestApp::start().await;
    let bureau = app.client(BUREAU).await;
    let body = json!({"name": "Voorbeeldpraktijk De Iep", "kinds": ["practice"], "kvkNumber": "99000992", "agbCode": "99000993", "leerbedrijfId": "L-1"});
    let id = app.client(PLATFORM).await.post("/v1/organisations", &body).await.is(201).text_at("/id");
    let site = json!({"name": "Hoofdlocatie", "setting": "day-practice", "leerbedrijfId": "L-2"});
    app.client(PLATFORM).await.post(&format!("/v1/organisations/{id}/sites"), &site).await.is(201);
    for criteria in [
        json!({"kvkNumber": "99000992"}),
        json!({"agbCode": "99000993", "name": "iep"}),
        json!({"leerbedrijfId": "L-1"}),
        json!({"leerbedrijfId": "L-2"}),
    ] {
        let items = bureau.post("/v1/organisations/_search", &criteria).await.is(200).items();
        assert!(items.len() == 1 && items[0]["id"] == id, "{criteria}: {items:?}");
    }
    let other = json!({"kvkNumber": "99000992", "agbCode": "99000992"});
    assert!(bureau.post("/v1/organisations/_search", &other).await.is(200).items().is_empty());
    bureau.post("/v1/organisations/_search", &json!({})).await.is_problem(400, "criteria-missing");
    bureau.post("/v1/organisations/_search", &json!({"kvkNumber": "12"})).await.has_fault("/kvkNumber", "malformed");
}

#[actix_web::test]
async fn qualifications_are_read_by_everybody() {
    let app = TestApp::start().await;
    for key in [PLATFORM, BUREAU, PRACTICE, SCHOOL, FUNDER] {
        let client = app.client(key).await;
        let mbo = client.get("/v1/qualifications?framework=mbo").await.is(200).items();
        assert!(mbo.iter().all(|item| item["framework"] == "mbo" && item["crebo"].is_string()) && mbo.len() >= 4);
        let id = mbo[0]["id"].as_str().unwrap();
        assert_eq!(client.get(&format!("/v1/qualifications/{id}")).await.is(200).json(), mbo[0]);
    }
    app.client(SCHOOL).await.get(&format!("/v1/qualifications/{NOBODY}")).await.is(404);
}
