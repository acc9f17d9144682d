//! Migrations lead there, back, and there again; and `schema.rs` is what the database is.

use std::collections::BTreeMap;

use dateline::store::migrations::{migrate, pending, revert_all};
use tokio_postgres::Client;

use crate::support::database::TestDatabase;
use crate::support::in_package;

/// Everything that migrations make, one line for each thing; what extensions own is left out.
const CATALOGUE: &[&str] = &[
    "SELECT format('column %s.%s %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
            CASE WHEN a.attnotnull THEN ' not null' ELSE '' END, coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), ''))
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
          AND c.relname <> '__diesel_schema_migrations'",
    "SELECT format('constraint %s on %s: %s', conname, conrelid::regclass, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
          AND conrelid::regclass::text <> '__diesel_schema_migrations'",
    "SELECT 'index ' || indexdef FROM pg_indexes
        WHERE schemaname = 'public' AND tablename <> '__diesel_schema_migrations'",
    "SELECT 'function ' || pg_get_functiondef(p.oid) FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
          AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')",
    "SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname LIKE 'past%'",
    "SELECT format('view %s.%s: %s', schemaname, viewname, definition) FROM pg_views WHERE schemaname LIKE 'past%'",
    "SELECT 'function ' || pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = to_regnamespace('past')",
    "SELECT format('trigger %s', pg_get_triggerdef(oid)) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT format('text search %s %s: %s', c.cfgname, m.maptokentype, string_agg(m.mapdict::regdictionary::text, ' ' ORDER BY m.mapseqno))
        FROM pg_ts_config c JOIN pg_ts_config_map m ON m.mapcfg = c.oid
        WHERE c.cfgnamespace = 'public'::regnamespace GROUP BY c.cfgname, m.maptokentype",
    "SELECT 'type ' || typname FROM pg_type t WHERE typnamespace = 'public'::regnamespace AND typtype IN ('d', 'e', 'r')
          AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = t.oid AND deptype = 'e')",
    "SELECT 'extension ' || extname FROM pg_extension WHERE extname <> 'plpgsql'",
];

async fn catalogue(database: &Client) -> Vec<String> {
    let mut all = Vec::new();
    for query in CATALOGUE {
        let rows = database.query(*query, &[]).await.unwrap();
        let mut lines: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        lines.sort();
        all.append(&mut lines);
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn up_down_and_up_again_leads_to_the_same_schema() {
    let bare = TestDatabase::bare().await;
    let database = bare.client().await;
    let applied = migrate(&bare.url, |_| ()).await.unwrap();
    assert_eq!(pending(&bare.url).await.unwrap(), 0);
    let first = catalogue(&database).await;
    assert!(first.len() > 300, "the catalogue is read");
    revert_all(&bare.url).await.unwrap();
    assert_eq!(catalogue(&database).await, Vec::<String>::new(), "what the way down forgets");
    assert_eq!(pending(&bare.url).await.unwrap(), applied.len());
    migrate(&bare.url, |_| ()).await.unwrap();
    assert_eq!(catalogue(&database).await, first);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_that_migrate_at_once_do_not_meet() {
    let bare = TestDatabase::bare().await;
    let other = bare.url.clone();
    let both = tokio::join!(tokio::spawn(async move { migrate(&other, |_| ()).await }), migrate(&bare.url, |_| ()));
    let applied = [both.0.unwrap().unwrap(), both.1.unwrap()];
    assert_eq!(pending(&bare.url).await.unwrap(), 0);
    assert!(applied.iter().any(Vec::is_empty), "one of them found nothing to do: {applied:?}");
}

/// The tables that `schema.rs` describes: `table` -> `column type`, the key last.
fn described() -> BTreeMap<String, Vec<String>> {
    let schema = std::fs::read_to_string(in_package("src/store/schema.rs")).unwrap();
    let mut tables = BTreeMap::new();
    for block in schema.split("table! {").skip(1) {
        let mut name = String::new();
        let (mut columns, mut key, mut renamed) = (Vec::new(), String::new(), None);
        for line in block.split("\n    }").next().unwrap().lines().map(str::trim) {
            if let Some((table, rest)) = line.split_once(" (").filter(|(_, rest)| rest.ends_with(") {")) {
                table.clone_into(&mut name);
                rest.trim_end_matches(") {").clone_into(&mut key);
            } else if let Some(sql_name) = line.strip_prefix("#[sql_name = \"") {
                renamed = Some(sql_name.trim_end_matches("\"]").to_owned());
            } else if let Some((column, kind)) = line.split_once(" -> ") {
                let column = renamed.take().unwrap_or_else(|| column.to_owned());
                columns.push(format!("{column} {}", kind.trim_end_matches(',')));
            }
        }
        columns.push(format!("key {key}"));
        tables.insert(name, columns);
    }
    tables
}

/// The tables that the database has, in the same words.
async fn present(database: &Client) -> BTreeMap<String, Vec<String>> {
    let columns = "SELECT c.relname, a.attname, format_type(a.atttypid, NULL), a.attnotnull
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> '__diesel_schema_migrations'
        ORDER BY c.relname, a.attnum";
    let keys = "SELECT c.relname, string_agg(a.attname, ', ' ORDER BY array_position(i.indkey::int2[], a.attnum))
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
        WHERE i.indisprimary AND c.relnamespace = 'public'::regnamespace AND c.relname <> '__diesel_schema_migrations'
        GROUP BY c.relname";
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in database.query(columns, &[]).await.unwrap() {
        let (table, column, kind, required): (String, String, String, bool) =
            (row.get(0), row.get(1), row.get(2), row.get(3));
        let kind = in_diesel(&kind);
        let kind = if required { kind } else { format!("Nullable<{kind}>") };
        tables.entry(table).or_default().push(format!("{column} {kind}"));
    }
    for row in database.query(keys, &[]).await.unwrap() {
        let (table, key): (String, String) = (row.get(0), row.get(1));
        tables.get_mut(&table).unwrap().push(format!("key {key}"));
    }
    tables
}

fn in_diesel(kind: &str) -> String {
    if let Some(item) = kind.strip_suffix("[]") {
        return format!("Array<Nullable<{}>>", in_diesel(item));
    }
    let known = [
        ("uuid", "Uuid"),
        ("text", "Text"),
        ("smallint", "Int2"),
        ("integer", "Int4"),
        ("bigint", "Int8"),
        ("double precision", "Float8"),
        ("boolean", "Bool"),
        ("timestamp with time zone", "Timestamptz"),
        ("json", "Json"),
        ("jsonb", "Jsonb"),
        ("bytea", "Bytea"),
        ("tsvector", "Tsvector"),
    ];
    let found = known.iter().find(|(sql, _)| *sql == kind);
    found.unwrap_or_else(|| panic!("the type {kind} has no name here")).1.to_owned()
}

#[tokio::test]
async fn the_schema_in_the_source_is_the_schema_of_the_database() {
    let migrated = TestDatabase::migrated().await;
    let present = present(&migrated.client().await).await;
    assert_eq!(described(), present);
}
