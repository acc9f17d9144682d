//! Searching what is live.

use crate::support::{Stage, json};

fn words(content: &str) -> serde_json::Value {
    json!({ "body": { "format": "text", "content": content } })
}

#[actix_web::test]
async fn words_are_found_in_headline_summary_and_body_the_best_match_first() {
    let stage = Stage::set().await;
    stage.live("Rails", words("Nothing else.")).await;
    stage.live("Sums", json!({ "summary": "All about rails" })).await;
    stage.live("Body", words("Somewhere in the text there are rails.")).await;
    stage.live("Other", words("Ships.")).await;
    assert_eq!(stage.headlines("?q=rails").await, ["Rails", "Sums", "Body"]);
    assert_eq!(stage.headlines("?q=RAIL").await, ["Rails", "Sums", "Body"]);
    assert_eq!(stage.headlines("?q=rails&sort=published_at&limit=2").await.len(), 2);
    assert_eq!(stage.headlines("?q=rails%20-text").await, ["Rails", "Sums"]);
    assert_eq!(stage.headlines("?q=ships%20or%20text").await.len(), 2);
    assert_eq!(stage.headlines("?q=%22the%20text%20there%22").await, ["Body"]);
    assert!(stage.headlines("?q=%22rails%20text%22").await.is_empty());
}

#[actix_web::test]
async fn chinese_japanese_and_korean_are_found_inside_a_run() {
    let stage = Stage::set().await;
    stage.live("日本とカナダ、電池金属で協力", json!({ "slug": "a", "language": "ja" })).await;
    stage.live("電気の金", json!({ "slug": "b", "language": "ja" })).await;
    assert_eq!(stage.headlines("?q=電池金属").await, ["日本とカナダ、電池金属で協力"]);
    assert!(stage.headlines("?q=池電").await.is_empty());
    assert_eq!(stage.headlines("?q=金").await.len(), 2);
}

#[actix_web::test]
async fn only_published_words_are_found() {
    let stage = Stage::set().await;
    stage.draft("Draft", words("albatross")).await;
    let story = stage.live("One", words("before cormorant")).await;
    stage.editor.patch(story.staff(), words("after pelican")).send().await.expect(200);
    stage.editor.patch(story.staff(), json!({ "note": "guillemot" })).send().await.expect(200);
    for hidden in ["albatross", "pelican", "guillemot"] {
        assert!(stage.headlines(&format!("?q={hidden}")).await.is_empty(), "{hidden}");
    }
    assert_eq!(stage.headlines("?q=cormorant").await, ["One"]);
    stage.app.set_clock("2026-01-05T09:00:00Z");
    stage.publish(&story, json!({})).await;
    assert!(stage.headlines("?q=cormorant").await.is_empty(), "found by an old version");
    assert_eq!(stage.headlines("?q=pelican").await, ["One"]);
}

#[actix_web::test]
async fn whatever_is_typed_is_words() {
    let stage = Stage::set().await;
    stage.live("One", words("a hundred percent")).await;
    for odd in
        ["%25", "_", "'", "%22", "%22%22%22", "(((", ":*", "a:*", "%26%20|%20!", "\\", "-", "--", "or", "🦀", "%CC%81"]
    {
        let list = stage.reader.get(format!("/v1/articles?q={odd}")).send().await;
        assert_eq!(list.status(), 200, "{odd}: {list}");
    }
    assert!(stage.headlines("?q=%25").await.is_empty());
    let long = "a".repeat(201);
    stage.reader.get(format!("/v1/articles?q={long}")).send().await.expect(400);
    stage.reader.get("/v1/articles?q=%00").send().await.expect(400);
    stage.reader.get("/v1/articles?q=%ff").send().await.expect(400);
}

#[actix_web::test]
async fn a_search_is_paged_and_filtered_like_any_list() {
    let stage = Stage::set().await;
    stage.region("europe", "Europe", "editorial", None).await;
    stage.live_many(7, json!({})).await;
    stage.live("Elsewhere", json!({ "primary_region": "europe" })).await;
    for sort in ["relevance", "-published_at", "published_at", "-updated_at"] {
        let mut seen: Vec<String> = Vec::new();
        let mut cursor = String::new();
        loop {
            let list = stage.read(&format!("/v1/articles?q=words&region=asia&sort={sort}&limit=3{cursor}")).await;
            seen.extend(list.texts_in("/data", "/headline").into_iter().map(str::to_owned));
            let Some(next) = list.at("/meta/next_cursor").as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        let mut once = seen.clone();
        once.sort();
        once.dedup();
        assert_eq!((seen.len(), once.len()), (7, 7), "{sort}: {seen:?}");
        if sort == "published_at" {
            assert_eq!(seen.first().map(String::as_str), Some("Story 1"));
        }
    }
}
