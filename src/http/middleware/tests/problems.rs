//! Every error in one shape.

use super::*;

#[actix_web::test]
async fn a_problem_names_the_path_and_the_request_in_the_callers_language() {
    let sent = |language| {
        signed("GET", "/v1/failures?conflict")
            .insert_header(("X-Request-Id", "vraag-1"))
            .insert_header(("Accept-Language", language))
    };
    let english = send(sent("en")).await;
    assert_eq!(english.header("Content-Type"), Some("application/problem+json"));
    assert_eq!(english.header("Content-Language"), Some("en"));
    let problem = english.json();
    assert_eq!(problem["detail"], "No seats.");
    assert_eq!(problem["instance"], "/v1/failures");
    assert_eq!(problem["requestId"], "vraag-1");
    assert_eq!(problem["allowedTransitions"][0], "withdrawn");
    let dutch = send(sent("nl")).await.json();
    assert_eq!((dutch["detail"].as_str(), dutch["code"].as_str()), (Some("Geen plaats."), Some("no-seats")));
}

#[actix_web::test]
async fn what_the_framework_refuses_is_a_problem_too() {
    let large = send(signed("GET", "/v1/failures?framework")).await;
    assert_eq!((large.status, large.code().as_str()), (413, "request-refused"));
    assert!(!String::from_utf8(large.body).unwrap().contains("own words"));
    assert_eq!(send(signed("GET", "/v1/failures?bare")).await.json()["status"], 408);
    let path = send(signed("GET", "/v1/things/no-uuid")).await;
    assert_eq!((path.status, path.header("Content-Type")), (404, Some("application/problem+json")));
}

#[actix_web::test]
async fn an_unavailable_answer_says_when_to_come_back() {
    let reply = send(signed("GET", "/v1/failures?unavailable")).await;
    assert_eq!((reply.status, reply.header("Retry-After")), (503, Some("2")));
}

#[actix_web::test]
async fn an_error_that_lost_its_request_is_told_too() {
    let reply = send(signed("GET", "/v1/wrapped")).await;
    assert_eq!((reply.status, reply.code().as_str()), (409, "no-seats"));
    assert_eq!(
        (reply.json()["instance"].as_str(), reply.header("X-Frame-Options")),
        (Some("/v1/wrapped"), Some("DENY"))
    );
}

#[actix_web::test]
async fn an_error_document_of_the_handler_stays_as_it_is() {
    let reply = send(request("POST", "/oauth/token")).await;
    assert_eq!((reply.status, reply.json()), (400, serde_json::json!({"error": "invalid_request"})));
}

#[actix_web::test]
async fn a_panic_costs_one_request() {
    let replies = send_to(edge(), vec![signed("GET", "/v1/failures?panic"), signed("GET", "/v1/things")]).await;
    let [lost, next] = replies.as_slice() else { panic!("two replies") };
    assert_eq!(
        (lost.status, lost.code().as_str(), lost.json()["instance"].as_str()),
        (500, "internal-error", Some("/v1/failures"))
    );
    assert_eq!(next.status, 200);
}

#[actix_web::test]
async fn two_answers_to_what_is_not_there_differ_only_in_their_request() {
    let path = |id: &str| signed("GET", &format!("/v1/things/{id}")).insert_header(("X-Request-Id", "same"));
    let absent = send(path("01936f5e-7a10-7c44-9d6b-2f1c5e8a0b44")).await;
    let foreign = send(path("01936f5e-7a10-7c44-9d6b-2f1c5e8a0b55")).await;
    let text = |reply: &Reply| String::from_utf8(reply.body.clone()).unwrap();
    assert_eq!(text(&absent).replace("0b44", "0b55"), text(&foreign));
}
