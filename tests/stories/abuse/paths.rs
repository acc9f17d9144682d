//! One spelling per object, and methods that are not there.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;

use super::operations;
use crate::support::{TestApp, json, statuses};

const TOPICS: &str = "/v1/newsroom/topics";

#[actix_web::test]
async fn an_object_has_one_address_and_no_other_spelling_of_it() {
    let app = TestApp::start().await;
    app.editor().await.post(TOPICS, json!({ "name": "abc" })).send().await.expect(201);
    let get = async |path: &str| {
        app.told(format!("GET {path} HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n")).await
    };
    assert_eq!(statuses(&get("/v1/topics/abc").await), ["200"]);
    for path in [
        "/v1/topics/%61bc",
        "/v1/topics/a%62c",
        "/v1/topic%73/abc",
        "/%761/topics/abc",
        "/v1/%74opics/ab%63",
        "/V1/topics/abc",
        "/v1/Topics/abc",
        "/v1/topics/ABC",
        "//v1/topics/abc",
        "/v1//topics/abc",
        "/v1/topics//abc",
        "/v1/./topics/abc",
        "/v1/topics/./abc",
        "/v1/%2e/topics/abc",
        "/v1/topics/%2e/abc",
        "/v1/x/../topics/abc",
        "/v1/x/%2e%2e/topics/abc",
        "/v1/topics/abc;x",
        "/v1/topics/abc;x=1",
        "/v1/topics%2Fabc",
        "/v1%2ftopics%2fabc",
        "/v1/topics/abc%2F",
        "/v1/topics/abc%20",
        "/v1/topics/%20abc",
        "/v1/topics/abc%00",
        "/v1/topics/abc%0a",
        "/v1/topics/+abc",
        "/v1/topics/%2Babc",
        "/v1/topics/abc%C2%AD",
        "/v1/topics/abc%23",
        "/v1/topics/abc%3Flimit=1",
        "/v1/topics/%zz",
        "/v1/topics/abc%",
        "/v1/topics/%ff",
        "/v1\\topics\\abc",
    ] {
        let heard = get(path).await;
        let refused = matches!(statuses(&heard).as_slice(), ["404" | "400"]);
        assert!(refused, "{path}: {heard}");
    }
}

#[actix_web::test]
async fn no_spelling_leads_past_the_guards_of_the_newsroom() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let topic = admin.post(TOPICS, json!({ "name": "abc" })).send().await.expect(201).id();
    let article = admin.post("/v1/newsroom/articles", json!({ "headline": "One" })).send().await.expect(201).id();
    for path in [
        "/v1/%6eewsroom/topics".to_owned(),
        "/%761/newsroom/topics".to_owned(),
        "/v1/newsroom/%74opics".to_owned(),
        "/v1/Newsroom/topics".to_owned(),
        "//v1/newsroom/topics".to_owned(),
        "/v1/newsroom//topics".to_owned(),
        "/v1/./newsroom/topics".to_owned(),
        "/v1/newsroom;x/topics".to_owned(),
        "/v1/articles/../newsroom/topics".to_owned(),
        "/v1/newsroom%2Ftopics".to_owned(),
        "/v1/%61uth/me".to_owned(),
        "/v1/auth/%6De".to_owned(),
        format!("{TOPICS}/%30{}", &topic[1..]),
        format!("{TOPICS}/{}", topic.to_uppercase()),
        format!("{TOPICS}/{}", topic.replace('-', "")),
        format!("{TOPICS}/{{{topic}}}"),
        format!("{TOPICS}/urn:uuid:{topic}"),
        format!("/v1/newsroom/articles/{article}/revisions/+1"),
        format!("/v1/newsroom/articles/{article}/revisions/01"),
        format!("/v1/newsroom/articles/{article}/revisions/%31"),
        format!("/v1/newsroom/articles/{article}/revisions/1.0"),
        format!("/v1/newsroom/articles/{article}/revisions/4294967297"),
    ] {
        let token = admin.token();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: a.example\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
        );
        let heard = app.told(request).await;
        assert_eq!(statuses(&heard), ["404"], "{path}: {heard}");
        assert!(heard.contains("cache-control: private, no-store"), "{heard}");
    }
    admin.get(format!("/v1/newsroom/articles/{article}/revisions/1")).send().await.expect(200);
}

