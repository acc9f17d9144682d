//! Records that stories need before they begin.

use super::{Actor, Answer, TestApp, json};

impl TestApp {
    /// A region of this slug and name; below another one if its slug is given.
    pub async fn region(&self, slug: &str, parent: Option<&str>) -> String {
        let region = json!({ "name": slug, "slug": slug, "kind": "editorial", "parent": parent });
        self.admin().await.post("/v1/newsroom/regions", region).send().await.expect(201).id()
    }

    /// An author.
    pub async fn author_named(&self, slug: &str, name: &str) -> String {
        let author = json!({ "name": name, "slug": slug });
        self.editor().await.post("/v1/newsroom/authors", author).send().await.expect(201).id()
    }

    /// A picture.
    pub async fn picture(&self) -> String {
        let picture = json!({ "url": "https://media.example.org/a.jpg", "mime_type": "image/jpeg", "alt": "A mine" });
        self.editor().await.post("/v1/newsroom/media", picture).send().await.expect(201).id()
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
