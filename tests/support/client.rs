//! Actors and the requests they send, over real HTTP.

use std::time::Duration;

use dateline::base::id::new_id;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::answer::Answer;
use super::app::TestApp;
use super::contract::{self, Exchange};

/// Somebody who sends requests.
#[derive(Clone)]
pub struct Actor {
    app: TestApp,
    identity: Option<Identity>,
}

/// Who a signed-in actor is.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    pub user_id: Uuid,
    pub session_id: Uuid,
    pub email: String,
}

impl Actor {
    pub(super) fn new(app: TestApp, identity: Option<Identity>) -> Self {
        Self { app, identity }
    }

    /// The id of a signed-in actor.
    pub fn id(&self) -> Uuid {
        self.identity.as_ref().expect("a signed-in actor").user_id
    }

    /// The e-mail address of a signed-in actor.
    pub fn email(&self) -> &str {
        &self.identity.as_ref().expect("a signed-in actor").email
    }

    /// An access token of a signed-in actor, valid from now on.
    pub fn token(&self) -> String {
        let who = self.identity.as_ref().expect("a signed-in actor");
        let signer = &self.app.shared().signer;
        signer.sign(who.user_id, who.session_id, 0, new_id(), self.app.now()).expect("a token")
    }

    /// Reads.
    pub fn get(&self, path: impl Into<String>) -> Request {
        self.request(Method::GET, path)
    }

    /// Reads the headers only.
    pub fn head(&self, path: impl Into<String>) -> Request {
        self.request(Method::HEAD, path)
    }

    /// Creates, or acts.
    pub fn post(&self, path: impl Into<String>, body: Value) -> Request {
        self.request(Method::POST, path).body("application/json", body.to_string())
    }

    /// Changes by merge-patch.
    pub fn patch(&self, path: impl Into<String>, body: Value) -> Request {
        self.request(Method::PATCH, path).body("application/merge-patch+json", body.to_string())
    }

    /// Replaces.
    pub fn put(&self, path: impl Into<String>, body: Value) -> Request {
        self.request(Method::PUT, path).body("application/json", body.to_string())
    }

    /// Removes.
    pub fn delete(&self, path: impl Into<String>) -> Request {
        self.request(Method::DELETE, path)
    }

    /// Adds a topic, and before that is done sends the same request with the same key again; answers the second answer.
    pub async fn sends_twice_at_once(&self) -> Answer {
        let mut database = self.app.database().await;
        let hold = database.transaction().await.expect("a transaction");
        hold.batch_execute("LOCK TABLE topics IN EXCLUSIVE MODE").await.expect("a lock");
        let send = || self.post("/v1/newsroom/topics", json!({ "name": "Strikes" })).key("slow").send();
        let first = actix_web::rt::spawn(send());
        let waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'topics'::regclass";
        while hold.query_one(waits, &[]).await.expect("a count").get::<_, i64>(0) == 0 {
            actix_web::rt::time::sleep(Duration::from_millis(5)).await;
        }
        let second = send().await;
        hold.commit().await.expect("an end of the lock");
        first.await.expect("a first answer").expect(201);
        second
    }

    /// Any request, without a body yet.
    pub fn request(&self, method: Method, path: impl Into<String>) -> Request {
        Request {
            actor: self.clone(),
            method,
            path: path.into(),
            query: Vec::new(),
            headers: Vec::new(),
            body: Vec::new(),
            conditional: true,
            checked: true,
        }
    }
}

/// A request that is being put together.
#[must_use]
pub struct Request {
    actor: Actor,
    method: Method,
    path: String,
    query: Vec<(String, String)>,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
    conditional: bool,
    checked: bool,
}

impl Request {
    /// Adds a header; `Authorization` and `If-Match` replace those that are sent by themselves.
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name.to_ascii_lowercase(), value.as_ref().to_vec()));
        self
    }

    /// `If-Match` with the entity tag of this version, or with a whole value such as `*` or `"1", "2"`.
    pub fn if_match(self, version: &str) -> Self {
        let plain = version.bytes().all(|byte| byte.is_ascii_digit());
        let value = if plain { format!("\"{version}\"") } else { version.to_owned() };
        self.header("if-match", value)
    }

    /// Leaves `If-Match` out, which is otherwise `*` wherever it is required.
    pub fn without_condition(mut self) -> Self {
        self.conditional = false;
        self
    }

    /// `Idempotency-Key`.
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// Adds parameters.
    pub fn query(mut self, parameters: &[(&str, &str)]) -> Self {
        self.query.extend(parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self
    }

    /// Sends these bytes as this media type, in place of whatever body there was.
    pub fn body(mut self, media_type: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.headers.retain(|(name, _)| name != "content-type");
        self.body = bytes.into();
        self.header("content-type", media_type)
    }

    /// Does not hold the answer against the published document.
    pub fn unchecked(mut self) -> Self {
        self.checked = false;
        self
    }

    /// Sends it.
    pub async fn send(mut self) -> Answer {
        let app = self.actor.app.clone();
        let bare = self.path.split('?').next().unwrap_or_default().to_owned();
        if self.actor.identity.is_some() && !self.has("authorization") {
            let token = self.actor.token();
            self = self.header("authorization", format!("Bearer {token}"));
        }
        if self.conditional && !self.has("if-match") && contract::wants_condition(self.method.as_str(), &bare) {
            self = self.if_match("*");
        }
        let mut url: url::Url = app.url(&self.path).parse().expect("a path");
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        let target = url[url::Position::BeforePath..url::Position::AfterQuery].to_owned();
        let mut request = app.http().request(self.method.clone(), url).body(self.body);
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        let response = request.send().await.unwrap_or_else(|error| panic!("{} {target}: {error}", self.method));
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let body = response.bytes().await.expect("a whole body").to_vec();
        let answer = Answer::new(format!("{} {target}", self.method), status, headers, body);
        answer.keeps_the_inside_to_itself();
        if self.checked {
            let exchange = Exchange { method: self.method.as_str(), path: &bare, target: &target, answer: &answer };
            contract::check(&exchange);
        }
        answer
    }

    fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|(header, _)| header == name)
    }
}
