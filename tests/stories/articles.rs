//! Articles: written, changed, put into the trash and taken out again.

use reqwest::Method;

use crate::support::{TestApp, example, json, with};

const ARTICLES: &str = "/v1/newsroom/articles";

#[actix_web::test]
async fn an_article_is_created_read_and_changed() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = editor.drafts("Tokyo and Ottawa Team Up").await;
    assert_eq!(made.header("location"), made.place());
    assert_eq!(made.header("etag"), "\"1\"");
    assert_eq!(made.text_at("/slug"), "tokyo-and-ottawa-team-up");
    assert_eq!(made.text_at("/status"), "draft");
    assert_eq!(made.text_at("/created_by/name"), "editor of the tests");
    let read = editor.get(made.place()).send().await.expect(200);
    assert!(read.json().get("warnings").is_none());
    let patch = json!({ "headline": "Tokyo and Ottawa", "summary": "A week in the mines", "slug": "backbone" });
    let changed = editor.patch(made.place(), patch).if_match("1").send().await.expect(200);
    assert_eq!(changed.header("etag"), "\"2\"");
    assert_eq!(changed.text_at("/headline"), "Tokyo and Ottawa");
    for slug in ["backbone", "tokyo-and-ottawa-team-up"] {
        let found = editor.get(format!("{ARTICLES}/{slug}")).send().await.expect(200);
        assert_eq!(found.id(), made.id());
        assert_eq!(found.text_at("/slug"), "backbone");
    }
    let back = json!({ "slug": "tokyo-and-ottawa-team-up", "summary": null });
    let back = editor.patch(made.place(), back).send().await.expect(200);
    assert_eq!((back.text_at("/slug"), back.text_at("/summary")), ("tokyo-and-ottawa-team-up", ""));
}

#[actix_web::test]
async fn the_documented_example_is_taken_as_it_stands() {
    let app = TestApp::start().await;
    for slug in ["north-asia", "japan", "canada"] {
        app.region(slug, None).await;
    }
    let sean = app.author_named("sean-o-mara", "Sean O’Mara").await;
    let editor = app.editor().await;
    for name in ["Batteries", "Critical minerals", "Supply chains"] {
        editor.post("/v1/newsroom/topics", json!({ "name": name })).send().await.expect(201);
    }
    for headline in [
        "Reliance on Foreign Battery Metals a Risk to EV Makers",
        "Beijing Hits Back Over Minerals Firms’ Exit Order",
        "China May Lift Retirement Age",
    ] {
        editor.drafts(headline).await;
    }
    let picture = app.picture().await;
    let mut article = example("article");
    article["hero"]["media"] = json!(picture);
    let made = editor.post(ARTICLES, article).send().await.expect(201);
    assert_eq!(made.text_at("/primary_region/slug"), "north-asia");
    assert_eq!(made.texts_in("/topics", "/name"), ["Batteries", "Critical minerals", "Supply chains"]);
    assert_eq!(made.text_at("/bylines/0/author/id"), sean);
    assert_eq!(made.text_at("/credit_line"), "Example Wire with additional editing by Sean O’Mara");
    assert_eq!(made.text_at("/hero/media/id"), picture);
    assert_eq!(made.text_at("/external_ids/0/scheme"), "wire");
    assert_eq!(made.texts_in("/related", "/kind"), ["inline", "read_more", "read_more", "read_more"]);
    assert_eq!(made.text_at("/related/1/target/status"), "draft");
    let kinds = made.texts_in("/body/blocks", "/type");
    assert_eq!(kinds.iter().filter(|kind| **kind == "related_link").count(), 1);
    assert_eq!(kinds.iter().filter(|kind| **kind == "paragraph").count(), 5);
}

#[actix_web::test]
async fn warnings_say_what_cleaning_took_out() {
    let app = TestApp::start().await;
    let content = "<p>Words</p><script>alert(1)</script>";
    let article = json!({ "headline": "Clean", "body": { "format": "html", "content": content } });
    let made = app.editor().await.post(ARTICLES, article).send().await.expect(201);
    let warnings = made.texts_in("/warnings", "/detail");
    assert!(warnings.iter().any(|detail| detail.contains("script")), "{warnings:?}");
    assert!(!made.text().contains("alert(1)\""), "{made}");
}

