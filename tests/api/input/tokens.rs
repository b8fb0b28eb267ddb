//! Forged tokens over HTTP; the unit tests of `auth::token` have those that our own key signs.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp};

fn encode(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn decode(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// What a good token can be turned into without its key.
fn forgeries(good: &str, published: &Value, foreign_subject: &str) -> Vec<(String, String)> {
    let (message, signature) = good.rsplit_once('.').unwrap();
    let (head, body) = message.split_once('.').unwrap();
    let mut forged: Vec<(String, String)> = Vec::new();
    for (member, value) in [
        ("alg", json!("none")),
        ("alg", json!("None")),
        ("alg", json!("nOnE")),
        ("alg", json!("HS256")),
        ("alg", json!("ES384")),
        ("alg", json!("RS256")),
        ("alg", json!("")),
        ("alg", Value::Null),
        ("typ", json!("JWT")),
        ("typ", json!("id_token+jwt")),
        ("kid", json!("unknown")),
        ("kid", json!("../../etc/passwd")),
        ("kid", json!("' OR 1=1 --")),
        ("kid", json!("k".repeat(5_000))),
        ("kid", json!(["a"])),
        ("jku", json!("https://evil.example/jwks.json")),
        ("jwk", published.clone()),
        ("x5u", json!("https://evil.example/chain.pem")),
        ("crit", json!(["exp"])),
        ("b64", json!(false)),
        ("zip", json!("DEF")),
    ] {
        let mut header = decode(head);
        header[member] = value.clone();
        let name = format!("{member} {value:.30}");
        forged.push((format!("{name}, signed before"), format!("{}.{body}.{signature}", encode(&header))));
        forged.push((format!("{name}, unsigned"), format!("{}.{body}.", encode(&header))));
    }
    for secret in [published.to_string(), published["x"].as_str().unwrap().to_owned(), String::new()] {
        let mut header = decode(head);
        header["alg"] = json!("HS256");
        let message = format!("{}.{body}", encode(&header));
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), message.as_bytes());
        forged.push((format!("HMAC with {secret:.20}"), format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag))));
    }
    for (member, value) in [
        ("role", json!("platform")),
        ("role", json!("admin")),
        ("scope", json!("api-clients:write")),
        ("client_id", json!(foreign_subject)),
        ("sub", json!(foreign_subject)),
        ("org", json!(uuid::Uuid::nil())),
        ("exp", json!(i64::MAX)),
        ("exp", json!("never")),
        ("iss", json!("https://evil.example")),
        ("aud", json!([])),
    ] {
        let mut claims = decode(body);
        claims[member] = value.clone();
        forged.push((format!("{member} {value}"), format!("{head}.{}.{signature}", encode(&claims))));
    }
    let zero = URL_SAFE_NO_PAD.encode([0_u8; 64]);
    let full = URL_SAFE_NO_PAD.encode([0xff_u8; 64]);
    for (name, token) in [
        ("nothing", String::new()),
        ("dots", "..".to_owned()),
        ("one part", head.to_owned()),
        ("two parts", message.to_owned()),
        ("four parts", format!("{good}.{signature}")),
        ("Bearer twice", format!("Bearer {good}")),
        ("padded", format!("{good}==")),
        ("r = s = 0", format!("{message}.{zero}")),
        ("all ones", format!("{message}.{full}")),
        ("half a signature", format!("{message}.{}", &signature[..signature.len() / 2])),
        ("a changed signature", format!("{message}.{}", signature.chars().rev().collect::<String>())),
        ("in capitals", good.to_uppercase()),
        ("no base64", format!("{head}.{body}.???")),
        ("too long", format!("{good}{}", "A".repeat(9_000))),
    ] {
        forged.push((name.to_owned(), token));
    }
    forged
}

/// All of an answer that may not differ: everything but what names the request.
fn comparable(answer: &Answer) -> (String, Vec<(String, String)>) {
    let request_id = answer.text_at("/requestId");
    let body = String::from_utf8(answer.body.clone()).unwrap().replace(&request_id, "");
    let mut headers: Vec<(String, String)> = answer
        .headers
        .iter()
        .filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    headers.sort();
    (body, headers)
}

#[actix_web::test]
async fn every_forged_token_is_refused_with_the_same_bytes() {
    let app = TestApp::start().await;
    let school = app.client("demo-school-roc-tilburg").await;
    let platform = crate::support::Cluster::shared().client_id("demo-platform");
    let published = app.anyone().get("/.well-known/jwks.json").await.is(200).json()["keys"][0].clone();
    let good = school.token.clone().unwrap();
    school.get("/v1/me").await.is(200);
    // Not one of them costs a look into the database.
    app.database.lock_out();
    let forged = forgeries(&good, &published, &platform);
    assert!(forged.len() >= 60, "{}", forged.len());
    for path in ["/v1/me", "/v1/api-clients", "/v1/nowhere"] {
        let expected = comparable(&app.anyone().get(path).await.is_problem(401, "invalid-token"));
        for (name, token) in &forged {
            let answer = app.with_token(Some(token.clone())).get(path).await;
            assert_eq!(answer.status, 401, "{name} at {path}");
            assert_eq!(answer.header("www-authenticate"), "Bearer error=\"invalid_token\"");
            assert_eq!(comparable(&answer), expected, "{name} at {path}");
        }
        // Neither is a token that comes in another way than the header.
        for (name, value) in [("Cookie", format!("access_token={good}")), ("X-Access-Token", good.clone())] {
            let request = app.anyone().request(reqwest::Method::GET, path).header(name, value);
            assert_eq!(comparable(&app.anyone().send(request).await.is(401)), expected, "{name} at {path}");
        }
        app.anyone().get(&format!("{path}?access_token={good}")).await.is_problem(401, "invalid-token");
    }
}
