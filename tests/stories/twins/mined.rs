//! What stands in both worlds, whatever it is: ids, slugs, addresses, times, words. What one world must not tell is exactly
//! what it is asked for.

use std::collections::BTreeSet;

use serde_json::Value;
use tokio_postgres::Client;

use super::worlds::Worlds;

const OF_ONE_COLUMN: i64 = 150;
const LONGEST: usize = 200;

/// What was found.
#[derive(Debug, Default)]
pub struct Mined {
    /// Anything.
    pub any: Vec<String>,
    /// Ids and slugs of one kind of thing, in this order: articles, regions, authors, topics, media.
    pub keys: [Vec<String>; 5],
    /// Single words.
    pub words: Vec<String>,
    /// Instants.
    pub times: Vec<String>,
    /// Names of members and columns.
    pub names: Vec<String>,
}

/// The kinds of [`Mined::keys`].
pub const NOUNS: [&str; 5] = ["article", "region", "author", "topic", "media"];
const KEYS: [&str; 5] = [
    "SELECT id::text FROM articles UNION SELECT slug FROM slugs UNION SELECT slug FROM publications",
    "SELECT id::text FROM regions UNION SELECT slug FROM regions UNION SELECT slug FROM retired_slugs WHERE kind = 'region'",
    "SELECT id::text FROM authors UNION SELECT slug FROM authors UNION SELECT slug FROM retired_slugs WHERE kind = 'author'",
    "SELECT id::text FROM topics UNION SELECT slug FROM topics UNION SELECT slug FROM retired_slugs WHERE kind = 'topic'",
    "SELECT id::text FROM media UNION SELECT slug FROM media UNION SELECT slug FROM retired_slugs WHERE kind = 'media'",
];

impl Mined {
    /// Digs in both.
    pub async fn of(worlds: &Worlds) -> Self {
        let (mut any, mut names) = (BTreeSet::new(), BTreeSet::new());
        let mut keys: [BTreeSet<String>; 5] = Default::default();
        for world in [&worlds.one, &worlds.other] {
            let database = world.database().await;
            for (kind, query) in keys.iter_mut().zip(KEYS) {
                kind.extend(column(&database, query).await);
            }
            everything(&database, &mut any, &mut names).await;
        }
        member_names(&dateline::app::document().value, &mut names);
        let words: BTreeSet<String> = any
            .iter()
            .flat_map(|text| text.split(|letter: char| !letter.is_alphanumeric()))
            .filter(|word| (3..30).contains(&word.chars().count()) && word.chars().any(char::is_alphabetic))
            .map(str::to_owned)
            .collect();
        let times = any.iter().filter_map(|text| text.parse::<dateline::base::clock::Timestamp>().ok());
        let times: BTreeSet<String> = times.map(|time| time.to_string()).collect();
        let all = |set: BTreeSet<String>| set.into_iter().collect();
        Self { any: all(any), keys: keys.map(all), words: all(words), times: all(times), names: all(names) }
    }
}

async fn column(database: &Client, query: &str) -> Vec<String> {
    database.query(query, &[]).await.expect("a column").iter().map(|row| row.get(0)).collect()
}

async fn everything(database: &Client, any: &mut BTreeSet<String>, names: &mut BTreeSet<String>) {
    let columns = "SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns
        WHERE table_schema = 'public' AND data_type IN
            ('text', 'uuid', 'timestamp with time zone', 'json', 'jsonb', 'ARRAY', 'integer')
        ORDER BY 1, 2";
    for row in database.query(columns, &[]).await.expect("columns") {
        let (table, name, kind): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        let value = if kind.starts_with("timestamp") {
            format!("to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')")
        } else {
            format!("{name}::text")
        };
        let found = format!("SELECT DISTINCT {value} FROM {table} WHERE {name} IS NOT NULL LIMIT {OF_ONE_COLUMN}");
        for text in column(database, &found).await {
            match serde_json::from_str::<Value>(&text) {
                Ok(json) if kind.starts_with("json") => strings(&json, any),
                _ if text.len() <= LONGEST => drop(any.insert(text)),
                _ => {}
            }
        }
        names.insert(name);
    }
}

fn strings(json: &Value, into: &mut BTreeSet<String>) {
    match json {
        Value::String(text) if text.len() <= LONGEST => drop(into.insert(text.clone())),
        Value::Array(items) => items.iter().for_each(|item| strings(item, into)),
        Value::Object(members) => members.values().for_each(|member| strings(member, into)),
        _ => {}
    }
}

/// The names of all members of all schemas, those of the newsroom too.
fn member_names(document: &Value, into: &mut BTreeSet<String>) {
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object).expect("schemas");
    for schema in schemas.values() {
        into.extend(
            schema.get("properties").and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name.clone()),
        );
    }
}
