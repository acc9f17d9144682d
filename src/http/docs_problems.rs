//! The problem documents that say more than others: what each adds, and which of them an operation answers with.

use serde_json::{Map, Value, json};

use super::docs::set;
use super::docs_examples::problem_examples;
use crate::base::error::Code;

/// Statuses whose problems have members of their own.
pub(super) const TELLING: [u16; 4] = [409, 410, 412, 451];

/// The conflicts of an operation: those that its own rules make, as its desk answers them.
fn own_conflicts(path: &str, method: &str) -> &'static [Code] {
    let Some(of_articles) = path.strip_prefix("/v1/newsroom/articles") else {
        return match (path, method) {
            // They give nothing a name, and take nothing away that is named elsewhere.
            (
                "/v1/auth/logout"
                | "/v1/auth/me"
                | "/v1/newsroom/authors/{id}/merge"
                | "/v1/newsroom/regions/{id}/members"
                | "/v1/newsroom/tokens"
                | "/v1/newsroom/tokens/{id}"
                | "/v1/newsroom/topics/{id}/merge",
                _,
            ) => &[],
            ("/v1/newsroom/regions", "post") => &[Code::IllegalMove, Code::Conflict],
            ("/v1/newsroom/users/{id}", "delete") => &[Code::InUse, Code::LastAdmin],
            ("/v1/newsroom/users/{id}", "patch") => &[Code::Conflict, Code::LastAdmin],
            (_, "delete") => &[Code::InUse],
            _ => &[Code::Conflict],
        };
    };
    match (of_articles, method) {
        ("" | "/bulk", _) => &[Code::Conflict],
        ("/{id}", "delete") => &[Code::LegalHold, Code::IllegalMove],
        ("/{id}" | "/by-external-id/{scheme}/{value}" | "/{id}/revisions/{number}/restore", _) => {
            &[Code::IllegalMove, Code::Conflict]
        }
        ("/{id}/publish" | "/{id}/schedule" | "/{id}/correct", _) => {
            &[Code::IllegalMove, Code::Embargoed, Code::Conflict]
        }
        // What is planned keeps the slug with which it was planned.
        ("/{id}/reschedule" | "/{id}/embargo", _) => &[Code::IllegalMove, Code::Embargoed],
        ("/{id}/merge", _) => &[Code::MergeConflict, Code::IllegalMove, Code::Conflict],
        ("/{id}/presence", "put") => &[Code::BeingEdited, Code::IllegalMove],
        ("/{id}/presence", _) => &[Code::BeingEdited],
        ("/{id}/legal-hold" | "/{id}/previews/{preview_id}", _) => &[],
        _ => &[Code::IllegalMove],
    }
}

/// All conflicts of a write, each with the name of the example that shows it. Whatever takes an `Idempotency-Key` may
/// find its key in flight.
fn conflicts(path: &str, method: &str) -> Vec<(Code, &'static str)> {
    let in_flight = (method == "post").then_some(Code::InFlight);
    let shown = |code: Code| match code {
        Code::Embargoed if path.ends_with("/embargo") => "embargoed_plan",
        _ => code.as_str(),
    };
    own_conflicts(path, method).iter().copied().chain(in_flight).map(|code| (code, shown(code))).collect()
}

/// The status of conflicts, if the operation has any.
pub(super) fn conflict_status(path: &str, method: &str) -> Option<&'static str> {
    (!conflicts(path, method).is_empty()).then_some("409")
}

/// The name of the answer of an operation with this status.
pub(super) fn response_name(status: &str, path: &str, method: &str) -> String {
    if status == "409" { conflict_name(&conflicts(path, method)) } else { format!("Problem{status}") }
}

fn conflict_name(conflicts: &[(Code, &str)]) -> String {
    conflicts.iter().fold("Problem409".to_owned(), |name, (_, shown)| format!("{name}.{shown}"))
}

/// The answers of conflicts that operations have, each with the examples of its own.
pub(super) fn conflict_responses(paths: Option<&Value>) -> Map<String, Value> {
    let mut responses = Map::new();
    for (path, item) in paths.and_then(Value::as_object).into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            if operation.pointer("/responses/409").is_some() {
                let conflicts = conflicts(path, method);
                responses.insert(conflict_name(&conflicts), conflict_response(&conflicts));
            }
        }
    }
    responses
}

fn conflict_response(conflicts: &[(Code, &str)]) -> Value {
    let words = conflicts.iter().map(|(code, _)| format!("`{}`: {}.", code.as_str(), code.title()));
    let mut headers = json!({ "X-Request-Id": { "$ref": "#/components/headers/X-Request-Id" } });
    if conflicts.iter().any(|(code, _)| *code == Code::InFlight) {
        set(&mut headers, "Retry-After", json!({ "$ref": "#/components/headers/Retry-After" }));
    }
    json!({
        "description": words.collect::<Vec<_>>().join(" "),
        "headers": headers,
        "content": { "application/problem+json": {
            "schema": { "$ref": "#/components/schemas/Problem409" },
            "examples": problem_examples("Problem409", |key| conflicts.iter().any(|(_, shown)| *shown == key)),
        } },
    })
}

