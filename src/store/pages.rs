//! One live article with all that its page shows, by id or by any slug under which it was ever live.

use chrono::{DateTime, Utc};
use diesel::QueryResult;
use diesel::deserialize::Queryable;
use diesel::sql_types::{Json, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use futures_util::future::{try_join, try_join3};
use uuid::Uuid;

use super::around::{self, AroundRow, Centre};
use super::cards::{CardRow, CardSql, card_columns};
use super::corrections::told_by;
use super::live::{self, Known, Moment};
use super::sql::Sql;
use super::{RawJson, Reader};
use crate::base::error::{Error, Result};
use crate::rules::article::Link;
use crate::rules::body::Format;
use crate::rules::reference::IdOrSlug;

/// How often an article may be published anew under one request before it gives up.
const MOST_ROUNDS: usize = 3;

type ArticleSql = (
    SqlUuid,
    Nullable<Timestamptz>,
    Nullable<Timestamptz>,
    Json,
    Nullable<Json>,
    Nullable<Json>,
    Nullable<Json>,
    Nullable<Json>,
    Nullable<Json>,
    Nullable<Json>,
    CardSql,
);

/// The article's own part.
#[derive(Clone, Debug, Queryable)]
pub struct ArticleRow {
    /// Which publication.
    pub publication: Uuid,
    /// When it ends.
    pub live_until: Option<DateTime<Utc>>,
    /// When another begins.
    pub next_start: Option<DateTime<Utc>>,
    /// A [`Rest`](crate::rules::published::Rest).
    pub rest: RawJson,
    /// An array of [`Corrected`](crate::rules::published::Corrected), if there are any.
    pub corrections: Option<RawJson>,
    /// An array; there if any form was asked for.
    pub blocks: Option<RawJson>,
    /// A string, if it was asked for.
    pub html: Option<RawJson>,
    /// A string, if it was asked for.
    pub markdown: Option<RawJson>,
    /// A string, if it was asked for.
    pub text: Option<RawJson>,
    /// An array, if it was asked for.
    pub portable_text: Option<RawJson>,
    /// What its card shows.
    pub card: CardRow,
}

type LinkSql = (
    SqlUuid,
    Nullable<SqlUuid>,
    Text,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<SqlUuid>,
    Nullable<Timestamptz>,
    Nullable<Timestamptz>,
    Nullable<CardSql>,
);

/// A link of the article, or a translation of it.
#[derive(Clone, Debug, Queryable)]
pub struct LinkRow {
    publication: Uuid,
    /// The link; none for a translation.
    pub id: Option<Uuid>,
    /// Kind of the link, or `translation`.
    pub kind: String,
    /// An address elsewhere.
    pub url: Option<String>,
    /// Words to show.
    pub title: Option<String>,
    /// The body's block that it stands in.
    pub block_id: Option<String>,
    /// The article that it leads to.
    pub target: Option<Uuid>,
    /// When the target begins to be live, or to be so with other content.
    pub next_start: Option<DateTime<Utc>>,
    /// When the target ceases to be live.
    pub live_until: Option<DateTime<Utc>>,
    /// What is live of the target now.
    pub card: Option<CardRow>,
}

impl LinkRow {
    /// A link of a draft, or without one a translation, with what is live of its target.
    pub(super) fn to(publication: Uuid, link: Option<&Link>, card: Option<CardRow>) -> Self {
        Self {
            publication,
            id: link.map(|link| link.id),
            kind: link.map_or("translation", |link| link.kind.as_str()).to_owned(),
            url: link.and_then(|link| link.url.clone()),
            title: link.and_then(|link| link.title.clone()),
            block_id: link.and_then(|link| link.block_id.clone()),
            target: link.map_or(card.as_ref().map(|card| card.id), |link| link.target),
            next_start: None,
            live_until: None,
            card,
        }
    }
}

/// An article and its links.
#[derive(Clone, Debug)]
pub struct Whole {
    /// The article.
    pub article: ArticleRow,
    /// Its links in order, then its translations.
    pub links: Vec<LinkRow>,
}

/// What is live of an article at `now`, with the body in `forms`.
pub async fn article(
    reader: &Reader,
    key: &IdOrSlug,
    forms: &[Format],
    now: Moment,
) -> Result<Known<(), Option<Whole>>> {
    for _ in 0..MOST_ROUNDS {
        let known = live::read(
            reader,
            now,
            |_| Ok(()),
            async |conn, ()| try_join(one(conn, key, forms, now), links(conn, key, now)).await,
        )
        .await?;
        if let Some(whole) = whole(known.value.0, known.value.1) {
            return Ok(Known { value: whole, meant: (), directory: known.directory, pulse: known.pulse });
        }
    }
    Err(Error::unavailable("the article changed with every look"))
}

/// As [`article`], with what stands around it: articles alike, the newest of its section, and the site's own pages.
pub async fn article_and_around(
    reader: &Reader,
    key: &IdOrSlug,
    forms: &[Format],
    now: Moment,
) -> Result<Known<(), (Option<Whole>, Vec<AroundRow>)>> {
    for _ in 0..MOST_ROUNDS {
        let known = live::read(
            reader,
            now,
            |_| Ok(()),
            async |conn, ()| {
                try_join3(
                    one(conn, key, forms, now),
                    links(conn, key, now),
                    around::of(conn, Some(Centre::Live(key)), now),
                )
                .await
            },
        )
        .await?;
        let (article, links, around) = known.value;
        if let Some(whole) = whole(article, links) {
            return Ok(Known { value: (whole, around), meant: (), directory: known.directory, pulse: known.pulse });
        }
    }
    Err(Error::unavailable("the article changed with every look"))
}

/// What is live of an article at `now`, as its card shows it.
pub async fn card(reader: &Reader, key: &IdOrSlug, now: Moment) -> Result<Known<(), Option<CardRow>>> {
    let known = live::read(reader, now, |_| Ok(()), async |conn, ()| one(conn, key, &[], now).await).await?;
    let card = known.value.map(|article| article.card);
    Ok(Known { value: card, meant: (), directory: known.directory, pulse: known.pulse })
}

/// Article and links, unless they were read of two different publications.
#[expect(clippy::option_option, reason = "nothing live, and nothing that fits together, are two answers")]
fn whole(article: Option<ArticleRow>, links: Vec<LinkRow>) -> Option<Option<Whole>> {
    let Some(article) = article else { return Some(None) };
    let fits = links.iter().all(|link| link.publication == article.publication);
    fits.then_some(Some(Whole { article, links }))
}

impl<'a, Row> Sql<'a, Row> {
    /// The condition that the publication `p` is the live one of the article. A slug leads to the article only if it
    /// was ever live under it: one that was given since the last publication is still the newsroom's secret.
    pub(super) fn named(self, key: &'a IdOrSlug, now: Moment) -> Self {
        let sql = match key {
            IdOrSlug::Id(id) => self.text("p.article_id = ").id(*id),
            IdOrSlug::Slug(slug) => self
                .text("p.article_id = (SELECT s.article_id FROM publications s WHERE s.slug = ")
                .word(slug)
                .text(" AND s.live_from <= ")
                .time(now)
                .text(" LIMIT 1)"),
        };
        sql.text(" AND ").live_at("p", now)
    }
}

async fn one(
    mut conn: &AsyncPgConnection,
    key: &IdOrSlug,
    forms: &[Format],
    now: Moment,
) -> QueryResult<Option<ArticleRow>> {
    let body = |form: Format, column: &'static str| if forms.contains(&form) { column } else { ", NULL::json" };
    let query = Sql::<ArticleSql>::new("SELECT p.id, p.live_until, (SELECT min(n.live_from) FROM publications n ")
        .text("WHERE n.article_id = p.article_id AND n.live_from > ")
        .time(now)
        .text("), p.content, ")
        .then(|sql| told_by(sql, |sql| sql.text("p.article_id"), now))
        // Any form may have to be made again without a link that is hidden now.
        .text(if forms.is_empty() { ", NULL::json" } else { ", p.body_blocks" })
        .text(body(Format::Html, ", p.body_html"))
        .text(body(Format::Markdown, ", p.body_markdown"))
        .text(body(Format::Text, ", p.body_text"))
        .text(body(Format::PortableText, ", p.body_portable_text"))
        .text(", ")
        .then(card_columns)
        .text(" FROM publications p LEFT JOIN media m ON m.id = p.hero_media_id WHERE ")
        .named(key, now);
    let rows: Vec<ArticleRow> = query.load(&mut conn).await?;
    Ok(rows.into_iter().next())
}

/// Each link with what is live of its target, and each translation that was ever published.
async fn links(mut conn: &AsyncPgConnection, key: &IdOrSlug, now: Moment) -> QueryResult<Vec<LinkRow>> {
    let query = Sql::<LinkSql>::new("WITH it AS MATERIALIZED (SELECT p.id, p.article_id, ")
        .text("coalesce(p.translation_of, p.article_id) AS original FROM publications p WHERE ")
        .named(key, now)
        .text("), wanted AS (SELECT it.id AS publication, 0 AS part, l.position, l.link_id, l.kind, l.url, l.title, ")
        .text("l.block_id, l.target_id FROM it JOIN publication_links l ON l.publication_id = it.id ")
        .text("UNION ALL SELECT DISTINCT it.id, 1, 0, NULL::uuid, 'translation', NULL, NULL, NULL, x.article_id ")
        .text(
            "FROM it CROSS JOIN LATERAL (SELECT t.article_id FROM publications t WHERE t.translation_of = it.original ",
        )
        .text("UNION SELECT t.article_id FROM publications t WHERE t.article_id = it.original) x ")
        .text("WHERE x.article_id <> it.article_id) ")
        .text("SELECT w.publication, w.link_id, w.kind, w.url, w.title, w.block_id, w.target_id, ")
        .text("c.next_start, p.live_until, ")
        .then(card_columns)
        .text(" FROM wanted w LEFT JOIN publications p ON p.article_id = w.target_id AND ")
        .live_at("p", now)
        // A version of the target that translates something else now is no translation of this.
        .text(" AND (w.part = 0 OR EXISTS (SELECT 1 FROM it WHERE it.original IN (p.translation_of, p.article_id)))")
        .text(" LEFT JOIN media m ON m.id = p.hero_media_id ")
        .text("LEFT JOIN LATERAL (SELECT min(n.live_from) AS next_start FROM publications n WHERE n.article_id = w.target_id ")
        .text("AND n.live_from > ")
        .time(now)
        .text(") c ON true ")
        .text("ORDER BY w.part, w.position, p.language, w.target_id");
    query.load(&mut conn).await
}

impl ArticleRow {
    /// What the article got wrong and put right, the oldest first.
    ///
    /// # Errors
    /// 500 when the database wrote what this program does not read.
    pub fn corrected(&self) -> Result<Vec<crate::rules::published::Corrected>> {
        self.corrections.as_ref().map_or(Ok(Vec::new()), |all| all.parse().map_err(Error::internal))
    }

    /// What was rendered beside card and body.
    ///
    /// # Errors
    /// 500 when it was not rendered by this program.
    pub fn rendered(&self) -> Result<crate::rules::published::Rest> {
        self.rest.parse().map_err(Error::internal)
    }
}
