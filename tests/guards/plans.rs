//! No public read goes through a whole table of publications, however many there are. Plans are made for any values, as
//! they are for a statement that is prepared once, and what counts is which tables PostgreSQL really went through.

use crate::support::{Stage, json};
use tokio_postgres::Client;

const STORIES: i32 = 30_000;
/// Regions, topics and authors: each has its share of the stories.
const SHARES: i32 = 12;

/// Copies of the one publication that there is, a minute older each, with the regions, topics and authors in turn.
const MANY: &str = "
    CREATE TEMPORARY TABLE copies AS
        SELECT n, md5('article' || n)::uuid AS article, md5('publication' || n)::uuid AS publication,
               now_at - n * interval '1 minute' AS at, 'copy-' || n AS slug, p.id AS model, p.article_id AS origin
        FROM (SELECT id, article_id, published_at AS now_at FROM publications LIMIT 1) p, generate_series(1, $STORIES) n;
    CREATE TEMPORARY TABLE shares AS
        SELECT r.n, r.id AS region, t.id AS topic, a.id AS author
        FROM (SELECT id, row_number() OVER () - 1 AS n FROM regions WHERE slug LIKE 'share-%') r
        JOIN (SELECT id, row_number() OVER () - 1 AS n FROM topics) t USING (n)
        JOIN (SELECT id, row_number() OVER () - 1 AS n FROM authors) a USING (n);
    INSERT INTO articles SELECT (jsonb_populate_record(a, jsonb_build_object('id', c.article, 'slug', c.slug))).*
        FROM copies c JOIN articles a ON a.id = c.origin;
    INSERT INTO slugs SELECT c.slug, c.article, true, c.at FROM copies c;
    INSERT INTO article_revisions (article_id, number, verb, snapshot, created_at)
        SELECT c.article, p.revision, 'created', '{}', c.at FROM copies c JOIN publications p ON p.id = c.model;
    INSERT INTO publications SELECT (jsonb_populate_record(p, jsonb_build_object('id', c.publication,
            'article_id', c.article, 'slug', c.slug, 'live_from', c.at, 'published_at', c.at, 'updated_at', c.at,
            'type', (ARRAY['news', 'analysis', 'opinion'])[1 + c.n % 3],
            'language', (ARRAY['en', 'de', 'ja', 'fr'])[1 + c.n % 4], 'primary_region_id', s.region))).*
        FROM copies c JOIN publications p ON p.id = c.model JOIN shares s ON s.n = c.n % $SHARES;
    INSERT INTO publication_regions SELECT c.publication, s.region, 0, c.at, c.article
        FROM copies c JOIN shares s ON s.n = c.n % $SHARES;
    INSERT INTO publication_topics SELECT c.publication, 0, s.topic, c.at, c.article
        FROM copies c JOIN shares s ON s.n = c.n % $SHARES;
    INSERT INTO publication_authors SELECT c.publication, 0, s.author, 'writer', 'Somebody', c.at, c.article
        FROM copies c JOIN shares s ON s.n = c.n % $SHARES;
    INSERT INTO publication_links (publication_id, position, link_id, kind, target_id)
        SELECT c.publication, 0, md5('link' || c.n)::uuid, 'read_more', md5('article' || c.n + 1)::uuid FROM copies c;
    ANALYZE;";
/// How often each of the tables was gone through. Connections say so at the latest when they end.
const SCANS: &str = "SELECT relname::text, seq_scan FROM pg_stat_user_tables WHERE relname LIKE 'publication%'";
const CLOSE: &str = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'";

async fn many_stories() -> Stage {
    let stage = Stage::set().await;
    for n in 0..SHARES {
        stage.region(&format!("share-{n}"), &format!("Share {n}"), "editorial", Some("asia")).await;
        stage.author(&format!("author-{n}"), &format!("Author {n}")).await;
        stage.editor.post("/v1/newsroom/topics", json!({ "name": format!("Topic {n}") })).send().await.expect(201);
    }
    stage.live("The model", json!({ "summary": "What the copies say." })).await;
    let database = stage.app.database().await;
    let many = MANY.replace("$STORIES", &STORIES.to_string()).replace("$SHARES", &SHARES.to_string());
    database.batch_execute(&many).await.unwrap();
    let name: String = database.query_one("SELECT current_database()::text", &[]).await.unwrap().get(0);
    let any = format!("ALTER DATABASE {name} SET plan_cache_mode = force_generic_plan");
    database.batch_execute(&any).await.unwrap();
    stage
}

async fn scans(database: &Client) -> Vec<(String, i64)> {
    database.query(CLOSE, &[]).await.unwrap();
    let mut scans: Vec<(String, i64)> =
        database.query(SCANS, &[]).await.unwrap().iter().map(|row| (row.get(0), row.get(1))).collect();
    assert!(scans.len() > 4, "{scans:?}");
    scans.sort();
    scans
}

#[actix_web::test]
async fn no_public_read_goes_through_all_publications() {
    let stage = many_stories().await;
    let database = stage.app.database().await;
    let first = stage.read("/v1/articles?limit=50").await;
    let cursor = first.text_at("/meta/next_cursor").to_owned();
    let mut seen = scans(&database).await;
    let mut faults = Vec::new();
    for path in [
        "/v1/articles".to_owned(),
        format!("/v1/articles?limit=50&cursor={cursor}"),
        "/v1/articles?limit=100&sort=published_at".to_owned(),
        "/v1/articles?sort=-updated_at".to_owned(),
        "/v1/articles?region=share-3".to_owned(),
        "/v1/articles?region=share-3&region_exact=true".to_owned(),
        "/v1/articles?region=share-3,share-4".to_owned(),
        "/v1/articles?region=asia&region_not=share-5".to_owned(),
        "/v1/articles?topic=topic-2".to_owned(),
        "/v1/articles?author=author-7".to_owned(),
        "/v1/articles?region=share-3&topic=topic-3&author=author-3".to_owned(),
        "/v1/articles?type=analysis".to_owned(),
        "/v1/articles?language=ja".to_owned(),
        "/v1/articles?published_after=2026-01-04T00:00:00Z&published_before=2026-01-04T06:00:00Z".to_owned(),
        "/v1/articles?updated_after=2026-01-05T07:00:00Z".to_owned(),
        "/v1/articles/copy-17000".to_owned(),
        "/v1/articles/copy-17000/related".to_owned(),
        "/v1/pages/article/copy-12345".to_owned(),
        "/v1/pages/region/share-6".to_owned(),
        "/v1/resolve?path=/share-6/copy-12345".to_owned(),
        "/v1/media?q=helmet".to_owned(),
        "/v1/topics/topic-2".to_owned(),
        "/v1/authors/author-2".to_owned(),
        "/v1/regions/share-2".to_owned(),
    ] {
        stage.read(&path).await;
        let now = scans(&database).await;
        let through = seen.iter().zip(&now).filter(|(before, after)| before.1 != after.1);
        let names: Vec<&str> = through.map(|(_, after)| after.0.as_str()).collect();
        if !names.is_empty() {
            faults.push(format!("{path} goes through all of {}", names.join(", ")));
        }
        seen = now;
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    // The guard sees what it is there to see.
    let reader = stage.app.database().await;
    reader.query_one("SELECT count(*) FROM publications WHERE headline = 'x'", &[]).await.unwrap();
    assert_ne!(scans(&database).await, seen);
}
