//! `dateline bench`: how fast delivery is, and how near to what the machine could do at all.

mod bare;
mod client;
mod clones;
mod fill;
mod limits;
mod load;
mod measure;
mod prose;
mod report;
mod scenarios;
mod server;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::Value;
use url::Url;

use self::client::Client;
use self::limits::{Pgbench, Task};
use self::measure::{Bench, Effort, Row};
use self::report::Circumstances;
use self::scenarios::{Against, Material, scenarios};
use self::server::Server;
use super::failure::{Failure, Outcome};
use super::home::Home;
use crate::base::clock::{Clock, Timestamp};
use crate::base::config::Config;
use crate::store::bulk_load::Bulk;
use crate::store::bulk_writes::script_of_removal;

/// Enough for every key of a measurement to stay.
const CACHE_MIB: usize = 1024;

/// Measure delivery: fill a database of its own, start the server as a user would, drive it with `wrk`, and print
/// requests a second, latencies, memory, and the ratio to a bare handler, to nginx and to PostgreSQL in the same run.
#[derive(Args, Debug)]
pub struct Measure {
    #[command(subcommand)]
    part: Option<Part>,
    /// How many articles, such as 1k, 100k or 1M; of several, separated by commas, each is held against the first.
    #[arg(long, value_delimiter = ',', default_value = "1k", value_parser = count)]
    articles: Vec<usize>,
    /// How many connections at the same time, separated by commas.
    #[arg(long, value_delimiter = ',', default_value = "1,16,64,256")]
    connections: Vec<usize>,
    /// How long each run takes.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    /// How many runs of each scenario; the one in the middle counts.
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// Only scenarios whose names contain one of these words, separated by commas.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Folder for databases to measure, one for each size, which stay for the next time.
    #[arg(long, default_value = ".dateline-bench")]
    data_dir: PathBuf,
    /// An empty database to fill and measure, instead of an embedded one.
    #[arg(long)]
    database: Option<String>,
    /// Write the table to this file too.
    #[arg(long)]
    markdown: Option<PathBuf>,
    /// Write all figures to this file.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Drive another server too, with the paths of --paths and nothing else.
    #[arg(long, requires = "paths")]
    compare: Option<Url>,
    /// Paths for --compare, one a line; with a tab between ours and theirs where they differ.
    #[arg(long)]
    paths: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Part {
    #[command(hide = true)]
    Bare(bare::Bare),
}

/// Measures, or is the bare handler that is measured against.
///
/// # Errors
/// When something that is needed is missing.
pub async fn bench(mut config: Config, what: Measure) -> Outcome {
    if let Some(Part::Bare(bare)) = &what.part {
        return bare::bare(bare).await;
    }
    if what.runs == 0 || what.connections.contains(&0) {
        return Err(Failure::new("--runs and --connections take numbers from 1 on."));
    }
    let mut rows = Vec::new();
    let mut memory_at_rest_mib = Vec::new();
    for articles in &what.articles {
        // Never the database of the settings: that one is somebody's newsroom.
        config.database_url.clone_from(&what.database);
        config.data_dir = what.data_dir.join(articles.to_string());
        let home = Home::open_migrated(&config).await?;
        let measured = home.visit(async |home| sized(&what, home, *articles).await).await?;
        memory_at_rest_mib.extend(measured.memory_at_rest_mib.map(|memory| (*articles, memory)));
        rows.extend(measured.rows);
    }
    report::compare_sizes(&mut rows);
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let about = Circumstances {
        date: Timestamp(Clock::system().now()).to_string(),
        machine: Circumstances::machine(),
        command: format!("dateline {}", arguments.join(" ")),
        memory_at_rest_mib,
    };
    println!("{}", report::table(&rows));
    if let Some(file) = &what.markdown {
        load::write(file, &report::markdown(&about, &rows))?;
    }
    if let Some(file) = &what.json {
        load::write(file, &format!("{:#}\n", report::json(&about, &rows)))?;
    }
    Ok(())
}

/// What came of one size.
struct Measured {
    rows: Vec<Row>,
    memory_at_rest_mib: Option<f64>,
}

async fn sized(what: &Measure, home: &Home, articles: usize) -> Outcome<Measured> {
    let token = fill::fill(&home.database()?, &home.url(), articles).await?;
    let folder = std::env::temp_dir().join(format!("dateline-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)
        .map_err(|error| Failure::new(format!("Could not make {}: {error}.", folder.display())))?;
    let measured = measured(what, articles, &home.url(), &token, &folder).await;
    let _ = std::fs::remove_dir_all(&folder);
    measured
}

async fn measured(what: &Measure, articles: usize, database: &str, token: &str, folder: &Path) -> Outcome<Measured> {
    let keeping = Server::dateline(database, CACHE_MIB)?;
    let reading = Server::dateline(database, 0)?;
    let mut client = Client::connect(keeping.address, None)?;
    client.get("/v1/articles?limit=1")?;
    let memory_at_rest_mib = keeping.memory();
    eprintln!("Reading what will be asked for.");
    let material = Material::gather(&mut client, articles)?;
    drop(client);
    let paths = folder.join("kept.txt");
    load::write(&paths, &material.kept().join("\n"))?;
    let bare = Server::bare(keeping.address, &paths)?;
    let nginx = limits::nginx(folder, keeping.address)?;
    if let Some(nginx) = &nginx {
        let mut client = Client::connect(nginx.address, None)?;
        for path in material.kept() {
            client.get(&path)?;
        }
    }
    let mut chosen = scenarios(&material, token);
    chosen.retain(|one| what.only.is_empty() || what.only.iter().any(|word| one.name.contains(word.as_str())));
    let mut scripts = scripts(&Bulk::connect(database).await?, &material, keeping.address, token).await?;
    let needed = |task: &Task| chosen.iter().any(|one| one.against.contains(&Against::Pgbench(*task)));
    scripts.retain(|(task, _)| *task == Task::Remove || needed(task));
    let effort = Effort { seconds: what.seconds, runs: what.runs };
    let bench = Bench {
        folder,
        articles,
        keeping: &keeping,
        reading: &reading,
        bare: &bare,
        nginx: nginx.as_ref(),
        pgbench: Pgbench::find(folder, database, &scripts, what.seconds)?,
        material: &material,
        token,
        effort,
    };
    let mut rows = Vec::new();
    for connections in &what.connections {
        match (&what.compare, &what.paths) {
            (Some(other), Some(paths)) => bench.compare(other, paths, *connections, &mut rows)?,
            _ => bench.run(&chosen, *connections, &mut rows)?,
        }
    }
    Ok(Measured { rows, memory_at_rest_mib })
}

/// The same tasks for pgbench: documents to read, and the rows that the desk wrote of an article, read from it.
async fn scripts(bulk: &Bulk, material: &Material, server: SocketAddr, token: &str) -> Outcome<Vec<(Task, String)>> {
    bulk.documents(material.bodies.iter().map(Vec::as_slice)).await?;
    let mut client = Client::connect(server, Some(token))?;
    let new = scenarios::draft("To be looked at");
    let made = measure::expect(client.send("POST", "/v1/newsroom/articles", Some(&new))?)?;
    let id = made.pointer("/id").and_then(Value::as_str).and_then(|id| id.parse().ok()).unwrap_or_default();
    let create = bulk.script_of_writes(id).await?;
    measure::expect(client.send("POST", &format!("/v1/newsroom/articles/{id}/publish"), None)?)?;
    let publish = bulk.script_of_writes(id).await?;
    let reading = limits::reading(material.bodies.len());
    Ok(vec![
        (Task::Read, reading),
        (Task::Create, create),
        (Task::Publish, publish),
        (Task::Remove, script_of_removal()),
    ])
}

/// `1k`, `100k`, `1M` or a plain number.
fn count(text: &str) -> Result<usize, String> {
    let (digits, times) = match text.strip_suffix(['k', 'K']) {
        Some(digits) => (digits, 1_000),
        None => text.strip_suffix(['m', 'M']).map_or((text, 1), |digits| (digits, 1_000_000)),
    };
    let count =
        digits.parse::<usize>().ok().map(|count| count * times).filter(|count| (20..=10_000_000).contains(count));
    count.ok_or_else(|| "takes 20 to 10M".to_owned())
}
