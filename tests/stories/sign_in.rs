//! Signing in, staying signed in, signing out, and what happens to those who guess.

use futures_util::future::join;
use reqwest::Method;

use crate::support::people::{FORM, PASSWORD, TOKEN};
use crate::support::{Answer, TestApp, json};

const MEI: &str = "mei.tanaka@example.org";

async fn signed_in(app: &TestApp) -> Answer {
    app.user("editor", MEI).await;
    app.signs_in(MEI, PASSWORD).send().await.expect(200)
}

#[actix_web::test]
async fn a_person_signs_in_and_sees_who_they_are() {
    let app = TestApp::start().await;
    let tokens = signed_in(&app).await;
    assert_eq!(tokens.at("/token_type"), "Bearer");
    assert_eq!(tokens.at("/expires_in"), 600);
    assert_eq!(tokens.header("cache-control"), "private, no-store");
    let me = app.me(tokens.access()).send().await.expect(200);
    assert_eq!(me.at("/email"), MEI);
    assert_eq!(me.at("/role"), "editor");
    assert!(me.text().contains("articles:publish") && !me.text().contains("people:admin"), "{me}");
    assert!(me.at("/session_id").is_string() && me.at("/token_id").is_null(), "{me}");
}

#[actix_web::test]
async fn every_spelling_of_an_address_is_one_account() {
    let app = TestApp::start().await;
    app.user("author", "Jos\u{e9}@B\u{fc}cher.example").await;
    for spelling in ["jose\u{301}@b\u{fc}cher.example", "JOS\u{c9}@XN--BCHER-KVA.EXAMPLE"] {
        app.signs_in(spelling, PASSWORD).send().await.expect(200);
    }
    app.signs_in("jose@b\u{fc}cher.example", PASSWORD).send().await.expect(401);
}

#[actix_web::test]
async fn all_who_may_not_sign_in_are_answered_the_same() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    app.user("editor", MEI).await;
    let suspended = app.user("editor", "suspended@example.org").await;
    let path = suspended.header("location").to_owned();
    admin.patch(path, json!({ "state": "suspended" })).send().await.expect(200);
    let service = json!({ "email": "wire@example.org", "name": "Wire", "role": "author" });
    admin.post("/v1/newsroom/users", service).send().await.expect(201);
    let id = "0198c0de-0000-7000-8000-000000000001";
    let answer = async |email: &str, password: &str| {
        let sent = app.signs_in(email, password).header("x-request-id", id).send().await.expect(401);
        assert_eq!(sent.header("www-authenticate"), "Bearer realm=\"dateline\"");
        (sent.text().to_owned(), sent.header("ratelimit").split(',').next().map(str::to_owned))
    };
    let wrong = answer(MEI, "nine lanterns over a wet quai").await;
    assert!(wrong.0.contains("\"error\":\"invalid_grant\"") && wrong.0.contains("\"code\":\"invalid_grant\""));
    assert_eq!(wrong, answer("nobody@example.org", PASSWORD).await);
    assert_eq!(wrong, answer("no address", PASSWORD).await);
    assert_eq!(wrong, answer("suspended@example.org", PASSWORD).await);
    assert_eq!(wrong, answer("wire@example.org", PASSWORD).await);
}

#[actix_web::test]
async fn a_lost_answer_to_a_refresh_comes_again_and_a_stolen_token_ends_the_session() {
    let app = TestApp::start().await;
    let first = signed_in(&app).await;
    app.set_clock("2026-01-05T08:09:00Z");
    let second = app.refreshes(first.refresh()).send().await.expect(200);
    assert_ne!(second.refresh(), first.refresh());
    app.set_clock("2026-01-05T08:09:10Z");
    let again = app.refreshes(first.refresh()).send().await.expect(200);
    assert_eq!(again.bytes(), second.bytes());
    app.set_clock("2026-01-05T08:09:10.001Z");
    app.me(second.access()).send().await.expect(200);
    let stolen = app.refreshes(first.refresh()).send().await.expect(401);
    assert_eq!(stolen.at("/error"), "invalid_grant");
    app.refreshes(second.refresh()).send().await.expect(401);
    app.me(second.access()).send().await.expect(401);
}

