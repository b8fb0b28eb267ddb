//! What is wrong with a roster is said row by row; what cannot be read changes nothing.

use reqwest::Method;
use serde_json::json;

use super::{HEAD, Rosters, counts, roster};

#[actix_web::test]
async fn every_bad_row_is_listed_without_its_values() {
    let rosters = Rosters::start().await;
    rosters.school.enter("held", json!({ "availableFrom": "2019-05-01" })).await;
    let file = format!(
        "{HEAD},availableUntil,learningPath,cohortSchoolYear\n\
         a,Voorbeeld,Student,PROEF,,,\na,Voorbeeld,Student,PROEF,,,\nb,111222333,Student,PROEF,,,\n\
         c,Voorbeeld,Student,NERGENS,,,\nd,Voorbeeld,Student,PROEF,,dual,\ne,Voorbeeld,Student,PROEF,,,1999-2000\n\
         held,Voorbeeld,Student,PROEF,2019-04-01,,\na,111222333,Student,PROEF,,,\n"
    );
    let done = rosters.import("mode=delta", &file).await;
    assert_eq!((done["status"].clone(), counts(&done)), (json!("done"), [1, 0, 0, 0, 7]), "{done}");
    let path = format!("/v1/roster-imports/{}/errors", done["id"].as_str().unwrap());
    let listed = rosters.school.client.get(&path).await.is(200);
    let told: Vec<String> = listed
        .items()
        .iter()
        .map(|error| {
            format!("{} {} {}", error["row"], error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        told,
        [
            "2 /sourcedId duplicate-sourced-id",
            "3 /givenName bsn-like",
            "4 /programmeCode unknown-programme",
            "5 /learningPath path-not-offered",
            "6 /cohort unknown-cohort",
            "7 /availableUntil ends-before-start",
            "8 /givenName bsn-like",
        ]
    );
    assert!(!String::from_utf8_lossy(&listed.body).contains("111222333"));
    let first = rosters.school.client.get(&format!("{path}?limit=2")).await.is(200);
    let next = format!("{path}?limit=2&cursor={}", first.text_at("/nextCursor"));
    assert_eq!(rosters.school.client.get(&next).await.is(200).items()[0]["row"], 4);
    let request = rosters.school.client.request(Method::GET, &path).header("Accept", "text/csv;delimiter=semicolon");
    let csv = rosters.school.client.send(request).await.is(200);
    let csv = String::from_utf8(csv.body).unwrap();
    assert!(csv.starts_with("\u{feff}\"row\";\"pointer\";\"code\"\r\n\"2\";\"/sourcedId\";"), "{csv}");
}

#[actix_web::test]
async fn a_file_that_cannot_be_read_changes_nothing_and_says_why() {
    let rosters = Rosters::start().await;
    rosters.import("mode=full", &roster("", &["a", "b"], "")).await;
    let latin = [roster("", &["a", "c"], "").into_bytes(), b"d,Andr\xE9,Student,PROEF\n".to_vec()].concat();
    let bsn: Vec<&str> = vec!["111222333", "123456782", "999999990", "123456790", "100000009"];
    let cases: Vec<(&str, Vec<u8>, &str, serde_json::Value)> = vec![
        ("text/csv", latin, "not-utf8", json!(3)),
        ("text/csv", b"studentnummer;naam\n1;2\n".to_vec(), "header-wrong", json!(null)),
        ("application/json", b"[{\"sourcedId\":\"c\"".to_vec(), "file-truncated", json!(1)),
        ("application/zip", b"PK\x03\x04 half a zip".to_vec(), "file-unreadable", json!(null)),
        ("text/csv", roster("", &bsn, "").into_bytes(), "bsn-like-ids", json!(null)),
    ];
    for (media_type, bytes, code, row) in cases {
        let failed = rosters.import_as("mode=full", media_type, bytes).await;
        assert_eq!(failed["status"], "failed", "{failed}");
        assert_eq!((&failed["failure"]["code"], &failed["failure"]["row"]), (&json!(code), &row));
        assert_eq!(failed["failure"]["expected"].as_array().unwrap().is_empty(), code != "header-wrong");
        assert_eq!(rosters.students(), ["a active 1", "b active 1"]);
    }
}
