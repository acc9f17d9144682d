//! One article in public: complete in one answer.

use crate::support::{Stage, json};

const BODY: &str = "<p>First <em>words</em>.</p><p><strong>Also on:</strong> <a href=\"/asia/other\">The other one</a></p>\
     <p>Last words.</p>";

#[actix_web::test]
async fn the_body_comes_in_the_forms_that_were_asked_for() {
    let stage = Stage::set().await;
    let story = stage.live("One", json!({ "body": { "format": "html", "content": BODY } })).await;
    let usual = stage.read(&story.public()).await;
    let keys = |answer: &crate::support::Answer| -> Vec<String> {
        answer.at("/body").as_object().expect("a body").keys().cloned().collect()
    };
    assert_eq!(keys(&usual), ["blocks", "html"]);
    let all = stage.read(&format!("{}?body_format=text,markdown,portable_text", story.public())).await;
    assert_eq!(keys(&all), ["markdown", "portable_text", "text"]);
    assert!(all.text_at("/body/text").starts_with("First words."));
    assert!(all.text_at("/body/markdown").starts_with("First *words*."));
    let slim = stage.read(&format!("{}?fields=headline,body.text&body_format=text", story.public())).await;
    assert_eq!(slim.json().as_object().map(serde_json::Map::len), Some(2));
    // A form that is named is shown, also one that is not shown of itself; one that was left out is not.
    let named = stage.read(&format!("{}?fields=id,body.text", story.public())).await;
    assert_eq!(
        named.at("/body").as_object().map(|forms| forms.keys().cloned().collect()),
        Some(vec!["text".to_owned()])
    );
    let torn = stage.reader.get(format!("{}?fields=body.text&body_format=html", story.public())).send().await;
    assert_eq!(torn.expect(400).faults(), ["fields unknown_field"]);
    let without = stage.read(&format!("{}?fields=id", story.public())).await;
    assert_eq!(without.json(), &json!({ "id": story.id }));
    let wrong = stage.reader.get(format!("{}?body_format=pdf", story.public())).send().await.expect(400);
    assert_eq!(wrong.faults(), ["body_format invalid_value"]);
}

#[actix_web::test]
async fn an_id_answers_and_a_former_slug_leads_to_the_present_one_in_one_hop() {
    let stage = Stage::set().await;
    let story = stage.live("One", json!({ "slug": "first" })).await;
    stage.app.set_clock("2026-01-05T09:00:00Z");
    for slug in ["second", "third"] {
        stage.editor.patch(story.staff(), json!({ "slug": slug })).send().await.expect(200);
        stage.publish(&story, json!({})).await;
        stage.app.set_clock(if slug == "second" { "2026-01-05T10:00:00Z" } else { "2026-01-05T11:00:00Z" });
    }
    for former in ["first", "second"] {
        for (before, after) in [("/v1/articles/", ""), ("/v1/articles/", "/related"), ("/v1/pages/article/", "")] {
            let path = format!("{before}{former}{after}");
            let moved = stage.reader.get(&path).send().await.expect(301);
            assert_eq!(moved.header("location"), format!("{before}third{after}"));
        }
    }
    let kept = stage.reader.get("/v1/articles/first?body_format=text").send().await.expect(301);
    assert_eq!(kept.header("location"), "/v1/articles/third?body_format=text");
    assert_eq!(stage.read("/v1/articles/third").await.id(), story.id);
    assert_eq!(stage.read(&format!("/v1/articles/{}", story.id)).await.text_at("/slug"), "third");
}

#[actix_web::test]
async fn a_slug_that_was_never_live_is_nobodys_business() {
    let stage = Stage::set().await;
    let story = stage.live("One", json!({})).await;
    stage.editor.patch(story.staff(), json!({ "slug": "minister-resigns" })).send().await.expect(200);
    stage.reader.get("/v1/articles/minister-resigns").send().await.expect(404);
    assert_eq!(stage.read(&story.public()).await.text_at("/slug"), "one");
    assert_eq!(stage.read(&story.public()).await.text_at("/url"), "https://news.example.org/asia/one");
}

