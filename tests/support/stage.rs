//! A newsroom with something in it: regions, authors and pictures as rows, articles through the API.

use dateline::base::clock::Timestamp;
use serde_json::{Value, json};

use super::{Actor, Answer, TestApp, with};

/// An application with an editor at work.
pub struct Stage {
    /// The application.
    pub app: TestApp,
    /// Who makes everything.
    pub editor: Actor,
    /// Anybody.
    pub reader: Actor,
}

/// An article on the stage.
#[derive(Clone, Debug)]
pub struct Story {
    /// Its id.
    pub id: String,
    /// Its slug when it was made.
    pub slug: String,
}

impl Story {
    /// Where the public finds it.
    pub fn public(&self) -> String {
        format!("/v1/articles/{}", self.slug)
    }

    /// Where the newsroom finds it.
    pub fn staff(&self) -> String {
        format!("/v1/newsroom/articles/{}", self.id)
    }
}

impl Stage {
    /// An empty one with the section `asia`.
    pub async fn set() -> Self {
        let stage = Self::on(TestApp::start().await).await;
        stage.region("asia", "Asia", "editorial", None).await;
        stage
    }

    /// One that is there already, before this server.
    pub async fn on(app: TestApp) -> Self {
        Self { editor: app.editor().await, reader: app.reader(), app }
    }

    /// Adds a region, perhaps under another.
    pub async fn region(&self, slug: &str, name: &str, kind: &str, parent: Option<&str>) -> String {
        let region = json!({ "slug": slug, "name": name, "kind": kind, "parent": parent });
        self.app.admin().await.post("/v1/newsroom/regions", region).send().await.expect(201).id()
    }

    /// Adds an author.
    pub async fn author(&self, slug: &str, name: &str) -> String {
        let author = json!({ "slug": slug, "name": name, "job_title": "Reporter" });
        self.editor.post("/v1/newsroom/authors", author).send().await.expect(201).id()
    }

    /// Adds a picture.
    pub async fn picture(&self, url: &str) -> String {
        let small =
            json!({ "name": "small", "url": "https://media.example.org/small.jpg", "width": 600, "height": 400 });
        let picture = json!({
            "url": url, "mime_type": "image/jpeg", "width": 2400, "height": 1600, "alt": "A mine",
            "caption": "A mine in the snow.", "credit_line": "Somebody", "focal_point": { "x": 0.5, "y": 0.25 },
            "renditions": [small],
        });
        self.editor.post("/v1/newsroom/media", picture).send().await.expect(201).id()
    }

    /// What every write of reference data does.
    pub async fn bump(&self) {
        let now = Timestamp(self.app.now()).to_string();
        let text = "UPDATE reference_version SET version = version + 1, changed_at = $1::text::timestamptz";
        self.app.database().await.execute(text, &[&now]).await.expect("a version");
    }

    /// Makes a draft in the section `asia`.
    pub async fn draft(&self, headline: &str, members: Value) -> Story {
        let body = json!({
            "headline": headline,
            "primary_region": "asia",
            "body": { "format": "html", "content": format!("<p>The words of {headline}.</p>") },
        });
        let made = self.editor.post("/v1/newsroom/articles", with(body, members)).send().await.expect(201);
        Story { id: made.id(), slug: made.text_at("/slug").to_owned() }
    }

    /// Publishes what stands in the working copy.
    pub async fn publish(&self, story: &Story, plan: Value) -> Answer {
        self.editor.post(format!("{}/publish", story.staff()), plan).send().await.expect(200)
    }

    /// Makes a draft and publishes it at once.
    pub async fn live(&self, headline: &str, members: Value) -> Story {
        let story = self.draft(headline, members).await;
        self.publish(&story, json!({})).await;
        story
    }

    /// Makes articles that are live since one minute after the other, `Story 1` the oldest.
    pub async fn live_many(&self, count: usize, members: Value) {
        for number in 1..=count {
            self.app.set_clock(&format!("2026-01-05T{:02}:{:02}:00Z", 9 + number / 60, number % 60));
            self.live(&format!("Story {number}"), members.clone()).await;
        }
    }

    /// Reads in public.
    pub async fn read(&self, path: &str) -> Answer {
        self.reader.get(path).send().await.expect(200)
    }

    /// The headlines of a list, in order.
    pub async fn headlines(&self, query: &str) -> Vec<String> {
        let list = self.read(&format!("/v1/articles{query}")).await;
        list.texts_in("/data", "/headline").into_iter().map(str::to_owned).collect()
    }
}
