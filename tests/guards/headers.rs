//! What stands in the headers of every operation of the document: caching, HEAD, methods, security, challenges.

use std::collections::BTreeMap;

use reqwest::Method;

use super::errands::{Errand, Newsroom};
use super::operations::{Operation, methods_of, operations, paths};
use crate::support::{Actor, Answer, TestApp};

/// A page elsewhere that asks.
const ORIGIN: &str = "https://frontend.example.org";
/// Headers that two answers to one request may differ in.
const OF_THE_MOMENT: [&str; 3] = ["date", "server-timing", "x-request-id"];
/// Methods that HTTP has and that some path might not.
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "PROPFIND"];

/// An answer of every operation to somebody who may everything.
async fn answers(newsroom: &Newsroom) -> Vec<(Operation, Errand, Actor, Answer)> {
    let mut all = Vec::new();
    for operation in operations() {
        // Somebody new, because some operations end the session.
        let admin = newsroom.app.admin().await;
        let errand = newsroom.errand(&operation, &admin).await;
        let asker = if operation.needs_token() { admin } else { newsroom.app.reader() };
        let answer = errand.send(&asker, None).await;
        assert!((200..300).contains(&answer.status()), "{answer}");
        all.push((operation, errand, asker, answer));
    }
    all
}

#[actix_web::test]
async fn every_answer_has_the_headers_of_its_face() {
    let newsroom = Newsroom::open().await;
    for (operation, _, _, answer) in answers(&newsroom).await {
        is_safe(&answer);
        if operation.is_newsroom() {
            is_private(&answer);
            assert_eq!(answer.header("vary"), "Origin, Authorization", "{answer}");
        } else if operation.is_delivery() {
            is_public(&answer);
        } else if operation.is_preview() {
            is_private(&answer);
            assert!(answer.header("x-robots-tag").contains("noindex"), "{answer}");
        } else {
            assert!(answer.find_header("cache-control").is_some(), "nothing says how long this holds: {answer}");
        }
    }
}

#[actix_web::test]
async fn a_head_is_its_get_without_the_body() {
    let newsroom = Newsroom::open().await;
    for (operation, errand, asker, answer) in answers(&newsroom).await {
        if operation.method != Method::GET {
            continue;
        }
        // Asked for again, because some reads leave a trace, such as when a token was used last.
        let get = errand.send(&asker, None).await;
        let head = errand.request(Method::HEAD, &asker).send().await;
        assert_eq!(head.status(), answer.status(), "{head}");
        assert!(head.bytes().is_empty(), "{head}");
        assert_eq!(lasting(&head), lasting(&get), "{head}\n{get}");
        assert_eq!(get.header("content-length"), get.bytes().len().to_string(), "{get}");
    }
}

#[actix_web::test]
async fn who_has_an_answer_already_is_not_sent_it_again() {
    let newsroom = Newsroom::open().await;
    for (operation, errand, asker, _) in answers(&newsroom).await {
        if !operation.is_delivery() {
            continue;
        }
        let answer = errand.send(&asker, None).await.expect(200);
        for method in [Method::GET, Method::HEAD] {
            let known =
                errand.request(method, &asker).header("if-none-match", answer.header("etag")).send().await.expect(304);
            assert!(known.bytes().is_empty(), "{known}");
            is_safe(&known);
            is_public(&known);
            for name in ["etag", "cache-control", "surrogate-key", "vary"] {
                assert_eq!(known.find_header(name), answer.find_header(name), "{known}");
            }
        }
    }
}

#[actix_web::test]
async fn every_refusal_is_a_problem_that_nobody_keeps() {
    let newsroom = Newsroom::open().await;
    let admin = newsroom.app.admin().await;
    let reader = newsroom.app.reader();
    for operation in operations() {
        let errand = newsroom.errand(&operation, &admin).await;
        let mut refusals = Vec::new();
        if operation.needs_token() {
            refusals.push(errand.send(&reader, None).await.expect(401));
            refusals.push(errand.send(&reader, Some("nonsense")).await.expect(401));
        }
        if operation.method == Method::GET && operation.path.starts_with("/v1/") {
            let asker = if operation.needs_token() { &admin } else { &reader };
            refusals.push(errand.with_parameter("no_such_parameter=1").send(asker, None).await.expect(400));
        }
        for refusal in refusals {
            is_refused(&refusal);
        }
    }
}

