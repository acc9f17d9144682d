//! The published document is the one that the operations make, describes all of them and nothing else, and leaves
//! nothing unsaid. That answers are what it says is checked with every request of every test.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use jsonschema::Draft;
use serde_json::{Value, json};

use crate::support::{TestApp, in_package};

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| dateline::app::document().value);

fn operations() -> impl Iterator<Item = (&'static str, &'static str, &'static Value)> {
    let paths = DOCUMENT["paths"].as_object().expect("paths").iter();
    paths.flat_map(|(path, item)| {
        let methods = item.as_object().expect("operations").iter();
        methods.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    })
}

/// What a reference leads to, or the value itself.
fn resolved(value: &'static Value) -> &'static Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(name) => DOCUMENT.pointer(name.trim_start_matches('#')).unwrap_or_else(|| panic!("{name} dangles")),
        None => value,
    }
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

#[test]
fn the_checked_in_document_is_the_generated_one() {
    let generated = dateline::app::document().json().to_owned();
    let path = in_package("openapi/openapi.json");
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(&path, &generated).expect("a written document");
    }
    let checked_in = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = generated.lines().zip(checked_in.lines()).position(|(new, old)| new != old);
    let line = differs.map_or_else(|| "at its end".to_owned(), |line| format!("in line {}", line + 1));
    assert!(checked_in == generated, "openapi/openapi.json differs {line}; UPDATE_OPENAPI=1 writes it anew");
}

#[test]
fn every_reference_leads_somewhere() {
    fn follow(value: &'static Value) {
        match value {
            Value::Object(members) => {
                resolved(value);
                members.values().for_each(follow);
            }
            Value::Array(items) => items.iter().for_each(follow),
            _ => (),
        }
    }
    follow(&DOCUMENT);
}

