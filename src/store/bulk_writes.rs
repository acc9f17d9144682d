//! What one transaction wrote of an article, as a script for `pgbench` that inserts the same rows for a new article each
//! time: the limit against which writes are measured.

use std::collections::HashMap;
use std::fmt::Write as _;

use tokio_postgres::SimpleQueryMessage;
use uuid::Uuid;

use super::bulk_load::{Bulk, TABLES};
use crate::base::error::{Error, Result};

/// Tables that a write of an article adds rows to beside those of the article itself, and where they name it.
/// Not the audit log, whose entries follow one another and are never removed.
const RECORDS: [(&str, &str); 1] = [("outbox", "subject_id")];
/// The ids of the script's rows start like this, and no other ids do.
const FIRST_REAL_ID: &str = "00000001-0000-0000-0000-000000000000";

/// A row as text, in the order of the columns.
struct Written {
    table: &'static str,
    columns: Vec<String>,
    cells: Vec<Option<String>>,
}

impl Bulk {
    /// A script that inserts what the last transaction on the article wrote, each time with ids and a slug of its own.
    ///
    /// # Errors
    /// 503 when the server does not answer.
    pub async fn script_of_writes(&self, article: Uuid) -> Result<String> {
        let mut rows = Vec::new();
        for (table, place) in TABLES.map(|table| (table, place(table))).into_iter().chain(RECORDS) {
            let of_article = match place {
                "publication_id" => {
                    format!("publication_id IN (SELECT id FROM publications WHERE article_id = '{article}')")
                }
                column => format!("{column} = '{article}'"),
            };
            let written = format!("xmin = (SELECT xmin FROM articles WHERE id = '{article}') AND {of_article}");
            rows.extend(self.written(table, &written).await?);
        }
        if !rows.iter().any(|row| row.table == "article_revisions") {
            // Publications refer to it; without its content it costs next to nothing.
            let mut revision = self.written("article_revisions", &format!("article_id = '{article}'")).await?;
            revision.truncate(1);
            for row in &mut revision {
                let json = row.columns.iter().position(|column| column == "snapshot");
                if let Some(cell) = json.and_then(|at| row.cells.get_mut(at)) {
                    *cell = Some("{}".to_owned());
                }
            }
            rows.splice(1..1, revision);
        }
        Ok(script(&rows))
    }

    async fn written(&self, table: &'static str, which: &str) -> Result<Vec<Written>> {
        let plain = format!(
            "SELECT quote_ident(column_name) FROM information_schema.columns WHERE table_schema = 'public' \
             AND table_name = '{table}' AND is_identity = 'NO' AND is_generated = 'NEVER' ORDER BY ordinal_position"
        );
        let columns = self.column(&plain).await?;
        let texts: Vec<String> = columns.iter().map(|column| format!("{column}::text")).collect();
        let sql = format!("SELECT {} FROM {table} WHERE {which}", texts.join(", "));
        let answer = self.query(&sql).await?;
        let rows = answer.iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => {
                let cells = (0..columns.len()).map(|at| row.get(at).map(str::to_owned)).collect();
                Some(Written { table, columns: columns.clone(), cells })
            }
            _ => None,
        });
        Ok(rows.collect())
    }

    async fn query(&self, sql: &str) -> Result<Vec<SimpleQueryMessage>> {
        self.client().simple_query(sql).await.map_err(Error::internal)
    }
}

/// A script that deletes what such scripts inserted.
pub fn script_of_removal() -> String {
    let tables = TABLES.map(|table| (table, place(table)));
    let mut text = "BEGIN;\n".to_owned();
    for (table, column) in RECORDS.into_iter().chain(tables.into_iter().rev()) {
        let _ = writeln!(text, "DELETE FROM {table} WHERE {column} < '{FIRST_REAL_ID}';");
    }
    text.push_str("COMMIT;\n");
    text
}

/// The column by which the rows of an article are found in one of its tables.
fn place(table: &str) -> &'static str {
    match table {
        "articles" => "id",
        "publication_links" => "publication_id",
        _ => "article_id",
    }
}

fn script(rows: &[Written]) -> String {
    let mut own: HashMap<&str, usize> = HashMap::new();
    let mut slug = "";
    for row in rows {
        for (column, cell) in row.columns.iter().zip(&row.cells) {
            let Some(cell) = cell.as_deref() else { continue };
            let at = own.len();
            match (row.table, column.as_str()) {
                ("articles" | "publications" | "related_links", "id") => drop(own.entry(cell).or_insert(at)),
                ("articles" | "publications", "slug") => slug = cell,
                _ => {}
            }
        }
    }
    let mut text = "\\set n :n + 1\nBEGIN;\n".to_owned();
    for row in rows {
        let values: Vec<String> = row.cells.iter().map(|cell| value(cell.as_deref(), &own, slug)).collect();
        let _ =
            writeln!(text, "INSERT INTO {} ({}) VALUES ({});", row.table, row.columns.join(", "), values.join(", "));
    }
    text.push_str("COMMIT;\n");
    text
}

/// A literal, or what makes an id or a slug that no other round of the script has.
fn value(cell: Option<&str>, own: &HashMap<&str, usize>, slug: &str) -> String {
    let Some(cell) = cell else { return "NULL".to_owned() };
    if let Some(number) = own.get(cell) {
        return format!(
            "('00000000' || lpad(to_hex(:client_id::int), 4, '0') || '{number:04x}' \
             || lpad(to_hex(:n::bigint), 16, '0'))::uuid"
        );
    }
    if cell == slug {
        return "('scripted-' || :client_id::int || '-' || :n::bigint)".to_owned();
    }
    // pgbench takes a colon before a letter for a variable, also inside of a literal.
    format!("E'{}'", cell.replace('\\', "\\\\").replace('\'', "''").replace(':', "\\x3A"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_repeats_the_row_with_new_ids_and_slugs_and_takes_no_text_for_a_variable() {
        let row = |table, columns: &[&str], cells: &[Option<&str>]| Written {
            table,
            columns: columns.iter().map(|&name| name.to_owned()).collect(),
            cells: cells.iter().map(|cell| cell.map(str::to_owned)).collect(),
        };
        let rows = [
            row("articles", &["id", "slug", "note"], &[Some("a1"), Some("s"), Some(r"it's :true \ ")]),
            row("slugs", &["slug", "article_id", "until"], &[Some("s"), Some("a1"), None]),
        ];
        let text = script(&rows);
        let id = "('00000000' || lpad(to_hex(:client_id::int), 4, '0') || '0000' || \
                  lpad(to_hex(:n::bigint), 16, '0'))::uuid";
        let slug = "('scripted-' || :client_id::int || '-' || :n::bigint)";
        assert_eq!(
            text,
            format!(
                "\\set n :n + 1\nBEGIN;\n\
                 INSERT INTO articles (id, slug, note) VALUES ({id}, {slug}, E'it''s \\x3Atrue \\\\ ');\n\
                 INSERT INTO slugs (slug, article_id, until) VALUES ({slug}, {id}, NULL);\nCOMMIT;\n"
            )
        );
    }
}
