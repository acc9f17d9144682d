//! Requests that are made up: an operation of the document, values that stand somewhere in either world, and what an
//! attacker would do to them.

use std::collections::VecDeque;
use std::sync::LazyLock;

use serde_json::Value;

use super::mined::{Mined, NOUNS};
use super::sent::Told;

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| dateline::app::document().value);

/// How many tags, dates and cursors are remembered.
const REMEMBERED: usize = 60;

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub method: String,
    pub path: String,
    pub query: Vec<(String, String)>,
    pub headers: Vec<(String, String)>,
}

impl Asked {
    /// Path and query as they are sent.
    pub fn target(&self) -> String {
        if self.query.is_empty() {
            return self.path.clone();
        }
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.query).finish();
        format!("{}?{query}", self.path)
    }

    /// As it would be typed.
    pub fn as_curl(&self, base: &str) -> String {
        let headers: Vec<String> = self.headers.iter().map(|(name, value)| format!(" -H '{name}: {value}'")).collect();
        let headers = headers.concat();
        format!("curl -i -X {} '{base}{}'{headers}", self.method, self.target())
    }

    /// The same with one thing less.
    pub fn simpler(&self) -> Vec<Self> {
        let mut all = Vec::new();
        let mut add = |change: &dyn Fn(&mut Self)| {
            let mut less = self.clone();
            change(&mut less);
            all.extend(Some(less).filter(|less| less != self));
        };
        for at in 0..self.headers.len() {
            add(&|asked| drop(asked.headers.remove(at)));
        }
        for at in 0..self.query.len() {
            add(&|asked| drop(asked.query.remove(at)));
        }
        add(&|asked| "GET".clone_into(&mut asked.method));
        for at in 0..self.query.len() {
            let items: Vec<String> = self.query[at].1.split(',').map(str::to_owned).collect();
            for item in items.iter().filter(|_| items.len() > 1) {
                add(&|asked| item.clone_into(&mut asked.query[at].1));
            }
        }
        all
    }
}

struct Operation {
    method: String,
    path: String,
    parameters: Vec<(String, Value)>,
}

/// Makes up requests: the same ones for the same seed.
pub struct Asker {
    state: u64,
    mined: Mined,
    public: Vec<Operation>,
    private: Vec<Operation>,
    tags: VecDeque<String>,
    dates: VecDeque<String>,
    cursors: VecDeque<String>,
}

impl Asker {
    pub fn new(seed: u64, mined: Mined) -> Self {
        assert!(mined.keys.iter().all(|keys| keys.len() > 2), "the worlds are empty: {mined:?}");
        // Signing in is left out: it counts failures by the wall clock, and hashes.
        let (private, public) =
            operations().into_iter().filter(|operation| operation.path != "/v1/auth/token").partition(|operation| {
                operation.path.starts_with("/v1/newsroom") || operation.path.starts_with("/v1/auth")
            });
        let known = VecDeque::new();
        Self { state: seed, mined, public, private, tags: known.clone(), dates: known.clone(), cursors: known }
    }

    /// The next request.
    pub fn asks(&mut self) -> Asked {
        let (newsroom, of_public, of_private) =
            (self.once_in(10), self.below(self.public.len()), self.below(self.private.len()));
        let operation = if newsroom { &self.private[of_private] } else { &self.public[of_public] };
        let (method, pattern, parameters) =
            (operation.method.clone(), operation.path.clone(), operation.parameters.clone());
        let mut asked = Asked { method, path: self.path(&pattern), query: Vec::new(), headers: Vec::new() };
        for (name, parameter) in &parameters {
            let required = parameter.get("required") == Some(&Value::Bool(true));
            let most = if parameters.len() > 8 { 5 } else { 3 };
            if required || self.once_in(most) {
                let value = self.value(&pattern, name, parameter);
                asked.query.push((name.clone(), value));
            }
        }
        if self.once_in(8) {
            self.mutate(&mut asked);
        }
        self.dress(&mut asked);
        asked
    }

