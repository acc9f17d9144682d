//! The examples of the document are true: the program takes each request, and answers what the others show. Run with
//! `UPDATE_EXAMPLES=1` to write down what it answers now; then build again, because the document contains them.

use std::ffi::OsStr;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::support::people::ME;
use crate::support::{Answer, Stage, Story, TestApp, example, in_package, with};

/// What would open a door, or changes with every run.
const SECRETS: [(&str, &str); 6] = [
    ("access_token", "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.eyJzdWIiOiIwMTk4YzBkZSJ9.c2lnbmF0dXJl"),
    ("refresh_token", "dateline_refresh_N2Fm0v2LwqXz1pQ4aYbGkR8sT5uVcHdJeKfLgMhNiOj4R1x"),
    ("token", "dateline_N2Fm0v2LwqXz1pQ4aYbGkR8sT5uVcHdJeKfLgMhNiOj4R1x"),
    ("prefix", "dateline_N2Fm0v"),
    ("hash", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
    ("next_cursor", "AXsiayI6IjIwMjYtMDEtMDVUMDk6MDA6MDBaIn0"),
];

/// What opens a draft begins so.
const PREVIEW: &str = "dateline_preview_";

/// The newsroom in which the examples hold, made of examples where there are some.
async fn newsroom() -> (Stage, Story) {
    let stage = Stage::set().await;
    let admin = stage.app.admin().await;
    stage.region("japan", "Japan", "country", Some("asia")).await;
    stage.region("south-korea", "South Korea", "country", Some("asia")).await;
    stage.region("taiwan", "Taiwan", "country", Some("asia")).await;
    stage.region("canada", "Canada", "country", None).await;
    for (nouns, new) in [
        ("regions", "region-create"),
        ("authors", "author-create"),
        ("media", "media-create"),
        ("topics", "topic-create"),
    ] {
        admin.post(format!("/v1/newsroom/{nouns}"), example(new)).send().await.expect(201);
    }
    for topic in ["Batteries", "Supply chains", "Ferries"] {
        stage.editor.post("/v1/newsroom/topics", json!({ "name": topic })).send().await.expect(201);
    }
    let section = |slug: &str| json!({ "slug": slug, "primary_region": "north-asia", "topics": ["Critical minerals"] });
    for (minute, headline, slug) in [
        (10, "China May Lift Retirement Age", "china-may-lift-retirement-age"),
        (20, "Beijing Hits Back Over Minerals Firm’s Exit Order", "beijing-hits-back-over-minerals-firms-exit-order"),
        (
            30,
            "Reliance on Foreign Battery Metals a Risk to EV Makers",
            "reliance-on-foreign-battery-metals-a-risk-to-ev-makers",
        ),
    ] {
        stage.app.set_clock(&format!("2026-01-05T08:{minute}:00Z"));
        stage.live(headline, section(slug)).await;
    }
    stage.app.set_clock("2026-01-05T09:00:00Z");
    let made = stage.editor.post("/v1/newsroom/articles", example("article")).send().await.expect(201);
    hold("staff-article", &made);
    let story = Story { id: made.id(), slug: made.text_at("/slug").to_owned() };
    stage.publish(&story, example("publish-now")).await;
    (stage, story)
}

#[actix_web::test]
async fn the_public_reads_what_the_examples_show() {
    let (stage, story) = newsroom().await;
    hold("article-page", &stage.read(&story.public()).await);
    hold("article-card-list", &stage.read("/v1/articles?limit=2&include_total=true").await);
    hold("article-page-bundle", &stage.read(&format!("/v1/pages/article/{}", story.slug)).await);
    hold("region-page-bundle", &stage.read("/v1/pages/region/north-asia").await);
    hold("region-tree", &stage.read("/v1/regions/tree").await);
    hold("related-link-list", &stage.read(&format!("{}/related", story.public())).await);
    let address = format!("/v1/resolve?path=/north-asia/{}", story.slug);
    for (name, path) in [
        ("author", "/v1/authors/sean-o-mara"),
        ("author-list", "/v1/authors?limit=2"),
        ("media", "/v1/media/mine-worker"),
        ("media-list", "/v1/media?limit=2"),
        ("region", "/v1/regions/north-asia"),
        ("region-list", "/v1/regions?limit=2"),
        ("topic", "/v1/topics/critical-minerals"),
        ("topic-list", "/v1/topics?limit=2"),
        ("place", address.as_str()),
        ("key-set", "/.well-known/jwks.json"),
        ("health", "/healthz"),
    ] {
        hold(name, &stage.read(path).await);
    }
    hold("problem-404", &stage.reader.get("/v1/articles/no-such-story").send().await.expect(404));
    stage.editor.patch(story.staff(), example("article-patch")).send().await.expect(200);
    let correct = format!("{}/correct", story.staff());
    stage.editor.post(correct, example("correction-plan")).send().await.expect(200);
    hold("correction-list", &stage.read("/v1/corrections").await);
    stage.editor.post(format!("{}/kill", story.staff()), example("kill-plan")).send().await.expect(200);
    hold("staff-article-killed", &stage.editor.get(story.staff()).send().await.expect(200));
    hold("problem-410", &stage.reader.get(story.public()).send().await.expect(410));
    let by_law = json!({ "reason": "A court has forbidden this article.", "legal": true });
    stage.editor.post(format!("{}/kill", story.staff()), by_law).send().await.expect(200);
    hold("problem-451", &stage.reader.get(story.public()).send().await.expect(451));
    let reinstate = format!("{}/reinstate", story.staff());
    stage.app.admin().await.post(reinstate, example("reinstate-plan")).send().await.expect(200);
    hold("problem-400", &stage.reader.get("/v1/articles?regoin=japan").send().await.expect(400));
}

#[actix_web::test]
async fn the_newsroom_takes_the_examples_and_answers_what_they_show() {
    let (stage, story) = newsroom().await;
    let (admin, editor) = (stage.app.admin().await, &stage.editor);
    hold("staff-article-live", &editor.get(story.staff()).send().await.expect(200));
    let log = format!("/v1/newsroom/audit?object={}&limit=2", story.id);
    hold("audit-entry-list", &admin.get(log).send().await.expect(200));
    let short = editor.post("/v1/newsroom/articles", example("short-article")).send().await.expect(201);
    let place = format!("/v1/newsroom/articles/{}", short.id());
    editor.post(format!("{place}/publish"), example("publish-plan")).send().await.expect(200);
    editor.post(format!("{place}/unpublish"), example("unpublish-now")).send().await.expect(200);
    let preview = editor.post(format!("{place}/previews"), example("preview-create")).send().await.expect(201);
    hold("staff-preview-created", &preview);
    hold("staff-preview-list", &editor.get(format!("{place}/previews")).send().await.expect(200));
    hold("staff-preview", &editor.get(format!("{place}/previews/{}", preview.id())).send().await.expect(200));
    let many = editor.post("/v1/newsroom/articles/bulk", example("article-import-request")).send().await.expect(200);
    hold("article-import", &many);
    let related = format!("{place}/related");
    hold("staff-link", &editor.post(&related, example("link-create")).send().await.expect(201));
    let links = editor.put(&related, example("link-replacement")).send().await.expect(200);
    hold("staff-link-list", &links);
    let first = format!("{related}/{}", links.text_at("/data/0/id"));
    editor.patch(first, example("link-patch")).send().await.expect(200);
    let target = links.text_at("/data/0/target_id");
    let backlinks = editor.get(format!("/v1/newsroom/articles/{target}/backlinks")).send().await;
    hold("backlink-list", &backlinks.expect(200));
    editor.patch(story.staff(), example("article-patch")).send().await.expect(200);
    let history = format!("{}/revisions", story.staff());
    hold("staff-revision-list", &editor.get(&history).send().await.expect(200));
    hold("staff-revision", &editor.get(format!("{history}/1")).send().await.expect(200));
    hold("staff-revision-diff", &editor.get(format!("{history}/1/diff/2")).send().await.expect(200));
    editor.post(format!("{}/merge", story.staff()), example("article-merge")).send().await.expect(200);
    let presence = editor.put(format!("{}/presence", story.staff()), example("presence-claim")).send().await;
    hold("staff-presence", &presence.expect(200));
    editor.post(format!("{history}/1/restore"), example("restore-plan")).send().await.expect(200);
    editor.patch(story.staff(), example("article-patch")).send().await.expect(200);
    hold("staff-article-list", &editor.get("/v1/newsroom/articles?limit=2").send().await.expect(200));
    let stale = editor.patch(story.staff(), example("article-patch")).if_match("1").send().await.expect(412);
    hold("problem-412", &stale);
    let verb = |verb: &str, body: &str| editor.post(format!("{}/{verb}", story.staff()), example(body));
    verb("assign", "assignment").send().await.expect(200);
    verb("submit", "stage-move").send().await.expect(200);
    hold("problem-409-illegal-move", &verb("submit", "stage-move").send().await.expect(409));
    let scheduled = verb("schedule", "schedule-plan").send().await.expect(200);
    hold("staff-article-scheduled", &scheduled);
    let later = with(example("reschedule-plan"), json!({ "period": scheduled.at("/live/1/id") }));
    editor.post(format!("{}/reschedule", story.staff()), later).send().await.expect(200);
    let planned = editor.get("/v1/newsroom/schedule?to=2037-01-01T00:00:00Z").send().await.expect(200);
    hold("schedule-entry-list", &planned);
    editor.post(format!("{place}/embargo"), example("embargo-plan")).send().await.expect(200);
    let published = editor.post(format!("{place}/publish"), example("publish-now"));
    hold("problem-409-embargoed", &published.send().await.expect(409));
    let late = json!({ "until": "2037-01-01T00:00:00Z" });
    let planned = editor.post(format!("{}/embargo", story.staff()), late).send().await.expect(409);
    hold("problem-409-embargoed-plan", &planned);
    verb("unschedule", "unschedule-all").send().await.expect(200);
    let wrong = json!({ "headline": "", "sumary": "Three islands have a timetable again" });
    hold("problem-422", &editor.post("/v1/newsroom/articles", wrong).send().await.expect(422));
}

#[actix_web::test]
async fn what_stands_against_a_write_is_what_the_examples_show() {
    let (stage, story) = newsroom().await;
    let (admin, editor, other) = (stage.app.admin().await, &stage.editor, stage.app.editor().await);
    let presence = format!("{}/presence", story.staff());
    editor.put(&presence, example("presence-claim")).send().await.expect(200);
    hold("problem-409-being-edited", &other.put(&presence, example("presence-claim")).send().await.expect(409));
    editor.patch(story.staff(), example("article-patch")).send().await.expect(200);
    let clash = json!({ "base_version": 1, "patch": { "headline": "Another Headline" } });
    let clashes = editor.post(format!("{}/merge", story.staff()), clash).send().await.expect(409);
    hold("problem-409-merge-conflict", &clashes);
    let placed = admin.put(format!("{}/legal-hold", story.staff()), example("legal-hold-placement"));
    hold("staff-legal-hold", &placed.send().await.expect(200));
    hold("problem-409-legal-hold", &editor.delete(story.staff()).send().await.expect(409));
    let taken = json!({ "headline": "Another", "slug": story.slug });
    hold("problem-409-conflict", &editor.post("/v1/newsroom/articles", taken).send().await.expect(409));
    let topics = editor.get("/v1/newsroom/topics?q=critical").send().await.expect(200);
    let used = editor.delete(format!("/v1/newsroom/topics/{}", topics.text_at("/data/0/id")));
    hold("problem-409-in-use", &used.send().await.expect(409));
    hold("problem-409-in-flight", &editor.sends_twice_at_once().await.expect(409));
    let app = TestApp::start().await;
    let last = app.user("admin", "aiko.mori@example.org").await;
    let place = format!("/v1/newsroom/users/{}", last.id());
    let suspended = app.admin().await.patch(place, json!({ "state": "suspended" }));
    hold("problem-409-last-admin", &suspended.send().await.expect(409));
}

#[actix_web::test]
async fn who_signs_in_sends_the_examples_and_is_answered_what_they_show() {
    let (stage, _) = newsroom().await;
    let admin = stage.app.admin().await;
    let (users, tokens) = ("/v1/newsroom/users", "/v1/newsroom/tokens");
    let user = admin.post(users, example("user-create")).send().await.expect(201);
    hold("staff-user", &user);
    admin.patch(format!("{users}/{}", user.id()), example("user-patch")).send().await.expect(200);
    hold("staff-user-list", &admin.get(format!("{users}?q=aiko")).send().await.expect(200));
    let form = example("token-form");
    let fields = form.as_object().expect("a form").iter();
    let fields: Vec<(&str, &str)> =
        fields.map(|(name, value)| (name.as_str(), value.as_str().expect("a text"))).collect();
    let signed_in = stage.app.asks_for_tokens(&fields).send().await.expect(200);
    hold("access-tokens", &signed_in);
    let own = signed_in.access();
    hold("me", &stage.app.me(own).send().await.expect(200));
    stage.reader.patch(ME, example("me-patch")).bearer(own).send().await.expect(200);
    stage.reader.post("/v1/auth/password", example("password-change")).bearer(own).send().await.expect(200);
    let token = admin.post(tokens, example("token-create")).send().await.expect(201);
    hold("staff-token-created", &token);
    hold("staff-token", &admin.get(format!("{tokens}/{}", token.id())).send().await.expect(200));
    hold("staff-token-list", &admin.get(tokens).send().await.expect(200));
}

#[actix_web::test]
async fn what_articles_name_is_what_the_examples_show() {
    let (stage, _) = newsroom().await;
    let admin = stage.app.admin().await;
    stage.author("s-o-mara", "S. O’Mara").await;
    admin.post("/v1/newsroom/topics", json!({ "name": "Critical metals" })).send().await.expect(201);
    for (nouns, slug, patch, one, list) in [
        ("authors", "sean-o-mara", "author-patch", "staff-author", "staff-author-list"),
        ("media", "mine-worker", "media-patch", "staff-media", "staff-media-list"),
        ("regions", "north-asia", "region-patch", "staff-region", "staff-region-list"),
        ("topics", "critical-minerals", "topic-patch", "staff-topic", "staff-topic-list"),
    ] {
        let place = format!("/v1/newsroom/{nouns}");
        let id = stage.read(&format!("/v1/{nouns}/{slug}")).await.id();
        hold(one, &admin.patch(format!("{place}/{id}"), example(patch)).send().await.expect(200));
        hold(list, &admin.get(format!("{place}?limit=2")).send().await.expect(200));
        let merge = match nouns {
            "authors" => "author-merge",
            "topics" => "topic-merge",
            _ => continue,
        };
        admin.post(format!("{place}/{id}/merge"), example(merge)).send().await.expect(200);
    }
    let section = stage.read("/v1/regions/north-asia").await.id();
    let members = format!("/v1/newsroom/regions/{section}/members");
    admin.put(members, example("region-members")).send().await.expect(200);
    hold("staff-region-tree", &admin.get("/v1/newsroom/regions/tree").send().await.expect(200));
}

/// Each example is sent or held here, and is part of the document.
#[test]
fn no_example_is_only_written_down() {
    let read = |path: &str| std::fs::read_to_string(in_package(path)).expect("a source");
    let sources = [read("tests/guards/examples.rs"), read("src/http/docs_examples.rs")];
    for entry in std::fs::read_dir(in_package("openapi/examples")).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = format!("\"{}\"", path.file_stem().and_then(OsStr::to_str).expect("a name"));
        assert!(sources.iter().all(|source| source.contains(&name)), "{name} is not sent, not held or not shown");
    }
}

