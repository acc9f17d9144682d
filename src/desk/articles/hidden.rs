//! What somebody may not know of, and so does not bring back: the draft of another that an editor linked, the picture of
//! a story that is not out.

use uuid::Uuid;

use super::apply::Circumstances;
use super::hero::may_show;
use super::links::visible;
use crate::base::error::{Fault, Result};
use crate::rules::article::Content;
use crate::rules::body::set_target;
use crate::rules::reference::IdOrSlug;
use crate::store::Tx;

/// Takes out of a former content the articles and the picture that the caller may not know of, unless the present one
/// names them, and says which. A link in the body stays as it reads, and leads nowhere.
pub(super) async fn take_out(
    tx: &mut Tx,
    about: &Circumstances<'_>,
    present: &Content,
    content: &mut Content,
) -> Result<Vec<Fault>> {
    if about.by.sees_all_articles() {
        return Ok(Vec::new());
    }
    let named = |content: &Content| -> Vec<Uuid> {
        content.links.iter().filter_map(|link| link.target).chain(content.translation_of).collect()
    };
    let keys: Vec<IdOrSlug> = named(content).into_iter().map(IdOrSlug::Id).collect();
    let mut known: Vec<Uuid> = visible(tx, about, &keys).await?.into_values().collect();
    known.extend(named(present));
    let hidden = |at: String| Fault::at(at, "unknown_article", "is an article that you may not see");
    let mut faults: Vec<Fault> = picture(tx, about, present, content).await?.into_iter().collect();
    if content.translation_of.take_if(|id| !known.contains(id)).is_some() {
        faults.push(hidden("/translation_of".to_owned()));
    }
    for (index, link) in std::mem::take(&mut content.links).into_iter().enumerate() {
        if link.target.is_none_or(|id| known.contains(&id)) {
            content.links.push(link);
            continue;
        }
        faults.push(hidden(format!("/related/{index}/target")));
        if let Some(block_id) = &link.block_id {
            set_target(&mut content.body, block_id, None);
        }
    }
    Ok(faults)
}

/// The same for the picture.
async fn picture(
    tx: &mut Tx,
    about: &Circumstances<'_>,
    present: &Content,
    content: &mut Content,
) -> Result<Option<Fault>> {
    let stays = |id: Uuid| present.hero.as_ref().is_some_and(|hero| hero.media == id);
    let Some(id) = content.hero.as_ref().map(|hero| hero.media).filter(|id| !stays(*id)) else {
        return Ok(None);
    };
    if may_show(tx, about, id).await? {
        return Ok(None);
    }
    content.hero = None;
    Ok(Some(Fault::at("/hero/media", "unknown_media", "is an asset that you may not see")))
}
