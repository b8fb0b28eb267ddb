//! Offers of seats for interns.

use diesel::{Connection as _, PgConnection, QueryableByName, RunQueryDsl as _, sql_query};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Cluster, TestApp, TestClient};

const BUREAU: &str = "demo-regio-midden-brabant";
const OTHER_BUREAU: &str = "demo-regio-zeeland";
/// Gave the bureau a mandate.
const PRACTICE: &str = "demo-praktijk-eerste-eik";
/// Was asked for a mandate only.
const NEIGHBOUR: &str = "demo-praktijk-derde-linde";
const SCHOOL: &str = "demo-school-roc-tilburg";
const OTHER_SCHOOL: &str = "demo-school-scalda";

/// A practice of Midden-Brabant that offers seats.
struct Scene {
    app: TestApp,
    practice: TestClient,
    offer: Value,
}

impl Scene {
    async fn of(key: &str) -> Self {
        let app = TestApp::start().await;
        let practice = app.client(key).await;
        let qualification = practice.get("/v1/qualifications?framework=mbo").await.is(200).text_at("/items/0/id");
        let offer = json!({
            "practiceId": app.organisation_of(key).await, "qualificationId": qualification, "learningPaths": ["bol"],
            "studyYears": [2, 3], "startsOn": "2019-02-04", "endsOn": "2019-07-05", "seats": 2,
            "days": ["monday", "tuesday"], "hoursPerWeek": 16, "setting": "day-practice",
        });
        Self { app, practice, offer }
    }

    async fn start() -> Self {
        Self::of(PRACTICE).await
    }

    /// The offer with these properties.
    fn with(&self, more: Value) -> Value {
        let mut body = self.offer.clone();
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    }

    async fn enter(&self, more: Value) -> Answer {
        self.practice.post("/v1/placement-offers", &self.with(more)).await
    }

    /// Enters an offer and publishes it; returns its path.
    async fn publish(&self, more: Value) -> String {
        let path = self.enter(more).await.is(201).header("location");
        moves(&self.practice, &path, "published").await.is(200);
        path
    }
}

async fn moves(client: &TestClient, path: &str, to: &str) -> Answer {
    client.post(&format!("{path}/transitions"), &json!({ "to": to })).await
}

#[actix_web::test]
async fn schools_see_an_offer_once_it_is_published_and_open_to_them() {
    let scene = Scene::start().await;
    let made = scene.enter(json!({})).await.is(201);
    let path = made.header("location");
    assert_eq!((made.text_at("/status").as_str(), made.json()["seatsTaken"].as_i64()), ("draft", Some(0)));
    assert_eq!(made.json()["allowedTransitions"], json!(["published"]));
    let (bureau, school) = (scene.app.client(BUREAU).await, scene.app.client(SCHOOL).await);
    let (other_school, other_bureau) = (scene.app.client(OTHER_SCHOOL).await, scene.app.client(OTHER_BUREAU).await);
    let neighbour = scene.app.client(NEIGHBOUR).await;
    bureau.get(&path).await.is(200);
    school.get(&path).await.is_problem(404, "not-found");
    moves(&scene.practice, &path, "published").await.is(200);
    assert_eq!(school.get(&path).await.is(200).json()["allowedTransitions"], json!([]));
    for stranger in [&other_school, &other_bureau, &neighbour] {
        stranger.get(&path).await.is_problem(404, "not-found");
    }
    for key in ["demo-ssfh-1", "demo-platform"] {
        scene.app.client(key).await.get(&path).await.is_problem(403, "scope-missing");
    }
    school.post("/v1/placement-offers", &scene.offer).await.is_problem(403, "scope-missing");

    let reserved = json!({ "reservedForSchoolIds": [scene.app.organisation_of(SCHOOL).await] });
    scene.practice.change(&path, &reserved).await.is(200);
    school.get(&path).await.is(200);
    moves(&scene.practice, &path, "closed").await.is(200);
    school.get(&path).await.is_problem(404, "not-found");
    bureau.get(&path).await.is(200);
}