/// Holds an answer against its example: the same members, however deep, of the same kinds.
#[track_caller]
fn hold(name: &str, answer: &Answer) {
    let shown = settled(answer.json());
    let path = in_package(&format!("openapi/examples/{name}.json"));
    if std::env::var_os("UPDATE_EXAMPLES").is_some() {
        std::fs::write(&path, format!("{shown:#}\n")).expect("a written example");
    }
    let (ours, theirs) = (shape(&example(name)), shape(&shown));
    assert!(ours == theirs, "{} shows\n{ours:#}\nbut the answer is\n{theirs:#}", path.display());
}

/// The answer with ids that are the same in every run, and without what is secret.
fn settled(answer: &Value) -> Value {
    let mut known: Vec<String> = Vec::new();
    let text = answer.to_string();
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(next) = rest.chars().next() {
        let id = rest.get(..36).filter(|id| Uuid::try_parse(id).is_ok());
        let Some(id) = id else {
            out.push(next);
            rest = &rest[next.len_utf8()..];
            continue;
        };
        let number = known.iter().position(|earlier| earlier == id).unwrap_or_else(|| {
            known.push(id.to_owned());
            known.len() - 1
        });
        let id = format!("0198c0de-7000-7000-8000-{:012}", number + 1);
        out.push_str(&id);
        rest = &rest[36..];
    }
    let mut settled = serde_json::from_str(&out).expect("the same JSON");
    hide(&mut settled);
    settled
}

