//! The longest that is taken is stored, published and found; one more is refused by name, never by the database.

use serde_json::{Value, json};

use crate::support::{Stage, TestApp};

/// Bytes of words of which each is kept as it is and as its stem: more than a MiB, the most that an index entry takes.
const MUCH: usize = 620_000;

/// Characters of four bytes that no index can press together.
fn incompressible(count: u32) -> String {
    (0..count).filter_map(|n| char::from_u32(0x20000 + (n.wrapping_mul(2_654_435_761) >> 8) % 42_000)).collect()
}

#[actix_web::test]
async fn an_address_is_bounded_in_bytes_because_indexes_are() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let article = editor.drafts("One").await;
    let related = format!("{}/related", article.place());
    let link = |url: String| json!({ "kind": "external", "target": { "url": url, "title": "Elsewhere" } });
    let wide = format!("https://example.org/{}", incompressible(1900));
    let refused = editor.post(&related, link(wide.clone())).send().await.expect(422);
    assert_eq!(refused.faults(), ["/target/url url"]);
    let refused = editor.patch(article.place(), json!({ "canonical_url": wide })).send().await.expect(422);
    assert_eq!(refused.faults(), ["/canonical_url url"]);
    let picture = json!({ "url": wide, "mime_type": "image/jpeg" });
    assert_eq!(editor.post("/v1/newsroom/media", picture).send().await.expect(422).faults(), ["/url url"]);
    let author = json!({ "name": "A", "links": [{ "kind": "website", "url": wide }] });
    assert_eq!(editor.post("/v1/newsroom/authors", author).send().await.expect(422).faults(), ["/links/0/url url"]);
    let longest = format!("https://example.org/{}", incompressible(495));
    assert_eq!(longest.len(), 2000);
    editor.post(&related, link(longest.clone())).send().await.expect(201);
    editor.post(&related, link(format!("{longest}x"))).send().await.expect(422);
    let plain = format!("https://example.org/{}", "x".repeat(1980));
    editor.post(&related, link(plain)).send().await.expect(201);
}

#[actix_web::test]
async fn the_longest_of_everything_is_stored_whole() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let wide = |count| incompressible(count);
    for (list, sent) in [
        ("topics", json!({ "name": wide(120), "description": wide(500) })),
        ("authors", json!({ "name": wide(200), "bio": wide(5000), "job_title": wide(200), "location": wide(200) })),
        ("regions", json!({ "name": wide(200), "kind": "editorial", "description": wide(2000) })),
        ("users", json!({ "name": wide(120), "email": "long@example.org", "role": "author" })),
        (
            "articles",
            json!({
                "headline": wide(300), "summary": wide(1000), "kicker": wide(100), "note": wide(5000),
                "credit_line": wide(500), "meta_title": wide(300), "meta_description": wide(1000),
                "external_ids": [{ "scheme": "a".repeat(60), "value": wide(200) }],
                "sources": [{ "name": wide(200), "role": "wire" }], "slug": "s".repeat(120),
            }),
        ),
    ] {
        let path = format!("/v1/newsroom/{list}");
        let made = admin.post(&path, sent.clone()).send().await.expect(201);
        let read = admin.get(format!("{path}/{}", made.id())).send().await.expect(200);
        for (member, value) in sent.as_object().unwrap() {
            assert_eq!(read.at(&format!("/{member}")), value, "{member} of {list}");
        }
        for (member, value) in sent.as_object().unwrap() {
            let Value::String(text) = value else { continue };
            if ["kind", "role", "email", "slug"].contains(&member.as_str()) {
                continue;
            }
            let mut longer = sent.clone();
            longer[member] = json!(format!("{text}{}", "x".repeat(5001)));
            let refused = admin.post(&path, longer).send().await.expect(422);
            assert!(refused.faults().contains(&format!("/{member} max_length")), "{refused}");
        }
    }
    let path = format!("/v1/newsroom/articles?sort=headline&limit=1&q={}", "x".repeat(100));
    admin.get(path).send().await.expect(200);
}

#[actix_web::test]
async fn names_that_grow_when_they_are_folded_are_stored_too() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    // One character that folds to eighteen, and others that fold to several each.
    let growing: String = (0..120u32)
        .filter_map(|n| if n % 3 == 0 { Some('\u{fdfa}') } else { char::from_u32(0x3300 + (n * 37) % 0x58) })
        .collect();
    for list in ["topics", "authors"] {
        let path = format!("/v1/newsroom/{list}");
        let made = admin.post(&path, json!({ "name": growing })).send().await.expect(201);
        assert_eq!(made.at("/name"), &json!(growing));
        let found = admin.get(&path).query(&[("q", "\u{fdfa}")]).send().await.expect(200);
        assert_eq!(found.texts_in("/data", "/name"), [growing.as_str()]);
    }
}

#[actix_web::test]
async fn more_different_words_than_an_index_takes_can_be_published_and_found() {
    let stage = Stage::set().await;
    let plain = |n: u32| format!("w{n:x}ings");
    // Each is kept twice, as it is and as its stem, and of four bytes a character.
    let wide = |n: u32| format!("{}{n:x}ings", "\u{10330}\u{10331}\u{10332}\u{10333}\u{10334}".repeat(30));
    for (slug, word) in [("plain", &plain as &dyn Fn(u32) -> String), ("wide", &wide)] {
        let mut content = String::with_capacity(MUCH);
        for number in 0.. {
            let next = word(number);
            if content.len() + next.len() + 2 > MUCH {
                break;
            }
            content.push_str(&next);
            content.push_str(if number % 100 == 99 { "\n\n" } else { " " });
        }
        let body = json!({ "slug": slug, "body": { "format": "text", "content": content } });
        let story = stage.live(slug, body).await;
        let found = stage.reader.get("/v1/articles").query(&[("q", &word(17))]).send().await.expect(200);
        assert_eq!(found.texts_in("/data", "/slug"), [slug]);
        let page = stage.read(&format!("{}?body_format=text", story.public())).await;
        assert_eq!(page.text_at("/body/text").split_whitespace().count(), content.split_whitespace().count());
    }
}
