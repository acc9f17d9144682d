//! Bearer tokens made by hand: whatever is not exactly an access token of ours is refused, and costs no look into the
//! database.

use aws_lc_rs::signature::Ed25519KeyPair;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dateline::base::id::new_id;
use dateline::base::secret::Key;
use dateline::rules::opaque;
use serde_json::Value;

use crate::support::people::ME;
use crate::support::{Actor, TestApp, json};

const PURPOSE: &str = "dateline access tokens: Ed25519";

struct Forge {
    key: Ed25519KeyPair,
    header: Value,
    claims: Value,
}

impl Forge {
    /// Knows the key, and begins with a token that is right in everything.
    fn of(app: &TestApp, actor: &Actor) -> Self {
        let token = actor.token();
        let mut parts = token.split('.').map(|part| {
            let bytes = URL_SAFE_NO_PAD.decode(part).expect("base64url");
            serde_json::from_slice::<Value>(&bytes).unwrap_or_default()
        });
        let secret = app.shared().settings.jwt_secret.clone();
        Self { key: key(&secret), header: parts.next().expect("a header"), claims: parts.next().expect("claims") }
    }

    fn token(&self, header: &Value, claims: &Value) -> String {
        self.raw(&header.to_string(), &claims.to_string())
    }

    fn raw(&self, header: &str, claims: &str) -> String {
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(self.key.sign(signed.as_bytes())))
    }

    fn with_header(&self, name: &str, value: Value) -> String {
        let mut header = self.header.clone();
        header[name] = value;
        self.token(&header, &self.claims)
    }

    fn with_claim(&self, name: &str, value: Value) -> String {
        let mut claims = self.claims.clone();
        claims[name] = value;
        self.token(&self.header, &claims)
    }

    fn without_claim(&self, name: &str) -> String {
        let mut claims = self.claims.clone();
        claims.as_object_mut().expect("an object").remove(name);
        self.token(&self.header, &claims)
    }
}

fn key(secret: &str) -> Ed25519KeyPair {
    let seed = Key::derive(secret.as_bytes(), PURPOSE);
    Ed25519KeyPair::from_seed_unchecked(seed.bytes()).expect("a key")
}

#[actix_web::test]
async fn whatever_is_no_access_token_of_ours_is_refused_without_a_look_into_the_database() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let forge = Forge::of(&app, &editor);
    let right = forge.token(&forge.header, &forge.claims);
    app.me(&right).send().await.expect(200);
    let now = app.now().timestamp();
    let other = Forge { key: key("another secret that is long enough too"), ..Forge::of(&app, &editor) };
    let kid = forge.header["kid"].clone();
    let (signed, signature) = right.rsplit_once('.').expect("three parts");
    let unsigned = |alg: &str| {
        let header = json!({ "alg": alg, "typ": "at+jwt", "kid": kid }).to_string();
        format!("{}.{}.", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(forge.claims.to_string()))
    };
    let doubled = format!("{{\"sub\":\"{}\",{}", new_id(), forge.claims.to_string().trim_start_matches('{'));
    let mut altered = URL_SAFE_NO_PAD.decode(signature).expect("a signature");
    *altered.last_mut().expect("64 bytes") ^= 1;
    let mut table = vec![
        ("alg none", unsigned("none")),
        ("alg NonE", unsigned("NonE")),
        ("no alg", forge.token(&json!({ "typ": "at+jwt", "kid": kid }), &forge.claims)),
        ("no typ", forge.token(&json!({ "alg": "EdDSA", "kid": kid }), &forge.claims)),
        ("no kid", forge.token(&json!({ "alg": "EdDSA", "typ": "at+jwt" }), &forge.claims)),
        ("a claim twice", forge.raw(&forge.header.to_string(), &doubled)),
        ("another key", other.token(&other.header, &other.claims)),
        ("an altered bit", format!("{signed}.{}", URL_SAFE_NO_PAD.encode(altered))),
        ("no signature", format!("{signed}.")),
        ("two parts", signed.to_owned()),
        ("four parts", format!("{right}.x")),
        ("padding", format!("{right}==")),
        ("a space", format!(" {right}")),
        ("an array", forge.raw(&forge.header.to_string(), &json!([forge.claims]).to_string())),
        ("a refresh token", opaque::refresh_token(&[7; 32])),
        ("an API token without its check", format!("dateline_{}", "A".repeat(47))),
        ("a short API token", "dateline_abc".to_owned()),
        ("far too long", format!("{right}{}", "A".repeat(5000))),
        ("nothing", String::new()),
    ];
    for (name, value) in [
        ("alg", json!("HS256")),
        ("alg", json!("RS256")),
        ("typ", json!("JWT")),
        ("typ", json!("refresh+jwt")),
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("b64", json!(false)),
        ("jwk", json!({ "kty": "OKP" })),
        ("jku", json!("https://evil.example")),
        ("kid", json!("0000000000000000")),
        ("kid", json!(["x"])),
    ] {
        table.push((name, forge.with_header(name, value)));
    }
    for (name, value) in [
        ("exp", json!(now + 3_155_760_000_i64)),
        ("exp", json!(now - 31)),
        ("exp", json!(i64::MAX)),
        ("exp", json!(-1)),
        ("exp", json!("never")),
        ("exp", json!(null)),
        ("exp", json!([now + 60])),
        ("exp", json!(1e308)),
        ("iat", json!(now + 300)),
        ("iat", json!(i64::MIN)),
        ("nbf", json!(now + 300)),
        ("iss", json!("https://evil.example")),
        ("iss", json!([forge.claims["iss"]])),
        ("aud", json!("somebody")),
        ("aud", json!(["dateline"])),
        ("sub", json!("admin")),
        ("sid", json!(1)),
        ("epoch", json!("0")),
        ("role", json!("admin")),
    ] {
        table.push((name, forge.with_claim(name, value)));
    }
    for name in ["iss", "aud", "sub", "sid", "epoch", "jti", "iat", "nbf", "exp"] {
        table.push((name, forge.without_claim(name)));
    }
    for (name, token) in table {
        let refused = app.me(&token).send().await;
        assert!(refused.status() == 401, "{name}: {refused}");
        assert_eq!(refused.header("www-authenticate"), "Bearer realm=\"dateline\"", "{name}");
        assert_eq!(refused.statements(), 0, "{name} cost a look into the database");
    }
}

