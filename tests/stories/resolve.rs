//! What stands at a path of the site.

use dateline::base::error::Result;
use dateline::desk::regions::world::{Loaded, load_world};
use dateline::store::Tx;
use dateline::store::records::Doer;

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

#[actix_web::test]
async fn no_page_and_no_region_have_one_address() {
    let stage = Stage::set().await;
    let admin = stage.app.admin().await;
    let regions = "/v1/newsroom/regions";
    let region = |slug: &str| json!({ "slug": slug, "name": slug, "kind": "editorial" });
    let page = json!({ "type": "page", "primary_region": null });

    // A page cannot go live, nor be planned, where a region is or was.
    let asia = stage.draft("Asia", page.clone()).await;
    let at = |path: &str| format!("{}/{path}", asia.staff());
    for plan in [json!({}), json!({ "at": "2026-02-01T00:00:00Z" })] {
        let refused = stage.editor.post(at("publish"), plan).send().await.expect(409);
        assert_eq!((refused.code(), refused.faults()), ("conflict", vec!["/slug taken".to_owned()]));
        assert!(refused.text_at("/detail").contains("/asia"), "{refused}");
    }
    let other = admin.post(regions, region("africa")).send().await.expect(201);
    let place = format!("{regions}/{}", other.id());
    admin.patch(&place, json!({ "slug": "the-continent" })).send().await.expect(200);
    let africa = stage.draft("Africa", page.clone()).await;
    stage.editor.post(format!("{}/publish", africa.staff()), json!({})).send().await.expect(409);
    // In a section it has another address, and so has it under another slug.
    stage.editor.patch(africa.staff(), json!({ "primary_region": "asia" })).send().await.expect(200);
    stage.publish(&africa, json!({})).await;
    stage.editor.patch(asia.staff(), json!({ "slug": "asia-and-us" })).send().await.expect(200);
    stage.publish(&asia, json!({})).await;

    // No region comes where a page is or will be; of what is planned it is told no more than of what is live.
    let about = stage.live("About", page.clone()).await;
    let soon = stage.draft("Imprint", page).await;
    stage.publish(&soon, json!({ "at": "2026-02-01T00:00:00Z" })).await;
    for slug in ["about", "imprint"] {
        let refused = admin.post(regions, region(slug)).send().await.expect(409);
        assert_eq!(refused.faults(), ["/slug taken"]);
        let renamed = admin.patch(&place, json!({ "slug": slug })).send().await.expect(409);
        assert_eq!((renamed.faults(), renamed.at("/detail")), (refused.faults(), refused.at("/detail")));
    }
    let named = json!({ "name": "About", "kind": "editorial" });
    let numbered = admin.post(regions, named).send().await.expect(201);
    assert_eq!(numbered.text_at("/slug"), "about-2");
    // When the page has ended, its address is free.
    stage.editor.post(format!("{}/unpublish", about.staff()), json!({})).send().await.expect(200);
    admin.post(regions, region("about")).send().await.expect(201);
    stage.editor.post(format!("{}/publish", about.staff()), json!({})).send().await.expect(409);
}

#[actix_web::test]
async fn of_a_page_and_a_region_that_want_one_address_at_once_one_gets_it() {
    let stage = Stage::set().await;
    let admin = stage.app.admin().await;
    for round in 0..8 {
        let slug = format!("place-{round}x");
        let page = json!({ "type": "page", "primary_region": null, "slug": slug });
        let page = stage.draft("Page", page).await;
        let region = json!({ "slug": slug, "name": slug, "kind": "editorial" });
        let publish = stage.editor.post(format!("{}/publish", page.staff()), json!({})).send();
        let make = admin.post("/v1/newsroom/regions", region).send();
        let (published, made) = futures_util::future::join(publish, make).await;
        assert!([(200, 409), (409, 201)].contains(&(published.status(), made.status())), "{published} {made}");
    }
}

#[actix_web::test]
async fn the_world_leaves_the_pages_of_the_site_their_addresses() {
    let stage = Stage::set().await;
    let page = stage.live("Japan", json!({ "type": "page", "primary_region": null })).await;
    let now = stage.app.now();
    let load = async |tx: &mut Tx| -> Result<Loaded> { load_world(tx, &Doer::default(), now, &|_| ()).await };
    let database = &stage.app.shared().database;
    assert_eq!(database.write(load).await.expect("the world"), Loaded { added: 281, kept: 1 });
    assert_eq!(stage.read("/v1/resolve?path=/japan").await.id(), page.id);
    assert_eq!(stage.read("/v1/regions/japan-2").await.text_at("/iso2"), "JP");
    assert_eq!(database.write(load).await.expect("the world"), Loaded { added: 0, kept: 282 });
}
