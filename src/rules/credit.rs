//! Credits as newsrooms print them, and as data: "Example Wire with additional editing by Sean O'Mara".

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

const LONGEST: usize = 300;
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

/// Reads a credit line; `None` for text that is none.
pub fn parse(text: &str) -> Option<Credit> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.trim_end_matches('.');
    if text.is_empty() || text.chars().count() > LONGEST {
        return None;
    }
    let mut credit = Credit::default();
    for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        let (before, after) = split_with(part);
        clause(before, &mut credit)?;
        for more in after {
            clause(more, &mut credit)?;
        }
    }
    (!credit.sources.is_empty() || !credit.people.is_empty()).then_some(credit)
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

/// Whether the text can only be a credit, so that it may be taken out of a body.
pub fn is_unmistakable(text: &str) -> bool {
    let lower = text.to_lowercase();
    let leads =
        PHRASES.iter().any(|(phrase, _)| lower.starts_with(phrase) || lower.contains(&format!(" with {phrase}")));
    let short = text.chars().count() <= 150 && text.split_whitespace().count() <= 20;
    leads && short && !text.contains(['?', '!', ':']) && parse(text).is_some()
}

/// "A with additional editing by B" -> "A", then each phrase.
fn split_with(part: &str) -> (&str, Vec<&str>) {
    let lower = part.to_ascii_lowercase();
    let mut cuts: Vec<(usize, usize)> = Vec::new();
    for joint in [" with ", " and with "] {
        for (phrase, _) in PHRASES {
            let wanted = format!("{joint}{phrase}");
            cuts.extend(lower.match_indices(&wanted).map(|(at, _)| (at, at + joint.len())));
        }
    }
    cuts.sort_unstable();
    let Some((first, _)) = cuts.first() else { return (part, Vec::new()) };
    let before = part.get(..*first).unwrap_or(part);
    let after = cuts.iter().enumerate().map(|(index, (_, start))| {
        let end = cuts.get(index + 1).map_or(part.len(), |(at, _)| *at);
        part.get(*start..end).unwrap_or_default()
    });
    (before, after.collect())
}

fn clause(text: &str, credit: &mut Credit) -> Option<()> {
    let lower = text.to_ascii_lowercase();
    if let Some((phrase, role)) = PHRASES.iter().find(|(phrase, _)| lower.starts_with(phrase)) {
        let people = names(text.get(phrase.len()..)?);
        credit.people.extend(people.into_iter().map(|name| Person { name, role: *role }));
        return Some(());
    }
    let (rest, role) = if let Some(rest) = strip_ignoring_case(text, "file photo:") {
        (rest, SourceRole::FilePhoto)
    } else if let Some(rest) = strip_ignoring_case(text, "in partnership with ") {
        (rest, SourceRole::Partner)
    } else {
        (text, SourceRole::Wire)
    };
    let sources = rest.split([',', '/']).map(str::trim).filter(|name| !name.is_empty());
    credit.sources.extend(sources.map(|name| SourceCredit { name: name.to_owned(), role }));
    Some(())
}

fn strip_ignoring_case<'a>(text: &'a str, lead: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(lead.len())?;
    start.eq_ignore_ascii_case(lead).then_some(rest.trim())
}

fn names(text: &str) -> Vec<String> {
    text.split(',')
        .flat_map(|part| part.split(" and "))
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(|name| name.trim_start_matches("and ").to_owned())
        .collect()
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
