//! Users: kept by administrators; what makes one less or other than they were ends all their tokens.

use crate::support::people::PASSWORD;
use crate::support::{Answer, TestApp, json};

const USERS: &str = "/v1/newsroom/users";
const MEI: &str = "mei.tanaka@example.org";

fn path(user: &Answer) -> String {
    format!("{USERS}/{}", user.id())
}

#[actix_web::test]
async fn an_administrator_keeps_users() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let new = json!({ "email": "Mei.Tanaka@EXAMPLE.org", "name": "Mei Tanaka", "role": "author" });
    let made = admin.post(USERS, new).send().await.expect(201);
    assert_eq!(
        (made.at("/email"), made.at("/has_password"), made.at("/state")),
        (&json!(MEI), &json!(false), &json!("active"))
    );
    assert_eq!(made.header("location"), path(&made));
    let patch = json!({ "name": "M. Tanaka", "role": "editor" });
    let changed = admin.patch(path(&made), patch).if_match("1").send().await.expect(200);
    assert_eq!(
        (changed.at("/name"), changed.at("/role"), changed.header("etag")),
        (&json!("M. Tanaka"), &json!("editor"), "\"2\"")
    );
    admin.patch(path(&made), json!({ "name": "X" })).if_match("1").send().await.expect(412);
    admin.patch(path(&made), json!({ "name": "X" })).without_condition().send().await.expect(428);
    assert_eq!(admin.get(path(&made)).send().await.expect(200).json(), changed.json());
    admin.delete(path(&made)).send().await.expect(204);
    admin.get(path(&made)).send().await.expect(404);
}

#[actix_web::test]
async fn only_administrators_see_users() {
    let app = TestApp::start().await;
    let made = app.user("author", MEI).await;
    for actor in [app.contributor().await, app.author().await, app.editor().await] {
        actor.get(USERS).send().await.expect(403);
        actor.get(path(&made)).send().await.expect(403);
        let new = json!({ "email": "a@example.org", "name": "A", "role": "admin" });
        actor.post(USERS, new).send().await.expect(403);
        actor.patch(path(&made), json!({ "role": "admin" })).send().await.expect(403);
        actor.delete(path(&made)).send().await.expect(403);
    }
    app.reader().get(USERS).send().await.expect(401);
}

#[actix_web::test]
async fn users_are_found_by_role_state_name_and_address() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for (name, email, role) in [
        ("Aiko Mori", "aiko@example.org", "editor"),
        ("ben O\u{2019}Mara", "ben@example.org", "author"),
        ("Chen_Li", "chen@paper.example", "editor"),
    ] {
        admin.post(USERS, json!({ "email": email, "name": name, "role": role })).send().await.expect(201);
    }
    let names = async |query: &[(&str, &str)]| {
        let list = admin.get(USERS).query(query).send().await.expect(200);
        list.texts_in("/data", "/name").into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(names(&[]).await, ["admin of the tests", "Aiko Mori", "ben O\u{2019}Mara", "Chen_Li"]);
    assert_eq!(names(&[("role", "editor")]).await, ["Aiko Mori", "Chen_Li"]);
    assert_eq!(names(&[("q", "O'MARA")]).await, ["ben O\u{2019}Mara"]);
    assert_eq!(names(&[("q", "@paper")]).await, ["Chen_Li"]);
    assert_eq!(names(&[("q", "n_l")]).await, ["Chen_Li"]);
    assert!(names(&[("state", "suspended")]).await.is_empty());
    let page = admin.get(USERS).query(&[("limit", "3"), ("include_total", "true")]).send().await.expect(200);
    assert_eq!(page.at("/meta/total"), 4);
    let cursor = page.text_at("/meta/next_cursor");
    assert_eq!(names(&[("limit", "3"), ("cursor", cursor)]).await, ["Chen_Li"]);
    for (name, value) in [("role", "root"), ("password_hash", "x"), ("email", "x"), ("sort", "email"), ("q", "")] {
        admin.get(USERS).query(&[(name, value)]).send().await.expect(400);
    }
}

