//! Three servers with memories of their own against one that remembers nothing: whatever is written, wherever, however the
//! clock goes and whoever cannot hear, what is read is what is there.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::Value;

use super::acts::{Act, Newsroom, act, as_of, told, without_cursors, written};
use crate::support::{Actor, Stage, Story};

const SERVERS: usize = 3;
/// What one server wrote, the others show so soon; the machines that test are slower than those that serve.
const SOON: Duration = Duration::from_millis(1500);

#[derive(Clone, Debug)]
enum Step {
    /// Somebody does something at one of the servers.
    Does(usize, Act),
    /// The clock of all goes on, by milliseconds.
    Waits(i64),
    /// Every connection by which changes are heard is cut.
    Deafens,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0..SERVERS, act()).prop_map(|(server, act)| Step::Does(server, act)),
        3 => (1_i64..6_000_000).prop_map(Step::Waits),
        1 => Just(Step::Deafens),
    ]
}

/// Three servers and the one that remembers nothing, with the same clock.
struct Model {
    servers: Vec<Stage>,
    admins: Vec<Actor>,
    plain: Stage,
}

impl Model {
    async fn set() -> Self {
        let first = Stage::set().await;
        let plain = Stage::on(first.app.beside_with(|settings| settings.cache_bytes = 0).await).await;
        let mut servers = vec![first];
        for _ in 1..SERVERS {
            let app = servers[0].app.beside().await;
            servers.push(Stage::on(app).await);
        }
        let mut admins = Vec::new();
        for stage in &servers {
            admins.push(stage.app.admin().await);
        }
        Self { servers, admins, plain }
    }

    fn now(&self) -> DateTime<Utc> {
        self.plain.app.now()
    }

    fn set_clock(&self, at: DateTime<Utc>) {
        self.servers.iter().chain([&self.plain]).for_each(|stage| stage.app.set_clock(&written(at)));
    }

    /// Takes the step; answers the server that knows of it at once.
    async fn take(&self, step: &Step, newsroom: &Newsroom) -> Option<usize> {
        match step {
            Step::Does(server, act) => {
                newsroom.does(&self.servers[*server], &self.admins[*server], act).await;
                Some(*server)
            }
            Step::Waits(milliseconds) => {
                self.set_clock(self.now() + TimeDelta::milliseconds(*milliseconds));
                None
            }
            Step::Deafens => {
                let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                           WHERE datname = current_database() AND query LIKE 'LISTEN%'";
                self.plain.app.database().await.query(cut, &[]).await.expect("an administrator");
                None
            }
        }
    }

    /// What is there, read without any memory: as of the very instant, nothing that was drawn before is taken.
    async fn truth(&self, place: &str) -> (u16, Value) {
        without_cursors(told(&self.plain.reader.get(as_of(place, self.now())).send().await))
    }

    async fn shown(&self, server: usize, place: &str) -> (u16, Value) {
        without_cursors(told(&self.servers[server].reader.get(place).send().await))
    }
}

#[actix_web::test]
async fn three_servers_never_show_what_is_not_there() {
    let mut runner = TestRunner::new(crate::stories::tried());
    let histories = crate::stories::tried().cases.div_ceil(60);
    let (mut longest, mut compared) = (Duration::ZERO, 0_u32);
    for _ in 0..histories {
        let history = vec(step(), 16).new_tree(&mut runner).expect("a history").current();
        let model = Model::set().await;
        let newsroom = Newsroom::on(&model.servers[0]).await;
        let (stories, mut places) = (&newsroom.stories, newsroom.places());
        // As most readers ask: what was drawn before may be taken from the database too.
        places.extend(stories.iter().map(|story| format!("/v1/articles/{}", story.id)));
        places.extend(stories.iter().map(Story::public));
        for (number, step) in history.iter().enumerate() {
            let writer = model.take(step, &newsroom).await;
            let began = Instant::now();
            // The server that wrote, and the one that remembers nothing, know at once; so does everybody by the clock.
            for place in &places {
                let truth = model.truth(place).await;
                for server in 0..SERVERS {
                    let mut shown = model.shown(server, place).await;
                    let at_once = writer == Some(server) || matches!(step, Step::Waits(_));
                    while shown != truth && !at_once && began.elapsed() < SOON {
                        tokio::time::sleep(Duration::from_millis(2)).await;
                        longest = longest.max(began.elapsed());
                        shown = model.shown(server, place).await;
                    }
                    assert_eq!(shown, truth, "{place} at server {server} after step {number} of {history:?}");
                    compared += 1;
                }
            }
        }
    }
    println!("{compared} answers compared, 0 stale; another server was late by {longest:?} at most");
}