#[actix_web::test]
async fn every_path_refuses_the_methods_that_it_has_not_and_lists_those_that_it_has() {
    let app = TestApp::start().await;
    let (admin, reader) = (app.admin().await, app.reader());
    for path in paths() {
        let methods = methods_of(&path);
        let allow = methods.join(", ");
        let plain = literal(&path);
        for method in METHODS.iter().filter(|method| !methods.iter().any(|has| has == *method)) {
            let method: Method = method.parse().unwrap();
            for asker in [&admin, &reader] {
                let refused = asker.request(method.clone(), &plain).send().await.expect(405);
                assert_eq!(refused.header("allow"), allow, "{refused}");
                if method == Method::HEAD {
                    assert!(refused.bytes().is_empty(), "{refused}");
                    is_private(&refused);
                } else {
                    is_refused(&refused);
                }
            }
        }
        let options = reader.request(Method::OPTIONS, &plain).send().await.expect(204);
        assert_eq!(options.header("allow"), allow, "{options}");
        is_safe(&options);
        let preflight = reader.request(Method::OPTIONS, &plain).header("origin", ORIGIN);
        let preflight = preflight.header("access-control-request-method", "GET").send().await.expect(204);
        assert_eq!(preflight.header("access-control-allow-methods"), allow, "{preflight}");
        assert!(preflight.header("access-control-allow-headers").contains("Authorization"), "{preflight}");
        let shared = preflight.find_header("access-control-allow-origin");
        let public = !path.starts_with("/v1/newsroom/") && !path.starts_with("/v1/auth/");
        assert_eq!(shared, public.then_some("*"), "{preflight}");
    }
}

#[actix_web::test]
async fn a_listed_origin_may_work_in_the_newsroom_and_no_other() {
    let listed = |settings: &mut dateline::base::config::Settings| settings.cors_origins = vec![ORIGIN.to_owned()];
    let app = TestApp::with("2026-01-05T08:00:00Z", listed).await;
    let editor = app.editor().await;
    for (origin, expected) in [(ORIGIN, Some(ORIGIN)), ("https://elsewhere.example.org", None), ("null", None)] {
        for request in [editor.get("/v1/newsroom/topics"), app.reader().get("/v1/auth/me")] {
            let answer = request.header("origin", origin).send().await;
            assert_eq!(answer.find_header("access-control-allow-origin"), expected, "{answer}");
            assert!(answer.find_header("access-control-allow-credentials").is_none(), "{answer}");
            assert!(answer.header("vary").contains("Origin"), "{answer}");
        }
    }
    let public = app.reader().get("/v1/topics").header("origin", ORIGIN).send().await.expect(200);
    assert_eq!(public.header("access-control-allow-origin"), "*");
}

/// A path with something in the place of each parameter that no object has.
fn literal(path: &str) -> String {
    let segments = path.split('/').map(|segment| if segment.starts_with('{') { "none" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

fn lasting(answer: &Answer) -> BTreeMap<String, String> {
    let mut headers = answer.headers();
    headers.retain(|name, _| !OF_THE_MOMENT.contains(&name.as_str()));
    headers
}

fn is_safe(answer: &Answer) {
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{answer}");
    assert_eq!(answer.header("referrer-policy"), "no-referrer", "{answer}");
    assert_eq!(answer.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'", "{answer}");
    assert!(uuid::Uuid::try_parse(answer.header("x-request-id")).is_ok(), "{answer}");
    for name in ["server", "x-powered-by", "set-cookie"] {
        assert!(answer.find_header(name).is_none(), "{answer}");
    }
}

fn is_private(answer: &Answer) {
    assert_eq!(answer.header("cache-control"), "private, no-store", "{answer}");
    assert!(answer.find_header("surrogate-key").is_none(), "{answer}");
}

fn is_public(answer: &Answer) {
    let policy = answer.header("cache-control");
    for directive in ["public", "max-age=", "s-maxage=", "stale-while-revalidate=", "stale-if-error="] {
        assert!(policy.split(", ").any(|one| one.starts_with(directive)), "no {directive} in {policy}: {answer}");
    }
    let etag = answer.header("etag");
    assert!(etag.len() > 20 && etag.starts_with('"') && etag.ends_with('"'), "no strong ETag: {answer}");
    assert!(!answer.header("surrogate-key").is_empty(), "{answer}");
    assert_eq!(answer.header("vary"), "Accept-Encoding", "{answer}");
    assert_eq!(answer.header("access-control-allow-origin"), "*", "{answer}");
    assert!(answer.find_header("access-control-allow-credentials").is_none(), "{answer}");
}

fn is_refused(answer: &Answer) {
    is_safe(answer);
    is_private(answer);
    assert_eq!(answer.header("content-type"), "application/problem+json", "{answer}");
    assert_eq!(answer.at("/status"), answer.status(), "{answer}");
    assert_eq!(answer.text_at("/request_id"), answer.header("x-request-id"), "{answer}");
    for name in ["etag", "last-modified", "link"] {
        assert!(answer.find_header(name).is_none(), "{answer}");
    }
    if answer.status() == 401 {
        assert!(answer.header("www-authenticate").starts_with("Bearer "), "{answer}");
    }
}
