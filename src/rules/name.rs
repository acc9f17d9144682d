//! Names of people and things, compared as readers compare them.

use unicode_normalization::UnicodeNormalization;

/// A name with case, width and the forms of the apostrophe folded and its spaces single: `O'Mara` and `O’Mara` are one.
pub fn key(name: &str) -> String {
    let folded: String = name
        .nfkc()
        .map(|c| if matches!(c, '’' | '‘' | 'ʼ' | '`' | '´' | '′') { '\'' } else { c })
        .flat_map(char::to_lowercase)
        .collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}
