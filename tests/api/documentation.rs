//! The documentation in a browser: it is there, and what refers to it leads somewhere.

use crate::support::TestApp;

#[actix_web::test]
async fn the_type_of_a_problem_leads_to_the_line_of_its_code() {
    let app = TestApp::start().await;
    let problem = app.anyone().get("/v1/me").await.is_problem(401, "invalid-token");
    let (page, anchor) = problem.text_at("/type").split_once('#').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let page = app.anyone().get(&page).await.is(200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.text().contains(&format!("id=\"{anchor}\"")), "no {anchor}");
}

#[actix_web::test]
async fn every_link_within_the_documentation_leads_to_a_page() {
    let app = TestApp::start().await;
    let mut found = 0;
    for page in ["/docs/problems", "/docs/api-design", "/docs/roster-sync"] {
        let text = app.anyone().get(page).await.is(200).text();
        for link in text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            if !link.starts_with("http") && !link.starts_with('#') {
                app.anyone().get(&format!("/docs/{}", link.split('#').next().unwrap())).await.is(200);
                found += 1;
            }
        }
    }
    assert!(found > 0, "no links");
}

#[actix_web::test]
async fn the_documentation_is_found_without_its_slash() {
    let app = TestApp::start().await;
    let answer = app.anyone().get("/docs/").await.is(200);
    assert!(answer.text().contains("swagger"), "no Swagger UI");
    let redirect = app.anyone().get("/docs").await.is(308);
    assert_eq!(redirect.header("location"), "/docs/");
}
