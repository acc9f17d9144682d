//! Slugs: the readable names in addresses. `a-z`, `0-9` and single hyphens, never shaped like a UUID.

use deunicode::deunicode;
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

/// The longest slug, in characters.
pub const LONGEST: usize = 120;
const FAMILY: usize = 80;
/// What a slug looks like, as a regular expression.
pub const PATTERN: &str = "^[a-z0-9]+(-[a-z0-9]+)*$";
/// Words that stand in paths where a slug could stand.
const RESERVED: &[&str] = &["bulk", "by-external-id", "tree"];

/// A slug made out of a headline or a name: transliterated, cut at a word's end. Empty text and text without a
/// letter give `untitled`.
pub fn from_text(text: &str) -> String {
    let composed: String = text.nfkc().filter(|c| !matches!(c, '\'' | '’' | '‘' | 'ʼ' | '`')).collect();
    let ascii = deunicode(&composed).to_ascii_lowercase();
    let mut slug = String::new();
    for word in ascii.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        let room = LONGEST.saturating_sub(slug.len() + usize::from(!slug.is_empty()));
        if word.len() > room {
            if slug.is_empty() {
                slug.extend(word.chars().take(LONGEST));
            }
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(word);
    }
    match slug {
        empty if empty.is_empty() => "untitled".to_owned(),
        word if RESERVED.contains(&word.as_str()) => format!("{word}-1"),
        id if Uuid::try_parse(&id).is_ok() => format!("id-{id}").chars().take(LONGEST).collect(),
        slug => slug,
    }
}

/// The `n`th choice for a slug that is taken: `name-2`, `name-3`, ...
pub fn numbered(slug: &str, n: u32) -> String {
    let suffix = format!("-{n}");
    let kept: String = slug.chars().take(LONGEST - suffix.len()).collect();
    format!("{}{suffix}", kept.trim_end_matches('-'))
}

/// What a slug and all its numbered choices have in common: the beginning, without the numbers at its end.
pub fn family(slug: &str) -> &str {
    // Shorter than the shortest beginning that any number leaves, so that cutting changes nothing.
    let mut stem = slug.get(..FAMILY).unwrap_or(slug).trim_end_matches('-');
    while let Some((before, number)) = stem.rsplit_once('-')
        && number.bytes().all(|byte| byte.is_ascii_digit())
    {
        stem = before.trim_end_matches('-');
    }
    stem
}

/// Whether a sent slug may be one.
///
/// # Errors
/// Says what is wrong.
pub fn check(slug: &str) -> Result<(), &'static str> {
    let words_fit = slug
        .split('-')
        .all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()));
    if !words_fit {
        return Err("is not made of a-z, 0-9 and single hyphens");
    }
    if slug.len() > LONGEST {
        return Err("is longer than 120 characters");
    }
    if Uuid::try_parse(slug).is_ok() {
        return Err("looks like an id");
    }
    if RESERVED.contains(&slug) {
        return Err("is a word that addresses need for something else");
    }
    Ok(())
}
