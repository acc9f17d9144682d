//! Finding the programs of a PostgreSQL server: a given folder, the packages of the system, the search path, and where
//! Homebrew, Postgres.app and our own download put them.

use std::cmp::Reverse;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Failure, Result};

/// The oldest major version that the schema is tested with.
const OLDEST: u32 = 15;

/// The folder that holds `postgres` and `initdb`, and which PostgreSQL they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binaries {
    folder: PathBuf,
    version: String,
    major: u32,
}

impl Binaries {
    /// The binaries in a folder, if they are there and run.
    pub fn in_folder(folder: &Path) -> Option<Self> {
        if !folder.join("initdb").is_file() {
            return None;
        }
        let said = Command::new(folder.join("postgres")).arg("--version").output().ok()?;
        let said = String::from_utf8(said.stdout).ok()?;
        let version = version_in(&said)?;
        let major = version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()?;
        Some(Self { folder: folder.to_owned(), version, major })
    }

    /// The path of one of the programs.
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The version in full, such as `15.20`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The major version, which the data must have been made by.
    pub fn major(&self) -> u32 {
        self.major
    }
}

/// The binaries to use: those in the given folder, or the first that were found and can read the data, if there are any.
///
/// # Errors
/// When a folder was given and what is in it does not serve.
pub fn find(given: Option<&Path>, unpacked: &Path, data_of: Option<u32>) -> Result<Option<Binaries>> {
    let serves = |found: &Binaries| found.major >= OLDEST && data_of.is_none_or(|major| found.major == major);
    let Some(given) = given else {
        return Ok(candidates(unpacked).iter().filter_map(|folder| Binaries::in_folder(folder)).find(serves));
    };
    let found = Binaries::in_folder(given)
        .ok_or_else(|| Failure::new(format!("There is no PostgreSQL server in {}.", given.display())))?;
    if serves(&found) {
        return Ok(Some(found));
    }
    let wanted = data_of.map_or_else(|| format!("{OLDEST} or newer"), |major| major.to_string());
    let (place, version) = (given.display(), &found.version);
    Err(Failure::new(format!("In {place} is PostgreSQL {version}; what is needed is version {wanted}.")))
}

fn candidates(unpacked: &Path) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    folders.extend(versions("/usr/lib/postgresql", ""));
    folders.extend(versions("/usr", "pgsql-"));
    folders.extend(versions("/usr/libexec", "postgresql"));
    // The search path is no setting of ours.
    folders.extend(std::env::var_os("PATH").iter().flat_map(std::env::split_paths));
    for prefix in ["/opt/homebrew/opt", "/usr/local/opt", "/home/linuxbrew/.linuxbrew/opt"] {
        folders.extend(versions(prefix, "postgresql"));
    }
    folders.extend(versions("/Applications/Postgres.app/Contents/Versions", ""));
    folders.push(unpacked.join("bin"));
    folders.retain(|folder| folder.join("postgres").is_file());
    folders
}

/// `bin` folders below the subfolders that are named by the prefix and a version, newest first.
fn versions(parent: &str, prefix: &str) -> Vec<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir(parent)
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let name = entry.file_name().into_string().ok()?;
            let version = name.strip_prefix(prefix)?.trim_start_matches('@');
            let major = version.split('.').next()?.parse().ok();
            // Homebrew's link to the newest has no number.
            let major = major.or_else(|| version.is_empty().then_some(0))?;
            Some((major, entry.path().join("bin")))
        })
        .collect();
    found.sort_by_key(|(major, _)| Reverse(*major));
    found.into_iter().map(|(_, folder)| folder).collect()
}

/// `15.20` out of `postgres (PostgreSQL) 15.20 (Debian 15.20-1)`.
fn version_in(said: &str) -> Option<String> {
    let (_, rest) = said.split_once("(PostgreSQL) ")?;
    rest.split_whitespace().next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read_from_what_the_server_says_of_itself() {
        assert_eq!(version_in("postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)\n").as_deref(), Some("15.20"));
        assert_eq!(version_in("postgres (PostgreSQL) 18.6\n").as_deref(), Some("18.6"));
        assert_eq!(version_in("bash: postgres: command not found"), None);
    }

    #[test]
    fn a_given_folder_without_a_server_is_named() {
        let failure = find(Some(Path::new("/usr/share")), Path::new("/nowhere"), None).unwrap_err();
        assert_eq!(failure.to_string(), "There is no PostgreSQL server in /usr/share.");
    }
}
