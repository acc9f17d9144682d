//! Credits as newsrooms print them, and as data: "Example Wire with additional editing by Sean O'Mara".
//!
//! A line is clauses set off by `;`, or by a comma, "and" or "with" before a phrase such as "editing by". A clause that
//! starts with a phrase names people, set off by commas and "and"; any other names sources, set off by commas. Where a
//! person was ("in Tokyo") stands in the printed line only.

use super::article::{BylineRole, SourceCredit, SourceRole};

/// What a credit line says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credit {
    /// Outside sources, in order.
    pub sources: Vec<SourceCredit>,
    /// People, in order.
    pub people: Vec<Person>,
}

/// One person's part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// As it is printed.
    pub name: String,
    /// What the person did.
    pub role: BylineRole,
}

/// The longest line, in characters.
pub const LONGEST: usize = 2_000;
/// The most sources of one article.
const MOST_SOURCES: usize = 20;
/// The most people of one article.
pub const MOST_PEOPLE: usize = 50;
const LONGEST_NAME: usize = 200;
/// Phrase before a list of people -> what they did; longer phrases first.
const PHRASES: &[(&str, BylineRole)] = &[
    ("additional reporting by ", BylineRole::AdditionalReporting),
    ("additional editing by ", BylineRole::AdditionalEditing),
    ("photographs by ", BylineRole::Photo),
    ("translation by ", BylineRole::Translation),
    ("translated by ", BylineRole::Translation),
    ("reporting by ", BylineRole::Reporting),
    ("photos by ", BylineRole::Photo),
    ("editing by ", BylineRole::Editing),
    ("written by ", BylineRole::Writing),
    ("writing by ", BylineRole::Writing),
    ("photo by ", BylineRole::Photo),
    ("by ", BylineRole::Author),
];

/// Reads a credit line; `None` for text that is none: empty, too long, a phrase without a name, or more names than an
/// article may have.
pub fn parse(text: &str) -> Option<Credit> {
    let text = spaced(text);
    if text.is_empty() || text.chars().count() > LONGEST {
        return None;
    }
    let mut credit = Credit::default();
    for clause in clauses(&text) {
        read_clause(clause, &mut credit)?;
    }
    let fits = credit.sources.len() <= MOST_SOURCES && credit.people.len() <= MOST_PEOPLE;
    (fits && !(credit.sources.is_empty() && credit.people.is_empty())).then_some(credit)
}

/// The people that a source's name would be if it named people: "Hana Mizushima and Leila Darvishan in Tokyo".
pub fn people_in(source: &str) -> Vec<String> {
    names(source)
}

