//! What the hot requests cost the database when there is much in it: counted by the database
//! itself, for the requests as callers send them, under the policies of each role.

use std::collections::BTreeMap;

use diesel::connection::SimpleConnection as _;
use diesel::sql_types::{BigInt, Text};
use diesel::{PgConnection, QueryableByName, RunQueryDsl as _, sql_query};
use serde_json::{Value, json};
use stagepunt::db::Job;
use stagepunt::placements::requests::PERIODS_OVER;

use crate::mandates::second_region;
use crate::support::{Setting, TestApp, TestClient};

/// Somebody of each role, and nobody in particular.
const CALLERS: [Option<&str>; 6] = [
    Some("demo-platform"),
    Some("demo-ssfh-1"),
    Some("demo-regio-midden-brabant"),
    Some("demo-school-roc-tilburg"),
    Some("demo-praktijk-eerste-eik"),
    None,
];

/// Rows of one table that a page of 50 may cost: a role sees one in forty, or one in twenty.
const MOST_ROWS: i64 = 2_000;

/// Tables of a whole country, far above what a sequential scan is for.
const MANY: &str = "
    SET session_replication_role = replica;
    INSERT INTO organisations (id, name, kinds, kvk_number, agb_code, leerbedrijf_id, place)
    SELECT gen_random_uuid(), 'Praktijk ' || n, '{practice}', lpad(n::text, 8, '0'), lpad(n::text, 8, '9'), 'LB-' || n,
        'Plaats ' || n % 400
    FROM generate_series(1, 20000) n;
    INSERT INTO regions (id, code, name, bureau_organisation_id)
    SELECT gen_random_uuid(), 'streek-' || n, 'Streek ' || n, (SELECT id FROM organisations ORDER BY id LIMIT 1)
    FROM generate_series(1, 40) n;
    CREATE TEMP TABLE numbered AS SELECT id, row_number() OVER () AS n FROM organisations;
    CREATE TEMP TABLE spread AS SELECT array_agg(id ORDER BY id) AS regions FROM regions;
    INSERT INTO memberships (row_id, id, version, region_id, organisation_id, host_kind, effective_from)
    SELECT gen_random_uuid(), gen_random_uuid(), 1, regions[1 + n % cardinality(regions)], id, 'practice', '2018-01-01'
    FROM numbered, spread WHERE n > 500;
    INSERT INTO organisation_sites (id, organisation_id, name, setting, leerbedrijf_id)
    SELECT gen_random_uuid(), id, 'Locatie', 'day-practice', 'LS-' || n FROM numbered;
    INSERT INTO initiatives (id, code, title, region_id, lead_organisation_id, funder_id, status, published)
    SELECT gen_random_uuid(), 'plan-' || n, 'Plan ' || n, regions[1 + n % cardinality(regions)], id,
        (SELECT id FROM organisations WHERE 'funder' = ANY (kinds) ORDER BY id LIMIT 1), 'running', n % 20 = 0
    FROM numbered, spread;
    -- Whose rows were entered last has them behind everybody else's.
    CREATE TEMP TABLE latest AS
    SELECT (SELECT id FROM organisations WHERE name = 'ROC Tilburg') AS school,
        (SELECT region_id FROM placement_requests r JOIN organisations o ON o.id = r.school_id
            WHERE o.name = 'ROC Tilburg' LIMIT 1) AS region;
    INSERT INTO students (id, school_id, sourced_id, programme_id)
    SELECT (CASE WHEN n % 40 = 0 THEN 'ff' ELSE '0a' END || substr(gen_random_uuid()::text, 3))::uuid,
        CASE WHEN n % 40 = 0 THEN school ELSE id END, 'ref-' || n, (SELECT id FROM programmes LIMIT 1)
    FROM numbered, latest;
    INSERT INTO placement_requests (id, school_id, student_id, region_id, programme_id, qualification_id, starts_on,
        ends_on, status, since)
    SELECT s.id, s.school_id, s.id, CASE WHEN s.school_id = school THEN region
            ELSE regions[1 + split_part(s.sourced_id, '-', 2)::integer % 40] END, p.id,
        p.qualification_id, app_today(), app_today() + 150, 'open', now()
    FROM students s, latest, spread, (SELECT * FROM programmes LIMIT 1) p WHERE s.sourced_id LIKE 'ref-%';
    INSERT INTO student_identities (student_id, school_id, given_name, family_name, school_email)
    SELECT id, school_id, 'Voorbeeld', 'Tel ' || sourced_id, upper(sourced_id) || '@example.org'
    FROM students WHERE sourced_id LIKE 'ref-%';
    INSERT INTO placement_offers (id, practice_id, region_id, qualification_id, learning_paths, starts_on, ends_on,
        seats, setting, status)
    SELECT (CASE WHEN n % 40 = 0 THEN 'ff' ELSE '0a' END || substr(gen_random_uuid()::text, 3))::uuid,
        CASE WHEN n % 80 = 0 THEN practice ELSE id END, CASE WHEN n % 40 = 0 THEN region ELSE regions[1 + n % 40] END,
        (SELECT id FROM qualifications LIMIT 1), '{bol}', app_today(), app_today() + 150, 2, 'day-practice', 'published'
    FROM numbered, latest, spread, (SELECT id AS practice FROM organisations WHERE name = 'Voorbeeldpraktijk De Eerste Eik (demo)') p;
    CREATE TEMP TABLE seats AS SELECT id, qualification_id, row_number() OVER (ORDER BY id) AS n FROM placement_offers;
    INSERT INTO placements (id, region_id, school_id, practice_id, student_id, offer_id, programme_id, qualification_id,
        learning_path, starts_on, ends_on, status, ended_on)
    SELECT gen_random_uuid(), CASE WHEN n % 40 = 0 THEN region ELSE regions[1 + n % 40] END, s.school_id,
        CASE WHEN n % 80 = 0 THEN practice ELSE numbered.id END, s.id, seats.id, s.programme_id, seats.qualification_id,
        'bol', app_today() - n::int % 300, app_today() - n::int % 300 + 150,
        (ARRAY['active', 'completed', 'cancelled'])[1 + n / 40 % 3],
        CASE WHEN n / 40 % 3 > 0 THEN app_today() - n::int % 300 + 20 END
    FROM numbered JOIN seats USING (n) JOIN students s ON s.sourced_id = 'ref-' || n, latest, spread,
        (SELECT id AS practice FROM organisations WHERE name = 'Voorbeeldpraktijk De Eerste Eik (demo)') p;
    -- Everything but the last rows changed long ago.
    UPDATE students SET updated_at = '2018-06-01';
    UPDATE placement_requests SET updated_at = '2018-06-01';
    UPDATE placement_offers SET updated_at = '2018-06-01';
    ANALYZE;
