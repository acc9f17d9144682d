//! A newsroom in which every operation of the document finds what it is about: the path filled, the body valid, the
//! object in the state that the operation starts from.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::TimeDelta;
use dateline::base::clock::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::more::{EMBARGO, More};
use super::operations::Operation;
use crate::support::people::{FORM, PASSWORD};
use crate::support::{Actor, Answer, Request, TestApp, with};

const READER: &str = "reader@example.org";

/// A prepared newsroom.
pub struct Newsroom {
    /// Its application.
    pub app: TestApp,
    admin: Actor,
    numbers: AtomicUsize,
}

/// In which state an article is when it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// In which the operation begins, mostly a draft.
    Usual,
    Submitted,
    Approved,
    Live,
    /// Live, with an update that is planned.
    LivePlanned,
    Scheduled,
    Withdrawn,
    Killed,
    Archived,
    ArchivedWithdrawn,
    ArchivedKilled,
    Trashed,
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The operation.
    pub operation: &'a Operation,
    /// How the article stands that it is about.
    pub state: State,
    /// What there is beyond the least.
    pub more: More,
}

/// A request that an operation can answer.
#[derive(Clone, Debug)]
pub struct Errand {
    method: Method,
    path: String,
    body: Option<(&'static str, String)>,
}

impl Errand {
    /// Sends it as somebody; an API token takes the place of the session.
    pub async fn send(&self, by: &Actor, token: Option<&str>) -> Answer {
        let request = self.request(self.method.clone(), by);
        if let Some(token) = token { request.bearer(token) } else { request }.send().await
    }

    /// The same with another method, to be sent.
    pub fn request(&self, method: Method, by: &Actor) -> Request {
        let request = by.request(method, self.path.clone());
        match &self.body {
            Some((kind, body)) => request.body(kind, body.clone()),
            None => request,
        }
    }

    /// The same with one more parameter.
    pub fn with_parameter(mut self, parameter: &str) -> Self {
        let sign = if self.path.contains('?') { '&' } else { '?' };
        self.path = format!("{}{sign}{parameter}", self.path);
        self
    }
}

/// An errand that came to nothing: what was refused, or only read, left everything as it was, so that the next caller can
/// be sent on it too.
#[derive(Debug, Default)]
pub struct Unspent(Option<(Uuid, Errand)>);

impl Unspent {
    /// Sends somebody on an errand about an object of the owner's: on the last one, if that came to nothing.
    pub async fn send(
        &mut self,
        newsroom: &Newsroom,
        case: Case<'_>,
        owner: &Actor,
        (by, token): (&Actor, Option<&str>),
    ) -> Answer {
        let errand = match self.0.take() {
            Some((id, errand)) if id == owner.id() => errand,
            _ => newsroom.errand_in(case, owner).await,
        };
        let answer = errand.send(by, token).await;
        if answer.status() >= 400 || case.operation.method == Method::GET {
            self.0 = Some((owner.id(), errand));
        }
        answer
    }
}

impl Newsroom {
    /// One with a live article that has a section, an author with a face, a topic and a picture.
    pub async fn open() -> Self {
        let app = TestApp::start().await;
        let admin = app.admin().await;
        let newsroom = Self { app, admin, numbers: AtomicUsize::default() };
        newsroom.app.region("asia", None).await;
        newsroom.app.user("contributor", READER).await;
        let picture = json!({ "slug": "mine", "url": "https://media.example.org/mine.jpg", "mime_type": "image/jpeg" });
        newsroom.makes("media", with(picture, json!({ "alt": "A mine" }))).await;
        newsroom.makes("authors", json!({ "name": "Mei Tanaka", "slug": "mei-tanaka", "avatar": "mine" })).await;
        newsroom.makes("topics", json!({ "name": "Rails", "slug": "rails" })).await;
        let story = json!({
            "headline": "One", "slug": "one", "primary_region": "asia", "topics": ["rails"], "hero": { "media": "mine" },
            "bylines": [{ "author": "mei-tanaka" }], "body": { "format": "html", "content": "<p>Words.</p>" },
        });
        let story = newsroom.makes("articles", story).await;
        newsroom.admin.publishes(&story).await;
        newsroom
    }

