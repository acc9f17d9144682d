//! What the document says of who may use an operation and when: the right that its handler names, and the rows that the
//! workflow has for its verb.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::docs::set;
use crate::rules::permission::Right;
use crate::rules::workflow::{Verb, is_regional, legal_when};

/// Every operation that needs a token and the right that its handler takes, as a test reads them from the handlers.
const RIGHTS: &str = include_str!("../../openapi/rights.txt");

/// Adds to the description of an operation what it takes to use it.
pub(super) fn say_what_it_takes(path: &str, method: &str, operation: &mut Value) {
    let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
    let Some((_, right)) = RIGHTS.lines().filter_map(|line| line.split_once(' ')).find(|(name, _)| *name == id) else {
        return;
    };
    let mut words = operation.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
    match right.parse::<Right>() {
        Ok(right) => {
            let role = right.least_role();
            let _ =
                write!(words, "\n\nNeeds the right `{}`; the weakest role that has it is `{role}`.", right.as_str());
        }
        Err(_) => words.push_str("\n\nNeeds a caller who is signed in, and no right."),
    }
    if let Some(verb) = verb(path, method) {
        let _ = write!(words, " {}", legal_when(verb));
        if is_regional(verb) {
            words.push_str(" Who may publish under some regions only does it to articles that stand under these.");
        }
    }
    set(operation, "description", json!(words));
}

/// The verb of the workflow that the operation is.
fn verb(path: &str, method: &str) -> Option<Verb> {
    let of_article = path.strip_prefix("/v1/newsroom/articles/{id}")?;
    match (of_article, method) {
        ("", "patch") => Some(Verb::Edit),
        ("", "delete") => Some(Verb::Delete),
        (_, "get") => None,
        _ if of_article.starts_with("/related") => Some(Verb::Edit),
        ("/merge" | "/revisions/{number}/restore", _) => Some(Verb::Edit),
        (verb, "post") => verb.trim_start_matches('/').replace('-', "_").parse().ok(),
        _ => None,
    }
}
