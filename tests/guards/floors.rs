//! An import goes down or stays in its folder. The floors are those of the table in `src/lib.rs`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::support::in_package;

/// SQL is spoken by the store alone.
const SQL_WORDS: [&str; 4] = ["diesel", "diesel_async", "diesel_migrations", "tokio_postgres"];

#[derive(Debug)]
struct Floor {
    height: u32,
    leaves_alone: Vec<String>,
}

type Floors = BTreeMap<String, Floor>;

fn floors() -> Floors {
    let map = std::fs::read_to_string(in_package("src/lib.rs")).unwrap();
    map.lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line.strip_prefix("//! |")?.split('|').map(str::trim).collect();
            let [height, folder, _, alone, _] = cells.as_slice() else { return None };
            let leaves_alone = alone.split(", ").filter(|word| !word.is_empty()).map(str::to_owned).collect();
            Some(((*folder).to_owned(), Floor { height: height.parse().ok()?, leaves_alone }))
        })
        .collect()
}

/// All Rust files, as paths below `src`.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The names and `::`, `{`, `,`, `}` of a source without its comments.
fn tokens(source: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    for line in source.lines() {
        let code = if line.trim_start().starts_with("//") { "" } else { line };
        let mut rest = code;
        while let Some(first) = rest.chars().next() {
            let name = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            let length = match first {
                _ if name > 0 => name,
                ':' if rest.starts_with("::") => 2,
                _ => first.len_utf8(),
            };
            tokens.push(&rest[..length]);
            rest = &rest[length..];
        }
    }
    tokens.retain(|token| !token.trim().is_empty());
    tokens
}

/// What of the crate's root a file names: through `crate::`, or by climbing up with `super::`.
fn roots<'a>(tokens: &[&'a str], depth: usize) -> Vec<&'a str> {
    let mut roots = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let follows = |at: usize, wanted: &str| tokens.get(at).is_some_and(|token| *token == wanted);
        let after = match *token {
            "crate" if follows(at + 1, "::") => at + 2,
            "super" if at < 2 || tokens[at - 2] != "super" => {
                let supers =
                    (0..=depth).take_while(|n| follows(at + n * 2, "super") && follows(at + n * 2 + 1, "::")).count();
                if supers < depth {
                    continue;
                }
                at + supers * 2
            }
            _ => continue,
        };
        if !follows(after, "{") {
            roots.extend(tokens.get(after));
            continue;
        }
        let mut open = 0;
        for (at, token) in tokens.iter().enumerate().skip(after) {
            match *token {
                "{" => open += 1,
                "}" => open -= 1,
                name if open == 1 && (tokens[at - 1] == "{" || tokens[at - 1] == ",") => roots.push(name),
                _ => (),
            }
            if open == 0 {
                break;
            }
        }
    }
    roots
}

/// What is wrong with one file.
fn faults(floors: &Floors, path: &str, source: &str) -> Vec<String> {
    let modules: Vec<&str> = path.trim_end_matches(".rs").trim_end_matches("/mod").split('/').collect();
    let folder = modules[0];
    let Some(own) = floors.get(folder) else { return vec![format!("{path}: {folder} stands on no floor")] };
    let tokens = tokens(source);
    let mut faults = Vec::new();
    for root in roots(&tokens, modules.len()) {
        match floors.get(root) {
            Some(_) if root == folder => (),
            Some(other) if other.height < own.height => (),
            Some(_) => faults.push(format!("{path}: {folder} must not know {root}")),
            None if root.starts_with(char::is_lowercase) => faults.push(format!("{path}: {root} stands on no floor")),
            None => (),
        }
    }
    for word in &own.leaves_alone {
        if tokens.contains(&word.as_str()) {
            faults.push(format!("{path}: {folder} leaves {word} alone"));
        }
    }
    if folder != "store" {
        let sql = SQL_WORDS.iter().filter(|word| tokens.contains(word));
        faults.extend(sql.map(|word| format!("{path}: {word} is the store's")));
    }
    if own.height < floors["http"].height && tokens.contains(&"actix_web") {
        faults.push(format!("{path}: actix_web begins with http"));
    }
    faults
}

#[test]
fn every_import_goes_down_or_stays_in_its_folder() {
    let floors = floors();
    let root = in_package("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut wrong = Vec::new();
    for file in files {
        let path = file.strip_prefix(&root).unwrap().to_str().unwrap();
        if path != "lib.rs" && path != "main.rs" {
            wrong.extend(faults(&floors, path, &std::fs::read_to_string(&file).unwrap()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_guard_sees_what_climbs_and_what_crosses() {
    let floors = floors();
    for (path, source, fault) in [
        ("rules/slug.rs", "use crate::store::Tx;", "rules/slug.rs: rules must not know store"),
        ("http/mod.rs", "use super::newsroom;", "http/mod.rs: http must not know newsroom"),
        (
            "delivery/views/topic.rs",
            "use super::super::super::jobs;",
            "delivery/views/topic.rs: delivery must not know jobs",
        ),
        (
            "newsroom/topics.rs",
            "use crate::{base::id, delivery::{mount}};",
            "newsroom/topics.rs: newsroom must not know delivery",
        ),
        ("delivery/topics.rs", "use crate::store::{Reader, Tx};", "delivery/topics.rs: delivery leaves Tx alone"),
        (
            "delivery/topics.rs",
            "let x = crate::desk::topics::create;",
            "delivery/topics.rs: delivery leaves desk alone",
        ),
        ("desk/topics.rs", "use diesel::prelude::*;", "desk/topics.rs: diesel is the store's"),
        ("store/topics.rs", "use actix_web::web;", "store/topics.rs: actix_web begins with http"),
        ("utils/text.rs", "", "utils/text.rs: utils stands on no floor"),
    ] {
        assert_eq!(faults(&floors, path, source), [fault], "{source}");
    }
    for (path, source) in [
        ("http/docs.rs", "use super::problem::Problem;"),
        ("newsroom/topics.rs", "use crate::desk;\nuse crate::http::{Actor, App};\nuse super::views::StaffTopic;"),
        ("cli/postgres/cluster.rs", "use super::super::postgres::{Options};"),
        ("rules/slug.rs", "// see crate::store and diesel\n/// [`crate::http`]"),
    ] {
        assert_eq!(faults(&floors, path, source), Vec::<String>::new(), "{source}");
    }
}

#[test]
fn files_are_short_enough_to_be_read() {
    let mut files = Vec::new();
    sources(&in_package("src"), &mut files);
    sources(&in_package("tests"), &mut files);
    let length = |file: &PathBuf| std::fs::read_to_string(file).unwrap().lines().count();
    // The schema is printed by a tool.
    let long: Vec<_> = files.iter().filter(|file| !file.ends_with("store/schema.rs") && length(file) > 400).collect();
    assert!(long.is_empty(), "longer than 400 lines: {long:?}");
}