/// Adds a schema for each of these statuses: what every problem says, and what only these say.
pub(super) fn add_schemas(schemas: &mut Value) {
    let Some(plain) = schemas.get("Problem").cloned() else { return };
    for status in TELLING {
        let (words, members, required): (&str, Value, &[&str]) = match status {
            409 => ("What stands against it, and what could be done instead.", of_conflicts(), &[]),
            412 => ("What changed since, and by whom.", of_stale(), &[]),
            _ => ("Why it was taken down: `detail` has the public reason.", of_takedowns(), &["taken_down_at"]),
        };
        let mut schema = plain.clone();
        set(&mut schema, "description", json!(words));
        let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
        if let (Some(properties), Value::Object(members)) = (properties, members) {
            properties.extend(members);
        }
        let names = schema.get_mut("required").and_then(Value::as_array_mut);
        names.into_iter().for_each(|names| names.extend(required.iter().map(|name| json!(name))));
        set(schemas, &format!("Problem{status}"), schema);
    }
    if let Value::Object(parts) = parts() {
        parts.into_iter().for_each(|(name, part)| set(schemas, &name, part));
    }
}

fn of_conflicts() -> Value {
    json!({
        "legal": listed("Of an illegal move: what you could do instead.", "Verb", 40),
        "being_edited": one("Who is editing the article.", "StaffLease"),
        "embargo_until": time("Nothing of the article goes live before."),
        "planned": listed("What is planned before an embargo would end.", "PlannedPeriod", 1000),
        "conflicting_fields": listed("Of a merge: what both changed.", "ArticleField", 40),
        "conflicts": listed("Of a merge: each clash with its values.", "MergeConflict", 2100),
    })
}

fn of_stale() -> Value {
    json!({
        "current": one("The present version, if there is one.", "PresentVersion"),
        "base_version": number("Of an article: the newest version that your condition names."),
        "changed_fields": listed("Of an article: what changed since.", "ArticleField", 40),
        "changes": listed("Of an article: who wrote since, the newest first.", "ChangeSince", 20),
        "conflicting_fields": listed("Of an article: what both your change and others changed.", "ArticleField", 40),
        "mergeable": {
            "type": "boolean", "example": true,
            "description": "Of an article: whether merging would apply your change beside those of others.",
        },
    })
}

fn of_takedowns() -> Value {
    json!({ "taken_down_at": time("When it was taken down.") })
}

fn parts() -> Value {
    let whoever = json!({
        "description": "Who; `null` for the program itself.",
        "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/SomePerson" }],
    });
    let verb = |words: &str| json!({ "type": "string", "maxLength": 60, "description": words, "example": "edited" });
    let value = |words: &str| json!({ "description": words, "example": "A headline" });
    let id = |words: &str| json!({ "type": "string", "format": "uuid", "description": words, "example": "0198c0de-7000-7000-8000-000000000501" });
    json!({
        "SomePerson": object("A user, by the present name.", &json!({
            "id": id("The user's id."),
            "name": {
                "type": ["string", "null"], "maxLength": 200, "example": "Dana Reyes",
                "description": "The user's name; `null` of somebody who was removed.",
            },
        }), &["id", "name"]),
        "PlannedPeriod": object("A period that is planned.", &json!({
            "period": id("Its id, for rescheduling."), "live_from": time("When it begins."),
        }), &["period", "live_from"]),
        "MergeConflict": object("Something that both changed.", &json!({
            "field": one("The field.", "ArticleField"),
            "block_id": {
                "type": ["string", "null"], "maxLength": 100, "example": "b7f3",
                "description": "The block of the body, if it is one.",
            },
            "base": value("What it was."), "current": value("What it is now."), "yours": value("What you want."),
        }), &["field", "block_id", "base", "current", "yours"]),
        "PresentVersion": object("The version that an object has now.", &json!({
            "etag": {
                "type": "string", "maxLength": 100, "example": "\"5\"", "description": "For `If-Match`.",
            },
            "version": number("Its number."),
            "updated_at": time("When it came to be."),
            "updated_by": whoever.clone(),
            "verb": verb("What was done last."),
        }), &["etag", "version", "updated_at"]),
        "ChangeSince": object("A write since the version that you saw.", &json!({
            "version": number("The version that it made."), "verb": verb("What was done."),
            "by": whoever, "at": time("When."),
        }), &["version", "verb", "by", "at"]),
    })
}

fn object(words: &str, properties: &Value, required: &[&str]) -> Value {
    json!({ "type": "object", "description": words, "properties": properties, "required": required })
}

fn listed(words: &str, of: &str, most: u32) -> Value {
    let items = json!({ "$ref": format!("#/components/schemas/{of}") });
    json!({ "type": "array", "maxItems": most, "items": items, "description": words })
}

fn one(words: &str, of: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{of}"), "description": words })
}

fn time(words: &str) -> Value {
    json!({ "type": "string", "format": "date-time", "description": words, "example": "2026-01-05T09:00:00.000Z" })
}

fn number(words: &str) -> Value {
    json!({ "type": "integer", "format": "int32", "minimum": 1, "description": words, "example": 5 })
}
