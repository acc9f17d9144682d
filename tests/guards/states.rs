//! Whether what one may do with an article depends on its state and its owner: every operation on articles of the
//! document, in every state, answered as `states.txt` says.

use futures_util::{StreamExt as _, stream};
use reqwest::Method;

use super::errands::{Newsroom, State};
use super::operations::{Operation, operations};
use crate::support::{Actor, in_package};

const TABLE: &str = "tests/guards/states.txt";
const HEAD: &str = "\
# What becomes of each operation on an article in each state; `access.txt` has those that begin with a draft.
#
# own      an author, of an article of theirs
# other    an author, of somebody else's article
#
# REWRITE=1 cargo test states_table writes it anew.
";
const STATES: [(&str, State); 8] = [
    ("submitted", State::Submitted),
    ("approved", State::Approved),
    ("live", State::Live),
    ("scheduled", State::Scheduled),
    ("withdrawn", State::Withdrawn),
    ("killed", State::Killed),
    ("archived", State::Archived),
    ("trashed", State::Trashed),
];
const ACTORS: [&str; 3] = ["own", "other", "editor"];
const AT_ONCE: usize = 4;
/// Nothing is learnt of an article from one of these.
const ABOUT_FORM: [u16; 4] = [400, 415, 422, 428];

#[actix_web::test]
async fn every_operation_on_an_article_in_every_state_is_answered_as_the_states_table_says() {
    let newsroom = Newsroom::open().await;
    let operations = operations();
    // These are about something else, or need a link that not every state has.
    let others = ["tokens/{", "media/{", "/previews"];
    let of_articles = operations
        .iter()
        .filter(|operation| operation.has_owner() && !others.iter().any(|part| operation.path.contains(part)));
    // What only reads is asked for in the states that hide most and least.
    let tells = |operation: &Operation, state| {
        operation.method != Method::GET || [State::Live, State::Trashed].contains(&state)
    };
    let cases: Vec<(&Operation, &str, State)> = of_articles
        .flat_map(|operation| STATES.map(|(name, state)| (operation, name, state)))
        .filter(|(operation, _, state)| tells(operation, *state))
        .collect();
    let askers = [newsroom.app.author().await, newsroom.app.author().await, newsroom.app.editor().await];
    assert!(cases.len() > 60, "the document has lost operations: {}", cases.len());
    let mut rows: Vec<String> = stream::iter(cases)
        .map(|(operation, name, state)| row(&newsroom, &askers, operation, name, state))
        .buffered(AT_ONCE)
        .collect()
        .await;
    rows.sort();
    rows.insert(0, line("# operation", "state", &ACTORS.map(str::to_owned)));
    let found = format!("{HEAD}{}\n", rows.join("\n"));
    let path = in_package(TABLE);
    if std::env::var_os("REWRITE").is_some() {
        std::fs::write(&path, &found).expect("a table");
    }
    let written = std::fs::read_to_string(&path).expect("a table");
    let missing: Vec<&str> = found.lines().filter(|line| !written.lines().any(|other| other == *line)).collect();
    let wrong: Vec<&str> = written.lines().filter(|line| !found.lines().any(|other| other == *line)).collect();
    assert!(
        missing.is_empty() && wrong.is_empty(),
        "{TABLE} is not what is so. If this is meant, put these lines into it:\n{}\nand take these out:\n{}",
        missing.join("\n"),
        wrong.join("\n")
    );
}

async fn row(newsroom: &Newsroom, askers: &[Actor; 3], operation: &Operation, name: &str, state: State) -> String {
    let mut statuses = Vec::new();
    for (who, asker) in ACTORS.iter().zip(askers) {
        let errand = newsroom.errand_in(operation, &askers[0], state).await;
        let answer = errand.send(asker, None).await;
        assert!(!ABOUT_FORM.contains(&answer.status()), "{who} sent what cannot be answered: {answer}");
        statuses.push(answer.status().to_string());
    }
    line(&operation.id, name, &statuses)
}

fn line(operation: &str, state: &str, cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| format!("{cell:<8}")).collect();
    format!("{operation:<30} {state:<11} {}", cells.concat()).trim_end().to_owned()
}
