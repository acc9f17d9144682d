//! The three-way merge: a patch that was made from an older version is brought together with what was written since.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::apply::{Circumstances, apply};
use super::input::ArticlePatch;
use super::known::Known;
use super::links::draw_inline;
use super::write::{Written, edited, held};
use crate::base::error::{Error, Fault, Result};
use crate::rules::article::Content;
use crate::rules::body::Warning;
use crate::rules::merge::{Merged, merge};
use crate::rules::permission::Principal;
use crate::rules::version::Expected;
use crate::store::Tx;
use crate::store::articles::{self, Article};

/// What became of a merge.
#[derive(Debug)]
pub enum Outcome {
    /// It is written.
    Written(Box<Written>),
    /// Both changed the same; nothing is written.
    Clash(Box<Clash>),
}

/// Two changes that cannot both be.
#[derive(Debug)]
pub struct Clash {
    /// The article as it stands.
    pub article: Article,
    /// What both began with.
    pub base: Content,
    /// What stands there now.
    pub theirs: Content,
    /// What the patch makes of the base.
    pub mine: Content,
    /// Where they clash.
    pub merged: Merged,
}

/// A patch of `base` beside what was written since.
pub(super) struct ThreeWay {
    pub mine: Content,
    pub merged: Merged,
    pub warnings: Vec<Warning>,
}

/// Merges, without writing.
///
/// # Errors
/// 422 for what the patch could not make of the base either.
pub(super) async fn three_way(
    tx: &mut Tx,
    about: &Circumstances<'_>,
    base: &Content,
    theirs: &Content,
    patch: ArticlePatch,
) -> Result<ThreeWay> {
    let mut mine = base.clone();
    let warnings = apply(tx, about, &mut mine, patch).await?;
    let mut merged = merge(base, theirs, &mine);
    if merged.mixed_body {
        draw_inline(tx, about, &mut merged.content).await?;
    }
    Ok(ThreeWay { mine, merged, warnings })
}

/// Applies a patch that was made from the version `base_version`, beside whatever was written since.
///
/// # Errors
/// 404, 409 in the trash, 412, 422 with every fault.
pub async fn merge_patch(
    tx: &mut Tx,
    by: &Principal,
    site: &str,
    id: Uuid,
    seen: &Expected,
    (base_version, patch): (i32, ArticlePatch),
    now: DateTime<Utc>,
) -> Result<Outcome> {
    let (article, theirs) = held(tx, by, id, seen).await?;
    let unknown =
        || Error::invalid(vec![Fault::at("/base_version", "unknown_version", "is no version of the article")]);
    let (_, base) = articles::revision(tx, id, base_version).await?.ok_or_else(unknown)?;
    let about = Circumstances { by, id, site, now, known: &Known::default() };
    let ThreeWay { mine, merged, warnings } =
        three_way(tx, &about, &base, &theirs, patch).await.map_err(below_patch)?;
    if !merged.conflicts.is_empty() {
        return Ok(Outcome::Clash(Box::new(Clash { article, base, theirs, mine, merged })));
    }
    let mut done = edited(tx, by, (&article, &theirs), merged.content, "merged", now).await?;
    done.warnings = warnings;
    Ok(Outcome::Written(Box::new(done)))
}

/// The faults of the patch, at its place in the body.
fn below_patch(mut error: Error) -> Error {
    for pointer in error.faults.iter_mut().filter_map(|fault| fault.pointer.as_mut()) {
        pointer.insert_str(0, "/patch");
    }
    error
}
