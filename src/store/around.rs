//! What stands around an article on its page: articles alike, the newest of its section, and the site's own pages. All
//! of it is live, also around a draft.

use diesel::QueryResult;
use diesel::deserialize::Queryable;
use diesel::sql_types::{Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::cards::{CardRow, CardSql, card_columns};
use super::live::Moment;
use super::sql::Sql;
use crate::rules::reference::IdOrSlug;

type AroundSql = (Text, Nullable<Text>, Nullable<SqlUuid>, CardSql);

/// A card that stands around the article.
#[derive(Clone, Debug, Queryable)]
pub struct AroundRow {
    /// `alike`, `rail` or `site`.
    pub part: String,
    /// What it has in common with the article: `topic`, `author` or `region`.
    pub reason: Option<String>,
    /// Which one.
    pub shared: Option<Uuid>,
    /// The card.
    pub card: CardRow,
}

/// What the cards are to stand around.
#[derive(Clone, Copy, Debug)]
pub(super) enum Centre<'a> {
    /// What is live under this name.
    Live(&'a IdOrSlug),
    /// A draft.
    Draft(&'a Traits<'a>),
}

/// What of a draft others may have in common with it, each in order.
#[derive(Debug)]
pub(super) struct Traits<'a> {
    /// The article.
    pub article: Uuid,
    /// Its section, if it has one.
    pub section: Option<Uuid>,
    /// Its topics.
    pub topics: &'a [Uuid],
    /// Those of its byline.
    pub authors: &'a [Uuid],
    /// Its regions, the section first.
    pub regions: &'a [Uuid],
    /// The articles that it links to.
    pub linked: &'a [Uuid],
}

/// One way in which articles are alike. Of each of the article's first topics, authors and regions only the newest that
/// have it too are looked at.
struct Likeness {
    /// Reason, rank among reasons, and what is shared.
    select: &'static str,
    /// What a publication has.
    of_live: &'static str,
    /// What a draft has, after its ids.
    of_draft: &'static str,
    /// Those that have one of it as well.
    others: &'static str,
}

macro_rules! likeness {
    ($reason:literal, $rank:literal, $table:literal, $shared:literal, first $most:literal) => {
        Likeness {
            select: concat!(
                "SELECT '",
                $reason,
                "' AS reason, ",
                $rank,
                " AS rank, own.",
                $shared,
                " AS shared, x.id, x.published_at, ",
                "x.article_id FROM it "
            ),
            of_live: concat!("JOIN ", $table, " own ON own.publication_id = it.id AND own.position < ", $most),
            of_draft: concat!("::uuid[]) WITH ORDINALITY AS own(", $shared, ", place) ON own.place <= ", $most),
            others: concat!(
                " CROSS JOIN LATERAL (SELECT p.id, o.published_at, o.article_id FROM ",
                $table,
                " o ",
                "JOIN publications p ON p.id = o.publication_id WHERE o.",
                $shared,
                " = own.",
                $shared,
                " AND "
            ),
        }
    };
}

const LIKENESSES: [Likeness; 3] = [
    likeness!("topic", 1, "publication_topics", "topic_id", first 6),
    likeness!("author", 2, "publication_authors", "author_id", first 4),
    likeness!("region", 3, "publication_regions", "region_id", first 4),
];

impl<'a> Traits<'a> {
    /// In the order of [`LIKENESSES`].
    fn shared(&self) -> [&'a [Uuid]; 3] {
        [self.topics, self.authors, self.regions]
    }
}