#[actix_web::test]
async fn an_address_belongs_to_one_user_in_all_its_spellings() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    app.user("author", "jos\u{e9}@example.org").await;
    let add = |email: &str| admin.post(USERS, json!({ "email": email, "name": "N", "role": "author" }));
    assert_eq!(add("JOSE\u{301}@Example.ORG").send().await.expect(409).code(), "conflict");
    add("jose@example.org").send().await.expect(201);
    let none = [
        "nobody",
        "@example.org",
        "ab@",
        "a b@example.org",
        "a@exa mple.org",
        "a@b@example.org",
        "a..b@example.org",
        "a@127.0.0.1",
        "a@[::1]",
        "a@example.org.",
        "a\u{200b}b@example.org",
        "a\u{202e}b@example.org",
        "a\tb@example.org",
        "<a>@example.org",
        "a@ex%61mple.org",
    ];
    for text in none {
        assert_eq!(add(text).send().await.expect(422).faults(), ["/email email"], "{text:?}");
    }
    let long = format!("{}@example.org", "a".repeat(65));
    add(&long).send().await.expect(422);
}

#[actix_web::test]
async fn a_password_is_long_and_not_what_everybody_tries_first() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let add = |password: &str| {
        let new = json!({ "email": MEI, "name": "Mei Tanaka", "role": "author", "password": password });
        admin.post(USERS, new)
    };
    let table = [
        ("fourteen chars", "min_length"),
        (&"\u{e9}\u{301}".repeat(7)[..], "min_length"),
        (&"x9".repeat(129), "max_length"),
        (&"\u{1f600}".repeat(257), "max_length"),
        ("aaaaaaaaaaaaaaaaaaaa", "repeated"),
        ("x9f3kq2mx9f3kq2m", "repeated"),
        ("123456789012345", "sequence"),
        ("abcdefghijklmnopq", "sequence"),
        ("qwertyuiopasdfghjkl", "sequence"),
        ("zyxwvutsrqponmlk", "sequence"),
        ("password12345678", "common"),
        ("P@ssw0rd P@55word!", "common"),
        ("letmeinletmeinnow", "common"),
        ("correct horse battery staple", "common"),
        ("Iloveyou-Sunshine-2024", "common"),
        ("i am mei tanaka of old", "personal"),
        ("to mei.tanaka with rain", "personal"),
        ("read THE EXAMPLE TIMES twice", "personal"),
        ("a bell\u{7} rang in the dark", "control_character"),
    ];
    for (password, fault) in table {
        let refused = add(password).send().await.expect(422);
        assert_eq!(refused.faults(), [format!("/password {fault}")], "{password}");
    }
    add("nine lanterns over a wet quay").send().await.expect(201);
}

#[actix_web::test]
async fn the_whole_password_counts_in_whatever_form_it_is_typed() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let beginning: String = ('\u{4e00}'..).take(26).collect();
    let long = format!("{beginning} and caf\u{e9} {}", "lantern quay ferry map kettle ".repeat(5));
    let long: String = long.chars().take(200).collect();
    let new = json!({ "email": MEI, "name": "Mei", "role": "author", "password": long });
    admin.post(USERS, new).send().await.expect(201);
    app.signs_in(MEI, &long).send().await.expect(200);
    app.signs_in(MEI, &long.replace('\u{e9}', "e\u{301}")).send().await.expect(200);
    // Other only behind the 72 bytes at which bcrypt stops reading.
    let mut other: Vec<char> = long.chars().collect();
    *other.last_mut().expect("a character") = '#';
    app.signs_in(MEI, &other.iter().collect::<String>()).send().await.expect(401);
    app.signs_in(MEI, &long[..long.len() - 1]).send().await.expect(401);
}

