//! Passwords: which may be chosen, and their argon2id hashes. A password is its characters in composed form (NFC), all
//! of them: two that differ in the last of 256 characters are two passwords. No rules of composition, no expiry
//! (NIST SP 800-63B-4); refused is what an attacker tries first.

use std::collections::HashSet;
use std::sync::LazyLock;

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use unicode_normalization::UnicodeNormalization;

use super::name;
use crate::base::error::{Error, Result};

/// The shortest password, in characters.
pub const SHORTEST: usize = 15;
/// The longest password, in characters.
pub const LONGEST: usize = 256;
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Verifying against this costs what verifying against any hash costs, and never succeeds.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
/// Fewer different characters than this are no secret.
const LEAST_DIFFERENT: usize = 5;
/// What has to remain when all that everybody tries has been taken out.
const LEAST_OWN: usize = 6;
const SHORTEST_WORD: usize = 4;
const KEYBOARD: [&str; 4] = ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];

static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().filter(|line| !line.starts_with('#')).collect());
static LONGEST_COMMON: LazyLock<usize> =
    LazyLock::new(|| COMMON.iter().map(|word| word.len()).max().unwrap_or_default());

/// Whether a new password may be chosen by somebody who is known by the words `about`: e-mail address, name, site.
///
/// # Errors
/// A stable name of the fault, and the fault in words.
pub fn check(password: &str, about: &[&str]) -> std::result::Result<(), (&'static str, &'static str)> {
    let composed: Vec<char> = password.nfc().collect();
    if composed.len() < SHORTEST {
        return Err(("min_length", "is shorter than 15 characters"));
    }
    if composed.len() > LONGEST {
        return Err(("max_length", "is longer than 256 characters"));
    }
    if composed.iter().any(|c| c.is_control()) {
        return Err(("control_character", "contains a control character"));
    }
    let folded: Vec<char> = folded(password);
    if folded.iter().collect::<HashSet<_>>().len() < LEAST_DIFFERENT || is_repeated(&folded) {
        return Err(("repeated", "repeats few characters or one short piece"));
    }
    if is_sequence(&folded) {
        return Err(("sequence", "is a sequence of the alphabet, of digits or of the keyboard"));
    }
    if names(&folded, about) {
        return Err(("personal", "contains the e-mail address, the name or the name of the site"));
    }
    if folded.len().saturating_sub(covered(&folded)) < LEAST_OWN {
        return Err(("common", "is made of what everybody tries first"));
    }
    Ok(())
}

/// The argon2id hash in PHC form.
///
/// # Errors
/// 500 when the library fails.
pub fn hash(password: &str, salt: &[u8; 16]) -> Result<String> {
    let composed: String = password.nfc().collect();
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| Error::internal(error.to_string()))?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_with_salt(composed.as_bytes(), salt)
        .map(|hash| hash.to_string())
        .map_err(|error| Error::internal(error.to_string()))
}

/// Whether the password is the one that was hashed. Without a hash it costs the same and is false.
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    let composed: String = password.nfc().collect();
    Argon2::default().verify_password(composed.as_bytes(), hash.unwrap_or(NOBODY)).is_ok() && hash.is_some()
}

/// Letters and digits only, in lower case.
fn folded(text: &str) -> Vec<char> {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric() || "@$!".contains(*c)).collect()
}

/// The letter that a digit or mark is written for.
fn unmasked(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

/// Whether the text is one piece written at least twice.
fn is_repeated(text: &[char]) -> bool {
    (1..=text.len() / 2).any(|period| text.iter().zip(text.iter().skip(period)).all(|(a, b)| a == b))
}

/// Whether three of four steps go to the next or previous character of the alphabet or of the keyboard.
fn is_sequence(text: &[char]) -> bool {
    let steps = text.iter().zip(text.iter().skip(1));
    let straight = steps.filter(|(a, b)| are_neighbours(**a, **b)).count();
    straight * 4 >= text.len().saturating_sub(1) * 3
}

fn are_neighbours(a: char, b: char) -> bool {
    let on_keyboard = |row: &&str| match (row.find(a), row.find(b)) {
        (Some(a), Some(b)) => a.abs_diff(b) <= 1,
        _ => false,
    };
    u32::from(a).abs_diff(u32::from(b)) <= 1 || KEYBOARD.iter().any(on_keyboard)
}

fn names(text: &[char], about: &[&str]) -> bool {
    let text: String = text.iter().filter(|c| c.is_alphanumeric()).collect();
    let local_parts = about.iter().filter_map(|word| word.split_once('@').map(|(local, _)| local));
    about.iter().copied().chain(local_parts).chain(["dateline"]).any(|word| {
        let word: String = name::key(word).chars().filter(|c| c.is_alphanumeric()).collect();
        word.chars().count() >= SHORTEST_WORD && text.contains(&word)
    })
}

/// How many characters common passwords can cover, none twice, as they are or with letters masked: `p4ssw0rd`.
fn covered(text: &[char]) -> usize {
    let mut best = vec![0; text.len() + 1];
    for end in 1..=text.len() {
        let mut most = best.get(end - 1).copied().unwrap_or_default();
        for length in SHORTEST_WORD..=end.min(*LONGEST_COMMON) {
            let start = end - length;
            let piece = text.get(start..end).unwrap_or_default();
            let plain: String = piece.iter().collect();
            let spelled: String = piece.iter().map(|c| unmasked(*c)).collect();
            if COMMON.contains(plain.as_str()) || COMMON.contains(spelled.as_str()) {
                most = most.max(best.get(start).copied().unwrap_or_default() + length);
            }
        }
        if let Some(slot) = best.get_mut(end) {
            *slot = most;
        }
    }
    best.last().copied().unwrap_or_default()
}
