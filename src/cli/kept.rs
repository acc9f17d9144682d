//! Secrets that the embedded default makes at its first start and keeps in its folder, readable by its owner alone.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::failure::{Failure, Outcome};
use crate::base::id::{hex, new_id, random_bytes};

const FOLDER: &str = "secrets";
const SIGNING: &str = "jwt-secret";
const DEMO_PASSWORD: &str = "demo-password";
/// Without letters and digits that are mistaken for each other.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
const GROUPS: usize = 4;

/// The secret that keys are made of, and the file in which it was kept just now, if it was.
///
/// # Errors
/// When the file cannot be read or written.
pub fn signing_secret(folder: &Path) -> Outcome<(String, Option<PathBuf>)> {
    keep(folder, SIGNING, || hex(&random_bytes::<32>()))
}

/// The password of the demo's accounts, made at its first use.
///
/// # Errors
/// When the file cannot be read or written.
pub fn demo_password(folder: &Path) -> Outcome<String> {
    keep(folder, DEMO_PASSWORD, password).map(|(password, _)| password)
}

/// A password of 100 random bits that can be read out: `abcde-fghjk-mnpqr-stuvw`.
pub fn password() -> String {
    let bytes = random_bytes::<20>();
    let letters = bytes.map(|byte| char::from(ALPHABET.get(usize::from(byte % 32)).copied().unwrap_or(b'a')));
    let groups: Vec<String> = letters.chunks(letters.len() / GROUPS).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

fn keep(folder: &Path, name: &str, make: impl FnOnce() -> String) -> Outcome<(String, Option<PathBuf>)> {
    let folder = folder.join(FOLDER);
    let path = folder.join(name);
    let trouble =
        |error: std::io::Error| Failure::new(format!("Could not keep a secret in {}: {error}.", path.display()));
    match fs::read_to_string(&path) {
        Ok(secret) if !secret.trim().is_empty() => return Ok((secret.trim().to_owned(), None)),
        Ok(_) => {
            return Err(Failure::new(format!("{} is empty.\n  fix: remove it; a new one is made.", path.display())));
        }
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(trouble(error)),
        Err(_) => {}
    }
    private_folder(&folder).map_err(trouble)?;
    let secret = make();
    // Written beside its place and linked there whole: of two programs that start at once, one wins and both use it.
    let fresh = folder.join(format!(".{name}-{}", new_id()));
    private_file(&fresh, &secret).map_err(trouble)?;
    let placed = fs::hard_link(&fresh, &path);
    let _ = fs::remove_file(&fresh);
    match placed {
        Ok(()) => Ok((secret, Some(path))),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let theirs = fs::read_to_string(&path).map_err(trouble)?;
            Ok((theirs.trim().to_owned(), None))
        }
        Err(error) => Err(trouble(error)),
    }
}

fn private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn private_file(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}
