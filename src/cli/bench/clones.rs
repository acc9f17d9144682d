//! Rows of articles that the desk wrote, as patterns: the same rows again for any further generation of articles, with
//! ids, numbers, authors and times of their own.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use uuid::Uuid;

/// What stands in text for the number of an article and of an author: the letters, then seven digits.
pub(super) const ARTICLE: &str = "za";
pub(super) const AUTHOR: &str = "zb";
const DIGITS: usize = 7;
const TIME: &str = "%Y-%m-%d %H:%M:%S+00";
const TIME_LENGTH: usize = 22;
const ID_LENGTH: usize = 36;
/// The bits of an id that are drawn by chance alone, and an odd number that spreads small ones over them.
const DRAWN: u128 = (1 << 62) - 1;
const SPREAD: u128 = 0x9e37_79b9_7f4a_7c15;

/// How generations differ.
pub(super) struct Clones {
    /// Articles in a generation.
    pub templates: usize,
    /// How many generations there will be, the first included.
    pub generations: usize,
    /// Between an article and the next.
    pub step: TimeDelta,
    /// All authors; the ones of each generation are others.
    pub authors: Vec<Uuid>,
    /// Ids that no two generations share.
    pub own: HashSet<Uuid>,
}

enum Piece {
    Text(Range<usize>),
    Own(Uuid),
    Author(usize),
    /// The letters as they stand, and the number.
    ArticleMark(Range<usize>, usize),
    AuthorMark(Range<usize>, usize),
    Time(DateTime<Utc>),
}

/// The rows of one table.
pub(super) struct Pattern {
    text: Vec<u8>,
    pieces: Vec<Piece>,
}

impl Clones {
    /// Finds in the first generation's rows what will differ.
    pub(super) fn pattern(&self, text: Vec<u8>) -> Pattern {
        let authors: HashMap<Uuid, usize> = (0..).zip(&self.authors).map(|(index, id)| (*id, index)).collect();
        let mut pieces = Vec::new();
        let (mut at, mut plain_from) = (0, 0);
        while at < text.len() {
            match self.piece(&text, at, &authors) {
                None => at += 1,
                Some((piece, length)) => {
                    pieces.extend([Piece::Text(plain_from..at), piece]);
                    at += length;
                    plain_from = at;
                }
            }
        }
        pieces.push(Piece::Text(plain_from..at));
        Pattern { text, pieces }
    }

    fn piece(&self, text: &[u8], at: usize, authors: &HashMap<Uuid, usize>) -> Option<(Piece, usize)> {
        let here = text.get(at..)?;
        let first = *here.first()?;
        if matches!(first, b'z' | b'Z') {
            let number = here.get(2..2 + DIGITS).and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok())?;
            let letters = at..at + 2;
            let length = 2 + DIGITS;
            return match here.get(1)? {
                b'a' => Some((Piece::ArticleMark(letters, number), length)),
                b'b' => Some((Piece::AuthorMark(letters, number), length)),
                _ => None,
            };
        }
        if !first.is_ascii_hexdigit() {
            return None;
        }
        if first == b'2' && here.get(10) == Some(&b' ') {
            let written = std::str::from_utf8(here.get(..TIME_LENGTH)?).ok()?;
            let time = NaiveDateTime::parse_from_str(written, TIME).ok()?;
            return Some((Piece::Time(time.and_utc()), TIME_LENGTH));
        }
        if here.get(8) != Some(&b'-') || here.get(13) != Some(&b'-') {
            return None;
        }
        let id = Uuid::try_parse_ascii(here.get(..ID_LENGTH)?).ok()?;
        match authors.get(&id) {
            Some(index) => Some((Piece::Author(*index), ID_LENGTH)),
            None => self.own.contains(&id).then_some((Piece::Own(id), ID_LENGTH)),
        }
    }

    /// The rows of a generation; 0 is the one that was read.
    pub(super) fn generation(&self, pattern: &Pattern, number: usize) -> Vec<u8> {
        let mut rows = Vec::with_capacity(pattern.text.len());
        let further = number * self.templates;
        let steps = i32::try_from(further).unwrap_or(i32::MAX);
        let text = |range: &Range<usize>| pattern.text.get(range.clone()).unwrap_or_default();
        for piece in &pattern.pieces {
            match piece {
                Piece::Text(range) => rows.extend_from_slice(text(range)),
                Piece::Own(id) => rows.extend_from_slice(self.own_id(*id, number).to_string().as_bytes()),
                Piece::Author(index) => {
                    let author = self.authors.get(self.author(*index, further)).copied().unwrap_or_default();
                    rows.extend_from_slice(author.to_string().as_bytes());
                }
                Piece::ArticleMark(letters, index) => mark(&mut rows, text(letters), index + further),
                Piece::AuthorMark(letters, index) => mark(&mut rows, text(letters), self.author(*index, further)),
                Piece::Time(at) => {
                    rows.extend_from_slice((*at + self.step * steps).format(TIME).to_string().as_bytes());
                }
            }
        }
        rows
    }

    fn author(&self, index: usize, further: usize) -> usize {
        (index + further).checked_rem(self.authors.len()).unwrap_or_default()
    }

    /// The id as it would have been, had it been made some seconds before those of the generation after it. What was
    /// drawn by chance differs too: answers are told apart by that part alone.
    fn own_id(&self, id: Uuid, number: usize) -> Uuid {
        if number == 0 {
            return id;
        }
        let back = u128::try_from((self.generations - number) * 1000).unwrap_or_default() << 80;
        let drawn = u128::try_from(number).unwrap_or_default().wrapping_mul(SPREAD) & DRAWN;
        Uuid::from_u128((id.as_u128() - back) ^ drawn)
    }
}

fn mark(rows: &mut Vec<u8>, letters: &[u8], number: usize) {
    rows.extend_from_slice(letters);
    rows.extend_from_slice(format!("{number:0DIGITS$}").as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_further_generation_has_ids_numbers_authors_and_times_of_its_own() {
        let id: Uuid = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
        let other: Uuid = "01890a5d-ac96-774b-bcce-b302099a8058".parse().unwrap();
        let authors = vec!["01890a5d-ac96-774b-bcce-b302099a8001".parse().unwrap(), other];
        let clones = Clones {
            templates: 3,
            generations: 5,
            step: TimeDelta::minutes(1),
            authors: authors.clone(),
            own: HashSet::from([id]),
        };
        let stranger = "01890a5d-ac96-774b-bcce-b302099a8999";
        let row = format!("{id}\t{}\t{stranger}\tza0000002-ice\tBy Zb0000000\t2026-01-05 08:00:00+00\n", authors[0]);
        let pattern = clones.pattern(row.clone().into_bytes());
        assert_eq!(clones.generation(&pattern, 0), row.as_bytes());
        let next = String::from_utf8(clones.generation(&pattern, 1)).unwrap();
        let cells: Vec<&str> = next.trim_end().split('\t').collect();
        assert_ne!(cells[0], id.to_string());
        assert_eq!(
            cells[1..],
            [other.to_string().as_str(), stranger, "za0000005-ice", "By Zb0000001", "2026-01-05 08:03:00+00"]
        );
    }
}
