//! A real news page, element by element: what one anonymous GET must be able to draw.

use dateline::base::config::Settings;
use dateline::rules::body::{Block, Format, parse, render};
use serde_json::Value;

use crate::support::{Answer, Stage, TestApp, in_package, json, with};

const READ_MORE: [&str; 3] = [
    "Reliance on Foreign Battery Metals a Risk to EV Makers",
    "Beijing Hits Back Over Minerals Firm’s Exit Order",
    "EV Metals Group Buys a Battery Division",
];

const ALIKE: &str = "Nickel for a Decade";

/// The article as a newsroom tool sends it.
fn sent(picture: &str) -> Value {
    let read = |name: &str| std::fs::read_to_string(in_package(&format!("tests/support/page/{name}"))).expect("a file");
    let article: Value = serde_json::from_str(&read("article.json")).expect("JSON");
    let mut hero = article["hero"].clone();
    hero["media"] = json!(picture);
    with(article, json!({ "hero": hero, "body": { "format": "html", "content": read("article.html") } }))
}

/// The newsroom around it: sections, an author, a picture, two live articles and a draft.
async fn newsroom() -> (Stage, String) {
    let address = |settings: &mut Settings| settings.site_address = Some("1 Example Street, Exampleton".to_owned());
    let app = TestApp::with("2026-01-05T08:00:00Z", address).await;
    let stage = Stage { editor: app.editor().await, reader: app.reader(), app };
    stage.region("asia", "Asia", "editorial", None).await;
    stage.region("north-asia", "North Asia", "editorial", Some("asia")).await;
    stage.region("japan", "Japan", "country", Some("north-asia")).await;
    stage.region("canada", "Canada", "country", None).await;
    stage.author("sean-o-mara", "Sean O'Mara").await;
    let picture = stage.picture("https://media.example.org/mine-worker.jpg").await;
    for topic in ["Batteries", "Critical minerals", "Supply chains"] {
        stage.editor.post("/v1/newsroom/topics", json!({ "name": topic })).send().await.expect(201);
    }
    let section = |slug: &str| json!({ "slug": slug, "primary_region": "north-asia", "topics": ["Critical minerals"] });
    stage.live("China May Lift Retirement Age", section("china-may-lift-retirement-age")).await;
    stage.app.set_clock("2026-01-05T08:10:00Z");
    stage.live(READ_MORE[1], section("beijing-hits-back-over-minerals-firms-exit-order")).await;
    stage.app.set_clock("2026-01-05T08:20:00Z");
    let alike = json!({
        "hero": { "media": picture, "caption": "Another caption." }, "bylines": [{ "author": "sean-o-mara" }],
    });
    stage.live(ALIKE, with(section("nickel-for-a-decade"), alike)).await;
    stage.draft(READ_MORE[0], section("reliance-on-foreign-battery-metals-a-risk-to-ev-makers")).await;
    stage.live("About us", json!({ "type": "page", "primary_region": null, "slug": "about" })).await;
    stage.app.set_clock("2026-01-05T09:00:00Z");
    (stage, picture)
}

fn kinds<'a>(answer: &'a Answer, kind: &str, member: &str) -> Vec<&'a str> {
    let related = answer.at("/related").as_array().expect("links");
    related.iter().filter(|link| link["kind"] == kind).filter_map(|link| link[member].as_str()).collect()
}