    /// A request for the operation about something new, which belongs to `owner` if it is of a kind that does.
    pub async fn errand(&self, operation: &Operation, owner: &Actor) -> Errand {
        self.errand_in(Case { operation, state: State::Usual, more: More::Nothing }, owner).await
    }

    async fn errand_in(&self, case: Case<'_>, owner: &Actor) -> Errand {
        let operation = case.operation;
        let values = if operation.is_delivery() { public_values(operation) } else { self.values(case, owner).await };
        let mut path = operation.path.clone();
        for value in values {
            let (start, end) = path.find('{').zip(path.find('}')).expect("a parameter for each value");
            path.replace_range(start..=end, &value);
        }
        assert!(!path.contains('{'), "say in tests/guards/errands.rs what stands for the parameters of {path}");
        let query = if operation.id == "resolve_path" { "path=/asia/one".to_owned() } else { operation.query() };
        if !query.is_empty() {
            path = format!("{path}?{query}");
        }
        let body = self.body(case, owner, &path).await;
        Errand { method: operation.method.clone(), path, body }
    }

    /// What stands for the parameters of a newsroom path, made for the purpose.
    async fn values(&self, case: Case<'_>, owner: &Actor) -> Vec<String> {
        let operation = case.operation;
        let Some((before, _)) = operation.path.split_once("/{") else { return Vec::new() };
        match before.rsplit('/').next().unwrap_or_default() {
            "articles" => {
                let article = self.article(case, owner).await;
                let second = if operation.path.contains("{link_id}") {
                    Some(article.text_at("/related/0/id").to_owned())
                } else if operation.path.contains("{preview_id}") {
                    Some(self.preview(&article).await.id())
                } else {
                    operation.path.contains("{number}").then(|| "1".to_owned())
                };
                let third = operation.path.contains("{other}").then(|| "1".to_owned());
                [Some(article.id()), second, third].into_iter().flatten().collect()
            }
            "preview" => {
                let article = self.article(case, &self.admin).await;
                vec![self.preview(&article).await.text_at("/token").to_owned()]
            }
            "by-external-id" => {
                let article = self.article(case, owner).await;
                vec!["wire".to_owned(), article.text_at("/external_ids/0/value").to_owned()]
            }
            "users" => vec![self.app.contributor().await.id().to_string()],
            "tokens" => {
                let new = json!({ "name": "Wire import", "scopes": ["newsroom:read"] });
                vec![owner.post("/v1/newsroom/tokens", new).send().await.expect(201).id()]
            }
            "media" => {
                let name = format!("Thing {}", self.number());
                let new = json!({ "url": "https://media.example.org/a.jpg", "mime_type": "image/jpeg", "alt": name });
                let id = owner.post("/v1/newsroom/media", new).send().await.expect(201).id();
                if case.more == More::Shown {
                    let story = json!({
                        "headline": name, "primary_region": "asia", "hero": { "media": id },
                        "body": { "format": "html", "content": "<p>Words.</p>" },
                    });
                    let story = self.makes("articles", story).await;
                    self.admin.publishes(&story).await;
                }
                vec![id]
            }
            noun => vec![self.thing(noun).await.id()],
        }
    }

