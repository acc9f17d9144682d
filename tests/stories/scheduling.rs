//! Plans: several for one article, moved and dropped, each holding by the clock alone.

use crate::support::{Actor, Answer, TestApp, json};

async fn act(by: &Actor, article: &Answer, verb: &str, plan: serde_json::Value) -> Answer {
    by.post(format!("{}/{verb}", article.place()), plan).send().await
}

/// What the public reads at each of these times: the headline, or nothing.
async fn seen(app: &TestApp, slug: &str, expected: &[(&str, Option<&str>)]) {
    for (time, headline) in expected {
        app.set_clock(time);
        let answer = app.reader().get(format!("/v1/articles/{slug}")).send().await;
        match headline {
            Some(headline) => assert_eq!(answer.expect(200).text_at("/headline"), *headline, "{time}"),
            None => drop(answer.expect(404)),
        }
    }
}

async fn headline(by: &Actor, article: &Answer, headline: &str) {
    by.patch(article.place(), json!({ "headline": headline })).send().await.expect(200);
}

/// Version A at six, B at nine, nothing from Sunday on; written in an order of its own.
async fn planned(app: &TestApp, editor: &Actor) -> Answer {
    app.region("japan", None).await;
    let story = editor.writes("Version A", "japan").await;
    headline(editor, &story, "Version B").await;
    act(editor, &story, "schedule", json!({ "at": "2026-01-06T09:00:00Z" })).await.expect(200);
    act(editor, &story, "schedule", json!({ "at": "2026-01-06T06:00:00Z", "revision": 1 })).await.expect(200);
    act(editor, &story, "unpublish", json!({ "at": "2026-01-11T00:00:00Z" })).await.expect(200);
    headline(editor, &story, "Version C, which nobody planned").await;
    story
}

#[actix_web::test]
async fn several_plans_follow_each_other_and_the_schedule_shows_exactly_them() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let story = planned(&app, &editor).await;
    let schedule = editor.get("/v1/newsroom/schedule").send().await.expect(200);
    assert_eq!(schedule.texts_in("/data", "/change"), ["goes_live", "is_updated", "ends"]);
    assert_eq!(schedule.texts_in("/data", "/article/headline"), ["Version A", "Version B", "Version B"]);
    let times = ["2026-01-06T06:00:00.000Z", "2026-01-06T09:00:00.000Z", "2026-01-11T00:00:00.000Z"];
    assert_eq!(schedule.texts_in("/data", "/at"), times);
    assert_eq!(schedule.at("/data/0/revision"), &json!(1));
    let window = [("from", "2026-01-06T06:00:00.001Z"), ("to", "2026-01-11T00:00:00Z")];
    let some = editor.get("/v1/newsroom/schedule").query(&window).send().await.expect(200);
    assert_eq!(some.texts_in("/data", "/change"), ["is_updated"]);
    let mut gathered = Vec::new();
    let mut page = editor.get("/v1/newsroom/schedule?limit=1").send().await.expect(200);
    loop {
        gathered.extend(page.texts_in("/data", "/at").into_iter().map(str::to_owned));
        let Some(next) = page.at("/meta/next_cursor").as_str() else { break };
        page = editor.get("/v1/newsroom/schedule").query(&[("limit", "1"), ("cursor", next)]).send().await.expect(200);
    }
    assert_eq!(gathered, times);
    let falling = "/v1/newsroom/schedule?sort=-at&limit=2&include_total=true&fields=at,article.headline";
    let last = editor.get(falling).send().await.expect(200);
    assert_eq!(last.texts_in("/data", "/at"), [times[2], times[1]]);
    assert_eq!((last.at("/meta/total"), last.json().pointer("/data/0/change")), (&json!(3), None));
    let next = [("sort", "-at"), ("limit", "2"), ("cursor", last.text_at("/meta/next_cursor"))];
    let first = editor.get("/v1/newsroom/schedule").query(&next).send().await.expect(200);
    assert_eq!(first.texts_in("/data", "/at"), [times[0]]);
    let from = [("from", "2026-01-06T07:00:00Z"), ("with_live", "true")];
    let all = editor.get("/v1/newsroom/schedule").query(&from).send().await.expect(200);
    assert_eq!(all.texts_in("/data", "/change"), ["is_live", "is_updated", "ends"]);
    assert_eq!(all.texts_in("/data", "/article/headline"), ["Version A", "Version B", "Version B"]);
    assert_eq!(all.text_at("/data/0/at"), "2026-01-06T07:00:00.000Z");
    // What begins at the very instant is a change.
    let from = [("from", "2026-01-06T06:00:00Z"), ("with_live", "true"), ("limit", "1")];
    let first = editor.get("/v1/newsroom/schedule").query(&from).send().await.expect(200);
    assert_eq!(first.texts_in("/data", "/change"), ["goes_live"]);
    let others = app.author().await.get("/v1/newsroom/schedule").send().await.expect(200);
    assert_eq!(others.at("/data"), &json!([]));
    editor.get("/v1/newsroom/schedule?from=2026-01-06T00:00:00Z&to=2026-01-06T00:00:00Z").send().await.expect(400);
    seen(
        &app,
        "version-a",
        &[
            ("2026-01-06T05:59:59.999Z", None),
            ("2026-01-06T06:00:00Z", Some("Version A")),
            ("2026-01-06T08:59:59.999Z", Some("Version A")),
            ("2026-01-06T09:00:00Z", Some("Version B")),
            ("2026-01-10T23:59:59.999Z", Some("Version B")),
            ("2026-01-11T00:00:00Z", None),
        ],
    )
    .await;
    assert_eq!(editor.get(story.place()).send().await.expect(200).text_at("/live_state"), "withdrawn");
}

