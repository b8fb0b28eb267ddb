//! The headers of every response.

use super::*;

#[actix_web::test]
async fn every_response_carries_them_errors_included() {
    for (sent, status) in [
        (signed("GET", "/v1/things"), 200),
        (request("GET", "/v1/things"), 401),
        (signed("GET", "/v1/nothing"), 404),
        (signed("DELETE", "/v1/things"), 405),
        (signed("GET", "/v1/failures?defect"), 500),
        (signed("GET", "/v1/failures?panic"), 500),
        (signed("GET", "/v1/failures?framework"), 413),
        (
            request("OPTIONS", "/v1/things")
                .insert_header(("Origin", FRONTEND))
                .insert_header(("Access-Control-Request-Method", "GET")),
            204,
        ),
        (request("GET", "/docs/"), 200),
    ] {
        let reply = send(sent).await;
        assert_eq!(reply.status, status);
        for (name, value) in [
            ("API-Version", env!("CARGO_PKG_VERSION")),
            ("Cache-Control", "no-store"),
            ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Referrer-Policy", "no-referrer"),
        ] {
            assert_eq!(reply.header(name), Some(value), "{status} {name}");
        }
        assert!(reply.header("Content-Security-Policy").unwrap().contains("frame-ancestors 'none'"));
        assert!(reply.header("X-Request-Id").unwrap().parse::<Uuid>().is_ok());
    }
}

#[actix_web::test]
async fn a_handler_may_say_how_long_its_answer_keeps() {
    let reply = send(signed("POST", "/v1/things").set_payload("x")).await;
    assert_eq!(reply.header("Cache-Control"), Some("private"));
}

#[actix_web::test]
async fn the_documentation_may_load_its_own_scripts_and_nothing_else_may() {
    let docs = send(request("GET", "/docs/index.html")).await;
    assert!(docs.header("Content-Security-Policy").unwrap().starts_with("default-src 'self'"));
    let answer = send(signed("GET", "/v1/things")).await;
    assert!(answer.header("Content-Security-Policy").unwrap().starts_with("default-src 'none'"));
}

#[actix_web::test]
async fn a_usable_request_id_is_repeated_and_another_replaced() {
    let given = send(signed("GET", "/v1/things").insert_header(("X-Request-Id", "mijn-verzoek.42"))).await;
    assert_eq!(given.header("X-Request-Id"), Some("mijn-verzoek.42"));
    for bad in ["a b", "x\"y", "iemand@voorbeeld.nl", ""] {
        let reply = send(signed("GET", "/v1/things").insert_header(("X-Request-Id", bad))).await;
        assert!(reply.header("X-Request-Id").unwrap().parse::<Uuid>().is_ok(), "{bad}");
    }
    let twice = signed("GET", "/v1/things").append_header(("X-Request-Id", "a")).append_header(("X-Request-Id", "b"));
    assert!(send(twice).await.header("X-Request-Id").unwrap().parse::<Uuid>().is_ok());
}
