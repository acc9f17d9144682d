//! The parts of the published document that operations refer to: headers, parameters, ways to sign in, problems.

use serde_json::{Map, Value, json};

use super::condition;
use super::docs::{TOKEN_PATH, set};
use super::docs_examples::{problem, problem_examples};
use super::docs_problems::TELLING;
use crate::base::error::Code;

/// How one signs in.
pub(super) fn security_schemes() -> Value {
    json!({
        "password": {
            "type": "oauth2",
            "description": "Sign in with e-mail address and password.",
            "flows": { "password": { "tokenUrl": TOKEN_PATH, "refreshUrl": TOKEN_PATH, "scopes": {} } },
        },
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "An access token, or an API token (`dateline_...`).",
        },
    })
}

/// One response for each status of a failure, except conflicts, and those of a redirect and of an unchanged
/// representation.
pub(super) fn problem_responses() -> Value {
    let mut statuses: Vec<u16> =
        Code::ALL.iter().map(|code| code.status()).filter(|status| ![405, 409, 431, 500].contains(status)).collect();
    statuses.sort_unstable();
    statuses.dedup();
    let mut responses: Map<String, Value> =
        statuses.into_iter().map(|status| (format!("Problem{status}"), problem_response(status))).collect();
    responses.insert(
        "NotModified".to_owned(),
        json!({ "description": "The representation that `If-None-Match` names is the present one." }),
    );
    responses.insert(
        "Moved".to_owned(),
        json!({
            "description": "A former slug: the thing is at `Location` now.",
            "headers": { "Location": { "$ref": "#/components/headers/Location" } },
            "content": { "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["location"],
                    "properties": { "location": {
                        "type": "string", "maxLength": 8192, "description": "Where it is now.", "example": "/v1/topics/critical-minerals",
                    } },
                },
                "example": { "location": "/v1/topics/critical-minerals" },
            } },
        }),
    );
    Value::Object(responses)
}

fn problem_response(status: u16) -> Value {
    let codes: Vec<Code> = Code::ALL.iter().copied().filter(|code| code.status() == status).collect();
    let words =
        codes.iter().map(|code| format!("`{}`: {}.", code.as_str(), code.title())).collect::<Vec<_>>().join(" ");
    let first = codes.first().copied().unwrap_or(Code::Internal);
    let mut headers = json!({ "X-Request-Id": { "$ref": "#/components/headers/X-Request-Id" } });
    if status == 401 {
        set(&mut headers, "WWW-Authenticate", json!({ "$ref": "#/components/headers/WWW-Authenticate" }));
    }
    if status == 429 || status == 503 {
        set(&mut headers, "Retry-After", json!({ "$ref": "#/components/headers/Retry-After" }));
    }
    if status == 429 {
        for name in ["RateLimit", "RateLimit-Policy"] {
            set(&mut headers, name, json!({ "$ref": format!("#/components/headers/{name}") }));
        }
    }
    let example = problem(status).unwrap_or_else(|| {
        json!({
            "type": format!("/docs/problems#{}", first.as_str()), "title": first.title(), "status": status,
            "detail": format!("{}.", first.title()), "instance": "/v1/articles", "code": first.as_str(),
            "request_id": "0198c0de-0000-7000-8000-000000000001", "errors": [],
        })
    });
    if TELLING.contains(&status) {
        let name = format!("Problem{status}");
        return json!({
            "description": words,
            "headers": headers,
            "content": { "application/problem+json": {
                "schema": { "$ref": format!("#/components/schemas/{name}") },
                "examples": problem_examples(&name, |_| true),
            } },
        });
    }
    json!({
        "description": words,
        "headers": headers,
        "content": { "application/problem+json": {
            "schema": { "$ref": "#/components/schemas/Problem" },
            "example": example,
        } },
    })
}

/// The headers of answers.
pub(super) fn headers() -> Value {
    let header = |words: &str, example: &str| json!({ "description": words, "schema": { "type": "string", "maxLength": 8192 }, "example": example });
    json!({
        "X-Request-Id": header("Finds this request in the server's log.", "0198c0de-0000-7000-8000-000000000001"),
        "Cache-Control": header("How long the answer holds; never past the next instant at which the clock changes it.", "public, max-age=5, s-maxage=30"),
        "ETag": header("Of this representation; in the newsroom the object's version.", "\"7\""),
        "Last-Modified": header("When what is shown changed last.", "Mon, 05 Jan 2026 09:00:00 GMT"),
        "Surrogate-Key": header("Tags of everything the answer was made of, for purging: a kind, and the last eight bytes of the id in base64url.", "article:gAAAAAAAAAE"),
        "Link": header("Absolute URLs of the next, previous and first page.", "<https://api.example.org/v1/articles?cursor=AXsi>; rel=\"next\""),
        "Location": header("Where the thing is.", "/v1/newsroom/articles/0198c0de-7000-7000-8000-000000000001"),
        "WWW-Authenticate": header("The scheme that is wanted.", "Bearer realm=\"dateline\""),
        "RateLimit": header("What is left of each limit, and the seconds until it starts afresh: `token` for requests, `account` and `peer` for wrong passwords. Absent where there is no limit.", "\"token\";r=5999;t=60"),
        "RateLimit-Policy": header("How much each limit allows in how many seconds.", "\"token\";q=6000;w=60"),
        "X-Robots-Tag": header("Drafts are in no index.", "noindex, nofollow, noarchive"),
        "Retry-After": header("Seconds to wait.", "1"),
    })
}

/// The headers of requests.
pub(super) fn parameters() -> Value {
    let header = |name: &str, required: bool, words: &str, example: &str, max: u32| {
        json!({
            "name": name, "in": "header", "required": required, "description": words,
            "schema": { "type": "string", "minLength": 1, "maxLength": max }, "example": example,
        })
    };
    // HTTP has what is no date and no tag ignored, of whatever length, so their schema refuses nothing.
    let tolerated = |name: &str, words: &str, example: &str| {
        json!({
            "name": name, "in": "header", "required": false, "description": words,
            "schema": { "type": "string" }, "example": example,
        })
    };
    let mut key = header(
        "Idempotency-Key",
        false,
        "Makes the request repeatable: for 24 hours the same key with the same body is answered with the first answer.",
        "2f8c1c1e-wire-20260105",
        255,
    );
    if let Some(schema) = key.pointer_mut("/schema") {
        set(schema, "pattern", json!("^[\\x21-\\x7e]+$"));
    }
    let words = "The ETag of the version that you changed, or several, or `*` for whichever is there.";
    let mut condition = header("If-Match", true, words, "*", condition::LONGEST);
    if let Some(schema) = condition.pointer_mut("/schema") {
        set(schema, "pattern", json!(condition::PATTERN));
    }
    let mut unless = header("If-None-Match", false, "`*`: make it, and change nothing that is there.", "*", 1);
    if let Some(schema) = unless.pointer_mut("/schema") {
        set(schema, "pattern", json!("^\\*$"));
    }
    let mut optional = condition.clone();
    set(&mut optional, "required", json!(false));
    json!({
        "IfMatch": condition,
        "OptionalIfMatch": optional,
        "IfNone": unless,
        "IdempotencyKey": key,
        "IfNoneMatch": tolerated("If-None-Match", "ETags that you have: 304 if one is the present one.", "\"33a64df551425fcc55e4d42a148795d9\""),
        "IfModifiedSince": tolerated("If-Modified-Since", "304 if nothing changed since; ignored beside If-None-Match, and for what is composed of several things, which only the ETag tells apart.", "Mon, 05 Jan 2026 09:00:00 GMT"),
    })
}
