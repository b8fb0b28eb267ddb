use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::{StatusCode, header};
use actix_web::test::TestRequest;
use actix_web::web::Bytes;
use futures_util::stream::{self, Stream, StreamExt as _};
use serde_json::{Value, json};

use super::{BODY_LIMIT, collect_within};
use crate::error::{Error, Result};
use crate::http::specimen::{faults, send};

const ID: &str = "01936f5e-7a10-7c44-9d6b-2f1c5e8a0b11";

fn good() -> Value {
    json!({ "title": "Stages", "kind": "product", "startsOn": "2025-09-01", "amountCents": 5 })
}

fn post(body: impl Into<String>) -> TestRequest {
    TestRequest::post()
        .uri("/v1/initiatives")
        .insert_header(("content-type", "application/json"))
        .set_payload(body.into())
}

fn patch(body: impl Into<String>) -> TestRequest {
    TestRequest::patch()
        .uri(&format!("/v1/initiatives/{ID}"))
        .insert_header(("content-type", "application/merge-patch+json"))
        .set_payload(body.into())
}

async fn refused(request: TestRequest) -> Vec<String> {
    let (status, answer) = send(request).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{answer}");
    assert_eq!(answer["code"], "invalid-input");
    faults(&answer)
}

/// The good body with one member replaced by raw JSON.
fn with(member: &str, raw: &str) -> String {
    let mut body = good();
    body[member] = json!("@");
    body.to_string().replace("\"@\"", raw)
}

#[actix_web::test]
async fn a_good_body_is_taken_with_its_digest() {
    let (status, answer) =
        send(post("{\"title\":\" Stages \",\"kind\":\"product\",\"startsOn\":\"2025-09-01\",\"amountCents\":5}")).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    assert_eq!(answer, "Stages 56e2298422f6fe385e24865f1579b818");
}