    /// An article in the state of the case. What prepares it is not held against the document: it is the same again and
    /// again.
    async fn article(&self, case: Case<'_>, owner: &Actor) -> Answer {
        let number = self.number();
        let article = json!({
            "headline": format!("Story {number}"), "primary_region": "asia",
            "body": { "format": "html", "content": "<p>Words.</p>" },
            "external_ids": [{ "scheme": "wire", "value": format!("w{number}") }],
            "related": [{ "kind": "read_more", "target": { "slug": "one" } }],
        });
        let article = owner.post("/v1/newsroom/articles", article).unchecked().send().await.expect(201);
        let operation = case.operation.id.as_str();
        let state = match operation {
            _ if case.state != State::Usual => case.state,
            _ if case.more.is_live() => State::Live,
            "unpublish_article" | "correct_article" | "kill_article" => State::Live,
            "unschedule_article" | "reschedule_article" => State::Scheduled,
            "reinstate_article" => State::Killed,
            "restore_article" => State::Trashed,
            "request_changes" | "approve_article" => State::Submitted,
            _ => State::Usual,
        };
        self.bring(&article, state).await;
        if operation == "correct_article" && state == State::Live {
            // Else there is nothing to correct.
            self.edit(&article, json!({ "summary": "More." })).await;
        }
        if ["get_legal_hold", "lift_legal_hold"].contains(&operation) {
            let hold = self.admin.put(format!("{}/legal-hold", article.place()), json!({ "reason": "A lawsuit" }));
            hold.unchecked().send().await.expect(200);
        }
        if case.more == More::Breaking {
            self.act(&article, "embargo", json!({ "until": EMBARGO })).await;
        }
        article
    }

    /// Brings a draft into a state.
    async fn bring(&self, article: &Answer, state: State) {
        let nothing = || json!({});
        let next_year = || json!({ "at": "2027-01-05T08:00:00Z" });
        match state {
            State::Usual | State::Archived => {}
            State::Submitted => self.act(article, "submit", nothing()).await,
            State::Approved => {
                self.act(article, "submit", nothing()).await;
                self.act(article, "approve", nothing()).await;
            }
            State::Live => self.act(article, "publish", nothing()).await,
            State::LivePlanned => {
                self.act(article, "publish", nothing()).await;
                self.edit(article, json!({ "kicker": "Later" })).await;
                self.act(article, "publish", next_year()).await;
            }
            State::Scheduled => self.act(article, "publish", next_year()).await,
            State::Withdrawn | State::ArchivedWithdrawn => {
                self.act(article, "publish", nothing()).await;
                self.wait();
                self.act(article, "unpublish", nothing()).await;
            }
            State::Killed | State::ArchivedKilled => {
                self.act(article, "publish", nothing()).await;
                self.wait();
                self.act(article, "kill", json!({ "reason": "It was wrong." })).await;
            }
            State::Trashed => drop(self.admin.delete(article.place()).unchecked().send().await.expect(204)),
        }
        if [State::Archived, State::ArchivedWithdrawn, State::ArchivedKilled].contains(&state) {
            let archive = self.admin.request(Method::POST, format!("{}/archive", article.place()));
            archive.unchecked().send().await.expect(200);
        }
    }

    async fn act(&self, article: &Answer, verb: &str, plan: Value) {
        self.admin.post(format!("{}/{verb}", article.place()), plan).unchecked().send().await.expect(200);
    }

    async fn edit(&self, article: &Answer, change: Value) {
        self.admin.patch(article.place(), change).unchecked().send().await.expect(200);
    }

    /// Lets a moment pass: what ends at the instant at which it began was never live.
    fn wait(&self) {
        let next = self.app.now() + TimeDelta::milliseconds(1);
        self.app.set_clock(&Timestamp(next).to_string());
    }

    async fn preview(&self, article: &Answer) -> Answer {
        self.admin.post(format!("{}/previews", article.place()), json!({})).send().await.expect(201)
    }

    /// A new author, region or topic.
    async fn thing(&self, noun: &str) -> Answer {
        let name = format!("Thing {}", self.number());
        let new = match noun {
            "authors" | "topics" => json!({ "name": name }),
            "regions" => json!({ "name": name, "kind": "editorial" }),
            _ => panic!("say in tests/guards/errands.rs how one of the {noun} is made"),
        };
        self.makes(noun, new).await
    }