#[actix_web::test]
async fn one_anonymous_get_draws_the_whole_page() {
    let (stage, picture) = newsroom().await;
    let token = stage.editor.api_token(&["articles:write"]).await;
    let made = stage.reader.post("/v1/newsroom/articles", sent(&picture)).bearer(&token).send().await.expect(201);
    let story = crate::support::Story { id: made.id(), slug: made.text_at("/slug").to_owned() };
    stage.publish(&story, json!({})).await;
    let page = stage.read(&story.public()).await;

    // Label over the headline, headline, standfirst, date.
    assert_eq!(page.at("/primary_region/name"), "North Asia");
    assert_eq!(page.at("/primary_region/kind"), "editorial");
    assert_eq!(page.texts_in("/primary_region/ancestors", "/slug"), ["asia"]);
    assert_eq!(page.texts_in("/regions", "/slug"), ["north-asia", "japan", "canada"]);
    assert_eq!(page.at("/headline"), "Tokyo and Ottawa Team Up on a Battery Metals ‘Backbone’");
    assert!(page.text_at("/summary").contains("Canada’s mining provinces"));
    assert_eq!(page.at("/published_at"), "2026-01-05T09:00:00.000Z");
    assert_eq!(page.at("/modified_at"), &json!(null));

    // Hero.
    assert_eq!(page.at("/hero/url"), "https://media.example.org/mine-worker.jpg");
    assert_eq!((page.at("/hero/width"), page.at("/hero/height")), (&json!(2400), &json!(1600)));
    assert!(page.text_at("/hero/caption").starts_with("A worker in protective clothing"));
    assert!(page.text_at("/hero/alt").starts_with("A person in an orange suit"));
    assert_eq!(page.at("/hero/credit_line"), "File photo: Example Wire");
    assert_eq!(page.at("/hero/file_photo"), true);
    assert_eq!(page.at("/hero/focal_point/x"), 0.5);
    assert_eq!(page.at("/hero/renditions/0/width"), 600);

    // Body: six paragraphs and one related link in its place, each with an id; nothing else.
    let types = page.texts_in("/body/blocks", "/type");
    assert_eq!(types.iter().filter(|kind| **kind == "paragraph").count(), 5, "{types:?}");
    assert_eq!(types.iter().position(|kind| *kind == "related_link"), Some(3), "{types:?}");
    assert!(page.texts_in("/body/blocks", "/id").iter().all(|id| !id.is_empty()));
    let html = page.text_at("/body/html");
    for gone in ["<script", "fbq", "tracker", "<img", "style=", "wp:", "nbsp", "<ul", "additional editing"] {
        assert!(!html.contains(gone), "{gone} in {html}");
    }
    assert!(html.contains("<em>“For storage batteries"), "{html}");
    assert!(html.contains("“lasting and resilient”"), "{html}");

    // "Also on" between two paragraphs, and among the links.
    let target = stage.read("/v1/articles/china-may-lift-retirement-age").await;
    assert_eq!(page.at("/body/blocks/3/label"), "Also on DL");
    assert_eq!(page.at("/body/blocks/3/article_id"), target.at("/id"));
    assert_eq!(kinds(&page, "inline", "block_id"), [page.text_at("/body/blocks/3/id")]);
    assert_eq!(page.at("/related/0/article/id"), target.at("/id"));

    // Wire credit and author box.
    assert_eq!(page.at("/sources"), &json!([{ "name": "Example Wire", "role": "wire" }]));
    assert_eq!(page.at("/bylines/0/role"), "additional_editing");
    assert_eq!(page.at("/bylines/0/author/slug"), "sean-o-mara");
    assert_eq!(page.at("/credit_line"), "Example Wire with additional editing by Sean O’Mara");
    assert_eq!(page.at("/byline"), "Example Wire");
    assert_eq!(page.at("/authors/0/job_title"), "Reporter");

    // Read more: the draft is absent, and no gap shows.
    assert_eq!(kinds(&page, "read_more", "title"), &READ_MORE[1..]);
    assert!(!page.text().contains("reliance-on-foreign"));

    // Canonical, social, search engines.
    assert_eq!(page.text_at("/canonical_url"), format!("https://news.example.org/north-asia/{}", story.slug));
    assert_eq!(page.at("/meta/open_graph/title"), page.at("/headline"));
    assert_eq!(page.at("/json_ld/articleSection"), "North Asia");
    assert_eq!(page.at("/json_ld/sourceOrganization/0/name"), "Example Wire");
    assert!(page.at("/reading_minutes").as_u64() >= Some(1));
    assert_eq!(page.texts_in("/topics", "/name"), ["Batteries", "Critical minerals", "Supply chains"]);

    forms_agree(&stage, &story.slug).await;
    around(&stage, &story.slug).await;
    appears(&stage, &story.slug, &page).await;
}

/// Each of the five forms of the body, read by itself, is the same body.
async fn forms_agree(stage: &Stage, slug: &str) {
    let forms = "blocks,html,markdown,text,portable_text";
    let page = stage.read(&format!("/v1/articles/{slug}?body_format={forms}")).await;
    let blocks: Vec<Block> = serde_json::from_value(page.at("/body/blocks").clone()).expect("blocks");
    assert_eq!(blocks.len(), 6);
    for format in [Format::Html, Format::Markdown, Format::PortableText] {
        let form = page.at(&format!("/body/{format}"));
        let read = parse(format, form, &blocks).expect("a form that can be read");
        assert_eq!(read.warnings, [], "{format}");
        assert_eq!(read.blocks.len(), blocks.len(), "{format}");
        for (read, block) in read.blocks.iter().zip(&blocks) {
            assert!(read.says_the_same(block) && read.id == block.id, "{format}: {read:?}\n{block:?}");
        }
    }
    let text = parse(Format::Text, page.at("/body/text"), &blocks).expect("text");
    let words = |blocks: &[Block]| render(blocks).text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(&text.blocks), words(&blocks));
}

