//! Twin worlds: two newsrooms that differ only in what the public must not know answer the same anonymous requests with
//! the same bytes. The requests are made up from the document and from everything that stands in either database, the
//! secrets of both included.
//!
//! `TWIN_REQUESTS=500000` asks more often, `TWIN_SEED=7` asks other things.

mod asked;
mod mined;
mod sent;
mod worlds;

use asked::{Asked, Asker};
use mined::Mined;
use sent::Line;
use worlds::Worlds;

/// What a normal run asks. Half a million is for the night.
const REQUESTS: usize = 1500;
/// How many are under way on one connection.
const AT_ONCE: usize = 16;

#[actix_web::test]
async fn two_newsrooms_that_differ_in_secrets_alone_answer_alike_to_the_byte() {
    let worlds = Box::pin(Worlds::made()).await;
    let (requests, seed) = (setting("TWIN_REQUESTS", REQUESTS), setting("TWIN_SEED", 1));
    let mut asker = Asker::new(seed, Box::pin(Mined::of(&worlds)).await);
    let (mut one, mut other) = (Line::to(&worlds.one).await, Line::to(&worlds.other).await);
    let began = std::time::Instant::now();
    let mut statuses = std::collections::BTreeMap::<u16, usize>::new();
    for _ in 0..requests.div_ceil(AT_ONCE) {
        let batch: Vec<Asked> = (0..AT_ONCE).map(|_| asker.asks()).collect();
        let (ones, others) = tokio::join!(one.answers(&batch), other.answers(&batch));
        for ((asked, left), right) in batch.iter().zip(&ones).zip(&others) {
            if left.bytes != right.bytes {
                let (asked, left, right) = Box::pin(smallest(asked, &worlds)).await;
                panic!(
                    "seed {seed}: these two differ in\n\n  {}\n\n--- one\n{left}\n--- other\n{right}\n",
                    asked.as_curl(&worlds.one.url(""))
                );
            }
            *statuses.entry(left.status).or_default() += 1;
            asker.learns(asked, left);
        }
    }
    println!(
        "twin worlds: {requests} requests of seed {seed} in {:?}, 0 differences; answered {statuses:?}",
        began.elapsed()
    );
    let often = |status: u16| statuses.get(&status).copied().unwrap_or_default() * 100 / requests;
    assert!(often(200) >= 15, "too few requests found anything: {statuses:?}");
    assert!(often(404) >= 5 && often(400) >= 3 && often(304) >= 1, "too little was refused: {statuses:?}");
    assert!(statuses.keys().all(|status| *status < 500), "{statuses:?}");
}

/// The least that still makes a difference, and the two answers to it.
async fn smallest(asked: &Asked, worlds: &Worlds) -> (Asked, String, String) {
    let mut least = asked.clone();
    let mut answers = apart(&least, worlds).await;
    while let Some(first) = answers.clone() {
        answers = None;
        for simpler in least.simpler() {
            if let Some(found) = apart(&simpler, worlds).await {
                (least, answers) = (simpler, Some(found));
                break;
            }
        }
        if answers.is_none() {
            return (least, first.0, first.1);
        }
    }
    (least, "(the difference did not come again)".to_owned(), String::new())
}

/// The answers of both worlds if they differ.
async fn apart(asked: &Asked, worlds: &Worlds) -> Option<(String, String)> {
    let (mut one, mut other) = (Line::to(&worlds.one).await, Line::to(&worlds.other).await);
    let batch = [asked.clone()];
    let (left, right) = tokio::join!(one.answers(&batch), other.answers(&batch));
    let (left, right) = (left.first()?, right.first()?);
    (left.bytes != right.bytes).then(|| (left.to_string(), right.to_string()))
}

fn setting<T: std::str::FromStr>(name: &str, usual: T) -> T {
    let number = |value: std::ffi::OsString| value.to_string_lossy().parse().ok();
    std::env::var_os(name).map_or(usual, |value| number(value).unwrap_or_else(|| panic!("{name} is no number")))
}

#[test]
fn what_is_asked_becomes_smaller_and_is_printed_to_be_pasted() {
    let asked = Asked {
        method: "HEAD".to_owned(),
        path: "/v1/articles".to_owned(),
        query: vec![("q".to_owned(), "it's".to_owned()), ("region".to_owned(), "asia,europe".to_owned())],
        headers: vec![("range".to_owned(), "bytes=0-1".to_owned())],
    };
    let curl = asked.as_curl("http://localhost");
    assert_eq!(
        curl,
        "curl -i -X HEAD 'http://localhost/v1/articles?q=it%27s&region=asia%2Ceurope' -H 'range: bytes=0-1'"
    );
    let simpler: Vec<String> = asked.simpler().iter().map(|asked| asked.as_curl("")).collect();
    assert!(
        simpler
            .contains(&"curl -i -X GET '/v1/articles?q=it%27s&region=asia%2Ceurope' -H 'range: bytes=0-1'".to_owned())
    );
    assert!(simpler.contains(&"curl -i -X HEAD '/v1/articles?q=it%27s&region=asia' -H 'range: bytes=0-1'".to_owned()));
    assert!(simpler.contains(&"curl -i -X HEAD '/v1/articles?region=asia%2Ceurope' -H 'range: bytes=0-1'".to_owned()));
}
