//! How often one caller may call.

use super::*;

fn limited(requests_per_second: u32, burst: u32) -> Edge {
    Edge { limits: RateLimits::new(Limits { requests_per_second, burst }, Proxies::default()), ..edge() }
}

#[actix_web::test]
async fn one_request_too_many_is_429_and_says_when_to_come_back() {
    let requests = (0..4).map(|_| signed("GET", "/v1/things")).collect();
    let replies = send_to(limited(1, 3), requests).await;
    assert_eq!(replies.iter().map(|reply| reply.status).collect::<Vec<_>>(), [200, 200, 200, 429]);
    let policies = replies.iter().map(|reply| reply.header("RateLimit-Policy")).collect::<Vec<_>>();
    assert_eq!(policies, [Some("\"default\";q=3;w=3"); 4]);
    let left = replies.iter().map(|reply| reply.header("RateLimit").unwrap()).collect::<Vec<_>>();
    assert_eq!(left, ["\"default\";r=2;t=1", "\"default\";r=1;t=2", "\"default\";r=0;t=3", "\"default\";r=0;t=3"]);
    let refused = replies.last().unwrap();
    assert_eq!((refused.code().as_str(), refused.header("Retry-After")), ("rate-limited", Some("1")));
}

#[actix_web::test]
async fn every_client_has_a_bucket_of_its_own() {
    let reader = request("GET", "/v1/things").insert_header(("Authorization", "Bearer reader"));
    let replies = send_to(limited(1, 1), vec![signed("GET", "/v1/things"), reader, signed("GET", "/v1/things")]).await;
    assert_eq!(replies.iter().map(|reply| reply.status).collect::<Vec<_>>(), [200, 200, 429]);
}

#[actix_web::test]
async fn callers_without_a_good_token_share_their_addresss_bucket() {
    let from = |last: u8, sent: TestRequest| sent.peer_addr(([192, 0, 2, last], 4711).into());
    let bad = || request("GET", "/v1/things").insert_header(("Authorization", "Bearer bad"));
    let forwarded = request("GET", "/v1/catalogue").insert_header(("X-Forwarded-For", "198.51.100.1"));
    let replies = send_to(
        limited(1, 1),
        vec![
            from(1, bad()),
            from(1, request("GET", "/v1/catalogue")),
            from(1, forwarded),
            from(2, bad()),
            from(1, signed("GET", "/v1/things")),
        ],
    )
    .await;
    assert_eq!(replies.iter().map(|reply| reply.status).collect::<Vec<_>>(), [401, 429, 429, 401, 200]);
}

#[actix_web::test]
async fn health_probes_are_never_refused() {
    let replies = send_to(limited(1, 1), (0..5).map(|_| request("GET", "/health/live")).collect()).await;
    assert!(replies.iter().all(|reply| reply.status == 200 && reply.header("RateLimit").is_none()));
}

#[actix_web::test]
async fn the_limit_can_be_switched_off() {
    let replies = send_to(limited(0, 1), (0..5).map(|_| signed("GET", "/v1/things")).collect()).await;
    assert!(replies.iter().all(|reply| reply.status == 200 && reply.header("RateLimit").is_none()));
}
