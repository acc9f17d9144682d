//! Holds every answer of every test against the published document: the status is one that the operation lists, the body
//! is what the schema says and nothing more, and the headers are those of its face.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

use super::answer::Answer;

/// A request and what came of it.
pub(super) struct Exchange<'a> {
    pub method: &'a str,
    pub path: &'a str,
    /// The path with its query.
    pub target: &'a str,
    pub answer: &'a Answer,
}

struct Contract {
    document: Value,
    /// The component schemas, such that a member which they do not name is a fault.
    closed: Value,
    /// The same with nothing required, for answers that `fields` has cut down.
    sparse: Value,
    compiled: Mutex<HashMap<String, Arc<Validator>>>,
}

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    let document = dateline::app::document().value;
    let mut closed = document.get("components").cloned().expect("components");
    close(&mut closed);
    let mut sparse = closed.clone();
    require_nothing(&mut sparse);
    Contract { document, closed, sparse, compiled: Mutex::default() }
});

/// Whether the document requires `If-Match` of this request; for what it does not know, whether the method suggests it.
pub(super) fn wants_condition(method: &str, path: &str) -> bool {
    match CONTRACT.operation(method, path) {
        Some((_, operation)) => operation
            .get("parameters")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .any(|parameter| parameter.get("$ref").is_some_and(|name| name == "#/components/parameters/IfMatch")),
        None => ["PATCH", "PUT", "DELETE"].contains(&method),
    }
}

/// Panics with the whole answer where it is not what the document says.
pub(super) fn check(exchange: &Exchange<'_>) {
    let answer = exchange.answer;
    assert!(answer.status() != 500, "the server failed: {answer}");
    check_headers(exchange);
    // Every path may be refused these ways, whether there is an operation or not.
    let outside = [405, 414].contains(&answer.status());
    let operation = CONTRACT.operation(exchange.method, exchange.path).filter(|_| !outside);
    let Some((path, operation)) = operation else {
        if answer.status() >= 400 && exchange.method != "HEAD" {
            let schema = json!({ "$ref": "#/components/schemas/Problem" });
            CONTRACT.check_body("a problem", &schema, false, answer);
            assert_eq!(answer.header("content-type"), "application/problem+json", "{answer}");
        }
        return;
    };
    let status = answer.status().to_string();
    let response = operation.pointer(&format!("/responses/{status}"));
    let response = response.unwrap_or_else(|| panic!("{path} does not list the status {status}: {answer}"));
    let response = CONTRACT.resolved(response);
    check_declared(exchange.path, path, response, answer);
    if exchange.method == "HEAD" {
        assert!(answer.bytes().is_empty(), "a body for HEAD: {answer}");
        return;
    }
    let Some(content) = response.get("content").and_then(Value::as_object) else {
        assert!(answer.bytes().is_empty(), "{path} documents no body for {status}: {answer}");
        return;
    };
    let kind = answer.header("content-type").split(';').next().unwrap_or_default().trim();
    let media = content.get(kind).unwrap_or_else(|| panic!("{path} does not list the media type {kind}: {answer}"));
    if let Some(schema) = media.get("schema").filter(|_| kind.ends_with("json")) {
        let sparse = status == "200" && asks_for_fields(exchange.target);
        CONTRACT.check_body(&format!("{} {path} {status} {kind}", exchange.method), schema, sparse, answer);
    }
}

fn check_headers(exchange: &Exchange<'_>) {
    let answer = exchange.answer;
    let id = answer.header("x-request-id");
    assert!((1..=128).contains(&id.len()), "the request id is none: {answer}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{answer}");
    let newsroom = exchange.path.starts_with("/v1/newsroom") || exchange.path.starts_with("/v1/auth/");
    let preview = exchange.path.starts_with("/v1/preview/");
    if newsroom || preview || answer.status() >= 400 {
        assert_eq!(answer.header("cache-control"), "private, no-store", "{answer}");
    } else if exchange.path.starts_with("/v1/") && [200, 304].contains(&answer.status()) && exchange.method != "OPTIONS"
    {
        assert!(answer.header("cache-control").starts_with("public, max-age="), "{answer}");
        assert!(answer.header("etag").starts_with('"'), "{answer}");
        assert!(!answer.header("surrogate-key").is_empty(), "{answer}");
    }
}

/// Of the headers that some successes have and others not, those are sent that are declared; of conflicts, the document
/// shows the one that is answered.
fn check_declared(asked: &str, path: &str, response: &Value, answer: &Answer) {
    let status = answer.status();
    let staff = asked.starts_with("/v1/newsroom") || asked.starts_with("/v1/auth/");
    if (200..300).contains(&status) {
        for name in ["ETag", "Link", "Location"] {
            let declared = response.pointer(&format!("/headers/{name}")).is_some();
            let sent = answer.find_header(name).is_some();
            assert_eq!(declared, sent, "{path} declares another {name} for {status} than there is: {answer}");
        }
    }
    if status == 409 && staff {
        let examples = response.pointer("/content/application~1problem+json/examples");
        let mut shown = examples.and_then(Value::as_object).expect("examples").values();
        let told = shown.any(|example| is_alike(&CONTRACT.resolved(example)["value"], answer.json()));
        assert!(told, "{path} does not tell of the conflict: {answer}");
    }
}

