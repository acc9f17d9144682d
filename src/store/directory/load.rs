//! Loads the snapshot: the version first, so that what is loaded is at least as young as it says.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Double, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use futures_util::future::try_join5;
use serde_json::Value;
use uuid::Uuid;

use super::entries::{Directory, KnownAuthor, KnownRegion, KnownTopic, Shelf};
use crate::base::error::Result;
use crate::rules::media::Rendition;
use crate::store::schema::{authors, media, reference_version, region_tree, regions, retired_slugs, topics};
use crate::store::{Reader, Stored};

/// What is shown of an asset. The columns are named by [`ASSET`].
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = media)]
pub struct Asset {
    /// UUIDv7.
    pub id: Uuid,
    /// Where its bytes are.
    pub url: String,
    /// In pixels.
    pub width: Option<i32>,
    /// In pixels.
    pub height: Option<i32>,
    /// What it shows.
    pub alt: String,
    /// What is written under it.
    pub caption: String,
    /// Who is owed the credit.
    pub credit_line: String,
    /// From the left, 0 to 1.
    pub focal_x: Option<f64>,
    /// From the top, 0 to 1.
    pub focal_y: Option<f64>,
    /// Other sizes.
    pub renditions: Stored<Vec<Rendition>>,
    /// When it was written last.
    pub updated_at: DateTime<Utc>,
}

/// The columns of [`Asset`] under the alias `m`.
pub(in crate::store) const ASSET: &str = "m.id, m.url, m.width, m.height, m.alt, m.caption, m.credit_line, \
     m.focal_x, m.focal_y, m.renditions, m.updated_at";

/// The types of [`ASSET`].
pub(in crate::store) type AssetSql = (
    SqlUuid,
    Text,
    Nullable<Integer>,
    Nullable<Integer>,
    Text,
    Text,
    Text,
    Nullable<Double>,
    Nullable<Double>,
    Jsonb,
    Timestamptz,
);

#[derive(Queryable, Selectable)]
#[diesel(table_name = authors)]
struct AuthorRow {
    id: Uuid,
    slug: String,
    name: String,
    job_title: Option<String>,
    bio: Option<String>,
    location: Option<String>,
    links: Value,
    merged_into: Option<Uuid>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = regions)]
struct RegionRow {
    id: Uuid,
    slug: String,
    name: String,
    kind: String,
    description: Option<String>,
    parent_id: Option<Uuid>,
}

/// Slug, author, region, topic.
type RetiredRow = (String, Option<Uuid>, Option<Uuid>, Option<Uuid>);
/// Id, slug, name, the topic that took it in.
type TopicRow = (Uuid, String, String, Option<Uuid>);
/// Ancestor, descendant, depth.
type TreeRow = (Uuid, Uuid, i32);

pub(super) async fn load(reader: &Reader) -> Result<Directory> {
    let version = reference_version::table.select((reference_version::version, reference_version::changed_at));
    let (version, changed_at) = reader.run_at_primary(async |mut conn| version.first(&mut conn).await).await?;
    let mut directory = Directory {
        version,
        changed_at,
        authors: Shelf::default(),
        regions: Shelf::default(),
        topics: Shelf::default(),
        roots: Vec::new(),
    };
    let (authors, regions, tree, topics, retired) = reader
        .run_at_primary(async |conn| {
            try_join5(authors(conn), regions(conn), tree(conn), topics(conn), retired(conn)).await
        })
        .await?;
    shelve_authors(&mut directory, authors);
    shelve_regions(&mut directory, regions, &tree);
    for (id, slug, name, merged_into) in topics {
        match merged_into {
            Some(into) => directory.topics.lead(id, slug, into),
            None => directory.topics.add(id, &slug, KnownTopic { id, slug: slug.clone(), name }),
        }
    }
    for (slug, author, region, topic) in retired {
        if let Some(id) = author {
            directory.authors.retire(slug, id);
        } else if let Some(id) = region {
            directory.regions.retire(slug, id);
        } else if let Some(id) = topic {
            directory.topics.retire(slug, id);
        }
    }
    Ok(directory)
}

fn shelve_authors(directory: &mut Directory, rows: Vec<(AuthorRow, Option<Asset>)>) {
    for (row, avatar) in rows {
        if let Some(into) = row.merged_into {
            directory.authors.lead(row.id, row.slug, into);
            continue;
        }
        let author = KnownAuthor {
            id: row.id,
            slug: row.slug.clone(),
            name: row.name,
            job_title: row.job_title,
            bio: row.bio,
            location: row.location,
            links: row.links,
            avatar,
        };
        directory.authors.add(row.id, &row.slug, author);
    }
}

/// `rows` in the order of siblings, `tree` the nearest first.
fn shelve_regions(directory: &mut Directory, rows: Vec<RegionRow>, tree: &[TreeRow]) {
    let mut children: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    let below: HashMap<Uuid, Vec<Uuid>> =
        tree.iter().filter(|(.., depth)| *depth == 1).fold(HashMap::new(), |mut all, (above, id, _)| {
            all.entry(*id).or_insert_with(Vec::new).push(*above);
            all
        });
    for row in &rows {
        for above in below.get(&row.id).into_iter().flatten() {
            children.entry(*above).or_default().push(row.id);
        }
    }
    for row in rows {
        if row.parent_id.is_none() {
            directory.roots.push(row.id);
        }
        let region = KnownRegion {
            id: row.id,
            slug: row.slug.clone(),
            name: row.name,
            kind: row.kind,
            description: row.description,
            parent: row.parent_id,
            ancestors: Vec::new(),
            children: children.remove(&row.id).unwrap_or_default(),
        };
        directory.regions.add(row.id, &row.slug, region);
    }
    for (above, id, _) in tree {
        if let Some(region) = directory.regions.get_mut(*id) {
            // Of two that are equally near, the parent comes before a grouping that it is a member of.
            let first = region.parent == Some(*above);
            let place = if first { 0 } else { region.ancestors.len() };
            region.ancestors.insert(place, *above);
        }
    }
}

async fn authors(mut conn: &AsyncPgConnection) -> QueryResult<Vec<(AuthorRow, Option<Asset>)>> {
    authors::table
        .left_join(media::table)
        .select((AuthorRow::as_select(), Option::<Asset>::as_select()))
        .load(&mut conn)
        .await
}

async fn regions(mut conn: &AsyncPgConnection) -> QueryResult<Vec<RegionRow>> {
    regions::table
        .order((regions::position.asc(), regions::name.asc(), regions::id.asc()))
        .select(RegionRow::as_select())
        .load(&mut conn)
        .await
}

async fn tree(mut conn: &AsyncPgConnection) -> QueryResult<Vec<TreeRow>> {
    region_tree::table
        .filter(region_tree::depth.gt(0))
        .order((region_tree::depth.asc(), region_tree::ancestor_id.asc()))
        .select((region_tree::ancestor_id, region_tree::descendant_id, region_tree::depth))
        .load(&mut conn)
        .await
}

async fn topics(mut conn: &AsyncPgConnection) -> QueryResult<Vec<TopicRow>> {
    topics::table.select((topics::id, topics::slug, topics::name, topics::merged_into)).load(&mut conn).await
}

async fn retired(mut conn: &AsyncPgConnection) -> QueryResult<Vec<RetiredRow>> {
    retired_slugs::table
        .select((retired_slugs::slug, retired_slugs::author_id, retired_slugs::region_id, retired_slugs::topic_id))
        .load(&mut conn)
        .await
}
