//! Who may do what: every operation of the document, asked for by everybody, answered as `access.txt` says.

use std::collections::BTreeSet;

use futures_util::{StreamExt as _, stream};

use super::errands::Newsroom;
use super::operations::{Operation, operations};
use crate::support::{Actor, in_package};

const TABLE: &str = "tests/guards/access.txt";
const REWRITE: &str = "REWRITE";
const HEAD: &str = "\
# Who may do what: the status that each operation of the document answers to a valid request.
#
# object        own: the caller's; other: somebody else's; -: it belongs to nobody
# api_token     of an admin, with the scope newsroom:read and no other
#
# REWRITE=1 cargo test access_table writes it anew.
";
/// Those in whose name requests are sent, in the order of the columns.
const ACTORS: [&str; 6] = ["anonymous", "contributor", "author", "editor", "admin", "api_token"];
/// How many rows are found out at the same time.
const AT_ONCE: usize = 4;
/// Statuses that are about the form of a request: with one of these nothing is learnt about access.
const ABOUT_FORM: [u16; 6] = [400, 405, 409, 415, 422, 428];

#[actix_web::test]
async fn every_operation_answers_everybody_as_the_access_table_says() {
    let newsroom = Newsroom::open().await;
    let operations = operations();
    let cases = operations.iter().flat_map(|operation| {
        let objects: &[&str] = if operation.has_owner() { &["own", "other"] } else { &["-"] };
        objects.iter().map(move |object| (operation, *object))
    });
    let mut rows: Vec<String> = stream::iter(cases)
        .map(|(operation, object)| row(&newsroom, operation, object))
        .buffered(AT_ONCE)
        .collect()
        .await;
    rows.sort();
    rows.insert(0, line("# operation", "object", &ACTORS));
    let path = in_package(TABLE);
    if std::env::var_os(REWRITE).is_some() {
        std::fs::write(&path, format!("{HEAD}{}\n", rows.join("\n"))).unwrap();
    }
    let table = std::fs::read_to_string(&path).unwrap();
    let written: BTreeSet<&str> =
        table.lines().filter(|line| line.starts_with("# operation") || !line.starts_with('#')).collect();
    let found: BTreeSet<&str> = rows.iter().map(String::as_str).collect();
    let missing: Vec<&str> = found.difference(&written).copied().collect();
    let wrong: Vec<&str> = written.difference(&found).copied().collect();
    assert!(
        missing.is_empty() && wrong.is_empty(),
        "{TABLE} is not what is so. If this is meant, put these lines into it:\n{}\nand take these out:\n{}",
        missing.join("\n"),
        wrong.join("\n")
    );
}

async fn row(newsroom: &Newsroom, operation: &Operation, object: &str) -> String {
    let mut statuses = Vec::new();
    for name in ACTORS {
        let (actor, token) = caller(newsroom, name).await;
        let somebody =
            if object == "other" || name == "anonymous" { newsroom.app.contributor().await } else { actor.clone() };
        let asker = if name == "anonymous" { newsroom.app.reader() } else { actor };
        let errand = newsroom.errand(operation, &somebody).await;
        let answer = errand.send(&asker, token.as_deref()).await;
        assert!(!ABOUT_FORM.contains(&answer.status()), "{name} sent what cannot be answered: {answer}");
        statuses.push(answer.status().to_string());
    }
    assert!(statuses.iter().any(|status| status.starts_with('2')), "nobody may {}: {statuses:?}", operation.id);
    line(&operation.id, object, &statuses)
}

/// Somebody new, because some operations end the caller's session.
async fn caller(newsroom: &Newsroom, name: &str) -> (Actor, Option<String>) {
    let app = &newsroom.app;
    match name {
        "anonymous" => (app.reader(), None),
        "contributor" => (app.contributor().await, None),
        "author" => (app.author().await, None),
        "editor" => (app.editor().await, None),
        "admin" => (app.admin().await, None),
        _ => {
            let admin = app.admin().await;
            let token = admin.api_token(&["newsroom:read"]).await;
            (admin, Some(token))
        }
    }
}

fn line(operation: &str, object: &str, cells: &[impl AsRef<str>]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| format!("{:<12}", cell.as_ref())).collect();
    format!("{operation:<30} {object:<7} {}", cells.concat()).trim_end().to_owned()
}
