//! Articles by the name that another system has for them.

use crate::support::{TestApp, json, with};

const PLACE: &str = "/v1/newsroom/articles/by-external-id/wire/tr:20230314-battery-metals";

#[actix_web::test]
async fn the_same_external_id_twice_is_one_article() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let sent = json!({ "headline": "From the wire", "summary": "First take" });
    let made = editor.put(PLACE, sent).send().await.expect(201);
    assert_eq!(made.header("location"), made.place());
    let sent = json!({ "headline": "From the wire, updated", "external_ids": [{ "scheme": "cue", "value": "7" }] });
    let again = editor.put(PLACE, sent).send().await.expect(200);
    assert_eq!((again.id(), again.header("etag")), (made.id(), "\"2\""));
    assert_eq!(again.text_at("/summary"), "First take");
    assert_eq!(again.texts_in("/external_ids", "/scheme"), ["cue", "wire"]);
    let third = editor.put(PLACE, json!({ "headline": "Third" })).send().await.expect(200);
    assert_eq!(third.at("/external_ids"), again.at("/external_ids"));
    assert_eq!(editor.get(PLACE).send().await.expect(200).id(), made.id());
    assert_eq!(app.rows("articles").await, 1);
}

#[actix_web::test]
async fn many_at_once_are_one_article() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let all = (0..12).map(|n| editor.put(PLACE, json!({ "headline": format!("Take {n}") })).send());
    let mut statuses: Vec<u16> =
        futures_util::future::join_all(all).await.iter().map(crate::support::Answer::status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![200; 11], vec![201]].concat());
    assert_eq!((app.rows("articles").await, app.rows("article_revisions").await), (1, 12));
}

#[actix_web::test]
async fn a_condition_is_optional_but_holds() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let sent = json!({ "headline": "Conditional" });
    editor.put(PLACE, sent.clone()).if_match("1").send().await.expect(412);
    assert_eq!(app.rows("articles").await, 0);
    editor.put(PLACE, sent.clone()).send().await.expect(201);
    editor.put(PLACE, sent.clone()).if_match("1").send().await.expect(200);
    let changed = json!({ "headline": "Conditional", "summary": "On what?" });
    editor.put(PLACE, changed).if_match("1").send().await.expect(200);
    editor.put(PLACE, sent).if_match("1").send().await.expect(412);
}

#[actix_web::test]
async fn who_only_wants_to_make_one_changes_none() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let put = |headline: &str| editor.put(PLACE, json!({ "headline": headline })).header("if-none-match", "*");
    put("First").send().await.expect(201);
    let known = put("Second").send().await.expect(412);
    assert_eq!((known.text_at("/current/etag"), known.text_at("/current/verb")), ("\"1\"", "created"));
    assert_eq!(editor.get(PLACE).send().await.expect(200).at("/headline"), "First");
    let both = put("Third").if_match("1").send().await.expect(400);
    assert_eq!(both.at("/errors/0/parameter"), "If-None-Match");
    editor.put(PLACE, json!({ "headline": "Fourth" })).header("if-none-match", "\"1\"").send().await.expect(400);
}

#[actix_web::test]
async fn names_of_other_systems_come_back_as_they_were() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    for value in ["a/b", "50%", "a+b c", "é", "%2F", "?#&"] {
        let place = format!("/v1/newsroom/articles/by-external-id/wire/{}", encoded(value));
        let made = editor.put(&place, json!({ "headline": "Named" })).send().await.expect(201);
        assert_eq!(made.text_at("/external_ids/0/value"), value);
        assert_eq!(editor.get(&place).send().await.expect(200).id(), made.id());
    }
    for place in ["Wire/1", "wire%20x/1", "-wire/1", "wire/%00", "wire/none"] {
        editor.get(format!("/v1/newsroom/articles/by-external-id/{place}")).send().await.expect(404);
    }
}

#[actix_web::test]
async fn an_external_id_belongs_to_one_article_and_to_those_who_may_see_it() {
    let app = TestApp::start().await;
    let (editor, contributor) = (app.editor().await, app.contributor().await);
    let sent = json!({ "headline": "First", "external_ids": [{ "scheme": "wire", "value": "1" }] });
    editor.post("/v1/newsroom/articles", sent.clone()).send().await.expect(201);
    let second = with(sent, json!({ "headline": "Second" }));
    editor.post("/v1/newsroom/articles", second).send().await.expect(409);
    let place = "/v1/newsroom/articles/by-external-id/wire/1";
    contributor.get(place).send().await.expect(404);
    contributor.put(place, json!({ "headline": "Taken over" })).send().await.expect(404);
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |encoded, byte| encoded + &format!("%{byte:02X}"))
}
