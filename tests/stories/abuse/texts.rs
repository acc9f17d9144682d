//! Text of every kind comes back as it was sent, from every resource, in the newsroom and in public.

use serde_json::{Value, json};

use crate::support::{Actor, Answer, Stage, TestApp, example, with};

/// What other systems trim, fold, unescape, run or lose.
const ODD: &[&str] = &[
    "🦀 👩‍👩‍👧‍👦 🇨🇦",
    "\u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{202e}drawkcab\u{202c}",
    "e\u{301} e\u{301}\u{301}\u{301} \u{e9}",
    "\u{301}",
    "zero\u{200b}width\u{2060}joiner\u{ad}",
    " leading and trailing ",
    "\ttabs\t",
    "CR LF\r\nthen LF\nthen CR\rend",
    "𝕏 𐐷 𠀀",
    "\u{feff}mark",
    "a line\u{2028}a paragraph\u{2029}and the rest",
    "control \u{1}\u{1b}[31m\u{7f}\u{85}",
    "non\u{fffe}characters\u{ffff}",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "&amp; &lt; &#0; &nbsp;",
    "javascript:alert(1)",
    "data:text/html,<b>",
    "'; DROP TABLE articles; --",
    "\\u0000 \\n \\\\",
    "%00 %s %n {} {{7*7}} ${x}",
    "=HYPERLINK(\"x\")",
    "ﬁ Ⅻ ㎏ ＡＢＣ İ ı ſ ß",
];

/// Members of an article that are shown as one piece: without what nobody sees and what turns about what stands behind.
const CLEANED: &[&str] = &["headline", "summary", "kicker", "meta_title", "meta_description"];

fn kept(member: &str, text: &str) -> String {
    let gone = |c: char| matches!(c, '\u{1}' | '\u{1b}' | '\u{7f}' | '\u{85}' | '\u{202c}' | '\u{202e}');
    if CLEANED.contains(&member) { text.replace(gone, "") } else { text.to_owned() }
}

/// Sends the text as each of these members, one by one, and reads it back. What is refused is refused by name.
async fn come_back(by: &Actor, list: &str, base: impl Fn(usize) -> Value, members: &[&str]) {
    let mut number = 0;
    for member in members {
        for text in ODD {
            number += 1;
            let made = by.post(list, with(base(number), json!({ *member: text }))).send().await;
            assert_eq!(made.status(), 201, "{member} {text:?}: {made}");
            let text = if list.ends_with("/articles") { kept(member, text) } else { (*text).to_owned() };
            assert_eq!(made.at(&format!("/{member}")), &text, "{made}");
            let read = by.get(format!("{list}/{}", made.id())).send().await.expect(200);
            assert_eq!(read.at(&format!("/{member}")), &text, "{read}");
        }
    }
}

#[actix_web::test]
async fn what_is_written_of_an_article_comes_back_as_it_was() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let base = |_| json!({ "headline": "One" });
    let members = ["headline", "summary", "kicker", "note", "credit_line", "meta_title", "meta_description"];
    come_back(&editor, "/v1/newsroom/articles", base, &members).await;
    let media = app.picture().await;
    for text in ODD {
        let article = json!({
            "headline": "One",
            "hero": { "media": media, "alt": text, "caption": text, "credit_line": text },
            "related": [{ "kind": "external", "target": { "url": "https://example.org", "title": text } }],
            "sources": [{ "name": text, "role": "wire" }],
        });
        let made = editor.post("/v1/newsroom/articles", article).send().await.expect(201);
        let read = editor.get(made.place()).send().await.expect(200);
        for member in ["/hero/alt", "/hero/caption", "/hero/credit_line", "/related/0/title", "/sources/0/name"] {
            assert_eq!(read.at(member), text, "{member}");
        }
        let changed = json!({ "summary": text, "note": text });
        let changed = editor.patch(made.place(), changed).send().await.expect(200);
        assert_eq!((changed.at("/summary"), changed.at("/note")), (&json!(kept("summary", text)), &json!(text)));
    }
}

