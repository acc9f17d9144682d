//! The law of a merge-patch (RFC 7396), tried with patches that are made up: what is absent stays, `null` clears, a value
//! sets, an array is replaced whole.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value};

use super::tried;
use crate::support::{TestApp, json};

const PATCHES: usize = 60;

fn words() -> impl Strategy<Value = Value> {
    // Text as people write it: nothing that is trimmed, and nothing that is no text.
    "[A-Za-zäé’日-]{1,8}( [a-z日.]{1,6}){0,3}".prop_map(Value::from)
}

fn links() -> impl Strategy<Value = Value> {
    let link = (0..100u8, "[a-z]{1,8}").prop_map(
        |(number, label)| json!({ "kind": "website", "label": label, "url": format!("https://example.org/{number}") }),
    );
    prop::collection::vec(link, 0..4).prop_map(Value::from)
}

/// A patch of an author: each member absent, cleared where it can be, or set.
fn patch() -> impl Strategy<Value = Map<String, Value>> {
    let may_go = || prop_oneof![2 => Just(None), 1 => Just(Some(Value::Null)), 2 => words().prop_map(Some)];
    let stays = prop_oneof![2 => Just(None), 1 => words().prop_map(Some)];
    let list = prop_oneof![2 => Just(None), 1 => links().prop_map(Some)];
    (stays, may_go(), may_go(), may_go(), list).prop_map(|(name, job_title, bio, location, links)| {
        let members =
            [("name", name), ("job_title", job_title), ("bio", bio), ("location", location), ("links", links)];
        members.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
    })
}

/// The law itself, for an object whose members are no objects.
fn merged(mut object: Value, patch: &Map<String, Value>) -> Value {
    for (key, value) in patch {
        object[key] = value.clone();
    }
    object
}

#[actix_web::test]
async fn a_patch_changes_what_it_names_and_nothing_else() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made =
        editor.post("/v1/newsroom/authors", json!({ "name": "Mei Tanaka", "slug": "mei" })).send().await.expect(201);
    let place = format!("/v1/newsroom/authors/{}", made.id());
    let mut runner = TestRunner::new(tried());
    let mut before = made.json().clone();
    for _ in 0..PATCHES {
        let patch = patch().new_tree(&mut runner).expect("a patch").current();
        let changed = editor.patch(&place, Value::Object(patch.clone())).send().await.expect(200);
        let mut wanted = merged(before.clone(), &patch);
        for member in ["version", "updated_at"] {
            wanted[member] = changed.json()[member].clone();
        }
        assert_eq!(changed.json(), &wanted, "{patch:?}");
        let read = editor.get(&place).send().await.expect(200);
        assert_eq!(read.json(), changed.json(), "what is answered is what is kept");
        before = wanted;
    }
}