#[actix_web::test]
async fn the_planned_time_is_when_it_was_published_and_the_update_is_when_it_was_modified() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    planned(&app, &editor).await;
    app.set_clock("2026-01-06T12:34:56.789Z");
    let page = app.reader().get("/v1/articles/version-a").send().await.expect(200);
    assert_eq!(page.text_at("/published_at"), "2026-01-06T06:00:00.000Z");
    assert_eq!(page.text_at("/modified_at"), "2026-01-06T09:00:00.000Z");
}

#[actix_web::test]
async fn what_a_dropped_plan_took_it_gives_back() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let story = planned(&app, &editor).await;
    let now = editor.get(story.place()).send().await.expect(200);
    let second = now.text_at("/live/1/id").to_owned();
    let dropped = act(&editor, &story, "unschedule", json!({ "period": second })).await.expect(200);
    assert_eq!(dropped.at("/live").as_array().map(Vec::len), Some(1));
    assert_eq!(
        act(&editor, &story, "unschedule", json!({ "period": second })).await.expect(422).faults(),
        ["/period unknown_period"]
    );
    seen(
        &app,
        "version-a",
        &[
            ("2026-01-06T09:00:00Z", Some("Version A")),
            ("2026-01-10T23:59:59.999Z", Some("Version A")),
            ("2026-01-11T00:00:00Z", None),
        ],
    )
    .await;
    app.set_clock("2026-01-05T08:00:00Z");
    let none = act(&editor, &story, "unschedule", json!({})).await.expect(200);
    assert_eq!((none.text_at("/live_state"), none.at("/first_published_at")), ("never", &json!(null)));
    assert_eq!(act(&editor, &story, "unschedule", json!({})).await.expect(409).code(), "illegal_move");
    seen(&app, "version-a", &[("2026-01-06T06:00:00Z", None), ("2026-01-06T09:00:00Z", None)]).await;
}

