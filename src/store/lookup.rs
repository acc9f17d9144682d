//! Turns ids and slugs that were sent into ids, many at a time, former slugs and merged ids included; and back into
//! what is shown of them.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::Tx;
use super::schema::{articles, authors, media, region_tree, regions, retired_slugs, slugs, topics, users};
use crate::base::error::Result;
use crate::rules::name;
use crate::rules::reference::IdOrSlug;

/// Splits references into ids and slugs.
fn split(keys: &[IdOrSlug]) -> (Vec<Uuid>, Vec<&str>) {
    let mut ids = Vec::new();
    let mut names = Vec::new();
    for key in keys {
        match key {
            IdOrSlug::Id(id) => ids.push(*id),
            IdOrSlug::Slug(slug) => names.push(slug.as_str()),
        }
    }
    (ids, names)
}

/// Those of the slugs that nothing has at present, so that they may be former ones.
fn absent<'a>(sent: &[&'a str], present: &[&String]) -> Vec<&'a str> {
    sent.iter().copied().filter(|slug| !present.iter().any(|known| *known == slug)).collect()
}

/// The authors that are meant. What is missing from the answer does not exist.
pub async fn authors(tx: &mut Tx, keys: &[IdOrSlug]) -> Result<HashMap<IdOrSlug, Uuid>> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let (ids, slugs) = split(keys);
    let present: Vec<(Uuid, String, Option<Uuid>)> = authors::table
        .filter(authors::id.eq_any(&ids).or(authors::slug.eq_any(&slugs)))
        .select((authors::id, authors::slug, authors::merged_into))
        .load(tx.conn()?)
        .await?;
    let missing = absent(&slugs, &present.iter().map(|(_, slug, _)| slug).collect::<Vec<_>>());
    let retired: Vec<(String, Option<Uuid>)> = if missing.is_empty() {
        Vec::new()
    } else {
        retired_slugs::table
            .filter(retired_slugs::kind.eq("author").and(retired_slugs::slug.eq_any(missing)))
            .select((retired_slugs::slug, retired_slugs::author_id))
            .load(tx.conn()?)
            .await?
    };
    Ok(gathered(present, retired))
}

/// The regions that are meant.
pub async fn regions(tx: &mut Tx, keys: &[IdOrSlug]) -> Result<HashMap<IdOrSlug, Uuid>> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let (ids, slugs) = split(keys);
    let present: Vec<(Uuid, String)> = regions::table
        .filter(regions::id.eq_any(&ids).or(regions::slug.eq_any(&slugs)))
        .select((regions::id, regions::slug))
        .load(tx.conn()?)
        .await?;
    let missing = absent(&slugs, &present.iter().map(|(_, slug)| slug).collect::<Vec<_>>());
    let retired: Vec<(String, Option<Uuid>)> = if missing.is_empty() {
        Vec::new()
    } else {
        retired_slugs::table
            .filter(retired_slugs::kind.eq("region").and(retired_slugs::slug.eq_any(missing)))
            .select((retired_slugs::slug, retired_slugs::region_id))
            .load(tx.conn()?)
            .await?
    };
    Ok(gathered(present.into_iter().map(|(id, slug)| (id, slug, None)).collect(), retired))
}