#[actix_web::test]
async fn a_trailing_slash_leads_to_the_clean_path_of_this_server_and_nowhere_else() {
    let app = TestApp::start().await;
    for (path, place) in [
        ("/v1/topics/", Some("/v1/topics")),
        ("/v1/topics///", Some("/v1/topics")),
        ("/v1/topics/x%0d%0aSet-Cookie:a=b/", Some("/v1/topics/x%0d%0aSet-Cookie:a=b")),
        ("//evil.example/", None),
        ("//evil.example/v1/topics/", None),
        ("/\\evil.example/", None),
        ("/v1//evil.example/", None),
        ("/v1/topics/%2F%2Fevil.example/", Some("/v1/topics/%2F%2Fevil.example")),
    ] {
        let heard = app.told(format!("GET {path} HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n")).await;
        let location = heard.lines().find_map(|line| line.strip_prefix("location: "));
        assert_eq!(location, place, "{path}: {heard}");
        assert!(!heard.to_ascii_lowercase().contains("\nset-cookie"), "{heard}");
    }
}

#[actix_web::test]
async fn a_path_says_which_methods_it_takes_and_takes_no_other() {
    let app = TestApp::start().await;
    let reader = app.reader();
    let all = operations();
    let mut paths: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for operation in &all {
        paths.entry(operation.path.clone()).or_default().insert(operation.method.clone());
    }
    for (path, methods) in &mut paths {
        if methods.contains("GET") {
            methods.insert("HEAD".to_owned());
        }
        methods.insert("OPTIONS".to_owned());
        let listed = methods.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "BREW", "get"] {
            // A word such as `bulk` also fits a pattern; there it is the name of nothing.
            let elsewhere = all.iter().any(|operation| {
                let same = operation.method == method || (operation.method == "GET" && method == "HEAD");
                same && operation.fits(path)
            });
            if methods.contains(method) || elsewhere {
                continue;
            }
            let method: Method = method.parse().unwrap();
            let refused = reader.request(method.clone(), path).send().await;
            assert_eq!(refused.status(), 405, "{method} {path}: {refused}");
            assert_eq!(refused.header("allow"), listed, "{method} {path}");
        }
        let options = reader.request(Method::OPTIONS, path).send().await.expect(204);
        assert_eq!(options.header("allow"), listed, "{path}");
    }
}

#[actix_web::test]
async fn the_pages_of_the_document_are_read_and_nothing_else_and_what_is_missing_there_is_a_problem() {
    let app = TestApp::start().await;
    let reader = app.reader();
    for page in ["/", "/docs", "/docs/", "/docs/index.html", "/docs/problems", "/openapi.json", "/openapi.yaml"] {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::TRACE] {
            let refused = reader.request(method, page).send().await.expect(405);
            assert_eq!((refused.code(), refused.header("allow")), ("method_not_allowed", "GET, HEAD, OPTIONS"));
        }
        let options = reader.request(Method::OPTIONS, page).send().await.expect(204);
        assert_eq!(options.header("allow"), "GET, HEAD, OPTIONS", "{page}");
    }
    for page in ["/docs/index.html", "/docs/problems", "/openapi.json", "/openapi.yaml"] {
        reader.get(page).send().await.expect(200);
    }
    for missing in ["/docs/none.js", "/docs/a/b", "/docs/..%2fCargo.toml", "/openapi.xml"] {
        assert_eq!(reader.get(missing).send().await.expect(404).code(), "not_found", "{missing}");
    }
    assert_eq!(reader.post("/docs/a/b", json!({})).send().await.status() / 100, 4);
}

#[actix_web::test]
async fn a_head_is_a_get_without_its_body() {
    let app = TestApp::start().await;
    let (reader, admin) = (app.reader(), app.admin().await);
    for read in operations().into_iter().filter(|operation| operation.method == "GET") {
        let who = if read.is_newsroom() { &admin } else { &reader };
        let get = who.get(&read.path).send().await;
        let head = who.head(&read.path).send().await;
        assert_eq!(head.status(), get.status(), "{}", read.path);
        assert!(head.bytes().is_empty(), "{head}");
        for name in ["etag", "content-type", "cache-control"] {
            assert_eq!(head.find_header(name), get.find_header(name), "{name} of {}", read.path);
        }
    }
}
