//! Text prepared for search. PostgreSQL takes a run of Chinese, Japanese or Korean for one word; here each character
//! becomes one, and a run that is searched for becomes a phrase.

/// How much of a text is indexed, in bytes. An index entry takes 1 MiB, and each word may stand in it twice: as it is
/// and as its stem.
const MOST_INDEXED: usize = 300_000;

/// Text for the index.
pub fn document(text: &str) -> String {
    let (indexed, _) = text.split_at(text.floor_char_boundary(MOST_INDEXED));
    spaced(indexed, "", "")
}

/// Words for a query in web search syntax.
pub fn query(words: &str) -> String {
    if words.contains('"') { spaced(words, "", "") } else { spaced(words, "\"", "\"") }
}

/// Puts spaces between the characters of each run, and something before and after a run.
fn spaced(text: &str, before: &str, after: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        let unspaced = is_unspaced(c);
        if unspaced && !inside {
            out.push(' ');
            out.push_str(before);
        } else if unspaced {
            out.push(' ');
        } else if inside {
            out.push_str(after);
            out.push(' ');
        }
        inside = unspaced;
        out.push(c);
    }
    if inside {
        out.push_str(after);
    }
    out
}

/// Whether the character belongs to a script that is written without spaces (Hangul is searched by syllable too).
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2fa1f}')
}
