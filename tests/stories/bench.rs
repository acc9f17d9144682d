//! `dateline bench`, at its smallest: it fills, starts, drives and tells, from the command line to the table.

use std::process::Command;

use serde_json::Value;

use crate::support::program::{Folder, dateline};

#[test]
fn speed_is_measured_from_an_empty_folder_with_one_command() {
    let folder = Folder::new();
    let json = folder.0.join("figures.json");
    let markdown = folder.0.join("table.md");
    let measured = dateline(&folder.0)
        .args(["bench", "--articles", "20", "--connections", "2", "--seconds", "1", "--runs", "1"])
        .args(["--only", "304,list by region,create", "--data-dir"])
        .arg(folder.0.join("databases"))
        .arg("--json")
        .arg(&json)
        .arg("--markdown")
        .arg(&markdown)
        .output()
        .expect("the program");
    let said = String::from_utf8_lossy(&measured.stderr);
    if Command::new("wrk").arg("-v").output().is_err() {
        assert!(!measured.status.success() && said.contains("apt install wrk"), "{said}");
        return;
    }
    assert!(measured.status.success(), "{said}");

    let table = std::fs::read_to_string(markdown).expect("a table");
    assert!(table.contains("| article, 304 | 20 | 2 |") && table.contains("of bare handler"), "{table}");
    let figures: Value = serde_json::from_slice(&std::fs::read(json).expect("figures")).expect("JSON");
    let rows = figures["rows"].as_array().expect("rows");
    let names: Vec<&str> = rows.iter().filter_map(|row| row["scenario"].as_str()).collect();
    assert_eq!(names, ["article, 304", "list by region, hit", "list by region, miss", "create"]);
    for row in rows {
        assert!(row["errors"] == 0.0 && row["requests_per_second"].as_f64() > Some(1.0), "{row}");
    }
    assert!(rows[3]["against"].as_array().is_some_and(|limits| !limits.is_empty()), "no pgbench beside create");
}
