//! Two who give and take slugs at the same moment.

use futures_util::future::join;

use crate::support::{Answer, TestApp, json};

const NOUNS: [&str; 4] = ["authors", "regions", "topics", "media"];

fn new(noun: &str, slug: &str) -> serde_json::Value {
    match noun {
        "media" => json!({ "slug": slug, "url": "https://media.example.org/a.jpg", "mime_type": "image/jpeg" }),
        "regions" => json!({ "slug": slug, "name": slug, "kind": "editorial" }),
        _ => json!({ "slug": slug, "name": slug }),
    }
}

fn place(noun: &str, thing: &Answer) -> String {
    format!("/v1/newsroom/{noun}/{}", thing.id())
}

#[actix_web::test]
async fn nobody_takes_a_slug_that_another_one_is_leaving() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for noun in NOUNS {
        let all = format!("/v1/newsroom/{noun}");
        for round in 0..6 {
            let slug = |name: &str| format!("{name}-in-round{round}");
            let first = admin.post(&all, new(noun, &slug("present"))).send().await.expect(201);
            let second = admin.post(&all, new(noun, &slug("other"))).send().await.expect(201);
            let leave = admin.patch(place(noun, &first), json!({ "slug": slug("next") })).send();
            let take = admin.patch(place(noun, &second), json!({ "slug": slug("present") })).send();
            let make = admin.post(&all, new(noun, &slug("present"))).send();
            let (left, (taken, made)) = join(leave, join(take, make)).await;
            left.expect(200);
            assert_eq!(taken.expect(409).faults(), ["/slug taken"], "{noun}");
            assert_eq!(made.expect(409).faults(), ["/slug taken"], "{noun}");
            let found = admin.get(format!("{all}/{}", slug("present"))).send().await.expect(200);
            assert_eq!(found.id(), first.id(), "{noun}");
        }
    }
}

#[actix_web::test]
async fn two_that_want_each_others_slugs_are_both_refused_and_none_waits_for_ever() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for noun in NOUNS {
        let all = format!("/v1/newsroom/{noun}");
        let first = admin.post(&all, new(noun, "one-way")).send().await.expect(201);
        let second = admin.post(&all, new(noun, "the-other")).send().await.expect(201);
        for _ in 0..6 {
            let forth = admin.patch(place(noun, &first), json!({ "slug": "the-other" })).send();
            let back = admin.patch(place(noun, &second), json!({ "slug": "one-way" })).send();
            let (forth, back) = join(forth, back).await;
            forth.expect(409);
            back.expect(409);
        }
    }
}