#[actix_web::test]
async fn a_plan_that_is_moved_keeps_its_revision_and_its_neighbours_their_times() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let story = planned(&app, &editor).await;
    let now = editor.get(story.place()).send().await.expect(200);
    let second = now.text_at("/live/1/id").to_owned();
    let later = json!({ "period": second, "at": "2026-01-07T09:00:00Z" });
    let moved = act(&editor, &story, "reschedule", later).await.expect(200);
    assert_eq!(moved.text_at("/live/0/live_until"), "2026-01-07T09:00:00.000Z");
    assert_eq!((moved.text_at("/live/1/id"), moved.at("/live/1/revision")), (second.as_str(), &json!(2)));
    let first = now.text_at("/live/0/id").to_owned();
    let past_it = json!({ "period": first, "at": "2026-01-08T00:00:00Z" });
    let swapped = act(&editor, &story, "reschedule", past_it).await.expect(200);
    assert_eq!(swapped.text_at("/first_published_at"), "2026-01-07T09:00:00.000Z");
    for (change, fault) in [
        (json!({ "period": second, "at": "2026-01-04T00:00:00Z" }), "/at past"),
        (json!({ "period": second, "until": "2026-01-07T09:00:00Z" }), "/until order"),
        (json!({ "period": story.id(), "at": "2026-01-07T09:00:00Z" }), "/period unknown_period"),
    ] {
        assert_eq!(act(&editor, &story, "reschedule", change).await.expect(422).faults(), [fault]);
    }
    seen(
        &app,
        "version-a",
        &[
            ("2026-01-07T08:59:59.999Z", None),
            ("2026-01-07T09:00:00Z", Some("Version B")),
            ("2026-01-08T00:00:00Z", Some("Version A")),
        ],
    )
    .await;
    let begun = json!({ "period": first, "at": "2026-01-09T00:00:00Z" });
    assert_eq!(act(&editor, &story, "reschedule", begun).await.expect(422).faults(), ["/at begun"]);
    act(&editor, &story, "reschedule", json!({ "period": first, "until": "2026-01-08T12:00:00Z" })).await.expect(200);
    seen(&app, "version-a", &[("2026-01-08T11:59:59.999Z", Some("Version A")), ("2026-01-08T12:00:00Z", None)]).await;
}

#[actix_web::test]
async fn a_plan_is_not_moved_beyond_an_end_that_stays() {
    let app = TestApp::start().await;
    app.region("japan", None).await;
    let editor = app.editor().await;
    let story = editor.writes("Ferries", "japan").await;
    let plan = json!({ "at": "2026-01-06T06:00:00Z", "until": "2026-01-07T06:00:00Z" });
    let planned = act(&editor, &story, "schedule", plan).await.expect(200);
    let period = planned.text_at("/live/0/id");
    let late = json!({ "period": period, "at": "2026-01-08T06:00:00Z" });
    assert_eq!(act(&editor, &story, "reschedule", late).await.expect(422).faults(), ["/at order"]);
    let both = json!({ "period": period, "at": "2026-01-08T06:00:00Z", "until": "2026-01-09T06:00:00Z" });
    act(&editor, &story, "reschedule", both).await.expect(200);
}

#[actix_web::test]
async fn a_planned_withdrawal_outlives_an_update_until_it_is_taken_back() {
    let app = TestApp::start().await;
    app.region("japan", None).await;
    let editor = app.editor().await;
    let story = editor.writes("Offer", "japan").await;
    act(&editor, &story, "publish", json!({ "until": "2026-01-09T00:00:00Z" })).await.expect(200);
    app.set_clock("2026-01-05T09:00:00Z");
    headline(&editor, &story, "Offer, corrected").await;
    let updated = act(&editor, &story, "publish", json!({ "minor": true })).await.expect(200);
    assert_eq!(updated.text_at("/live/0/live_until"), "2026-01-09T00:00:00.000Z");
    let page = app.reader().get("/v1/articles/offer").send().await.expect(200);
    assert_eq!(page.at("/modified_at"), &json!(null));
    let period = updated.text_at("/live/0/id");
    let kept = act(&editor, &story, "reschedule", json!({ "period": period, "until": null })).await.expect(200);
    assert_eq!(kept.at("/live/0/live_until"), &json!(null));
}

