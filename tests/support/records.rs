//! Records that stories need before they begin.

use dateline::base::id::new_id;

use super::{Actor, Answer, TestApp, json};

impl TestApp {
    /// A region, written straight into the database; below another one if its slug is given.
    pub async fn region(&self, slug: &str, parent: Option<&str>) -> String {
        let id = new_id().to_string();
        let database = self.database().await;
        let add = "INSERT INTO regions (id, slug, name, kind, parent_id, created_at, updated_at) \
             SELECT $1::text::uuid, $2, $2, 'editorial', (SELECT id FROM regions WHERE slug = $3), now(), now()";
        database.execute(add, &[&id, &slug, &parent]).await.expect("a region");
        let close = "INSERT INTO region_tree (ancestor_id, descendant_id, depth) \
             SELECT $1::text::uuid, $1::text::uuid, 0 UNION ALL \
             SELECT ancestor_id, $1::text::uuid, depth + 1 FROM region_tree \
             WHERE descendant_id = (SELECT id FROM regions WHERE slug = $2)";
        database.execute(close, &[&id, &parent]).await.expect("its place in the tree");
        id
    }

    /// An author, written straight into the database.
    pub async fn author_named(&self, slug: &str, name: &str) -> String {
        let id = new_id().to_string();
        let key = dateline::rules::name::key(name);
        let add = "INSERT INTO authors (id, slug, name, name_key, created_at, updated_at) \
             VALUES ($1::text::uuid, $2, $3, $4, now(), now())";
        self.database().await.execute(add, &[&id, &slug, &name, &key]).await.expect("an author");
        id
    }

    /// A picture, written straight into the database.
    pub async fn picture(&self) -> String {
        let id = new_id().to_string();
        let add = "INSERT INTO media (id, url, kind, mime_type, alt, created_at, updated_at) \
             VALUES ($1::text::uuid, 'https://media.example.org/a.jpg', 'image', 'image/jpeg', 'A mine', now(), now())";
        self.database().await.execute(add, &[&id]).await.expect("a picture");
        id
    }

    /// How many rows a table has.
    pub async fn rows(&self, table: &str) -> i64 {
        let count = format!("SELECT count(*) FROM {table}");
        self.database().await.query_one(&count, &[]).await.expect("a count").get(0)
    }

    /// Limits an editor's publishing to a region.
    pub async fn limit(&self, editor: &Actor, region: &str) {
        let add = "INSERT INTO user_regions (user_id, region_id) VALUES ($1::text::uuid, $2::text::uuid)";
        self.database().await.execute(add, &[&editor.id().to_string(), &region]).await.expect("a limit");
    }
}

impl Actor {
    /// A draft with this headline.
    pub async fn drafts(&self, headline: &str) -> Answer {
        self.post("/v1/newsroom/articles", json!({ "headline": headline })).send().await.expect(201)
    }

    /// An article that has all that publishing asks for.
    pub async fn writes(&self, headline: &str, region: &str) -> Answer {
        let article = json!({
            "headline": headline,
            "primary_region": region,
            "body": { "format": "html", "content": "<p>Two governments want a joint supply chain.</p>" },
        });
        self.post("/v1/newsroom/articles", article).send().await.expect(201)
    }

    /// Publishes an article now.
    pub async fn publishes(&self, article: &Answer) -> Answer {
        self.post(format!("{}/publish", article.place()), json!({})).send().await.expect(200)
    }
}

impl Answer {
    /// The path of an article in the newsroom.
    pub fn place(&self) -> String {
        format!("/v1/newsroom/articles/{}", self.id())
    }
}
