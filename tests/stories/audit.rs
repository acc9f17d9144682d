//! The audit log: whoever did something stands in it, and what stands in it stays as it was written.

use std::process::Stdio;

use dateline::store::audit::{Findings, verify};
use futures_util::future::join_all;

use crate::support::database::TestDatabase;
use crate::support::people::PASSWORD;
use crate::support::program::{Folder, dateline};
use crate::support::{Actor, Answer, Stage, TestApp, json};

const LOG: &str = "/v1/newsroom/audit";

async fn log(by: &Actor, query: &str) -> Answer {
    by.get(format!("{LOG}{query}")).send().await.expect(200)
}

/// What was done, the newest first: `verb kind`.
fn told(answer: &Answer) -> Vec<String> {
    let kinds = answer.texts_in("/data", "/object/kind");
    answer.texts_in("/data", "/verb").into_iter().zip(kinds).map(|(verb, kind)| format!("{verb} {kind}")).collect()
}

async fn checked(app: &TestApp) -> Findings {
    verify(&app.shared().database, None).await.expect("a check")
}

/// As somebody who has the whole database in hand.
async fn tampers(app: &TestApp, statement: &str) {
    let database = app.database().await;
    database.batch_execute("ALTER TABLE audit_log DISABLE TRIGGER audit_log_only_grows").await.unwrap();
    database.batch_execute(statement).await.unwrap();
    database.batch_execute("ALTER TABLE audit_log ENABLE TRIGGER audit_log_only_grows").await.unwrap();
}

#[actix_web::test]
async fn every_write_says_who_did_what_with_which_token_and_from_where() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let user = app.user("editor", "mei.tanaka@example.org").await;
    let signed_in = app.signs_in("mei.tanaka@example.org", PASSWORD).send().await.expect(200);
    let new = json!({ "name": "Wire import", "scopes": ["newsroom:read", "topics:write"] });
    let made = app.reader().post("/v1/newsroom/tokens", new).bearer(signed_in.access()).send().await.expect(201);
    let topic = json!({ "name": "Rails" });
    let by_tool =
        app.reader().post("/v1/newsroom/topics", topic).bearer(made.text_at("/token")).send().await.expect(201);
    app.reader().delete(made.header("location")).bearer(signed_in.access()).send().await.expect(204);
    app.reader().request(reqwest::Method::POST, "/v1/auth/logout").bearer(signed_in.access()).send().await.expect(204);
    let list = log(&admin, &format!("?user={}", user.id())).await;
    let acts = ["ended session", "revoked token", "created topic", "created token", "started session"];
    assert_eq!(told(&list), acts);
    for index in 0..acts.len() {
        assert_eq!(list.text_at(&format!("/data/{index}/address")), "127.0.0.1", "{list}");
        assert_eq!(list.text_at(&format!("/data/{index}/user_name")), "Mei Tanaka", "{list}");
    }
    assert_eq!(list.text_at("/data/2/token_id"), made.id());
    assert_eq!(list.text_at("/data/2/object/id"), by_tool.id());
    assert_eq!((list.at("/data/1/token_id"), list.at("/data/2/session_id")), (&json!(null), &json!(null)));
    assert_eq!(list.text_at("/data/1/session_id"), list.text_at("/data/4/object/id"));
    assert!(!list.to_string().contains(made.text_at("/token")), "{list}");
    assert_eq!(checked(&app).await.faults, Vec::<String>::new());
}

#[actix_web::test]
async fn a_refused_sign_in_is_told_without_what_was_typed_by_mistake() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let user = app.user("editor", "mei.tanaka@example.org").await;
    app.signs_in("Mei.Tanaka@example.org", "not the password at all").send().await.expect(401);
    app.signs_in("nobody@example.org", PASSWORD).send().await.expect(401);
    app.signs_in("nine lanterns over", PASSWORD).send().await.expect(401);
    admin.patch(format!("/v1/newsroom/users/{}", user.id()), json!({ "state": "suspended" })).send().await.expect(200);
    app.signs_in("mei.tanaka@example.org", PASSWORD).send().await.expect(401);
    let list = log(&admin, "?verb=sign_in_refused").await;
    let accounts: Vec<_> = (0..4).map(|index| list.at(&format!("/data/{index}/details/account")).clone()).collect();
    let known = json!("mei.tanaka@example.org");
    assert_eq!(accounts, [known.clone(), json!(null), json!("nobody@example.org"), known]);
    let objects: Vec<_> = (0..4).map(|index| list.at(&format!("/data/{index}/object/id")).clone()).collect();
    assert_eq!(objects, [json!(user.id()), json!(null), json!(null), json!(user.id())]);
    assert_eq!(list.text_at("/data/0/address"), "127.0.0.1");
    assert!(!list.to_string().contains("lanterns") && !list.to_string().contains("not the password"), "{list}");
}