#[actix_web::test]
async fn what_makes_a_user_other_than_they_were_ends_all_their_tokens() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let user = app.user("editor", MEI).await;
    let patches = [
        json!({ "role": "author" }),
        json!({ "password": "a kettle, two maps and the late ferry" }),
        json!({ "state": "suspended" }),
    ];
    let mut password = PASSWORD;
    for patch in patches {
        let tokens = app.signs_in(MEI, password).send().await.expect(200);
        let wire = json!({ "name": "Wire", "scopes": ["newsroom:read"] });
        let wire = app.reader().post("/v1/newsroom/tokens", wire).bearer(tokens.access()).send().await.expect(201);
        let harmless = admin.patch(path(&user), json!({ "name": "Mei T." })).send().await.expect(200);
        assert_eq!(harmless.at("/name"), "Mei T.");
        app.me(tokens.access()).send().await.expect(200);
        admin.patch(path(&user), patch.clone()).send().await.expect(200);
        for token in [tokens.access(), wire.text_at("/token")] {
            let refused = app.me(token).send().await;
            assert!(refused.status() == 401, "{patch}: {refused}");
        }
        app.refreshes(tokens.refresh()).send().await.expect(401);
        if patch.get("password").is_some() {
            password = "a kettle, two maps and the late ferry";
        }
    }
    // What has ended does not come back.
    admin.patch(path(&user), json!({ "state": "active" })).send().await.expect(200);
    app.signs_in(MEI, password).send().await.expect(200);
    let list = admin.get("/v1/newsroom/tokens").query(&[("user", &user.id())]).send().await.expect(200);
    assert!(list.at("/data").as_array().expect("tokens").iter().all(|token| token["revoked_at"].is_string()), "{list}");
}

#[actix_web::test]
async fn an_answer_that_was_kept_is_not_repeated_to_who_became_less() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let user = app.user("editor", MEI).await;
    let theirs = app.editor().await.drafts("Not yours").await;
    let link = json!({ "note": "kept" });
    let tokens = app.signs_in(MEI, PASSWORD).send().await.expect(200);
    let ask =
        |token: &str| app.reader().post(format!("{}/previews", theirs.place()), link.clone()).bearer(token).key("one");
    ask(tokens.access()).send().await.expect(201);
    let again = ask(tokens.access()).send().await.expect(201);
    assert_eq!(again.header("idempotency-replayed"), "true");
    admin.patch(path(&user), json!({ "role": "author" })).send().await.expect(200);
    let tokens = app.signs_in(MEI, PASSWORD).send().await.expect(200);
    ask(tokens.access()).send().await.expect(404);
}

#[actix_web::test]
async fn a_token_makes_nobody_more_than_it_is() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let (boss, clerk) = (app.user("admin", MEI).await, app.user("contributor", "clerk@example.org").await);
    let people = admin.api_token(&["people:admin"]).await;
    let all: Vec<&str> = dateline::rules::permission::Right::ALL.iter().map(|right| right.as_str()).collect();
    let (every, tool) = (admin.api_token(&all).await, app.reader());
    let new = |role: &str| json!({ "email": format!("{role}.new@example.org"), "name": "New", "role": role });
    for role in ["contributor", "admin"] {
        tool.post("/v1/newsroom/users", new(role)).bearer(&people).send().await.expect(403);
    }
    for patch in [
        json!({ "password": "a kettle, two maps and the late ferry" }),
        json!({ "email": "taken.over@example.org" }),
        json!({ "state": "suspended" }),
        json!({ "role": "contributor" }),
    ] {
        tool.patch(path(&boss), patch).bearer(&people).if_match("*").send().await.expect(403);
    }
    tool.patch(path(&clerk), json!({ "role": "admin" })).bearer(&people).if_match("*").send().await.expect(403);
    tool.delete(path(&boss)).bearer(&people).if_match("*").send().await.expect(403);
    app.signs_in(MEI, PASSWORD).send().await.expect(200);
    // A token with all rights, and one with those of the role, do it.
    tool.patch(path(&boss), json!({ "name": "Mei T." })).bearer(&every).if_match("*").send().await.expect(200);
    let enough = admin.api_token(&["people:admin", "newsroom:read", "articles:write", "media:write"]).await;
    tool.post("/v1/newsroom/users", new("contributor")).bearer(&enough).send().await.expect(201);
    tool.patch(path(&clerk), json!({ "state": "suspended" })).bearer(&enough).if_match("*").send().await.expect(200);
    tool.patch(path(&clerk), json!({ "role": "author" })).bearer(&enough).if_match("*").send().await.expect(403);
}

