//! The examples of the document are true: the program takes each request, and answers what the others show. Run with
//! `UPDATE_EXAMPLES=1` to write down what it answers now; then build again, because the document contains them.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::support::people::{FORM, PASSWORD, TOKEN};
use crate::support::{Answer, Stage, Story, TestApp, example, in_package};

/// What would open a door, or changes with every run.
const SECRETS: [(&str, &str); 4] = [
    ("access_token", "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.eyJzdWIiOiIwMTk4YzBkZSJ9.c2lnbmF0dXJl"),
    ("refresh_token", "dateline_refresh_N2Fm0v2LwqXz1pQ4aYbGkR8sT5uVcHdJeKfLgMhNiOj4R1x"),
    ("token", "dateline_N2Fm0v2LwqXz1pQ4aYbGkR8sT5uVcHdJeKfLgMhNiOj4R1x"),
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
    for (path, name) in [("regions", "region"), ("authors", "author"), ("media", "media"), ("topics", "topic")] {
        let new = example(&format!("{name}-create"));
        admin.post(format!("/v1/newsroom/{path}"), new).send().await.expect(201);
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
    hold("problem-400", &stage.reader.get("/v1/articles?regoin=japan").send().await.expect(400));
}

#[actix_web::test]
async fn the_newsroom_takes_the_examples_and_answers_what_they_show() {
    let (stage, story) = newsroom().await;
    let (admin, editor) = (stage.app.admin().await, &stage.editor);
    hold("staff-article-live", &editor.get(story.staff()).send().await.expect(200));
    admin.post("/v1/newsroom/users", example("user-create")).send().await.expect(201);
    let form = [("grant_type", "password"), ("username", "aiko.mori@example.org"), ("password", PASSWORD)];
    let mut text = url::form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(form);
    let signed_in = stage.reader.request(reqwest::Method::POST, TOKEN).body(FORM, text.finish());
    hold("access-tokens", &signed_in.send().await.expect(200));
    hold("staff-token-created", &admin.post("/v1/newsroom/tokens", example("token-create")).send().await.expect(201));
    let short = editor.post("/v1/newsroom/articles", example("short-article")).send().await.expect(201);
    let place = format!("/v1/newsroom/articles/{}", short.id());
    editor.post(format!("{place}/publish"), example("publish-plan")).send().await.expect(200);
    editor.post(format!("{place}/unpublish"), example("unpublish-now")).send().await.expect(200);
    let preview = editor.post(format!("{place}/previews"), example("preview-create")).send().await.expect(201);
    hold("staff-preview-created", &preview);
    let many = editor.post("/v1/newsroom/articles/bulk", example("article-import-request")).send().await.expect(200);
    hold("article-import", &many);
    editor.post(format!("{place}/related"), example("link-create")).send().await.expect(201);
    editor.put(format!("{place}/related"), example("link-replacement")).send().await.expect(200);
    editor.patch(story.staff(), example("article-patch")).send().await.expect(200);
    let history = format!("{}/revisions", story.staff());
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
    verb("submit", "stage-move").send().await.expect(200);
    hold("problem-409-illegal-move", &verb("submit", "stage-move").send().await.expect(409));
    hold("staff-article-scheduled", &verb("schedule", "schedule-plan").send().await.expect(200));
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
    let hold_it = json!({ "reason": "Example v. Example Press, see file 12" });
    admin.put(format!("{}/legal-hold", story.staff()), hold_it).send().await.expect(200);
    hold("problem-409-legal-hold", &editor.delete(story.staff()).send().await.expect(409));
    let taken = json!({ "headline": "Another", "slug": story.slug });
    hold("problem-409-conflict", &editor.post("/v1/newsroom/articles", taken).send().await.expect(409));
    let topics = editor.get("/v1/newsroom/topics?q=critical").send().await.expect(200);
    let used = editor.delete(format!("/v1/newsroom/topics/{}", topics.text_at("/data/0/id")));
    hold("problem-409-in-use", &used.send().await.expect(409));
    let app = TestApp::start().await;
    let last = app.user("admin", "aiko.mori@example.org").await;
    let place = format!("/v1/newsroom/users/{}", last.id());
    let suspended = app.admin().await.patch(place, json!({ "state": "suspended" }));
    hold("problem-409-last-admin", &suspended.send().await.expect(409));
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
