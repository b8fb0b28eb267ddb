//! What only a real connection shows.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use crate::db::{Db, PoolSettings};
use crate::http::health::Readiness;
use crate::http::server::{ServerSettings, serve, serve_admin};
use crate::telemetry::{Metrics, recorder};

use super::*;

/// Sends bytes and reads until the server closes.
fn exchange(address: std::net::SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(bytes).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8(answer).unwrap()
}

async fn served<T: Send + 'static>(client: impl FnOnce(std::net::SocketAddr) -> T + Send + 'static) -> T {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let settings = ServerSettings { workers: 1, ..ServerSettings::for_pool(1) };
    let server = serve(listener, &settings, || small_api(edge())).unwrap();
    let handle = server.handle();
    let running = actix_web::rt::spawn(server);
    let told = tokio::task::spawn_blocking(move || client(address)).await.unwrap();
    handle.stop(false).await;
    running.await.unwrap().unwrap();
    told
}

#[actix_web::test]
async fn head_keeps_the_length_and_sends_no_body() {
    let (get, head, lost) = served(|address| {
        let ask = |method: &str, path: &str| {
            let head = format!(
                "{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\nConnection: close\r\n\r\n"
            );
            exchange(address, head.as_bytes())
        };
        (ask("GET", "/v1/things"), ask("HEAD", "/v1/things"), ask("HEAD", "/v1/nothing"))
    })
    .await;
    assert!(get.ends_with("\r\n\r\n[\"een ding\"]"), "{get}");
    assert!(get.contains("content-length: 12\r\n") && head.contains("content-length: 12\r\n"), "{head}");
    assert!(head.ends_with("\r\n\r\n") && lost.ends_with("\r\n\r\n"), "{head}{lost}");
    assert!(lost.starts_with("HTTP/1.1 404") && !lost.contains("content-length: 0"), "{lost}");
}

#[actix_web::test]
async fn slow_heads_and_slow_bodies_are_408_within_their_time() {
    let (head, body) = served(|address| {
        let timed = |bytes: &'static str| {
            std::thread::spawn(move || {
                let began = Instant::now();
                (exchange(address, bytes.as_bytes()), began.elapsed())
            })
        };
        let head = timed("GET /v1/things HTTP/1.1\r\nHost:");
        let body =
            timed("POST /v1/things HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\nContent-Length: 5\r\n\r\nx");
        (head.join().unwrap(), body.join().unwrap())
    })
    .await;
    assert!(head.0.starts_with("HTTP/1.1 408") && head.1 < Duration::from_secs(8), "{head:?}");
    assert!(body.0.starts_with("HTTP/1.1 408") && body.0.contains("body-timeout"), "{body:?}");
    assert!(body.0.contains("connection: close") && body.1 < Duration::from_secs(14), "{body:?}");
}

#[actix_web::test]
async fn a_panic_is_answered_and_the_server_goes_on() {
    let (lost, next) = served(|address| {
        let ask = |path: &str| {
            exchange(
                address,
                format!("GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\nConnection: close\r\n\r\n")
                    .as_bytes(),
            )
        };
        (ask("/v1/failures?panic"), ask("/v1/things"))
    })
    .await;
    assert!(
        lost.starts_with("HTTP/1.1 500") && lost.contains("internal-error") && lost.contains("x-request-id"),
        "{lost}"
    );
    assert!(next.starts_with("HTTP/1.1 200"), "{next}");
}

#[actix_web::test]
async fn metrics_have_a_listener_of_their_own() {
    let nowhere = PoolSettings { size: 1, wait: Duration::from_secs(1) };
    let readiness = web::Data::new(Readiness::new(Db::new("postgres://127.0.0.1:1/x", nowhere, None)));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = serve_admin(listener, Metrics::from(&recorder().unwrap()), readiness).unwrap();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    let told = tokio::task::spawn_blocking(move || {
        exchange(address, b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    })
    .await
    .unwrap();
    handle.stop(false).await;
    assert!(told.starts_with("HTTP/1.1 200") && told.contains("text/plain"), "{told}");
}
