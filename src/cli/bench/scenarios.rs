//! What is measured: each scenario with its requests, the server that answers them, and what its figure is held against.

use serde_json::{Value, json};

use super::client::Client;
use super::fill::{SECTIONS, slug};
use super::limits::Task;
use super::load::Load;
use super::prose::{Dice, VOCABULARY, word};
use crate::cli::failure::{Failure, Outcome};

const MOST_KEYS: usize = 5_000;
const SEARCHES: usize = 3_000;
/// How often the paths of Zipf's traffic are drawn.
const DRAWN: usize = 20_000;
const DEEP_PAGES: usize = 5_000;
const DEEP_PATHS: usize = 200;
/// Articles to publish, made before each measurement of publishing.
pub(super) const DRAFTS: usize = 600;

/// Which server answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// One that keeps answers.
    Keeping,
    /// One that reads every time.
    Reading,
}

/// What a figure is divided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Against {
    /// The bare handler, under the same load without conditions.
    Bare,
    /// nginx with a cache of its own, under the same load without conditions.
    Nginx,
    /// pgbench at the same task.
    Pgbench(Task),
    /// Another scenario, by its name.
    Scenario(&'static str),
}

/// What has to happen around a measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Around {
    Nothing,
    /// An article is changed and published each second.
    Publishing,
    /// Drafts are made before.
    Drafts,
}

pub(super) struct Scenario {
    pub name: &'static str,
    pub asked: Asked,
    pub load: Load,
    pub against: &'static [Against],
    pub around: Around,
}

/// Everything that is asked for more than once.
pub(super) struct Material {
    /// Paths of articles.
    pub articles: Vec<String>,
    /// The same with their entity tags.
    conditional: Vec<String>,
    pages: Vec<String>,
    lists: Vec<String>,
    deep: Vec<String>,
    searches: Vec<String>,
    zipf: Vec<String>,
    /// The answers to `articles`.
    pub bodies: Vec<Vec<u8>>,
    /// Ids of some of the articles.
    pub ids: Vec<String>,
}

impl Material {
    /// Reads everything once, which warms what can be warm.
    ///
    /// # Errors
    /// When a path does not answer.
    pub(super) fn gather(client: &mut Client, articles: usize) -> Outcome<Self> {
        let mut dice = Dice::new(11);
        let keys = articles.min(MOST_KEYS);
        let numbers: Vec<usize> = (0..keys).map(|key| key * (articles / keys)).collect();
        let paths = |under: &str| numbers.iter().map(|number| format!("{under}{}", slug(*number))).collect();
        let mut material = Self {
            articles: paths("/v1/articles/"),
            conditional: Vec::new(),
            pages: paths("/v1/pages/article/"),
            lists: SECTIONS
                .iter()
                .flat_map(|region| (10..31).map(move |limit| format!("/v1/articles?limit={limit}&region={region}")))
                .collect(),
            deep: Vec::new(),
            searches: (0..SEARCHES)
                .map(|_| format!("/v1/articles?q={}", word(20 + dice.zipf(VOCABULARY - 20))))
                .collect(),
            zipf: Vec::new(),
            bodies: Vec::new(),
            ids: Vec::new(),
        };
        for path in &material.articles {
            let answer = read(client, path)?;
            material.conditional.push(format!("{path}\t{}", answer.etag.clone().unwrap_or_default()));
            if material.ids.len() < 100 {
                material.ids.extend(answer.json().pointer("/id").and_then(Value::as_str).map(str::to_owned));
            }
            material.bodies.push(answer.body);
        }
        for path in material.pages.iter().chain(&material.lists) {
            read(client, path)?;
        }
        material.zipf = (0..DRAWN).filter_map(|_| material.articles.get(dice.zipf(keys)).cloned()).collect();
        material.deep = deep(client, articles)?;
        Ok(material)
    }

    /// Every path that the bare handler must know.
    pub(super) fn kept(&self) -> Vec<String> {
        [&self.articles, &self.pages, &self.lists].into_iter().flatten().cloned().collect()
    }
}