/// At most six articles alike, without those that the article links to, at most eight of its section, and the site's own
/// pages, each the newest first; without an article, the site's own pages. One statement.
pub(super) async fn of(
    mut conn: &AsyncPgConnection,
    centre: Option<Centre<'_>>,
    now: Moment,
) -> QueryResult<Vec<AroundRow>> {
    let sql = Sql::<AroundSql>::new("WITH ");
    let sql = match centre {
        None => sql.text("picked AS ("),
        Some(centre) => alike_and_rail(sql, centre, now),
    };
    let query = sql
        .text("SELECT 'site' AS part, NULL::text AS reason, NULL::uuid AS shared, s.id FROM (SELECT p.id ")
        .text("FROM publications p WHERE p.type = 'page' AND ")
        .live_at("p", now)
        .text(" ORDER BY p.published_at DESC, p.article_id DESC LIMIT 20) s) ")
        .text("SELECT picked.part, picked.reason, picked.shared, ")
        .then(card_columns)
        .text(" FROM picked JOIN publications p ON p.id = picked.id LEFT JOIN media m ON m.id = p.hero_media_id ")
        .text("ORDER BY picked.part, p.published_at DESC, p.article_id DESC");
    query.load(&mut conn).await
}

fn alike_and_rail<'a>(sql: Sql<'a, AroundSql>, centre: Centre<'a>, now: Moment) -> Sql<'a, AroundSql> {
    let mut sql = it(sql, centre, now).text(", candidates AS (");
    for (number, likeness) in LIKENESSES.iter().enumerate() {
        sql = sql.text(if number == 0 { "" } else { " UNION ALL " }).text(likeness.select);
        sql = match centre {
            Centre::Draft(draft) => {
                let ids = draft.shared().get(number).copied().unwrap_or_default();
                sql.text("JOIN unnest(").ids(ids).text(likeness.of_draft)
            }
            Centre::Live(_) => sql.text(likeness.of_live),
        };
        sql = unlinked(sql.text(likeness.others), centre)
            .text(" AND o.article_id <> it.article_id AND p.type <> 'page' AND ")
            .live_at("p", now)
            .text(" ORDER BY o.published_at DESC, o.article_id DESC LIMIT 8) x");
    }
    sql.text("), once AS (SELECT DISTINCT ON (c.id) c.* FROM candidates c ORDER BY c.id, c.rank, c.shared), ")
        .text("picked AS ((SELECT 'alike' AS part, o.reason, o.shared, o.id FROM once o ")
        .text("ORDER BY o.published_at DESC, o.article_id DESC LIMIT 6) ")
        .text("UNION ALL SELECT 'rail', NULL, NULL, x.id FROM it CROSS JOIN LATERAL ")
        .text("(SELECT p.id FROM publication_regions o JOIN publications p ON p.id = o.publication_id ")
        .text("WHERE o.region_id = it.primary_region_id AND o.article_id <> it.article_id AND p.type <> 'page' AND ")
        .live_at("p", now)
        .text(" ORDER BY o.published_at DESC, o.article_id DESC LIMIT 8) x UNION ALL ")
}

/// The article that the rest stands around, as `it`: none where nothing is live under the name.
fn it<'a>(sql: Sql<'a, AroundSql>, centre: Centre<'a>, now: Moment) -> Sql<'a, AroundSql> {
    let sql = sql.text("it AS MATERIALIZED (SELECT ");
    let sql = match centre {
        Centre::Live(key) => {
            sql.text("p.id, p.article_id, p.primary_region_id FROM publications p WHERE ").named(key, now)
        }
        Centre::Draft(draft) => {
            let sql = sql.id(draft.article).text("::uuid AS article_id, ").maybe_id(draft.section);
            sql.text("::uuid AS primary_region_id")
        }
    };
    sql.text(")")
}

/// The condition that the article does not link to the other one `o`.
fn unlinked<'a>(sql: Sql<'a, AroundSql>, centre: Centre<'a>) -> Sql<'a, AroundSql> {
    match centre {
        Centre::Draft(draft) => sql.text("o.article_id <> ALL (").ids(draft.linked).text("::uuid[])"),
        Centre::Live(_) => sql
            .text("NOT EXISTS (SELECT 1 FROM publication_links l WHERE l.publication_id = it.id ")
            .text("AND l.target_id = o.article_id)"),
    }
}