#[actix_web::test]
async fn translations_name_each_other_as_far_as_they_are_live() {
    let stage = Stage::set().await;
    let original = stage.live("One", json!({})).await;
    let ichi = stage.live("Ichi", json!({ "language": "ja", "translation_of": original.slug })).await;
    let eins = stage.draft("Eins", json!({ "language": "de", "translation_of": original.slug })).await;
    let languages = async |path: String| -> Vec<String> {
        let answer = stage.read(&path).await;
        answer.texts_in("/translations", "/language").into_iter().map(str::to_owned).collect()
    };
    assert_eq!(languages(original.public()).await, ["ja"]);
    assert_eq!(languages(ichi.public()).await, ["en"]);
    stage.publish(&eins, json!({})).await;
    assert_eq!(languages(original.public()).await, ["de", "ja"]);
    assert_eq!(languages(eins.public()).await, ["en", "ja"]);
}

#[actix_web::test]
async fn json_ld_may_stand_inside_a_script_element() {
    let stage = Stage::set().await;
    let story = stage.live("An end </script><script>alert(1)</script>", json!({ "slug": "end" })).await;
    let answer = stage.read(&story.public()).await;
    assert_eq!(answer.at("/json_ld/headline"), "An end </script><script>alert(1)</script>");
    let text = answer.text();
    let start = text.find("\"json_ld\":").expect("JSON-LD");
    let end = text.find(",\"body\":").expect("a body after it");
    assert!(!text[start..end].contains('<'), "{}", &text[start..end]);
    assert_eq!(answer.at("/json_ld/@type"), "NewsArticle");
    assert_eq!(answer.at("/json_ld/mainEntityOfPage/@id"), answer.at("/canonical_url"));
    for unknown in ["author", "description", "keywords", "image"] {
        assert!(answer.at("/json_ld").get(unknown).is_none(), "{unknown} in {answer}");
    }
}

#[actix_web::test]
async fn a_picture_says_what_the_article_says_of_it() {
    let stage = Stage::set().await;
    let picture = stage.picture("https://media.example.org/mine.jpg").await;
    let used = json!({ "media": picture, "caption": "Here.", "credit_line": "File photo: Example Wire" });
    let story = stage.live("One", json!({ "hero": used })).await;
    let answer = stage.read(&story.public()).await;
    assert_eq!(answer.at("/hero/caption"), "Here.");
    assert_eq!(answer.at("/hero/alt"), "A mine");
    assert_eq!(answer.at("/hero/file_photo"), true);
    assert_eq!(answer.at("/hero/focal_point"), &json!({ "x": 0.5, "y": 0.25 }));
    assert_eq!(answer.at("/hero/renditions/0/width"), 600);
    assert_eq!(answer.at("/meta/open_graph/image"), "https://media.example.org/mine.jpg");
}

#[actix_web::test]
async fn a_correction_in_the_body_is_listed() {
    let stage = Stage::set().await;
    let blocks = json!([
        { "type": "paragraph", "content": "Words." },
        { "type": "correction", "content": "An earlier version named the wrong city." },
    ]);
    let story = stage.live("One", json!({ "body": { "format": "blocks", "content": blocks } })).await;
    let answer = stage.read(&story.public()).await;
    assert_eq!(answer.at("/corrections/0/html"), "An earlier version named the wrong city.");
    assert_eq!(answer.at("/corrections/0/block_id"), answer.at("/body/blocks/1/id"));
}

#[actix_web::test]
async fn the_page_suggests_what_shares_something_and_says_what() {
    let stage = Stage::set().await;
    stage.region("europe", "Europe", "editorial", None).await;
    stage.author("kenji-ito", "Kenji Ito").await;
    stage.editor.post("/v1/newsroom/topics", json!({ "name": "Rails" })).send().await.expect(201);
    let by = json!([{ "author": "kenji-ito" }]);
    stage.live("Same topic", json!({ "topics": ["rails"], "bylines": by, "primary_region": "europe" })).await;
    stage.app.set_clock("2026-01-05T08:01:00Z");
    stage.live("Same author", json!({ "bylines": by, "primary_region": "europe" })).await;
    stage.app.set_clock("2026-01-05T08:02:00Z");
    stage.live("Same region", json!({})).await;
    stage.live("Linked", json!({ "topics": ["rails"] })).await;
    stage.live("Nothing in common", json!({ "primary_region": "europe" })).await;
    stage.draft("Hidden", json!({ "topics": ["rails"] })).await;
    let read_more = json!([{ "kind": "read_more", "target": { "slug": "linked" } }]);
    let story = stage.live("One", json!({ "topics": ["rails"], "bylines": by, "related": read_more })).await;
    let page = stage.read(&format!("/v1/pages/article/{}", story.slug)).await;
    let suggested = page.texts_in("/you_might_like", "/article/headline");
    assert_eq!(suggested, ["Same region", "Same author", "Same topic"]);
    assert_eq!(page.texts_in("/you_might_like", "/reason/kind"), ["region", "author", "topic"]);
    assert_eq!(page.texts_in("/you_might_like", "/reason/name"), ["Asia", "Kenji Ito", "Rails"]);
    assert_eq!(page.texts_in("/read_more", "/title"), ["Linked"]);
    assert_eq!(page.texts_in("/section_rail", "/headline"), ["Linked", "Same region"]);
    assert_eq!(page.at("/article/id"), &json!(story.id));
    assert_eq!(page.at("/breadcrumbs/0/path"), "/asia");
    assert_eq!(page.texts_in("/site/navigation", "/slug"), ["asia", "europe"]);
    assert_eq!(page.at("/most_read"), &json!([]));
}

