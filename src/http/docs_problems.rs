//! The problem documents that say more than others: what each adds, and which of them an operation answers with.

use serde_json::{Map, Value, json};

use super::docs::set;
use super::docs_examples::problem_examples;
use crate::base::error::Code;

/// Statuses whose problems have members of their own.
pub(super) const TELLING: [u16; 4] = [409, 410, 412, 451];

const IN_USE: &[Code] = &[Code::InUse];
const TAKEN: &[Code] = &[Code::Conflict];
const NAMED: &[Code] = &[Code::InUse, Code::LastAdmin];
const RANKED: &[Code] = &[Code::Conflict, Code::LastAdmin];
const ILLEGAL: &[Code] = &[Code::IllegalMove];
const ILLEGAL_OR_TAKEN: &[Code] = &[Code::IllegalMove, Code::Conflict];
const HELD_BACK: &[Code] = &[Code::IllegalMove, Code::Embargoed];
const GOING_LIVE: &[Code] = &[Code::IllegalMove, Code::Embargoed, Code::Conflict];
const HELD: &[Code] = &[Code::LegalHold, Code::IllegalMove];
const OCCUPIED: &[Code] = &[Code::BeingEdited, Code::IllegalMove];
const CLASHING: &[Code] = &[Code::MergeConflict, Code::IllegalMove, Code::Conflict];

/// Every set of conflicts that some operation answers with.
const CONFLICTS: [&[Code]; 11] =
    [IN_USE, TAKEN, NAMED, RANKED, ILLEGAL, ILLEGAL_OR_TAKEN, HELD_BACK, GOING_LIVE, HELD, OCCUPIED, CLASHING];

/// The conflicts of an operation: those that its own rules make.
fn conflicts(path: &str, method: &str) -> &'static [Code] {
    let Some(of_article) = path.strip_prefix("/v1/newsroom/articles") else {
        return match (path, method) {
            ("/v1/newsroom/users/{id}", "delete") => NAMED,
            ("/v1/newsroom/users/{id}", "patch") => RANKED,
            ("/v1/newsroom/regions", "post") => ILLEGAL_OR_TAKEN,
            (_, "patch") | ("/v1/auth/password", _) => TAKEN,
            (_, "post") if ["authors", "topics", "media", "users"].iter().any(|noun| path.ends_with(noun)) => TAKEN,
            _ => IN_USE,
        };
    };
    let of_article = of_article.strip_prefix("/{id}").unwrap_or(of_article);
    match (of_article, method) {
        ("", "delete") => HELD,
        ("", "post") if !path.ends_with("{id}") => TAKEN,
        ("" | "/bulk" | "/by-external-id/{scheme}/{value}" | "/revisions/{number}/restore", _) => ILLEGAL_OR_TAKEN,
        ("/publish" | "/schedule" | "/reschedule" | "/correct", _) => GOING_LIVE,
        ("/embargo", _) => HELD_BACK,
        ("/merge", _) => CLASHING,
        ("/presence", _) => OCCUPIED,
        ("/legal-hold" | "/previews/{preview_id}", _) => IN_USE,
        _ => ILLEGAL,
    }
}

/// The name of the answer of an operation with this status.
pub(super) fn response_name(status: &str, path: &str, method: &str) -> String {
    if status == "409" { conflict_name(conflicts(path, method)) } else { format!("Problem{status}") }
}

fn conflict_name(codes: &[Code]) -> String {
    codes.iter().fold("Problem409".to_owned(), |name, code| format!("{name}.{}", code.as_str()))
}

/// The answers of conflicts, each with examples of its own codes.
pub(super) fn conflict_responses() -> Map<String, Value> {
    let response = |codes: &&[Code]| {
        let words = codes.iter().map(|code| format!("`{}`: {}.", code.as_str(), code.title()));
        let words = words.collect::<Vec<_>>().join(" ");
        let keys: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
        let response = json!({
            "description": format!("{words} For a repeated `Idempotency-Key` also `in_flight`."),
            "headers": { "X-Request-Id": { "$ref": "#/components/headers/X-Request-Id" } },
            "content": { "application/problem+json": {
                "schema": { "$ref": "#/components/schemas/Problem409" },
                "examples": problem_examples("Problem409", |key| keys.iter().any(|code| key.starts_with(code))),
            } },
        });
        (conflict_name(codes), response)
    };
    CONFLICTS.iter().map(response).collect()
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
