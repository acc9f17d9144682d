//! Whether a secret is one: what is refused before it can protect anything.

use std::collections::BTreeSet;

/// What `.env.example` shows in the place of a secret; refused when somebody leaves it there.
pub const EXAMPLE_SECRET: &str = "replace-me-by-what-openssl-rand-base64-48-prints";
const SHORTEST: usize = 32;
const LONGEST: usize = 1024;
const FEWEST_DIFFERENT: usize = 10;
/// Longest unit whose repetition is noticed.
const LONGEST_UNIT: usize = 16;
/// Compared without case and punctuation.
const WELL_KNOWN: &[&str] = &[
    "changeme",
    "changethis",
    "replaceme",
    "password",
    "passw0rd",
    "secret",
    "example",
    "default",
    "dateline",
    "letmein",
    "qwerty",
    "asdfgh",
    "iloveyou",
    "abcdefg",
    "1234567",
    "7654321",
    "correcthorse",
    "loremipsum",
    "jsonwebtoken",
];

/// What is wrong with a secret, without repeating it.
///
/// # Errors
/// The fault in words that continue "The secret ...".
pub(super) fn check(secret: &str) -> Result<(), String> {
    if secret == EXAMPLE_SECRET {
        return Err("is the text from .env.example, which everybody knows".to_owned());
    }
    if secret.len() < SHORTEST {
        return Err(format!("has {} bytes; at least {SHORTEST} are needed", secret.len()));
    }
    if secret.len() > LONGEST {
        return Err(format!("has {} bytes; at most {LONGEST} are taken", secret.len()));
    }
    if secret.chars().any(|c| c.is_whitespace() || c.is_control() || c == ',') {
        return Err("holds a comma, a space or a control character".to_owned());
    }
    if secret.chars().collect::<BTreeSet<_>>().len() < FEWEST_DIFFERENT || repeats(secret.as_bytes()) {
        return Err("repeats a few characters".to_owned());
    }
    let plain: String = secret.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    match WELL_KNOWN.iter().find(|word| plain.contains(**word)) {
        Some(word) => Err(format!("contains the well-known word \"{word}\"")),
        None => Ok(()),
    }
}

/// Whether it is a short unit over and over.
fn repeats(secret: &[u8]) -> bool {
    (1..=LONGEST_UNIT).any(|unit| secret.iter().zip(secret.iter().skip(unit)).all(|(a, b)| a == b))
}
