//! Authors: profiles that editors keep and everybody reads.

use crate::support::{Actor, Answer, TestApp, json, published};

const AUTHORS: &str = "/v1/newsroom/authors";

async fn author(by: &Actor, name: &str) -> Answer {
    by.post(AUTHORS, json!({ "name": name })).send().await.expect(201)
}

fn staff_path(author: &Answer) -> String {
    format!("{AUTHORS}/{}", author.id())
}

async fn merge(by: &Actor, stays: &Answer, ends: &Answer) -> Answer {
    by.post(format!("{}/merge", staff_path(stays)), json!({ "absorb": ends.id() })).send().await
}

async fn leads_to(reader: &Actor, from: &str, to: &str) {
    let moved = reader.get(format!("/v1/authors/{from}")).send().await.expect(301);
    assert_eq!(moved.header("location"), format!("/v1/authors/{to}"), "{from}");
    let moved = reader.get(format!("/v1/authors/{from}?fields=id")).send().await.expect(301);
    assert_eq!(moved.header("location"), format!("/v1/authors/{to}?fields=id"), "{from}");
}

/// A news article in a region of its own.
async fn article_by(app: &TestApp, headline: &str, bylines: serde_json::Value) {
    let admin = app.admin().await;
    admin.post("/v1/newsroom/regions", json!({ "name": headline, "kind": "editorial" })).send().await.expect(201);
    let body = json!({ "format": "text", "content": "Words." });
    let region = headline.to_lowercase();
    published(app, json!({ "headline": headline, "primary_region": region, "body": body, "bylines": bylines })).await;
}

#[actix_web::test]
async fn a_profile_is_public_except_for_the_address() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.reader());
    let picture = json!({ "url": "https://media.example.org/sean.jpg", "mime_type": "image/jpeg", "alt": "Sean" });
    editor.post("/v1/newsroom/media", picture).send().await.expect(201);
    let profile = json!({
        "name": "Sean O’Mara", "slug": "sean-o-mara", "job_title": "Asia correspondent", "bio": "Writes about metals.",
        "location": "Sapporo", "email": "sean@example.org", "avatar": "sean",
        "links": [{ "kind": "website", "label": "Notes", "url": "https://example.org/sean" }],
    });
    let made = editor.post(AUTHORS, profile).send().await.expect(201);
    assert_eq!(made.header("location"), staff_path(&made));
    assert_eq!(made.at("/email"), "sean@example.org");
    assert_eq!(made.at("/avatar/alt"), "Sean");
    let read = reader.get("/v1/authors/sean-o-mara").send().await.expect(200);
    assert_eq!(read.at("/name"), "Sean O’Mara");
    assert_eq!(read.at("/avatar/url"), "https://media.example.org/sean.jpg");
    assert_eq!(read.at("/links/0/kind"), "website");
    let list = reader.get("/v1/authors").send().await.expect(200);
    assert_eq!(list.at("/data/0"), read.json());
    for answer in [&read, &list] {
        assert!(!answer.text().contains("sean@example.org"), "{answer}");
    }
    assert!(reader.get("/v1/authors?fields=email").send().await.expect(400).text().contains("unknown_field"));
}

#[actix_web::test]
async fn an_author_is_changed_member_by_member() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = author(&editor, "Mia Lindqvist").await;
    let first = json!({ "bio": "Came from radio.", "location": "Malmö" });
    editor.patch(staff_path(&made), first).send().await.expect(200);
    let changed = editor.patch(staff_path(&made), json!({ "location": null })).if_match("2").send().await.expect(200);
    assert_eq!(changed.at("/bio"), "Came from radio.");
    assert_eq!(changed.at("/location"), &json!(null));
    assert_eq!(changed.header("etag"), "\"3\"");
    editor.patch(staff_path(&made), json!({ "bio": "Old." })).if_match("2").send().await.expect(412);
}

