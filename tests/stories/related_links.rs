//! Related links: one by one, as a whole list, in the body, and backwards.

use crate::support::{Actor, Answer, TestApp, json};

fn read_more(article: &Answer) -> serde_json::Value {
    json!({ "kind": "read_more", "target": { "id": article.id() } })
}

async fn links(by: &Actor, article: &Answer) -> Answer {
    by.get(format!("{}/related", article.place())).send().await.expect(200)
}

#[actix_web::test]
async fn links_are_added_moved_changed_and_removed_one_by_one() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let (from, one, two) = (editor.drafts("From").await, editor.drafts("One").await, editor.drafts("Two").await);
    let related = format!("{}/related", from.place());
    let first = editor.post(&related, read_more(&one)).send().await.expect(201);
    assert_eq!((first.header("etag"), first.text_at("/target/headline")), ("\"2\"", "One"));
    assert_eq!(editor.get(first.header("location")).send().await.expect(200).id(), first.id());
    let before = json!({ "kind": "related", "target": { "slug": "two" }, "position": 0 });
    editor.post(&related, before).if_match("2").send().await.expect(201);
    assert_eq!(links(&editor, &from).await.texts_in("/data", "/target/slug"), ["two", "one"]);
    let move_up = json!({ "position": 0, "title": "Read this first" });
    let place = format!("{related}/{}", first.id());
    let moved = editor.patch(&place, move_up).send().await.expect(200);
    assert_eq!((moved.id(), moved.text_at("/title")), (first.id(), "Read this first"));
    assert_eq!(links(&editor, &from).await.texts_in("/data", "/target/slug"), ["one", "two"]);
    let removed = editor.delete(&place).if_match("4").send().await.expect(204);
    assert_eq!(removed.header("etag"), "\"5\"");
    editor.delete(&place).send().await.expect(404);
    assert_eq!(links(&editor, &from).await.texts_in("/data", "/target_id"), [two.id()]);
}

#[actix_web::test]
async fn the_whole_list_is_replaced_and_what_stays_keeps_its_id() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let (from, one, two) = (editor.drafts("From").await, editor.drafts("One").await, editor.drafts("Two").await);
    let related = format!("{}/related", from.place());
    let list = json!({ "related": [read_more(&one), read_more(&two)] });
    let first = editor.put(&related, list).send().await.expect(200);
    let outside = json!({ "kind": "external", "target": { "url": "https://example.org/a", "title": "Elsewhere" } });
    let list = json!({ "related": [read_more(&two), outside, read_more(&one)] });
    let second = editor.put(&related, list).send().await.expect(200);
    assert_eq!(second.at("/data/0/id"), first.at("/data/1/id"));
    assert_eq!(second.at("/data/2/id"), first.at("/data/0/id"));
    assert_eq!(second.text_at("/data/1/title"), "Elsewhere");
    editor.put(&related, json!({ "related": [] })).send().await.expect(200);
    assert_eq!(app.rows("related_links").await, 0);
}

#[actix_web::test]
async fn links_that_cannot_be_are_refused() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let (from, one) = (editor.drafts("From").await, editor.drafts("One").await);
    let related = format!("{}/related", from.place());
    let post = async |link: serde_json::Value| editor.post(&related, link).send().await.expect(422).faults();
    assert_eq!(post(read_more(&from)).await, ["/target self_link"]);
    assert_eq!(post(json!({ "kind": "inline", "target": { "id": one.id() } })).await, ["/kind inline"]);
    assert_eq!(post(json!({ "kind": "related", "target": {} })).await, ["/target one_target"]);
    assert_eq!(post(json!({ "kind": "related", "target": { "slug": "no-such" } })).await, ["/target unknown_article"]);
    let bad = json!({ "kind": "external", "target": { "url": "javascript:alert(1)", "title": "No" } });
    assert_eq!(post(bad).await, ["/target/url url"]);
    let untitled = json!({ "kind": "external", "target": { "url": "https://example.org" } });
    assert_eq!(post(untitled).await, ["/target/title required"]);
    let inside = json!({ "kind": "external", "target": { "id": one.id(), "title": "No" } });
    assert_eq!(post(inside).await, ["/target/url required"]);
    let link = editor.post(&related, read_more(&one)).send().await.expect(201);
    let place = format!("{related}/{}", link.id());
    let refused = editor.patch(place, json!({ "kind": "external" })).send().await.expect(422);
    assert_eq!(refused.faults(), ["/kind leads_inside"]);
    assert_eq!(post(read_more(&one)).await, ["/target repeated"]);
    let twice = json!({ "related": [read_more(&one), read_more(&one)] });
    assert_eq!(editor.put(&related, twice).send().await.expect(422).faults(), ["/related/1/target repeated"]);
    let outside =
        |n: usize| json!({ "kind": "external", "target": { "url": format!("https://example.org/{n}"), "title": "x" } });
    let many: Vec<_> = (0..101).map(outside).collect();
    assert_eq!(
        editor.put(&related, json!({ "related": many })).send().await.expect(422).faults(),
        ["/related max_items"]
    );
    let full: Vec<_> = (0..100).map(outside).collect();
    editor.put(&related, json!({ "related": full })).send().await.expect(200);
    assert_eq!(post(outside(100)).await, [" max_items"]);
}

