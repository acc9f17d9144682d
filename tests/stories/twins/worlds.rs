//! The two worlds: one newsroom that was copied, and then went on in secret, here in one way and there in another.

use crate::support::{Actor, Stage, Story, TestApp, json};

const PUBLIC_STORIES: usize = 14;
/// Articles that public ones link to and nobody may see.
const HIDDEN: [&str; 7] = ["Quince", "Walnut", "Juniper", "Sorrel", "Hazel", "Medlar", "Rowan"];
const SECRETS_AT: &str = "2026-01-05T10:00:00Z";
const READ_AT: &str = "2026-01-05T12:00:00Z";

/// Both, at the same instant.
pub struct Worlds {
    pub one: TestApp,
    pub other: TestApp,
}

impl Worlds {
    /// Makes them.
    pub async fn made() -> Self {
        let stage = Stage::set().await;
        let hidden = Box::pin(hidden(&stage)).await;
        let open = Box::pin(in_public(&stage)).await;
        let (one, other) = (stage.app.twin(SECRETS_AT).await, stage.app.twin(SECRETS_AT).await);
        Box::pin(keeps_little(&one, &hidden, &open)).await;
        Box::pin(keeps_much(&other, &hidden, &open)).await;
        for world in [&one, &other] {
            world.set_clock(READ_AT);
        }
        Self { one, other }
    }
}

async fn hidden(stage: &Stage) -> Vec<Story> {
    let mut hidden = Vec::new();
    for name in HIDDEN {
        hidden.push(stage.draft(&format!("{name} affair"), json!({ "note": "nobody knows" })).await);
    }
    hidden
}

/// What is the same in both, and for everybody to read.
async fn in_public(stage: &Stage) -> Vec<Story> {
    stage.region("north-asia", "North Asia", "editorial", Some("asia")).await;
    stage.region("japan", "Japan", "country", Some("north-asia")).await;
    stage.region("europe", "Europe", "region", None).await;
    for (slug, name) in [("kenji-ito", "Kenji Ito"), ("mei-tanaka", "Mei Tanaka")] {
        stage.author(slug, name).await;
    }
    for topic in ["Rails", "Ports"] {
        stage.editor.post("/v1/newsroom/topics", json!({ "name": topic })).send().await.expect(201);
    }
    let picture = stage.picture("https://media.example.org/mine.jpg").await;
    let mut open: Vec<Story> = Vec::new();
    for number in 0..PUBLIC_STORIES {
        stage.app.set_clock(&format!("2026-01-05T08:{:02}:00Z", number + 1));
        let secret = HIDDEN[number % HIDDEN.len()];
        let path = format!("/asia/{}-affair", secret.to_lowercase());
        let mut related = vec![
            json!({ "kind": "read_more", "target": { "slug": format!("{}-affair", secret.to_lowercase()) } }),
            json!({ "kind": "external", "target": { "url": "https://example.org/wire", "title": "The wire" } }),
        ];
        related.extend(open.last().map(|last| json!({ "kind": "related", "target": { "slug": last.slug } })));
        let words = format!(
            "<p>Story number {number} of rails and ports.</p><p><strong>Also on DL:</strong> <a href=\"{path}\">A {secret} \
             link</a></p><p>It goes on after the link.</p>"
        );
        let members = json!({
            "summary": format!("Summary {number}"),
            "primary_region": (["asia", "north-asia", "japan", "europe"][number % 4]),
            "topics": [(["rails", "ports"][number % 2])],
            "bylines": [{ "author": (["kenji-ito", "mei-tanaka"][number % 2]) }],
            "sources": [{ "name": "Example Wire", "role": "wire" }],
            "hero": if number % 3 == 0 { json!({ "media": picture }) } else { json!(null) },
            "language": if number == 5 { "de" } else { "en" },
            "related": related,
            "body": { "format": "html", "content": words },
        });
        let mut members = members.as_object().expect("an object").clone();
        members.retain(|_, value| !value.is_null());
        open.push(stage.live(&format!("Public story {number}"), members.into()).await);
    }
    // One that was renamed, one that was withdrawn before the worlds parted.
    stage.editor.patch(open[2].staff(), json!({ "slug": "public-story-renamed" })).send().await.expect(200);
    stage.publish(&open[2], json!({})).await;
    stage.editor.post(format!("{}/unpublish", open[3].staff()), json!({})).send().await.expect(200);
    open
}