#[actix_web::test]
async fn what_cannot_be_in_a_profile_is_named() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let profile = json!({
        "name": "Mia", "avatar": "nobody",
        "links": [{ "kind": "website", "url": "https://example.org" }, { "kind": "website", "url": "javascript:alert(1)" }],
    });
    let refused = editor.post(AUTHORS, profile).send().await.expect(422);
    assert_eq!(refused.faults(), ["/avatar unknown_media", "/links/1/url url"]);
    let film = json!({ "url": "https://media.example.org/mia.mp4", "mime_type": "video/mp4" });
    editor.post("/v1/newsroom/media", film).send().await.expect(201);
    let refused = editor.post(AUTHORS, json!({ "name": "Mia", "avatar": "mia" })).send().await.expect(422);
    assert_eq!(refused.faults(), ["/avatar not_an_image"]);
    let refused = editor.post(AUTHORS, json!({ "name": " ", "email": "at home" })).send().await.expect(422);
    assert_eq!(refused.faults(), ["/email format", "/name pattern"]);
}

#[actix_web::test]
async fn a_credit_line_means_the_older_of_two_who_share_a_name() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let older = author(&editor, "Sean O'Mara").await;
    let younger = author(&editor, "Sean O’Mara").await;
    assert_eq!((older.text_at("/slug"), younger.text_at("/slug")), ("sean-omara", "sean-omara-2"));
    for spelling in ["sean o'mara", "Sean O’Mara", "SEAN OʼMARA"] {
        let found = app.reader().get("/v1/authors").query(&[("q", spelling)]).send().await.expect(200);
        assert_eq!(found.texts_in("/data", "/id"), [older.id(), younger.id()], "{spelling}");
    }
    app.admin()
        .await
        .post("/v1/newsroom/regions", json!({ "name": "Mining", "kind": "editorial" }))
        .send()
        .await
        .expect(201);
    let body = json!({ "format": "text", "content": "Words." });
    let line = "Example Wire with additional editing by Sean O’Mara";
    let article = json!({ "headline": "Ore", "primary_region": "mining", "body": body, "credit_line": line });
    published(&app, article).await;
    let credited = "SELECT author_id::text FROM publication_authors WHERE role = 'additional_editing'";
    let credited = app.database().await.query(credited, &[]).await.unwrap();
    assert_eq!(credited.iter().map(|row| row.get(0)).collect::<Vec<String>>(), [older.id()]);
}

#[actix_web::test]
async fn a_renamed_author_keeps_former_slugs_with_one_hop_each() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.reader());
    let made = author(&editor, "Ana Reyes").await;
    for slug in ["ana-reyes-lopez", "ana-lopez"] {
        editor.patch(staff_path(&made), json!({ "slug": slug })).send().await.expect(200);
    }
    leads_to(&reader, "ana-reyes", "ana-lopez").await;
    leads_to(&reader, "ana-reyes-lopez", "ana-lopez").await;
    assert_eq!(editor.get(format!("{AUTHORS}/ana-reyes")).send().await.expect(200).id(), made.id());
    assert_eq!(author(&editor, "Ana Reyes").await.at("/slug"), "ana-reyes-2");
}

#[actix_web::test]
async fn a_merged_author_lives_on_in_the_one_that_took_it_in() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.reader());
    let (first, second, third) =
        (author(&editor, "S. O'Mara").await, author(&editor, "Sean OMara").await, author(&editor, "Sean O’Mara").await);
    editor.patch(staff_path(&first), json!({ "slug": "s-o-mara" })).send().await.expect(200);
    let both = json!([{ "author": first.id() }, { "author": second.id() }, { "author": third.id(), "role": "photo" }]);
    article_by(&app, "Copper", both).await;
    article_by(&app, "Nickel", json!([{ "author": first.id() }])).await;
    merge(&editor, &second, &first).await.expect(200);
    assert_eq!(merge(&editor, &third, &second).await.expect(200).at("/version"), 2);
    for slug in ["s-omara", "s-o-mara", "sean-omara"] {
        leads_to(&reader, slug, third.text_at("/slug")).await;
    }
    for ended in [&first, &second] {
        leads_to(&reader, &ended.id(), &third.id()).await;
        assert_eq!(editor.get(staff_path(ended)).send().await.expect(200).id(), third.id());
    }
    assert_eq!(reader.get("/v1/authors").send().await.expect(200).texts_in("/data", "/id"), [third.id()]);
    // Where both stood in one role one stays; another role is another byline.
    let database = app.database().await;
    for table in ["article_authors", "publication_authors"] {
        let rows = format!("SELECT author_id::text, role FROM {table} ORDER BY article_id, position");
        let rows = database.query(&rows, &[]).await.unwrap();
        let rows: Vec<(String, String)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        let by = |role: &str| (third.id(), role.to_owned());
        assert_eq!(rows, [by("author"), by("photo"), by("author")], "{table}");
    }
}

