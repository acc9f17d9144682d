//! Credits are data and text, and both say the same: what was sent as text only is read, what was sent as data only is
//! printed.

use crate::base::error::Result;
use crate::rules::article::{Byline, Content, first_of_each};
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
    let Some(credit) = credit::parse(&line) else {
        warnings.push(Warning {
            pointer: "/credit_line".to_owned(),
            code: "credit_unread".to_owned(),
            detail: "no sources and people could be read out of the credit line: they stay as they were".to_owned(),
        });
        return Ok(());
    };
    let keys: Vec<String> = credit.people.iter().map(|person| name::key(&person.name)).collect();
    let known = lookup::authors_by_name(tx, &keys).await?;
    let mut bylines: Vec<Byline> = Vec::new();
    for person in &credit.people {
        match known.get(&name::key(&person.name)) {
            Some(author) => bylines.push(Byline { author: *author, role: person.role }),
            None => warnings.push(Warning {
                pointer: "/credit_line".to_owned(),
                code: "unknown_author".to_owned(),
                detail: format!("{:?} is no author here and stands in the credit line only", person.name),
            }),
        }
    }
    content.sources = credit.sources;
    content.bylines = first_of_each(bylines, |byline| (byline.author, byline.role));
    Ok(())
}

async fn printed(tx: &mut Tx, content: &Content) -> Result<String> {
    let ids: Vec<_> = content.bylines.iter().map(|byline| byline.author).collect();
    let names = lookup::author_names(tx, &ids).await?;
    let person = |byline: &Byline| Some(Person { name: names.get(&byline.author)?.name.clone(), role: byline.role });
    let people = content.bylines.iter().filter_map(person).collect();
    Ok(credit::print(&Credit { sources: content.sources.clone(), people }))
}
