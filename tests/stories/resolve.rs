//! What stands at a path of the site.

use crate::support::{Stage, json};

#[actix_web::test]
async fn a_path_leads_to_what_stands_there_or_to_where_it_stands_now() {
    let stage = Stage::set().await;
    stage.region("europe", "Europe", "editorial", None).await;
    let story = stage.live("One", json!({})).await;
    let about = stage.live("About", json!({ "type": "page", "primary_region": null })).await;
    let place = async |path: &str| stage.read(&format!("/v1/resolve?path={path}")).await;

    let here = place("/asia/one").await;
    assert_eq!(
        here.json(),
        &json!({
            "kind": "article", "id": story.id, "slug": "one", "path": "/asia/one", "redirect_to": null,
        })
    );
    assert_eq!(place("/asia").await.at("/kind"), "region");
    assert_eq!(place("/about").await.at("/id"), &json!(about.id));
    for elsewhere in ["/europe/one", "/one", "/asia/one/"] {
        assert_eq!(place(elsewhere).await.at("/redirect_to"), "/asia/one", "{elsewhere}");
    }
    stage.editor.patch(story.staff(), json!({ "slug": "two", "primary_region": "europe" })).send().await.expect(200);
    stage.app.set_clock("2026-01-05T09:00:00Z");
    stage.publish(&story, json!({})).await;
    assert_eq!(place("/asia/one").await.at("/redirect_to"), "/europe/two");
}

#[actix_web::test]
async fn where_nothing_stands_there_is_nothing() {
    let stage = Stage::set().await;
    stage.draft("Draft", json!({})).await;
    stage.live("One", json!({})).await;
    for path in [
        "/",
        "/asia/draft",
        "/atlantis/one",
        "/asia/one/two",
        "/asia/0198c0de-7000-7000-8000-000000000001",
        "/ASIA",
        "/a b",
    ] {
        stage.reader.get("/v1/resolve").query(&[("path", path)]).send().await.expect(404);
    }
    for query in ["", "?path=", "?path=asia", "?path=/asia&x=1"] {
        stage.reader.get(format!("/v1/resolve{query}")).send().await.expect(400);
    }
}
