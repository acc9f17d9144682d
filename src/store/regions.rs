//! Regions: rows, lists, and who stands around each in tree and memberships. `region_tree` keeps the closure.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Integer, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::keyset::page_by_text;
use super::schema::{
    article_regions, articles, publication_regions, publications, regions, retired_slugs, user_regions,
};
use super::topics::contains;
use super::{Reader, Stored, Tx, earlier_names};
use crate::base::error::Result;
use crate::rules::page::{Seek, Window};
use crate::rules::reference::IdOrSlug;
use crate::rules::region::{RegionKind, RegionName};

/// One region.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = regions, treat_none_as_null = true)]
pub struct Region {
    /// UUIDv7.
    pub id: Uuid,
    /// Its present slug.
    pub slug: String,
    /// As it is shown.
    pub name: String,
    /// The name folded for comparison and order.
    pub name_key: String,
    /// `world`, `region`, `subregion`, `country`, `grouping` or `editorial`.
    pub kind: String,
    /// What it is a part of.
    pub parent_id: Option<Uuid>,
    /// Order among those that have the same parent, from 0.
    pub position: i32,
    /// Names in other languages.
    pub names: Stored<Vec<RegionName>>,
    /// All its names folded, one a line.
    pub names_key: String,
    /// Plain text.
    pub description: Option<String>,
    /// ISO 3166-1, two letters.
    pub iso2: Option<String>,
    /// ISO 3166-1, three letters.
    pub iso3: Option<String>,
    /// UN M49.
    pub m49: Option<String>,
    /// Goes up with every write.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was written last.
    pub updated_at: DateTime<Utc>,
}

/// What a list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Words in one of its names.
    pub words: Option<String>,
    /// Any of these kinds; all without.
    pub kinds: Vec<RegionKind>,
    /// Those directly under this region.
    pub parent: Option<Uuid>,
}

/// A region as others name it.
#[derive(Clone, Debug, QueryableByName)]
#[diesel(table_name = regions)]
pub struct Relative {
    /// Its id.
    pub id: Uuid,
    /// Its present slug.
    pub slug: String,
    /// As it is shown.
    pub name: String,
    /// Its kind.
    pub kind: String,
}

/// Who stands around a region.
#[derive(Clone, Debug, Default)]
pub struct Relatives {
    /// The chain of parents, the root first.
    pub ancestors: Vec<Relative>,
    /// Directly under it, in order.
    pub children: Vec<Relative>,
    /// Its members, in order.
    pub members: Vec<Relative>,
    /// The regions that it is a member of, by name.
    pub member_of: Vec<Relative>,
}

#[derive(QueryableByName)]
struct RelativeRow {
    #[diesel(sql_type = Text)]
    relation: String,
    #[diesel(embed)]
    relative: Relative,
}

const RELATIVES: &str = "\
    WITH RECURSIVE chain AS ( \
        SELECT id, parent_id, 0 AS level FROM regions WHERE id = $1 \
        UNION ALL \
        SELECT above.id, above.parent_id, chain.level + 1 FROM chain JOIN regions above ON above.id = chain.parent_id \
    ), around AS ( \
        SELECT 'ancestor' AS relation, -level AS place, id FROM chain WHERE level > 0 \
        UNION ALL SELECT 'child', position, id FROM regions WHERE parent_id = $1 \
        UNION ALL SELECT 'member', position, member_id FROM region_members WHERE region_id = $1 \
        UNION ALL SELECT 'member_of', 0, region_id FROM region_members WHERE member_id = $1 \
    ) \
    SELECT around.relation, regions.id, regions.slug, regions.name, regions.kind \
    FROM around JOIN regions USING (id) ORDER BY around.relation, around.place, regions.name_key, regions.id";

#[derive(QueryableByName)]
struct ParentRow {
    #[diesel(sql_type = SqlUuid)]
    descendant: Uuid,
    #[diesel(embed)]
    relative: Relative,
}

const CHAINS: &str = "\
    WITH RECURSIVE chain AS ( \
        SELECT id AS descendant, parent_id AS id, 1 AS level FROM regions WHERE id = ANY($1) \
        UNION ALL \
        SELECT chain.descendant, above.parent_id, chain.level + 1 FROM chain JOIN regions above ON above.id = chain.id \
    ) \
    SELECT chain.descendant, regions.id, regions.slug, regions.name, regions.kind \
    FROM chain JOIN regions ON regions.id = chain.id ORDER BY chain.descendant, chain.level DESC";