#[actix_web::test]
async fn a_time_on_the_wall_is_taken_if_it_is_shown_once() {
    let app = TestApp::start().await;
    app.region("japan", None).await;
    let editor = app.editor().await;
    let story = editor.writes("Clocks", "japan").await;
    let plan = |local: &str, zone: &str| json!({ "at": { "local": local, "zone": zone } });
    let skipped = act(&editor, &story, "schedule", plan("2026-03-29T01:30", "Europe/London")).await.expect(422);
    assert_eq!(skipped.faults(), ["/at skipped"]);
    let words = skipped.text_at("/errors/0/detail");
    assert!(words.contains("+00:00") && words.contains("+01:00"), "{words}");
    let twice = act(&editor, &story, "schedule", plan("2026-10-25T01:30", "Europe/London")).await.expect(422);
    assert_eq!(twice.faults(), ["/at ambiguous"]);
    let words = twice.text_at("/errors/0/detail");
    assert!(words.find("+01:00") < words.find("+00:00") && words.contains("+01:00"), "{words}");
    for (local, zone, fault) in [
        ("2026-06-01T09:00", "Europe/Atlantis", "/at/zone unknown_zone"),
        ("2026-02-30T09:00", "Europe/London", "/at/local no_time"),
        ("2038-01-01T09:00", "Europe/London", "/at/local no_time"),
        ("2026-06-01T09:00Z", "Europe/London", "/at/local pattern"),
        ("2026-06-01T23:59:60", "Europe/London", "/at/local no_time"),
    ] {
        assert_eq!(act(&editor, &story, "schedule", plan(local, zone)).await.expect(422).faults(), [fault]);
    }
    act(&editor, &story, "schedule", json!({ "at": "2026-06-01T09:00" })).await.expect(422);
    assert_eq!(
        act(&editor, &story, "schedule", json!({ "at": "2026-01-05T08:00:00Z" })).await.expect(422).faults(),
        ["/at past"]
    );
    let summer = act(&editor, &story, "schedule", plan("2026-06-01T09:00", "Europe/London")).await.expect(200);
    assert_eq!(summer.text_at("/live/0/live_from"), "2026-06-01T08:00:00.000Z");
    let unknown = json!({ "at": "2026-06-02T09:00:00Z", "revision": 9 });
    assert_eq!(act(&editor, &story, "schedule", unknown).await.expect(422).faults(), ["/revision unknown_revision"]);
}

#[actix_web::test]
async fn a_plan_that_is_moved_keeps_the_end_that_it_had_and_one_that_is_for_good_stays_so() {
    let app = TestApp::start().await;
    app.region("japan", None).await;
    let editor = app.editor().await;
    let story = editor.writes("Offer", "japan").await;
    act(&editor, &story, "publish", json!({ "until": "2026-01-09T00:00:00Z" })).await.expect(200);
    headline(&editor, &story, "Offer, longer").await;
    let plan = json!({ "at": "2026-01-07T00:00:00Z", "until": "2026-01-12T00:00:00Z" });
    let planned = act(&editor, &story, "schedule", plan).await.expect(200);
    let period = planned.text_at("/live/1/id").to_owned();
    let earlier = json!({ "period": period, "at": "2026-01-06T00:00:00Z" });
    let moved = act(&editor, &story, "reschedule", earlier).await.expect(200);
    assert_eq!(moved.text_at("/live/1/live_until"), "2026-01-12T00:00:00.000Z");
    let for_good = json!({ "period": period, "until": null });
    let lasting = act(&editor, &story, "reschedule", for_good).await.expect(200);
    assert_eq!(lasting.at("/live/1/live_until"), &json!(null));
    let later = json!({ "period": period, "at": "2026-01-08T00:00:00Z" });
    let moved = act(&editor, &story, "reschedule", later).await.expect(200);
    assert_eq!(moved.at("/live/1/live_until"), &json!(null), "moving it gave it an end that nobody asked for");
    // What it takes over from gets its own end back.
    let alone = act(&editor, &story, "unschedule", json!({ "period": period })).await.expect(200);
    assert_eq!(alone.texts_in("/live", "/live_until"), ["2026-01-09T00:00:00.000Z"]);
}

