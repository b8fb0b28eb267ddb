//! Cursors that somebody edited or borrowed.

use crate::support::TestApp;

fn encoded(cursor: &[u8]) -> String {
    use std::fmt::Write as _;
    cursor.iter().fold(String::new(), |mut encoded, byte| {
        let _ = write!(encoded, "%{byte:02X}");
        encoded
    })
}

#[actix_web::test]
async fn a_cursor_with_any_byte_changed_is_refused() {
    let app = TestApp::start().await;
    let bureau = app.client("demo-regio-midden-brabant").await;
    for collection in ["/v1/organisations", "/v1/initiatives", "/v1/regions"] {
        let cursor = bureau.get(&format!("{collection}?limit=1")).await.is(200).text_at("/nextCursor");
        let at = |cursor: &[u8]| format!("{collection}?limit=1&cursor={}", encoded(cursor));
        bureau.get(&at(cursor.as_bytes())).await.is(200);
        for index in 0..cursor.len() {
            let original = cursor.as_bytes()[index];
            let flipped = if original == b'A' { b'B' } else { b'A' };
            // Another letter, the next code, a control, a byte that is no text, and a separator.
            for byte in [flipped, original ^ 1, 0, 0xff, b'&', b'.'] {
                let mut edited = cursor.clone().into_bytes();
                edited[index] = byte;
                let answer = bureau.get(&at(&edited)).await;
                assert_eq!(answer.status, 400, "{collection}: byte {index} as {byte}");
            }
            for shorter in [&cursor[..index], &cursor[index + 1..]] {
                assert_eq!(bureau.get(&at(shorter.as_bytes())).await.status, 400, "{collection}: cut at {index}");
            }
        }
        for junk in ["", "=", "AAAA", "null", "%", "e30", "..", "-", &"A".repeat(4_000), &format!("{cursor}{cursor}")] {
            assert_eq!(bureau.get(&at(junk.as_bytes())).await.status, 400, "{collection}: {junk:.20}");
        }
    }
}

#[actix_web::test]
async fn a_cursor_serves_nobody_else_and_nothing_else() {
    let app = TestApp::start().await;
    let bureau = app.client("demo-regio-midden-brabant").await;
    let other = app.client("demo-regio-zeeland").await;
    let cursor = bureau.get("/v1/organisations?limit=1").await.is(200).text_at("/nextCursor");
    other.get(&format!("/v1/organisations?limit=1&cursor={cursor}")).await.is_problem(400, "invalid-cursor");
    for path in ["/v1/regions?", "/v1/initiatives?", "/v1/organisations?active=true&", "/v1/published-initiatives?"] {
        bureau.get(&format!("{path}cursor={cursor}")).await.is_problem(400, "invalid-cursor");
    }
    // The size of the page is free.
    bureau.get(&format!("/v1/organisations?limit=2&cursor={cursor}")).await.is(200);
}