#[actix_web::test]
async fn a_refresh_token_sent_twice_at_once_is_exchanged_once() {
    let app = TestApp::start().await;
    let first = signed_in(&app).await;
    let (a, b) = join(app.refreshes(first.refresh()).send(), app.refreshes(first.refresh()).send()).await;
    assert_eq!(a.expect(200).bytes(), b.expect(200).bytes());
}

#[actix_web::test]
async fn a_session_ends_a_week_after_its_last_use_and_a_month_after_its_beginning() {
    let app = TestApp::start().await;
    let mut tokens = signed_in(&app).await;
    for day in ["2026-01-12T07:59:59Z", "2026-01-19T07:59:58Z", "2026-01-26T07:59:57Z", "2026-02-02T07:59:56Z"] {
        app.set_clock(day);
        tokens = app.refreshes(tokens.refresh()).send().await.expect(200);
    }
    app.set_clock("2026-02-04T08:00:00Z");
    app.refreshes(tokens.refresh()).send().await.expect(401);
    let idle = app.signs_in(MEI, PASSWORD).send().await.expect(200);
    app.set_clock("2026-02-11T08:00:00Z");
    app.refreshes(idle.refresh()).send().await.expect(401);
}

#[actix_web::test]
async fn an_access_token_lives_ten_minutes() {
    let app = TestApp::start().await;
    let tokens = signed_in(&app).await;
    app.set_clock("2026-01-05T08:10:29Z");
    app.me(tokens.access()).send().await.expect(200);
    app.set_clock("2026-01-05T08:10:30Z");
    app.me(tokens.access()).send().await.expect(401);
}

#[actix_web::test]
async fn signing_out_ends_access_and_refresh_at_once_and_no_other_session() {
    let app = TestApp::start().await;
    let here = signed_in(&app).await;
    let there = app.signs_in(MEI, PASSWORD).send().await.expect(200);
    app.reader().request(Method::POST, "/v1/auth/logout").bearer(here.access()).send().await.expect(204);
    app.me(here.access()).send().await.expect(401);
    app.refreshes(here.refresh()).send().await.expect(401);
    app.me(there.access()).send().await.expect(200);
    app.refreshes(there.refresh()).send().await.expect(200);
}

#[actix_web::test]
async fn a_new_password_ends_everything_that_the_old_one_opened() {
    let app = TestApp::start().await;
    let here = signed_in(&app).await;
    let there = app.signs_in(MEI, PASSWORD).send().await.expect(200);
    let wire = json!({ "name": "Wire import", "scopes": ["newsroom:read"] });
    let wire = app.reader().post("/v1/newsroom/tokens", wire).bearer(here.access()).send().await.expect(201);
    let new = "a kettle, two maps and the late ferry";
    let change = |current: &str, new: &str| {
        let body = json!({ "current_password": current, "new_password": new });
        app.reader().post("/v1/auth/password", body).bearer(here.access())
    };
    assert_eq!(change(new, new).send().await.expect(422).faults(), ["/current_password wrong_password"]);
    assert_eq!(change(PASSWORD, PASSWORD).send().await.expect(422).faults(), ["/new_password unchanged"]);
    assert_eq!(change(PASSWORD, "mei.tanaka was here").send().await.expect(422).faults(), ["/new_password personal"]);
    let fresh = change(PASSWORD, new).send().await.expect(200);
    for old in [here.access(), there.access(), wire.text_at("/token")] {
        app.me(old).send().await.expect(401);
    }
    app.refreshes(here.refresh()).send().await.expect(401);
    app.refreshes(there.refresh()).send().await.expect(401);
    app.me(fresh.access()).send().await.expect(200);
    app.refreshes(fresh.refresh()).send().await.expect(200);
    app.signs_in(MEI, PASSWORD).send().await.expect(401);
    app.signs_in(MEI, new).send().await.expect(200);
}

