//! What clients see while the way to the database is bad, and how soon they see nothing of it any more.

use std::time::{Duration, Instant};

use crate::support::chaos::{Chaos, Weather};
use crate::support::{Actor, Answer, Request, TestApp, json};

const ARTICLES: &str = "/v1/newsroom/articles";
/// No request takes longer, whatever the database does.
const LONGEST: Duration = Duration::from_secs(6);
/// So soon it is said that the database is not there.
const SOON: Duration = Duration::from_secs(1);

/// A newsroom behind a proxy, with a topic that everybody reads.
async fn newsroom() -> (TestApp, Chaos, Actor) {
    let (app, chaos) = TestApp::behind_chaos(|_| ()).await;
    let editor = app.editor().await;
    editor.post("/v1/newsroom/topics", json!({ "name": "Ports" })).send().await.expect(201);
    app.reader().get("/v1/topics").send().await.expect(200);
    (app, chaos, editor)
}

async fn timed(request: Request) -> (Answer, Duration) {
    let began = Instant::now();
    let answer = request.send().await;
    (answer, began.elapsed())
}

/// How long it takes until this reads something fresh again, asked for every 20 ms.
async fn until_fresh(reader: &Actor, path: &str) -> Duration {
    let began = Instant::now();
    loop {
        let answer = reader.get(path).send().await;
        if answer.status() == 200 && answer.find_header("warning").is_none() {
            return began.elapsed();
        }
        assert!(began.elapsed() < LONGEST, "it does not come back: {answer}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[actix_web::test]
async fn an_answer_that_was_lost_after_the_commit_comes_again_for_its_key_and_nothing_is_done_twice() {
    let (app, chaos, editor) = newsroom().await;
    for number in 0..5 {
        let new =
            || editor.post(ARTICLES, json!({ "headline": format!("Lost {number}") })).key(&format!("lost-{number}"));
        chaos.turns(Weather::CutAfterCommit);
        let lost = new().send().await.expect(503);
        assert_eq!(lost.header("retry-after"), "1");
        assert_eq!(chaos.weather(), Weather::Fair, "the connection was cut");
        // The database may still be at the commit that nobody waits for any more.
        let mut found = new().send().await;
        while found.status() == 409 && found.code() == "in_flight" {
            tokio::time::sleep(Duration::from_millis(20)).await;
            found = new().send().await;
        }
        let found = found.expect(201);
        assert_eq!(found.header("idempotency-replayed"), "true");
        assert_eq!(new().send().await.expect(201).id(), found.id());
    }
    assert_eq!(app.rows("articles").await, 5);
    assert_eq!(app.rows("article_revisions").await, 5);
    println!("cut after COMMIT: 5 of 5 unknown outcomes found by repeating the key, 0 doubled");
}

#[actix_web::test]
async fn a_change_whose_commit_was_not_confirmed_is_not_hidden_by_an_older_answer_in_memory() {
    let (app, chaos, editor) = newsroom().await;
    for number in 0..3 {
        chaos.turns(Weather::CutAfterCommit);
        editor.post("/v1/newsroom/topics", json!({ "name": format!("New {number}") })).send().await.expect(503);
        let began = Instant::now();
        loop {
            let list = app.reader().get("/v1/topics").send().await.expect(200);
            if list.texts_in("/data", "/name").contains(&format!("New {number}").as_str()) {
                break;
            }
            assert!(began.elapsed() < SOON, "the old list stays: {list}");
        }
    }
}

#[actix_web::test]
async fn while_the_database_refuses_pages_are_read_from_memory_and_writes_are_told_so_within_a_second() {
    let (app, chaos, editor) = newsroom().await;
    chaos.turns(Weather::Refusing);
    chaos.cuts();
    let (mut slowest_read, mut slowest_write) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..5 {
        let (kept, took) = timed(app.reader().get("/v1/topics")).await;
        assert_eq!(kept.expect(200).texts_in("/data", "/name"), ["Ports"]);
        slowest_read = slowest_read.max(took);
        let (refused, took) = timed(editor.post(ARTICLES, json!({ "headline": "Never" }))).await;
        assert_eq!(refused.expect(503).header("retry-after"), "1");
        slowest_write = slowest_write.max(took);
    }
    app.reader().get("/v1/regions").send().await.expect(503);
    app.reader().get("/healthz").send().await.expect(200);
    app.set_clock("2026-01-05T08:01:00Z");
    app.reader().get("/readyz").send().await.expect(503);
    assert!(slowest_write < SOON && slowest_read < SOON, "reads {slowest_read:?}, writes {slowest_write:?}");

    chaos.turns(Weather::Fair);
    let back = until_fresh(&app.reader(), "/v1/regions").await;
    editor.post(ARTICLES, json!({ "headline": "After" })).send().await.expect(201);
    assert!(back < Duration::from_millis(500), "it took {back:?}");
    assert_eq!(app.rows("articles").await, 1);
    println!(
        "database refuses: read from memory in {slowest_read:?}, write refused in {slowest_write:?}; \
         fresh again {back:?} after it was back"
    );
}

#[actix_web::test]
async fn a_database_that_swallows_everything_keeps_nobody_for_longer_than_six_seconds() {
    let (app, chaos, editor) = newsroom().await;
    chaos.turns(Weather::BlackHole);
    let reader = app.reader();
    let writes = (0..6).map(|_| timed(editor.post(ARTICLES, json!({ "headline": "Swallowed" })).key("swallowed")));
    let reads = ["/v1/articles", "/v1/regions", "/v1/authors", "/v1/media"].map(|path| timed(reader.get(path)));
    let (writes, reads) = tokio::join!(futures_util::future::join_all(writes), futures_util::future::join_all(reads));
    let mut slowest = Duration::ZERO;
    for (answer, took) in writes.into_iter().chain(reads) {
        answer.expect(503);
        slowest = slowest.max(took);
    }
    assert!(slowest < LONGEST, "{slowest:?}");
    let (kept, took) = timed(reader.get("/v1/topics")).await;
    assert_eq!(kept.expect(200).texts_in("/data", "/name"), ["Ports"]);
    assert!(took < LONGEST, "{took:?}");

    chaos.turns(Weather::Fair);
    let back = until_fresh(&reader, "/v1/regions").await;
    assert!(back < SOON, "it took {back:?}");
    editor.post(ARTICLES, json!({ "headline": "Swallowed" })).key("swallowed").send().await.expect(201);
    assert_eq!(app.rows("articles").await, 1);
    println!("database swallows: no request over {slowest:?}; fresh again {back:?} after it was back");
}

#[actix_web::test]
async fn a_slow_way_to_the_database_makes_answers_late_and_a_very_slow_one_makes_them_refusals() {
    let (app, chaos, editor) = newsroom().await;
    chaos.turns(Weather::Late(Duration::from_millis(30)));
    app.reader().get("/v1/articles").send().await.expect(200);
    editor.post(ARTICLES, json!({ "headline": "Late" })).send().await.expect(201);
    chaos.turns(Weather::Trickle);
    let (read, took) = timed(app.reader().get("/v1/authors")).await;
    read.expect(503);
    assert!(took < LONGEST, "{took:?}");
    chaos.turns(Weather::Fair);
    let back = until_fresh(&app.reader(), "/v1/authors").await;
    assert!(back < SOON, "it took {back:?}");
}

#[actix_web::test]
async fn connections_that_are_ended_all_the_time_fail_no_reader() {
    let (app, _chaos) = TestApp::behind_chaos(|settings| settings.cache_bytes = 0).await;
    let (editor, database) = (app.editor().await, app.database().await);
    let end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let (mut read, mut written, mut refused, mut ended) = (0, 0, 0, 0);
    let until = Instant::now() + Duration::from_secs(2);
    let mut next = Instant::now();
    while Instant::now() < until {
        if Instant::now() >= next {
            ended += database.query_one(end, &[]).await.expect("a count").get::<_, i64>(0);
            next = Instant::now() + Duration::from_millis(200);
        }
        app.reader().get("/v1/articles").send().await.expect(200);
        read += 1;
        let answer = editor.post(ARTICLES, json!({ "headline": format!("Story {read}") })).send().await;
        assert!([201, 503].contains(&answer.status()), "{answer}");
        *(if answer.status() == 201 { &mut written } else { &mut refused }) += 1;
    }
    assert_eq!(app.rows("articles").await, written);
    assert!(ended > 10, "only {ended} connections were ended");
    println!(
        "{ended} connections ended: {read} reads, 0 failed; {written} writes, {refused} refused, each whole or not at all"
    );
}

/// The median of what it takes to be answered with this status.
async fn usual(status: u16, request: impl Fn() -> Request) -> Duration {
    let mut times = Vec::new();
    for _ in 0..15 {
        let (answer, took) = timed(request()).await;
        answer.expect(status);
        times.push(took);
    }
    times.sort_unstable();
    times[times.len() / 2]
}

#[actix_web::test]
async fn while_every_connection_waits_for_a_lock_all_that_needs_none_is_answered_at_once() {
    let (app, _chaos, editor) = newsroom().await;
    let mut database = app.database().await;
    let lock = database.transaction().await.expect("a transaction");
    lock.batch_execute("LOCK TABLE topics IN ACCESS EXCLUSIVE MODE").await.expect("a lock");
    let writers = (0..12).map(|number| {
        let name = format!("Topic {number}");
        timed(editor.post("/v1/newsroom/topics", json!({ "name": name })))
    });
    let stuck: Vec<_> = writers.map(actix_web::rt::spawn).collect();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let reader = app.reader();
    let at_once = [
        ("page from memory", usual(200, || reader.get("/v1/topics")).await),
        ("invalid token", usual(401, || reader.get(ARTICLES).bearer("nobody")).await),
        ("bad query", usual(400, || reader.get("/v1/articles?lmit=5").unchecked()).await),
        ("healthz", usual(200, || reader.get("/healthz")).await),
    ];
    for (what, took) in at_once {
        println!("every connection waits for a lock: {what} answered in {took:?}");
        assert!(took < Duration::from_millis(50), "{what} took {took:?}");
    }
    let mut slowest = Duration::ZERO;
    for done in futures_util::future::join_all(stuck).await {
        let (answer, took) = done.expect("a writer");
        answer.expect(503);
        slowest = slowest.max(took);
    }
    println!("every connection waits for a lock: writes refused in {slowest:?} at most");
    assert!(slowest < LONGEST, "{slowest:?}");
    lock.rollback().await.expect("the lock is gone");
    editor.post("/v1/newsroom/topics", json!({ "name": "After" })).send().await.expect(201);
}

#[actix_web::test]
async fn more_writers_than_can_wait_are_turned_away_at_once() {
    let (app, _chaos) = TestApp::behind_chaos(|settings| settings.pool_size = 1).await;
    let editor = app.editor().await;
    let mut database = app.database().await;
    let lock = database.transaction().await.expect("a transaction");
    lock.batch_execute("LOCK TABLE users IN ACCESS EXCLUSIVE MODE").await.expect("a lock");
    let crowd = (0..60).map(|_| timed(editor.get(ARTICLES)));
    let mut answers = futures_util::future::join_all(crowd).await;
    answers.sort_by_key(|(_, took)| *took);
    for (answer, _) in &answers {
        assert_eq!(answer.status(), 503, "{answer}");
    }
    let slowest = answers.last().map(|(_, took)| *took).expect("answers");
    assert!(slowest < LONGEST, "{slowest:?}");
    let at_once = answers.iter().filter(|(_, took)| *took < Duration::from_millis(400)).count();
    println!("60 requests for one connection that is stuck: {at_once} refused within 400 ms, all within {slowest:?}");
    assert!(at_once >= 40, "only {at_once}");
    lock.rollback().await.expect("the lock is gone");
    editor.get(ARTICLES).send().await.expect(200);
}

#[actix_web::test]
async fn a_clock_that_jumps_shows_nothing_early_and_takes_no_token_that_has_ended() {
    let app = TestApp::start().await;
    let region = app.region("asia", None).await;
    let editor = app.editor().await;
    let story = editor.writes("Soon", &region).await;
    let plan = json!({ "at": "2026-01-05T08:30:00Z" });
    editor.post(format!("{}/publish", story.place()), plan).send().await.expect(200);
    let token = editor.token();
    for (time, seen, signed_in) in [
        ("2026-01-05T08:00:30Z", 404, 200),
        ("2026-01-05T07:00:00Z", 404, 401),
        ("2026-01-05T09:00:00Z", 200, 401),
        ("2026-01-05T07:59:59Z", 404, 200),
        ("2026-01-05T08:30:00Z", 200, 401),
        ("2026-01-05T08:29:59Z", 404, 401),
    ] {
        app.set_clock(time);
        app.reader().get("/v1/articles/soon").send().await.expect(seen);
        app.me(&token).send().await.expect(signed_in);
    }
}
