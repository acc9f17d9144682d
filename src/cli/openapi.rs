//! `dateline openapi`: writes the API's description, or checks that the written one is true.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;

use super::failure::{Failure, Outcome};
use crate::app::document;

const CHECKED_IN: &str = "openapi/openapi.json";

/// Write the OpenAPI document of this program, or compare it. No database is needed.
#[derive(Args, Debug)]
pub struct Openapi {
    /// Compare with the file instead of writing it; ends with 1 where they differ.
    #[arg(long)]
    check: bool,
    /// The file; - for standard output.
    #[arg(long, short, default_value = CHECKED_IN)]
    output: PathBuf,
}

/// Writes or compares.
///
/// # Errors
/// When the file cannot be written, or differs.
pub fn openapi(what: &Openapi) -> Outcome {
    let document = document();
    let path = what.output.as_path();
    if what.check {
        return compare(path, document.json());
    }
    let written = if path == Path::new("-") {
        std::io::stdout().write_all(document.json().as_bytes())
    } else {
        write(path, document.json())
    };
    written.map_err(|error| Failure::new(format!("Could not write {}: {error}.", path.display())))
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}

fn compare(path: &Path, text: &str) -> Outcome {
    let place = path.display();
    let written = match fs::read_to_string(path) {
        Ok(written) => written,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Failure::new(format!("Could not read {place}: {error}."))),
    };
    let mut lines = text.lines().zip(written.lines().map(Some).chain(std::iter::repeat(None))).enumerate();
    let differs = lines.find(|(_, (now, then))| Some(*now) != *then);
    match differs {
        None if text == written => Ok(()),
        None => Err(Failure::new(format!("{place} has more lines than it should.\n  fix: dateline openapi"))),
        Some((line, (now, _))) => Err(Failure::new(format!(
            "{place} differs from this program, first in line {}, which should be:\n{now}\n  fix: dateline openapi",
            line + 1
        ))),
    }
}
