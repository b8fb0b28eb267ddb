//! Signing in, as a client does it.

use crate::support::{Cluster, TestApp};

#[actix_web::test]
async fn a_token_tells_whom_it_speaks_for() {
    let app = TestApp::start().await;
    let me = app.client("demo-regio-midden-brabant").await.get("/v1/me").await.is(200);
    assert_eq!(me.text_at("/role"), "region");
    assert_eq!(me.text_at("/regions/0/name"), "Midden-Brabant");
}

#[actix_web::test]
async fn without_a_good_token_every_path_answers_the_same_401() {
    let app = TestApp::start().await;
    for path in ["/v1/initiatives", "/v1/me", "/v1/nothing-here"] {
        app.anyone().get(path).await.is_problem(401, "invalid-token");
        app.with_token(Some("e30.e30.e30".to_owned())).get(path).await.is_problem(401, "invalid-token");
    }
}

#[actix_web::test]
async fn a_wrong_secret_and_an_unknown_client_get_the_same_answer() {
    let app = TestApp::start().await;
    let known = Cluster::shared().client_id("demo-regio-midden-brabant");
    let unknown = uuid::Uuid::now_v7().to_string();
    let mut bodies = Vec::new();
    for id in [known, unknown] {
        let request = app
            .anyone()
            .request(reqwest::Method::POST, "/oauth/token")
            .basic_auth(id, Some("wrong"))
            .form(&[("grant_type", "client_credentials")]);
        bodies.push(app.anyone().send(request).await.is(401).body);
    }
    assert_eq!(bodies[0], bodies[1]);
}
