//! The closure of tree and memberships, and what hangs on it: the ancestors that publications are listed under.
//! Whoever changes an edge holds the lock until the transaction ends; whoever only reads the closure to write from it
//! shares the lock, so that no publication is written from a taxonomy that is just being changed.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{Array, Nullable, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::regions::Relative;
use super::schema::{region_members, region_tree, regions};
use super::{Reader, Tx, hold};
use crate::base::error::Result;
use crate::rules::region::Shape;

/// Any fixed number.
const LOCK: i64 = 6_720_114_902;

/// Every edge up, from the changed regions to all that lies above them. The shortest way counts.
const REBUILD: &str = "\
    WITH RECURSIVE edges AS ( \
        SELECT parent_id AS above, id AS below FROM regions WHERE parent_id IS NOT NULL \
        UNION SELECT region_id, member_id FROM region_members \
    ), up (ancestor, descendant, depth) AS ( \
        SELECT id, id, 0 FROM regions WHERE id = ANY($1) \
        UNION SELECT edges.above, up.descendant, up.depth + 1 FROM up JOIN edges ON edges.below = up.ancestor \
    ) \
    INSERT INTO region_tree (ancestor_id, descendant_id, depth) \
    SELECT ancestor, descendant, min(depth) FROM up GROUP BY ancestor, descendant";

/// Ancestors that publications in these regions are no longer under.
const LEAVE: &str = "\
    DELETE FROM publication_regions AS stale WHERE stale.position IS NULL AND stale.publication_id IN ( \
        SELECT own.publication_id FROM publication_regions own \
        WHERE own.position IS NOT NULL AND own.region_id = ANY($1) \
    ) AND NOT EXISTS ( \
        SELECT FROM publication_regions own JOIN region_tree tree ON tree.descendant_id = own.region_id \
        WHERE own.publication_id = stale.publication_id AND own.position IS NOT NULL \
            AND tree.ancestor_id = stale.region_id \
    )";

/// Ancestors that publications in these regions are under by now.
const JOIN: &str = "\
    INSERT INTO publication_regions (publication_id, region_id, position, published_at, article_id) \
    SELECT DISTINCT own.publication_id, tree.ancestor_id, NULL::integer, own.published_at, own.article_id \
    FROM publication_regions own JOIN region_tree tree ON tree.descendant_id = own.region_id \
    WHERE own.position IS NOT NULL AND own.region_id = ANY($1) \
    ON CONFLICT (publication_id, region_id) DO NOTHING";

const TREE: &str = "SELECT id, slug, name, kind, parent_id FROM regions ORDER BY position, name_key, id";
const MEMBERS: &str = "SELECT region_id, member_id FROM region_members ORDER BY region_id, position, member_id";

/// Waits until nobody else changes the taxonomy, and keeps it so until the transaction ends. A change may touch every
/// publication, so it is patient.
pub async fn hold(tx: &mut Tx) -> Result<()> {
    hold::alone(tx, LOCK).await?;
    tx.be_patient().await
}

/// Lets nobody change the taxonomy until the transaction ends. Taken before any row of a publication is locked.
pub async fn hold_still(tx: &mut Tx) -> Result<()> {
    hold::together(tx, LOCK).await
}

/// The shape of the whole taxonomy.
pub async fn shape(tx: &mut Tx) -> Result<Shape> {
    let parents: Vec<(Uuid, Option<Uuid>)> =
        regions::table.select((regions::id, regions::parent_id)).load(tx.conn()?).await?;
    let members: Vec<(Uuid, Uuid)> =
        region_members::table.select((region_members::region_id, region_members::member_id)).load(tx.conn()?).await?;
    Ok(Shape::of(&parents, &members))
}

/// The members of a region, in order.
pub async fn members(tx: &mut Tx, region: Uuid) -> Result<Vec<Uuid>> {
    let query = region_members::table
        .filter(region_members::region_id.eq(region))
        .order((region_members::position.asc(), region_members::member_id.asc()));
    Ok(query.select(region_members::member_id).load(tx.conn()?).await?)
}

/// Gives a region these members instead of those that it has.
pub async fn set_members(tx: &mut Tx, region: Uuid, members: &[Uuid]) -> Result<()> {
    diesel::delete(region_members::table.filter(region_members::region_id.eq(region))).execute(tx.conn()?).await?;
    let pairs: Vec<(Uuid, Uuid)> = members.iter().map(|member| (region, *member)).collect();
    add_members(tx, &pairs).await
}

