//! Regions: a tree with memberships beside it, kept by admins, read by everybody.

use dateline::base::error::Result;
use dateline::desk::regions::world::{Loaded, load_world};
use dateline::store::Tx;
use dateline::store::records::Doer;
use futures_util::future::join;
use serde_json::Value;

use crate::support::{Actor, Answer, TestApp, json, published, published_at};

const REGIONS: &str = "/v1/newsroom/regions";

async fn region(by: &Actor, name: &str, parent: Option<&str>) -> Answer {
    by.post(REGIONS, json!({ "name": name, "kind": "region", "parent": parent })).send().await.expect(201)
}

async fn staff_path(by: &Actor, slug: &str) -> String {
    format!("{REGIONS}/{}", by.get(format!("{REGIONS}/{slug}")).send().await.expect(200).id())
}

async fn patch(by: &Actor, slug: &str, change: Value) -> Answer {
    by.patch(staff_path(by, slug).await, change).send().await
}

async fn members(by: &Actor, slug: &str, members: &[&str]) -> Answer {
    by.put(format!("{}/members", staff_path(by, slug).await), json!({ "members": members })).send().await
}

async fn read(app: &TestApp, slug: &str) -> Answer {
    app.reader().get(format!("/v1/regions/{slug}")).send().await.expect(200)
}

async fn loaded(app: &TestApp) -> Loaded {
    let now = app.now();
    let load = async |tx: &mut Tx| -> Result<Loaded> { load_world(tx, &Doer::default(), now, &|_| ()).await };
    app.shared().database.write(load).await.expect("the world")
}

fn story(headline: &str, region: &str) -> Value {
    let body = json!({ "format": "text", "content": "Words." });
    json!({ "headline": headline, "primary_region": region, "body": body })
}

/// Everything that is, was or will be listed under a region.
async fn listed_under(app: &TestApp, slug: &str) -> Vec<String> {
    let statement = "SELECT publications.headline FROM publication_regions row \
         JOIN publications ON publications.id = row.publication_id JOIN regions ON regions.id = row.region_id \
         WHERE regions.slug = $1 ORDER BY publications.headline";
    let rows = app.database().await.query(statement, &[&slug]).await.expect("publications");
    rows.iter().map(|row| row.get(0)).collect()
}

/// The closure as it is kept, and as it would be made from nothing.
async fn the_closure_is_true(app: &TestApp) {
    let kept = "SELECT ancestor_id::text, descendant_id::text, depth FROM region_tree ORDER BY 1, 2";
    let made = "WITH RECURSIVE edges AS (
            SELECT parent_id AS above, id AS below FROM regions WHERE parent_id IS NOT NULL
            UNION SELECT region_id, member_id FROM region_members
        ), down (above, below, depth) AS (
            SELECT id, id, 0 FROM regions
            UNION SELECT down.above, edges.below, down.depth + 1 FROM down JOIN edges ON edges.above = down.below
                WHERE down.depth < 50
        ) SELECT above::text, below::text, min(depth) FROM down GROUP BY above, below ORDER BY 1, 2";
    let database = app.database().await;
    let mut both = Vec::new();
    for statement in [kept, made] {
        let rows = database.query(statement, &[]).await.expect("a closure");
        both.push(rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect::<Vec<(String, String, i32)>>());
    }
    assert_eq!(both[0], both[1]);
}