    /// Remembers what an answer gives to ask with.
    pub fn learns(&mut self, asked: &Asked, told: &Told) {
        remember(&mut self.tags, told.header("etag"));
        remember(&mut self.dates, told.header("last-modified"));
        if asked.method == "GET" && told.status == 200 {
            let page: Option<Value> = serde_json::from_str(told.body()).ok();
            let cursor = page.as_ref().and_then(|page| page.pointer("/meta/next_cursor")).and_then(Value::as_str);
            remember(&mut self.cursors, cursor);
        }
    }

    fn path(&mut self, pattern: &str) -> String {
        let steps: Vec<String> = pattern
            .split('/')
            .map(|step| {
                if !step.starts_with('{') {
                    return step.to_owned();
                }
                let value = match noun_of(pattern) {
                    Some(noun) if !self.once_in(8) => self.key(noun),
                    _ if self.once_in(2) => self.words(),
                    _ => self.anything(),
                };
                encoded(&value)
            })
            .collect();
        steps.join("/")
    }

    fn value(&mut self, pattern: &str, name: &str, parameter: &Value) -> String {
        let schema = parameter.get("schema").unwrap_or(&Value::Null);
        if self.once_in(12) {
            return self.anything();
        }
        match name {
            "cursor" => {
                return pick(&mut self.state, self.cursors.make_contiguous()).unwrap_or_else(|| "AXsiayI6".to_owned());
            }
            "fields" => return (0..=self.below(3)).map(|_| self.name()).collect::<Vec<_>>().join(","),
            "q" => return self.search(),
            "path" => return format!("/{}/{}", self.key(1), self.key(0)),
            "limit" => return ["1", "2", "3", "5", "100"][self.below(5)].to_owned(),
            "sort" => {
                return ["-published_at", "published_at", "-updated_at", "updated_at", "relevance"][self.below(5)]
                    .to_owned();
            }
            "body_format" => return ["blocks", "html", "markdown", "text", "portable_text"][self.below(5)].to_owned(),
            _ => {}
        }
        if let Some(noun) = noun_of(name).or_else(|| (name == "parent").then_some(1)) {
            return (0..=self.below(2)).map(|_| self.key(noun)).collect::<Vec<_>>().join(",");
        }
        if let Some(allowed) = schema.get("enum").and_then(Value::as_array) {
            let allowed: Vec<String> = allowed.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            return pick(&mut self.state, &allowed).unwrap_or_default();
        }
        match (schema.get("type").and_then(Value::as_str), schema.get("format").and_then(Value::as_str)) {
            (Some("boolean"), _) => ["true", "false"][self.below(2)].to_owned(),
            (_, Some("date-time")) => self.time(),
            _ if self.once_in(2) => example(parameter).unwrap_or_else(|| pattern.to_owned()),
            _ => self.words(),
        }
    }

    /// What no polite client sends.
    fn mutate(&mut self, asked: &mut Asked) {
        let stranger = self.name();
        match self.below(9) {
            0 => asked.path.push('/'),
            1 => asked.path = asked.path.to_uppercase(),
            2 => asked.path = asked.path.replacen("/v1/", "/v1//", 1),
            3 => asked.path.push_str(["x", ".json", "%20", "%00", ";a=b"][self.below(5)]),
            4 => {
                let value = self.anything();
                asked.query.push((stranger, value));
            }
            5 => {
                let value = self.anything();
                asked.query.push((format!("filter[{stranger}]"), value));
            }
            6 => asked.query.extend(asked.query.first().cloned()),
            7 => ["OPTIONS", "POST", "PUT", "PATCH", "DELETE"][self.below(5)].clone_into(&mut asked.method),
            _ => {
                for (_, value) in &mut asked.query {
                    value.pop();
                }
            }
        }
    }