#[actix_web::test]
async fn a_bureau_acts_under_a_mandate_and_on_record() {
    let scene = Scene::start().await;
    let bureau = scene.app.client(BUREAU).await;
    let made = bureau.post("/v1/placement-offers", &scene.offer).await.is(201);
    let path = made.header("location");
    bureau.change(&path, &json!({ "seats": 3 })).await.is(200);
    moves(&bureau, &path, "published").await.is(200);
    let history = scene.practice.get(&format!("{path}/transitions")).await.is(200);
    let school = scene.app.client("demo-school-roc-tilburg").await;
    school.get(&format!("{path}/transitions")).await.is_problem(403, "scope-missing");
    assert_eq!(history.items().len(), 2);
    for step in history.items() {
        assert_eq!(step["onBehalfOf"], scene.offer["practiceId"]);
        assert!(step["mandateId"].is_string());
    }
    let trail = scene.practice.get("/v1/audit-events?limit=200").await.is(200).items();
    let mine: Vec<_> = trail.iter().filter(|event| event["resourceId"] == made.json()["id"]).collect();
    assert_eq!(mine.len(), 3);
    assert!(mine.iter().all(|event| event["onBehalfOf"] == scene.offer["practiceId"]), "{mine:?}");

    let own = scene.publish(json!({})).await;
    let steps = scene.practice.get(&format!("{own}/transitions")).await.is(200).items();
    assert!(steps.iter().all(|step| step["onBehalfOf"].is_null()));
}

#[actix_web::test]
async fn without_a_mandate_a_bureau_reads_only() {
    let scene = Scene::of(NEIGHBOUR).await;
    let bureau = scene.app.client(BUREAU).await;
    bureau.post("/v1/placement-offers", &scene.offer).await.is_problem(403, "mandate-missing");
    let path = scene.publish(json!({})).await;
    assert_eq!(bureau.get(&path).await.is(200).json()["allowedTransitions"], json!([]));
    bureau.change(&path, &json!({ "seats": 3 })).await.is_problem(403, "mandate-missing");
    moves(&bureau, &path, "closed").await.is_problem(403, "mandate-missing");
    let elsewhere = scene.app.client(PRACTICE).await;
    elsewhere.post("/v1/placement-offers", &scene.offer).await.is_problem(403, "mandate-missing");
    scene.app.client(OTHER_BUREAU).await.patch(&path, "*", &json!({ "seats": 3 })).await.is_problem(404, "not-found");
}

#[actix_web::test]
async fn the_region_is_that_of_the_membership_of_the_day() {
    let scene = Scene::of("demo-praktijk-vierde-wilg").await;
    let (bureau, other) = (scene.app.client(BUREAU).await, scene.app.client(OTHER_BUREAU).await);
    let region = async |client: &TestClient| client.get("/v1/me").await.is(200).text_at("/regions/0/id");
    let (home, second) = (region(&bureau).await, region(&other).await);
    assert_eq!(scene.enter(json!({})).await.is(201).text_at("/region/id"), home);
    scene.enter(json!({ "regionId": second })).await.has_fault("/regionId", "not-a-host");

    let member =
        json!({ "organisationId": scene.offer["practiceId"], "hostKind": "practice", "effectiveFrom": "2019-01-01" });
    other.post(&format!("/v1/regions/{second}/memberships"), &member).await.is(201);
    scene.enter(json!({})).await.has_fault("/regionId", "region-needed");
    assert_eq!(scene.enter(json!({ "regionId": second })).await.is(201).text_at("/region/id"), second);

    for (bureau, region) in [(&bureau, &home), (&other, &second)] {
        let path = format!("/v1/regions/{region}/memberships");
        let query = format!("{path}?organisationId={}", scene.offer["practiceId"].as_str().unwrap());
        let membership = bureau.get(&query).await.is(200).text_at("/items/0/id");
        bureau.change(&format!("{path}/{membership}"), &json!({ "effectiveTo": "2019-06-01" })).await.is(200);
    }
    scene.enter(json!({})).await.has_fault("/practiceId", "not-a-host");
}