#[actix_web::test]
async fn two_articles_may_link_to_each_other_even_at_once() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let (a, b) = (editor.drafts("A").await, editor.drafts("B").await);
    for _ in 0..5 {
        let forth = editor.put(format!("{}/related", a.place()), json!({ "related": [read_more(&b)] })).send();
        let back = editor.put(format!("{}/related", b.place()), json!({ "related": [read_more(&a)] })).send();
        let (forth, back) = futures_util::future::join(forth, back).await;
        forth.expect(200);
        back.expect(200);
    }
    let backwards = editor.get(format!("{}/backlinks", a.place())).send().await.expect(200);
    assert_eq!(backwards.texts_in("/data", "/article/id"), [b.id()]);
    assert_eq!(backwards.texts_in("/data", "/kind"), ["read_more"]);
}

#[actix_web::test]
async fn an_article_that_one_may_not_see_cannot_be_linked_to() {
    let app = TestApp::start().await;
    app.region("japan", None).await;
    let (editor, contributor) = (app.editor().await, app.contributor().await);
    let (hidden, live) = (editor.drafts("Hidden").await, editor.writes("Open to all", "japan").await);
    editor.publishes(&live).await;
    editor.patch(live.place(), json!({ "headline": "Not out yet" })).send().await.expect(200);
    let own = contributor.drafts("Own").await;
    let related = format!("{}/related", own.place());
    let refused = contributor.post(&related, read_more(&hidden)).send().await.expect(422);
    let nowhere = json!({ "kind": "read_more", "target": { "id": "0198c0de-7000-7000-8000-00000000ffff" } });
    let absent = contributor.post(&related, nowhere).send().await.expect(422);
    let told =
        |answer: &Answer| answer.text_at("/detail").replace("0198c0de-7000-7000-8000-00000000ffff", &hidden.id());
    assert_eq!((refused.faults(), told(&refused)), (absent.faults(), told(&absent)));
    let linked = contributor.post(&related, read_more(&live)).send().await.expect(201);
    assert_eq!(linked.text_at("/target/headline"), "Open to all");
    editor.post(&related, read_more(&hidden)).send().await.expect(201);
    let seen = links(&contributor, &own).await;
    assert_eq!((seen.at("/data/1/target_id"), seen.at("/data/1/target")), (&json!(hidden.id()), &json!(null)));
    let same = json!({ "related": [read_more(&hidden), read_more(&live)] });
    contributor.put(&related, same).send().await.expect(200);
    let backwards = contributor.get(format!("{}/backlinks", hidden.place())).send().await;
    backwards.expect(404);
}

#[actix_web::test]
async fn a_link_in_the_body_becomes_an_inline_link_and_follows_the_body() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let (other, third) = (editor.drafts("China May Lift Retirement Age").await, editor.drafts("Third").await);
    let html = "<p>Before</p><p>Also on DL: <a href=\"/asia/china-may-lift-retirement-age\">China May Lift</a></p>";
    let article = json!({
        "headline": "With a link inside", "body": { "format": "html", "content": html }, "related": [read_more(&third)],
    });
    let made = editor.post("/v1/newsroom/articles", article).send().await.expect(201);
    assert_eq!(made.texts_in("/related", "/kind"), ["inline", "read_more"]);
    assert_eq!(made.texts_in("/related", "/target_id"), [other.id(), third.id()]);
    assert_eq!(made.at("/related/0/block_id"), made.at("/body/blocks/1/id"));
    let inline = format!("{}/related/{}", made.place(), made.text_at("/related/0/id"));
    editor.get(&inline).send().await.expect(200);
    for refused in [editor.patch(&inline, json!({ "position": 0 })), editor.delete(&inline)] {
        let refused = refused.send().await.expect(409);
        assert_eq!(refused.code(), "illegal_move");
        assert!(refused.text_at("/detail").contains("made from the body"), "{refused}");
    }
    let renamed = editor.patch(made.place(), json!({ "headline": "Renamed" })).send().await.expect(200);
    assert_eq!(renamed.at("/related"), made.at("/related"));
    let without = editor.patch(made.place(), json!({ "related": [] })).send().await.expect(200);
    assert_eq!(without.texts_in("/related", "/kind"), ["inline"]);
    let emptied = editor.patch(made.place(), json!({ "body": null })).send().await.expect(200);
    assert_eq!(emptied.at("/related"), &json!([]));
}