/// Adds pairs of a region and its member, in the order in which each region's members come.
pub async fn add_members(tx: &mut Tx, pairs: &[(Uuid, Uuid)]) -> Result<()> {
    let rows: Vec<_> = (0..)
        .zip(pairs)
        .map(|(position, (region, member)): (i32, _)| {
            (
                region_members::region_id.eq(*region),
                region_members::member_id.eq(*member),
                region_members::position.eq(position),
            )
        })
        .collect();
    diesel::insert_into(region_members::table).values(rows).execute(tx.conn()?).await?;
    Ok(())
}

/// All that lies above these regions, themselves included.
pub async fn above(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let query = region_tree::table.filter(region_tree::descendant_id.eq_any(ids));
    Ok(query.select(region_tree::ancestor_id).distinct().load(tx.conn()?).await?)
}

/// Writes anew what lies above each of these regions, in the closure and in the rows of publications that stand in
/// them: those that are over, live and to come.
pub async fn rewrite(tx: &mut Tx, changed: &[Uuid]) -> Result<()> {
    diesel::delete(region_tree::table.filter(region_tree::descendant_id.eq_any(changed))).execute(tx.conn()?).await?;
    for statement in [REBUILD, LEAVE, JOIN] {
        diesel::sql_query(statement).bind::<Array<SqlUuid>, _>(changed).execute(tx.conn()?).await?;
    }
    Ok(())
}

/// A region with all that hangs from it.
#[derive(Clone, Debug)]
pub struct Branch {
    /// The region.
    pub region: Relative,
    /// Its members, in order.
    pub members: Vec<Relative>,
    /// What is directly under it, in order.
    pub children: Vec<Branch>,
}

#[derive(QueryableByName)]
struct TreeRow {
    #[diesel(embed)]
    region: Relative,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    parent_id: Option<Uuid>,
}

#[derive(QueryableByName)]
struct MemberRow {
    #[diesel(sql_type = SqlUuid)]
    region_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    member_id: Uuid,
}

/// The whole tree, from its roots. One round trip.
pub async fn tree(reader: &Reader) -> Result<Vec<Branch>> {
    let (rows, members) = reader
        .run(async |conn| {
            let (mut first, mut second) = (conn, conn);
            let rows = async { diesel::sql_query(TREE).load(&mut first).await };
            let members = async { diesel::sql_query(MEMBERS).load(&mut second).await };
            tokio::try_join!(rows, members)
        })
        .await?;
    Ok(grown(rows, members))
}

/// The whole tree, from its roots, for the newsroom.
pub async fn tree_in(tx: &mut Tx) -> Result<Vec<Branch>> {
    let rows = diesel::sql_query(TREE).load(tx.conn()?).await?;
    let members = diesel::sql_query(MEMBERS).load(tx.conn()?).await?;
    Ok(grown(rows, members))
}

#[derive(Default)]
struct Seedling {
    children: HashMap<Option<Uuid>, Vec<Relative>>,
    members: HashMap<Uuid, Vec<Relative>>,
}

fn grown(rows: Vec<TreeRow>, members: Vec<MemberRow>) -> Vec<Branch> {
    let by_id: HashMap<Uuid, Relative> = rows.iter().map(|row| (row.region.id, row.region.clone())).collect();
    let mut seedling = Seedling::default();
    for MemberRow { region_id, member_id } in members {
        let member = by_id.get(&member_id).cloned();
        seedling.members.entry(region_id).or_default().extend(member);
    }
    for row in rows {
        seedling.children.entry(row.parent_id).or_default().push(row.region);
    }
    seedling.under(None)
}

impl Seedling {
    /// The depth of the recursion is that of the tree, which has few levels.
    fn under(&mut self, parent: Option<Uuid>) -> Vec<Branch> {
        let regions = self.children.remove(&parent).unwrap_or_default();
        let branch = |region: Relative| Branch {
            members: self.members.remove(&region.id).unwrap_or_default(),
            children: self.under(Some(region.id)),
            region,
        };
        regions.into_iter().map(branch).collect()
    }
}
