//! What changed under an article since it was written: authors and topics that were merged, articles that were purged.

use std::collections::HashSet;

use uuid::Uuid;

use crate::base::error::{Code, Error, Fault, Result};
use crate::rules::article::{Byline, Content};
use crate::rules::body::{Warning, set_target};
use crate::rules::reference::IdOrSlug;
use crate::store::{Tx, articles, lookup};

/// Authors and topics that were merged away since the content was written are the ones that took them in.
pub(super) async fn settle_merged(tx: &mut Tx, content: &mut Content) -> Result<()> {
    if !content.bylines.is_empty() {
        let ids: Vec<Uuid> = content.bylines.iter().map(|byline| byline.author).collect();
        let names = lookup::author_names(tx, &ids).await?;
        let mut bylines: Vec<Byline> = Vec::new();
        for byline in &content.bylines {
            let author = names.get(&byline.author).map_or(byline.author, |name| name.id);
            let present = Byline { author, role: byline.role };
            if !bylines.contains(&present) {
                bylines.push(present);
            }
        }
        content.bylines = bylines;
    }
    if !content.topics.is_empty() {
        let names = lookup::topic_names(tx, &content.topics).await?;
        let mut topics: Vec<Uuid> = Vec::new();
        for topic in &content.topics {
            let present = names.get(topic).map_or(*topic, |name| name.id);
            if !topics.contains(&present) {
                topics.push(present);
            }
        }
        content.topics = topics;
    }
    Ok(())
}

/// Takes out of a former content the articles that were purged since, and external ids that other articles have now.
/// Answers what was taken out, each with its place. All else that a revision names cannot be deleted.
pub(super) async fn take_out_gone(tx: &mut Tx, article_id: Uuid, content: &mut Content) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    articles_gone(tx, content, &mut faults).await?;
    let taken = articles::external_ids_elsewhere(tx, article_id, &content.external_ids).await?;
    drop_each(
        &mut content.external_ids,
        |id| !taken.contains(id),
        |index| {
            faults.push(Fault::at(format!("/external_ids/{index}"), "taken", "is another article's now"));
        },
    );
    Ok(faults)
}

/// Links to articles that are gone, and what it translates. A link in the body stays as it reads, and leads nowhere.
async fn articles_gone(tx: &mut Tx, content: &mut Content, faults: &mut Vec<Fault>) -> Result<()> {
    let ids = content.links.iter().filter_map(|link| link.target).chain(content.translation_of);
    let keys: Vec<IdOrSlug> = ids.map(IdOrSlug::Id).collect();
    let found = lookup::articles(tx, &keys).await?;
    let known: HashSet<Uuid> = found.into_values().map(|(id, _)| id).collect();
    let gone = |at: String| Fault::at(at, "gone", "is an article that was deleted since");
    if content.translation_of.take_if(|id| !known.contains(id)).is_some() {
        faults.push(gone("/translation_of".to_owned()));
    }
    let lost = content.links.iter().filter(|link| link.target.is_some_and(|id| !known.contains(&id)));
    let lost: Vec<(Uuid, Option<String>)> = lost.map(|link| (link.id, link.block_id.clone())).collect();
    for block_id in lost.iter().filter_map(|(_, block_id)| block_id.as_ref()) {
        set_target(&mut content.body, block_id, None);
    }
    drop_each(
        &mut content.links,
        |link| !lost.iter().any(|(id, _)| *id == link.id),
        |index| {
            faults.push(gone(format!("/related/{index}/target")));
        },
    );
    Ok(())
}

/// The 409 or 422 that tells what is gone or taken.
pub(super) fn refused(faults: Vec<Fault>) -> Error {
    if faults.iter().all(|fault| fault.code == "taken") {
        return Error::new(Code::Conflict, "Other articles have what this revision had.").with_faults(faults);
    }
    Error::invalid(faults)
}

/// The same as what was left out of a write.
pub(super) fn warned(faults: Vec<Fault>) -> Vec<Warning> {
    let warning =
        |fault: Fault| Warning { pointer: fault.pointer.unwrap_or_default(), code: fault.code, detail: fault.detail };
    faults.into_iter().map(warning).collect()
}

fn drop_each<T>(items: &mut Vec<T>, stays: impl Fn(&T) -> bool, mut tell: impl FnMut(usize)) {
    let mut index = 0;
    items.retain(|item| {
        let stays = stays(item);
        if !stays {
            tell(index);
        }
        index += 1;
        stays
    });
}