#[actix_web::test]
async fn the_front_of_a_section_leads_with_its_newest() {
    let stage = Stage::set().await;
    stage.region("japan", "Japan", "country", Some("asia")).await;
    stage.live("About us", json!({ "type": "page", "primary_region": null })).await;
    stage.live_many(3, json!({ "primary_region": "japan" })).await;
    let front = stage.read("/v1/pages/region/asia?limit=2").await;
    assert_eq!(front.at("/lead/headline"), "Story 3");
    assert_eq!(front.texts_in("/articles", "/headline"), ["Story 2"]);
    assert_eq!(front.texts_in("/children", "/slug"), ["japan"]);
    assert_eq!(front.texts_in("/site/pages", "/path"), ["/about-us"]);
    let next = front.text_at("/meta/next_cursor");
    let more = stage.read(&format!("/v1/pages/region/asia?limit=2&cursor={next}")).await;
    assert_eq!(more.at("/lead"), &json!(null));
    assert_eq!(more.texts_in("/articles", "/headline"), ["Story 1"]);
    let japan = stage.read("/v1/pages/region/japan").await;
    assert_eq!(japan.texts_in("/region/ancestors", "/slug"), ["asia"]);
    assert_eq!(japan.texts_in("/breadcrumbs", "/slug"), ["asia", "japan"]);
    stage.region("kyoto", "Kyoto", "editorial", Some("japan")).await;
    let group = json!({ "slug": "old-towns", "name": "Old towns", "kind": "grouping", "members": ["kyoto"] });
    stage.app.admin().await.post("/v1/newsroom/regions", group).send().await.expect(201);
    stage.live("Temples", json!({ "primary_region": "kyoto" })).await;
    let temples = stage.read("/v1/articles/temples").await;
    assert_eq!(temples.texts_in("/primary_region/ancestors", "/slug"), ["asia", "old-towns", "japan"]);
    let kyoto = stage.read("/v1/regions/kyoto").await;
    assert_eq!(kyoto.texts_in("/ancestors", "/slug"), ["asia", "japan"]);
    stage.reader.get("/v1/pages/region/atlantis").send().await.expect(404);
    let other = stage.reader.get(format!("/v1/pages/region/japan?cursor={next}")).send().await.expect(400);
    assert_eq!(other.code(), "invalid_cursor");
}

#[actix_web::test]
async fn links_are_listed_by_themselves_and_by_kind() {
    let stage = Stage::set().await;
    stage.live("Other", json!({})).await;
    let related = json!([
        { "kind": "also_on", "target": { "slug": "other" } },
        { "kind": "external", "target": { "url": "https://example.org/x", "title": "Elsewhere" } },
    ]);
    let story = stage.live("One", json!({ "related": related, "body": { "format": "html", "content": BODY } })).await;
    let all = stage.read(&format!("{}/related", story.public())).await;
    assert_eq!(all.texts_in("/data", "/kind"), ["inline", "also_on", "external"]);
    assert_eq!(all.texts_in("/data", "/title"), ["The other one", "Other", "Elsewhere"]);
    assert_eq!(all.at("/meta/total"), 3);
    let some = stage.read(&format!("{}/related?kind=external,inline&fields=url", story.public())).await;
    let urls = json!([{ "url": "https://news.example.org/asia/other" }, { "url": "https://example.org/x" }]);
    assert_eq!(some.at("/data"), &urls);
}
