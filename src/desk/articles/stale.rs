//! What a writer is told whose version of an article is not the present one: what changed since, and whether it is what
//! he changed himself.

use serde_json::{Value, json};
use uuid::Uuid;

use super::apply::Circumstances;
use super::input::ArticlePatch;
use super::merge::three_way;
use crate::base::clock::Timestamp;
use crate::base::error::{Error, Result};
use crate::desk::stale;
use crate::rules::article::Content;
use crate::rules::fields::ArticleField;
use crate::rules::permission::Principal;
use crate::rules::reference::IdOrSlug;
use crate::rules::version::Expected;
use crate::store::Tx;
use crate::store::articles::{self, Article, RevisionHead};

/// So many of the writes since are told of, the newest first.
const MOST_CHANGES: i64 = 20;

/// Lets the write through if it was made from the present version.
///
/// # Errors
/// 412 with the present version, who wrote it, when and doing what, the fields that changed since the version that
/// was seen, and who wrote since.
pub(super) async fn unless_changed(tx: &mut Tx, seen: &Expected, article: &Article, content: &Content) -> Result<()> {
    let told = stale::unless_changed(tx, seen, article.at(), article.updated_by, article.updated_at).await;
    let Err(mut error) = told else { return Ok(()) };
    let newest = articles::revision(tx, article.id, article.version).await?;
    if let (Some((head, _)), Some(Value::Object(current))) = (newest, error.extra.get_mut("current")) {
        current.insert("verb".to_owned(), json!(head.verb));
        if seen.newest_until(article.version) == Some(article.version) {
            current.extend(stale::last_change(tx, article.id).await?);
        }
    }
    let Some((version, base)) = base(tx, seen, article).await? else { return Err(error) };
    let changed = ArticleField::between(&base, content);
    let since = articles::revisions_since(tx, article.id, version, MOST_CHANGES).await?;
    let told = |(head, name): (RevisionHead, Option<String>)| {
        let by = head.created_by.map(|id| json!({ "id": id, "name": name }));
        json!({ "version": head.number, "verb": head.verb, "by": by, "at": Timestamp(head.created_at).to_string() })
    };
    let changes: Vec<Value> = since.into_iter().map(told).collect();
    Err(error.with("base_version", version).with("changed_fields", json!(changed)).with("changes", changes))
}

/// The newest version that the writer has seen, and the article as it was then.
async fn base(tx: &mut Tx, seen: &Expected, article: &Article) -> Result<Option<(i32, Content)>> {
    let Some(version) = seen.newest_until(article.version) else { return Ok(None) };
    let revision = articles::revision(tx, article.id, version).await?;
    Ok(revision.map(|(head, content)| (head.number, content)))
}

/// The same 412, which also says of a patch whether it changes what others changed since. What cannot be written at all
/// cannot be merged either.
pub(super) async fn with_patch(
    tx: &mut Tx,
    about: &Circumstances<'_>,
    seen: &Expected,
    stale: Error,
    patch: ArticlePatch,
) -> Error {
    let compared = async {
        let found = articles::read(tx, &IdOrSlug::Id(about.id), super::seen_by(about.by)).await?;
        let (article, theirs) = found.ok_or_else(Error::not_found)?;
        let Some((_, base)) = base(tx, seen, &article).await? else { return Ok(None) };
        let fields = match three_way(tx, about, &base, &theirs, patch).await {
            Ok(found) => Some(found.merged.conflicts.iter().map(|conflict| conflict.field).collect::<Vec<_>>()),
            Err(error) if error.code.status() >= 500 => return Err(error),
            Err(_) => None,
        };
        Ok(Some(fields))
    };
    match compared.await {
        Err(error) => error,
        Ok(None) => stale,
        Ok(Some(fields)) => {
            let mergeable = fields.as_ref().is_some_and(Vec::is_empty);
            stale.with("conflicting_fields", json!(fields.unwrap_or_default())).with("mergeable", mergeable)
        }
    }
}

/// The same 412, which also says what of these fields others changed since.
pub(super) fn with_conflicts(stale: Error, touched: &[ArticleField]) -> Error {
    let Some(Value::Array(changed)) = stale.extra.get("changed_fields") else { return stale };
    let both: Vec<&ArticleField> = touched.iter().filter(|field| changed.contains(&json!(field))).collect();
    let both = json!(both);
    stale.with("conflicting_fields", both)
}

/// The same 412, which also says what others changed that would be changed back by bringing back an earlier revision.
pub(super) async fn with_revision(
    tx: &mut Tx,
    by: &Principal,
    (id, number): (Uuid, i32),
    seen: &Expected,
    stale: Error,
) -> Result<Error> {
    let found = articles::read(tx, &IdOrSlug::Id(id), super::seen_by(by)).await?;
    let (article, _) = found.ok_or_else(Error::not_found)?;
    let (Some((_, base)), Some((_, wanted))) =
        (base(tx, seen, &article).await?, articles::revision(tx, id, number).await?)
    else {
        return Ok(stale);
    };
    Ok(with_conflicts(stale, &ArticleField::between(&base, &wanted)))
}