/// The parents of several regions, each chain from the root down.
pub type Chains = HashMap<Uuid, Vec<Relative>>;

fn chained(rows: Vec<ParentRow>) -> Chains {
    let mut chains = Chains::new();
    for row in rows {
        chains.entry(row.descendant).or_default().push(row.relative);
    }
    chains
}

const POSITIONS: &str = "\
    UPDATE regions SET position = place.position \
    FROM unnest($1, $2) AS place (id, position) WHERE regions.id = place.id";

fn gathered(rows: Vec<RelativeRow>) -> Relatives {
    let mut around = Relatives::default();
    for RelativeRow { relation, relative } in rows {
        match relation.as_str() {
            "ancestor" => around.ancestors.push(relative),
            "child" => around.children.push(relative),
            "member" => around.members.push(relative),
            _ => around.member_of.push(relative),
        }
    }
    around
}

type Query<'a> = regions::BoxedQuery<'a, Pg>;

/// The region that an id or slug leads to, present or former.
fn named<'a>(key: &IdOrSlug) -> Query<'a> {
    match key.clone() {
        IdOrSlug::Id(id) => regions::table.filter(regions::id.eq(id)).into_boxed(),
        IdOrSlug::Slug(slug) => {
            let retired = retired_slugs::table
                .filter(retired_slugs::kind.eq("region").and(retired_slugs::slug.eq(slug.clone())))
                .filter(retired_slugs::region_id.eq(regions::id.nullable()));
            regions::table.filter(regions::slug.eq(slug).or(diesel::dsl::exists(retired))).into_boxed()
        }
    }
}

fn narrowed<'a>(filter: &Filter) -> Query<'a> {
    let mut query = regions::table.into_boxed();
    if let Some(words) = &filter.words {
        query = query.filter(regions::names_key.like(contains(words)).escape('\\'));
    }
    if !filter.kinds.is_empty() {
        let kinds: Vec<&str> = filter.kinds.iter().map(|kind| kind.as_str()).collect();
        query = query.filter(regions::kind.eq_any(kinds));
    }
    if let Some(parent) = filter.parent {
        query = query.filter(regions::parent_id.eq(parent));
    }
    query
}

/// One page by name.
fn page<'a>(filter: &Filter, seek: &Seek) -> Query<'a> {
    page_by_text!(narrowed(filter), regions::name_key, regions::id, seek)
}

fn window(rows: Vec<Region>, seek: &Seek) -> Window<Region> {
    Window::of(rows, seek, |region| (region.name_key.clone(), region.id))
}

/// The region that delivery shows for an id or slug.
pub async fn find(reader: &Reader, key: &IdOrSlug) -> Result<Option<Region>> {
    reader.run(async |mut conn| named(key).select(Region::as_select()).first(&mut conn).await.optional()).await
}

/// Who stands around a region, for delivery. One statement.
pub async fn relatives(reader: &Reader, id: Uuid) -> Result<Relatives> {
    let rows =
        reader.run(async |mut conn| diesel::sql_query(RELATIVES).bind::<SqlUuid, _>(id).load(&mut conn).await).await?;
    Ok(gathered(rows))
}

/// The parents of these regions, for delivery. One statement.
pub async fn chains(reader: &Reader, ids: &[Uuid]) -> Result<Chains> {
    let rows = reader
        .run(async |mut conn| diesel::sql_query(CHAINS).bind::<Array<SqlUuid>, _>(ids).load(&mut conn).await)
        .await?;
    Ok(chained(rows))
}

/// One page of regions for delivery, by name.
pub async fn list(reader: &Reader, filter: &Filter, seek: &Seek) -> Result<Window<Region>> {
    let rows =
        reader.run(async |mut conn| page(filter, seek).select(Region::as_select()).load(&mut conn).await).await?;
    Ok(window(rows, seek))
}

/// How many regions the list has.
pub async fn count(reader: &Reader, filter: &Filter) -> Result<i64> {
    reader.run(async |mut conn| narrowed(filter).count().get_result(&mut conn).await).await
}

/// The region that the newsroom means by an id or slug.
pub async fn find_in(tx: &mut Tx, key: &IdOrSlug) -> Result<Option<Region>> {
    Ok(named(key).select(Region::as_select()).first(tx.conn()?).await.optional()?)
}

/// Who stands around a region. One statement.
pub async fn relatives_in(tx: &mut Tx, id: Uuid) -> Result<Relatives> {
    Ok(gathered(diesel::sql_query(RELATIVES).bind::<SqlUuid, _>(id).load(tx.conn()?).await?))
}