/// Whether two problems have the same code, and of an embargo tell the same: that it is in force, or what is in its way.
fn is_alike(shown: &Value, told: &Value) -> bool {
    let both = |member: &str| shown.get(member).is_some() == told.get(member).is_some();
    shown.get("code") == told.get("code") && both("embargo_until") && both("planned")
}

fn asks_for_fields(target: &str) -> bool {
    target.split_once('?').is_some_and(|(_, query)| query.split('&').any(|pair| pair.starts_with("fields=")))
}

impl Contract {
    /// The operation that takes the request: of the paths that fit, the one with the most literal segments.
    fn operation(&self, method: &str, path: &str) -> Option<(&str, &Value)> {
        let sent: Vec<&str> = path.split('/').collect();
        let literal = |pattern: &str| pattern.split('/').zip(&sent).filter(|(p, s)| p == *s).count();
        let fits = |pattern: &str| {
            pattern.split('/').count() == sent.len()
                && pattern.split('/').zip(&sent).all(|(p, s)| p == *s || (p.starts_with('{') && !s.is_empty()))
        };
        let method = if method == "HEAD" { "get".to_owned() } else { method.to_ascii_lowercase() };
        let paths = self.document.get("paths")?.as_object()?;
        let (path, item) =
            paths.iter().filter(|(pattern, _)| fits(pattern)).max_by_key(|(pattern, _)| literal(pattern))?;
        Some((path.as_str(), item.get(&method)?))
    }

    fn resolved<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value.get("$ref").and_then(Value::as_str) {
            Some(reference) => {
                self.document.pointer(reference.trim_start_matches('#')).expect("a reference that leads")
            }
            None => value,
        }
    }

    fn check_body(&self, name: &str, schema: &Value, sparse: bool, answer: &Answer) {
        let validator = self.validator(name, schema, sparse);
        let faults: Vec<String> =
            validator.iter_errors(answer.json()).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
        assert!(faults.is_empty(), "{name} is not what the document says:\n{}\n{answer}", faults.join("\n"));
    }

    fn validator(&self, name: &str, schema: &Value, sparse: bool) -> Arc<Validator> {
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        let key = format!("{name} {sparse}");
        if let Some(ready) = compiled.get(&key) {
            return Arc::clone(ready);
        }
        let components = if sparse { &self.sparse } else { &self.closed };
        let whole = json!({ "allOf": [schema], "components": components });
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(true)
            .build(&whole)
            .unwrap_or_else(|error| panic!("the schema of {name} does not compile: {error}"));
        let validator = Arc::new(validator);
        compiled.insert(key, Arc::clone(&validator));
        validator
    }
}

/// Lets no object have members that its schema does not name. Problems may, and so may what others are composed of.
fn close(components: &mut Value) {
    // Only problems that have a schema of their own are closed.
    let mut parts = BTreeSet::from(["Problem".to_owned()]);
    collect_parts(components, &mut parts);
    let schemas = components.get_mut("schemas").and_then(Value::as_object_mut).expect("schemas");
    for (name, schema) in schemas.iter_mut().filter(|(name, _)| !parts.contains(*name)) {
        let Some(schema) = schema.as_object_mut() else { panic!("{name} is no schema") };
        let described = schema.contains_key("properties") || schema.contains_key("allOf");
        if described && !schema.contains_key("additionalProperties") {
            schema.insert("unevaluatedProperties".to_owned(), Value::Bool(false));
        }
    }
}

fn collect_parts(value: &Value, parts: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for part in members.get("allOf").and_then(Value::as_array).into_iter().flatten() {
                let name = part.get("$ref").and_then(Value::as_str).and_then(|name| name.rsplit('/').next());
                parts.extend(name.map(str::to_owned));
            }
            members.values().for_each(|member| collect_parts(member, parts));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_parts(item, parts)),
        _ => (),
    }
}

fn require_nothing(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if members.get("required").is_some_and(Value::is_array) {
                Map::remove(members, "required");
            }
            members.values_mut().for_each(require_nothing);
        }
        Value::Array(items) => items.iter_mut().for_each(require_nothing),
        _ => (),
    }
}

#[test]
fn a_member_that_the_document_does_not_name_is_seen() {
    let mut topic = json!({
        "id": "0198c0de-7000-7000-8000-000000000301", "slug": "ports", "name": "Ports", "description": null, "version": 1,
        "created_at": "2026-01-05T08:00:00.000Z", "updated_at": "2026-01-05T08:00:00.000Z",
    });
    let schema = json!({ "$ref": "#/components/schemas/StaffTopic" });
    let validator = CONTRACT.validator("a topic", &schema, false);
    assert!(validator.is_valid(&topic));
    topic["password_hash"] = json!("$argon2id$");
    assert!(!validator.is_valid(&topic));
    assert!(!validator.is_valid(&json!({ "slug": "ports" })));
    assert!(CONTRACT.validator("a topic", &schema, true).is_valid(&json!({ "slug": "ports" })));
}