#[actix_web::test]
async fn what_is_written_of_people_pictures_places_and_topics_comes_back_as_it_was() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let author = |n| json!({ "name": format!("Author {n}") });
    come_back(&admin, "/v1/newsroom/authors", author, &["name", "job_title", "bio", "location"]).await;
    let picture = |_| json!({ "url": "https://media.example.org/a.jpg", "mime_type": "image/jpeg" });
    come_back(&admin, "/v1/newsroom/media", picture, &["alt", "caption", "credit_line", "licence"]).await;
    let region = |n| json!({ "name": format!("Region {n}"), "kind": "editorial" });
    come_back(&admin, "/v1/newsroom/regions", region, &["name", "description"]).await;
    let topic = |n| json!({ "name": format!("Topic {n}") });
    come_back(&admin, "/v1/newsroom/topics", topic, &["description"]).await;
    let user = |n| json!({ "name": "A", "email": format!("user{n}@example.org"), "role": "author" });
    come_back(&admin, "/v1/newsroom/users", user, &["name"]).await;
    for text in ODD {
        let token =
            admin.post("/v1/newsroom/tokens", json!({ "name": text, "scopes": ["newsroom:read"] })).send().await;
        assert_eq!(token.expect(201).at("/name"), text);
        let topic = admin.post("/v1/newsroom/topics", json!({ "name": text })).send().await.expect(201);
        assert_eq!(topic.at("/name"), text);
    }
}

#[actix_web::test]
async fn a_headline_shows_something_and_turns_nothing_about() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let articles = "/v1/newsroom/articles";
    for unseen in ["\u{200b}", " \u{200b}\u{feff} ", "\u{ad}\u{2060}", "\u{7}\u{202e}"] {
        let refused = editor.post(articles, json!({ "headline": unseen })).send().await.expect(422);
        assert_eq!(refused.faults(), ["/headline blank"], "{unseen:?}");
    }
    let made = json!({ "headline": "A\u{7} b\u{202e}c", "summary": "d\u{1b}[0m" });
    let made = editor.post(articles, made).send().await.expect(201);
    assert_eq!((made.text_at("/headline"), made.text_at("/summary")), ("A bc", "d[0m"));
    assert_eq!(made.texts_in("/warnings", "/pointer"), ["/headline", "/headline", "/summary"]);
    assert_eq!(made.text_at("/warnings/0/detail"), "the character U+0007 was removed");
}

fn public(answer: &Answer, pointer: &str, text: &str) {
    assert_eq!(answer.at(pointer), text, "{pointer} of {answer}");
    assert!(answer.header("content-type").starts_with("application/json"), "{answer}");
}

#[actix_web::test]
async fn the_public_reads_what_was_written_and_as_text() {
    let stage = Stage::set().await;
    for (number, text) in ODD.iter().enumerate() {
        let slug = format!("story-{number}");
        let members = json!({ "slug": slug, "summary": text, "kicker": text, "credit_line": text });
        let story = stage.live(text, members).await;
        let page = stage.read(&story.public()).await;
        for member in ["headline", "summary", "kicker", "credit_line"] {
            public(&page, &format!("/{member}"), &kept(member, text));
        }
        let card = stage.read("/v1/articles?limit=100&sort=-published_at").await;
        assert!(card.texts_in("/data", "/headline").contains(&kept("headline", text).as_str()), "{card}");
    }
}

#[actix_web::test]
async fn plain_words_stay_words_in_a_body_of_text() {
    let stage = Stage::set().await;
    for (number, text) in
        ["<script>alert(1)</script>", "&lt;b&gt; & <b>", "javascript:alert(1)", "*a* _b_ [c](d)"].iter().enumerate()
    {
        let body = json!({ "slug": format!("s{number}"), "body": { "format": "text", "content": text } });
        let story = stage.live("One", body).await;
        let page = stage.read(&format!("{}?body_format=text,html", story.public())).await;
        assert_eq!(page.text_at("/body/text").trim_end(), *text);
        assert!(!page.text_at("/body/html").contains("<script"), "{page}");
    }
}

#[actix_web::test]
async fn the_example_of_the_document_survives_a_round_trip_word_for_word() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let sent = json!({ "headline": example("article")["headline"], "summary": example("article")["summary"] });
    let made = editor.post("/v1/newsroom/articles", sent.clone()).send().await.expect(201);
    assert_eq!((made.at("/headline"), made.at("/summary")), (&sent["headline"], &sent["summary"]));
}