#[actix_web::test]
async fn every_fault_is_told_at_once_and_nothing_is_written() {
    let app = TestApp::start().await;
    let article = json!({
        "headline": "Wrong", "slug": "bulk", "topics": ["Nowhere"], "regions": ["atlantis"], "primary_region": "mu",
        "bylines": [{ "author": "nobody" }], "hero": { "media": "nothing" }, "translation_of": "no-such-story",
    });
    let refused = app.editor().await.post(ARTICLES, article).send().await.expect(422);
    let expected = [
        "/bylines/0/author unknown_author",
        "/hero/media unknown_media",
        "/primary_region unknown_region",
        "/regions/0 unknown_region",
        "/slug slug",
        "/topics/0 unknown_topic",
        "/translation_of unknown_article",
    ];
    assert_eq!(refused.faults(), expected);
    assert_eq!(app.rows("articles").await, 0);
}

#[actix_web::test]
async fn an_article_goes_to_the_trash_and_comes_back() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = editor.drafts("Regretted").await;
    let restore = format!("{}/restore", made.place());
    let early = editor.post(&restore, json!({})).body("", "").send().await;
    assert_eq!(
        early.expect(409).at("/legal"),
        &json!(["edit", "assign", "submit", "publish", "schedule", "embargo", "archive", "delete"])
    );
    editor.delete(made.place()).send().await.expect(204);
    let patched = editor.patch(made.place(), json!({ "headline": "Still here" })).send().await.expect(409);
    assert_eq!((patched.code(), patched.at("/legal")), ("illegal_move", &json!(["restore"])));
    assert_eq!(editor.get(made.place()).send().await.expect(200).text_at("/status"), "trashed");
    let restored = editor.request(Method::POST, &restore).send().await.expect(200);
    assert_eq!((restored.text_at("/status"), restored.at("/deleted_at")), ("draft", &json!(null)));
    assert_eq!(app.rows("article_revisions").await, 3);
}

#[actix_web::test]
async fn contributors_see_their_own_articles_only() {
    let app = TestApp::start().await;
    let (editor, contributor) = (app.editor().await, app.contributor().await);
    let hidden = editor.drafts("Not Yours").await;
    let own = contributor.drafts("Mine").await;
    let nowhere = "/v1/newsroom/articles/0198c0de-7000-7000-8000-00000000ffff";
    let told = |answer: crate::support::Answer| {
        let mut problem = answer.json().clone();
        problem["instance"] = json!("");
        problem["request_id"] = json!("");
        (answer.status(), problem)
    };
    let place = hidden.place();
    for (method, tail) in [
        (Method::GET, ""),
        (Method::GET, "/revisions"),
        (Method::GET, "/revisions/1"),
        (Method::GET, "/related"),
        (Method::GET, "/backlinks"),
        (Method::DELETE, ""),
        (Method::POST, "/restore"),
    ] {
        let seen = contributor.request(method.clone(), format!("{place}{tail}")).send().await.expect(404);
        let absent = contributor.request(method, format!("{nowhere}{tail}")).send().await.expect(404);
        assert_eq!(told(seen), told(absent));
    }
    contributor.patch(&place, json!({ "headline": "Taken over" })).send().await.expect(404);
    contributor.get(format!("{ARTICLES}/not-yours")).send().await.expect(404);
    contributor.patch(own.place(), json!({ "headline": "Mine indeed" })).send().await.expect(200);
    let list = contributor.get(ARTICLES).send().await.expect(200);
    assert_eq!(list.texts_in("/data", "/headline"), ["Mine indeed"]);
    editor.get(own.place()).send().await.expect(200);
}

