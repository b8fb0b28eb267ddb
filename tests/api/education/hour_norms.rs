//! Hour norms.

use super::FUNDER;
use crate::support::TestApp;

#[actix_web::test]
async fn hour_norms_go_by_learning_path_and_day() {
    let app = TestApp::start().await;
    let client = app.client(FUNDER).await;
    let of = async |query: &str| client.get(&format!("/v1/hour-norms?{query}")).await.is(200).items();
    let bol = of("learningPath=bol&asOf=2018-09-01").await;
    assert_eq!(
        (bol.len(), bol[0]["placementHours"].as_i64(), bol[0]["basis"].as_str()),
        (1, Some(900), Some("programme"))
    );
    let bbl = of("framework=mbo&learningPath=bbl").await;
    assert_eq!((bbl[0]["placementHours"].as_i64(), bbl[0]["basis"].as_str()), (Some(610), Some("study-year")));
    assert!(of("learningPath=third-path").await[0]["totalHours"].is_null());
    assert!(of("framework=hbo").await.is_empty());
    client.get(&format!("/v1/hour-norms/{}", bol[0]["id"].as_str().unwrap())).await.is(200);
}