#[actix_web::test]
async fn an_offer_is_what_it_can_be() {
    let scene = Scene::start().await;
    let faulty = async |more: Value, pointer: &str, code: &str| {
        scene.enter(more).await.has_fault(pointer, code);
    };
    let (nobody, app) = (json!(uuid::Uuid::now_v7()), &scene.app);
    let elsewhere = app.client(OTHER_BUREAU).await;
    let region = elsewhere.get("/v1/me").await.is(200).text_at("/regions/0/id");
    let foreign = elsewhere.get(&format!("/v1/initiatives?regionId={region}")).await.is(200).text_at("/items/0/id");
    faulty(json!({ "endsOn": "2019-02-03" }), "/endsOn", "ends-before-start").await;
    faulty(json!({ "effectiveOn": "2199-01-01" }), "/effectiveOn", "in-the-future").await;
    faulty(json!({ "seats": 0 }), "/seats", "out-of-range").await;
    faulty(json!({ "studyYears": [2, 7] }), "/studyYears/1", "out-of-range").await;
    faulty(json!({ "days": ["monday", "monday"] }), "/days/1", "duplicate-item").await;
    faulty(json!({ "learningPaths": ["dual"] }), "/learningPaths/0", "path-of-other-framework").await;
    faulty(json!({ "qualificationId": nobody }), "/qualificationId", "unknown-reference").await;
    faulty(json!({ "siteId": nobody }), "/siteId", "unknown-reference").await;
    faulty(json!({ "initiativeId": nobody }), "/initiativeId", "unknown-reference").await;
    faulty(json!({ "initiativeId": foreign }), "/initiativeId", "unknown-reference").await;
    let other = json!({ "reservedForSchoolIds": [app.organisation_of(OTHER_SCHOOL).await] });
    faulty(other, "/reservedForSchoolIds/0", "unknown-reference").await;
    let practice = json!({ "reservedForSchoolIds": [scene.offer["practiceId"]] });
    faulty(practice, "/reservedForSchoolIds/0", "unknown-reference").await;
}

#[actix_web::test]
async fn what_counts_stands_once_it_is_published() {
    let scene = Scene::start().await;
    let path = scene.enter(json!({})).await.is(201).header("location");
    let change = async |body: Value| scene.practice.change(&path, &body).await;
    change(json!({ "endsOn": "2019-06-28", "learningPaths": ["bol", "bbl"], "seats": 4 })).await.is(200);
    change(json!({ "endsOn": "2019-02-01" })).await.has_fault("/endsOn", "ends-before-start");
    change(json!({ "learningPaths": ["dual"] })).await.has_fault("/learningPaths/0", "path-of-other-framework");
    moves(&scene.practice, &path, "published").await.is(200);
    change(json!({ "endsOn": "2019-07-05" })).await.is_problem(409, "published-stands");
    let changed =
        change(json!({ "seats": 3, "conditions": "Neem een eigen fiets mee.", "hoursPerWeek": null })).await.is(200);
    assert_eq!((changed.json()["seats"].as_i64(), changed.json()["hoursPerWeek"].as_i64()), (Some(3), None));
    assert_eq!(seats_of(&scene.app, &changed.text_at("/id")), "2 begin, 4 begin, 3 later");
    moves(&scene.practice, &path, "withdrawn").await.is(200);
    change(json!({ "seats": 1 })).await.is_problem(409, "ended");
}