#[actix_web::test]
async fn a_change_says_which_version_it_was_made_from() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = editor.drafts("Versions").await;
    let patch = |headline: &str| editor.patch(made.place(), json!({ "headline": headline }));
    patch("No condition").without_condition().send().await.expect(428);
    patch("Two").if_match("1").send().await.expect(200);
    let stale = patch("Three").if_match("1").send().await.expect(412);
    assert_eq!(stale.at("/current/version"), 2);
    assert_eq!(stale.text_at("/current/updated_by/name"), "editor of the tests");
    assert_eq!(stale.text_at("/current/updated_at"), "2026-01-05T08:00:00.000Z");
    patch("Weak").if_match("W/\"2\"").send().await.expect(412);
    patch("Nonsense").if_match("two").send().await.expect(400);
    patch("One of many").if_match("\"1\", \"2\"").send().await.expect(200);
    patch("Whatever is there").if_match("*").send().await.expect(200);
    assert_eq!(editor.get(made.place()).send().await.expect(200).header("etag"), "\"4\"");
}

#[actix_web::test]
async fn of_sixteen_that_ask_for_one_slug_at_once_one_gets_it() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let article = json!({ "headline": "One of sixteen", "slug": "the-one" });
    let all = (0..16).map(|_| editor.post(ARTICLES, article.clone()).send());
    let mut statuses: Vec<u16> =
        futures_util::future::join_all(all).await.iter().map(crate::support::Answer::status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![201], vec![409; 15]].concat());
    assert_eq!((app.rows("articles").await, app.rows("slugs").await), (1, 1));
}

#[actix_web::test]
async fn articles_of_one_headline_get_numbered_slugs_even_at_once() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let article = json!({ "headline": "Morning briefing" });
    let all = (0..40).map(|_| editor.post(ARTICLES, article.clone()).send());
    let answers = futures_util::future::join_all(all).await;
    let mut slugs: Vec<String> =
        answers.into_iter().map(|answer| answer.expect(201).text_at("/slug").to_owned()).collect();
    slugs.sort();
    slugs.dedup();
    assert_eq!(slugs.len(), 40);
    assert!(slugs.contains(&"morning-briefing".to_owned()) && slugs.contains(&"morning-briefing-2".to_owned()));
}

#[actix_web::test]
async fn sixteen_clients_post_without_error_or_gap() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let most = std::env::var_os("TEST_POSTS").and_then(|most| most.to_str()?.parse().ok());
    let each = most.unwrap_or(160_usize).div_ceil(16);
    // As long as the articles of the demo.
    let paragraph = "<p>The ferry left at six with eleven passengers, a piano and the mail of three islands.</p>";
    let body = json!({ "format": "html", "content": paragraph.repeat(40) });
    let client = async |client: usize| {
        for n in 0..each {
            let headline = format!("Story {n} of client {}", client % 4);
            editor.post(ARTICLES, json!({ "headline": headline, "body": body })).send().await.expect(201);
        }
    };
    futures_util::future::join_all((0..16).map(client)).await;
    let posted = i64::try_from(each * 16).expect("a number of articles");
    for table in ["articles", "slugs", "article_revisions", "outbox", "audit_log"] {
        assert_eq!(app.rows(table).await, posted, "{table}");
    }
}

#[actix_web::test]
async fn fifty_repeats_of_one_request_make_one_article() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let article = json!({ "headline": "Once only" });
    let all = (0..50).map(|_| editor.post(ARTICLES, article.clone()).key("wire-1").send());
    let answers = futures_util::future::join_all(all).await;
    for answer in &answers {
        assert!([201, 409].contains(&answer.status()), "{answer}");
    }
    assert_eq!(app.rows("articles").await, 1);
    let again = editor.post(ARTICLES, article.clone()).key("wire-1").send().await.expect(201);
    assert_eq!(again.header("idempotency-replayed"), "true");
    let other = with(article, json!({ "headline": "Another" }));
    let reused = editor.post(ARTICLES, other).key("wire-1").send().await.expect(422);
    assert_eq!(reused.code(), "key_reused");
}