/// The parents of these regions. One statement.
pub async fn chains_in(tx: &mut Tx, ids: &[Uuid]) -> Result<Chains> {
    Ok(chained(diesel::sql_query(CHAINS).bind::<Array<SqlUuid>, _>(ids).load(tx.conn()?).await?))
}

/// One page of regions for the newsroom.
pub async fn list_in(tx: &mut Tx, filter: &Filter, seek: &Seek) -> Result<Window<Region>> {
    Ok(window(page(filter, seek).select(Region::as_select()).load(tx.conn()?).await?, seek))
}

/// How many regions the newsroom's list has.
pub async fn count_in(tx: &mut Tx, filter: &Filter) -> Result<i64> {
    Ok(narrowed(filter).count().get_result(tx.conn()?).await?)
}

/// Those that have the same parent, in order.
pub async fn siblings(tx: &mut Tx, parent: Option<Uuid>) -> Result<Vec<(Uuid, i32)>> {
    let query = regions::table
        .filter(regions::parent_id.is_not_distinct_from(parent))
        .order((regions::position.asc(), regions::id.asc()));
    Ok(query.select((regions::id, regions::position)).load(tx.conn()?).await?)
}

/// Gives regions other places among their siblings.
pub async fn set_positions(tx: &mut Tx, places: &[(Uuid, i32)]) -> Result<()> {
    if places.is_empty() {
        return Ok(());
    }
    let (ids, positions): (Vec<Uuid>, Vec<i32>) = places.iter().copied().unzip();
    diesel::sql_query(POSITIONS)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<Integer>, _>(positions)
        .execute(tx.conn()?)
        .await?;
    Ok(())
}

/// The region with this id, locked until the transaction ends.
pub async fn lock(tx: &mut Tx, id: Uuid) -> Result<Option<Region>> {
    Ok(regions::table.find(id).select(Region::as_select()).for_no_key_update().first(tx.conn()?).await.optional()?)
}

/// All regions, for what looks at the whole taxonomy.
pub async fn all(tx: &mut Tx) -> Result<Vec<Region>> {
    Ok(regions::table.order(regions::id).select(Region::as_select()).load(tx.conn()?).await?)
}

/// Slugs that regions once had, with whose they were.
pub async fn retired(tx: &mut Tx) -> Result<Vec<(String, Uuid)>> {
    let query = retired_slugs::table.filter(retired_slugs::region_id.is_not_null());
    Ok(query.select((retired_slugs::slug, retired_slugs::region_id.assume_not_null())).load(tx.conn()?).await?)
}

/// Adds regions, parents before children.
pub async fn insert(tx: &mut Tx, new: &[Region]) -> Result<()> {
    // A statement takes 65,535 values at most.
    for some in new.chunks(1000) {
        diesel::insert_into(regions::table).values(some).execute(tx.conn()?).await?;
    }
    Ok(())
}

/// Writes all of a region's columns.
pub async fn update(tx: &mut Tx, region: &Region) -> Result<()> {
    diesel::update(regions::table.find(region.id)).set(region).execute(tx.conn()?).await?;
    Ok(())
}

/// Removes a region that nothing names and that has no children.
pub async fn delete(tx: &mut Tx, id: Uuid) -> Result<()> {
    diesel::delete(regions::table.find(id)).execute(tx.conn()?).await?;
    Ok(())
}

/// In how many places the region itself is named: by articles, in the newsroom, in its history or published, and by
/// editors' limits.
pub async fn uses(tx: &mut Tx, id: Uuid) -> Result<i64> {
    let working = article_regions::table.filter(article_regions::region_id.eq(id)).count();
    let working: i64 = working.get_result(tx.conn()?).await?;
    let sections: i64 =
        articles::table.filter(articles::primary_region_id.eq(id)).count().get_result(tx.conn()?).await?;
    let published = publication_regions::table
        .filter(publication_regions::region_id.eq(id).and(publication_regions::position.is_not_null()));
    let published: i64 = published.count().get_result(tx.conn()?).await?;
    let live: i64 =
        publications::table.filter(publications::primary_region_id.eq(id)).count().get_result(tx.conn()?).await?;
    let limits: i64 = user_regions::table.filter(user_regions::region_id.eq(id)).count().get_result(tx.conn()?).await?;
    Ok(working.max(sections) + published.max(live) + limits + earlier_names::count(tx, &[id]).await?)
}
