//! Lists of articles in public: what they are filtered by, and what surrounds them.

use dateline::rules::tag::tag;

use crate::support::{Stage, json};

#[actix_web::test]
async fn a_region_lists_what_stands_below_it_too() {
    let stage = Stage::set().await;
    stage.region("north-asia", "North Asia", "editorial", Some("asia")).await;
    stage.region("japan", "Japan", "country", Some("north-asia")).await;
    stage.region("europe", "Europe", "editorial", None).await;
    stage.live("In Japan", json!({ "primary_region": "japan" })).await;
    stage.app.set_clock("2026-01-05T08:01:00Z");
    stage.live("In Asia", json!({})).await;
    stage.app.set_clock("2026-01-05T08:02:00Z");
    stage.live("In Japan and Europe", json!({ "primary_region": "europe", "regions": ["japan"] })).await;

    assert_eq!(stage.headlines("?region=asia").await, ["In Japan and Europe", "In Asia", "In Japan"]);
    assert_eq!(stage.headlines("?region=asia&region_exact=true").await, ["In Asia"]);
    assert_eq!(stage.headlines("?region=japan,europe").await, ["In Japan and Europe", "In Japan"]);
    assert_eq!(stage.headlines("?region_all=asia,europe").await, ["In Japan and Europe"]);
    assert_eq!(stage.headlines("?region=asia&region_not=europe").await, ["In Asia", "In Japan"]);
    assert_eq!(stage.headlines("?region=north-asia&sort=published_at").await, ["In Japan", "In Japan and Europe"]);
}

#[actix_web::test]
async fn every_filter_holds_and_all_hold_together() {
    let stage = Stage::set().await;
    stage.author("kenji-ito", "Kenji Ito").await;
    stage.author("mara-lind", "Mara Lind").await;
    let wire = json!([{ "name": "Example Wire", "role": "wire" }]);
    let kenji = json!([{ "author": "kenji-ito" }, { "author": "kenji-ito", "role": "photo" }]);
    stage.editor.post("/v1/newsroom/topics", json!({ "name": "Rails" })).send().await.expect(201);
    stage.live("First", json!({ "bylines": kenji, "sources": wire })).await;
    stage.app.set_clock("2026-01-05T09:00:00Z");
    stage
        .live("Second", json!({ "bylines": [{ "author": "mara-lind" }], "type": "opinion", "topics": ["rails"] }))
        .await;
    stage.app.set_clock("2026-01-05T10:00:00Z");
    stage.live("Third", json!({ "bylines": kenji, "language": "ja", "topics": ["rails"] })).await;

    assert_eq!(stage.headlines("?author=kenji-ito").await, ["Third", "First"]);
    assert_eq!(stage.headlines("?author=kenji-ito,mara-lind").await, ["Third", "Second", "First"]);
    assert_eq!(stage.headlines("?topic=rails").await, ["Third", "Second"]);
    assert_eq!(stage.headlines("?topic=rails&author=mara-lind").await, ["Second"]);
    assert_eq!(stage.headlines("?type=opinion,analysis").await, ["Second"]);
    assert_eq!(stage.headlines("?language=ja").await, ["Third"]);
    assert_eq!(stage.headlines("?source=Example%20Wire").await, ["First"]);
    assert_eq!(stage.headlines("?published_after=2026-01-05T09:00:00Z").await, ["Third", "Second"]);
    assert_eq!(stage.headlines("?published_before=2026-01-05T09:00:00Z").await, ["First"]);
    assert_eq!(
        stage.headlines("?updated_after=2026-01-05T09:00:00Z&updated_before=2026-01-05T10:00:00Z").await,
        ["Second"]
    );
    assert_eq!(stage.headlines("?region=asia&author=kenji-ito&language=ja&topic=rails&type=news").await, ["Third"]);
}

#[actix_web::test]
async fn what_names_nothing_is_refused_by_name() {
    let stage = Stage::set().await;
    let get = async |query: &str| stage.reader.get(format!("/v1/articles{query}")).send().await.expect(400).faults();
    for odd in ["EN", "!!", "e", "en,EN", "en-", "en_GB", "en-a", "english", "en-GB-x1-y2-z3"] {
        assert_eq!(get(&format!("?language={odd}")).await, ["language invalid_value"], "{odd}");
        let staff = stage.editor.get(format!("/v1/newsroom/articles?language={odd}")).send().await.expect(400);
        assert_eq!(staff.faults(), ["language invalid_value"], "{odd}");
    }
    for fine in ["en", "pt-BR", "zh-Hant,en-GB-oxendict"] {
        stage.read(&format!("/v1/articles?language={fine}")).await;
        stage.editor.get(format!("/v1/newsroom/articles?language={fine}")).send().await.expect(200);
    }
    assert_eq!(get("?region=atlantis").await, ["region unknown_region"]);
    assert_eq!(get("?region_not=atlantis&author=nobody").await, ["author unknown_author", "region_not unknown_region"]);
    assert_eq!(get("?topic=0198c0de-7000-7000-8000-000000000001").await, ["topic unknown_topic"]);
    assert_eq!(get("?sort=password_hash").await, ["sort unknown_value"]);
    assert_eq!(get("?sort=relevance").await, ["sort incomplete"]);
    assert_eq!(get("?region_exact=true").await, ["region_exact incomplete"]);
    assert_eq!(get("?type=secret").await, ["type invalid_value"]);
    assert_eq!(get("?fields=email").await, ["fields unknown_field"]);
    assert_eq!(get("?lmit=5").await, ["lmit unknown_parameter"]);
    assert_eq!(get("?published_after=2026-01-05T09:00:00").await, ["published_after invalid_value"]);
    assert_eq!(get("?source=a,,b").await, ["source empty"]);
}