    fn dress(&mut self, asked: &mut Asked) {
        if asked.method == "GET" && self.once_in(10) {
            "HEAD".clone_into(&mut asked.method);
        }
        let mut add = |name: &str, value: Option<String>| {
            let value = value.filter(|value| value.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
            asked.headers.extend(value.map(|value| (name.to_owned(), value)));
        };
        match self.below(24) {
            0..=3 => add("if-none-match", pick(&mut self.state, self.tags.make_contiguous())),
            4 => add("if-none-match", Some("*".to_owned())),
            5..=6 => add("if-modified-since", pick(&mut self.state, self.dates.make_contiguous())),
            7 => add("range", Some("bytes=0-9".to_owned())),
            8 => add("accept-encoding", Some(["gzip", "identity", "gzip;q=0"][self.below(3)].to_owned())),
            9 => add("authorization", Some("Bearer nobody".to_owned())),
            10 => add("if-match", pick(&mut self.state, self.tags.make_contiguous())),
            11 => add("x-forwarded-host", Some("evil.example".to_owned())),
            12 => add("origin", Some("https://evil.example".to_owned())),
            13 => add("accept", Some("text/html".to_owned())),
            _ => {}
        }
    }

    fn search(&mut self) -> String {
        match self.below(4) {
            0 => format!("\"{} {}\"", self.words(), self.words()),
            1 => format!("{} -{}", self.words(), self.words()),
            2 => self.anything(),
            _ => self.words(),
        }
    }

    fn key(&mut self, noun: usize) -> String {
        pick(&mut self.state, &self.mined.keys[noun]).unwrap_or_default()
    }

    fn words(&mut self) -> String {
        pick(&mut self.state, &self.mined.words).unwrap_or_default()
    }

    fn name(&mut self) -> String {
        pick(&mut self.state, &self.mined.names).unwrap_or_default()
    }

    fn time(&mut self) -> String {
        pick(&mut self.state, &self.mined.times).unwrap_or_default()
    }

    fn anything(&mut self) -> String {
        let all = [&self.mined.any, &self.mined.words, &self.mined.names, &self.mined.times][below(&mut self.state, 4)];
        pick(&mut self.state, all).unwrap_or_default()
    }

    fn below(&mut self, end: usize) -> usize {
        below(&mut self.state, end)
    }

    fn once_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }
}

/// The next number of a seed (splitmix64).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// A number below this one.
fn below(state: &mut u64, end: usize) -> usize {
    let end = u64::try_from(end).unwrap_or(u64::MAX);
    usize::try_from(next(state) % end).unwrap_or_default()
}

fn pick(state: &mut u64, among: &[String]) -> Option<String> {
    let at = below(state, among.len().max(1));
    among.get(at).cloned()
}

fn remember(known: &mut VecDeque<String>, value: Option<&str>) {
    let Some(value) = value.filter(|value| !known.iter().any(|old| old == value)) else { return };
    known.push_back(value.to_owned());
    if known.len() > REMEMBERED {
        known.pop_front();
    }
}

/// Which kind of thing a path or a parameter names.
fn noun_of(name: &str) -> Option<usize> {
    NOUNS.iter().position(|noun| name.contains(noun)).or_else(|| name.contains("translation").then_some(0))
}

fn encoded(value: &str) -> String {
    value
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => (byte as char).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

fn resolved(value: &Value) -> Value {
    let reference = value.get("$ref").and_then(Value::as_str);
    reference.and_then(|reference| DOCUMENT.pointer(reference.trim_start_matches('#'))).unwrap_or(value).clone()
}

fn example(parameter: &Value) -> Option<String> {
    let examples = parameter.get("examples").and_then(Value::as_object);
    let first = examples.and_then(|all| all.values().next()).and_then(|one| one.get("value"));
    match first.or_else(|| parameter.get("example"))? {
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

fn operations() -> Vec<Operation> {
    let paths = DOCUMENT.get("paths").and_then(Value::as_object).expect("paths");
    let mut all = Vec::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().expect("operations") {
            let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
            // What was public then is told by `as_of` for ever, although it may have been withdrawn since.
            let in_query = parameters.map(resolved).filter(|one| {
                one.get("in").is_some_and(|place| place == "query")
                    && one.get("name").is_none_or(|name| name != "as_of")
            });
            let parameters = in_query
                .map(|mut one| {
                    if let Some(schema) = one.get_mut("schema") {
                        *schema = resolved(schema);
                    }
                    (one.get("name").and_then(Value::as_str).unwrap_or_default().to_owned(), one)
                })
                .collect();
            all.push(Operation { method: method.to_ascii_uppercase(), path: path.clone(), parameters });
        }
    }
    all
}
