//! The law of the history: the newest revision of every article is what its rows say, and there is one for each version.

use super::TestApp;

/// Articles whose numbers of revisions are not their versions.
const UNCOUNTED: &str = "SELECT format('%s is of version %s and has %s revisions up to %s',
        a.id, a.version, count(r.number), max(r.number))
    FROM articles a LEFT JOIN article_revisions r ON r.article_id = a.id
    GROUP BY a.id, a.version
    HAVING count(r.number) <> a.version OR max(r.number) <> a.version OR min(r.number) <> 1";

/// Where rows and newest revision differ. A merge moves the rows of authors and topics; revisions resolve when read.
const DIFFERENT: &str = "WITH newest AS (
        SELECT a.*, r.snapshot AS s FROM articles a
        JOIN article_revisions r ON r.article_id = a.id AND r.number = a.version)
    SELECT format('%s of %s: %s, but the revision says %s', what, newest.id, rows, revision)
    FROM newest CROSS JOIN LATERAL (VALUES
        ('slug', slug, s->>'slug'),
        ('current slug', (SELECT slugs.slug FROM slugs WHERE article_id = newest.id AND current), s->>'slug'),
        ('type', type, s->>'type'),
        ('language', language, s->>'language'),
        ('headline', headline, s->>'headline'),
        ('primary region', primary_region_id::text, s->>'primary_region'),
        ('hero', hero_media_id::text, s#>>'{hero,media}'),
        ('translation', translation_of::text, s->>'translation_of'),
        ('regions',
            (SELECT string_agg(region_id::text, ' ' ORDER BY region_id) FROM article_regions WHERE article_id = newest.id),
            (SELECT string_agg(DISTINCT region, ' ' ORDER BY region)
             FROM jsonb_array_elements_text(s->'regions' || coalesce(nullif(s->'primary_region', 'null'), '[]')) AS named (region))),
        ('topics',
            (SELECT string_agg(topic_id::text, ' ' ORDER BY topic_id) FROM article_topics WHERE article_id = newest.id),
            (SELECT string_agg(DISTINCT coalesce(merged_into, id)::text, ' ' ORDER BY coalesce(merged_into, id)::text)
             FROM jsonb_array_elements_text(s->'topics') AS named (topic) JOIN topics ON topics.id::text = topic)),
        ('bylines',
            (SELECT string_agg(author_id || ' ' || role, ', ' ORDER BY author_id || ' ' || role)
             FROM article_authors WHERE article_id = newest.id),
            (SELECT string_agg(DISTINCT person, ', ' ORDER BY person) FROM (
                SELECT coalesce(merged_into, id) || ' ' || (byline->>'role') AS person
                FROM jsonb_array_elements(s->'bylines') AS named (byline) JOIN authors ON authors.id::text = byline->>'author'
             ) AS people)),
        ('external ids',
            (SELECT string_agg(scheme || ' ' || value, ', ' ORDER BY scheme || ' ' || value)
             FROM article_external_ids WHERE article_id = newest.id),
            (SELECT string_agg((name->>'scheme') || ' ' || (name->>'value'), ', '
                 ORDER BY (name->>'scheme') || ' ' || (name->>'value'))
             FROM jsonb_array_elements(s->'external_ids') AS named (name))),
        ('links',
            (SELECT jsonb_agg(jsonb_build_object('id', id, 'kind', kind, 'target', target_id, 'url', url, 'title', title,
                 'block_id', block_id) ORDER BY position)::text FROM related_links WHERE article_id = newest.id),
            (nullif(s->'links', '[]'))::text)
    ) AS told (what, rows, revision) WHERE rows IS DISTINCT FROM revision";

impl TestApp {
    /// What is wrong with the histories of articles.
    pub async fn broken_histories(&self) -> Vec<String> {
        let database = self.database().await;
        let mut broken = Vec::new();
        for law in [UNCOUNTED, DIFFERENT] {
            let rows = database.query(law, &[]).await.expect("an answer");
            broken.extend(rows.iter().map(|row| row.get::<_, String>(0)));
        }
        broken
    }

    /// Panics where the history of an article is not whole.
    pub async fn history_is_whole(&self) {
        let broken = self.broken_histories().await;
        assert!(broken.is_empty(), "{}", broken.join("\n"));
    }
}