#[test]
fn every_operation_says_what_it_is_for() {
    let tags: BTreeSet<&str> = DOCUMENT["tags"].as_array().expect("tags").iter().map(|tag| text(tag, "name")).collect();
    let mut ids = BTreeSet::new();
    let mut wrong = Vec::new();
    for (path, method, operation) in operations() {
        let mut must = |holds: bool, what: &str| {
            if !holds {
                wrong.push(format!("{method} {path}: {what}"));
            }
        };
        must(!text(operation, "summary").is_empty(), "no summary");
        must(!text(operation, "description").is_empty(), "no description");
        must(ids.insert(text(operation, "operationId")), "another operation has its operationId");
        let own: Vec<&str> = operation["tags"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        must(own.len() == 1 && own.iter().all(|tag| tags.contains(tag)), "not one tag");
        let responses = operation["responses"].as_object().expect("responses");
        let successes = responses.iter().filter(|(status, _)| status.starts_with('2'));
        must(successes.clone().count() > 0, "no success");
        for (status, response) in successes {
            must(!text(response, "description").is_empty(), "a success without a description");
            must((status == "204") == response.get("content").is_none(), "a success without a body");
            must(shown(response.get("content")), "a success without schema or example");
        }
        must(shown(operation.pointer("/requestBody/content")), "a request body without schema or example");
        for parameter in operation["parameters"].as_array().into_iter().flatten().map(resolved) {
            let name = text(parameter, "name");
            must(!text(parameter, "description").is_empty(), &format!("{name} has no description"));
            let example = parameter.get("example").or_else(|| parameter.pointer("/schema/examples/0")).is_some();
            must(example, &format!("{name} has no example"));
            // These two are ignored where they are malformed, so nothing bounds them but the size of all headers.
            if !["If-None-Match", "If-Modified-Since"].contains(&name) {
                bounds(&parameter["schema"], name, &mut |what| must(false, &what));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether each media type has a schema and an example.
fn shown(content: Option<&Value>) -> bool {
    let types = content.and_then(Value::as_object);
    let examples = |media: &Value| media.get("examples").and_then(Value::as_object).is_some_and(|all| !all.is_empty());
    types.into_iter().flatten().all(|(_, media)| media.get("schema").is_some() && examples(media))
}

#[test]
fn no_refusal_is_left_out() {
    let mut wrong = Vec::new();
    for (path, method, operation) in operations() {
        let newsroom = path.starts_with("/v1/newsroom") || path == "/v1/auth/me";
        let mut wanted = vec!["400", "503"];
        if path.contains('{') {
            wanted.push("404");
        }
        if newsroom {
            wanted.extend(["401", "403"]);
        }
        if operation.get("requestBody").is_some() {
            wanted.extend(["408", "413", "415"]);
        }
        if newsroom && operation.get("requestBody").is_some() {
            wanted.push("422");
        }
        let named = |name: &str| operation["parameters"].to_string().contains(name);
        // Which other conflicts there are is held against each answer.
        if named("/IdempotencyKey\"") {
            wanted.push("409");
        }
        if named("/IfMatch\"") {
            wanted.extend(["412", "428"]);
        }
        let missing: Vec<&str> =
            wanted.into_iter().filter(|status| operation["responses"].get(*status).is_none()).collect();
        if !missing.is_empty() {
            wrong.push(format!("{method} {path}: {}", missing.join(", ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_member_is_described_and_bounded() {
    let mut wrong = Vec::new();
    for (name, schema) in DOCUMENT["components"]["schemas"].as_object().expect("schemas") {
        if text(schema, "description").is_empty() {
            wrong.push(format!("{name}: no description"));
        }
        look(schema, name, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn look(schema: &Value, place: &str, wrong: &mut Vec<String>) {
    bounds(schema, place, &mut |what| wrong.push(what));
    for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let place = format!("{place}.{name}");
        if text(property, "description").is_empty() {
            wrong.push(format!("{place}: no description"));
        }
        let composed = ["$ref", "oneOf", "anyOf", "allOf", "items", "properties"];
        let leaf = composed.iter().all(|word| property.get(*word).is_none()) && property["type"] != "object";
        if leaf && property.get("example").is_none() {
            wrong.push(format!("{place}: no example"));
        }
        look(property, &place, wrong);
    }
    for word in ["oneOf", "anyOf", "allOf"] {
        let forms = schema.get(word).and_then(Value::as_array);
        forms.into_iter().flatten().for_each(|form| look(form, place, wrong));
    }
    if let Some(items) = schema.get("items") {
        look(items, &format!("{place}[]"), wrong);
    }
}

/// Texts, lists and numbers end somewhere.
fn bounds(schema: &Value, place: &str, say: &mut impl FnMut(String)) {
    let is = |kind: &str| match &schema["type"] {
        Value::String(one) => one == kind,
        Value::Array(several) => several.iter().any(|one| one == kind),
        _ => false,
    };
    let known = ["date-time", "uuid"].contains(&text(schema, "format"));
    let mut want = |wanted: bool, word: &str| {
        if wanted && schema.get(word).is_none() {
            say(format!("{place}: no {word}"));
        }
    };
    let told = known || ["enum", "const", "pattern"].iter().any(|word| schema.get(*word).is_some());
    want(is("string") && !told, "maxLength");
    want(is("array"), "maxItems");
    want(is("integer") || is("number"), "minimum");
    want(is("integer") || is("number"), "maximum");
}

#[test]
fn every_example_is_what_its_schema_says() {
    let components = &DOCUMENT["components"];
    let mut wrong = Vec::new();
    for (name, example) in components["examples"].as_object().expect("examples") {
        let schema = name.split('.').next().unwrap_or_default();
        let whole = json!({ "$ref": format!("#/components/schemas/{schema}"), "components": components });
        let options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
        let validator = options.build(&whole).expect("a schema");
        let faults = validator.iter_errors(&example["value"]);
        wrong.extend(faults.map(|fault| format!("{name} {}: {fault}", fault.instance_path())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every handler as the source declares it: method and whole path.
fn declared(folder: &Path, found: &mut BTreeSet<(String, String)>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            declared(&path, found);
            continue;
        }
        let place = path.to_string_lossy().into_owned();
        let source = std::fs::read_to_string(&path).unwrap_or_default();
        let documents = place.ends_with("src/http/docs.rs");
        assert!(documents || !source.contains(".route("), "{place} routes what no attribute documents");
        for line in source.lines() {
            let Some((method, rest)) = line.strip_prefix("#[").and_then(|line| line.split_once("(\"")) else {
                continue;
            };
            let Some(tail) = rest.strip_suffix("\")]") else { continue };
            if !["get", "post", "put", "patch", "delete"].contains(&method) {
                continue;
            }
            let scope = match place.split("/src/").last().unwrap_or_default() {
                _ if tail.starts_with("/.well-known") => "",
                "newsroom/auth.rs" => "/v1/auth",
                file if file.starts_with("newsroom/") => "/v1/newsroom",
                file if file.starts_with("delivery/") || file.starts_with("preview/") => "/v1",
                _ => "",
            };
            found.insert((method.to_owned(), format!("{scope}{tail}")));
        }
    }
}

#[test]
fn what_is_routed_is_documented_and_nothing_else_is() {
    let mut routed = BTreeSet::new();
    declared(&in_package("src"), &mut routed);
    let documented: BTreeSet<(String, String)> =
        operations().map(|(path, method, _)| (method.to_owned(), path.to_owned())).collect();
    let only_routed: Vec<_> = routed.difference(&documented).collect();
    let only_documented: Vec<_> = documented.difference(&routed).collect();
    assert!(only_routed.is_empty(), "not documented: {only_routed:?}");
    assert!(only_documented.is_empty(), "not routed: {only_documented:?}");
}

/// Asked with a parameter that nobody knows, an operation refuses that, or the caller, or the lack of a body; what is
/// not routed is not found.
#[actix_web::test]
async fn every_documented_operation_is_there() {
    let app = TestApp::start().await;
    for (path, method, _) in operations().filter(|(path, _, _)| path.starts_with("/v1/")) {
        let mut asked = path.to_owned();
        for (name, value) in [
            ("{id_or_slug}", "nothing"),
            ("{slug}", "nothing"),
            ("{id}", "0198c0de-7000-7000-8000-000000000001"),
            ("{link_id}", "0198c0de-7000-7000-8000-000000000001"),
            ("{number}", "1"),
            ("{other}", "1"),
            ("{scheme}", "wire"),
            ("{value}", "nothing"),
        ] {
            asked = asked.replace(name, value);
        }
        let verb = method.to_uppercase().parse().expect("a method");
        let answer = app.reader().request(verb, format!("{asked}?no_such_parameter=1")).send().await;
        assert!([400, 401, 415].contains(&answer.status()), "{method} {path} is not routed: {answer}");
    }
}

#[test]
fn every_public_read_can_be_asked_what_was_so_at_an_instant() {
    let of_newsroom = ["/v1/newsroom/", "/v1/auth/", "/v1/preview/"];
    let mut seen = 0;
    for (path, method, operation) in operations() {
        if !path.starts_with("/v1/") || of_newsroom.iter().any(|face| path.starts_with(face)) {
            continue;
        }
        let parameters = operation["parameters"].as_array().expect("parameters").iter();
        let names: Vec<&str> = parameters.map(|one| text(resolved(one), "name")).collect();
        assert!(method == "get" && names.contains(&"as_of"), "{method} {path} takes {names:?}");
        seen += 1;
    }
    assert!(seen > 15, "the document has lost operations: {seen}");
}

#[actix_web::test]
async fn the_document_is_served_in_both_forms() {
    let app = TestApp::start().await;
    let json = app.reader().get("/openapi.json").send().await.expect(200);
    assert_eq!(json.json(), &*DOCUMENT);
    let yaml = app.reader().get("/openapi.yaml").send().await.expect(200);
    let count = |word: &str| yaml.text().lines().filter(|line| line.trim_start().starts_with(word)).count();
    assert!(yaml.text().starts_with("components:\n"), "{yaml}");
    assert_eq!(count("operationId: \""), operations().count());
    assert_eq!(count("\"/v1/pages/article/{slug}\":"), 1);
    assert_eq!(count("\"$ref\": \"#/"), DOCUMENT.to_string().matches("\"$ref\":\"#/").count());
}
