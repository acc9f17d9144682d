//! Runs the scenarios: each several times, its limits in between, and of all runs the one in the middle counts.

use std::collections::{BTreeSet, HashMap};
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};
use url::Url;

use super::client::Client;
use super::limits::Pgbench;
use super::load::{Figures, Load, drive};
use super::scenarios::{Against, Around, Asked, DRAFTS, Material, Scenario, draft, publish};
use super::server::Server;
use crate::base::id::new_id;
use crate::cli::failure::{Failure, Outcome};

const EACH_SECOND: Duration = Duration::from_secs(1);
const LOOK_EVERY: Duration = Duration::from_millis(20);
const PUBLISH_WITHIN: u64 = 20;

/// One line of the table.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    /// In the database.
    pub articles: usize,
    pub scenario: String,
    pub connections: usize,
    pub requests_per_second: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    pub errors: f64,
    /// Processor time of the answering process, in microseconds for each request: it holds in bad company too.
    pub cpu_us: Option<f64>,
    /// Of the answering process, after the run.
    pub memory_mib: Option<f64>,
    /// What it was held against, that one's requests per second, and the ratio.
    pub against: Vec<Ratio>,
}

#[derive(Debug, Serialize)]
pub(super) struct Ratio {
    pub limit: String,
    pub requests_per_second: f64,
    pub ratio: f64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Run {
    figures: Figures,
    cpu_us: Option<f64>,
}

/// How often and how long.
#[derive(Clone, Copy, Debug)]
pub(super) struct Effort {
    pub seconds: u64,
    pub runs: usize,
}

/// All that runs while it is measured.
pub(super) struct Bench<'a> {
    pub folder: &'a Path,
    pub keeping: &'a Server,
    pub reading: &'a Server,
    pub bare: &'a Server,
    pub nginx: Option<&'a Server>,
    pub pgbench: Option<Pgbench<'a>>,
    pub articles: usize,
    pub material: &'a Material,
    pub token: &'a str,
    pub effort: Effort,
}