#[actix_web::test]
async fn one_changes_ones_own_name_and_nothing_else_of_oneself() {
    let app = TestApp::start().await;
    let author = app.author().await;
    let me = author.patch("/v1/auth/me", json!({ "name": "M. Tanaka" })).send().await.expect(200);
    assert_eq!(me.at("/name"), "M. Tanaka");
    author.patch("/v1/auth/me", json!({ "name": "X" })).without_condition().send().await.expect(428);
    author.patch("/v1/auth/me", json!({ "name": "X" })).if_match("1").send().await.expect(412);
    author.patch("/v1/auth/me", json!({ "name": "  " })).send().await.expect(422);
    for member in ["role", "state", "is_active", "epoch", "token_version", "email", "password", "regions", "id"] {
        let refused = author.patch("/v1/auth/me", json!({ "name": "X", member: "admin" })).send().await.expect(422);
        assert_eq!(refused.faults(), [format!("/{member} unknown_key")]);
    }
    let after = author.get("/v1/auth/me").send().await.expect(200);
    assert_eq!(
        (after.at("/role"), after.at("/name"), after.at("/version")),
        (&json!("author"), &json!("M. Tanaka"), &json!(2))
    );
}

#[actix_web::test]
async fn the_form_is_read_strictly_and_refused_as_oauth_clients_read_it() {
    let app = TestApp::start().await;
    app.user("editor", MEI).await;
    let password = "nine+lanterns+over+a+wet+quay";
    let fine = format!("grant_type=password&username={MEI}&password={password}&scope=&client_id=&client_secret=");
    let send = |body: String| app.reader().request(Method::POST, TOKEN).body(FORM, body).send();
    send(fine).await.expect(200);
    let table = [
        (String::new(), "invalid_request"),
        (format!("username={MEI}&password={password}"), "invalid_request"),
        ("grant_type=password".to_owned(), "invalid_request"),
        (format!("grant_type=password&username={MEI}"), "invalid_request"),
        (format!("grant_type=password&username={MEI}&password="), "invalid_request"),
        (format!("grant_type=password&username={MEI}&username={MEI}&password={password}"), "invalid_request"),
        (format!("grant_type=password&username[$gt]=&password={password}"), "invalid_request"),
        (format!("grant_type=password&username={MEI}&password={password}&role=admin"), "invalid_request"),
        (format!("grant_type=password&username={MEI}&password={password}&refresh_token=x"), "invalid_request"),
        (format!("grant_type=password&username=%ff&password={password}"), "invalid_request"),
        (format!("grant_type=password&username=a%00b&password={password}"), "invalid_request"),
        (format!("grant_type=password&username=%4&password={password}"), "invalid_request"),
        (format!("grant_type=password&username={MEI}&password={}", "a".repeat(257)), "invalid_request"),
        (format!("grant_type=refresh_token&username={MEI}&refresh_token=x"), "invalid_request"),
        ("grant_type=refresh_token".to_owned(), "invalid_request"),
        ("grant_type=client_credentials".to_owned(), "unsupported_grant_type"),
        ("grant_type=Password".to_owned(), "unsupported_grant_type"),
    ];
    for (body, error) in table {
        let refused = send(body.clone()).await.expect(400);
        assert_eq!(refused.at("/error"), error, "{body}: {refused}");
        assert!(refused.at("/error_description").is_string());
    }
    let in_query = format!("{TOKEN}?username={MEI}");
    app.reader().request(Method::POST, in_query).body(FORM, "grant_type=password").send().await.expect(400);
    let json = json!({ "grant_type": "password", "username": { "$gt": "" }, "password": ["x"] });
    app.reader().post(TOKEN, json).send().await.expect(415);
    app.reader().request(Method::POST, TOKEN).body(FORM, "a".repeat(8193)).send().await.expect(413);
    app.reader().request(Method::POST, TOKEN).body(FORM, vec![0xff]).send().await.expect(400);
}

#[actix_web::test]
async fn the_eleventh_guess_at_an_account_is_refused_in_whatever_spelling() {
    let app = TestApp::start().await;
    app.user("editor", MEI).await;
    for guess in 0..10_u32 {
        let email = if guess % 2 == 0 { MEI } else { "MEI.Tanaka@EXAMPLE.org" };
        let hop = format!("203.0.113.{guess}");
        let wrong = app.signs_in(email, "nine lanterns over a wet quai").header("x-forwarded-for", hop);
        let wrong = wrong.send().await.expect(401);
        assert!(wrong.header("ratelimit").starts_with(&format!("\"account\";r={};t=900", 9 - guess)), "{wrong}");
    }
    app.set_clock("2026-01-05T08:05:00Z");
    let refused = app.signs_in(MEI, PASSWORD).send().await.expect(429);
    assert_eq!(refused.header("retry-after"), "600");
    assert_eq!(refused.header("ratelimit-policy"), "\"account\";q=10;w=900, \"peer\";q=30;w=900");
    assert_eq!(refused.header("ratelimit"), "\"account\";r=0;t=600, \"peer\";r=20;t=600");
    app.set_clock("2026-01-05T08:15:00Z");
    app.signs_in(MEI, PASSWORD).send().await.expect(200);
}

