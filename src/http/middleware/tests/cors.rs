//! Who may read answers from a browser.

use super::*;

const ALLOW_ORIGIN: &str = "Access-Control-Allow-Origin";

fn preflight(origin: &str, path: &str) -> TestRequest {
    request("OPTIONS", path)
        .insert_header(("Origin", origin))
        .insert_header(("Access-Control-Request-Method", "PATCH"))
        .insert_header(("Access-Control-Request-Headers", "authorization, if-match"))
}

#[actix_web::test]
async fn a_known_frontend_is_let_in_without_a_token_for_the_preflight() {
    let reply = send(preflight(FRONTEND, "/v1/things")).await;
    assert_eq!((reply.status, reply.header(ALLOW_ORIGIN)), (204, Some(FRONTEND)));
    assert!(reply.header("Access-Control-Allow-Methods").unwrap().contains("PATCH"));
    assert!(reply.header("Access-Control-Allow-Headers").unwrap().contains("If-Match"));
    assert_eq!(reply.header("Access-Control-Allow-Credentials"), None);
    assert!(reply.header("Vary").unwrap().contains("Origin"));
}

#[actix_web::test]
async fn nobody_else_is() {
    for origin in [
        "https://evil.example",
        "null",
        "https://app.example.nl.evil.example",
        "https://evilapp.example.nl",
        "https://app.example.nl:8443",
        "http://app.example.nl",
        "HTTPS://APP.EXAMPLE.NL",
        "https://app.example.nl/",
        "https://app.example.nl, https://evil.example",
        "*",
        "",
    ] {
        for sent in [preflight(origin, "/v1/things"), signed("GET", "/v1/things").insert_header(("Origin", origin))] {
            let reply = send(sent).await;
            assert!(reply.headers.keys().all(|name| !name.as_str().starts_with("access-control")), "{origin}");
            assert_eq!(reply.header("Vary"), Some("Origin"));
        }
    }
    let twice = signed("GET", "/v1/things").append_header(("Origin", FRONTEND)).append_header(("Origin", FRONTEND));
    assert_eq!(send(twice).await.header(ALLOW_ORIGIN), None);
}

#[actix_web::test]
async fn a_known_frontend_may_read_answers_and_refusals() {
    for (sent, status) in [
        (signed("GET", "/v1/things"), 200),
        (request("GET", "/v1/things"), 401),
        (signed("GET", "/v1/nothing"), 404),
        (signed("GET", "/v1/failures?panic"), 500),
    ] {
        let reply = send(sent.insert_header(("Origin", FRONTEND))).await;
        assert_eq!((reply.status, reply.header(ALLOW_ORIGIN)), (status, Some(FRONTEND)));
        assert!(reply.header("Access-Control-Expose-Headers").unwrap().contains("ETag"));
    }
}

#[actix_web::test]
async fn the_contract_is_for_everybody() {
    for origin in ["https://anywhere.example", "null"] {
        let read = send(request("GET", "/v1/openapi.json").insert_header(("Origin", origin))).await;
        assert_eq!((read.status, read.header(ALLOW_ORIGIN), read.header("Vary")), (200, Some("*"), None));
        assert_eq!(send(preflight(origin, "/v1/openapi.json")).await.header(ALLOW_ORIGIN), Some("*"));
    }
    assert_eq!(send(request("GET", "/v1/openapi.json")).await.header(ALLOW_ORIGIN), Some("*"));
}

#[actix_web::test]
async fn what_is_published_is_for_everybody() {
    for path in ["/v1/published-initiatives", "/v1/published-initiatives/1"] {
        for sent in [preflight("null", path), request("GET", path).insert_header(("Origin", FRONTEND))] {
            assert_eq!(send(sent).await.header(ALLOW_ORIGIN), Some("*"));
        }
    }
}

#[actix_web::test]
async fn a_caller_that_is_no_browser_sees_only_that_answers_differ_by_origin() {
    let reply = send(signed("GET", "/v1/things")).await;
    assert_eq!((reply.header(ALLOW_ORIGIN), reply.header("Vary")), (None, Some("Origin")));
}