#[actix_web::test]
async fn a_region_is_public_with_all_that_stands_around_it() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for (name, parent) in [("Earth", None), ("Asia", Some("earth")), ("Japan", Some("asia")), ("China", Some("asia"))] {
        region(&admin, name, parent).await;
    }
    let sent = json!({
        "name": "North Asia", "kind": "editorial", "parent": "asia", "members": ["japan", "china"],
        "names": [{ "language": "de", "name": "Nordasien" }], "description": "A section.", "m49": "999",
    });
    let made = admin.post(REGIONS, sent).send().await.expect(201);
    assert_eq!(made.header("location"), format!("{REGIONS}/{}", made.id()));
    let north_asia = read(&app, "north-asia").await;
    assert_eq!(north_asia.texts_in("/ancestors", "/slug"), ["earth", "asia"]);
    assert_eq!(north_asia.texts_in("/members", "/slug"), ["japan", "china"]);
    assert_eq!(north_asia.at("/names/0/name"), "Nordasien");
    assert_eq!(read(&app, "asia").await.texts_in("/children", "/slug"), ["japan", "china", "north-asia"]);
    assert_eq!(read(&app, "japan").await.texts_in("/member_of", "/slug"), ["north-asia"]);
    assert_eq!(read(&app, "japan").await.texts_in("/ancestors", "/slug"), ["earth", "asia"]);
    let tree = app.reader().get("/v1/regions/tree").send().await.expect(200);
    assert_eq!(tree.texts_in("/data", "/slug"), ["earth"]);
    assert_eq!(tree.texts_in("/data/0/children/0/children", "/slug"), ["japan", "china", "north-asia"]);
    assert_eq!(tree.texts_in("/data/0/children/0/children/2/members", "/slug"), ["japan", "china"]);
    let staff_tree = admin.get(format!("{REGIONS}/tree")).send().await.expect(200);
    assert_eq!(staff_tree.texts_in("/data/0/children/0/children/2/members", "/slug"), ["japan", "china"]);
    the_closure_is_true(&app).await;
}

#[actix_web::test]
async fn no_region_takes_the_place_of_the_tree() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    assert_eq!(region(&admin, "Tree", None).await.at("/slug"), "tree-1");
    let wanted = json!({ "name": "Woods", "slug": "tree", "kind": "editorial" });
    assert_eq!(admin.post(REGIONS, wanted).send().await.expect(422).faults(), ["/slug slug"]);
    assert_eq!(patch(&admin, "tree-1", json!({ "slug": "tree" })).await.expect(422).faults(), ["/slug slug"]);
}

#[actix_web::test]
async fn only_admins_keep_regions() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    editor.get(REGIONS).send().await.expect(200);
    editor.post(REGIONS, json!({ "name": "Asia", "kind": "region" })).send().await.expect(403);
}

#[actix_web::test]
async fn the_list_is_narrowed_by_kind_parent_and_words() {
    let app = TestApp::start().await;
    loaded(&app).await;
    let reader = app.reader();
    let eastern = reader.get("/v1/regions?parent=eastern-asia&kind=country&limit=100").send().await.expect(200);
    let expected = ["china", "hong-kong", "japan", "macao", "mongolia", "north-korea", "south-korea", "taiwan"];
    assert_eq!(eastern.texts_in("/data", "/slug"), expected);
    assert_eq!(eastern.texts_in("/data/2/ancestors", "/slug"), ["world", "asia", "eastern-asia"]);
    let groupings = reader.get("/v1/regions?kind=grouping,world").send().await.expect(200);
    let expected = ["european-union", "latin-america", "north-america", "sub-saharan-africa", "world"];
    assert_eq!(groupings.texts_in("/data", "/slug"), expected);
    let korea = reader.get("/v1/regions?q=KOREA&fields=slug").send().await.expect(200);
    assert_eq!(korea.at("/data"), &json!([{ "slug": "north-korea" }, { "slug": "south-korea" }]));
    for (words, slug) in [("日本", "japan"), ("ÖSTERREICH", "austria"), ("Nippon", "japan")] {
        if words == "Nippon" {
            let names = json!([{ "language": "ja-Latn", "name": "Nippon" }]);
            patch(&app.admin().await, "japan", json!({ "names": names })).await.expect(200);
        }
        for list in ["/v1/regions", REGIONS] {
            let found = app.admin().await.get(list).query(&[("q", words)]).send().await.expect(200);
            assert_eq!(found.texts_in("/data", "/slug"), [slug], "{words}");
        }
    }
    let gone = reader.get("/v1/regions").query(&[("q", "日本")]).send().await.expect(200);
    assert_eq!(gone.at("/data"), &json!([]));
    assert_eq!(reader.get("/v1/regions?parent=atlantis").send().await.expect(400).faults(), ["parent unknown_region"]);
    assert_eq!(reader.get("/v1/regions?kind=planet").send().await.expect(400).faults(), ["kind invalid_value"]);
    let counted = reader.get("/v1/regions?limit=1&include_total=true").send().await.expect(200);
    assert_eq!(counted.at("/meta/total"), 282);
    let staff = app.admin().await.get(format!("{REGIONS}?parent=eastern-asia&q=china")).send().await.expect(200);
    assert_eq!(staff.texts_in("/data", "/slug"), ["china"]);
    let all = app.admin().await.get(format!("{REGIONS}?limit=1&include_total=true")).send().await.expect(200);
    assert_eq!(all.at("/meta/total"), 282);
}