#[actix_web::test]
async fn the_thirty_first_guess_of_a_peer_is_refused_whatever_it_says_of_itself() {
    let app = TestApp::start().await;
    app.user("editor", MEI).await;
    for guess in 0..30 {
        let email = format!("somebody-{guess}@example.org");
        let sent = app.signs_in(&email, PASSWORD).header("x-forwarded-for", format!("203.0.113.{guess}"));
        sent.header("forwarded", format!("for=203.0.113.{guess}")).send().await.expect(401);
        if guess == 15 {
            // A right password in between gives nothing back.
            app.signs_in(MEI, PASSWORD).send().await.expect(200);
        }
    }
    let refused = app.signs_in(MEI, PASSWORD).header("x-forwarded-for", "203.0.113.99").send().await.expect(429);
    assert!(refused.header("retry-after") == "900" && refused.code() == "too_many_requests", "{refused}");
    // Spellings of the path are not the path.
    for path in ["/v1/auth//token", "/v1/auth/TOKEN", "/v1/auth/./token;x", "/v1/%61uth/token/x"] {
        let sent = app.reader().request(Method::POST, path).body(FORM, "grant_type=password").unchecked().send().await;
        assert!([401, 404].contains(&sent.status()), "{sent}");
    }
}

#[actix_web::test]
async fn the_public_keys_are_published_and_no_secret_with_them() {
    let app = TestApp::start().await;
    let keys = app.reader().get("/.well-known/jwks.json").send().await.expect(200);
    assert_eq!(keys.header("cache-control"), "public, max-age=300");
    let key = keys.at("/keys/0").as_object().expect("a key").clone();
    assert_eq!(key.keys().collect::<Vec<_>>(), ["alg", "crv", "kid", "kty", "use", "x"]);
    assert_eq!(key.get("kty"), Some(&json!("OKP")));
}

#[actix_web::test]
async fn a_dump_of_the_database_holds_no_password_and_no_token() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let new = json!({ "email": MEI, "name": "Mei", "role": "editor", "password": PASSWORD });
    admin.post("/v1/newsroom/users", new).key("a-user-with-a-password").send().await.expect(201);
    let first = app.signs_in(MEI, PASSWORD).send().await.expect(200);
    let second = app.refreshes(first.refresh()).send().await.expect(200);
    let wire = json!({ "name": "Wire import", "scopes": ["newsroom:read"] });
    let wire = app.reader().post("/v1/newsroom/tokens", wire).bearer(second.access()).key("a-token");
    let wire = wire.send().await.expect(201);
    let database = app.database().await;
    let tables = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'";
    let mut dump = String::new();
    for table in database.query(tables, &[]).await.expect("tables") {
        let name: String = table.get(0);
        let rows = format!("SELECT t::text || encode(convert_to(t::text, 'UTF8'), 'hex') FROM {name} t");
        for row in database.query(&rows, &[]).await.expect("rows") {
            dump.push_str(&row.get::<_, String>(0));
        }
    }
    assert!(dump.contains("$argon2id$v=19$m=19456,t=2,p=1$"), "a hash is there");
    let secrets =
        [PASSWORD, first.access(), first.refresh(), second.access(), second.refresh(), wire.text_at("/token")];
    for secret in secrets {
        let as_hex = dateline::base::id::hex(secret.as_bytes());
        assert!(!dump.contains(secret) && !dump.contains(&as_hex), "{secret} lies open");
    }
    let plain_hash = dateline::base::id::hex(&dateline::base::secret::sha256(PASSWORD.as_bytes()));
    assert!(!dump.contains(&plain_hash));
}
