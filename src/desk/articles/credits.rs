//! Credits are data and text, and both say the same: what was sent as text only is read, what was sent as data only is
//! printed.

use std::collections::HashMap;

use uuid::Uuid;

use crate::base::error::Result;
use crate::rules::agency;
use crate::rules::article::{Byline, BylineRole, Content, SourceCredit, SourceRole, first_of_each};
use crate::rules::body::Warning;
use crate::rules::credit::{self, Credit, Person};
use crate::rules::name;
use crate::store::{Tx, lookup};

/// Brings credit line, sources and bylines together. `found` is a credit that stood at the end of the body.
///
/// # Errors
/// 503 when the database does not answer.
pub(super) async fn settle(
    tx: &mut Tx,
    content: &mut Content,
    found: Option<String>,
    line_sent: bool,
    names_sent: bool,
    warnings: &mut Vec<Warning>,
) -> Result<()> {
    let mut line_is_new = line_sent;
    if let Some(found) = found {
        match &content.credit_line {
            None => {
                content.credit_line = Some(found);
                line_is_new = true;
            }
            Some(line) if name::key(line) != name::key(&found) => warnings.push(Warning {
                pointer: "/body/content".to_owned(),
                code: "credit_dropped".to_owned(),
                detail: format!("the credit {found:?} at the end of the body gave way to credit_line"),
            }),
            Some(_) => {}
        }
    }
    let has_names = !content.sources.is_empty() || !content.bylines.is_empty();
    match &content.credit_line {
        Some(line) if line_is_new && !names_sent => read(tx, line.clone(), content, warnings).await,
        None if has_names => {
            content.credit_line = Some(printed(tx, content).await?);
            Ok(())
        }
        Some(_) if names_sent && !line_is_new => {
            content.credit_line = if has_names { Some(printed(tx, content).await?) } else { None };
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Sources and people out of the line. People who are no authors here stay in the line only.
async fn read(tx: &mut Tx, line: String, content: &mut Content, warnings: &mut Vec<Warning>) -> Result<()> {
    let mut warn = |code: &str, detail: String| {
        warnings.push(Warning { pointer: "/credit_line".to_owned(), code: code.to_owned(), detail });
    };
    let unread = "no sources and people could be read out of the credit line: they stay as they were";
    let Some(credit) = credit::parse(&line) else {
        warn("credit_unread", unread.to_owned());
        return Ok(());
    };
    let known = authors_of(tx, &credit).await?;
    let Told { mut people, sources } = told_apart(credit.sources, |name| known.contains_key(&name::key(name)));
    people.extend(credit.people);
    if people.len() > credit::MOST_PEOPLE {
        warn("credit_unread", unread.to_owned());
        return Ok(());
    }
    let mut bylines: Vec<Byline> = Vec::new();
    for person in &people {
        match known.get(&name::key(&person.name)) {
            Some(author) => bylines.push(Byline { author: *author, role: person.role }),
            None => warn(
                "unknown_author",
                format!("{:?} is no author here and stands in the credit line only", person.name),
            ),
        }
    }
    let is_guess = |source: &&SourceCredit| {
        source.role == SourceRole::Wire && !agency::is_agency(&source.name) && !content.sources.contains(source)
    };
    for source in sources.iter().filter(is_guess) {
        warn(
            "source_guessed",
            format!("{:?} is taken for an agency: if it is a person, write By before the name", source.name),
        );
    }
    content.sources = sources;
    content.bylines = first_of_each(bylines, |byline| (byline.author, byline.role));
    Ok(())
}

/// The authors among all that the line may name, by the keys of their names.
async fn authors_of(tx: &mut Tx, credit: &Credit) -> Result<HashMap<String, Uuid>> {
    let people = credit.people.iter().map(|person| name::key(&person.name));
    let sources = credit.sources.iter().filter(|source| source.role == SourceRole::Wire);
    let others = sources.flat_map(|source| {
        let parts = credit::people_in(&source.name);
        parts.into_iter().chain([source.name.clone()]).map(|name| name::key(&name))
    });
    let keys: Vec<String> = people.chain(others).collect();
    lookup::authors_by_name(tx, &keys).await
}

/// People whom the line names without a phrase, and what is left of its sources.
struct Told {
    people: Vec<Person>,
    sources: Vec<SourceCredit>,
}

/// Of names without a phrase before them, those of authors are bylines, with all that is joined to them; what follows
/// them may say more of them. The others are agencies.
fn told_apart(named: Vec<SourceCredit>, is_author: impl Fn(&str) -> bool) -> Told {
    let mut told = Told { people: Vec::new(), sources: Vec::new() };
    for source in named {
        let names = if is_author(&source.name) { vec![source.name.clone()] } else { credit::people_in(&source.name) };
        if source.role == SourceRole::Wire && names.iter().any(|name| is_author(name)) {
            told.people.extend(names.into_iter().map(|name| Person { name, role: BylineRole::Author }));
        } else if told.people.is_empty() || source.role != SourceRole::Wire || !agency::describes(&source.name) {
            told.sources.push(source);
        }
    }
    told
}

async fn printed(tx: &mut Tx, content: &Content) -> Result<String> {
    let ids: Vec<_> = content.bylines.iter().map(|byline| byline.author).collect();
    let names = lookup::author_names(tx, &ids).await?;
    let person = |byline: &Byline| Some(Person { name: names.get(&byline.author)?.name.clone(), role: byline.role });
    let people = content.bylines.iter().filter_map(person).collect();
    Ok(credit::print(&Credit { sources: content.sources.clone(), people }))
}