#[actix_web::test]
async fn the_last_administrator_who_can_sign_in_stays() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let only = app.user("admin", MEI).await;
    let ends = [json!({ "role": "editor" }), json!({ "state": "suspended" }), json!({ "password": null })];
    for patch in &ends {
        assert_eq!(admin.patch(path(&only), patch.clone()).send().await.expect(409).code(), "last_admin");
    }
    assert_eq!(admin.delete(path(&only)).send().await.expect(409).code(), "last_admin");
    let second = app.user("admin", "second@example.org").await;
    // Two demotions at once: one of them is the last.
    let (a, b) = futures_util::future::join(
        admin.patch(path(&only), json!({ "role": "editor" })).send(),
        admin.patch(path(&second), json!({ "role": "editor" })).send(),
    )
    .await;
    let mut statuses = [a.status(), b.status()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

#[actix_web::test]
async fn a_user_who_has_written_is_suspended_rather_than_removed() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let user = app.user("author", MEI).await;
    let article = "INSERT INTO articles (id, slug, type, language, headline, stage, version, created_by, created_at, updated_at) \
         VALUES ($1::text::uuid, 'x', 'news', 'en', 'X', 'draft', 1, $2::text::uuid, now(), now())";
    let id = dateline::base::id::new_id().to_string();
    app.database().await.execute(article, &[&id, &user.id()]).await.expect("an article");
    assert_eq!(admin.delete(path(&user)).send().await.expect(409).code(), "in_use");
}

#[actix_web::test]
async fn publishing_is_limited_to_regions_that_exist() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let id = app.region("north-asia", None).await;
    let new = json!({ "email": MEI, "name": "Mei", "role": "editor", "regions": ["north-asia"] });
    let made = admin.post(USERS, new).send().await.expect(201);
    assert_eq!(made.at("/regions"), &json!([id]));
    let unknown = admin.patch(path(&made), json!({ "regions": ["north-asia", "nowhere", "No Slug"] })).send().await;
    assert_eq!(unknown.expect(422).faults(), ["/regions/1 unknown_region", "/regions/2 unknown_region"]);
    let freed = admin.patch(path(&made), json!({ "regions": [] })).send().await.expect(200);
    assert_eq!(freed.at("/regions"), &json!([]));
    // Told of in the audit where they change, and only there.
    admin.patch(path(&made), json!({ "regions": [], "name": "May" })).send().await.expect(200);
    let audited = "SELECT (details -> 'changed')::text FROM audit_log \
         WHERE object_id = $1::text::uuid AND verb LIKE '%changed' ORDER BY id";
    let audited = app.database().await.query(audited, &[&made.id()]).await.unwrap();
    let changed: Vec<String> = audited.iter().map(|row| row.get(0)).collect();
    assert_eq!(changed, [r#"["regions"]"#, r#"["name"]"#]);
    let author = admin.patch(path(&made), json!({ "author": "nobody-at-all" })).send().await.expect(422);
    assert_eq!(author.faults(), ["/author unknown_author"]);
}

#[actix_web::test]
async fn nothing_of_a_user_is_written_that_is_not_in_the_document() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let made = app.user("author", MEI).await;
    for member in ["id", "epoch", "version", "password_hash", "created_at", "is_active", "has_password"] {
        let refused = admin.patch(path(&made), json!({ member: 1 })).send().await.expect(422);
        assert_eq!(refused.faults(), [format!("/{member} unknown_key")]);
        let new = json!({ "email": "a@example.org", "name": "A", "role": "author", member: 1 });
        admin.post(USERS, new).send().await.expect(422);
    }
    for member in ["email", "name", "role", "state", "regions"] {
        admin.patch(path(&made), json!({ member: null })).send().await.expect(422);
    }
    assert!(!made.text().contains("argon2"));
    for body in ["[]", "null", "\"x\"", "7"] {
        admin.request(reqwest::Method::POST, USERS).body("application/json", body).send().await.expect(400);
    }
}
