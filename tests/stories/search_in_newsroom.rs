//! Searching the working copy, in the words of the search of what is live.

use crate::support::{Actor, Stage, json};

async fn found(by: &Actor, typed: &str) -> Vec<String> {
    let query = [("q", typed), ("sort", "headline")];
    let list = by.get("/v1/newsroom/articles").query(&query).send().await.expect(200);
    list.texts_in("/data", "/headline").into_iter().map(str::to_owned).collect()
}

fn words(content: &str) -> serde_json::Value {
    json!({ "body": { "format": "text", "content": content } })
}

#[actix_web::test]
async fn an_editor_finds_drafts_by_words_of_headline_summary_and_body() {
    let stage = Stage::set().await;
    let editor = &stage.editor;
    stage.draft("A rails", words("Nothing else.")).await;
    stage.draft("B sums", json!({ "summary": "All about rails" })).await;
    stage.draft("C body", words("Somewhere in the text there are rails.")).await;
    stage.draft("D other", words("Ships, and nothing about trains.")).await;
    stage.draft("E 日本とカナダ、電池金属で協力", json!({ "language": "ja", "slug": "e" })).await;
    assert_eq!(found(editor, "rails").await, ["A rails", "B sums", "C body"]);
    assert_eq!(found(editor, "RAIL").await, ["A rails", "B sums", "C body"]);
    assert_eq!(found(editor, "rails -text").await, ["A rails", "B sums"]);
    assert_eq!(found(editor, "ships or text").await, ["C body", "D other"]);
    assert_eq!(found(editor, "\"the text there\"").await, ["C body"]);
    assert!(found(editor, "\"rails text\"").await.is_empty());
    assert_eq!(found(editor, "電池金属").await, ["E 日本とカナダ、電池金属で協力"]);
    for odd in ["%", "_", "'", "\"", "(((", ":*", "& | !", "\\", "-", "or", "🦀"] {
        assert!(found(editor, odd).await.is_empty(), "{odd}");
    }
    let long = "a".repeat(201);
    editor.get("/v1/newsroom/articles").query(&[("q", long.as_str())]).send().await.expect(400);
}

#[actix_web::test]
async fn what_was_written_last_is_what_is_found() {
    let stage = Stage::set().await;
    let story = stage.live("One", words("before cormorant")).await;
    stage.editor.patch(story.staff(), words("after pelican")).send().await.expect(200);
    assert!(found(&stage.editor, "cormorant").await.is_empty());
    assert_eq!(found(&stage.editor, "pelican").await, ["One"]);
    stage.editor.patch(story.staff(), json!({ "topics": [], "meta_title": "guillemot" })).send().await.expect(200);
    assert_eq!(found(&stage.editor, "pelican").await, ["One"]);
    let back = json!({});
    stage.editor.post(format!("{}/revisions/1/restore", story.staff()), back).send().await.expect(200);
    assert_eq!(found(&stage.editor, "cormorant").await, ["One"]);
    assert!(found(&stage.editor, "pelican").await.is_empty());
}

#[actix_web::test]
async fn a_pasted_id_or_slug_finds_its_article() {
    let stage = Stage::set().await;
    let story = stage.draft("Ferries Run Again", json!({})).await;
    stage.draft("Another", words("ferries-run-again is its address")).await;
    assert_eq!(found(&stage.editor, &story.id).await, ["Ferries Run Again"]);
    assert_eq!(found(&stage.editor, &format!(" {} ", story.id)).await, ["Ferries Run Again"]);
    assert_eq!(found(&stage.editor, "ferries-run-again").await, ["Another", "Ferries Run Again"]);
    stage.editor.patch(story.staff(), json!({ "slug": "islands", "headline": "Islands" })).send().await.expect(200);
    assert_eq!(found(&stage.editor, "islands").await, ["Islands"]);
    assert_eq!(found(&stage.editor, "ferries-run-again").await, ["Another", "Islands"]);
    assert!(found(&stage.editor, "0198c0de-7000-7000-8000-000000000001").await.is_empty());
}

#[actix_web::test]
async fn words_lead_nobody_to_what_is_not_theirs() {
    let stage = Stage::set().await;
    let author = stage.app.author().await;
    let story = stage.draft("Albatross", json!({})).await;
    author.drafts("My albatross").await;
    assert_eq!(found(&author, "albatross").await, ["My albatross"]);
    assert!(found(&author, &story.id).await.is_empty());
    assert!(found(&author, &story.slug).await.iter().all(|headline| headline == "My albatross"));
    assert_eq!(found(&stage.editor, "albatross").await, ["Albatross", "My albatross"]);
}
