//! Bodies that are no JSON objects, of another type, encoded, too large, or with members that are not in the document:
//! refused by every operation that writes.

use reqwest::Method;
use serde_json::json;

use super::operations;
use crate::support::{TestApp, statuses};

/// Members that the server owns, or that other systems have and ours has not.
const NOT_FOR_CLIENTS: &[&str] = &[
    "id",
    "version",
    "created_by",
    "created_at",
    "updated_by",
    "published_at",
    "status",
    "is_active",
    "token_version",
    "epoch",
    "password_hash",
    "merged_into",
    "$where",
    "__proto__",
    "constructor",
    "",
];

#[actix_web::test]
async fn every_write_takes_one_json_object_and_nothing_else() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(200), "]".repeat(200));
    let bodies: Vec<Vec<u8>> = [
        "[]",
        "[{}]",
        "null",
        "\"x\"",
        "7",
        "true",
        "",
        " ",
        "{",
        "{}{}",
        "{'a':1}",
        "\u{feff}{}",
        r#"{"a":1,"a":1}"#,
        r#"{"a":{"b":1,"\u0062":2}}"#,
        r#"{"a":"\u0000"}"#,
        r#"{"a\u0000":1}"#,
        r#"{"a":"\ud800"}"#,
        r#"{"a":18446744073709551616}"#,
        r#"{"a":1e400}"#,
        r#"{"a":NaN}"#,
        &deep,
    ]
    .iter()
    .map(|body| body.as_bytes().to_vec())
    .chain([b"{\"a\":\"\xff\"}".to_vec(), b"{\"a\":\"\xed\xa0\x80\"}".to_vec()])
    .collect();
    let writes: Vec<_> = operations().into_iter().filter(super::Operation::takes_json).collect();
    assert!(writes.len() > 20);
    for write in writes {
        let method: Method = write.method.parse().unwrap();
        for body in &bodies {
            let sent = admin.request(method.clone(), &write.path).body("application/json", body.clone());
            let refused = sent.send().await;
            let what = String::from_utf8_lossy(body);
            assert_eq!(refused.status(), 400, "{} {} took {what}: {refused}", write.method, write.pattern);
            assert_eq!(refused.code(), "malformed_request", "{what}: {refused}");
        }
    }
}

#[actix_web::test]
async fn every_write_takes_json_by_its_name_and_plain() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for write in operations().into_iter().filter(super::Operation::takes_json) {
        let method: Method = write.method.parse().unwrap();
        let send = |kind: &str| admin.request(method.clone(), &write.path).body(kind, "{}");
        for kind in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/json; charset=utf-16",
            "application/jsonx",
            "text/json",
            "*/*",
        ] {
            let refused = send(kind).send().await;
            assert_eq!(refused.status(), 415, "{} {} took {kind}: {refused}", write.method, write.pattern);
        }
        for coding in ["gzip", "br", "zstd", "deflate", "gzip, gzip", "identity", "foo"] {
            let refused = send("application/json").header("content-encoding", coding).send().await;
            assert_eq!(refused.status(), 415, "{} {} took {coding}: {refused}", write.method, write.pattern);
        }
        let head = |more: &str| {
            format!(
                "{} {} HTTP/1.1\r\nHost: a.example\r\nAuthorization: Bearer {}\r\nIf-Match: *\r\nConnection: close\r\n{more}",
                write.method,
                write.path,
                admin.token()
            )
        };
        let untyped = app.told(head("Content-Length: 2\r\n\r\n{}")).await;
        assert_eq!(statuses(&untyped), ["415"], "{} {}: {untyped}", write.method, write.pattern);
        let large = head("Content-Type: application/json\r\nContent-Length: 33554433\r\n\r\n{");
        let refused = app.told(large).await;
        assert_eq!(statuses(&refused), ["413"], "{} {}: {refused}", write.method, write.pattern);
    }
}