/// Cursors far down in the list of everything.
fn deep(client: &mut Client, articles: usize) -> Outcome<Vec<String>> {
    let pages = DEEP_PAGES.min(articles / 20).saturating_sub(1);
    let mut path = "/v1/articles".to_owned();
    let mut found = Vec::new();
    for _ in 0..pages {
        let answer = read(client, &path)?.json();
        let Some(cursor) = answer.pointer("/meta/next_cursor").and_then(Value::as_str) else { break };
        path = format!("/v1/articles?cursor={cursor}");
        found.push(path.clone());
    }
    Ok(found.split_off(found.len().saturating_sub(DEEP_PATHS)))
}

fn read(client: &mut Client, path: &str) -> Outcome<super::client::Answer> {
    let answer = client.get(path)?;
    if answer.status == 200 {
        return Ok(answer);
    }
    Err(Failure::new(format!("{path} answers {}: {}", answer.status, String::from_utf8_lossy(&answer.body))))
}

/// All scenarios, in the order in which they are measured.
pub(super) fn scenarios(material: &Material, token: &str) -> Vec<Scenario> {
    let get = |lines: &[String]| Load { method: "GET", lines: lines.to_vec(), ..Load::default() };
    let one = |name, asked, load, against| Scenario { name, asked, load, against, around: Around::Nothing };
    let regions: Vec<String> = SECTIONS.iter().map(|region| format!("/v1/articles?region={region}")).collect();
    let drawn: Vec<String> =
        material.articles.iter().map(|path| format!("{path}?body_format=blocks,html,text")).collect();
    vec![
        one("article, hit", Asked::Keeping, get(&material.articles), &[Against::Bare, Against::Nginx]),
        one("article, 304", Asked::Keeping, get(&material.conditional), &[Against::Bare]),
        one("page, hit", Asked::Keeping, get(&material.pages), &[Against::Bare]),
        one("list by region, hit", Asked::Keeping, get(&material.lists), &[Against::Bare, Against::Nginx]),
        one("Zipf, hit", Asked::Keeping, get(&material.zipf), &[]),
        Scenario {
            around: Around::Publishing,
            ..one("Zipf, one publish a second", Asked::Keeping, get(&material.zipf), &[Against::Scenario("Zipf, hit")])
        },
        one("article, miss", Asked::Reading, get(&material.articles), &[Against::Pgbench(Task::Read)]),
        // In a form that is not kept finished, so that it is drawn each time.
        one("article, drawn", Asked::Reading, get(&drawn), &[Against::Scenario("article, miss")]),
        one("page, miss", Asked::Reading, get(&material.pages), &[Against::Scenario("article, miss")]),
        one("list by region, miss", Asked::Reading, get(&regions), &[Against::Scenario("article, miss")]),
        one("first page, miss", Asked::Reading, get(&["/v1/articles".to_owned()]), &[]),
        one("deep cursor, miss", Asked::Reading, get(&material.deep), &[Against::Scenario("first page, miss")]),
        one("search, miss", Asked::Reading, get(&material.searches), &[]),
        one("create", Asked::Keeping, create(token), &[Against::Pgbench(Task::Create)]),
        Scenario {
            around: Around::Drafts,
            ..one("publish", Asked::Keeping, publish(Vec::new(), token), &[Against::Pgbench(Task::Publish)])
        },
    ]
}

fn create(token: &str) -> Load {
    Load {
        method: "POST",
        lines: vec!["/v1/newsroom/articles".to_owned()],
        token: Some(token.to_owned()),
        body: Some(draft("Draft %d").to_string()),
        once: false,
    }
}

/// Publishing each of these articles.
#[expect(clippy::needless_pass_by_value, reason = "each is published once")]
pub(super) fn publish(ids: Vec<String>, token: &str) -> Load {
    Load {
        method: "POST",
        lines: ids.iter().map(|id| format!("/v1/newsroom/articles/{id}/publish")).collect(),
        token: Some(token.to_owned()),
        body: None,
        once: true,
    }
}

/// A new article of the usual size.
pub(super) fn draft(headline: &str) -> Value {
    let body = super::prose::body(&mut Dice::new(5), Some(&slug(0)));
    json!({
        "headline": headline,
        "summary": super::prose::words(&mut Dice::new(6), 25),
        "body": { "format": "html", "content": body },
        "primary_region": SECTIONS.first(),
        "topics": ["topic-1", "topic-2"],
        "bylines": [{ "author": format!("reporter-{}0000001", super::clones::AUTHOR) }],
        "hero": { "media": "picture-1" },
        "related": [{ "kind": "read_more", "target": { "slug": slug(1) } }],
    })
}
