//! 401 → 404 and 405 → 403 → 415; who is let in.

use super::*;

#[actix_web::test]
async fn without_a_good_token_every_path_that_is_not_public_answers_the_same_401() {
    for (method, path) in [
        ("GET", "/v1/things"),
        ("DELETE", "/v1/things"),
        ("BREW", "/v1/things"),
        ("GET", "/v1/nothing"),
        ("GET", "/v1/things/"),
        ("GET", "/metrics"),
        ("GET", "/"),
        ("POST", "/v1/catalogue"),
        ("OPTIONS", "/v1/things"),
        ("GET", "/docsx"),
        ("GET", "/signx"),
    ] {
        for authorization in
            [None, Some("Bearer bad"), Some("Bearer "), Some("Bearer"), Some("Basic good"), Some("Link short")]
        {
            let mut sent = request(method, path);
            if let Some(authorization) = authorization {
                sent = sent.insert_header(("Authorization", authorization));
            }
            let reply = send(sent).await;
            assert_eq!(
                (reply.status, reply.code().as_str()),
                (401, "invalid-token"),
                "{method} {path} {authorization:?}"
            );
            assert!(reply.header("WWW-Authenticate").is_some());
        }
    }
}

#[actix_web::test]
async fn with_a_token_404_comes_before_405_and_405_before_403() {
    for path in ["/v1/nothing", "/v1/things/", "/v1//things", "/metrics", "/V1/things"] {
        assert_eq!(send(signed("GET", path)).await.code(), "not-found", "{path}");
        assert_eq!(send(signed("DELETE", path)).await.code(), "not-found", "{path}");
    }
    for method in ["DELETE", "PUT", "BREW", "OPTIONS", "TRACE"] {
        let reply = send(signed(method, "/v1/things")).await;
        assert_eq!((reply.status, reply.header("Allow")), (405, Some("GET, HEAD, POST")), "{method}");
    }
    let forbidden = send(request("POST", "/v1/things").insert_header(("Authorization", "Bearer reader"))).await;
    assert_eq!((forbidden.status, forbidden.code().as_str()), (403, "scope-missing"));
}

#[actix_web::test]
async fn two_authorization_headers_are_no_token() {
    let sent = signed("GET", "/v1/things").append_header(("Authorization", "Bearer good"));
    assert_eq!(send(sent).await.status, 401);
    assert_eq!(send(request("GET", "/v1/things?access_token=good")).await.status, 401);
}

#[actix_web::test]
async fn the_scheme_is_read_in_any_case() {
    for authorization in ["bearer good", "BEARER good", "Bearer  good"] {
        let reply = send(request("GET", "/v1/things").insert_header(("Authorization", authorization))).await;
        assert_eq!(reply.status, 200, "{authorization}");
    }
}

#[actix_web::test]
async fn public_operations_ignore_tokens_good_and_bad() {
    for authorization in ["Bearer good", "Bearer bad", "Basic x"] {
        let reply = send(request("GET", "/v1/catalogue").insert_header(("Authorization", authorization))).await;
        assert_eq!((reply.status, reply.body.as_slice()), (200, &b"Public"[..]), "{authorization}");
    }
    assert_eq!(send(request("GET", "/v1/catalogue")).await.status, 200);
    assert_eq!(send(request("GET", "/docs/index.html")).await.status, 200);
    assert_eq!(send(request("GET", "/health/live")).await.status, 200);
}

#[actix_web::test]
async fn the_holder_of_a_link_comes_in_but_has_no_scope() {
    let link = format!("Link {}", "A".repeat(43));
    let send_with_link = |path: &str| send(request("GET", path).insert_header(("Authorization", link.as_str())));
    assert_eq!(send_with_link("/v1/things").await.status, 403);
    assert_eq!(send_with_link("/v1/nothing").await.status, 404);
    assert_eq!(send(request("GET", "/v1/things").insert_header(("Authorization", "Link a b"))).await.status, 401);
}

#[actix_web::test]
async fn method_override_headers_do_nothing() {
    for header in ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"] {
        assert_eq!(send(signed("GET", "/v1/things").insert_header((header, "DELETE"))).await.status, 200);
    }
}