#[actix_web::test]
async fn only_who_administers_reads_the_log_and_finds_things_in_it() {
    let stage = Stage::set().await;
    let (app, admin) = (&stage.app, stage.app.admin().await);
    stage.editor.get(LOG).send().await.expect(403);
    let (reads, does_not) = (admin.api_token(&["audit:read"]).await, admin.api_token(&["newsroom:read"]).await);
    app.reader().get(LOG).bearer(&reads).send().await.expect(200);
    app.reader().get(LOG).bearer(&does_not).send().await.expect(403);
    let story = stage.live("Told", json!({})).await;
    app.set_clock("2026-01-05T09:00:00Z");
    stage.editor.patch(story.staff(), json!({ "headline": "Told again" })).send().await.expect(200);
    let own = log(&admin, &format!("?object={}", story.id)).await;
    assert_eq!(told(&own), ["edited article", "published article", "created article"]);
    assert_eq!(told(&log(&admin, "?from=2026-01-05T09:00:00Z").await), ["edited article"]);
    assert_eq!(told(&log(&admin, "?kind=article&to=2026-01-05T09:00:00Z&verb=created").await), ["created article"]);
    let first = log(&admin, &format!("?object={}&limit=2", story.id)).await;
    let cursor = first.text_at("/meta/next_cursor");
    let second = log(&admin, &format!("?object={}&limit=2&cursor={cursor}", story.id)).await;
    assert_eq!(told(&second), ["created article"]);
    let refused = admin.get(LOG).query(&[("until", "2026-01-05T09:00:00Z")]).send().await.expect(400);
    assert_eq!(refused.code(), "invalid_parameter");
}

#[actix_web::test]
async fn what_fails_leaves_no_entry() {
    let stage = Stage::set().await;
    let before = stage.app.rows("audit_log").await;
    stage.editor.post("/v1/newsroom/articles", json!({ "headline": "" })).send().await.expect(422);
    stage.editor.post("/v1/newsroom/authors", json!({ "name": "One", "slug": "one" })).send().await.expect(201);
    stage.editor.post("/v1/newsroom/authors", json!({ "name": "Two", "slug": "one" })).send().await.expect(409);
    let many =
        json!({ "mode": "each", "articles": [{ "headline": "A", "slug": "a" }, { "headline": "B", "slug": "a" }] });
    let done = stage.editor.post("/v1/newsroom/articles/bulk", many).send().await.expect(200);
    assert_eq!((done.at("/created"), done.at("/failed")), (&json!(1), &json!(1)));
    assert_eq!(stage.app.rows("audit_log").await, before + 2);
    assert_eq!(checked(&stage.app).await.faults, Vec::<String>::new());
}

#[actix_web::test]
async fn many_who_write_at_once_make_one_chain() {
    let app = TestApp::with("2026-01-05T08:00:00Z", |settings| settings.pool_size = 16).await;
    let editor = app.editor().await;
    let before = app.rows("audit_log").await;
    let writes = (0..60).map(|number| {
        let editor = &editor;
        async move {
            let article = json!({ "headline": format!("Story {number}") });
            editor.post("/v1/newsroom/articles", article).send().await.expect(201);
        }
    });
    join_all(writes).await;
    let found = checked(&app).await;
    assert_eq!(found.faults, Vec::<String>::new());
    assert_eq!((found.entries, found.head.0), (u64::try_from(before).unwrap() + 60, before + 60));
}