";

/// Rows of a table that were read so far.
#[derive(Clone, Copy, Default)]
struct Read {
    whole: i64,
    rows: i64,
}

#[derive(QueryableByName)]
struct Table {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    whole: i64,
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

/// A service on one connection, so that what it reads can be told at any moment.
struct Counted {
    app: TestApp,
    owner: PgConnection,
    last: BTreeMap<String, Read>,
}

impl Counted {
    async fn start() -> Self {
        let app = TestApp::with(Setting { connections: 1, ..Setting::default() }).await;
        app.database.owner().batch_execute(MANY).unwrap();
        let owner = app.database.owner();
        Self { app, owner, last: BTreeMap::new() }
    }

    /// What was read of each big table since the last time.
    async fn read(&mut self) -> BTreeMap<String, Read> {
        // The connection tells its figures at the end of this transaction, not at some later one.
        let tell = |conn: &mut stagepunt::db::Conn| Ok(conn.batch_execute("SELECT pg_stat_force_next_flush()")?);
        self.app.db.run_as_system(Job::SignIn, tell).await.unwrap();
        let look = "SELECT s.relname::text AS name, coalesce(seq_scan, 0) AS whole, \
                    (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::bigint AS rows \
                    FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid WHERE c.reltuples >= 10000";
        let now: Vec<Table> = sql_query(look).load(&mut self.owner).unwrap();
        let mut since = BTreeMap::new();
        for Table { name, whole, rows } in now {
            let before = self.last.insert(name.clone(), Read { whole, rows }).unwrap_or_default();
            since.insert(name, Read { whole: whole - before.whole, rows: rows - before.rows });
        }
        since
    }
}

/// What callers ask most, each a path, or a search.
async fn hot(client: &TestClient, signed_in: bool) -> Vec<(String, Option<Value>)> {
    let mut hot: Vec<(String, Option<Value>)> = Vec::new();
    let mut collections = vec!["/v1/published-initiatives"];
    if signed_in {
        collections.push("/v1/organisations");
        let may = client.get("/v1/initiatives?limit=1").await;
        if may.status == 200 {
            collections.push("/v1/initiatives");
            let region = may.text_at("/items/0/region/id");
            hot.push((format!("/v1/initiatives?regionId={region}"), None));
            hot.push((format!("/v1/organisations?regionId={region}"), None));
            hot.push(("/v1/initiatives?status=running".to_owned(), None));
        }
        for search in [
            json!({ "kvkNumber": "00000017" }),
            json!({ "agbCode": "99999917" }),
            json!({ "leerbedrijfId": "LS-17" }),
            json!({ "name": "Praktijk 17" }),
        ] {
            hot.push(("/v1/organisations/_search".to_owned(), Some(search)));
        }
    }
    for own in ["/v1/students", "/v1/placement-requests", "/v1/placement-offers"] {
        if signed_in && client.get(&format!("{own}?limit=1")).await.status == 200 {
            let found = client.get(&format!("{own}?limit=50")).await.is(200);
            hot.push((format!("{own}?limit=50"), None));
            hot.push((format!("{own}?limit=50&cursor={}", found.text_at("/nextCursor")), None));
            hot.push((format!("{own}/{}", found.text_at("/items/0/id")), None));
            // From before everything, and from after nearly everything.
            for since in ["2018-01-01", "2019-01-01"] {
                hot.push((format!("{own}?limit=50&updatedSince={since}T00:00:00Z"), None));
            }
            if own == "/v1/students" {
                let search = json!({ "schoolEmail": "Ref-4000@Example.org" });
                let found = client.post("/v1/students/_search", &search).await.is(200);
                assert_eq!(found.items().len(), 1);
                hot.push(("/v1/students/_search".to_owned(), Some(search)));
            }
        }
    }
    if signed_in && client.get("/v1/placements?limit=1").await.status == 200 {
        let found = client.get("/v1/placements?limit=50").await.is(200);
        hot.push(("/v1/placements?limit=50".to_owned(), None));
        hot.push((format!("/v1/placements?limit=50&cursor={}", found.text_at("/nextCursor")), None));
        hot.push((format!("/v1/placements/{}", found.text_at("/items/0/id")), None));
        hot.push(("/v1/placements?limit=50&status=active".to_owned(), None));
        hot.push(("/v1/placements?limit=50&updatedSince=2018-01-01T00:00:00Z".to_owned(), None));
    }
    // Only a bureau has a waiting list, and asks who of it fits an offer.
    let me = client.get("/v1/me").await;
    if signed_in && me.text_at("/role") == "region" {
        let region = me.text_at("/regions/0/id");
        let offer = client.get("/v1/placement-offers?limit=50").await.is(200).text_at("/items/49/id");
        hot.push((format!("/v1/regions/{region}/waiting-list?limit=50"), None));
        hot.push((format!("/v1/placement-offers/{offer}/candidates?limit=50"), None));
    }
    if signed_in && client.get("/v1/tasks?limit=1").await.status == 200 {
        let found = client.get("/v1/tasks?limit=50").await.is(200);
        assert_eq!(found.items().len(), 50);
        hot.push(("/v1/tasks?limit=50".to_owned(), None));
        hot.push((format!("/v1/tasks?limit=50&cursor={}", found.text_at("/nextCursor")), None));
        for query in ["kind=record-outcome", "kind=fill-free-seat", "assignee=school&dueBefore=2019-01-01"] {
            hot.push((format!("/v1/tasks?limit=50&{query}"), None));
        }
    }
    for collection in collections {
        let found = client.get(&format!("{collection}?limit=50")).await.is(200);
        hot.push((format!("{collection}?limit=50"), None));
        hot.push((format!("{collection}?limit=50&cursor={}", found.text_at("/nextCursor")), None));
        hot.push((format!("{collection}/{}", found.text_at("/items/0/id")), None));
        if collection != "/v1/published-initiatives" {
            hot.push((format!("{collection}?limit=50&updatedSince=2018-01-01T00:00:00Z"), None));
        }
    }
    hot
}

#[actix_web::test]
async fn no_hot_request_reads_a_whole_table() {
    let mut counted = Counted::start().await;
    let (mut asked, mut costly) = (0, Vec::new());
    for key in CALLERS {
        let client = match key {
            Some(key) => counted.app.client(key).await,
            None => counted.app.anyone(),
        };
        for (path, search) in hot(&client, key.is_some()).await {
            client.get("/v1/me").await;
            assert_eq!(counted.read().await.len(), 9);
            match &search {
                Some(search) => client.post(&path, search).await.is(200),
                None => client.get(&path).await.is(200),
            };
            // A part of a name can stand anywhere in it: that search goes through all names, in their order.
            let by_name = search.as_ref().is_some_and(|search| search["name"].is_string());
            let most = if by_name { 25_000 } else { MOST_ROWS };
            for (table, read) in counted.read().await {
                asked += 1;
                if read.whole > 0 || read.rows > most {
                    let how = if read.whole > 0 { "sequentially" } else { "by index" };
                    costly.push(format!("{key:?} {path} {search:?}: {} rows of {table} {how}", read.rows));
                }
            }
        }
    }
    assert!(costly.is_empty(), "{}", costly.join("\n"));
    counted.read().await;
    assert_eq!(PERIODS_OVER.run(&counted.app.db).await.unwrap(), 0);
    let swept = counted.read().await["placement_requests"];
    assert_eq!((swept.whole, swept.rows), (0, 0), "what is over is found by its last day");
    assert!(asked > 300, "{asked}");
}

#[actix_web::test]
async fn a_bureau_of_two_regions_reads_their_changes_only() {
    const BUREAU: &str = "demo-regio-midden-brabant";
    let mut counted = Counted::start().await;
    second_region(&counted.app, BUREAU, &counted.app.organisation_of("demo-praktijk-eerste-eik").await).await;
    let bureau = counted.app.client(BUREAU).await;
    assert_eq!(bureau.get("/v1/me").await.is(200).json()["regions"].as_array().unwrap().len(), 2);
    for collection in ["placements", "placement-requests", "placement-offers"] {
        for since in ["2018-01-01", "2019-01-01"] {
            counted.read().await;
            let path = format!("/v1/{collection}?limit=50&updatedSince={since}T00:00:00Z");
            bureau.get(&path).await.is(200);
            for (table, read) in counted.read().await {
                // Changes of two regions are sorted before a page is cut off them, sometimes with the names they refer to.
                assert!(read.whole == 0 && read.rows <= 2 * MOST_ROWS, "{path}: {} rows of {table}", read.rows);
            }
        }
    }
}
