//! Encoded bodies, large heads, HEAD.

use super::*;

#[actix_web::test]
async fn an_encoded_body_is_415_after_403_and_404() {
    for coding in ["gzip", "br", "zstd", "x-own", "identity, gzip"] {
        let sent = |token: &str, path: &str| {
            request("POST", path)
                .insert_header(("Authorization", format!("Bearer {token}")))
                .insert_header(("Content-Encoding", coding))
                .set_payload("x")
        };
        let reply = send(sent("good", "/v1/things")).await;
        assert_eq!((reply.status, reply.code().as_str()), (415, "unsupported-content-encoding"), "{coding}");
        assert_eq!(send(sent("reader", "/v1/things")).await.status, 403);
        assert_eq!(send(sent("good", "/v1/nothing")).await.status, 404);
        assert_eq!(send(sent("bad", "/v1/things")).await.status, 401);
    }
    assert_eq!(send(signed("GET", "/v1/things").insert_header(("Content-Encoding", "gzip"))).await.status, 415);
}

#[actix_web::test]
async fn a_plain_body_arrives_whole() {
    for coding in [None, Some("identity")] {
        let mut sent = signed("POST", "/v1/things").set_payload("alles");
        if let Some(coding) = coding {
            sent = sent.insert_header(("Content-Encoding", coding));
        }
        let reply = send(sent).await;
        assert_eq!((reply.status, reply.body.as_slice()), (201, &b"alles"[..]));
    }
}

#[actix_web::test]
async fn a_large_head_is_431_before_anything_else() {
    let header = send(request("GET", "/v1/things").insert_header(("X-Padding", "x".repeat(17_000)))).await;
    assert_eq!((header.status, header.code().as_str()), (431, "head-too-large"));
    assert_eq!(send(signed("GET", &format!("/v1/things?q={}", "x".repeat(17_000)))).await.status, 431);
    assert_eq!(send(signed("GET", &format!("/v1/things?q={}", "x".repeat(8_000)))).await.status, 200);
}

#[actix_web::test]
async fn head_answers_as_get_does_without_the_body() {
    for path in ["/v1/things", "/v1/catalogue", "/v1/things/01936f5e-7a10-7c44-9d6b-2f1c5e8a0b44", "/v1/nothing"] {
        let app = test::init_service(small_api(edge())).await;
        let get =
            test::call_service(&app, signed("GET", path).insert_header(("X-Request-Id", "same")).to_request()).await;
        let head =
            test::call_service(&app, signed("HEAD", path).insert_header(("X-Request-Id", "same")).to_request()).await;
        assert_eq!(head.status(), get.status(), "{path}");
        assert_eq!(
            actix_web::body::MessageBody::size(head.response().body()),
            actix_web::body::MessageBody::size(get.response().body())
        );
        for (name, value) in get.headers() {
            if name != "ratelimit" {
                assert_eq!(head.headers().get(name), Some(value), "{path}");
            }
        }
        assert!(to_bytes(head.into_body()).await.unwrap().is_empty());
    }
    assert_eq!(send(signed("HEAD", "/oauth/token")).await.status, 405);
}
