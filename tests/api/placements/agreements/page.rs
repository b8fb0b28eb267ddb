//! The page at which a student signs: it is there, may do what it needs and nothing more, and calls
//! what the API has.

use serde_json::Value;

use super::link::{ask, mailed, reads, signs};
use super::{Scene, agreed};
use crate::support::TestApp;

#[actix_web::test]
async fn the_page_and_its_assets_are_served_strictly() {
    let app = TestApp::start().await;
    let anyone = app.anyone();
    for (path, kind) in [
        ("/sign", "text/html; charset=utf-8"),
        ("/sign/sign.css", "text/css; charset=utf-8"),
        ("/sign/sign.js", "application/javascript; charset=utf-8"),
    ] {
        let answer = anyone.get(path).await.is(200);
        assert_eq!(answer.header("content-type"), kind);
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        let policy = answer.header("content-security-policy");
        for part in ["default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert!(!answer.text().contains("http://") && !answer.text().contains("https://"), "{path} asks nobody else");
        anyone.send(anyone.request(reqwest::Method::HEAD, path)).await.is(200);
    }
    anyone.get("/sign/other.js").await.is_problem(404, "not-found");
    let contract = anyone.get("/v1/openapi.json").await.is(200).json();
    assert!(contract["paths"].as_object().unwrap().keys().all(|path| !path.starts_with("/sign/") && path != "/sign"));
}

#[actix_web::test]
async fn the_page_holds_nothing_inline_and_what_it_loads_is_there() {
    let app = TestApp::start().await;
    let page = app.anyone().get("/sign").await.is(200).text();
    assert!(page.contains("<html lang=\"nl\">") && page.contains("id=\"language\""), "Dutch, and a way to English");
    assert!(!page.contains("<style") && !page.contains(" style=") && !page.contains(" onclick="));
    for script in page.split("<script").skip(1) {
        assert!(script.starts_with(" src=\"sign/sign.js\" defer></script>"), "{script}");
    }
    let mut loaded = 0;
    for asset in page.split('"').filter(|part| part.starts_with("sign/")) {
        app.anyone().get(&format!("/{asset}")).await.is(200);
        loaded += 1;
    }
    assert_eq!(loaded, 2);
    let script = app.anyone().get("/sign/sign.js").await.is(200).text();
    // Every element that the script looks for stands on the page.
    for id in script.split("at(\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(page.contains(&format!("id=\"{id}\"")), "no {id}");
    }
    for unsafe_way in ["innerHTML", "eval(", "localStorage", "sessionStorage", "document.write"] {
        assert!(!script.contains(unsafe_way), "{unsafe_way}");
    }
}

#[actix_web::test]
async fn what_the_script_calls_reads_and_signs_by_the_token_of_the_mail_once() {
    let scene = Scene::start().await;
    let (_, agreement) = agreed(&scene, "page-1").await;
    ask(&scene.ground.school.client, &agreement).await.is(200);
    let (token, mail) = mailed(&scene.app);
    assert!(mail.contains("In English"), "{mail}");
    let script = scene.app.anyone().get("/sign/sign.js").await.is(200).text();
    let contract = scene.app.anyone().get("/v1/openapi.json").await.is(200).json();
    let calls: Vec<(&str, &str)> = script
        .split("call(\"")
        .skip(1)
        .map(|rest| {
            let mut quoted = rest.split('"');
            (quoted.next().unwrap(), quoted.nth(1).unwrap())
        })
        .collect();
    assert_eq!(calls.len(), 2, "{calls:?}");
    for (method, path) in &calls {
        let path = path.strip_prefix("v1").unwrap();
        let operation = &contract["paths"][path][method.to_lowercase()];
        assert!(operation["security"][0]["link"].is_array(), "{method} {path} is opened by a link");
    }
    assert!(calls.contains(&("GET", "v1/signing/agreement")));
    assert!(calls.contains(&("POST", "v1/signing/agreement/signatures")));

    let shown = reads(&scene.app, &token).await.is(200).json();
    let properties =
        ["school", "practice", "region", "qualification", "learningPath", "startsOn", "endsOn", "sheetNumber"];
    for property in properties {
        assert!(!shown[property].is_null() && script.contains(property), "{property}");
    }
    assert_eq!(shown["signedOn"], Value::Null);
    assert!(
        signs(&scene.app, &token, shown["sheetNumber"].as_i64().unwrap()).await.is(200).json()["signedOn"].is_string()
    );
    let again = signs(&scene.app, &token, 1).await.is_problem(401, "invalid-token");
    assert!(again.text_at("/title").len() > 3, "what the page shows then");
}
