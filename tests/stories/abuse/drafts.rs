//! Those who want to see, or to show, what is not out yet.

use serde_json::Value;

use crate::support::{Actor, Answer, Stage, json};

const ALSO_ON: &str = "<p>Also on DL: <a href=\"/asia/the-minister-resigns\">The Minister Resigns</a></p>";

/// An article of a contributor into which an editor put a link to a draft.
async fn with_a_link_to_a_draft(stage: &Stage, contributor: &Actor) -> Answer {
    stage.draft("The Minister Resigns", json!({})).await;
    let own = json!({
        "headline": "Own", "primary_region": "asia", "body": { "format": "html", "content": "<p>My words.</p>" },
    });
    let own = contributor.post("/v1/newsroom/articles", own).send().await.expect(201);
    let body = json!({ "format": "html", "content": format!("<p>My words.</p>{ALSO_ON}") });
    let edited = stage.editor.patch(own.place(), json!({ "body": body })).send().await.expect(200);
    assert_eq!(edited.texts_in("/related", "/kind"), ["inline"]);
    own
}

async fn is_hidden(stage: &Stage, own: &Answer) {
    let told = stage.editor.get(own.place()).send().await.expect(200);
    assert_eq!(told.texts_in("/related", "/kind"), ["inline"], "the link is still one");
    stage.editor.publishes(own).await;
    for path in [format!("/v1/articles/{}", own.text_at("/slug")), "/v1/pages/article/own".to_owned()] {
        let page = stage.reader.get(path).query(&[("body_format", "blocks,html,markdown,text,portable_text")]);
        let page = page.send().await.expect(200);
        assert!(page.text().contains("My words."), "{page}");
        for secret in ["the-minister-resigns", "Minister Resigns"] {
            assert!(!page.text().contains(secret), "{secret} in {page}");
        }
    }
}

#[actix_web::test]
async fn who_sends_back_a_body_does_not_lay_open_the_draft_that_an_editor_linked() {
    let stage = Stage::set().await;
    let contributor = stage.app.contributor().await;
    let own = with_a_link_to_a_draft(&stage, &contributor).await;
    let seen = contributor.get(own.place()).send().await.expect(200);
    let blocks = seen.at("/body/blocks").clone();
    let html = format!("<p>My words.</p><p>More of them.</p>{ALSO_ON}");
    for (format, content) in [("blocks", blocks), ("html", Value::from(html))] {
        let body = json!({ "body": { "format": format, "content": content } });
        contributor.patch(own.place(), body).send().await.expect(200);
    }
    is_hidden(&stage, &own).await;
}

#[actix_web::test]
async fn who_links_a_draft_of_others_learns_nothing_of_it() {
    let stage = Stage::set().await;
    let contributor = stage.app.contributor().await;
    stage.draft("The Minister Resigns", json!({})).await;
    let linked = |path: &str| {
        let content = format!("<p>Also on DL: <a href=\"{path}\">A guess</a></p>");
        json!({ "headline": "Guess", "body": { "format": "html", "content": content } })
    };
    for path in ["/asia/the-minister-resigns", "/asia/no-such-story"] {
        let made = contributor.post("/v1/newsroom/articles", linked(path)).send().await.expect(201);
        assert_eq!(made.at("/related"), &json!([]));
        assert!(made.at("/body/blocks/0").get("article_id").is_none(), "{made}");
    }
}

#[actix_web::test]
async fn who_sends_back_the_original_that_an_editor_named_keeps_it() {
    let stage = Stage::set().await;
    let contributor = stage.app.contributor().await;
    let hidden = stage.draft("The Minister Resigns", json!({})).await;
    let own = contributor.drafts("Own").await;
    let named = json!({ "translation_of": hidden.id });
    contributor.patch(own.place(), named.clone()).send().await.expect(422);
    stage.editor.patch(own.place(), named.clone()).send().await.expect(200);
    let kept = contributor.patch(own.place(), named).send().await.expect(200);
    assert_eq!((kept.text_at("/translation_of_id"), kept.at("/translation_of")), (hidden.id.as_str(), &json!(null)));
    let nonsense = json!({ "translation_of": "no such thing" });
    contributor.patch(contributor.drafts("Other").await.place(), nonsense).send().await.expect(422);
}