#[actix_web::test]
async fn only_the_media_type_of_the_operation_is_taken() {
    let cases = [
        (Some("application/json"), true),
        (Some("application/json; charset=utf-8"), true),
        (Some("Application/JSON;charset=\"UTF-8\""), true),
        (Some("application/json; charset=iso-8859-1"), false),
        (Some("application/merge-patch+json"), false),
        (Some("application/vnd.api+json"), false),
        (Some("text/plain"), false),
        (Some("text/json"), false),
        (Some(""), false),
        (Some("nonsense"), false),
        (None, false),
    ];
    for (media_type, taken) in cases {
        let mut request = TestRequest::post().uri("/v1/initiatives").set_payload(good().to_string());
        if let Some(media_type) = media_type {
            request = request.insert_header((header::CONTENT_TYPE, media_type));
        }
        let (status, answer) = send(request).await;
        let expected = if taken { StatusCode::OK } else { StatusCode::UNSUPPORTED_MEDIA_TYPE };
        assert_eq!(status, expected, "{media_type:?} {answer}");
        assert!(taken || answer["code"] == "unsupported-media-type");
    }
    let json = patch("{}").insert_header((header::CONTENT_TYPE, "application/json"));
    assert_eq!(send(json).await.0, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(send(patch("{}")).await.0, StatusCode::OK);
}

#[actix_web::test]
async fn a_body_is_never_unpacked() {
    for (encoding, status) in [
        ("gzip", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("br", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("identity, gzip", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("Identity", StatusCode::OK),
    ] {
        let request = post(good().to_string()).insert_header((header::CONTENT_ENCODING, encoding));
        assert_eq!(send(request).await.0, status, "{encoding}");
    }
}

#[actix_web::test]
async fn a_body_has_a_largest_size() {
    let mut body = good().to_string();
    body.push_str(&" ".repeat(BODY_LIMIT - body.len()));
    assert_eq!(send(post(body.clone())).await.0, StatusCode::OK);
    let (status, answer) = send(post(format!("{body} "))).await;
    assert_eq!((status, &answer["code"]), (StatusCode::PAYLOAD_TOO_LARGE, &json!("body-too-large")));
    let announced = post("{}").insert_header((header::CONTENT_LENGTH, "999999999999"));
    assert_eq!(send(announced).await.0, StatusCode::PAYLOAD_TOO_LARGE);
}

async fn collected(chunks: impl Stream<Item = Result<Bytes, PayloadError>> + 'static) -> Result<Vec<u8>> {
    collect_within(Duration::from_millis(20), Payload::Stream { payload: Box::pin(chunks) }, 5).await
}

#[actix_web::test]
async fn a_body_in_pieces_is_bounded_in_size_and_time() {
    let piece = |text: &'static str| Ok(Bytes::from_static(text.as_bytes()));
    assert_eq!(collected(stream::iter([piece("ab"), piece("cde")])).await.unwrap(), b"abcde");
    let status = |result: Result<Vec<u8>>| actix_web::ResponseError::status_code(&result.unwrap_err());
    assert_eq!(status(collected(stream::iter([piece("abc"), piece("def")])).await), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(status(collected(stream::repeat_with(move || piece("abc"))).await), StatusCode::PAYLOAD_TOO_LARGE);
    let slow = stream::iter([piece("ab")]).chain(stream::pending());
    assert_eq!(status(collected(slow).await), StatusCode::REQUEST_TIMEOUT);
    let broken = collected(stream::iter([piece("ab"), Err(PayloadError::Incomplete(None))])).await;
    assert!(matches!(broken, Err(Error::BadRequest(rule)) if rule.code == "body-unreadable"));
}

#[actix_web::test]
async fn guard_path_and_query_come_before_the_body() {
    let guarded = TestRequest::post().uri("/v1/guarded/x?y=1").set_payload("nonsense");
    assert_eq!(send(guarded).await.0, StatusCode::FORBIDDEN);
    let path = TestRequest::patch().uri("/v1/initiatives/x").set_payload("nonsense");
    assert_eq!(refused(path).await, ["/initiativeId malformed"]);
}

#[actix_web::test]
async fn what_is_not_json_is_one_fault() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let cases = [
        "",
        " ",
        "{",
        "nul",
        "{\"title\":\"x\"",
        "{'title':'x'}",
        "{\"a\":1,}",
        "{\"a\":NaN}",
        "{\"a\":Infinity}",
        "{\"a\":01}",
        "\u{feff}{}",
        "{} {}",
        "{}x",
        "[1,2",
        "// comment\n{}",
        &deep,
    ];
    for body in cases {
        assert_eq!(refused(post(body)).await, [" malformed-json"], "{body:.20}");
    }
}

#[actix_web::test]
async fn the_place_of_broken_json_is_told_and_never_its_content() {
    let (_, answer) = send(post("{\"title\":\n geheim}")).await;
    let detail = answer["errors"][0]["detail"].as_str().unwrap();
    assert!(detail.contains("regel 2, kolom") && !answer.to_string().contains("geheim"), "{answer}");
}

#[actix_web::test]
async fn every_bad_value_is_named_by_pointer_and_code() {
    let long = format!("\"{}\"", "x".repeat(21));
    let cases: &[(&str, &str, &str)] = &[
        ("title", "5", "/title wrong-type"),
        ("title", "null", "/title wrong-type"),
        ("title", "[]", "/title wrong-type"),
        ("title", "\"\"", "/title too-short"),
        ("title", "\"  \\t \"", "/title too-short"),
        ("title", &long, "/title too-long"),
        ("title", "\"a\\u0000b\"", "/title refused-character"),
        ("title", "\"a\\u001bb\"", "/title refused-character"),
        ("title", "\"a\\nb\"", "/title refused-character"),
        ("title", "\"a\\u202eb\"", "/title refused-character"),
        ("title", "\"a\u{2067}b\"", "/title refused-character"),
        ("title", "\"a\u{85}b\"", "/title refused-character"),
        ("title", "\"\\ud800\"", "/title refused-character"),
        ("title", "\"\\udc00x\"", "/title refused-character"),
        ("title", "\"\\ud800\\u0041\"", "/title refused-character"),
        ("title", "\"a\u{1}b\"", "/title refused-character"),
        ("kind", "\"unknown\"", "/kind unknown-value"),
        ("kind", "\"Product\"", "/kind unknown-value"),
        ("kind", "7", "/kind unknown-value"),
        ("kind", "{}", "/kind unknown-value"),
        ("startsOn", "\"2025-9-1\"", "/startsOn malformed"),
        ("startsOn", "\"2023-02-29\"", "/startsOn malformed"),
        ("startsOn", "\"0000-00-00\"", "/startsOn malformed"),
        ("startsOn", "\"+294277-01-01\"", "/startsOn malformed"),
        ("startsOn", "\"infinity\"", "/startsOn malformed"),
        ("startsOn", "\" 2025-09-01\"", "/startsOn malformed"),
        ("startsOn", "20250901", "/startsOn wrong-type"),
        ("endsOn", "\"2025-08-31\"", "/endsOn ends-before-start"),
        ("amountCents", "-1", "/amountCents out-of-range"),
        ("amountCents", "100000000001", "/amountCents out-of-range"),
        ("amountCents", "9007199254740993", "/amountCents out-of-range"),
        ("amountCents", "9223372036854775808", "/amountCents out-of-range"),
        ("amountCents", "1e400", "/amountCents out-of-range"),
        ("amountCents", "0.001", "/amountCents wrong-type"),
        ("amountCents", "1.0", "/amountCents wrong-type"),
        ("amountCents", "\"25.000,00\"", "/amountCents wrong-type"),
        ("amountCents", "true", "/amountCents wrong-type"),
        ("goals", "{}", "/goals wrong-type"),
        ("goals", "[\"a\",\"b\",\"c\",\"d\"]", "/goals too-many"),
        ("goals", "[\"a\",5]", "/goals/1 wrong-type"),
        ("goals", "[\"a\",\"b\",\"0123456789012345678901234567890\"]", "/goals/2 too-long"),
        ("schoolYear", "\"2018-2020\"", "/schoolYear malformed"),
        ("lead", "\"x\"", "/lead malformed"),
        ("contact", "{}", "/contact/fullName required"),
        ("contact", "{\"fullName\":\"x\"}", "/contact/fullName too-short"),
        ("contact", "5", "/contact wrong-type"),
        ("contact", "[\"xy\",null,null,null]", "/contact wrong-type"),
        ("contact", "{\"fullName\":\"xy\",\"eMail\":\"a@b\"}", "/contact/eMail malformed"),
        ("contact", "{\"fullName\":\"xy\",\"website\":\"http://example.org\"}", "/contact/website malformed"),
        ("contact", "{\"fullName\":\"xy\",\"postcode\":\"x\\u0000\"}", "/contact/postcode refused-character"),
        ("contact", "{\"fullName\":\"xy\",\"evil\":1}", "/contact/evil unknown-property"),
        ("partners", "[{\"fullName\":\"xy\"},{\"fullName\":\"x\"}]", "/partners/1/fullName too-short"),
        ("partners", "[{\"fullName\":\"xy\"},{}]", "/partners/1/fullName required"),
        ("funding", "{}", "/funding/type required"),
        ("funding", "{\"type\":\"lottery\"}", "/funding/type unknown-value"),
        ("funding", "{\"type\":\"grant\"}", "/funding/amountCents required"),
        ("funding", "{\"type\":\"grant\",\"amountCents\":-1}", "/funding/amountCents out-of-range"),
        ("funding", "{\"type\":\"grant\",\"amountCents\":\"25.000,00\"}", "/funding/amountCents wrong-type"),
        ("funding", "{\"type\":\"own\",\"reason\":\" \"}", "/funding/reason too-short"),
        ("funding", "\"grant\"", "/funding wrong-type"),
        ("evil", "1", "/evil unknown-property"),
        ("a/b~c", "1", "/a~1b~0c unknown-property"),
        ("amount_cents", "1", "/amount_cents unknown-property"),
        ("id", "1", "/id read-only"),
        ("version", "1", "/version read-only"),
    ];
    let mut wrong = Vec::new();
    for (member, raw, expected) in cases {
        let found = refused(post(with(member, raw))).await;
        if found != [*expected] {
            wrong.push(format!("{member}: {raw} gives {found:?}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[actix_web::test]
async fn bytes_that_are_not_utf_8_are_refused() {
    for bytes in [&b"\xc0\x80"[..], b"\xe0\x80\xaf", b"\xed\xa0\x80", b"\xff", b"\xf8\x88\x80\x80\x80"] {
        let mut body = b"{\"title\":\"".to_vec();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\"}");
        let request = post("").set_payload(body);
        assert_eq!(refused(request).await, ["/title refused-character"]);
    }
}

#[actix_web::test]
async fn all_faults_come_at_once_and_in_order() {
    let body = json!({
        "title": "", "kind": "x", "amountCents": -5, "evil": 1, "id": "x",
        "goals": ["a", 5, "b", "c"], "partners": [{ "fullName": "xy", "eMail": "nope", "postcode": 5 }],
        "contact": { "b\u{0}c": 1 },
    });
    let expected = [
        "/amountCents out-of-range",
        "/contact/b\u{fffd}c refused-character",
        "/contact/b\u{fffd}c unknown-property",
        "/contact/fullName required",
        "/evil unknown-property",
        "/goals too-many",
        "/goals/1 wrong-type",
        "/id read-only",
        "/kind unknown-value",
        "/partners/0/eMail malformed",
        "/partners/0/postcode wrong-type",
        "/startsOn required",
        "/title too-short",
    ];
    assert_eq!(refused(post(body.to_string())).await, expected);
}

#[actix_web::test]
async fn validation_names_all_its_faults_at_once() {
    let body = r#"{"title":"aaaaaaaaaaa","goals":["a","b","c"],"amountCents":-1}"#;
    assert_eq!(refused(patch(body)).await, ["/amountCents out-of-range", "/goals too-many", "/title too-long"]);
}

#[actix_web::test]
async fn keys_given_twice_are_refused_wherever_they_are() {
    let body = r#"{"title":"a","title":"b","kind":"product","startsOn":"2025-09-01","amountCents":5,"contact":{"fullName":"xy","fullName":"xy"}}"#;
    assert_eq!(refused(post(body)).await, ["/contact/fullName duplicate-key", "/title duplicate-key"]);
}

#[actix_web::test]
async fn a_patch_tells_null_from_absent_and_refuses_null_where_it_cannot_be() {
    for (body, answer) in [
        ("{}", "Absent"),
        (r#"{"summary":null,"kind":null,"endsOn":null,"amountCents":null}"#, "Null"),
        (r#"{"summary":"a\nb","title":"x"}"#, "Value(Prose(\"a\\nb\"))"),
    ] {
        assert_eq!(send(patch(body)).await, (StatusCode::OK, json!(format!("{ID} {answer}"))));
    }
    let cases = [
        (r#"{"title":null}"#, "/title wrong-type"),
        (r#"{"goals":null}"#, "/goals wrong-type"),
        (r#"{"kind":"x"}"#, "/kind unknown-value"),
        (r#"{"endsOn":"x"}"#, "/endsOn malformed"),
        (r#"{"endsOn":5}"#, "/endsOn wrong-type"),
        (r#"{"summary":" "}"#, "/summary too-short"),
        (r#"{"id":"x"}"#, "/id read-only"),
        (r#"{"status":"x"}"#, "/status unknown-property"),
        ("[]", " wrong-type"),
        ("null", " wrong-type"),
        ("5", " wrong-type"),
    ];
    for (body, expected) in cases {
        assert_eq!(refused(patch(body)).await, [expected], "{body}");
    }
}

#[actix_web::test]
async fn an_answer_lists_a_thousand_faults_at_most() {
    let many: serde_json::Map<String, Value> = (0..5_000).map(|n| (format!("k{n}"), json!(n))).collect();
    assert_eq!(refused(post(Value::Object(many).to_string())).await.len(), 1_000);
}

#[actix_web::test]
async fn details_say_the_cure_in_both_languages_and_never_the_value() {
    let secret = "geheim";
    let body = json!({ "title": [secret], "kind": secret, "startsOn": secret, "amountCents": secret, "contact": { "fullName": "x", "eMail": secret } });
    let (_, answer) = send(post(body.to_string())).await;
    assert!(!answer.to_string().contains(secret), "{answer}");
    let details: Vec<_> =
        answer["errors"].as_array().unwrap().iter().map(|fault| fault["detail"].as_str().unwrap()).collect();
    assert_eq!(
        details,
        [
            "Hier hoort een geheel getal te staan.",
            "Een e-mailadres met een volledig domein, zoals naam@voorbeeld.nl.",
            "Kies een van: research, structure-and-process, product.",
            "Een bestaande datum tussen 1900 en 2199, als jjjj-mm-dd, zoals 2025-09-01.",
            "Hier hoort een tekst te staan.",
        ]
    );
}