    async fn body(&self, case: Case<'_>, owner: &Actor, path: &str) -> Option<(&'static str, String)> {
        let Case { operation, more, .. } = case;
        let kind = if operation.method == Method::PATCH { "application/merge-patch+json" } else { "application/json" };
        let body = match operation.id.as_str() {
            "issue_tokens" => {
                let fields = [("grant_type", "password"), ("username", READER), ("password", PASSWORD)];
                let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
                return Some((FORM, form));
            }
            "change_password" => {
                self.give_password(owner).await;
                json!({ "current_password": PASSWORD, "new_password": "a kettle, two maps and the late ferry" })
            }
            "assign_article" => json!({ "deadline": "2026-01-05T17:00:00Z" }),
            "merge_article" => json!({ "base_version": 1, "patch": { "summary": "Words" } }),
            "schedule_article" => json!({ "at": "2026-01-06T06:00:00Z" }),
            "reschedule_article" => {
                let article = self.admin.get(path.trim_end_matches("/reschedule")).send().await.expect(200);
                let period = article.at("/live").as_array().and_then(|periods| periods.first()?.get("id").cloned());
                json!({ "period": period.unwrap_or_else(|| json!(Uuid::nil())), "until": "2028-01-06T07:00:00Z" })
            }
            "embargo_article" => json!({ "until": "2026-01-06T11:00:00Z" }),
            "create_link" => json!({ "kind": "related", "target": { "slug": "one" } }),
            "replace_links" => json!({ "related": [] }),
            "create_token" if more == More::ForAnother => {
                with(operation.body()?, json!({ "user_id": self.admin.id() }))
            }
            "put_region_members" => json!({ "members": ["asia"] }),
            "patch_article" => json!({ "headline": format!("Story {}", self.number()) }),
            "patch_link" => json!({ "title": "Other words" }),
            "patch_media" => json!({ "alt": format!("Thing {}", self.number()) }),
            "patch_author" | "patch_me" | "patch_region" | "patch_topic" | "patch_user" => {
                json!({ "name": format!("Thing {}", self.number()) })
            }
            "merge_authors" => json!({ "absorb": self.thing("authors").await.id() }),
            "merge_topics" => json!({ "absorb": self.thing("topics").await.id() }),
            "create_author" | "create_region" | "create_topic" => {
                with(operation.body()?, json!({ "name": format!("New {}", self.number()) }))
            }
            "create_user" => with(operation.body()?, json!({ "email": format!("new{}@example.org", self.number()) })),
            _ => operation.body()?,
        };
        let body = if more == More::Nothing { body } else { with(body, more.members(operation)) };
        Some((kind, body.to_string()))
    }

    async fn makes(&self, noun: &str, new: Value) -> Answer {
        self.admin.post(format!("/v1/newsroom/{noun}"), new).send().await.expect(201)
    }

    /// Hashing a password anew takes longer than all the rest of a request.
    async fn give_password(&self, owner: &Actor) {
        let give = "UPDATE users SET password_hash = (SELECT password_hash FROM users WHERE email = $1) \
             WHERE id = $2::text::uuid";
        let database = self.app.database().await;
        database.execute(give, &[&READER, &owner.id().to_string()]).await.expect("a password");
    }

    fn number(&self) -> usize {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }
}

/// What stands for the parameters of a public path.
fn public_values(operation: &Operation) -> Vec<String> {
    let Some((before, _)) = operation.path.split_once("/{") else { return Vec::new() };
    let value = match before.rsplit('/').next().unwrap_or_default() {
        "articles" | "article" => "one",
        "authors" => "mei-tanaka",
        "regions" | "region" => "asia",
        "topics" => "rails",
        "media" => "mine",
        noun => panic!("say in tests/guards/errands.rs which of the {noun} the public reads"),
    };
    vec![value.to_owned()]
}
