//! Laws of the history, tried with histories made by chance: what changed between two revisions makes the one of the
//! other, and what was brought back is what was.

use dateline::base::id::new_id;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Actor, Answer, TestApp, with};

const TOPICS: [&str; 3] = ["rails", "ports", "ferries"];
const PEOPLE: [&str; 3] = ["mei-tanaka", "sean-o-mara", "ida-berg"];
const REGIONS: [&str; 3] = ["asia", "japan", "canada"];
const PICTURES: [&str; 2] = ["mine", "quay"];
const OTHERS: [&str; 3] = ["other-1", "other-2", "other-3"];
const SENTENCES: [&str; 6] = [
    "<p>Two governments want a joint supply chain.</p>",
    "<p>A delegation spent a week in the provinces.</p>",
    "<h2>What is next</h2>",
    "<ul><li>Nickel</li><li>Cobalt</li></ul>",
    "<p>Also on DL: <a href=\"/asia/other-1\">Other 1</a></p>",
    "<p>Also on DL: <a href=\"/asia/other-3\">Other 3</a></p>",
];

/// One thing that somebody does.
#[derive(Clone, Debug)]
enum Step {
    Patch(Value),
    Links(Value),
    AddLink(&'static str),
    ThroughTheTrash,
    /// Somebody removes what the article may name or may have named.
    Remove(&'static str, &'static str),
    /// Somebody new is named, perhaps no longer, and turns out to be somebody who is known.
    Merge(&'static str, &'static str, bool),
}

fn some(of: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
    subsequence(of.to_vec(), 0..=of.len()).prop_shuffle()
}

fn words() -> impl Strategy<Value = String> {
    vec(select(&["rain", "on", "the", "quay", "“late”", "雨", "ferries"][..]), 1..6).prop_map(|words| words.join(" "))
}

fn step() -> impl Strategy<Value = Step> {
    let body =
        vec(select(&SENTENCES[..]), 0..6).prop_map(|parts| json!({ "format": "html", "content": parts.concat() }));
    let links = || {
        some(&OTHERS).prop_map(|slugs| -> Value {
            slugs.iter().map(|slug| json!({ "kind": "read_more", "target": { "slug": slug } })).collect()
        })
    };
    let people =
        some(&PEOPLE).prop_map(|people| -> Value { people.iter().map(|author| json!({ "author": author })).collect() });
    let numbers = subsequence(vec!["1", "2", "3"], 0..=3).prop_map(|values| -> Value {
        values.iter().map(|value| json!({ "scheme": "wire", "value": value })).collect()
    });
    let patch = prop_oneof![
        words().prop_map(|text| json!({ "headline": text })),
        words().prop_map(|text| json!({ "summary": text, "note": text })),
        words().prop_map(|text| json!({ "kicker": text, "meta_title": null })),
        body.prop_map(|body| json!({ "body": body })),
        some(&TOPICS).prop_map(|topics| json!({ "topics": topics })),
        (select(&REGIONS[..]), some(&REGIONS))
            .prop_map(|(first, all)| json!({ "primary_region": first, "regions": all })),
        people.prop_map(|people| json!({ "bylines": people })),
        words().prop_map(|text| json!({ "credit_line": format!("{text} by Mei Tanaka") })),
        (select(&PICTURES[..]), words()).prop_map(|(media, alt)| json!({ "hero": { "media": media, "alt": alt } })),
        Just(json!({ "hero": null, "canonical_url": "https://example.org/a", "translation_of": "other-2" })),
        Just(json!({ "translation_of": null, "type": "analysis", "language": "ja" })),
        select(&["first-name", "second-name", "third-name"][..]).prop_map(|slug| json!({ "slug": slug })),
        links().prop_map(|links| json!({ "related": links })),
        numbers.prop_map(|numbers| json!({ "external_ids": numbers })),
    ];
    prop_oneof![
        12 => patch.prop_map(Step::Patch),
        2 => links().prop_map(|links| Step::Links(json!({ "related": links }))),
        1 => select(&OTHERS[..]).prop_map(Step::AddLink),
        1 => Just(Step::ThroughTheTrash),
        2 => select(things()).prop_map(|(noun, slug)| Step::Remove(noun, slug)),
        1 => (select(things().split_off(PICTURES.len() + REGIONS.len())), any::<bool>())
            .prop_map(|((noun, slug), stays)| Step::Merge(noun, slug, stays)),
    ]
}

/// All that articles name: pictures, regions, people, topics.
fn things() -> Vec<(&'static str, &'static str)> {
    let of = |noun, slugs: &[&'static str]| slugs.iter().map(|slug| (noun, *slug)).collect::<Vec<_>>();
    [of("media", &PICTURES), of("regions", &REGIONS), of("authors", &PEOPLE), of("topics", &TOPICS)].concat()
}

async fn make(by: &Actor, noun: &str, slug: &str) -> Answer {
    let name = match slug {
        "mei-tanaka" => "Mei Tanaka",
        "sean-o-mara" => "Sean O’Mara",
        "ida-berg" => "Ida Berg",
        slug => slug,
    };
    let new = match noun {
        "media" => {
            json!({ "slug": slug, "url": "https://media.example.org/a.jpg", "mime_type": "image/jpeg", "alt": slug })
        }
        "regions" => json!({ "slug": slug, "name": name, "kind": "editorial" }),
        _ => json!({ "slug": slug, "name": name }),
    };
    by.post(format!("/v1/newsroom/{noun}"), new).send().await.expect(201)
}

async fn newsroom() -> TestApp {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for (noun, slug) in things() {
        make(&admin, noun, slug).await;
    }
    for n in 1..=3 {
        admin.drafts(&format!("Other {n}")).await;
    }
    app
}

async fn take(editor: &Actor, place: &str, step: Step) {
    match step {
        Step::Patch(patch) => {
            // Two who were merged since are one, and nobody is named twice.
            let done = editor.patch(place, patch).send().await;
            assert!(done.status() == 200 || done.faults().iter().all(|fault| fault.ends_with("repeated")), "{done}");
        }
        Step::Links(list) => drop(editor.put(format!("{place}/related"), list).send().await.expect(200)),
        Step::AddLink(slug) => {
            let link = json!({ "kind": "related", "target": { "slug": slug } });
            let added = editor.post(format!("{place}/related"), link).send().await;
            assert!([201, 422].contains(&added.status()), "{added}");
        }
        Step::ThroughTheTrash => {
            editor.delete(place).send().await.expect(204);
            editor.request(Method::POST, format!("{place}/restore")).send().await.expect(200);
        }
        Step::Remove(noun, slug) => {
            let found = editor.get(format!("/v1/newsroom/{noun}/{slug}")).send().await.expect(200);
            let removed = editor.delete(format!("/v1/newsroom/{noun}/{}", found.id())).send().await;
            match removed.status() {
                204 => drop(make(editor, noun, slug).await),
                _ => assert_eq!(removed.expect(409).code(), "in_use"),
            }
        }
        Step::Merge(noun, slug, stays) => {
            let known = editor.get(format!("/v1/newsroom/{noun}/{slug}")).send().await.expect(200);
            let new = make(editor, noun, &format!("new-{}", new_id().simple())).await;
            let name = |id: &str| if noun == "topics" { json!(id) } else { json!({ "author": id }) };
            let part = if noun == "topics" { "topics" } else { "bylines" };
            editor.patch(place, json!({ part: [name(&new.id())] })).send().await.expect(200);
            if !stays {
                editor.patch(place, json!({ part: [] })).send().await.expect(200);
            }
            let merge = format!("/v1/newsroom/{noun}/{}/merge", known.id());
            editor.post(merge, json!({ "absorb": new.id() })).send().await.expect(200);
        }
    }
}

/// What editors write of it.
fn written(article: &Value) -> Value {
    let same = json!({ "version": null, "updated_at": null, "updated_by": null, "warnings": null });
    with(article.clone(), same)
}

/// Half of the text difference.
fn half(answer: &Answer, of: &str, without: &str) -> String {
    let runs = answer.at(&format!("/text/{of}/runs")).as_array().expect("runs");
    runs.iter().filter(|run| run["change"] != without).filter_map(|run| run["text"].as_str()).collect()
}

#[actix_web::test]
async fn what_changed_makes_the_one_of_the_other_and_what_was_brought_back_is_what_was() {
    let app = newsroom().await;
    let editor = app.admin().await;
    let config = crate::stories::tried();
    let histories = (config.cases / 32).max(1);
    let mut runner = TestRunner::new(config);
    for number in 0..histories {
        let plan = (vec(step(), 4..12), any::<[u32; 6]>());
        let (steps, chosen) = plan.new_tree(&mut runner).expect("a plan").current();
        let new = json!({ "headline": format!("History {number}"), "slug": format!("history-{number}") });
        let made = editor.post("/v1/newsroom/articles", new).send().await.expect(201);
        let place = made.place();
        for step in steps {
            take(&editor, &place, step).await;
        }
        app.history_is_whole().await;
        let revisions = format!("{place}/revisions");
        let last = editor.get(&place).send().await.expect(200).at("/version").as_u64().expect("a version");
        let one = |chance: u32| u64::from(chance) % last + 1;
        for (a, b) in [(one(chosen[0]), one(chosen[1])), (one(chosen[2]), last), (last, one(chosen[3]))] {
            let from = editor.get(format!("{revisions}/{a}")).send().await.expect(200);
            let to = editor.get(format!("{revisions}/{b}")).send().await.expect(200);
            let found = editor.get(format!("{revisions}/{a}/diff/{b}")).send().await.expect(200);
            let patch: json_patch::Patch = serde_json::from_value(found.at("/patch").clone()).expect("a patch");
            let mut article = from.at("/article").clone();
            json_patch::patch(&mut article, &patch).expect("a patch that fits");
            assert_eq!(&article, to.at("/article"));
            for (field, of) in [("headline", &from), ("summary", &from)] {
                assert_eq!(half(&found, field, "insert"), of.text_at(&format!("/article/{field}")));
            }
            let note = |of: &Answer| of.at("/article/note").as_str().unwrap_or_default().to_owned();
            assert_eq!((half(&found, "note", "insert"), half(&found, "note", "delete")), (note(&from), note(&to)));
            assert_eq!(half(&found, "headline", "delete"), to.text_at("/article/headline"));
            let same = written(from.at("/article")) == written(to.at("/article"));
            assert_eq!(found.at("/changed_fields").as_array().is_some_and(Vec::is_empty), same, "{found}");
        }
        for n in [one(chosen[4]), one(chosen[5])] {
            let then = editor.get(format!("{revisions}/{n}")).send().await.expect(200);
            let restored = editor.post(format!("{revisions}/{n}/restore"), json!({})).send().await.expect(200);
            assert_eq!(restored.at("/warnings"), &json!([]));
            let now = editor.get(&place).send().await.expect(200);
            assert_eq!(written(now.json()), written(then.at("/article")), "revision {n}");
            let head = editor.get(format!("{revisions}?limit=1")).send().await.expect(200);
            assert_eq!((head.text_at("/data/0/verb"), head.at("/data/0/restored_from")), ("restored", &json!(n)));
        }
        app.history_is_whole().await;
        // So that the next history may have the same names.
        let free = json!({ "external_ids": [] });
        editor.patch(&place, free).send().await.expect(200);
        let names = "UPDATE slugs SET slug = slug || '-' || left(md5(article_id::text), 8) WHERE slug LIKE '%-name' AND NOT current";
        app.database().await.execute(names, &[]).await.expect("free names");
        editor.patch(&place, json!({ "slug": format!("done-{number}") })).send().await.expect(200);
        app.database().await.execute(names, &[]).await.expect("free names");
    }
}