/// Whether a tool sends its credits as data, as a line with either apostrophe, or leaves them in the body.
#[actix_web::test]
async fn the_credit_is_the_same_however_it_was_sent() {
    let (stage, picture) = newsroom().await;
    let line = "Example Wire with additional editing by Sean O’Mara";
    let bare = |credit: Value| {
        let mut article = with(sent(&picture), json!({ "external_ids": [], "credit_line": credit }));
        let members = article.as_object_mut().expect("an article");
        members.remove("bylines");
        members.remove("sources");
        article
    };
    let in_the_body = {
        let mut article = bare(json!(null));
        article.as_object_mut().expect("an article").remove("credit_line");
        article
    };
    let mut as_data = with(sent(&picture), json!({ "external_ids": [] }));
    as_data.as_object_mut().expect("an article").remove("credit_line");
    let plain = line.replace('’', "'");
    for article in [bare(json!(line)), bare(json!(plain)), in_the_body, as_data] {
        let made = stage.editor.post("/v1/newsroom/articles", article).send().await.expect(201);
        let story = crate::support::Story { id: made.id(), slug: made.text_at("/slug").to_owned() };
        stage.publish(&story, json!({})).await;
        let page = stage.read(&story.public()).await;
        assert_eq!(page.at("/sources"), &json!([{ "name": "Example Wire", "role": "wire" }]));
        assert_eq!(page.texts_in("/bylines", "/author/slug"), ["sean-o-mara"]);
        assert_eq!(page.texts_in("/bylines", "/role"), ["additional_editing"]);
        assert_eq!(page.text_at("/credit_line").replace('\'', "’"), line);
        assert!(!page.text_at("/body/html").contains("additional editing"), "{page}");
    }
}

/// Suggestions, the section's rail, and the site.
async fn around(stage: &Stage, slug: &str) {
    let page = stage.read(&format!("/v1/pages/article/{slug}")).await;
    let suggested = page.texts_in("/you_might_like", "/article/slug");
    assert_eq!(suggested, ["nickel-for-a-decade"], "none twice, none that is linked, not the article itself");
    let alike = |member: &str| page.at(&format!("/you_might_like/0/{member}"));
    assert_eq!((alike("reason/kind"), alike("reason/name")), (&json!("topic"), &json!("Critical minerals")));
    assert_eq!(alike("reason/id"), page.at("/article/topics/1/id"));
    assert_eq!(alike("article/headline"), ALIKE);
    assert_eq!(alike("article/hero/url"), "https://media.example.org/mine-worker.jpg");
    assert_eq!(alike("article/hero/caption"), "Another caption.");
    assert_eq!(alike("article/primary_region/name"), "North Asia");
    assert_eq!(alike("article/published_at"), "2026-01-05T08:20:00.000Z");
    let rail = page.texts_in("/section_rail", "/slug");
    let older = ["beijing-hits-back-over-minerals-firms-exit-order", "china-may-lift-retirement-age"];
    assert_eq!(rail, ["nickel-for-a-decade", older[0], older[1]]);
    assert_eq!(page.at("/section_rail/0/byline"), "Sean O'Mara");
    let dates = ["2026-01-05T08:20:00.000Z", "2026-01-05T08:10:00.000Z", "2026-01-05T08:00:00.000Z"];
    assert_eq!(page.texts_in("/section_rail", "/published_at"), dates);
    assert_eq!(page.at("/most_read"), &json!([]));
    assert_eq!(page.texts_in("/breadcrumbs", "/name"), ["Asia", "North Asia"]);
    assert_eq!(page.at("/site/name"), "The Example Times");
    assert_eq!(page.at("/site/publisher"), "Example Press");
    assert_eq!(page.at("/site/address"), "1 Example Street, Exampleton");
    assert_eq!(page.texts_in("/site/navigation", "/name"), ["Asia"]);
    assert_eq!(page.texts_in("/site/navigation", "/path"), ["/asia"]);
    assert_eq!(page.texts_in("/site/pages", "/path"), ["/about"]);
    assert_eq!(page.texts_in("/site/navigation", "/path"), ["/asia"]);
}

/// The draft is published, and stands in its place without a write to this article.
async fn appears(stage: &Stage, slug: &str, before: &Answer) {
    stage.app.set_clock("2026-01-05T09:30:00Z");
    let drafts = "/v1/newsroom/articles/reliance-on-foreign-battery-metals-a-risk-to-ev-makers";
    let draft = stage.editor.get(drafts).send().await.expect(200);
    let path = format!("/v1/newsroom/articles/{}/publish", draft.id());
    stage.editor.post(path, json!({})).send().await.expect(200);
    let after = stage.read(&format!("/v1/articles/{slug}")).await;
    assert_eq!(kinds(&after, "read_more", "title"), READ_MORE);
    assert_eq!(after.at("/updated_at"), before.at("/updated_at"));
    assert_ne!(after.header("etag"), before.header("etag"));
}