#[actix_web::test]
async fn the_world_is_loaded_once() {
    let app = TestApp::start().await;
    assert_eq!(loaded(&app).await, Loaded { added: 282, kept: 0 });
    assert_eq!(loaded(&app).await, Loaded { added: 0, kept: 282 });
    for (slug, name) in [("taiwan", "Taiwan"), ("hong-kong", "Hong Kong"), ("macao", "Macao"), ("kosovo", "Kosovo")] {
        assert_eq!(read(&app, slug).await.at("/name"), name);
    }
    let japan = read(&app, "japan").await;
    assert_eq!(japan.texts_in("/ancestors", "/slug"), ["world", "asia", "eastern-asia"]);
    assert_eq!(["iso2", "iso3", "m49"].map(|code| japan.text_at(&format!("/{code}"))), ["JP", "JPN", "392"]);
    let names = japan.at("/names").as_array().unwrap();
    assert!(names.contains(&json!({ "language": "ja", "name": "日本" })), "{japan}");
    assert_eq!(read(&app, "north-america").await.texts_in("/members", "/slug").len(), 3);
    the_closure_is_true(&app).await;
}

#[actix_web::test]
async fn loading_the_world_again_leaves_what_editors_changed() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let own = json!({ "name": "Nippon", "slug": "land-of-the-rising-sun", "kind": "country", "iso2": "JP" });
    admin.post(REGIONS, own).send().await.expect(201);
    region(&admin, "Asia", None).await;
    assert_eq!(loaded(&app).await, Loaded { added: 280, kept: 2 });
    app.reader().get("/v1/regions/japan").send().await.expect(404);
    assert_eq!(read(&app, "china").await.texts_in("/ancestors", "/slug"), ["asia", "eastern-asia"]);
    patch(&admin, "taiwan", json!({ "slug": "formosa", "name": "Formosa" })).await.expect(200);
    admin.delete(staff_path(&admin, "antarctica").await).send().await.expect(204);
    assert_eq!(loaded(&app).await, Loaded { added: 1, kept: 281 });
    assert_eq!(read(&app, "formosa").await.at("/name"), "Formosa");
    the_closure_is_true(&app).await;
}

#[actix_web::test]
async fn north_asia_is_a_section_of_our_own_over_countries_of_the_world() {
    let app = TestApp::start().await;
    loaded(&app).await;
    let admin = app.admin().await;
    published(&app, story("Before", "japan")).await;
    published_at(&app, story("Planned", "taiwan"), app.now() + chrono::Duration::hours(2)).await;
    published(&app, story("Elsewhere", "mongolia")).await;
    let made = json!({
        "name": "North Asia", "kind": "editorial", "parent": "asia",
        "members": ["japan", "china", "south-korea", "taiwan"],
    });
    admin.post(REGIONS, made).send().await.expect(201);
    published(&app, story("After", "china")).await;
    assert_eq!(listed_under(&app, "north-asia").await, ["After", "Before", "Planned"]);
    members(&admin, "north-asia", &["mongolia", "japan"]).await.expect(200);
    assert_eq!(read(&app, "north-asia").await.texts_in("/members", "/slug"), ["mongolia", "japan"]);
    assert_eq!(listed_under(&app, "north-asia").await, ["Before", "Elsewhere"]);
    assert_eq!(listed_under(&app, "asia").await, ["After", "Before", "Elsewhere", "Planned"]);
    admin.delete(staff_path(&admin, "north-asia").await).send().await.expect(204);
    assert_eq!(listed_under(&app, "asia").await.len(), 4);
    the_closure_is_true(&app).await;
}