async fn keeps_little(app: &TestApp, hidden: &[Story], open: &[Story]) {
    let editor = app.editor().await;
    for story in hidden {
        editor.delete(story.staff()).send().await.expect(204);
    }
    note(&editor, &open[0], "amber").await;
    private_address(&editor, "mei.amber@example.org").await;
    app.user("contributor", "amber@example.org").await;
}

/// Everything that a newsroom has up its sleeve.
async fn keeps_much(app: &TestApp, hidden: &[Story], open: &[Story]) {
    let editor = app.editor().await;
    // The same private address was written in both at the same instant, only not the same.
    private_address(&editor, "mei.vermilion@example.org").await;
    app.user("author", "vermilion@example.org").await;
    let admin = app.admin().await;
    admin.api_token(&["newsroom:read"]).await;
    note(&editor, &open[0], "vermilion").await;

    let plans = [
        None,
        Some(json!({ "at": "2026-01-05T12:05:00Z" })),
        Some(json!({ "at": "2026-01-05T20:00:00Z", "until": "2026-01-05T21:00:00Z" })),
        Some(json!({ "at": "2026-02-01T00:00:00Z" })),
        Some(json!({ "until": "2026-01-05T10:30:00Z" })),
        Some(json!({})),
        Some(json!({})),
    ];
    let change = json!({
        "headline": "Vermilion plan", "summary": "Vermilion summary", "topics": ["rails"], "primary_region": "japan",
        "bylines": [{ "author": "kenji-ito" }], "translation_of": open[0].id, "language": "fr",
        "related": [{ "kind": "read_more", "target": { "slug": open[1].slug } }],
    });
    for (story, plan) in hidden.iter().zip(plans) {
        editor.patch(story.staff(), change.clone()).send().await.expect(200);
        if let Some(plan) = plan {
            editor.post(format!("{}/publish", story.staff()), plan).send().await.expect(200);
        }
    }
    app.set_clock("2026-01-05T11:00:00Z");
    editor.post(format!("{}/unpublish", hidden[5].staff()), json!({})).send().await.expect(200);
    editor.delete(hidden[6].staff()).send().await.expect(204);

    // Public articles whose working copies went on: another headline, slug, place; an update that is planned.
    let later = json!({
        "headline": "Vermilion turn", "slug": "vermilion-turn", "primary_region": "europe", "topics": ["ports"],
        "body": { "format": "html", "content": "<p>Vermilion words.</p>" }, "related": [],
    });
    editor.patch(open[4].staff(), later).send().await.expect(200);
    editor.patch(open[6].staff(), json!({ "headline": "Vermilion update" })).send().await.expect(200);
    let plan = json!({ "at": "2026-01-05T18:00:00Z" });
    editor.post(format!("{}/publish", open[6].staff()), plan).send().await.expect(200);

    let picture =
        json!({ "url": "https://media.example.org/vermilion.jpg", "mime_type": "image/jpeg", "alt": "Vermilion" });
    let picture = editor.post("/v1/newsroom/media", picture).send().await.expect(201).id();
    for (number, public) in open.iter().take(8).enumerate() {
        let draft = json!({
            "headline": format!("Vermilion draft {number}"), "primary_region": "asia", "hero": { "media": picture },
            "related": [{ "kind": "read_more", "target": { "slug": public.slug } }],
            "external_ids": [{ "scheme": "wire", "value": format!("vermilion-{number}") }],
        });
        editor.post("/v1/newsroom/articles", draft).send().await.expect(201);
    }
}

async fn note(editor: &Actor, story: &Story, note: &str) {
    editor
        .patch(story.staff(), json!({ "note": note, "headline": format!("A {note} headline") }))
        .send()
        .await
        .expect(200);
}

async fn private_address(editor: &Actor, email: &str) {
    let author = editor.get("/v1/newsroom/authors?q=tanaka").send().await.expect(200);
    let place = format!("/v1/newsroom/authors/{}", author.text_at("/data/0/id"));
    editor.patch(place, json!({ "email": email })).send().await.expect(200);
}
