//! The newsroom that Dateline brings along: what is live in it can be read, what is not cannot, and every link leads
//! somewhere.

use std::time::Instant;

use dateline::demo::{self, Loaded};
use dateline::store::Database;
use serde_json::Value;

use crate::support::TestApp;

/// An application with the demo in it, and what came of loading.
async fn newsroom() -> (TestApp, Loaded) {
    let app = TestApp::start().await;
    let loaded = load(&app).await;
    (app, loaded)
}

async fn load(app: &TestApp) -> Loaded {
    let database = Database::new(app.database_url(), 1).expect("a pool");
    let clock = &app.shared().clock;
    demo::load(&database, "https://news.example.org", "$argon2id$unusable", clock, |_, _| ()).await.expect("the demo")
}

/// Slug of every article, and whether it is live.
async fn articles(app: &TestApp) -> Vec<(String, bool)> {
    let now = app.now().to_rfc3339();
    let query = "SELECT slug, EXISTS (SELECT 1 FROM publications WHERE article_id = articles.id \
         AND live_from <= $1::text::timestamptz AND (live_until IS NULL OR live_until > $1::text::timestamptz)) \
         FROM articles";
    let rows = app.database().await.query(query, &[&now]).await.expect("articles");
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// Values of `href` that are paths, anywhere in a document.
fn paths_in(value: &Value, paths: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            let quoted = text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
            paths.extend(quoted.filter(|href| href.starts_with('/')).map(str::to_owned));
        }
        Value::Array(items) => items.iter().for_each(|item| paths_in(item, paths)),
        Value::Object(members) => members.values().for_each(|member| paths_in(member, paths)),
        _ => {}
    }
}

#[actix_web::test]
async fn the_demo_is_loaded_once_and_quickly() {
    let app = TestApp::start().await;
    let begun = Instant::now();
    let loaded = load(&app).await;
    eprintln!("the demo was loaded in {:?}", begun.elapsed());
    assert_eq!(loaded.unexpected, Vec::<String>::new());
    assert_eq!(loaded.articles, articles(&app).await.len());
    let count = "SELECT (SELECT count(*) FROM article_revisions) + (SELECT count(*) FROM users) \
         + (SELECT count(*) FROM media) + (SELECT count(*) FROM regions)";
    let database = app.database().await;
    let before: i64 = database.query_one(count, &[]).await.expect("a count").get(0);
    assert_eq!(load(&app).await, Loaded::default());
    let after: i64 = database.query_one(count, &[]).await.expect("a count").get(0);
    assert_eq!(after, before);
}

#[actix_web::test]
async fn what_is_live_in_the_demo_can_be_read_and_nothing_else() {
    let (app, loaded) = newsroom().await;
    let articles = articles(&app).await;
    let live = articles.iter().filter(|(_, live)| *live).count();
    assert!(live >= 30 && loaded.articles - live >= 9, "{live} of {} are live", loaded.articles);
    for (slug, live) in articles {
        app.reader().get(format!("/v1/articles/{slug}")).send().await.expect(if live { 200 } else { 404 });
    }
}

#[actix_web::test]
async fn every_section_of_the_demo_has_articles_and_every_author_wrote_some() {
    let (app, _) = newsroom().await;
    for section in [
        "north-asia",
        "southeast-asia",
        "south-asia",
        "europe",
        "middle-east",
        "africa",
        "north-america",
        "latin-america",
    ] {
        let page = app.reader().get("/v1/articles").query(&[("region", section)]).send().await.expect(200);
        assert!(page.at("/data").as_array().is_some_and(|cards| cards.len() >= 3), "{section}: {page}");
    }
    let authors = app.reader().get("/v1/authors").send().await.expect(200);
    let authors = authors.at("/data").as_array().expect("authors").clone();
    assert_eq!(authors.len(), 6);
    for author in authors {
        let slug = author["slug"].as_str().expect("a slug");
        let page = app.reader().get("/v1/articles").query(&[("author", slug)]).send().await.expect(200);
        assert!(page.at("/data").as_array().is_some_and(|cards| cards.len() >= 3), "{slug}: {page}");
    }
}

#[actix_web::test]
async fn every_path_in_the_bodies_of_the_demo_leads_somewhere() {
    let (app, _) = newsroom().await;
    let mut paths = Vec::new();
    for (slug, _) in articles(&app).await.into_iter().filter(|(_, live)| *live) {
        let article = app.reader().get(format!("/v1/articles/{slug}")).send().await.expect(200);
        paths_in(article.at("/body"), &mut paths);
    }
    paths.sort();
    paths.dedup();
    assert!(paths.len() >= 6, "{paths:?}");
    for path in paths {
        app.reader().get("/v1/resolve").query(&[("path", &path)]).send().await.expect(200);
    }
}

#[actix_web::test]
async fn scheduled_articles_of_the_demo_appear_and_end_at_their_time() {
    let (app, _) = newsroom().await;
    let brief = "/v1/articles/baltic-cable-sings-again";
    app.reader().get(brief).send().await.expect(404);
    app.set_clock("2026-01-06T02:00:00Z");
    app.reader().get(brief).send().await.expect(200);
    app.set_clock("2026-01-11T08:00:00Z");
    app.reader().get(brief).send().await.expect(404);
}

#[actix_web::test]
async fn the_tour_of_the_demo_shows_what_an_article_can_have() {
    let (app, _) = newsroom().await;
    let tour = app.reader().get(format!("/v1/articles/{}", demo::TOUR_SLUG)).send().await.expect(200);
    assert_eq!(tour.at("/primary_region/slug"), "north-asia");
    assert_eq!(tour.at("/credit_line"), "Example Wire with additional editing by Niamh O’Rourke");
    assert_eq!(tour.at("/bylines/0/author/slug"), "niamh-orourke");
    assert_eq!(tour.at("/modified_at"), &Value::Null);
    let related = tour.at("/related").as_array().expect("links");
    let kinds: Vec<&str> = related.iter().filter_map(|link| link["kind"].as_str()).collect();
    // "Read more" has a fourth one, which leads to a draft.
    assert_eq!(kinds, ["inline", "read_more", "read_more", "read_more"]);
    let corrected = app.reader().get("/v1/articles/sails-for-the-lakers").send().await.expect(200);
    assert_ne!(corrected.at("/modified_at"), &Value::Null);
    let touched = app.reader().get("/v1/articles/mekong-ferries-go-quiet").send().await.expect(200);
    assert_eq!(touched.at("/modified_at"), &Value::Null);
}