#[actix_web::test]
async fn the_database_refuses_to_change_or_remove_an_entry() {
    let app = TestApp::start().await;
    app.editor().await.drafts("One").await;
    let database = app.database().await;
    for statement in [
        "UPDATE audit_log SET verb = 'x'",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log",
        "DELETE FROM audit_log WHERE false",
    ] {
        let refused = database.batch_execute(statement).await.expect_err(statement);
        assert!(refused.as_db_error().unwrap().message().contains("never changed or removed"), "{refused:?}");
    }
    assert_eq!(app.rows("audit_log").await, 1);
}

#[actix_web::test]
async fn whatever_is_done_to_the_log_from_outside_is_found_and_named() {
    let insert = "INSERT INTO audit_log SELECT {id}, verb, object_kind, object_id, user_id, token_id, session_id, \
         address, details, created_at, hash FROM audit_log WHERE id = 2";
    let whole_row = "WITH gone AS (SELECT sha256(b.hash || convert_to(audit_text(a), 'UTF8')) AS hash, a.id \
         FROM audit_log a JOIN audit_log b ON b.id = a.id - 1 WHERE a.id = 3) \
         UPDATE audit_log SET hash = gone.hash FROM gone WHERE audit_log.id = gone.id";
    let table = [
        ("UPDATE audit_log SET user_id = NULL WHERE id = 2".to_owned(), "entry 2 (created article) was altered"),
        ("UPDATE audit_log SET details = '{}' WHERE id = 4".to_owned(), "entry 4 (created article) was altered"),
        (
            "UPDATE audit_log SET created_at = created_at + interval '1 us' WHERE id = 1".to_owned(),
            "entry 1 (created article) was altered",
        ),
        (
            format!("UPDATE audit_log SET verb = 'edited' WHERE id = 3; {whole_row}"),
            "entry 4 (created article) was altered or put in",
        ),
        ("DELETE FROM audit_log WHERE id = 2".to_owned(), "entry 2 is missing"),
        ("DELETE FROM audit_log WHERE id > 2".to_owned(), "entries 3 to 4 are missing"),
        (insert.replace("{id}", "5"), "entries after 4 were put in"),
        (insert.replace("{id}", "0"), "entry 0 (created article) was put in"),
        (
            format!("DELETE FROM audit_log WHERE id = 3; {}", insert.replace("{id}", "3")),
            "entry 3 (created article) was altered or put in",
        ),
    ];
    for (statement, finding) in table {
        let app = TestApp::start().await;
        let editor = app.editor().await;
        for headline in ["One", "Two", "Three", "Four"] {
            editor.drafts(headline).await;
        }
        let before = checked(&app).await;
        assert_eq!((before.faults, before.entries), (Vec::<String>::new(), 4));
        tampers(&app, &statement).await;
        let found = checked(&app).await;
        assert!(found.faults.iter().any(|fault| fault.starts_with(finding)), "{statement}: {:?}", found.faults);
        let again = verify(&app.shared().database, Some(&before.head)).await.unwrap();
        assert!(!again.faults.is_empty());
    }
}

#[actix_web::test]
async fn a_log_that_was_computed_anew_as_a_whole_is_found_by_what_was_kept_elsewhere() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    editor.drafts("One").await;
    editor.drafts("Two").await;
    let kept = checked(&app).await.head;
    editor.drafts("Three").await;
    assert_eq!(verify(&app.shared().database, Some(&kept)).await.unwrap().faults, Vec::<String>::new());
    let anew = "CREATE TEMP TABLE old AS SELECT * FROM audit_log ORDER BY id; DELETE FROM audit_log; \
         UPDATE audit_head SET id = 0, hash = sha256('dateline'); UPDATE old SET verb = 'edited' WHERE id = 2; \
         SELECT audit_append((SELECT jsonb_agg(to_jsonb(old) - 'id' - 'hash' ORDER BY old.id) FROM old))";
    tampers(&app, anew).await;
    assert_eq!(checked(&app).await.faults, Vec::<String>::new());
    let found = verify(&app.shared().database, Some(&kept)).await.unwrap();
    assert_eq!(found.faults, ["entry 2 (edited article) is not the one that was there before"]);
}

