//! How many statements each operation sends, `BEGIN` and `COMMIT` included; so no query per row
//! creeps in.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::support::{Answer, Recorder, Setting, TestApp, TestClient, assert_fresh};
use crate::walk::{Operation, Rows, WALKERS, Walk, absent, role_of};

const BUREAU: &str = "demo-regio-midden-brabant";

/// Counts what requests cost.
struct Counting {
    recorder: Recorder,
}

impl Counting {
    async fn on(app: &TestApp) -> Self {
        Self { recorder: Recorder::of(app).await }
    }

    /// The lesser of two times: a client's standing is read again every few seconds.
    async fn twice(&self, client: &TestClient, request: impl Fn() -> RequestBuilder) -> (Answer, usize) {
        let mut costs = Vec::new();
        let mut last = None;
        for _ in 0..2 {
            self.recorder.take();
            last = Some(client.send(request()).await);
            costs.push(self.recorder.take().len());
        }
        (last.unwrap(), costs.into_iter().min().unwrap())
    }

    /// The same for two writes that differ in what they name only.
    async fn write<F: Future<Output = Answer>>(&self, status: u16, request: impl Fn(usize) -> F) -> usize {
        let mut costs = Vec::new();
        for round in 0..2 {
            self.recorder.take();
            let answer = request(round).await.is(status);
            assert_eq!(answer.status, status);
            costs.push(self.recorder.take().len());
        }
        costs.into_iter().min().unwrap()
    }
}

async fn with_ids(walk: &Walk, operation: &Operation, key: &str, rows: &Rows<'_>) -> Option<BTreeMap<String, String>> {
    if operation.names_a_row() {
        return rows.visible(operation, key).map(|target| target.ids);
    }
    // What is public is named by its collection, not by the policies.
    let mut ids = absent(operation);
    if let Some(collection) = operation.template.strip_suffix("/{initiativeId}") {
        let listed = walk.app.anyone().get(collection).await.is(200);
        ids.insert("initiativeId".to_owned(), listed.text_at("/items/0/id"));
    }
    ids.entry("listCode".to_owned()).and_modify(|code| "professions".clone_into(code));
    Some(ids)
}

/// Somebody who gets 200 from this operation: who, and the path.
async fn reader(walk: &Walk, rows: &Rows<'_>, operation: &Operation) -> Option<(TestClient, String)> {
    for key in WALKERS.into_iter().filter(|key| operation.allows(&role_of(key)) || operation.is_public()) {
        let Some(ids) = with_ids(walk, operation, key, rows).await else { continue };
        let (client, path) = (walk.app.client(key).await, operation.path_with(&ids));
        if client.get(&path).await.status == 200 {
            return Some((client, path));
        }
    }
    None
}

#[actix_web::test]
async fn the_number_of_statements_of_each_operation_is_fresh() {
    let walk = Walk::of(TestApp::with(Setting { connections: 1, ..Setting::default() }).await).await;
    let rows = Rows::of(&walk.app.database);
    let counting = Counting::on(&walk.app).await;
    let mut costs: BTreeMap<String, usize> = BTreeMap::new();
    let gets = walk.operations.iter().filter(|operation| operation.method == Method::GET);
    for operation in gets.filter(|operation| operation.template.starts_with("/v1/")) {
        let Some((client, path)) = reader(&walk, &rows, operation).await else { continue };
        let (answer, cost) = counting.twice(&client, || client.request(Method::GET, &path)).await;
        answer.is(200);
        costs.insert(operation.to_string(), cost);
    }
    assert!(costs.len() > 35, "{costs:?}");

    let bureau = walk.app.client(BUREAU).await;
    let since = "2018-01-01T00:00:00Z";
    for collection in ["organisations", "initiatives"] {
        let path = format!("/v1/{collection}?updatedSince={since}");
        let (answer, cost) = counting.twice(&bureau, || bureau.request(Method::GET, &path)).await;
        answer.is(200);
        costs.insert(format!("GET /v1/{collection} (updatedSince)"), cost);
        let path = format!("/v1/{collection}");
        let csv = || bureau.request(Method::GET, &path).header("Accept", "text/csv");
        let (answer, cost) = counting.twice(&bureau, csv).await;
        answer.is(200);
        costs.insert(format!("GET /v1/{collection} (text/csv)"), cost);
    }
    costs.extend(writes(&counting, &walk, &bureau).await);

    let mut page =
        "Statements that each reading operation sends, and some of those that write, BEGIN and COMMIT included. A\n\
                    client's standing, which is read again every few seconds, comes on top.\n\n"
            .to_owned();
    for (operation, cost) in costs {
        writeln!(page, "{cost:>3}  {operation}").unwrap();
    }
    assert_fresh("docs/statement-counts.txt", &page);
}

