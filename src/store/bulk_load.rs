//! Many rows at once, for measuring: what the desk wrote of an article is read as text, table by table, and written as
//! many times over. Also the plain table against which delivery is measured.

use std::collections::HashSet;
use std::pin::pin;

use bytes::Bytes;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio_postgres::{Client, CopyInSink, NoTls, SimpleQueryMessage};
use uuid::Uuid;

use crate::base::error::{Error, Result};

/// Every table that holds rows of an article, each after those that it refers to.
pub const TABLES: [&str; 13] = [
    "articles",
    "article_words",
    "slugs",
    "article_revisions",
    "article_authors",
    "article_regions",
    "article_topics",
    "related_links",
    "publications",
    "publication_regions",
    "publication_authors",
    "publication_topics",
    "publication_links",
];

/// Memory for building indexes, and no waiting for the disk at each commit: a load that breaks off is done anew.
const SESSION: &str = "SET maintenance_work_mem = '512MB'; SET synchronous_commit = off; SET timezone = 'UTC'";
/// Rows that the desk wrote refer to what is there, and so do rows made after them. Only a superuser may say so.
const UNCHECKED: &str = "SET session_replication_role = replica";

/// A connection for bulk work.
pub struct Bulk {
    client: Client,
    /// The definitions of the indexes that were dropped.
    dropped: Vec<String>,
}

impl Bulk {
    /// Connects.
    ///
    /// # Errors
    /// 503 when the server does not answer.
    pub async fn connect(url: &str) -> Result<Self> {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await.map_err(Error::unavailable)?;
        tokio::spawn(connection);
        client.batch_execute(SESSION).await.map_err(Error::internal)?;
        if client.batch_execute(UNCHECKED).await.is_err() {
            tracing::info!("foreign keys are checked row by row: this user may not turn that off");
        }
        Ok(Self { client, dropped: Vec::new() })
    }

    /// How many articles there are.
    ///
    /// # Errors
    /// 503 when the server does not answer.
    pub async fn articles(&self) -> Result<usize> {
        let found = self.column("SELECT count(*) FROM articles").await?;
        Ok(found.first().and_then(|count| count.parse().ok()).unwrap_or_default())
    }

    /// The ids that belong to articles alone: their own, those of their publications and of their links.
    ///
    /// # Errors
    /// 503 when the server does not answer.
    pub async fn own_ids(&self) -> Result<HashSet<Uuid>> {
        let sql = "SELECT id FROM articles UNION SELECT id FROM publications UNION SELECT id FROM related_links";
        Ok(self.column(sql).await?.iter().filter_map(|id| id.parse().ok()).collect())
    }

    /// All rows of a table in the text form of `COPY`, each ended by a line feed.
    ///
    /// # Errors
    /// 503 when the server does not answer.
    pub async fn rows(&self, table: &str) -> Result<Vec<u8>> {
        let rows = self.client.copy_out(&format!("COPY {table} TO STDOUT")).await.map_err(Error::internal)?;
        let mut rows = pin!(rows);
        let mut text = Vec::new();
        while let Some(row) = rows.next().await {
            text.extend_from_slice(&row.map_err(Error::internal)?);
        }
        Ok(text)
    }

    /// Adds rows in the same form.
    ///
    /// # Errors
    /// 500 when the table refuses one; then none is added.
    pub async fn load(&self, table: &str, parts: impl Iterator<Item = Vec<u8>>) -> Result<()> {
        let sink: CopyInSink<Bytes> =
            self.client.copy_in(&format!("COPY {table} FROM STDIN")).await.map_err(Error::internal)?;
        let mut sink = pin!(sink);
        for part in parts {
            sink.send(part.into()).await.map_err(Error::internal)?;
        }
        sink.finish().await.map_err(Error::internal)?;
        Ok(())
    }

    /// Drops the indexes that hold nothing unique: made anew from all rows they cost a fraction.
    ///
    /// # Errors
    /// 503 when the server does not answer.
    pub async fn drop_indexes(&mut self) -> Result<()> {
        let tables = TABLES.map(|table| format!("'{table}'")).join(", ");
        let plain = format!(
            "FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid \
             WHERE t.relname IN ({tables}) AND NOT i.indisunique AND NOT i.indisexclusion ORDER BY c.relname"
        );
        let names = self.column(&format!("SELECT c.oid::regclass {plain}")).await?;
        self.dropped = self.column(&format!("SELECT pg_get_indexdef(c.oid) {plain}")).await?;
        for name in names {
            self.run(&format!("DROP INDEX {name}")).await?;
        }
        Ok(())
    }

    /// Makes the dropped indexes anew and gathers statistics; `tell` hears each definition.
    ///
    /// # Errors
    /// 503 when the server does not answer.
    pub async fn restore_indexes(&mut self, tell: impl Fn(&str)) -> Result<()> {
        for definition in std::mem::take(&mut self.dropped) {
            tell(&definition);
            self.run(&definition).await?;
        }
        tell("VACUUM ANALYZE");
        self.run("VACUUM ANALYZE").await
    }

    /// The table `bench_documents (id, body)` with these finished answers, kept as a cache of them would be.
    ///
    /// # Errors
    /// 503 when the server does not answer.
    pub async fn documents<'a>(&self, bodies: impl Iterator<Item = &'a [u8]>) -> Result<()> {
        let table = "DROP TABLE IF EXISTS bench_documents; \
             CREATE TABLE bench_documents (id integer PRIMARY KEY, body text NOT NULL); \
             ALTER TABLE bench_documents ALTER COLUMN body SET STORAGE EXTERNAL";
        self.run(table).await?;
        let rows = bodies.enumerate().map(|(number, body)| {
            let mut row = format!("{}\t", number + 1).into_bytes();
            for byte in body {
                match byte {
                    b'\\' => row.extend_from_slice(b"\\\\"),
                    b'\n' => row.extend_from_slice(b"\\n"),
                    b'\t' => row.extend_from_slice(b"\\t"),
                    b'\r' => row.extend_from_slice(b"\\r"),
                    other => row.push(*other),
                }
            }
            row.push(b'\n');
            row
        });
        self.load("bench_documents", rows).await?;
        self.run("VACUUM ANALYZE bench_documents").await
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    pub(super) async fn run(&self, sql: &str) -> Result<()> {
        self.client.batch_execute(sql).await.map_err(Error::internal)
    }

    pub(super) async fn column(&self, sql: &str) -> Result<Vec<String>> {
        let answer = self.client.simple_query(sql).await.map_err(Error::internal)?;
        let rows = answer.iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        });
        Ok(rows.collect())
    }
}