#[actix_web::test]
async fn a_planned_withdrawal_is_put_off_or_brought_forward() {
    let app = TestApp::start().await;
    app.region("japan", None).await;
    let editor = app.editor().await;
    let story = editor.writes("Offer", "japan").await;
    editor.publishes(&story).await;
    for time in ["2026-01-05T09:00:00.000Z", "2026-01-05T10:00:00.000Z", "2026-01-05T09:30:00.000Z"] {
        let ends = act(&editor, &story, "unpublish", json!({ "at": time })).await.expect(200);
        assert_eq!(ends.texts_in("/live", "/live_until"), [time]);
    }
    headline(&editor, &story, "Offer, next week").await;
    let plan = json!({ "at": "2026-01-12T00:00:00Z", "until": "2026-01-13T00:00:00Z" });
    act(&editor, &story, "schedule", plan).await.expect(200);
    let ends = act(&editor, &story, "unpublish", json!({ "at": "2026-01-14T00:00:00Z" })).await.expect(200);
    let until = ["2026-01-05T09:30:00.000Z", "2026-01-14T00:00:00.000Z"];
    assert_eq!(ends.texts_in("/live", "/live_until"), until, "only what is live last goes on");
    let ends = act(&editor, &story, "unpublish", json!({ "at": "2026-01-06T00:00:00Z" })).await.expect(200);
    assert_eq!(ends.texts_in("/live", "/live_until"), ["2026-01-06T00:00:00.000Z"], "what begins later is dropped");
    app.set_clock("2026-01-05T23:59:59.999Z");
    app.reader().get("/v1/articles/offer").send().await.expect(200);
    app.set_clock("2026-01-06T00:00:00Z");
    app.reader().get("/v1/articles/offer").send().await.expect(404);
}

#[actix_web::test]
async fn a_planned_withdrawal_holds_for_what_is_planned_in_front_too() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    app.region("japan", None).await;
    let story = editor.writes("Version A", "japan").await;
    headline(&editor, &story, "Version B").await;
    let second = act(&editor, &story, "schedule", json!({ "at": "2026-01-06T09:00:00Z" })).await.expect(200);
    act(&editor, &story, "unpublish", json!({ "at": "2026-01-11T00:00:00Z" })).await.expect(200);
    let first = json!({ "at": "2026-01-06T06:00:00Z", "revision": 1 });
    act(&editor, &story, "schedule", first).await.expect(200);
    let dropped = json!({ "period": second.text_at("/live/0/id") });
    let left = act(&editor, &story, "unschedule", dropped).await.expect(200);
    assert_eq!(left.texts_in("/live", "/live_until"), ["2026-01-11T00:00:00.000Z"]);
}

#[actix_web::test]
async fn a_plan_that_gives_way_to_another_for_the_same_instant_is_told_of() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let story = planned(&app, &editor).await;
    let now = editor.get(story.place()).send().await.expect(200);
    let (first, second) = (now.text_at("/live/0/id").to_owned(), now.text_at("/live/1/id").to_owned());
    let moved = json!({ "period": first, "at": "2026-01-06T09:00:00Z" });
    let moved = act(&editor, &story, "reschedule", moved).await.expect(200);
    assert_eq!(moved.texts_in("/warnings", "/code"), ["plan_replaced"]);
    assert_eq!(moved.text_at("/live/0/id"), first);
    assert_eq!(moved.at("/live").as_array().map(Vec::len), Some(1));
    let again = act(&editor, &story, "schedule", json!({ "at": "2026-01-06T09:00:00Z" })).await.expect(200);
    assert_eq!(again.texts_in("/warnings", "/code"), ["plan_replaced"]);
    let admin = app.admin().await;
    let audit = admin.get(format!("/v1/newsroom/audit?object={}", story.id())).send().await.expect(200);
    let told: Vec<&str> = (0..2).map(|entry| audit.text_at(&format!("/data/{entry}/details/dropped/0/id"))).collect();
    assert_eq!(told, [first.as_str(), second.as_str()]);
}