#[actix_web::test]
async fn a_region_that_was_just_made_is_known_at_once() {
    let stage = Stage::set().await;
    assert!(stage.headlines("").await.is_empty());
    stage.region("europe", "Europe", "editorial", None).await;
    assert!(stage.headlines("?region=europe").await.is_empty());
}

#[actix_web::test]
async fn pages_of_the_site_stand_in_no_list_of_news() {
    let stage = Stage::set().await;
    stage.live("About us", json!({ "type": "page", "primary_region": null })).await;
    stage.live("News", json!({})).await;
    assert_eq!(stage.headlines("").await, ["News"]);
    assert_eq!(stage.headlines("?type=page").await, ["About us"]);
    assert_eq!(stage.read("/v1/articles/about-us").await.at("/path"), "/about-us");
}

#[actix_web::test]
async fn a_list_is_cut_to_its_fields_and_counted_only_when_asked() {
    let stage = Stage::set().await;
    stage.live("One", json!({})).await;
    let list = stage.read("/v1/articles?fields=slug,primary_region.slug").await;
    assert_eq!(list.at("/data"), &json!([{ "slug": "one", "primary_region": { "slug": "asia" } }]));
    assert!(list.json().pointer("/meta/total").is_none());
    assert_eq!(stage.read("/v1/articles?include_total=true").await.at("/meta/total"), 1);
    assert_eq!(stage.read("/v1/articles?include_total=true&q=nothing").await.at("/meta/total"), 0);
}

#[actix_web::test]
async fn an_answer_says_what_it_was_made_of_and_when_it_changed() {
    let stage = Stage::set().await;
    let author = stage.author("kenji-ito", "Kenji Ito").await;
    let picture = stage.picture("https://media.example.org/mine.jpg").await;
    let story =
        stage.live("One", json!({ "bylines": [{ "author": "kenji-ito" }], "hero": { "media": picture } })).await;
    let list = stage.read("/v1/articles?region=asia").await;
    let tags: Vec<&str> = list.header("surrogate-key").split(' ').collect();
    let region = list.text_at("/data/0/primary_region/id");
    for wanted in [
        "list:articles",
        &tag("list:region", region.parse().unwrap()),
        &tag("article", story.id.parse().unwrap()),
        &tag("author", author.parse().unwrap()),
        &tag("media", picture.parse().unwrap()),
        &tag("region", region.parse().unwrap()),
    ] {
        assert!(tags.contains(&wanted), "no {wanted} in {tags:?}");
    }
    assert_eq!(list.header("last-modified"), "Mon, 05 Jan 2026 08:00:00 GMT");
    stage.app.set_clock("2026-01-05T09:00:00Z");
    stage.live("Two", json!({})).await;
    assert_eq!(stage.read("/v1/articles").await.header("last-modified"), "Mon, 05 Jan 2026 09:00:00 GMT");
}

#[actix_web::test]
async fn tags_fit_into_a_header_however_many_articles_there_are() {
    let stage = Stage::set().await;
    stage.live_many(100, json!({})).await;
    let list = stage.read("/v1/articles?limit=100").await;
    assert_eq!(list.at("/data").as_array().map(Vec::len), Some(100));
    assert!(list.header("surrogate-key").len() <= 8000);
    assert!(list.header("surrogate-key").contains("list:articles"));
}

#[actix_web::test]
async fn an_answer_that_a_reader_has_is_not_sent_again() {
    let stage = Stage::set().await;
    let story = stage.live("One", json!({})).await;
    for path in [story.public(), "/v1/articles".to_owned(), format!("/v1/pages/article/{}", story.slug)] {
        let full = stage.read(&path).await;
        let tag = full.header("etag").to_owned();
        let again = stage.reader.get(&path).header("if-none-match", &tag).send().await.expect(304);
        assert!(again.bytes().is_empty());
        let head = stage.reader.head(&path).send().await.expect(200);
        assert_eq!(head.header("etag"), tag);
        stage.bump().await;
        assert_eq!(stage.read(&path).await.header("etag"), tag, "the same bytes have the same tag");
    }
    let other = stage.read(&format!("{}?body_format=text", story.public())).await;
    assert_ne!(other.header("etag"), stage.read(&story.public()).await.header("etag"));
}