/// What was recorded about the seats of an offer, in order.
fn seats_of(app: &TestApp, id: &str) -> String {
    #[derive(QueryableByName)]
    struct Line {
        #[diesel(sql_type = diesel::sql_types::Text)]
        line: String,
    }
    let mut owner = PgConnection::establish(&app.database.owner_url).unwrap();
    let look = format!(
        "SELECT string_agg(seats || CASE WHEN effective_on IS NULL THEN ' begin' ELSE ' later' END, ', ' \
         ORDER BY recorded_at) AS line FROM placement_offer_seats WHERE offer_id = '{id}'"
    );
    sql_query(look).get_result::<Line>(&mut owner).unwrap().line
}

#[actix_web::test]
async fn a_step_is_corrected_by_the_side_that_took_it() {
    let scene = Scene::start().await;
    let bureau = scene.app.client(BUREAU).await;
    let path = scene.publish(json!({ "effectiveOn": "2018-05-01" })).await;
    moves(&scene.practice, &path, "draft").await.is_problem(403, "scope-missing");
    let steps = scene.practice.get(&format!("{path}/transitions")).await.is(200).items();
    let step = format!("{path}/transitions/{}/corrections", steps[1]["id"].as_str().unwrap());
    let earlier = json!({ "effectiveOn": "2018-06-01", "note": "Eerder gepubliceerd." });
    bureau.post(&step, &earlier).await.is_problem(403, "not-permitted-on-resource");
    scene.practice.post(&step, &earlier).await.is(200);
    let steps = scene.practice.get(&format!("{path}/transitions")).await.is(200).items();
    assert_eq!((steps.len(), steps[2]["effectiveOn"].as_str()), (3, Some("2018-06-01")));
    let last = format!("{path}/transitions/{}/corrections", steps[2]["id"].as_str().unwrap());
    let back = scene.practice.post(&last, &json!({ "withdrawn": true, "note": "Te vroeg." })).await.is(200);
    assert_eq!(back.text_at("/status"), "draft");
}

#[actix_web::test]
async fn offers_are_found_by_what_they_are() {
    let scene = Scene::start().await;
    let made = scene.enter(json!({ "setting": "out-of-hours-post" })).await.is(201);
    let found = async |query: &str| {
        let items = scene.practice.get(&format!("/v1/placement-offers?limit=200&{query}")).await.is(200).items();
        items.iter().any(|item| item["id"] == made.json()["id"])
    };
    let qualification = scene.offer["qualificationId"].as_str().unwrap();
    assert!(found(&format!("qualificationId={qualification}&learningPath=bol&setting=out-of-hours-post")).await);
    assert!(found("status=draft&profession=doctors-assistant&periodFrom=2019-07-05&periodUntil=2019-07-05").await);
    assert!(!found("periodFrom=2019-07-06").await && !found("periodUntil=2019-02-03").await);
    assert!(
        !found("status=published").await && !found("learningPath=bbl").await && !found("setting=day-practice").await
    );
    let (region, practice) = (made.text_at("/region/id"), made.text_at("/practice/id"));
    assert!(found(&format!("regionId={region}&practiceId={practice}")).await);
    assert!(!found(&format!("initiativeId={region}")).await);
}

#[actix_web::test]
async fn a_sync_names_what_a_school_no_longer_sees() {
    let scene = Scene::start().await;
    let school = scene.app.client(SCHOOL).await;
    let sync = async |since: &str| {
        Cluster::shared().settle();
        school.get(&format!("/v1/placement-offers?limit=200&updatedSince={since}")).await.is(200)
    };
    let ids = |page: &Answer, list: &str| -> Vec<Value> {
        page.json()[list].as_array().unwrap().iter().map(|item| item["id"].clone()).collect()
    };
    let start = sync("2000-01-01T00:00:00Z").await.text_at("/nextUpdatedSince");
    let (first, second) = (scene.publish(json!({})).await, scene.publish(json!({})).await);
    let (one, two) = (school.get(&first).await.json()["id"].clone(), school.get(&second).await.json()["id"].clone());
    let news = sync(&start).await;
    assert_eq!((ids(&news, "items"), ids(&news, "removed")), (vec![one.clone(), two.clone()], vec![]));
    moves(&scene.practice, &first, "withdrawn").await.is(200);
    scene.practice.change(&second, &json!({ "seats": 1 })).await.is(200);
    let news = sync(&news.text_at("/nextUpdatedSince")).await;
    assert_eq!((ids(&news, "items"), ids(&news, "removed")), (vec![two], vec![one]));
    let own = scene.practice.get(&format!("/v1/placement-offers?limit=200&updatedSince={start}")).await.is(200);
    assert!(ids(&own, "removed").is_empty(), "the practice still sees it");
}

