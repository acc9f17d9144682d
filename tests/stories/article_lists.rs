//! The list of articles: filtered, sorted and paged.

use crate::support::{Actor, TestApp, json};

const ARTICLES: &str = "/v1/newsroom/articles";

async fn headlines(by: &Actor, query: &[(&str, &str)]) -> Vec<String> {
    let list = by.get(ARTICLES).query(query).send().await.expect(200);
    list.texts_in("/data", "/headline").into_iter().map(str::to_owned).collect()
}

#[actix_web::test]
async fn a_list_holds_what_its_filters_say() {
    let app = TestApp::start().await;
    app.region("north-asia", None).await;
    app.region("japan", Some("north-asia")).await;
    app.author_named("sean", "Sean").await;
    let (editor, contributor) = (app.editor().await, app.contributor().await);
    editor.post("/v1/newsroom/topics", json!({ "name": "Batteries" })).send().await.expect(201);
    let article = json!({
        "headline": "100% _electric_", "primary_region": "japan", "type": "analysis", "language": "ja",
        "topics": ["Batteries"], "bylines": [{ "author": "sean" }],
        "external_ids": [{ "scheme": "wire", "value": "1" }],
    });
    editor.post(ARTICLES, article).send().await.expect(201);
    app.set_clock("2026-01-05T09:00:00Z");
    contributor.drafts("1000 electrics").await;
    let gone = editor.drafts("Gone").await;
    editor.delete(gone.place()).send().await.expect(204);
    assert_eq!(headlines(&editor, &[]).await, ["1000 electrics", "100% _electric_"]);
    for filter in [
        ("region", "japan"),
        ("region", "north-asia"),
        ("author", "sean"),
        ("topic", "batteries"),
        ("type", "analysis,opinion"),
        ("language", "ja"),
        ("external_scheme", "wire"),
        ("q", "100%"),
        ("q", "_ELECTRIC_ 100"),
        ("mine", "true"),
        ("created_before", "2026-01-05T09:00:00Z"),
        ("updated_before", "2026-01-05T08:30:00Z"),
    ] {
        assert_eq!(headlines(&editor, &[filter]).await, ["100% _electric_"], "{filter:?}");
    }
    for nothing in [
        &[("region", "north-asia"), ("region_exact", "true")][..],
        &[("status", "live")],
        &[("stage", "approved")],
        &[("published_after", "2026-01-01T00:00:00Z")],
        &[("q", "nowhere")],
    ] {
        assert!(headlines(&editor, nothing).await.is_empty(), "{nothing:?}");
    }
    assert_eq!(headlines(&editor, &[("status", "trashed")]).await, ["Gone"]);
    assert_eq!(headlines(&editor, &[("created_after", "2026-01-05T09:00:00Z")]).await, ["1000 electrics"]);
    assert_eq!(headlines(&editor, &[("sort", "headline")]).await.len(), 2);
    let refused = editor.get(ARTICLES).query(&[("region", "atlantis"), ("sort", "headline")]).send().await.expect(400);
    assert_eq!(refused.faults(), ["region unknown_region"]);
    let refused = editor.get(ARTICLES).query(&[("authors", "sean"), ("sort", "-headline")]).send().await.expect(400);
    assert_eq!(refused.faults(), ["authors unknown_parameter", "sort unknown_value"]);
}

#[actix_web::test]
async fn pages_lead_forth_and_back_without_gap_or_repeat() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    for n in 1..=7 {
        app.set_clock(&format!("2026-01-05T08:0{n}:00Z"));
        editor.drafts(&format!("Story {n}")).await;
    }
    for sort in ["-updated_at", "updated_at", "-created_at", "created_at", "headline"] {
        let whole = headlines(&editor, &[("sort", sort)]).await;
        let mut gathered = Vec::new();
        let mut page = editor
            .get(ARTICLES)
            .query(&[("sort", sort), ("limit", "3"), ("include_total", "true")])
            .send()
            .await
            .expect(200);
        assert_eq!(page.at("/meta/total"), 7);
        assert_eq!(page.at("/meta/prev_cursor"), &json!(null));
        loop {
            gathered.extend(page.texts_in("/data", "/headline").into_iter().map(str::to_owned));
            let Some(next) = page.at("/meta/next_cursor").as_str() else { break };
            page = editor
                .get(ARTICLES)
                .query(&[("sort", sort), ("limit", "3"), ("cursor", next)])
                .send()
                .await
                .expect(200);
        }
        assert_eq!(gathered, whole, "{sort}");
        let back = page.text_at("/meta/prev_cursor");
        let before = headlines(&editor, &[("sort", sort), ("limit", "3"), ("cursor", back)]).await;
        assert_eq!(before, whole[3..6], "{sort}");
    }
}