#[actix_web::test]
async fn an_author_merges_neither_with_itself_nor_with_who_is_none() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let (stays, ends) = (author(&editor, "Ida").await, author(&editor, "Ada").await);
    assert_eq!(merge(&editor, &stays, &stays).await.expect(422).faults(), ["/absorb unknown_author"]);
    merge(&editor, &stays, &ends).await.expect(200);
    assert_eq!(merge(&editor, &stays, &ends).await.expect(422).faults(), ["/absorb unknown_author"]);
    merge(&editor, &ends, &stays).await.expect(404);
    let refused = editor.post(format!("{}/merge", staff_path(&stays)), json!({ "absorb": "nope" })).send().await;
    assert_eq!(refused.expect(422).text_at("/errors/0/detail"), "\"nope\" is no author");
}

#[actix_web::test]
async fn what_is_taken_in_may_be_named_by_its_slug() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let (stays, ends) = (author(&editor, "Trade").await, author(&editor, "Tariffs").await);
    editor.patch(staff_path(&ends), json!({ "slug": "duties" })).send().await.expect(200);
    editor.post(format!("{}/merge", staff_path(&stays)), json!({ "absorb": "tariffs" })).send().await.expect(200);
    leads_to(&app.reader(), &ends.id(), &stays.id()).await;
}

#[actix_web::test]
async fn an_author_goes_only_while_nothing_names_it() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let (named, unnamed, absorbed) =
        (author(&editor, "Noor").await, author(&editor, "Nobody").await, author(&editor, "No one").await);
    article_by(&app, "Salt", json!([{ "author": "noor" }])).await;
    assert_eq!(editor.delete(staff_path(&named)).send().await.expect(409).code(), "in_use");
    merge(&editor, &unnamed, &absorbed).await.expect(200);
    editor.delete(staff_path(&unnamed)).send().await.expect(204);
    for gone in ["nobody", "no-one", &absorbed.id()] {
        app.reader().get(format!("/v1/authors/{gone}")).send().await.expect(404);
    }
}

#[actix_web::test]
async fn only_editors_and_admins_keep_authors() {
    let app = TestApp::start().await;
    for actor in [app.contributor().await, app.author().await] {
        actor.get(AUTHORS).send().await.expect(200);
        actor.post(AUTHORS, json!({ "name": "Me" })).send().await.expect(403);
    }
    app.reader().get(AUTHORS).send().await.expect(401);
    author(&app.admin().await, "Me").await;
}

#[actix_web::test]
async fn authors_come_by_name_page_after_page() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    for name in ["Dora", "émile", "Ann", "Bo", "Cleo"] {
        author(&editor, name).await;
    }
    let first = app.reader().get("/v1/authors?limit=2&include_total=true").send().await.expect(200);
    assert_eq!(first.texts_in("/data", "/name"), ["Ann", "Bo"]);
    assert_eq!(first.at("/meta/total"), 5);
    let next = ("cursor", first.text_at("/meta/next_cursor"));
    let second = app.reader().get("/v1/authors?limit=2").query(&[next]).send().await.expect(200);
    assert_eq!(second.texts_in("/data", "/name"), ["Cleo", "Dora"]);
    let back = ("cursor", second.text_at("/meta/prev_cursor"));
    let again = app.reader().get("/v1/authors?limit=2").query(&[back]).send().await.expect(200);
    assert_eq!(again.at("/data"), first.at("/data"));
}
