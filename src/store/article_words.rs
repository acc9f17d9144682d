//! The words of the working copy, by which the newsroom finds it.

use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use uuid::Uuid;

use super::schema::articles;
use super::sql::Sql;
use crate::base::aside::aside;
use crate::base::error::Result;
use crate::rules::article::Content;
use crate::rules::search::{Sought, Words, in_body};

/// The words of an article; beside the workers, if there are many.
///
/// # Errors
/// 500 when reading the body fails.
pub(super) async fn of(content: &Content) -> Result<Words> {
    let bytes = content.body.iter().map(|block| block.html.len()).sum();
    let blocks = content.body.clone();
    Ok(Words::of(content, aside(bytes, move || in_body(&blocks)).await?))
}

/// The statement that writes the words of an article in place of those before.
pub(super) fn written<'a, Row>(sql: Sql<'a, Row>, id: Uuid, words: &'a Words) -> Sql<'a, Row> {
    sql.text("INSERT INTO article_words (article_id, words) VALUES (")
        .id(id)
        .text(", search_document(")
        .word(&words.headline)
        .text(", ")
        .word(&words.summary)
        .text(", ")
        .word(&words.body)
        .text(")) ON CONFLICT (article_id) DO UPDATE SET words = excluded.words")
}

/// Those of the articles that are looked for.
pub(super) fn found<'a>(query: articles::BoxedQuery<'a, Pg>, sought: &Sought) -> articles::BoxedQuery<'a, Pg> {
    let by_words = "articles.id IN (SELECT w.article_id FROM article_words w WHERE w.words @@ search_query(";
    match sought {
        Sought::Article(id) => query.filter(articles::id.eq(*id)),
        Sought::Words { words, slug } => query.filter(
            sql::<Bool>(by_words)
                .bind::<Text, _>(words.clone())
                .sql(") UNION ALL SELECT s.article_id FROM slugs s WHERE s.slug = ")
                .bind::<Text, _>(slug.clone())
                .sql(")"),
        ),
    }
}