#[actix_web::test]
async fn what_is_published_moves_with_its_region() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for (name, parent) in
        [("East", None), ("West", None), ("Near east", Some("east")), ("Coast", Some("near-east")), ("Port", None)]
    {
        region(&admin, name, parent).await;
    }
    members(&admin, "coast", &["port"]).await.expect(200);
    published(&app, story("Storm", "coast")).await;
    published(&app, story("Ship", "port")).await;
    published_at(&app, story("Tomorrow", "coast"), app.now() + chrono::Duration::days(1)).await;
    assert_eq!(listed_under(&app, "east").await, ["Ship", "Storm", "Tomorrow"]);
    let moved = patch(&admin, "near-east", json!({ "parent": "west" })).await.expect(200);
    assert_eq!(moved.texts_in("/ancestors", "/slug"), ["west"]);
    assert_eq!(listed_under(&app, "east").await, Vec::<String>::new());
    for above in ["west", "near-east", "coast"] {
        assert_eq!(listed_under(&app, above).await, ["Ship", "Storm", "Tomorrow"], "{above}");
    }
    assert_eq!(listed_under(&app, "port").await, ["Ship"]);
    patch(&admin, "near-east", json!({ "parent": null })).await.expect(200);
    assert_eq!(listed_under(&app, "west").await, Vec::<String>::new());
    assert_eq!(read(&app, "coast").await.texts_in("/ancestors", "/slug"), ["near-east"]);
    the_closure_is_true(&app).await;
    let told = "SELECT count(*) FROM outbox WHERE event = 'region.moved'";
    assert_eq!(app.database().await.query_one(told, &[]).await.unwrap().get::<_, i64>(0), 2);
}

#[actix_web::test]
async fn nothing_leads_in_a_circle() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for (name, parent) in [("Earth", None), ("Asia", Some("earth")), ("Japan", Some("asia")), ("Club", None)] {
        region(&admin, name, parent).await;
    }
    for parent in ["earth", "asia", "japan"] {
        let refused = patch(&admin, "earth", json!({ "parent": parent })).await.expect(422);
        assert_eq!(refused.faults(), ["/parent circle"], "{parent}");
    }
    let refused = members(&admin, "japan", &["club", "japan", "asia", "earth", "club", "atlantis"]).await.expect(422);
    let expected = [
        "/members/1 circle",
        "/members/2 circle",
        "/members/3 circle",
        "/members/4 repeated",
        "/members/5 unknown_region",
    ];
    assert_eq!(refused.faults(), expected);
    members(&admin, "club", &["earth"]).await.expect(200);
    assert_eq!(members(&admin, "japan", &["club"]).await.expect(422).faults(), ["/members/0 circle"]);
    let refused = patch(&admin, "club", json!({ "parent": "japan" })).await.expect(422);
    assert_eq!(refused.faults(), ["/parent circle"]);
    let ring = json!({ "name": "Ring", "kind": "editorial", "parent": "japan", "members": ["club"] });
    assert_eq!(admin.post(REGIONS, ring).send().await.expect(422).faults(), ["/members/0 circle"]);
    the_closure_is_true(&app).await;
}

#[actix_web::test]
async fn two_moves_at_once_make_no_circle() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for round in 0..8 {
        let (left, right) = (format!("left-{round}"), format!("right-{round}"));
        for slug in [&left, &right] {
            region(&admin, slug, None).await;
        }
        let (one, other) = join(patch(&admin, &left, json!({ "parent": right })), members(&admin, &right, &[])).await;
        assert_eq!((one.status(), other.status()), (200, 200));
        patch(&admin, &left, json!({ "parent": null })).await.expect(200);
        let (one, other) =
            join(patch(&admin, &left, json!({ "parent": right })), patch(&admin, &right, json!({ "parent": left })))
                .await;
        let mut statuses = [one.status(), other.status()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 422]);
    }
    the_closure_is_true(&app).await;
}