#[actix_web::test]
async fn a_school_that_left_the_region_no_longer_sees_what_is_offered_there() {
    let scene = Scene::start().await;
    let (bureau, school) = (scene.app.client(BUREAU).await, scene.app.client(SCHOOL).await);
    let sync = async |since: &str| {
        Cluster::shared().settle();
        let page = school.get(&format!("/v1/placement-offers?limit=200&updatedSince={since}")).await.is(200);
        (page.text_at("/nextUpdatedSince"), page.json()["removed"].as_array().unwrap().clone())
    };
    let path = scene.publish(json!({})).await;
    let id = school.get(&path).await.is(200).json()["id"].clone();
    let region = bureau.get("/v1/me").await.is(200).text_at("/regions/0/id");
    let memberships = format!("/v1/regions/{region}/memberships");
    let query = format!("{memberships}?organisationId={}", scene.app.organisation_of(SCHOOL).await);
    let membership = format!("{memberships}/{}", bureau.get(&query).await.is(200).text_at("/items/0/id"));
    let (start, _) = sync("2000-01-01T00:00:00Z").await;

    bureau.change(&membership, &json!({ "effectiveFrom": "2017-03-01" })).await.is(200);
    let (start, removed) = sync(&start).await;
    assert!(removed.is_empty(), "a correction that ends nothing");
    bureau.change(&membership, &json!({ "effectiveTo": "2019-06-01" })).await.is(200);
    school.get(&path).await.is_problem(404, "not-found");
    let placed = school.get("/v1/placements?limit=200").await.is(200).items();
    let own: Vec<&Value> = placed.iter().map(|placement| &placement["offerId"]).collect();
    let seen = school.get("/v1/placement-offers?limit=200").await.is(200).items();
    assert!(seen.iter().all(|offer| own.contains(&&offer["id"])), "only the seats that its students have or had");
    let (_, removed) = sync(&start).await;
    assert!(removed.iter().any(|gone| gone["id"] == id), "{removed:?}");
    let other = scene.app.client(OTHER_SCHOOL).await;
    let others = other.get(&format!("/v1/placement-offers?updatedSince={start}")).await.is(200);
    assert_eq!(others.json()["removed"], json!([]), "nobody else lost sight");
    for client in [&bureau, &scene.practice] {
        client.get(&path).await.is(200);
    }
    bureau.change(&membership, &json!({ "effectiveTo": null })).await.is(200);
    school.get(&path).await.is(200);
    assert!(sync(&start).await.1.is_empty(), "what is seen again did not leave");
}

#[actix_web::test]
async fn the_whole_list_comes_as_a_file() {
    let scene = Scene::start().await;
    scene.publish(json!({ "conditions": "=1+1" })).await;
    let file = scene.practice.request(Method::GET, "/v1/placement-offers").header("Accept", "text/csv");
    let file = scene.practice.send(file).await.is(200);
    let text = String::from_utf8(file.body.clone()).unwrap();
    assert!(text.contains("\"seatsTaken\"") && text.contains("\"'=1+1\"") && text.contains("\"2 | 3\""), "{text}");
    let items = scene.practice.get("/v1/placement-offers?limit=200").await.is(200).items();
    assert_eq!(text.lines().count(), items.len() + 1);
    let part = scene.practice.request(Method::GET, "/v1/placement-offers?limit=1").header("Accept", "text/csv");
    scene.practice.send(part).await.is_problem(400, "whole-list-only");
}
