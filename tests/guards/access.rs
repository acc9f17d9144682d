//! Who may do what: every operation of the document, asked for by everybody, answered as `access.txt` says; and what hangs
//! on more than the operation.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt as _, stream};
use reqwest::Method;

use super::errands::{Case, Newsroom, State, Unspent};
use super::more::{More, requests};
use super::operations::operations;
use crate::support::{Actor, in_package};

const TABLE: &str = "tests/guards/access.txt";
const REWRITE: &str = "REWRITE";
const HEAD: &str = "\
# Who may do what: the status that each operation of the document answers to a valid request.
#
# object           own: the caller's; other: somebody else's; -: it belongs to nobody
# api_token        of an admin, with the scope newsroom:read and no other
#
# Behind a plus stands what there is beyond the least that an operation takes:
#
# +breaking        the article is under embargo; the request breaks it, or ends it earlier
# +live            the article is live
# +elsewhere       the editor may publish in another region only
# +live_elsewhere  both
# +shown           readers see the asset
# +for_another     what is made is for somebody else
#
# REWRITE=1 cargo test access_table writes it anew.
";
/// Those in whose name requests are sent, in the order of the columns.
const ACTORS: [&str; 6] = ["anonymous", "contributor", "author", "editor", "admin", "api_token"];
/// The same in the order in which they ask: who is refused leaves the object to the next.
const TURNS: [&str; 6] = ["anonymous", "contributor", "author", "editor", "api_token", "admin"];
/// How many rows are found out at the same time.
const AT_ONCE: usize = 8;
/// Statuses that are about the form of a request: with one of these nothing is learnt about access.
const ABOUT_FORM: [u16; 6] = [400, 405, 409, 415, 422, 428];

/// Somebody of each role, and a token of the admin.
#[derive(Clone)]
struct People {
    contributor: Actor,
    author: Actor,
    editor: Actor,
    admin: Actor,
    token: String,
}

impl People {
    async fn come(newsroom: &Newsroom) -> Self {
        let app = &newsroom.app;
        let admin = app.admin().await;
        let token = admin.api_token(&["newsroom:read"]).await;
        Self {
            contributor: app.contributor().await,
            author: app.author().await,
            editor: app.editor().await,
            admin,
            token,
        }
    }

    /// Whose objects are one's own; for who is nobody, the contributor's.
    fn named(&self, name: &str) -> &Actor {
        match name {
            "anonymous" | "contributor" => &self.contributor,
            "author" => &self.author,
            "editor" => &self.editor,
            _ => &self.admin,
        }
    }
}

/// All who are there from the beginning to the end.
struct Staff {
    people: People,
    /// The same, but the editor may publish in one region only, in which nothing stands.
    elsewhere: People,
    /// Whose objects are somebody else's.
    somebody: Actor,
}

impl Staff {
    async fn come(newsroom: &Newsroom) -> Self {
        let app = &newsroom.app;
        let people = People::come(newsroom).await;
        let elsewhere = People { editor: app.editor().await, ..people.clone() };
        app.limit(&elsewhere.editor, &app.region("europe", None).await).await;
        Self { people, elsewhere, somebody: app.contributor().await }
    }
}

#[actix_web::test]
async fn every_operation_answers_everybody_as_the_access_table_says() {
    let newsroom = Newsroom::open().await;
    let staff = Staff::come(&newsroom).await;
    let operations = operations();
    let plain = operations.iter().map(|operation| (operation, More::Nothing));
    let cases = plain.chain(requests(&operations)).flat_map(|(operation, more)| {
        let objects: &[&str] = match more {
            _ if !operation.has_owner() => &["-"],
            More::Elsewhere | More::LiveElsewhere => &["other"],
            _ => &["own", "other"],
        };
        objects.iter().map(move |object| (Case { operation, state: State::Usual, more }, *object))
    });
    let mut rows: Vec<String> = stream::iter(cases)
        .map(|(case, object)| row(&newsroom, &staff, case, object))
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

async fn row(newsroom: &Newsroom, staff: &Staff, case: Case<'_>, object: &str) -> String {
    let Case { operation, more, .. } = case;
    let reader = newsroom.app.reader();
    let new;
    let people = if more.is_elsewhere() {
        &staff.elsewhere
    } else if operation.has_owner() || operation.method == Method::GET {
        &staff.people
    } else {
        // Some of these end the caller's session.
        new = People::come(newsroom).await;
        &new
    };
    let mut unspent = Unspent::default();
    let mut statuses = BTreeMap::new();
    for name in TURNS {
        let caller = people.named(name);
        let owner = if object == "other" { &staff.somebody } else { caller };
        let by = match name {
            "anonymous" => (&reader, None),
            "api_token" => (caller, Some(people.token.as_str())),
            _ => (caller, None),
        };
        let answer = unspent.send(newsroom, case, owner, by).await;
        assert!(!ABOUT_FORM.contains(&answer.status()), "{name} sent what cannot be answered: {answer}");
        statuses.insert(name, answer.status().to_string());
    }
    let name = format!("{}{}", operation.id, more.mark());
    assert!(statuses.values().any(|status| status.starts_with('2')), "nobody may {name}: {statuses:?}");
    line(&name, object, &ACTORS.map(|actor| statuses[actor].as_str()))
}

fn line(operation: &str, object: &str, cells: &[impl AsRef<str>]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| format!("{:<12}", cell.as_ref())).collect();
    format!("{operation:<30} {object:<7} {}", cells.concat()).trim_end().to_owned()
}
