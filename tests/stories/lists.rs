//! What all lists have in common: an order that can be turned round, a count for those who ask, and members to choose.

use crate::support::{Actor, TestApp, json};

/// A list, the order it has without being asked, and the same turned round.
const LISTS: &[(&str, &str, &str)] = &[
    ("/v1/authors", "name", "-name"),
    ("/v1/topics", "name", "-name"),
    ("/v1/regions", "name", "-name"),
    ("/v1/newsroom/authors", "name", "-name"),
    ("/v1/newsroom/topics", "name", "-name"),
    ("/v1/newsroom/regions", "name", "-name"),
    ("/v1/newsroom/media", "-created_at", "created_at"),
    ("/v1/newsroom/users", "name", "-name"),
    ("/v1/newsroom/tokens", "-created_at", "created_at"),
];

/// A newsroom with three of everything.
async fn newsroom(app: &TestApp) -> Actor {
    let admin = app.admin().await;
    app.contributor().await;
    app.author().await;
    for name in ["Chile", "Angola", "Bhutan"] {
        admin.post("/v1/newsroom/topics", json!({ "name": name })).send().await.expect(201);
        admin.post("/v1/newsroom/authors", json!({ "name": name })).send().await.expect(201);
        admin.post("/v1/newsroom/regions", json!({ "name": name, "kind": "country" })).send().await.expect(201);
        let asset =
            json!({ "mime_type": "image/jpeg", "url": format!("https://media.example.org/{name}.jpg"), "alt": name });
        admin.post("/v1/newsroom/media", asset).send().await.expect(201);
        admin
            .post("/v1/newsroom/tokens", json!({ "name": name, "scopes": ["newsroom:read"] }))
            .send()
            .await
            .expect(201);
    }
    admin
}

/// The ids of the whole list, page by page.
async fn walked(by: &Actor, list: &str, sort: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut cursor = None;
    loop {
        let mut query = vec![("sort", sort.to_owned()), ("limit", "2".to_owned())];
        query.extend(cursor.map(|cursor| ("cursor", cursor)));
        let query: Vec<(&str, &str)> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let page = by.get(list).query(&query).send().await.expect(200);
        ids.extend(page.texts_in("/data", "/id").into_iter().map(str::to_owned));
        match page.at("/meta/next_cursor").as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => return ids,
        }
    }
}

#[actix_web::test]
async fn every_list_can_be_turned_round_and_counted_and_cut_down() {
    let app = TestApp::start().await;
    let admin = newsroom(&app).await;
    for (list, usual, reverse) in LISTS {
        let by = if list.starts_with("/v1/newsroom") { &admin } else { &app.reader() };
        let whole = by.get(*list).query(&[("limit", "100"), ("include_total", "true")]).send().await.expect(200);
        let ids: Vec<&str> = whole.texts_in("/data", "/id");
        assert!(ids.len() >= 3, "{list} is too short to tell");
        assert_eq!(whole.at("/meta/total"), ids.len(), "{list}");
        assert_eq!(walked(by, list, usual).await, ids, "{list} by {usual}");
        let turned: Vec<&str> = ids.iter().rev().copied().collect();
        assert_eq!(walked(by, list, reverse).await, turned, "{list} by {reverse}");
        let cut = by.get(*list).query(&[("fields", "id"), ("limit", "1")]).send().await.expect(200);
        assert_eq!(cut.at("/data"), &json!([{ "id": ids[0] }]), "{list}");
        by.get(*list).query(&[("sort", "shoe_size")]).send().await.expect(400);
        by.get(*list).query(&[("fields", "shoe_size")]).send().await.expect(400);
    }
}

#[actix_web::test]
async fn every_single_thing_can_be_cut_down() {
    let app = TestApp::start().await;
    let admin = newsroom(&app).await;
    let draft = admin.drafts("Tides").await;
    let reader = app.reader();
    for place in ["authors", "topics", "regions"] {
        for (by, face) in [(&admin, "/v1/newsroom"), (&reader, "/v1")] {
            let cut = by.get(format!("{face}/{place}/chile?fields=slug")).send().await.expect(200);
            assert_eq!(cut.json(), &json!({ "slug": "chile" }), "{face}/{place}");
        }
    }
    let cut = admin.get(format!("{}?fields=headline,body", draft.place())).send().await.expect(200);
    assert_eq!(cut.at("/headline"), "Tides");
    assert!(cut.json().get("slug").is_none(), "{cut}");
}

#[actix_web::test]
async fn a_former_section_leads_to_the_same_page_of_the_present_one() {
    let app = TestApp::start().await;
    let admin = newsroom(&app).await;
    let found = admin.get("/v1/newsroom/regions/chile?fields=id").send().await.expect(200);
    let place = format!("/v1/newsroom/regions/{}", found.text_at("/id"));
    admin.patch(place, json!({ "slug": "chile-and-islands" })).send().await.expect(200);
    let moved = app.reader().get("/v1/pages/region/chile?limit=5&fields=lead").send().await.expect(301);
    assert_eq!(moved.header("location"), "/v1/pages/region/chile-and-islands?fields=lead&limit=5");
}
