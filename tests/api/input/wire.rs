//! What only raw bytes can say.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use serde_json::Value;

use crate::support::TestApp;

const BUREAU: &str = "demo-regio-midden-brabant";

/// What came back over a connection of its own, which is closed after the first answer.
struct Said {
    status: u16,
    text: String,
}

impl Said {
    fn problem(&self) -> Value {
        self.text.split_once("\r\n\r\n").and_then(|(_, body)| serde_json::from_str(body).ok()).unwrap_or(Value::Null)
    }
}

/// Sends bytes and reads to the end; the server may stop listening early.
fn exchange(app: &TestApp, bytes: &[u8]) -> Said {
    let mut stream = TcpStream::connect(app.address.strip_prefix("http://").unwrap()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(15))).unwrap();
    let mut writer = stream.try_clone().unwrap();
    let bytes = bytes.to_vec();
    let writing = std::thread::spawn(move || {
        let _ = writer.write_all(&bytes);
        let _ = writer.shutdown(Shutdown::Write);
    });
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    drop(stream);
    writing.join().unwrap();
    let text = String::from_utf8_lossy(&answer).into_owned();
    let status = text.get(9..12).and_then(|status| status.parse().ok()).unwrap_or(0);
    Said { status, text }
}

/// A head with these lines after the first, ready for a body.
fn head(token: &str, first: &str, lines: &[&str]) -> String {
    let begun =
        format!("{first} HTTP/1.1\r\nHost: stagepunt.test\r\nAuthorization: Bearer {token}\r\nConnection: close");
    [&[begun.as_str()], lines, &["\r\n"]].concat().join("\r\n")
}

fn post(token: &str, body: &[u8], lines: &[&str]) -> Vec<u8> {
    let length = format!("Content-Length: {}", body.len());
    let lines = [&["Content-Type: application/json", &length], lines].concat();
    [head(token, "POST /v1/organisations/_search", &lines).as_bytes(), body].concat()
}