#[actix_web::test]
async fn what_reads_no_body_refuses_one_and_takes_none_encoded_either() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let bodiless: Vec<_> = operations().into_iter().filter(|one| one.document.get("requestBody").is_none()).collect();
    assert!(bodiless.iter().any(|one| one.method == "POST") && bodiless.iter().any(|one| one.method == "DELETE"));
    for operation in bodiless {
        let method: Method = operation.method.parse().unwrap();
        let who = if operation.is_newsroom() { &admin } else { &app.reader() };
        for body in ["{}", "null", "a=b", " "] {
            let sent = who.request(method.clone(), &operation.path).body("application/json", body);
            let refused = sent.send().await;
            assert_eq!(refused.status(), 400, "{} {} took {body}: {refused}", operation.method, operation.pattern);
            assert_eq!(refused.code(), "malformed_request", "{refused}");
        }
        let head = format!(
            "{} {} HTTP/1.1\r\nHost: a.example\r\nAuthorization: Bearer {}\r\nConnection: close\r\n",
            operation.method,
            operation.path,
            admin.token()
        );
        let chunked = app.told(format!("{head}Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n")).await;
        assert_eq!(statuses(&chunked), ["400"], "{} {}: {chunked}", operation.method, operation.pattern);
        who.request(method, &operation.path).header("content-encoding", "gzip").send().await.expect(415);
    }
}

#[actix_web::test]
async fn a_page_in_memory_is_not_given_to_who_sends_a_body_for_it() {
    let app = TestApp::start().await;
    let read = || app.reader().get("/v1/topics");
    read().send().await.expect(200);
    assert!(read().send().await.expect(200).header("server-timing").contains("\"hit\""));
    read().body("application/json", "{}").send().await.expect(400);
    read().header("content-encoding", "br").send().await.expect(415);
}

#[actix_web::test]
async fn a_chunked_body_is_bounded_as_one_with_a_length_is() {
    let app = TestApp::start().await;
    // Opens the connection to the database by which callers are known.
    app.editor().await.get("/v1/newsroom/topics").send().await.expect(200);
    let head = format!(
        "POST /v1/newsroom/topics HTTP/1.1\r\nHost: a.example\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n",
        app.admin().await.token()
    );
    let fine = app.told(format!("{head}e\r\n{{\"name\": \"Ore\"}}\r\n0\r\n\r\n")).await;
    // The rest of the line is no chunk: it is refused, or the connection ends without a word; nothing is made of it.
    assert!(statuses(&fine).iter().all(|status| *status == "400"), "the chunk is one byte short: {fine}");
    let fine = app.told(format!("{head}f\r\n{{\"name\": \"Ore\"}}\r\n0\r\n\r\n")).await;
    assert_eq!(statuses(&fine), ["201"], "{fine}");
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(65_536)).repeat(17);
    let refused = app.told(format!("{head}{chunk}0\r\n\r\n")).await;
    assert_eq!(statuses(&refused), ["413"], "{refused}");
}

#[actix_web::test]
async fn every_write_refuses_members_that_are_not_in_the_document() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let document = dateline::app::document().value;
    for write in operations().into_iter().filter(super::Operation::takes_json) {
        let method: Method = write.method.parse().unwrap();
        let schema = write.document.pointer("/requestBody/content/application~1json/schema/$ref");
        let name = schema.and_then(|name| name.as_str()).expect("a named schema").trim_start_matches('#');
        let known = document.pointer(&format!("{name}/properties")).expect("members").as_object().unwrap();
        for member in NOT_FOR_CLIENTS.iter().filter(|member| !known.contains_key(**member)) {
            let body = json!({ *member: 1 }).to_string();
            let refused = admin.request(method.clone(), &write.path).body("application/json", body).send().await;
            assert_eq!(refused.status(), 422, "{} {} took {member:?}: {refused}", write.method, write.pattern);
            assert!(refused.faults().contains(&format!("/{member} unknown_key")), "{refused}");
        }
    }
}

#[actix_web::test]
async fn a_member_of_another_type_is_refused_wherever_it_stands() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let document = dateline::app::document().value;
    let odd = [
        json!({ "$gt": "" }),
        json!([["x"]]),
        json!(-1),
        json!(9_223_372_036_854_775_807_i64),
        json!(1.5),
        json!(false),
    ];
    for write in operations().into_iter().filter(super::Operation::takes_json) {
        let method: Method = write.method.parse().unwrap();
        let schema = write.document.pointer("/requestBody/content/application~1json/schema/$ref");
        let name = schema.and_then(|name| name.as_str()).expect("a named schema").trim_start_matches('#');
        for member in document.pointer(&format!("{name}/properties")).expect("members").as_object().unwrap().keys() {
            for value in &odd {
                let body = json!({ member: value }).to_string();
                let refused = admin.request(method.clone(), &write.path).body("application/json", body).send().await;
                // One that happens to fit, on an object that is not there.
                let fits = refused.status() == 404;
                assert!(
                    fits || refused.status() == 422,
                    "{} {} {member}={value}: {refused}",
                    write.method,
                    write.pattern
                );
            }
        }
    }
}