/// The topics that are meant by id, slug or name; the answer is keyed by what was sent.
pub async fn topics(tx: &mut Tx, sent: &[String]) -> Result<HashMap<String, Uuid>> {
    if sent.is_empty() {
        return Ok(HashMap::new());
    }
    let keys: Vec<IdOrSlug> = sent.iter().filter_map(|text| text.parse().ok()).collect();
    let (ids, slugs) = split(&keys);
    let names: Vec<String> = sent.iter().map(|text| name::key(text)).collect();
    let present: Vec<(Uuid, String, String, Option<Uuid>)> = topics::table
        .filter(topics::id.eq_any(&ids).or(topics::slug.eq_any(&slugs)).or(topics::name_key.eq_any(&names)))
        .select((topics::id, topics::slug, topics::name_key, topics::merged_into))
        .load(tx.conn()?)
        .await?;
    let missing = absent(&slugs, &present.iter().map(|(_, slug, ..)| slug).collect::<Vec<_>>());
    let retired: Vec<(String, Option<Uuid>)> = if missing.is_empty() {
        Vec::new()
    } else {
        retired_slugs::table
            .filter(retired_slugs::kind.eq("topic").and(retired_slugs::slug.eq_any(missing)))
            .select((retired_slugs::slug, retired_slugs::topic_id))
            .load(tx.conn()?)
            .await?
    };
    let mut by_name: HashMap<String, Uuid> = HashMap::new();
    for (id, _, key, merged_into) in &present {
        if merged_into.is_none() {
            by_name.insert(key.clone(), *id);
        } else if let Some(into) = merged_into {
            by_name.entry(key.clone()).or_insert(*into);
        }
    }
    let by_key = gathered(present.into_iter().map(|(id, slug, _, into)| (id, slug, into)).collect(), retired);
    let found = sent.iter().filter_map(|text| {
        let by_key = text.parse::<IdOrSlug>().ok().and_then(|key| by_key.get(&key).copied());
        by_key.or_else(|| by_name.get(&name::key(text)).copied()).map(|id| (text.clone(), id))
    });
    Ok(found.collect())
}

/// The articles that are meant, by id or by any slug that they ever had, with who made each.
pub async fn articles(tx: &mut Tx, keys: &[IdOrSlug]) -> Result<HashMap<IdOrSlug, (Uuid, Option<Uuid>)>> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let (ids, names) = split(keys);
    let by_id: Vec<(Uuid, Option<Uuid>)> = if ids.is_empty() {
        Vec::new()
    } else {
        articles::table
            .filter(articles::id.eq_any(&ids))
            .select((articles::id, articles::created_by))
            .load(tx.conn()?)
            .await?
    };
    let by_slug: Vec<(String, Uuid, Option<Uuid>)> = if names.is_empty() {
        Vec::new()
    } else {
        slugs::table
            .inner_join(articles::table)
            .filter(slugs::slug.eq_any(&names))
            .select((slugs::slug, articles::id, articles::created_by))
            .load(tx.conn()?)
            .await?
    };
    let ids = by_id.into_iter().map(|(id, creator)| (IdOrSlug::Id(id), (id, creator)));
    Ok(by_slug.into_iter().map(|(slug, id, creator)| (IdOrSlug::Slug(slug), (id, creator))).chain(ids).collect())
}

/// The authors that have one of these names, by the name's key. Of two with one name, the older.
pub async fn authors_by_name(tx: &mut Tx, keys: &[String]) -> Result<HashMap<String, Uuid>> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let found: Vec<(String, Uuid)> = authors::table
        .filter(authors::name_key.eq_any(keys).and(authors::merged_into.is_null()))
        .order(authors::id.desc())
        .select((authors::name_key, authors::id))
        .load(tx.conn()?)
        .await?;
    Ok(found.into_iter().collect())
}

/// The assets that are meant.
pub async fn media(tx: &mut Tx, keys: &[IdOrSlug]) -> Result<HashMap<IdOrSlug, Uuid>> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let (ids, slugs) = split(keys);
    let present: Vec<(Uuid, String)> = media::table
        .filter(media::id.eq_any(&ids).or(media::slug.eq_any(&slugs)))
        .select((media::id, media::slug))
        .load(tx.conn()?)
        .await?;
    let retired: Vec<(String, Option<Uuid>)> = retired_slugs::table
        .filter(retired_slugs::kind.eq("media").and(retired_slugs::slug.eq_any(&slugs)))
        .select((retired_slugs::slug, retired_slugs::media_id))
        .load(tx.conn()?)
        .await?;
    Ok(gathered(present.into_iter().map(|(id, slug)| (id, slug, None)).collect(), retired))
}

