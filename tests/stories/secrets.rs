//! Secrets pass through, and leave no trace in what is logged, however much is logged.

use std::collections::BTreeMap;

use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::support::people::FORM;
use crate::support::program::{Folder, Started, dateline, get};

const PASSWORD: &str = "canary-password nine lanterns";
const OTHERS: [(&str, &str); 4] = [
    ("cookie", "session=canary-cookie"),
    ("proxy-authorization", "Basic canary-proxy"),
    ("x-api-key", "canary-api-key"),
    ("idempotency-key", "canary-idempotency"),
];

#[actix_web::test]
async fn no_secret_that_passes_through_is_found_in_the_log_even_where_everything_is_logged() {
    let folder = Folder::new();
    let started = Started::by(dateline(&folder.0).env("DATELINE_LOG", "trace"));
    let base = started.url("API ").replace("/v1/articles", "");
    let line = started.line("Newsroom ");
    let demo = line.rsplit(' ').next().expect("a password").to_owned();
    let editor = line.split_whitespace().find(|word| word.contains('@')).expect("an address").to_owned();
    let http = Client::builder().no_proxy().build().expect("a client");
    let form =
        |fields: &[(&str, &str)]| url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let ask = async |body: String| {
        let asked = http.post(format!("{base}/v1/auth/token")).header("content-type", FORM).body(body).send().await;
        asked.expect("an answer").json::<Value>().await.expect("JSON")
    };
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).expect("a token").to_owned();

    let signed_in = ask(form(&[("grant_type", "password"), ("username", &editor), ("password", &demo)])).await;
    let (access, refresh) = (text(&signed_in, "access_token"), text(&signed_in, "refresh_token"));
    let again = ask(form(&[("grant_type", "refresh_token"), ("refresh_token", &refresh)])).await;
    let mut secrets = BTreeMap::from([
        ("the demo's password", demo.clone()),
        ("an access token", access.clone()),
        ("a refresh token", refresh),
        ("the next refresh token", text(&again, "refresh_token")),
        ("a password", PASSWORD.to_owned()),
        ("a password as it is sent", PASSWORD.replace(' ', "+")),
    ]);
    // Wrong ones are mistyped secrets.
    ask(form(&[("grant_type", "password"), ("username", &editor), ("password", PASSWORD)])).await;
    ask(form(&[("grant_type", "refresh_token"), ("refresh_token", "canary-refresh")])).await;
    ask("grant_type=password&username=%zz&password=canary-broken".to_owned()).await;
    let new = json!({ "name": "Canary", "scopes": ["newsroom:read"] });
    let made = http.post(format!("{base}/v1/newsroom/tokens")).bearer_auth(&access).json(&new).send().await;
    let made = made.expect("an answer").json::<Value>().await.expect("JSON");
    secrets.insert("an API token", text(&made, "token"));

    let bodies = [
        json!({ "current_password": PASSWORD, "new_password": "canary-short" }),
        json!({ "current_password": [PASSWORD], "new_password": { "canary-key": 1 } }),
        json!({ "email": "canary@example.org", "name": "Canary", "role": "canary-role", "password": PASSWORD }),
    ];
    for operation in
        ["/v1/auth/password", "/v1/newsroom/users", "/v1/newsroom/tokens", "/v1/articles?access_token=canary-query"]
    {
        for body in &bodies {
            for bearer in [access.as_str(), "canary-bearer", made["token"].as_str().expect("a token")] {
                for method in [Method::POST, Method::PUT, Method::GET] {
                    let mut request = http.request(method, format!("{base}{operation}")).bearer_auth(bearer).json(body);
                    for (name, value) in OTHERS {
                        request = request.header(name, value);
                    }
                    assert_ne!(request.send().await.expect("an answer").status(), 500);
                }
            }
        }
    }
    assert_eq!(get(&format!("{base}/healthz")).await.0, 200);
    let said = started.said();
    assert!(said.lines().count() > 100, "nothing is logged: {said}");
    for (what, secret) in &secrets {
        assert!(!said.contains(secret.as_str()), "{what} is logged");
    }
    for line in said.lines() {
        assert!(!line.contains("canary-"), "a secret is logged: {line}");
    }
    println!("{} lines of log, {} secrets sent through: 0 found", said.lines().count(), secrets.len() + 12);
    assert!(started.stop().success());
}
