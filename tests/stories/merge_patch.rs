//! Merge-patch, RFC 7396: what is not named stays, at every depth; `null` takes away.

use crate::support::{TestApp, json};

const ARTICLES: &str = "/v1/newsroom/articles";
const MEDIA: &str = "/v1/newsroom/media";

#[actix_web::test]
async fn a_part_of_the_picture_changes_and_the_rest_of_it_stays() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let (first, second) = (app.picture().await, app.picture().await);
    let hero = json!({ "media": first, "alt": "A mine", "caption": "In the snow.", "credit_line": "Wire" });
    let article = json!({ "headline": "Ore", "hero": hero });
    let made = editor.post(ARTICLES, article).send().await.expect(201);
    let after = async |hero: serde_json::Value| {
        let answer = editor.patch(made.place(), json!({ "hero": hero })).send().await.expect(200);
        let part = |name: &str| answer.at(&format!("/hero/{name}")).clone();
        json!([part("media/id"), part("alt"), part("caption"), part("credit_line")])
    };
    assert_eq!(after(json!({})).await, json!([first, "A mine", "In the snow.", "Wire"]));
    assert_eq!(after(json!({ "caption": null })).await, json!([first, "A mine", null, "Wire"]));
    assert_eq!(after(json!({ "caption": "At dusk." })).await, json!([first, "A mine", "At dusk.", "Wire"]));
    assert_eq!(after(json!({ "media": second })).await, json!([second, "A mine", "At dusk.", "Wire"]));
    assert_eq!(
        after(json!({ "media": first, "alt": null, "credit_line": "Me" })).await,
        json!([first, null, "At dusk.", "Me"])
    );
    let refused = editor.patch(made.place(), json!({ "hero": { "media": null } })).send().await.expect(422);
    assert!(refused.faults().iter().all(|fault| fault.starts_with("/hero/media")), "{refused}");
    let unknown = editor.patch(made.place(), json!({ "hero": { "media": "nothing" } })).send().await.expect(422);
    assert_eq!(unknown.faults(), ["/hero/media unknown_media"]);
    let gone = editor.patch(made.place(), json!({ "hero": null })).send().await.expect(200);
    assert_eq!(gone.at("/hero"), &json!(null));
    let empty = editor.patch(made.place(), json!({ "hero": { "alt": "Of what?" } })).send().await.expect(422);
    assert_eq!(empty.faults(), ["/hero/media required"]);
    assert_eq!(after(json!({ "media": second })).await, json!([second, null, null, null]));
}

#[actix_web::test]
async fn a_picture_that_is_put_whole_is_that_and_no_more() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let picture = app.picture().await;
    let path = format!("{ARTICLES}/by-external-id/wire/n1");
    let story = |hero: serde_json::Value| json!({ "headline": "Ore", "hero": hero });
    let whole = json!({ "media": picture, "caption": "In the snow." });
    editor.put(&path, story(whole)).without_condition().send().await.expect(201);
    let put = editor.put(&path, story(json!({ "media": picture }))).send().await.expect(200);
    assert_eq!(put.at("/hero/caption"), &json!(null));
}

#[actix_web::test]
async fn one_side_of_a_focal_point_changes_and_the_other_stays() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let asset = json!({ "url": "https://media.example.org/a.jpg", "mime_type": "image/jpeg" });
    let made = editor.post(MEDIA, asset).send().await.expect(201);
    let path = format!("{MEDIA}/{}", made.id());
    let patch = async |point: serde_json::Value| editor.patch(&path, json!({ "focal_point": point })).send().await;
    assert_eq!(patch(json!({ "x": 0.5 })).await.expect(422).faults(), ["/focal_point/y required"]);
    assert_eq!(patch(json!({})).await.expect(422).faults(), ["/focal_point/x required", "/focal_point/y required"]);
    patch(json!({ "x": 0.5, "y": 0.25 })).await.expect(200);
    assert_eq!(patch(json!({ "x": 0.75 })).await.expect(200).at("/focal_point"), &json!({ "x": 0.75, "y": 0.25 }));
    assert_eq!(patch(json!({ "y": 1 })).await.expect(200).at("/focal_point"), &json!({ "x": 0.75, "y": 1.0 }));
    assert_eq!(patch(json!({})).await.expect(200).at("/focal_point"), &json!({ "x": 0.75, "y": 1.0 }));
    patch(json!({ "x": null })).await.expect(422);
    assert_eq!(patch(json!(null)).await.expect(200).at("/focal_point"), &json!(null));
}
