//! What is never taken in: a BSN, and anything about a person that is not needed.

use serde_json::json;

use super::{SCHOOL, School};
use crate::support::TestApp;

/// Nine digits that pass the 11-test and are nobody's.
const BSN_LIKE: &str = "111222333";

#[actix_web::test]
async fn a_text_that_may_hold_a_bsn_is_refused_and_not_repeated() {
    let app = TestApp::start().await;
    let school = School::of(&app, SCHOOL).await;
    for (pointer, body) in [
        ("/givenName", json!({ "givenName": format!("Voorbeeld {BSN_LIKE}") })),
        ("/prefix", json!({ "prefix": "111.222.333" })),
        ("/familyName", json!({ "familyName": BSN_LIKE })),
        ("/schoolEmail", json!({ "schoolEmail": format!("s{BSN_LIKE}@example.org") })),
        ("/programmeCode", json!({ "programmeCode": BSN_LIKE })),
    ] {
        let answer = school.put("x", body).await.has_fault(pointer, "bsn-like");
        let said = String::from_utf8(answer.body).unwrap();
        assert!(!said.contains(BSN_LIKE) && !said.contains("111.222"), "{said}");
    }
    let path = format!("/v1/students/{}", school.enter("x", json!({})).await);
    school.client.change(&path, &json!({ "familyName": BSN_LIKE })).await.has_fault("/familyName", "bsn-like");
    let search = json!({ "name": BSN_LIKE });
    school.client.post("/v1/students/_search", &search).await.has_fault("/name", "bsn-like");
    school.put("x", json!({ "familyName": "Honderd 111222334" })).await.is(200);
    // The key is the school's own business; a whole file of such keys is another matter.
    school.put(BSN_LIKE, json!({})).await.is(201);
}

#[actix_web::test]
async fn nothing_else_about_a_person_is_taken_in() {
    let app = TestApp::start().await;
    let school = School::of(&app, SCHOOL).await;
    for property in ["birthDate", "gender", "bsn", "phone", "remarks", "healthNote", "studentNumber"] {
        let answer = school.put("x", json!({ property: "geheim" })).await;
        let answer = answer.has_fault(&format!("/{property}"), "unknown-property");
        assert!(!String::from_utf8(answer.body).unwrap().contains("geheim"));
    }
}
