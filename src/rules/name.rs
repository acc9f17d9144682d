//! Names of people and things, compared as readers compare them.

use unicode_normalization::UnicodeNormalization;

/// The longest name of a user, a token or a topic, in characters.
pub const LONGEST: usize = 120;

/// Whether the text may be the name of a user or a token.
///
/// # Errors
/// Says what is wrong.
pub fn check(name: &str) -> Result<(), &'static str> {
    if name.trim().is_empty() {
        Err("has no letters")
    } else if name.chars().count() > LONGEST {
        Err("is longer than 120 characters")
    } else {
        Ok(())
    }
}

/// A name with case, width and the forms of the apostrophe folded and its spaces single: `O'Mara` and `O’Mara` are one.
pub fn key(name: &str) -> String {
    let folded: String = name
        .nfkc()
        .map(|c| if matches!(c, '’' | '‘' | 'ʼ' | '`' | '´' | '′') { '\'' } else { c })
        .flat_map(char::to_lowercase)
        .collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}
