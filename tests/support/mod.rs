//! The vocabulary of the tests: a running application on its own database with its own clock, actors who send requests,
//! and answers that are held against the published document.
#![allow(dead_code, reason = "a vocabulary: not every word is in use at all times")]
#![allow(clippy::needless_pass_by_value, reason = "a test hands over the `json!` that it wrote in place")]

mod answer;
mod app;
pub mod chaos;
mod client;
mod contract;
pub mod database;
mod history;
pub mod people;
pub mod program;
mod records;
mod stage;
mod wire;
mod written;

use std::path::{Path, PathBuf};

use serde_json::Value;

pub use answer::Answer;
pub use app::TestApp;
pub use client::{Actor, Request};
pub use serde_json::json;
pub use stage::{Stage, Story};
pub use wire::statuses;
pub use written::{drafted, published, published_at};

/// A path below the folder of the package.
pub fn in_package(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The example body `openapi/examples/<name>.json`.
pub fn example(name: &str) -> Value {
    let path = in_package(&format!("openapi/examples/{name}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The same object with some members replaced or added.
pub fn with(mut object: Value, members: Value) -> Value {
    let Value::Object(members) = members else { panic!("{members} is no object") };
    object.as_object_mut().expect("an object").extend(members);
    object
}