async fn served() -> (TestApp, String) {
    let app = TestApp::start().await;
    let token = app.client(BUREAU).await.token.unwrap();
    let good = exchange(&app, &post(&token, br#"{"name": "ijk"}"#, &[]));
    assert_eq!(good.status, 200, "{}", good.text);
    (app, token)
}

#[actix_web::test]
async fn a_body_that_is_no_plain_json_is_refused() {
    let (app, token) = served().await;
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000)).into_bytes();
    let many = (0..20_000).map(|n| format!("\"a{n}\":1")).collect::<Vec<_>>().join(",");
    for (name, body) in [
        ("U+0000", b"{\"name\": \"a\0b\"}".to_vec()),
        ("U+0000 outside", b"{\"name\": \0\"a\"}".to_vec()),
        ("bad UTF-8", b"{\"name\": \"a\xff\"}".to_vec()),
        ("overlong UTF-8", b"{\"name\": \"\xc0\x80\"}".to_vec()),
        ("UTF-16", b"\xff\xfe{\0\"\0n\0".to_vec()),
        ("a byte order mark", b"\xef\xbb\xbf{\"name\": \"ijk\"}".to_vec()),
        ("duplicate keys", br#"{"name": "ijk", "name": "anders"}"#.to_vec()),
        ("duplicate keys, one escaped", br#"{"name": "ijk", "n\u0061me": "anders"}"#.to_vec()),
        ("deep lists", deep("[", "]")),
        ("deep objects", b"{\"name\":".repeat(30_000)),
        ("deep in a property", [&b"{\"name\": "[..], &deep("[", "]")[..], b"}"].concat()),
        ("many keys", format!("{{{many},\"name\": \"ijk\"}}").into_bytes()),
        ("trailing bytes", br#"{"name": "ijk"} {"name": "ijk"}"#.to_vec()),
        ("a trailing comma", br#"{"name": "ijk",}"#.to_vec()),
        ("a comment", b"{\"name\": \"ijk\" /* */}".to_vec()),
        ("NaN", br#"{"name": NaN}"#.to_vec()),
        ("a number without end", br#"{"name": 1e400}"#.to_vec()),
        ("nothing", Vec::new()),
        ("half", br#"{"name": "#.to_vec()),
        ("a list of values", br#"["ijk"]"#.to_vec()),
        ("null", b"null".to_vec()),
    ] {
        let said = exchange(&app, &post(&token, &body, &[]));
        assert_eq!(said.status, 400, "{name}: {:.300}", said.text);
        let problem = said.problem();
        assert_eq!(problem["code"], "invalid-input", "{name}: {:.300}", said.text);
        assert!(problem["errors"][0]["pointer"].is_string(), "{name}: {problem}");
        assert!(said.text.len() < 300_000, "{name}: an answer of {} bytes", said.text.len());
    }
    assert_eq!(exchange(&app, &post(&token, br#"{"name": "ijk"}"#, &[])).status, 200);
}

#[actix_web::test]
async fn a_body_that_is_too_large_or_encoded_is_refused() {
    let (app, token) = served().await;
    let large = vec![b' '; 2 * 1024 * 1024];
    let said = exchange(&app, &post(&token, &large, &[]));
    assert_eq!((said.status, said.problem()["code"].as_str()), (413, Some("body-too-large")), "{:.300}", said.text);
    // Without an announced length it is counted.
    let lines = ["Content-Type: application/json", "Transfer-Encoding: chunked"];
    let begun = head(&token, "POST /v1/organisations/_search", &lines);
    let chunk = [b"10000\r\n".as_slice(), &vec![b' '; 0x10000], b"\r\n"].concat();
    let chunked = [begun.as_bytes(), &chunk.repeat(32), b"0\r\n\r\n"].concat();
    let said = exchange(&app, &chunked);
    assert_eq!((said.status, said.problem()["code"].as_str()), (413, Some("body-too-large")), "{:.300}", said.text);
    for coding in ["gzip", "br", "zstd", "deflate", "identity, gzip", "unknown"] {
        let said = exchange(&app, &post(&token, br#"{"name": "ijk"}"#, &[&format!("Content-Encoding: {coding}")]));
        assert_eq!(said.status, 415, "{coding}: {:.300}", said.text);
    }
    for media_type in
        ["text/plain", "application/xml", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"]
    {
        let body = br#"{"name": "ijk"}"#;
        let lines = [&format!("Content-Type: {media_type}"), "Content-Length: 15"];
        let bytes =
            [head(&token, "POST /v1/organisations/_search", &lines.map(|line| line as &str)).as_bytes(), body].concat();
        assert_eq!(exchange(&app, &bytes).status, 415, "{media_type}");
    }
}

#[actix_web::test]
async fn a_message_whose_end_is_unclear_is_refused() {
    let (app, token) = served().await;
    let smuggled = "GET /v1/me HTTP/1.1\r\nHost: stagepunt.test\r\n\r\n";
    for (name, lines) in [
        ("both a length and chunks", &["Content-Length: 4", "Transfer-Encoding: chunked"][..]),
        ("chunks and a length", &["Transfer-Encoding: chunked", "Content-Length: 4"]),
        ("two lengths", &["Content-Length: 4", "Content-Length: 5"]),
        ("a list of lengths", &["Content-Length: 4, 5"]),
        ("a length with a sign", &["Content-Length: +4"]),
        ("a negative length", &["Content-Length: -4"]),
        ("a hexadecimal length", &["Content-Length: 0x4"]),
        ("a length without end", &["Content-Length: 99999999999999999999999"]),
        ("an unknown transfer coding", &["Transfer-Encoding: xchunked"]),
        ("chunks that are not last", &["Transfer-Encoding: chunked, gzip"]),
        ("two transfer codings", &["Transfer-Encoding: identity", "Transfer-Encoding: chunked"]),
        ("a blank before the colon", &["Content-Length : 4"]),
        ("a folded line", &["X-Folded: a", " b"]),
        ("a bare carriage return", &["X-Bare: a\rb"]),
        ("U+0000 in a header", &["X-Nul: a\0b"]),
    ] {
        let lines = [&["Content-Type: application/json"], lines].concat();
        let bytes = format!("{}0\r\n\r\n{smuggled}", head(&token, "POST /v1/organisations/_search", &lines));
        let said = exchange(&app, bytes.as_bytes());
        assert!([400, 413, 501].contains(&said.status), "{name}: {:.300}", said.text);
        assert_eq!(said.text.matches("HTTP/1.1 ").count(), 1, "{name}: a second request was read: {}", said.text);
    }
    // A length that lies: the rest never comes.
    let lines = ["Content-Type: application/json", "Content-Length: 500"];
    let bytes = format!("{}{{\"name\": \"ijk\"}}", head(&token, "POST /v1/organisations/_search", &lines));
    let said = exchange(&app, bytes.as_bytes());
    assert!([0, 400, 408].contains(&said.status), "{:.300}", said.text);
}

#[actix_web::test]
async fn a_head_that_is_too_large_or_says_two_things_is_refused() {
    let (app, token) = served().await;
    let get = |lines: &[&str]| exchange(&app, head(&token, "GET /v1/me", lines).as_bytes());
    assert_eq!(get(&[]).status, 200);
    assert_eq!(get(&["Authorization: Bearer e30.e30.e30"]).status, 401);
    assert_eq!(get(&[&format!("Authorization: Bearer {token}")]).status, 401);
    assert_eq!(get(&["Authorization: Basic eDp5"]).status, 401);
    let said = get(&[&format!("X-Large: {}", "a".repeat(20_000))]);
    assert_eq!((said.status, said.problem()["code"].as_str()), (431, Some("head-too-large")));
    assert_eq!(get(&[&format!("X-Large: {}", "a".repeat(100_000))]).status, 431);
    assert_eq!(get(&[&format!("Authorization: Bearer {}", "a".repeat(100_000))]).status, 431);
    let target = format!("GET /v1/organisations?name={}", "a".repeat(20_000));
    assert_eq!(exchange(&app, head(&token, &target, &[]).as_bytes()).status, 431);
    let many: Vec<String> = (0..500).map(|n| format!("X-{n}: a")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert!([400, 431].contains(&get(&many).status));
    for first in
        ["GET /v1/me HTTP/1.0", "GET /v1/me HTTP/3.0", "GET", "", "GET  /v1/me HTTP/1.1", "G\0T /v1/me HTTP/1.1"]
    {
        let said = exchange(&app, format!("{first}\r\nConnection: close\r\n\r\n").as_bytes());
        assert!([0, 400, 401, 505].contains(&said.status), "{first:?}: {:.300}", said.text);
    }
}

#[actix_web::test]
async fn headers_that_claim_another_method_or_place_do_nothing() {
    let (app, token) = served().await;
    let bureau = app.client(BUREAU).await;
    let path =
        format!("/v1/initiatives/{}", bureau.get("/v1/initiatives?limit=1").await.is(200).text_at("/items/0/id"));
    let before = bureau.get(&path).await.is(200).body;
    for line in [
        "X-HTTP-Method-Override: DELETE",
        "X-HTTP-Method: DELETE",
        "X-Method-Override: PATCH",
        "X-Original-URL: /v1/api-clients",
        "X-Rewrite-URL: /v1/api-clients",
        "X-Forwarded-Host: evil.example",
        "X-Forwarded-Proto: gopher",
        "Forwarded: for=127.0.0.1;host=evil.example",
        "X-Forwarded-For: 127.0.0.1",
        "Host: evil.example",
    ] {
        let said = exchange(&app, head(&token, &format!("GET {path}"), &[line]).as_bytes());
        // Two hosts may be refused; nothing else is looked at.
        assert!(said.status == 200 || line.starts_with("Host") && said.status == 400, "{line}: {:.300}", said.text);
        assert!(!said.text.contains("evil.example"), "{line}: {}", said.text);
    }
    let said = exchange(&app, head(&token, &format!("GET {path}?_method=DELETE"), &[]).as_bytes());
    assert!([200, 400].contains(&said.status), "{:.300}", said.text);
    for method in ["TRACE", "CONNECT", "PROPFIND", "DELETE", "FOO", "get"] {
        let said = exchange(&app, head(&token, &format!("{method} {path}"), &[]).as_bytes());
        assert!([400, 405].contains(&said.status), "{method}: {:.300}", said.text);
        assert!(!said.text.contains(&token), "{method} gives the token back");
    }
    assert_eq!(bureau.get(&path).await.is(200).body, before);
}

#[actix_web::test]
async fn a_path_in_disguise_opens_nothing() {
    let (app, token) = served().await;
    let id = uuid::Uuid::now_v7();
    // What this caller may not read, in many spellings.
    let spellings = [
        "/v1/token-issuers%2f..%2fme",
        "/v1/me/../token-issuers",
        "/v1/me/%2e%2e/token-issuers",
        "/v1/me/..%2ftoken-issuers",
        "/v1/me%2f..%2ftoken-issuers",
        "/v1/me/%252e%252e/token-issuers",
        "/v1//token-issuers",
        "//v1/token-issuers",
        "/v1/token-issuers/",
        "/v1/token-issuers;x=1",
        "/v1/token-issuers/.",
        "/v1/./token-issuers",
        "/V1/token-issuers",
        "/v1/TOKEN-ISSUERS",
        "/v1/%74oken-issuers",
        "/v1/token-issuers%00",
        "/v1/token-issuers%20",
        "/v1/token-issuers%0d%0aX-Injected:%20yes",
        "/v1/token-issuers\\..\\me",
        "/v1/token-issuers%5c..%5cme",
        "/v1/%ff",
        "/v1/%c0%ae%c0%ae/token-issuers",
        "/v1/%",
        "/v1/%zz",
        "/v1/initiatives/%00",
        "/v1/initiatives/%ff",
        "/v1/initiatives/..%2f..%2fetc%2fpasswd",
        "/v1/initiatives/%2e%2e",
        "/docs/../v1/token-issuers",
        "/docs/..%2fv1%2ftoken-issuers",
        "/docs/%2e%2e/%2e%2e/Cargo.toml",
        "/docs/..%2f..%2fCargo.toml",
        "/health/live/../../v1/token-issuers",
        "/.well-known/../v1/token-issuers",
        "http://evil.example/v1/token-issuers",
        "/v1/token-issuers?limit=%00",
        "/v1/token-issuers?limit=%ff",
        "/v1/token-issuers?%00=1",
    ];
    let school = app.client("demo-school-roc-tilburg").await.token.unwrap();
    for path in spellings {
        let said = exchange(&app, head(&school, &format!("GET {path}"), &[]).as_bytes());
        assert!([400, 403, 404].contains(&said.status), "{path}: {:.300}", said.text);
        assert!(!said.text.contains("\nX-Injected") && !said.text.contains("[package]"), "{path}: {}", said.text);
        let said = exchange(&app, head("none", &format!("GET {path}"), &[]).as_bytes());
        assert!([400, 401, 404].contains(&said.status), "{path} without a token: {:.300}", said.text);
    }
    // In a query, what is no text or no text to search for is a fault at its key.
    for (query, pointer) in
        [("name=%00", "/name"), ("name=a%00b", "/name"), ("name=%ff", "/name"), ("place=%c0%80", "/place")]
    {
        let said = exchange(&app, head(&token, &format!("GET /v1/organisations?{query}"), &[]).as_bytes());
        assert_eq!(said.status, 400, "{query}: {:.300}", said.text);
        let problem = said.problem();
        assert_eq!(
            (&problem["errors"][0]["in"], &problem["errors"][0]["pointer"]),
            (&"query".into(), &pointer.into()),
            "{problem}"
        );
    }
    for path in [format!("/v1/initiatives/{id}%00"), format!("/v1/organisations/{id}/hosting-intents/2018%00")] {
        let said = exchange(&app, head(&token, &format!("GET {path}"), &[]).as_bytes());
        assert_eq!(said.status, 400, "{path}: {:.300}", said.text);
    }
    // A byte that no head may hold.
    let raw =
        [b"GET /v1/initiatives/\0 HTTP/1.1\r\nHost: x\r\n\r\n".as_slice(), b"GET /v1/\xff HTTP/1.1\r\nHost: x\r\n\r\n"];
    for bytes in raw {
        let said = exchange(&app, bytes);
        assert!([400, 401].contains(&said.status), "{:.300}", said.text);
    }
}
