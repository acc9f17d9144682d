//! Many editors at one article, each repeating what was refused until it is taken.

use std::time::Duration;

use dateline::base::id::{hex, new_id};
use dateline::base::secret::sha256;
use futures_util::future::join_all;

use crate::support::{Actor, TestApp, json};

/// An acknowledged write: the version it made, whose it is and which.
type Written = (u64, String);

/// What a write leaves: a sum over everything before it and its own name, so that no other order gives the same.
fn sum(before: &str, name: &str) -> String {
    hex(&sha256(format!("{before}\n{name}").as_bytes()))
}

async fn wait(refusals: u64) {
    let [.., chance] = new_id().into_bytes();
    tokio::time::sleep(Duration::from_millis(u64::from(chance) * refusals * refusals / 8)).await;
}

/// Patches until all are taken; each is made from what stands there. Whoever was refused waits a little.
async fn patches(editor: &Actor, place: &str, number: usize, count: usize) -> Vec<Written> {
    let mut written = Vec::new();
    for n in 0..count {
        let name = format!("patch {n} of editor {number}");
        let mut refusals = 1;
        wait(refusals).await;
        loop {
            let seen = editor.get(place).send().await;
            let answer = match seen.status() {
                200 => {
                    let note = sum(seen.at("/note").as_str().unwrap_or_default(), &name);
                    let patch = json!({ "note": note, "summary": name });
                    editor.patch(place, patch).header("if-match", seen.header("etag")).send().await
                }
                _ => seen,
            };
            match answer.status() {
                200 => {
                    assert_eq!(answer.text_at("/summary"), name);
                    written.push((answer.at("/version").as_u64().expect("a version"), name));
                    break;
                }
                412 => assert_eq!(answer.at("/mergeable"), &json!(false)),
                // Too many at once for the connections that there are.
                _ => assert_eq!(answer.header("retry-after"), "1"),
            }
            refusals = (refusals + 1).min(8);
            wait(refusals).await;
        }
    }
    written
}

/// `TEST_PATCHES` says how many each of the fifty makes; one without it.
#[actix_web::test]
async fn fifty_editors_at_one_article_lose_nothing() {
    let app = TestApp::start().await;
    let made = app.editor().await.drafts("Fifty editors").await;
    let most = std::env::var_os("TEST_PATCHES").and_then(|most| most.to_str()?.parse().ok());
    let each = most.unwrap_or(1_usize);
    let mut editors = Vec::new();
    for _ in 0..50 {
        editors.push(app.editor().await);
    }
    let place = made.place();
    let all = editors.iter().enumerate().map(|(number, editor)| patches(editor, &place, number, each));
    let mut written: Vec<Written> = join_all(all).await.into_iter().flatten().collect();
    written.sort();
    let versions: Vec<u64> = written.iter().map(|(version, _)| *version).collect();
    let expected: Vec<u64> = (2..).take(50 * each).collect();
    assert_eq!(versions, expected, "one version for each acknowledged write");
    let rows = app.rows("article_revisions").await;
    assert_eq!(rows, i64::try_from(1 + 50 * each).expect("a number"));
    let last = editors[0].get(&place).send().await.expect(200);
    let serial = written.iter().fold(String::new(), |before, (_, name)| sum(&before, name));
    assert_eq!(last.text_at("/note"), serial, "the end is that of the acknowledged writes, one after the other");
    assert_eq!(Some(last.text_at("/summary")), written.last().map(|(_, name)| name.as_str()));
    for (version, name) in written.iter().step_by(written.len() / 10) {
        let revision = editors[0].get(format!("{place}/revisions/{version}")).send().await.expect(200);
        assert_eq!(revision.text_at("/article/summary"), name);
    }
    app.history_is_whole().await;
}

#[actix_web::test]
async fn those_who_write_different_fields_merge_and_nobody_writes_twice() {
    let app = TestApp::start().await;
    let made = app.editor().await.drafts("Four fields").await;
    let place = made.place();
    let fields = ["headline", "summary", "kicker", "note"];
    let mut editors = Vec::new();
    for _ in fields {
        editors.push(app.editor().await);
    }
    let work = async |editor: &Actor, field: &str| {
        for n in 1..=5 {
            let patch = json!({ field: format!("{field} {n}") });
            let seen = editor.get(&place).send().await.expect(200);
            let (mut current, base) = (seen.header("etag").to_owned(), seen.at("/version").clone());
            let refused = editor.patch(&place, patch.clone()).header("if-match", &current).send().await;
            let mut answer = refused;
            while answer.status() == 412 {
                current = answer.text_at("/current/etag").to_owned();
                let merge = json!({ "base_version": base, "patch": patch });
                answer = editor.post(format!("{place}/merge"), merge).header("if-match", &current).send().await;
            }
            answer.expect(200);
        }
    };
    join_all(fields.iter().zip(&editors).map(|(field, editor)| work(editor, field))).await;
    let last = editors[0].get(&place).send().await.expect(200);
    for field in fields {
        assert_eq!(last.text_at(&format!("/{field}")), format!("{field} 5"));
    }
    assert_eq!(app.rows("article_revisions").await, 21);
    app.history_is_whole().await;
}

#[actix_web::test]
async fn who_has_not_seen_a_move_is_told_who_made_it() {
    let app = TestApp::start().await;
    app.region("japan", None).await;
    let (editor, other) = (app.editor().await, app.editor().await);
    let made = editor.writes("Moved meanwhile", "japan").await;
    let place = made.place();
    let seen = made.header("etag");
    let act = |by: &Actor, verb: &str, etag: &str| {
        by.post(format!("{place}/{verb}"), json!({})).header("if-match", etag).send()
    };
    let live = act(&editor, "publish", seen).await.expect(200);
    assert_eq!((seen, live.header("etag"), live.at("/version")), ("\"1\"", "\"1.1\"", &json!(1)));
    let over = act(&other, "unpublish", live.header("etag")).await.expect(200);
    assert_eq!(over.header("etag"), "\"1.2\"");

    // What does not touch the article itself is not what made it another version.
    other.post(format!("{place}/previews"), json!({})).send().await.expect(201);

    // Published again by whoever still believes that it is live, it would undo a withdrawal that nobody told him of.
    let late = act(&editor, "publish", live.header("etag")).await.expect(412);
    let current = |member: &str| late.at(&format!("/current/{member}"));
    assert_eq!(
        (current("etag"), current("version"), current("verb")),
        (&json!("\"1.2\""), &json!(1), &json!("unpublished"))
    );
    assert_eq!(current("updated_by/id"), &json!(other.id()));
    assert_eq!(late.at("/changed_fields"), &json!([]));
    // The words are as he saw them, so what he changes can be merged.
    let patch = editor.patch(&place, json!({ "kicker": "Late" })).header("if-match", live.header("etag"));
    assert_eq!(patch.send().await.expect(412).at("/mergeable"), &json!(true));

    let list = editor.get("/v1/newsroom/articles").send().await.expect(200);
    assert_eq!(list.at("/data/0/etag"), &json!("\"1.2\""));
    let written =
        editor.patch(&place, json!({ "kicker": "Now" })).header("if-match", "\"1.2\"").send().await.expect(200);
    assert_eq!(written.header("etag"), "\"2\"", "a write counts its moves anew");
}
