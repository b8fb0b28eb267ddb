use actix_web::http::StatusCode;
use actix_web::test::TestRequest;

use crate::http::specimen::{faults, send};

const ID: &str = "01936f5e-7a10-7c44-9d6b-2f1c5e8a0b11";

fn list(query: &str) -> TestRequest {
    TestRequest::get().uri(&format!("/v1/initiatives?{query}"))
}

async fn refused(request: TestRequest) -> Vec<String> {
    let (status, answer) = send(request).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{answer}");
    faults(&answer)
}

#[actix_web::test]
async fn good_queries_are_read() {
    let cases = [
        ("", "limit: None"),
        ("&&", "limit: None"),
        ("limit=200", "limit: Some(200)"),
        ("titleLike=caf%C3%A9+noir", "title_like: Some(Line(\"café noir\"))"),
        ("titleLike=a%26b%3Dc", "title_like: Some(Line(\"a&b=c\"))"),
        ("kinds=product", "kinds: Some(List([Product]))"),
        ("kinds=product,structure-and-process", "kinds: Some(List([Product, StructureAndProcess]))"),
        ("kinds=product%2Cresearch", "kinds: Some(List([Product, Research]))"),
        ("open=true", "open: Some(true)"),
        ("from=2025-09-01", "from: Some(Day(2025-09-01))"),
        (&format!("regionId={ID}"), "region_id: Some(RegionId(01936f5e"),
    ];
    for (query, expected) in cases {
        let (status, answer) = send(list(query)).await;
        assert_eq!(status, StatusCode::OK, "{query} {answer}");
        assert!(answer.as_str().unwrap().contains(expected), "{query}: {answer}");
    }
}

#[actix_web::test]
async fn every_bad_parameter_is_named() {
    let many = format!("kinds={}", vec!["product"; 51].join(","));
    let cases = [
        ("limit=0", "/limit out-of-range"),
        ("limit=201", "/limit out-of-range"),
        ("limit=-1", "/limit out-of-range"),
        ("limit=99999999999999999999", "/limit out-of-range"),
        ("limit=x", "/limit wrong-type"),
        ("limit=", "/limit wrong-type"),
        ("limit", "/limit wrong-type"),
        ("limit=1.5", "/limit wrong-type"),
        ("titleLike=", "/titleLike too-short"),
        ("titleLike=a%00b", "/titleLike refused-character"),
        ("titleLike=a%0Ab", "/titleLike refused-character"),
        ("titleLike=%E2%80%AE", "/titleLike refused-character"),
        ("titleLike=xxxxxxxxxxxxxxxxxxxxxxxxx", "/titleLike too-long"),
        ("titleLike=%zz", "/titleLike malformed"),
        ("titleLike=%", "/titleLike malformed"),
        ("titleLike=%4", "/titleLike malformed"),
        ("titleLike=%C0%80", "/titleLike malformed"),
        ("titleLike=%FF", "/titleLike malformed"),
        ("titleLike=%ED%A0%80", "/titleLike malformed"),
        ("%zz=1", " malformed"),
        ("kinds=product,unknown", "/kinds/1 unknown-value"),
        ("kinds=product,", "/kinds/1 unknown-value"),
        (&many, "/kinds too-many"),
        ("regionId=x", "/regionId malformed"),
        ("regionId=01936f5e7a107c449d6b2f1c5e8a0b11", "/regionId malformed"),
        ("open=maybe", "/open wrong-type"),
        ("open=1", "/open wrong-type"),
        ("from=2025-9-1", "/from malformed"),
        ("limit=1&limit=2", "/limit repeated-parameter"),
        ("limit=1&limit=1", "/limit repeated-parameter"),
        ("kinds=product&kinds=research", "/kinds repeated-parameter"),
        ("evil=1", "/evil unknown-parameter"),
        ("title_like=a", "/title_like unknown-parameter"),
        ("Limit=5", "/Limit unknown-parameter"),
        ("limit%5B%5D=5", "/limit[] unknown-parameter"),
    ];
    let mut wrong = Vec::new();
    for (query, expected) in cases {
        let found = refused(list(query)).await;
        if found != [expected] {
            wrong.push(format!("{query} gives {found:?}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[actix_web::test]
async fn all_faults_of_a_query_come_at_once() {
    let found = refused(list("a=1&limit=0&kinds=x,y&b=2&open=5&from=a&from=b")).await;
    let expected = [
        "/a unknown-parameter",
        "/b unknown-parameter",
        "/from repeated-parameter",
        "/kinds/0 unknown-value",
        "/kinds/1 unknown-value",
        "/limit out-of-range",
        "/open wrong-type",
    ];
    assert_eq!(found, expected);
}

#[actix_web::test]
async fn faults_of_a_query_say_so_and_never_repeat_the_value() {
    let (_, answer) = send(list("limit=geheim&kinds=geheim&titleLike=geheim%00")).await;
    assert!(!answer.to_string().contains("geheim"), "{answer}");
    assert!(answer["errors"].as_array().unwrap().iter().all(|fault| fault["in"] == "query"));
}

#[actix_web::test]
async fn a_malformed_path_is_named_by_its_parameter() {
    let cases = [
        ("x/years/2018-2019", vec!["/regionId malformed"]),
        (&format!("{ID}/years/2018-2020"), vec!["/schoolYear malformed"]),
        ("x/years/y", vec!["/regionId malformed", "/schoolYear malformed"]),
        ("01936f5e7a107c449d6b2f1c5e8a0b11/years/2018-2019", vec!["/regionId malformed"]),
        ("%7B01936f5e-7a10-7c44-9d6b-2f1c5e8a0b11%7D/years/2018-2019", vec!["/regionId malformed"]),
        ("urn:uuid:01936f5e-7a10-7c44-9d6b-2f1c5e8a0b11/years/2018-2019", vec!["/regionId malformed"]),
        (&format!("{ID}%00/years/2018-2019"), vec!["/regionId malformed"]),
        (&format!("{ID}/years/2018%002019"), vec!["/schoolYear malformed"]),
        (&format!("{ID}/years/%FF"), vec!["/schoolYear malformed"]),
    ];
    for (path, expected) in cases {
        let request = TestRequest::get().uri(&format!("/v1/regions/{path}"));
        let (status, answer) = send(request).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{path} {answer}");
        assert_eq!(faults(&answer), expected, "{path}");
        assert_eq!(answer["errors"][0]["in"], "path");
    }
}

#[actix_web::test]
async fn a_good_path_is_read() {
    let request = TestRequest::get().uri(&format!("/v1/regions/{}/years/2018-2019", ID.to_uppercase()));
    let (status, answer) = send(request).await;
    assert_eq!((status, answer.as_str().unwrap()), (StatusCode::OK, format!("{ID} 2018-2019").as_str()));
}
