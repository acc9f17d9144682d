//! Whether what one may do with an article depends on its state and its owner: every operation on articles of the
//! document, in every state, answered as `states.txt` says.

use std::collections::BTreeMap;

use futures_util::{StreamExt as _, stream};
use reqwest::Method;

use super::errands::{Case, Newsroom, State, Unspent};
use super::more::More;
use super::operations::{Operation, operations};
use crate::support::{Actor, in_package};

const TABLE: &str = "tests/guards/states.txt";
const HEAD: &str = "\
# What becomes of each operation on an article in each state; `access.txt` has those that begin with a draft.
#
# contributor  a contributor, of an article of theirs
# own          an author, of an article of theirs
# other        an author, of somebody else's article
# editor       of somebody else's article
# admin        of somebody else's article
# token        an API token of an admin, with the scopes newsroom:read, articles:write and articles:submit and no other
#
# live                 and nothing was written since, except what is to be corrected
# live_planned         and something was written since, which is planned for next year
# withdrawn, killed    after it was live
# archived             without ever having been live
# archived_withdrawn   withdrawn before
# archived_killed      killed before
# trashed              without ever having been live
#
# REWRITE=1 cargo test states_table writes it anew.
";
const STATES: [(&str, State); 11] = [
    ("submitted", State::Submitted),
    ("approved", State::Approved),
    ("live", State::Live),
    ("live_planned", State::LivePlanned),
    ("scheduled", State::Scheduled),
    ("withdrawn", State::Withdrawn),
    ("killed", State::Killed),
    ("archived", State::Archived),
    ("archived_withdrawn", State::ArchivedWithdrawn),
    ("archived_killed", State::ArchivedKilled),
    ("trashed", State::Trashed),
];
const COLUMNS: [&str; 6] = ["contributor", "own", "other", "editor", "admin", "token"];
const SCOPES: [&str; 3] = ["newsroom:read", "articles:write", "articles:submit"];
const AT_ONCE: usize = 8;
/// Nothing is learnt of an article from one of these.
const ABOUT_FORM: [u16; 4] = [400, 415, 422, 428];

/// Somebody who asks about an article of the owner's.
struct Asker {
    column: &'static str,
    actor: Actor,
    token: Option<String>,
    owner: Actor,
}

/// All who ask, in this order: who is refused leaves the article to the next.
async fn askers(newsroom: &Newsroom) -> [Asker; 6] {
    let app = &newsroom.app;
    let (contributor, author, admin) = (app.contributor().await, app.author().await, app.admin().await);
    let token = admin.api_token(&SCOPES).await;
    let asks = |column: &'static str, actor: &Actor, owner: &Actor| Asker {
        column,
        actor: actor.clone(),
        token: None,
        owner: owner.clone(),
    };
    [
        asks("other", &app.author().await, &contributor),
        asks("contributor", &contributor, &contributor),
        asks("own", &author, &author),
        Asker { token: Some(token), ..asks("token", &admin, &author) },
        asks("editor", &app.editor().await, &author),
        asks("admin", &admin, &author),
    ]
}

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
    let cases: Vec<(Case<'_>, &str)> = of_articles
        .flat_map(|operation| STATES.map(|(name, state)| (Case { operation, state, more: More::Nothing }, name)))
        .filter(|(case, _)| tells(case.operation, case.state))
        .collect();
    let askers = askers(&newsroom).await;
    assert!(cases.len() > 60, "the document has lost operations: {}", cases.len());
    let mut rows: Vec<String> =
        stream::iter(cases).map(|(case, name)| row(&newsroom, &askers, case, name)).buffered(AT_ONCE).collect().await;
    rows.sort();
    rows.insert(0, line("# operation", "state", &COLUMNS));
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

async fn row(newsroom: &Newsroom, askers: &[Asker], case: Case<'_>, state: &str) -> String {
    let mut unspent = Unspent::default();
    let mut statuses = BTreeMap::new();
    for Asker { column, actor, token, owner } in askers {
        let answer = unspent.send(newsroom, case, owner, (actor, token.as_deref())).await;
        assert!(!ABOUT_FORM.contains(&answer.status()), "{column} sent what cannot be answered: {answer}");
        statuses.insert(*column, answer.status().to_string());
    }
    line(&case.operation.id, state, &COLUMNS.map(|column| statuses[column].as_str()))
}

fn line(operation: &str, state: &str, cells: &[&str]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| format!("{cell:<12}")).collect();
    format!("{operation:<30} {state:<19} {}", cells.concat()).trim_end().to_owned()
}
