//! The right that the document names for an operation is the one that its handler takes, and that which lets callers in.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use dateline::rules::permission::{Right, Role};

use super::more::requests;
use super::operations::operations;
use crate::support::in_package;

const TABLE: &str = "openapi/rights.txt";

/// Every handler with an `Actor`, and the name of the right in its signature.
fn taken(folder: &Path, found: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            taken(&path, found);
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap_or_default();
        for handler in source.split("\nasync fn ").skip(1) {
            let signature = handler.split(" {\n").next().unwrap_or_default();
            let name = signature.split('(').next().unwrap_or_default().to_owned();
            let Some((_, rest)) = signature.split_once("by: Actor<") else { continue };
            let kind = rest.split('>').next().unwrap_or_default();
            let right = Right::ALL.into_iter().find(|right| format!("{right:?}") == kind);
            found.insert(name, right.map_or("-", Right::as_str).to_owned());
        }
    }
}

#[test]
fn the_document_names_the_right_that_each_handler_takes() {
    let mut found = BTreeMap::new();
    taken(&in_package("src/newsroom"), &mut found);
    let with_token: Vec<String> =
        operations().iter().filter(|operation| operation.needs_token()).map(|one| one.id.clone()).collect();
    found.retain(|name, _| with_token.contains(name));
    assert_eq!(found.len(), with_token.len(), "a handler lets in whom it does not know");
    let lines: Vec<String> = found.iter().map(|(name, right)| format!("{name} {right}\n")).collect();
    let lines = lines.concat();
    if std::env::var_os("REWRITE").is_some() {
        std::fs::write(in_package(TABLE), &lines).expect("a table");
    }
    let written = std::fs::read_to_string(in_package(TABLE)).unwrap_or_default();
    assert!(written == lines, "{TABLE} is not what the handlers take; REWRITE=1 writes it anew");
}

/// The right that each row of the access table needs, where it is a right on which it hangs.
fn needed() -> BTreeMap<String, String> {
    let written = std::fs::read_to_string(in_package(TABLE)).expect("a table");
    let lines = written.lines().filter_map(|line| line.split_once(' '));
    let mut needed: BTreeMap<String, String> =
        lines.map(|(operation, right)| (operation.to_owned(), right.to_owned())).collect();
    for (operation, more) in requests(&operations()) {
        if let Some(right) = more.right() {
            needed.insert(format!("{}{}", operation.id, more.mark()), right.as_str().to_owned());
        }
    }
    needed
}

#[test]
fn every_right_is_in_the_access_table() {
    let needed = needed();
    let seen: BTreeSet<&str> = needed.values().map(String::as_str).filter(|right| *right != "-").collect();
    assert_eq!(seen, BTreeSet::from(Right::ALL.map(Right::as_str)));
}

#[test]
fn whom_the_access_table_lets_in_has_the_right_that_the_document_names() {
    let rights = needed();
    let access = std::fs::read_to_string(in_package("tests/guards/access.txt")).expect("a table");
    let mut seen = 0;
    for line in access.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split_whitespace().collect();
        let Some(right) = rights.get(cells[0]).filter(|_| cells[1] != "other") else { continue };
        let least = right.parse::<Right>().map_or(Role::Contributor, Right::least_role);
        for (role, status) in Role::ALL.into_iter().zip(&cells[3..7]) {
            assert_eq!(status.starts_with('2'), role >= least, "{} by {role}, with {right}: {line}", cells[0]);
        }
        seen += 1;
    }
    assert_eq!(seen, rights.len());
}

#[test]
fn an_operation_says_which_right_it_needs_and_when_it_is_legal() {
    let document = dateline::app::document().value;
    let words = |path: &str, method: &str| {
        let pointer = format!("/paths/{}/{method}/description", path.replace('/', "~1"));
        document.pointer(&pointer).and_then(serde_json::Value::as_str).expect("a description").to_owned()
    };
    let kill = words("/v1/newsroom/articles/{id}/kill", "post");
    assert!(kill.contains("Needs the right `articles:publish`; the weakest role that has it is `editor`."), "{kill}");
    let when = "Legal of an article on the desk or in the archive, with the `live_state` `scheduled`, `live`, \
        `withdrawn` or `killed`.";
    assert!(kill.contains(when), "{kill}");
    let submit = words("/v1/newsroom/articles/{id}/submit", "post");
    assert!(submit.contains("Legal of an article on the desk, at the stage `draft`."), "{submit}");
    let delete = words("/v1/newsroom/articles/{id}", "delete");
    let more =
        "with the right `articles:publish` of an article on the desk, with the `live_state` `scheduled` or `live`.";
    assert!(delete.contains(more), "{delete}");
}
