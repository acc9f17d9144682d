//! Where settings come from: the environment, and under it the file `.env` of the working directory.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;

use super::faults::{Faults, SettingFault};
use super::variables::Variables;

const FILE: &str = ".env";
const PREFIX: &str = "DATELINE_";
const NEAR: f64 = 0.84;

/// Variables by name.
#[derive(Clone, Default)]
pub struct Source(BTreeMap<String, String>);

impl Source {
    /// The environment of this process over the file `.env` here. Folders above are not searched: what lies there
    /// belongs to something else.
    ///
    /// # Errors
    /// When `.env` cannot be read, or one of our variables is not text.
    pub fn here() -> Result<Self, Faults> {
        let mut variables = file(Path::new(FILE)).map_err(|fault| Faults(vec![fault]))?;
        let mut faults = Faults::default();
        for (name, value) in std::env::vars_os() {
            let Some(name) = name.to_str().filter(|name| is_ours(name)) else { continue };
            match value.into_string() {
                Ok(value) => {
                    variables.insert(name.to_owned(), value);
                }
                Err(_) => faults.0.push(SettingFault::new(name, "is not UTF-8 text.", "Set it again as plain text.")),
            }
        }
        if faults.0.is_empty() { Ok(Self(variables)) } else { Err(faults) }
    }

    /// The value of a variable.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// All names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl<N: Into<String>, V: Into<String>, I: IntoIterator<Item = (N, V)>> From<I> for Source {
    fn from(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

fn is_ours(name: &str) -> bool {
    name == "DATABASE_URL" || name.starts_with(PREFIX)
}

fn file(path: &Path) -> Result<BTreeMap<String, String>, SettingFault> {
    let unreadable = |error: dotenvy::Error| {
        // The library quotes the whole line, which may hold a secret.
        let what = match error {
            dotenvy::Error::LineParse(_, at) => {
                format!("has a line that cannot be read, wrong near its character {at}.")
            }
            other => format!("cannot be read: {other}."),
        };
        SettingFault::new(FILE, what, "Write NAME=value, and the value in single quotes if it holds spaces, $ or #.")
    };
    match dotenvy::from_path_iter(path) {
        Ok(pairs) => {
            let mut variables = BTreeMap::new();
            for pair in pairs {
                let (name, value) = pair.map_err(unreadable)?;
                // The first wins, as when the library itself sets the environment.
                if is_ours(&name) {
                    variables.entry(name).or_insert(value);
                }
            }
            Ok(variables)
        }
        Err(dotenvy::Error::Io(error)) if error.kind() == ErrorKind::NotFound => Ok(BTreeMap::new()),
        Err(error) => Err(unreadable(error)),
    }
}

/// Variables that look like a misspelt setting, each with the setting that it resembles. Others of the same prefix are
/// let be: orchestrators set such.
pub fn near_misses(source: &Source) -> Vec<(String, String)> {
    let known = Variables::names();
    source
        .names()
        .filter(|name| !known.iter().any(|known| known == name))
        .filter_map(|name| {
            let nearest = known
                .iter()
                .map(|known| (strsim::normalized_damerau_levenshtein(name, known), known))
                .max_by(|a, b| a.0.total_cmp(&b.0))?;
            (nearest.0 >= NEAR).then(|| (name.to_owned(), nearest.1.clone()))
        })
        .collect()
}