/// The life of an initiative and its parts, and what a bureau keeps of its region.
async fn writes(counting: &Counting, walk: &Walk, bureau: &TestClient) -> BTreeMap<String, usize> {
    let me = bureau.get("/v1/me").await.is(200);
    let region = me.text_at("/regions/0/id");
    let own = me.text_at("/organisation/id");
    let mut costs = BTreeMap::new();
    let mut note = |operation: &str, cost: usize| costs.insert(operation.to_owned(), cost);

    let new = |code: String| json!({ "code": code, "title": "Geteld", "regionId": region, "leadOrganisationId": own });
    let cost =
        counting.write(201, async |round| bureau.post("/v1/initiatives", &new(format!("geteld-{round}"))).await).await;
    note("POST /v1/initiatives", cost);
    let cost = counting
        .write(201, async |round| {
            bureau.post_once("/v1/initiatives", &format!("geteld-{round}"), &new(format!("eenmaal-{round}"))).await
        })
        .await;
    note("POST /v1/initiatives (Idempotency-Key)", cost);
    let cost = counting
        .write(201, async |_| bureau.post_once("/v1/initiatives", "geteld-0", &new("eenmaal-0".to_owned())).await)
        .await;
    note("POST /v1/initiatives (Idempotency-Key, again)", cost);

    let made = bureau.post("/v1/initiatives", &new("geteld".to_owned())).await.is(201);
    let initiative = made.header("location");
    let cost = counting
        .write(200, async |round| bureau.patch(&initiative, "*", &json!({ "title": format!("Geteld {round}") })).await)
        .await;
    note("PATCH /v1/initiatives/{initiativeId}", cost);
    let milestones = format!("{initiative}/milestones");
    let cost = counting
        .write(201, async |round| bureau.post(&milestones, &json!({ "title": format!("Mijlpaal {round}") })).await)
        .await;
    note("POST /v1/initiatives/{initiativeId}/milestones", cost);
    let listed = bureau.get(&milestones).await.is(200).items();
    let milestone = |round: usize| format!("{milestones}/{}", listed[round]["id"].as_str().unwrap());
    let cost = counting.write(204, async |round| bureau.delete(&milestone(round), "*").await).await;
    note("DELETE /v1/initiatives/{initiativeId}/milestones/{milestoneId}", cost);
    let barriers = format!("{initiative}/barriers");
    let cost = counting
        .write(201, async |round| {
            bureau
                .post(&barriers, &json!({ "title": format!("Knelpunt {round}"), "effectiveFrom": "2018-09-01" }))
                .await
        })
        .await;
    note("POST /v1/initiatives/{initiativeId}/barriers", cost);
    let barrier = format!("{barriers}/{}", bureau.get(&barriers).await.is(200).text_at("/items/0/id"));
    let cost = counting
        .write(200, async |round| bureau.patch(&barrier, "*", &json!({ "title": format!("Anders {round}") })).await)
        .await;
    note("PATCH /v1/initiatives/{initiativeId}/barriers/{barrierId}", cost);
    let moved = |to: &str| json!({ "to": to });
    let cost = counting
        .write(200, async |round| {
            bureau.post(&format!("{initiative}/transitions"), &moved(["submitted", "draft"][round])).await
        })
        .await;
    note("POST /v1/initiatives/{initiativeId}/transitions", cost);

    let search: Value = json!({ "name": "praktijk" });
    let request = || bureau.request(Method::POST, "/v1/organisations/_search").json(&search);
    note("POST /v1/organisations/_search", counting.twice(bureau, request).await.1);
    let school = walk.app.client("demo-school-roc-tilburg").await;
    let site = format!("/v1/organisations/{}/sites", walk.app.organisation_of("demo-school-roc-tilburg").await);
    let cost = counting
        .write(201, async |round| {
            school.post(&site, &json!({ "name": format!("Locatie {round}"), "setting": "school" })).await
        })
        .await;
    note("POST /v1/organisations/{organisationId}/sites", cost);
    costs
}

#[actix_web::test]
async fn a_list_of_many_costs_as_many_statements_as_a_list_of_one() {
    let walk = Walk::of(TestApp::with(Setting { connections: 1, ..Setting::default() }).await).await;
    let rows = Rows::of(&walk.app.database);
    let counting = Counting::on(&walk.app).await;
    let mut compared = 0;
    for operation in walk.operations.iter().filter(|operation| operation.method == Method::GET) {
        let Some((client, path)) = reader(&walk, &rows, operation).await else { continue };
        let list = |limit: u16| client.request(Method::GET, &format!("{path}?limit={limit}"));
        let (many, cost_of_many) = counting.twice(&client, || list(200)).await;
        // Histories and code lists come whole.
        let paged = many.status == 200 && many.json().get("nextCursor").is_some();
        if !paged || many.items().len() < 2 {
            continue;
        }
        let (one, cost_of_one) = counting.twice(&client, || list(1)).await;
        assert_eq!(one.is(200).items().len(), 1, "{operation}");
        assert_eq!(cost_of_many, cost_of_one, "{operation}: {} items", many.items().len());
        compared += 1;
    }
    assert!(compared > 10, "only {compared} lists have two items or more");
}