#[actix_web::test]
async fn a_token_that_is_well_made_still_has_to_stand_for_somebody() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let forge = Forge::of(&app, &editor);
    let table = [
        forge.with_claim("sub", json!(new_id())),
        forge.with_claim("sub", json!(app.editor().await.id())),
        forge.with_claim("sid", json!(new_id())),
        forge.with_claim("epoch", json!(1)),
        opaque::api_token(&[7; 32]),
    ];
    for token in table {
        let refused = app.me(&token).send().await.expect(401);
        assert_eq!(refused.statements(), 1);
    }
}

#[actix_web::test]
async fn the_header_carries_one_bearer_token_and_its_scheme_in_any_case() {
    let app = TestApp::start().await;
    let token = app.editor().await.token();
    for scheme in ["Bearer", "bearer", "BEARER"] {
        app.reader().get(ME).header("authorization", format!("{scheme} {token}")).send().await.expect(200);
    }
    let table = [
        format!("Basic {token}"),
        token.clone(),
        "Bearer".to_owned(),
        format!("Bearer  {token}"),
        "Bearer é".to_owned(),
    ];
    for value in table {
        app.reader().get(ME).header("authorization", value).send().await.expect(401);
    }
    let twice = app.me(&token).bearer(&token).send().await.expect(401);
    assert_eq!(twice.statements(), 0);
    let none = app.reader().get(ME).send().await.expect(401);
    assert_eq!(none.code(), "unauthenticated");
}

#[actix_web::test]
async fn a_token_of_a_former_secret_is_taken_only_while_the_secret_is_listed() {
    let before = "the secret of last year, which is long enough";
    for (listed, status) in [(vec![before.to_owned()], 200), (Vec::new(), 401)] {
        let app = TestApp::with("2026-01-05T08:00:00Z", |settings| settings.jwt_previous_secrets = listed).await;
        let editor = app.editor().await;
        let mut forge = Forge::of(&app, &editor);
        let keys = dateline::rules::token::Signer::new(app.shared().settings.public_url.as_str(), before, &[]);
        let keys = keys.expect("a signer");
        let (kid, _) = keys.public_keys().next().expect("a key");
        forge.key = key(before);
        forge.header["kid"] = json!(kid);
        app.me(&forge.token(&forge.header, &forge.claims)).send().await.expect(status);
    }
}
