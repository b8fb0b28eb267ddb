//! What is noted about a request.

use std::io::Write;
use std::sync::Mutex;

use crate::telemetry::{LogFormat, Metrics, recorder, subscriber};

use super::*;

#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<u8>>>);

impl Write for Notes {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(line)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The lines and figures one request leaves.
async fn noted(sent: TestRequest) -> (Vec<Value>, String) {
    let notes = Notes::default();
    let writer = notes.clone();
    let logging = subscriber(LogFormat::Json, "info", move || writer.clone()).unwrap();
    let _logging = tracing::subscriber::set_default(logging);
    let recorder = recorder().unwrap();
    let _measuring = metrics::set_default_local_recorder(&recorder);
    send(sent).await;
    let text = String::from_utf8(notes.0.lock().unwrap().clone()).unwrap();
    (text.lines().map(|line| serde_json::from_str(line).unwrap()).collect(), Metrics::from(&recorder).render())
}

#[actix_web::test]
async fn one_line_names_the_template_and_the_caller_and_never_the_path() {
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let sent = signed("GET", &format!("/v1/things/{ID}?name=Kanarie"))
        .insert_header(("X-Request-Id", "vraag-1"))
        .insert_header(("Traceparent", format!("00-{trace}-00f067aa0ba902b7-01")));
    let (lines, figures) = noted(sent).await;
    let [line] = lines.as_slice() else { panic!("{lines:?}") };
    assert_eq!(line["target"], "access");
    assert_eq!(line["request_id"], "vraag-1");
    assert!(line["audit_id"].as_str().unwrap().parse::<Uuid>().is_ok());
    assert_eq!(line["trace_id"], trace);
    assert_eq!((line["method"].as_str(), line["route"].as_str()), (Some("GET"), Some("/v1/things/{id}")));
    assert_eq!((line["status"].as_u64(), line["role"].as_str()), (Some(200), Some("school")));
    assert_eq!((line["client"].as_str(), line["organisation"].as_str()), (Some(CLIENT), Some(ORGANISATION)));
    assert!(line["duration_us"].is_u64());
    for secret in [ID, "Kanarie", "good"] {
        assert!(!line.to_string().contains(secret) && !figures.contains(secret), "{secret}");
    }
    assert!(
        figures.contains("http_requests_total{method=\"GET\",route=\"/v1/things/{id}\",status=\"200\"} 1"),
        "{figures}"
    );
    assert!(figures.contains("http_requests_in_flight 0"));
}

#[actix_web::test]
async fn paths_and_methods_that_do_not_exist_stay_out_of_the_log() {
    for sent in [signed("GET", "/v1/students/Kanarie"), request("KANARIE", "/v1/Kanarie")] {
        let (lines, figures) = noted(sent).await;
        assert_eq!(lines[0]["route"], "unmatched");
        assert!(!format!("{lines:?}{figures}").contains("Kanarie") && !figures.contains("KANARIE"));
    }
}

#[actix_web::test]
async fn a_defect_is_logged_once_with_its_cause_and_told_to_nobody() {
    let (lines, _) = noted(signed("GET", "/v1/failures?defect").insert_header(("X-Request-Id", "vraag-2"))).await;
    let errors: Vec<_> = lines.iter().filter(|line| line["level"] == "ERROR").collect();
    let [error] = errors.as_slice() else { panic!("{lines:?}") };
    assert_eq!((error["cause"].as_str(), error["request_id"].as_str()), (Some("the reason"), Some("vraag-2")));
    assert!(!String::from_utf8(send(signed("GET", "/v1/failures?defect")).await.body).unwrap().contains("reason"));
    let (lines, _) = noted(signed("GET", "/v1/failures?panic")).await;
    assert_eq!(lines.iter().filter(|line| line["level"] == "ERROR").count(), 1, "{lines:?}");
    assert_eq!(lines.iter().find(|line| line["target"] == "access").unwrap()["status"], 500);
}

#[actix_web::test]
async fn a_refusal_is_no_error_of_ours() {
    let (lines, _) = noted(signed("GET", "/v1/failures?conflict")).await;
    assert_eq!(lines.len(), 1, "{lines:?}");
    let (lines, _) = noted(signed("GET", "/v1/failures?unavailable")).await;
    assert_eq!((lines[0]["level"].as_str(), lines[0]["code"].as_str()), (Some("WARN"), Some("overloaded")));
}
