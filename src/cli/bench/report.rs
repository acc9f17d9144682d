//! What was measured, as a table for the terminal, as Markdown and as JSON.

use std::collections::HashMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::measure::{Ratio, Row};

/// Under which circumstances.
pub(super) struct Circumstances {
    pub date: String,
    pub machine: String,
    pub command: String,
    /// Memory of the server at rest, in MiB, by number of articles.
    pub memory_at_rest_mib: Vec<(usize, f64)>,
}

impl Circumstances {
    /// What is known of this machine.
    pub(super) fn machine() -> String {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model =
            info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ")).map(|(_, model)| model);
        format!("{processors} processors, {}", model.unwrap_or(std::env::consts::ARCH))
    }
}

/// Holds each row against the one of the first size.
pub(super) fn compare_sizes(rows: &mut [Row]) {
    let Some(first) = rows.first().map(|row| row.articles) else { return };
    let known: HashMap<(String, usize), f64> = rows
        .iter()
        .filter(|row| row.articles == first)
        .map(|row| ((row.scenario.clone(), row.connections), row.requests_per_second))
        .collect();
    for row in rows.iter_mut().filter(|row| row.articles != first) {
        let Some(rate) = known.get(&(row.scenario.clone(), row.connections)) else { continue };
        let ratio = row.requests_per_second / rate.max(1.0);
        row.against.push(Ratio { limit: format!("{first} articles"), requests_per_second: *rate, ratio });
    }
}

/// The table in columns of equal width.
pub(super) fn table(rows: &[Row]) -> String {
    let cells: Vec<[String; 9]> = [HEADS.map(str::to_owned)].into_iter().chain(rows.iter().map(cells)).collect();
    let width = |column: usize| cells.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let mut text = String::new();
    for row in &cells {
        for (column, cell) in row.iter().enumerate() {
            let width = width(column).unwrap_or_default();
            let _ = if column == 0 || column == 8 {
                write!(text, "{cell:width$}  ")
            } else {
                write!(text, "{cell:>width$}  ")
            };
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    text
}

/// The table with its circumstances.
pub(super) fn markdown(about: &Circumstances, rows: &[Row]) -> String {
    let mut text = format!(
        "Measured {} on {}: `{}`\n\n| {} |\n|---|--:|--:|--:|--:|--:|--:|--:|---|\n",
        about.date,
        about.machine,
        about.command,
        HEADS.join(" | ")
    );
    for row in rows {
        let _ = writeln!(text, "| {} |", cells(row).join(" | "));
    }
    for (articles, memory) in &about.memory_at_rest_mib {
        let _ = writeln!(text, "\nMemory of the server at rest with {articles} articles: {memory:.0} MiB.");
    }
    text
}

/// Everything, for programs.
pub(super) fn json(about: &Circumstances, rows: &[Row]) -> Value {
    json!({
        "date": about.date,
        "machine": about.machine,
        "command": about.command,
        "memory_at_rest_mib": about.memory_at_rest_mib,
        "rows": rows,
    })
}

const HEADS: [&str; 9] =
    ["scenario", "articles", "connections", "requests/s", "p50 ms", "p99 ms", "CPU µs", "MiB", "ratio"];

fn cells(row: &Row) -> [String; 9] {
    let ratios: Vec<String> =
        row.against.iter().map(|against| format!("{:.2} of {}", against.ratio, against.limit)).collect();
    let mut name = row.scenario.clone();
    if row.errors > 0.0 {
        let _ = write!(name, " ({} errors)", row.errors);
    }
    [
        name,
        row.articles.to_string(),
        row.connections.to_string(),
        format!("{:.0}", row.requests_per_second),
        format!("{:.2}", row.p50_ms),
        format!("{:.2}", row.p99_ms),
        whole(row.cpu_us),
        whole(row.memory_mib),
        ratios.join(", "),
    ]
}

fn whole(figure: Option<f64>) -> String {
    figure.map_or_else(|| "-".to_owned(), |figure| format!("{figure:.0}"))
}