#[actix_web::test]
async fn the_command_ends_with_one_and_names_the_entry() {
    let app = TestApp::start().await;
    app.editor().await.drafts("One").await;
    let (folder, url) = (Folder::new(), app.database_url().to_owned());
    let run = |since: Option<String>| {
        let mut command = dateline(&folder.0);
        command.args(["audit", "verify"]).env("DATABASE_URL", &url);
        command.env("DATELINE_JWT_SECRET", "Vq7mZt2xLb9nRw4sYc8hJd3fGp6aTu1eKo5iXr0");
        command.args(since.map(|head| format!("--since={head}"))).stdin(Stdio::null());
        let done = command.output().expect("the program");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (done.status.code(), text(&done.stdout), text(&done.stderr))
    };
    let (code, head, said) = run(None);
    assert!(code == Some(0) && said.contains("The audit log is whole: 1 entry."), "{head}{said}");
    assert_eq!(run(Some(head.trim().to_owned())).0, Some(0));
    let (code, _, said) = run(Some("nonsense".to_owned()));
    assert!(code != Some(0) && said.contains("is not what a verification prints"), "{said}");
    tampers(&app, "UPDATE audit_log SET address = '203.0.113.9' WHERE id = 1").await;
    let (code, head, said) = run(None);
    assert!(
        code == Some(1) && head.is_empty() && said.contains("entry 1 (created article) was altered"),
        "{head}{said}"
    );
}

#[tokio::test]
async fn where_there_is_no_log_the_command_says_so_and_makes_none() {
    let (bare, folder) = (TestDatabase::bare().await, Folder::new());
    let mut command = dateline(&folder.0);
    command.args(["audit", "verify"]).env("DATABASE_URL", &bare.url);
    command.env("DATELINE_JWT_SECRET", "Vq7mZt2xLb9nRw4sYc8hJd3fGp6aTu1eKo5iXr0").stdin(Stdio::null());
    let done = command.output().expect("the program");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.code() == Some(1) && said.contains("There is no audit log of this version"), "{said}");
    let tables = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = 'audit_log'";
    let tables: i64 = bare.client().await.query_one(tables, &[]).await.unwrap().get(0);
    assert_eq!(tables, 0);
}

#[actix_web::test]
async fn of_an_end_the_log_names_the_revision_that_readers_saw_and_of_a_link_its_article() {
    let stage = Stage::set().await;
    let admin = stage.app.admin().await;
    let story = stage.live("Harbour", json!({})).await;
    stage.editor.patch(story.staff(), json!({ "headline": "Harbours" })).send().await.expect(200);
    stage.editor.patch(story.staff(), json!({ "headline": "Ports" })).send().await.expect(200);
    let at = json!({ "at": "2026-01-07T09:00:00Z", "revision": 2 });
    stage.editor.post(format!("{}/schedule", story.staff()), at).send().await.expect(200);
    stage.editor.post(format!("{}/unschedule", story.staff()), json!({})).send().await.expect(200);
    stage.editor.post(format!("{}/unpublish", story.staff()), json!({})).send().await.expect(200);
    let other = stage.live("Other", json!({})).await;
    stage.editor.patch(other.staff(), json!({ "headline": "Others" })).send().await.expect(200);
    stage.editor.delete(other.staff()).send().await.expect(204);
    let made = stage.editor.post(format!("{}/previews", story.staff()), json!({})).send().await.expect(201);
    stage.editor.delete(made.header("location")).send().await.expect(204);
    let told = async |object: &str, verb: &str| {
        let list = admin.get(format!("/v1/newsroom/audit?object={object}&verb={verb}")).send().await.expect(200);
        assert_eq!(list.at("/data").as_array().map(Vec::len), Some(1), "{verb}: {list}");
        list.at("/data/0/details").clone()
    };
    assert_eq!(told(&story.id, "unscheduled").await["dropped"][0]["revision"], 2);
    assert_eq!(told(&story.id, "unpublished").await["revision"], 1);
    assert_eq!(told(&other.id, "unpublished").await["revision"], 1);
    for verb in ["preview_created", "preview_revoked"] {
        assert_eq!(told(&story.id, verb).await["preview_id"], made.id());
    }
}
