//! What the document says of answers: the headers that come with them, and the members that are always there.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::docs::{entry, set};

/// What the newsroom answers that is no object with a version. Pages of lists are none either.
const WITHOUT_VERSION: [&str; 6] =
    ["AccessTokens", "ArticleImport", "StaffLegalHold", "StaffPresence", "StaffRegionTree", "StaffRevisionDiff"];
/// Public pages that name the address at which they want to be found.
const CANONICAL: [&str; 2] = ["/v1/articles/{id_or_slug}", "/v1/pages/article/{slug}"];

/// Of which face an operation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Face {
    /// For the staff.
    Newsroom,
    /// For everybody, cached.
    Delivery,
    /// Neither.
    Other,
}

/// Names the headers of a success.
pub(super) fn add_headers(response: &mut Value, face: Face, path: &str, status: &str, paged: bool) {
    let mut names = vec!["X-Request-Id", "Cache-Control"];
    if face == Face::Delivery || (face == Face::Newsroom && has_version(response, path, paged)) {
        names.push("ETag");
    }
    if face == Face::Delivery {
        names.extend(["Last-Modified", "Surrogate-Key"]);
    }
    if paged || CANONICAL.contains(&path) {
        names.push("Link");
    }
    if face == Face::Newsroom {
        names.extend(["RateLimit", "RateLimit-Policy"]);
    }
    if status == "201" {
        names.push("Location");
    }
    let headers = entry(response, "headers");
    for name in names {
        set(headers, name, json!({ "$ref": format!("#/components/headers/{name}") }));
    }
}

fn has_version(response: &Value, path: &str, paged: bool) -> bool {
    let Some(shown) = response.pointer("/content/application~1json/schema") else {
        // What is left of an article without one of its links has a version.
        return path.contains("/related/");
    };
    let name = shown.get("$ref").and_then(Value::as_str).and_then(|name| name.rsplit('/').next());
    !paged && name.is_some_and(|name| !WITHOUT_VERSION.contains(&name))
}

/// Every member that may be null is there in answers, with `null` for nothing; requests may leave it out. Schemas that
/// are both stay as requests need them.
pub(super) fn require_what_is_always_there(document: &mut Value) {
    let mut sent = BTreeSet::new();
    let mut answered = BTreeSet::new();
    let paths = document.get("paths").and_then(Value::as_object);
    for operation in paths.into_iter().flatten().filter_map(|(_, item)| item.as_object()).flat_map(|item| item.values())
    {
        if let Some(body) = operation.get("requestBody") {
            reach(document, body, &mut sent);
        }
        if let Some(responses) = operation.get("responses") {
            reach(document, responses, &mut answered);
        }
    }
    for name in answered.difference(&sent) {
        if let Some(schema) = document.pointer_mut(&format!("/components/schemas/{name}")) {
            require_nullable(schema);
        }
    }
}

/// The names of all schemas that a value refers to.
fn reach(document: &Value, value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            let name = members.get("$ref").and_then(Value::as_str);
            if let Some(name) = name.and_then(|name| name.strip_prefix("#/components/schemas/"))
                && found.insert(name.to_owned())
                && let Some(schema) = document.pointer(&format!("/components/schemas/{name}"))
            {
                reach(document, schema, found);
            }
            members.values().for_each(|member| reach(document, member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| reach(document, item, found)),
        _ => (),
    }
}

fn require_nullable(schema: &mut Value) {
    let properties = schema.get("properties").and_then(Value::as_object);
    let nullable = properties.into_iter().flatten().filter(|(_, property)| may_be_null(property));
    let names: Vec<Value> = nullable.map(|(name, _)| json!(name)).collect();
    if !names.is_empty()
        && let Value::Array(required) = super::docs::entry_or(schema, "required", json!([]))
    {
        let missing: Vec<Value> = names.into_iter().filter(|name| !required.contains(name)).collect();
        required.extend(missing);
    }
    schema.get_mut("allOf").and_then(Value::as_array_mut).into_iter().flatten().for_each(require_nullable);
}

fn may_be_null(property: &Value) -> bool {
    let is_null = |kind: &Value| kind == "null";
    let forms = ["oneOf", "anyOf"].iter().filter_map(|word| property.get(*word)?.as_array()).flatten();
    property.get("type").and_then(Value::as_array).is_some_and(|kinds| kinds.iter().any(is_null))
        || forms.filter_map(|form| form.get("type")).any(is_null)
}