impl Bench<'_> {
    /// Measures the scenarios with so many connections.
    ///
    /// # Errors
    /// When a server or the load generator fails.
    pub(super) fn run(&self, scenarios: &[Scenario], connections: usize, rows: &mut Vec<Row>) -> Outcome {
        let mut known: HashMap<&str, f64> = HashMap::new();
        for scenario in scenarios {
            eprintln!("  {connections} connections: {}", scenario.name);
            let server = if scenario.asked == Asked::Keeping { self.keeping } else { self.reading };
            if scenario.asked == Asked::Keeping && scenario.load.method == "GET" {
                warm(server, &scenario.load)?;
            }
            let mut runs = Vec::new();
            let mut limits: HashMap<&str, Vec<f64>> = HashMap::new();
            for _ in 0..self.effort.runs {
                for (name, limit) in self.others(scenario) {
                    let plain = Load {
                        lines: scenario.load.lines.iter().map(|line| path_only(line)).collect(),
                        ..scenario.load.clone()
                    };
                    let figures = drive(self.folder, limit, &plain, connections, self.effort.seconds)?;
                    limits.entry(name).or_default().push(figures.per_second());
                }
                for against in scenario.against {
                    if let (Against::Pgbench(task), Some(pgbench)) = (against, &self.pgbench) {
                        let rate = pgbench.rate(*task, self.effort.seconds)?;
                        limits.entry("pgbench").or_default().push(rate);
                    }
                }
                runs.push(self.once(scenario, server, connections)?);
            }
            let Run { figures, cpu_us } = middle(runs);
            known.insert(scenario.name, figures.per_second());
            let against = scenario.against.iter().filter_map(|against| {
                let (limit, rate) = match against {
                    Against::Bare => ("bare handler".to_owned(), middle_of(limits.get("bare")?)),
                    Against::Nginx => ("nginx".to_owned(), middle_of(limits.get("nginx")?)),
                    Against::Pgbench(_) => ("pgbench".to_owned(), middle_of(limits.get("pgbench")?)),
                    Against::Scenario(name) => ((*name).to_owned(), *known.get(name)?),
                };
                Some(Ratio { limit, requests_per_second: rate, ratio: figures.per_second() / rate.max(1.0) })
            });
            rows.push(Row {
                articles: self.articles,
                scenario: scenario.name.to_owned(),
                connections,
                requests_per_second: figures.per_second(),
                p50_ms: figures.p50 / 1000.0,
                p99_ms: figures.p99 / 1000.0,
                errors: figures.errors,
                cpu_us,
                memory_mib: server.memory(),
                against: against.collect(),
            });
        }
        Ok(())
    }

    fn others(&self, scenario: &Scenario) -> Vec<(&'static str, SocketAddr)> {
        let servers = scenario.against.iter().filter_map(|against| match against {
            Against::Bare => Some(("bare", self.bare.address)),
            Against::Nginx => Some(("nginx", self.nginx?.address)),
            Against::Pgbench(_) | Against::Scenario(_) => None,
        });
        servers.collect()
    }

    fn once(&self, scenario: &Scenario, server: &Server, connections: usize) -> Outcome<Run> {
        let seconds = self.effort.seconds;
        match scenario.around {
            Around::Nothing => self.driven(server, &scenario.load, connections, seconds),
            Around::Drafts => {
                let load = publish(self.drafts(server.address)?, self.token);
                self.driven(server, &load, connections.min(DRAFTS), seconds.max(PUBLISH_WITHIN))
            }
            Around::Publishing => {
                let done = AtomicBool::new(false);
                std::thread::scope(|scope| {
                    let publisher = scope.spawn(|| self.publish_each_second(server.address, &done));
                    let run = self.driven(server, &scenario.load, connections, seconds);
                    done.store(true, Ordering::Relaxed);
                    let published = publisher.join().map_err(|_| Failure::new("The publisher broke."))?;
                    published.and(run)
                })
            }
        }
    }

    fn driven(&self, server: &Server, load: &Load, connections: usize, seconds: u64) -> Outcome<Run> {
        let before = server.used();
        let figures = drive(self.folder, server.address, load, connections, seconds)?;
        let used = server.used().zip(before).map(|(after, before)| after - before);
        Ok(Run { figures, cpu_us: used.map(|used| used / figures.requests.max(1.0)) })
    }

    fn drafts(&self, server: SocketAddr) -> Outcome<Vec<String>> {
        let mut client = Client::connect(server, Some(self.token))?;
        let mut ids = Vec::new();
        for number in 0..DRAFTS {
            let new = draft(&format!("To be published {number}"));
            let answer = expect(client.send("POST", "/v1/newsroom/articles", Some(&new))?)?;
            ids.extend(answer.pointer("/id").and_then(Value::as_str).map(str::to_owned));
        }
        Ok(ids)
    }

    fn publish_each_second(&self, server: SocketAddr, done: &AtomicBool) -> Outcome {
        let mut client = Client::connect(server, Some(self.token))?;
        for id in self.material.ids.iter().cycle() {
            let path = format!("/v1/newsroom/articles/{id}");
            // Never the same words twice, also in the next run: what changes nothing is no change.
            let change = json!({ "note": format!("change {}", new_id()) });
            expect(client.send("PATCH", &path, Some(&change))?)?;
            expect(client.send("POST", &format!("{path}/publish"), None)?)?;
            let mut waited = Duration::ZERO;
            while waited < EACH_SECOND {
                if done.load(Ordering::Relaxed) {
                    return Ok(());
                }
                std::thread::sleep(LOOK_EVERY);
                waited += LOOK_EVERY;
            }
        }
        Ok(())
    }

    /// The same paths on another server, or a pair of paths in each line with a tab in between.
    ///
    /// # Errors
    /// When the file cannot be read or the other server is not there.
    pub(super) fn compare(&self, other: &Url, paths: &Path, connections: usize, rows: &mut Vec<Row>) -> Outcome {
        let text = std::fs::read_to_string(paths)
            .map_err(|error| Failure::new(format!("Could not read {}: {error}.", paths.display())))?;
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        let pair = |line: &str| {
            line.split_once('\t').map_or((line.to_owned(), line.to_owned()), |(a, b)| (a.into(), b.into()))
        };
        let (ours, theirs): (Vec<String>, Vec<String>) = lines.iter().map(|line| pair(line)).unzip();
        let place = (other.host_str().unwrap_or_default(), other.port_or_known_default().unwrap_or(80));
        let address = place.to_socket_addrs().ok().and_then(|mut found| found.next());
        let address = address.ok_or_else(|| Failure::new(format!("{other} is not an address that can be found.")))?;
        let load = |lines: Vec<String>| Load { method: "GET", lines, ..Load::default() };
        let (ours, theirs) = (load(ours), load(theirs));
        let (mut mine, mut its) = (Vec::new(), Vec::new());
        for _ in 0..self.effort.runs {
            let figures = drive(self.folder, address, &theirs, connections, self.effort.seconds)?;
            its.push(Run { figures, cpu_us: None });
            mine.push(self.driven(self.keeping, &ours, connections, self.effort.seconds)?);
        }
        let (mine, its) = (middle(mine), middle(its));
        let row = |name: String, Run { figures, cpu_us }: Run, memory_mib, against| Row {
            articles: self.articles,
            scenario: name,
            connections,
            requests_per_second: figures.per_second(),
            p50_ms: figures.p50 / 1000.0,
            p99_ms: figures.p99 / 1000.0,
            errors: figures.errors,
            cpu_us,
            memory_mib,
            against,
        };
        let rate = its.figures.per_second();
        let ratio = Ratio {
            limit: other.to_string(),
            requests_per_second: rate,
            ratio: mine.figures.per_second() / rate.max(1.0),
        };
        rows.push(row("the given paths".to_owned(), mine, self.keeping.memory(), vec![ratio]));
        rows.push(row(format!("the given paths, {other}"), its, None, Vec::new()));
        Ok(())
    }
}

/// Reads each path once, so that what is to be found in memory is there, whatever was published meanwhile.
fn warm(server: &Server, load: &Load) -> Outcome {
    let mut client = Client::connect(server.address, None)?;
    let paths: BTreeSet<String> = load.lines.iter().map(|line| path_only(line)).collect();
    paths.iter().try_for_each(|path| client.get(path).map(drop))
}

#[expect(clippy::needless_pass_by_value, reason = "an answer is read once")]
pub(super) fn expect(answer: super::client::Answer) -> Outcome<Value> {
    match answer.status {
        200..=299 => Ok(answer.json()),
        status => Err(Failure::new(format!("The server answers {status}: {}", String::from_utf8_lossy(&answer.body)))),
    }
}

fn path_only(line: &str) -> String {
    line.split('\t').next().unwrap_or_default().to_owned()
}

fn middle(mut runs: Vec<Run>) -> Run {
    runs.sort_by(|a, b| a.figures.per_second().total_cmp(&b.figures.per_second()));
    runs.get(runs.len() / 2).copied().unwrap_or_default()
}

fn middle_of(rates: &[f64]) -> f64 {
    let mut rates = rates.to_vec();
    rates.sort_by(f64::total_cmp);
    rates.get(rates.len() / 2).copied().unwrap_or_default()
}