#[actix_web::test]
async fn siblings_stand_in_the_order_that_they_are_given() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    region(&admin, "Asia", None).await;
    for name in ["Japan", "China", "Korea"] {
        region(&admin, name, Some("asia")).await;
    }
    let order = async || -> Vec<String> {
        let asia = read(&app, "asia").await;
        asia.texts_in("/children", "/slug").into_iter().map(str::to_owned).collect()
    };
    assert_eq!(patch(&admin, "korea", json!({ "position": 0 })).await.expect(200).at("/position"), 0);
    assert_eq!(order().await, ["korea", "japan", "china"]);
    assert_eq!(patch(&admin, "korea", json!({ "position": 99 })).await.expect(200).at("/position"), 2);
    assert_eq!(order().await, ["japan", "china", "korea"]);
    let first = json!({ "name": "Taiwan", "kind": "country", "parent": "asia", "position": 1 });
    assert_eq!(admin.post(REGIONS, first).send().await.expect(201).at("/position"), 1);
    assert_eq!(order().await, ["japan", "taiwan", "china", "korea"]);
    patch(&admin, "japan", json!({ "parent": null })).await.expect(200);
    assert_eq!(order().await, ["taiwan", "china", "korea"]);
    assert_eq!(patch(&admin, "japan", json!({ "parent": "asia", "position": 1 })).await.expect(200).at("/position"), 1);
    assert_eq!(order().await, ["taiwan", "japan", "china", "korea"]);
    admin.delete(staff_path(&admin, "taiwan").await).send().await.expect(204);
    let places = "SELECT position FROM regions WHERE parent_id IS NOT NULL ORDER BY position";
    let places = app.database().await.query(places, &[]).await.unwrap();
    assert_eq!(places.iter().map(|row| row.get(0)).collect::<Vec<i32>>(), [0, 1, 2]);
}

#[actix_web::test]
async fn a_renamed_region_keeps_former_slugs_with_one_hop_each() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    region(&admin, "Burma", None).await;
    for slug in ["burma-myanmar", "myanmar"] {
        let current =
            app.database().await.query_one("SELECT slug FROM regions", &[]).await.unwrap().get::<_, String>(0);
        patch(&admin, &current, json!({ "slug": slug })).await.expect(200);
    }
    for former in ["burma", "burma-myanmar"] {
        let moved = app.reader().get(format!("/v1/regions/{former}")).send().await.expect(301);
        assert_eq!(moved.header("location"), "/v1/regions/myanmar");
        let moved = app.reader().get(format!("/v1/regions/{former}?fields=id")).send().await.expect(301);
        assert_eq!(moved.header("location"), "/v1/regions/myanmar?fields=id");
    }
    let code = json!({ "name": "Other", "kind": "country", "iso2": "MM" });
    admin.post(REGIONS, code.clone()).send().await.expect(201);
    admin.post(REGIONS, code).send().await.expect(409);
}

#[actix_web::test]
async fn a_region_goes_only_while_nothing_stands_in_it_or_under_it() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    region(&admin, "Asia", None).await;
    region(&admin, "Japan", Some("asia")).await;
    published(&app, story("Quake", "japan")).await;
    for slug in ["asia", "japan"] {
        let refused = admin.delete(staff_path(&admin, slug).await).send().await.expect(409);
        assert_eq!(refused.code(), "in_use");
    }
    region(&admin, "Atlantis", Some("asia")).await;
    admin.delete(staff_path(&admin, "atlantis").await).send().await.expect(204);
    app.reader().get("/v1/regions/atlantis").send().await.expect(404);
}

#[actix_web::test]
async fn the_tree_grows_no_deeper_than_it_can_be_drawn() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    region(&admin, "level-1", None).await;
    for level in 2..=20 {
        region(&admin, &format!("level-{level}"), Some(&format!("level-{}", level - 1))).await;
    }
    let deeper = json!({ "name": "level-21", "kind": "region", "parent": "level-20" });
    assert_eq!(admin.post(REGIONS, deeper).send().await.expect(422).faults(), ["/parent too_deep"]);
    region(&admin, "Root", None).await;
    assert_eq!(patch(&admin, "level-1", json!({ "parent": "root" })).await.expect(422).faults(), ["/parent too_deep"]);
    patch(&admin, "level-2", json!({ "parent": "root" })).await.expect(200);
    let tree = app.reader().get("/v1/regions/tree").send().await.expect(200);
    assert_eq!(tree.texts_in("/data", "/slug"), ["level-1", "root"]);
}

#[actix_web::test]
async fn a_region_costs_few_statements_however_many_stand_around_it() {
    let app = TestApp::start().await;
    loaded(&app).await;
    for path in ["/v1/regions/world", "/v1/regions/european-union", "/v1/regions?limit=100", "/v1/regions/tree"] {
        assert!(app.statements_of(path).await <= 2, "{path}");
    }
}
