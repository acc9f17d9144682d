//! Renamed articles: every name that one ever had leads to it, in one step, and to nobody else.

use futures_util::future::join_all;

use crate::support::{Stage, json};

#[actix_web::test]
async fn after_five_renames_every_old_name_leads_to_the_newest_in_one_hop() {
    let stage = Stage::set().await;
    let story = stage.live("Zero", json!({ "slug": "name-0" })).await;
    for n in 1..=5 {
        stage.editor.patch(story.staff(), json!({ "slug": format!("name-{n}") })).send().await.expect(200);
        stage.app.set_clock(&format!("2026-01-05T08:0{n}:00Z"));
        stage.publish(&story, json!({})).await;
    }
    for n in 0..5 {
        let moved = stage.reader.get(format!("/v1/articles/name-{n}")).send().await.expect(301);
        assert_eq!(moved.header("location"), "/v1/articles/name-5");
        let resolved = stage.read(&format!("/v1/resolve?path=/asia/name-{n}")).await;
        assert_eq!(resolved.text_at("/redirect_to"), "/asia/name-5");
        let staff = stage.editor.get(format!("/v1/newsroom/articles/name-{n}")).send().await.expect(200);
        assert_eq!((staff.id(), staff.text_at("/slug")), (story.id.clone(), "name-5"));
    }
    assert_eq!(stage.read("/v1/articles/name-5").await.id(), story.id);
    stage.app.history_is_whole().await;
}

#[actix_web::test]
async fn a_name_that_comes_back_answers_itself_and_the_others_lead_to_it() {
    let stage = Stage::set().await;
    let story = stage.live("One", json!({ "slug": "first" })).await;
    for (minute, slug) in [(1, "second"), (2, "first"), (3, "third"), (4, "first")] {
        stage.editor.patch(story.staff(), json!({ "slug": slug })).send().await.expect(200);
        stage.app.set_clock(&format!("2026-01-05T08:0{minute}:00Z"));
        stage.publish(&story, json!({})).await;
    }
    assert_eq!(stage.read("/v1/articles/first").await.id(), story.id);
    for former in ["second", "third"] {
        let moved = stage.reader.get(format!("/v1/articles/{former}")).send().await.expect(301);
        assert_eq!(moved.header("location"), "/v1/articles/first");
    }
    assert_eq!(stage.app.rows("slugs").await, 3);
}

#[actix_web::test]
async fn a_former_name_stays_its_own_and_a_refusal_does_not_say_whose_it_is() {
    let stage = Stage::set().await;
    let story = stage.live("Owner of the name", json!({ "slug": "wanted" })).await;
    stage.editor.patch(story.staff(), json!({ "slug": "renamed" })).send().await.expect(200);
    let other = stage.draft("Other", json!({})).await;
    let contributor = stage.app.contributor().await;
    for slug in ["wanted", "renamed"] {
        let new = json!({ "headline": "Another", "slug": slug });
        let refusals = [
            contributor.post("/v1/newsroom/articles", new).send().await.expect(409),
            stage.editor.patch(other.staff(), json!({ "slug": slug })).send().await.expect(409),
        ];
        for refused in refusals {
            assert_eq!(refused.faults(), ["/slug taken"]);
            for secret in [story.id.as_str(), "Owner of the name", "renamed article", "editor of the tests"] {
                assert!(!refused.text().contains(secret), "{secret} is told in {refused}");
            }
        }
    }
    let numbered = contributor.drafts("Wanted").await;
    assert_eq!(numbered.text_at("/slug"), "wanted-2");
}

#[actix_web::test]
async fn of_many_that_claim_one_name_at_once_one_gets_it() {
    let stage = Stage::set().await;
    let names: Vec<String> = (0..8).map(|n| format!("Draft {n}")).collect();
    let drafts = join_all(names.iter().map(|name| stage.editor.drafts(name))).await;
    let renames = drafts.iter().map(|draft| stage.editor.patch(draft.place(), json!({ "slug": "the-one" })).send());
    let creates = (0..8).map(|n| {
        stage.editor.post("/v1/newsroom/articles", json!({ "headline": format!("New {n}"), "slug": "the-one" })).send()
    });
    let (renamed, created) = futures_util::future::join(join_all(renames), join_all(creates)).await;
    let won = renamed.iter().filter(|answer| answer.status() == 200).count()
        + created.iter().filter(|answer| answer.status() == 201).count();
    let lost = renamed.iter().chain(&created).filter(|answer| answer.status() == 409).count();
    assert_eq!((won, lost), (1, 15));
    stage.app.history_is_whole().await;
}