/// Writes a credit line that [`parse`] reads as the same.
pub fn print(credit: &Credit) -> String {
    let mut parts: Vec<String> = Vec::new();
    let sources = |wanted: SourceRole| {
        credit
            .sources
            .iter()
            .filter(|source| source.role == wanted)
            .map(|source| source.name.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
    for (role, lead) in
        [(SourceRole::Wire, ""), (SourceRole::Partner, "in partnership with "), (SourceRole::FilePhoto, "File photo: ")]
    {
        let names = sources(role);
        if !names.is_empty() {
            parts.push(format!("{lead}{names}"));
        }
    }
    let mut people = Vec::new();
    for role in BylineRole::ALL {
        let names: Vec<&str> =
            credit.people.iter().filter(|person| person.role == *role).map(|person| person.name.as_str()).collect();
        if !names.is_empty() {
            people.push(format!("{}{}", phrase(*role), listed(&names)));
        }
    }
    let additional = |text: &String| text.starts_with("additional ");
    if let ([source], [one]) = (parts.as_slice(), people.as_slice())
        && additional(one)
    {
        return format!("{source} with {one}");
    }
    parts.extend(people);
    let line = parts.join("; ");
    let mut letters = line.chars();
    letters.next().map_or_else(String::new, |first| {
        if line.starts_with("in partnership") || PHRASES.iter().any(|(phrase, _)| line.starts_with(phrase)) {
            first.to_uppercase().chain(letters).collect()
        } else {
            line.clone()
        }
    })
}

/// Whether the text can only be a credit, so that it may be taken out of a body: short, with a phrase such as
/// "editing by", and nothing in it but names. "By ..." alone begins many a sentence; there, full names are asked for, and
/// no full stop.
pub fn is_unmistakable(text: &str) -> bool {
    let text = spaced(text);
    let fits = text.chars().count() <= 200 && !text.contains(['?', '!', ':', '"', '“', '”']);
    let Some(credit) = fits.then(|| parse(&text)).flatten() else { return false };
    let phrases: Vec<&str> =
        clauses(&text).into_iter().filter_map(|clause| phrase_of(clause).map(|(phrase, _)| phrase)).collect();
    let only_by = phrases.iter().all(|phrase| *phrase == "by ");
    let full = |name: &str| !only_by || (name.split(' ').count() >= 2 && !TIMES.iter().any(|time| name.contains(time)));
    !phrases.is_empty()
        && !(only_by && (text.ends_with('.') || !credit.sources.is_empty()))
        && credit.people.iter().all(|person| is_name(&person.name, 5) && full(&person.name))
        && credit.sources.iter().all(|source| is_name(&source.name, 8))
}

/// Words that stand where a name could: "By Monday Night".
const TIMES: &[&str] = &[
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "January",
    "February",
    "March ",
    "April ",
    "May ",
    "June ",
    "July",
    "August ",
    "September",
    "October",
    "November",
    "December",
    "Christmas",
    "Easter",
    "Spring",
    "Summer",
    "Autumn",
    "Winter",
    "New Year",
    "Year's",
    "Year’s",
    "Day",
    "Night",
    "Morning",
    "Evening",
];
/// Words of names that are written small.
const PARTICLES: &[&str] = &[
    "af", "al", "and", "av", "bin", "bint", "da", "dal", "de", "del", "della", "den", "der", "di", "do", "dos", "du",
    "el", "for", "ibn", "la", "las", "le", "los", "of", "the", "ten", "ter", "und", "van", "von", "y", "zu",
];

/// Whether the text is at most so many words, each begun like a name's.
fn is_name(text: &str, most: usize) -> bool {
    let words: Vec<&str> = text.split(' ').collect();
    let named = |word: &&str| {
        let first = word.trim_start_matches(['(', '\'', '’', '‘']).chars().next();
        first.is_some_and(|c| c.is_alphabetic() && !c.is_lowercase())
    };
    words.len() <= most
        && text.chars().any(char::is_alphabetic)
        && words.iter().any(named)
        && words.iter().all(|word| named(word) || is_particle(word))
}

/// A small word of a name: "van", "d'Arc", "al-Rashid".
fn is_particle(word: &str) -> bool {
    let lead = word.split_once(['-', '\'', '’']).map(|(lead, _)| lead);
    word == "&" || PARTICLES.contains(&word) || lead.is_some_and(|lead| lead == "d" || PARTICLES.contains(&lead))
}

/// Single spaces, and one behind each comma; a slash sets names off as a comma does.
fn spaced(text: &str) -> String {
    text.replace([',', '/'], ", ").split_whitespace().collect::<Vec<_>>().join(" ").replace(" ,", ",")
}

/// The full stop of the sentence is no part of it, that of an initial or of "Jr." is.
fn without_full_stop(text: &str) -> &str {
    let text = text.trim();
    let last = text.rsplit(' ').next().unwrap_or_default();
    let abbreviated = ["Jr.", "Sr."].contains(&last) || last.chars().count() == 2;
    if abbreviated { text } else { text.trim_end_matches(['.', ' ']) }
}

/// The phrase that a clause starts with, and what follows it.
fn phrase_of(clause: &str) -> Option<(&'static str, BylineRole)> {
    PHRASES.iter().find(|(phrase, _)| starts_with_ignoring_case(clause, phrase)).copied()
}

fn starts_with_ignoring_case(text: &str, lead: &str) -> bool {
    text.get(..lead.len()).is_some_and(|start| start.eq_ignore_ascii_case(lead))
}

/// The clauses of a line: "A with additional editing by B" is "A" and "additional editing by B".
fn clauses(text: &str) -> Vec<&str> {
    let mut clauses = Vec::new();
    let mut from = 0;
    for (at, _) in text.char_indices() {
        let rest = text.get(at..).unwrap_or_default();
        let skipped = if rest.starts_with(';') {
            Some(1)
        } else {
            JOINTS.iter().find(|joint| begins_phrase(rest, joint)).map(|joint| joint.len())
        };
        if let Some(skipped) = skipped.filter(|_| at >= from) {
            clauses.push(text.get(from..at).unwrap_or_default());
            from = at + skipped;
        }
    }
    clauses.push(text.get(from..).unwrap_or_default());
    clauses.into_iter().map(|clause| clause.trim().trim_end_matches(',')).filter(|clause| !clause.is_empty()).collect()
}

/// What may stand before a phrase that begins a clause.
const JOINTS: &[&str] = &[", and with ", " and with ", ", with ", ", and ", " with ", " and ", ", "];

/// Whether the text is this joint and then a phrase; "by" alone may follow in a name or a title.
fn begins_phrase(text: &str, joint: &str) -> bool {
    let rest = if starts_with_ignoring_case(text, joint) { text.get(joint.len()..) } else { None };
    rest.and_then(phrase_of).is_some_and(|(phrase, _)| phrase != "by ")
}

fn read_clause(text: &str, credit: &mut Credit) -> Option<()> {
    if PHRASES.iter().any(|(phrase, _)| text.eq_ignore_ascii_case(phrase.trim_end())) {
        return None;
    }
    if let Some((phrase, role)) = phrase_of(text) {
        let people = names(text.get(phrase.len()..)?);
        let fits = !people.is_empty() && people.iter().all(|name| name.chars().count() <= LONGEST_NAME);
        credit.people.extend(people.into_iter().map(|name| Person { name, role }));
        return fits.then_some(());
    }
    let (rest, role) = if let Some(rest) = strip_ignoring_case(text, "file photo:") {
        (rest, SourceRole::FilePhoto)
    } else if let Some(rest) = strip_ignoring_case(text, "in partnership with ") {
        (rest, SourceRole::Partner)
    } else {
        (text, SourceRole::Wire)
    };
    for name in rest.split(',').map(without_full_stop).filter(|name| !name.is_empty()) {
        if name.chars().count() > LONGEST_NAME {
            return None;
        }
        credit.sources.push(SourceCredit { name: name.to_owned(), role });
    }
    Some(())
}

fn strip_ignoring_case<'a>(text: &'a str, lead: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(lead.len())?;
    start.eq_ignore_ascii_case(lead).then_some(rest.trim())
}

/// Names set off by commas and "and"; "Jr." belongs to the name before it, a place to none.
fn names(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in text.split(',').flat_map(|part| part.split(" and ")).flat_map(|part| part.split(" & ")) {
        let part = part.trim();
        let part = part.strip_prefix("and ").unwrap_or(part).trim();
        let name = without_full_stop(part.split_once(" in ").map_or(part, |(name, _)| name));
        match names.last_mut() {
            Some(last) if ["Jr", "Jr.", "Sr", "Sr.", "II", "III"].contains(&name) => {
                last.push_str(", ");
                last.push_str(name);
            }
            _ if name.is_empty() => {}
            _ => names.push(name.to_owned()),
        }
    }
    names
}

fn phrase(role: BylineRole) -> &'static str {
    match role {
        BylineRole::Author => "by ",
        BylineRole::AdditionalEditing => "additional editing by ",
        BylineRole::AdditionalReporting => "additional reporting by ",
        BylineRole::Reporting => "reporting by ",
        BylineRole::Editing => "editing by ",
        BylineRole::Writing => "writing by ",
        BylineRole::Translation => "translation by ",
        BylineRole::Photo => "photos by ",
    }
}

fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