/// Whether each of these regions is one of the others or lies under one of them.
pub async fn are_under(tx: &mut Tx, regions: &[Uuid], ancestors: &[Uuid]) -> Result<bool> {
    let mut below: Vec<Uuid> = regions.iter().copied().filter(|region| !ancestors.contains(region)).collect();
    below.sort_unstable();
    below.dedup();
    if below.is_empty() {
        return Ok(true);
    }
    let under = region_tree::table
        .filter(region_tree::descendant_id.eq_any(&below).and(region_tree::ancestor_id.eq_any(ancestors)))
        .select(region_tree::descendant_id)
        .distinct();
    let found: Vec<Uuid> = under.load(tx.conn()?).await?;
    Ok(found.len() == below.len())
}

/// A name with the id it stands for.
#[derive(Clone, Debug, Queryable)]
pub struct Named {
    /// The id that was asked for.
    pub id: Uuid,
    /// Its present slug.
    pub slug: String,
    /// As it is shown.
    pub name: String,
}

/// Names of authors by id; one that was merged away is named as the one that took it in.
pub async fn author_names(tx: &mut Tx, ids: &[Uuid]) -> Result<HashMap<Uuid, Named>> {
    author_names_on(tx.conn()?, ids).await
}

pub(super) async fn author_names_on(mut conn: &AsyncPgConnection, ids: &[Uuid]) -> Result<HashMap<Uuid, Named>> {
    diesel::alias!(authors as target: Target);
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, Named)> = authors::table
        .inner_join(
            target.on(target
                .field(authors::id)
                .eq(authors::id)
                .and(authors::merged_into.is_null())
                .or(target.field(authors::id).nullable().eq(authors::merged_into))),
        )
        .filter(authors::id.eq_any(ids))
        .select((authors::id, (target.field(authors::id), target.field(authors::slug), target.field(authors::name))))
        .load(&mut conn)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Names of topics by id; one that was merged away is named as the one that took it in.
pub async fn topic_names(tx: &mut Tx, ids: &[Uuid]) -> Result<HashMap<Uuid, Named>> {
    topic_names_on(tx.conn()?, ids).await
}

pub(super) async fn topic_names_on(mut conn: &AsyncPgConnection, ids: &[Uuid]) -> Result<HashMap<Uuid, Named>> {
    diesel::alias!(topics as target: Target);
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, Named)> = topics::table
        .inner_join(
            target.on(target
                .field(topics::id)
                .eq(topics::id)
                .and(topics::merged_into.is_null())
                .or(target.field(topics::id).nullable().eq(topics::merged_into))),
        )
        .filter(topics::id.eq_any(ids))
        .select((topics::id, (target.field(topics::id), target.field(topics::slug), target.field(topics::name))))
        .load(&mut conn)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Names of users by id.
pub async fn user_names(tx: &mut Tx, ids: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    user_names_on(tx.conn()?, ids).await
}

pub(super) async fn user_names_on(mut conn: &AsyncPgConnection, ids: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, String)> =
        users::table.filter(users::id.eq_any(ids)).select((users::id, users::name)).load(&mut conn).await?;
    Ok(rows.into_iter().collect())
}

/// Names of regions by id.
pub async fn region_names(tx: &mut Tx, ids: &[Uuid]) -> Result<HashMap<Uuid, Named>> {
    region_names_on(tx.conn()?, ids).await
}

pub(super) async fn region_names_on(mut conn: &AsyncPgConnection, ids: &[Uuid]) -> Result<HashMap<Uuid, Named>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<Named> = regions::table
        .filter(regions::id.eq_any(ids))
        .select((regions::id, regions::slug, regions::name))
        .load(&mut conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

fn gathered(
    present: Vec<(Uuid, String, Option<Uuid>)>,
    retired: Vec<(String, Option<Uuid>)>,
) -> HashMap<IdOrSlug, Uuid> {
    let mut found: HashMap<IdOrSlug, Uuid> = HashMap::new();
    for (slug, id) in retired {
        found.extend(id.map(|id| (IdOrSlug::Slug(slug), id)));
    }
    for (id, slug, merged_into) in present {
        let target = merged_into.unwrap_or(id);
        found.insert(IdOrSlug::Id(id), target);
        found.insert(IdOrSlug::Slug(slug), target);
    }
    found
}
