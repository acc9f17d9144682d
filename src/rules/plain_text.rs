//! Text that is shown as one piece, such as a headline: what nobody sees in it, or what turns its surroundings about.

use std::collections::BTreeSet;

/// Text without control characters but tabs and line breaks, and without those that override the direction of what
/// follows; and what was taken out.
pub fn clean(text: &str) -> (String, BTreeSet<char>) {
    let mut removed = BTreeSet::new();
    let fine = |c: char| {
        let control = c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        !control && !matches!(c, '\u{202a}'..='\u{202e}')
    };
    let kept = text.chars().filter(|c| {
        let fine = fine(*c);
        if !fine {
            removed.insert(*c);
        }
        fine
    });
    (kept.collect(), removed)
}

/// Whether a text shows nothing.
pub fn is_blank(text: &str) -> bool {
    let unseen = |c: char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    text.chars().all(|c| c.is_whitespace() || unseen(c))
}