fn hide(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, text) in SECRETS {
                let hides = |value: &Value| value.as_str().is_some_and(|text| !text.contains(PREVIEW));
                if members.get(name).is_some_and(hides) {
                    members.insert(name.to_owned(), json!(text));
                }
            }
            members.values_mut().for_each(hide);
        }
        Value::Array(items) => items.iter_mut().for_each(hide),
        Value::String(text) => {
            if let Some((before, _)) = text.split_once(PREVIEW) {
                *text = format!("{before}{PREVIEW}{}", "AZjA3nAAcACAAAAAAAAIAQAAAZuNdKAA".repeat(2));
            }
        }
        _ => (),
    }
}

/// The names of all members and the kinds of their values; of a list each kind of item once.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, member)| (name.clone(), shape(member))).collect::<Map<_, _>>())
        }
        Value::Array(items) => {
            let mut kinds: Vec<Value> = items.iter().map(shape).collect();
            kinds.sort_by_key(Value::to_string);
            kinds.dedup();
            Value::Array(kinds)
        }
        Value::Null => json!("null"),
        Value::Bool(_) => json!("boolean"),
        Value::Number(_) => json!("number"),
        Value::String(_) => json!("string"),
    }
}

#[test]
fn a_member_that_came_or_went_is_seen() {
    let before = json!({ "data": [{ "id": "a", "hero": null }] });
    assert_eq!(shape(&before), shape(&json!({ "data": [{ "id": "b", "hero": null }, { "id": "c", "hero": null }] })));
    assert_ne!(shape(&before), shape(&json!({ "data": [{ "id": "b" }] })));
    assert_ne!(shape(&before), shape(&json!({ "data": [{ "id": "b", "hero": {} }] })));
}
