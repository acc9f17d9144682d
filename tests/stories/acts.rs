//! What may happen in a newsroom, and what its readers are told: for stories of random histories.

use chrono::{DateTime, TimeDelta, Utc};
use dateline::base::clock::Timestamp;
use proptest::prelude::*;
use serde_json::Value;

use crate::support::{Actor, Answer, Stage, Story, json};

/// What happens in a newsroom: to one of its stories, to one of the authors, topics or regions that there are, or to its
/// picture.
#[derive(Clone, Debug)]
pub(super) enum Act {
    Edit(usize, u32),
    Rename(usize, u32),
    Link(usize, usize),
    Publish(usize, bool),
    Plan(usize, i64, Option<i64>),
    Withdraw(usize, Option<i64>),
    Embargo(usize, Option<i64>),
    Correct(usize, u32),
    Kill(usize, bool),
    Reinstate(usize),
    Trash(usize),
    Restore(usize),
    NameAuthor(usize, u32),
    NameTopic(usize, u32),
    NameRegion(usize, u32),
    Move(usize),
    Gather(usize),
    Caption(u32),
    Portray(usize, bool),
    Merge(&'static str),
    Add(u32),
    Remove(u32),
}

pub(super) const STORIES: usize = 3;

pub(super) fn act() -> impl Strategy<Value = Act> {
    prop_oneof![3 => act_on_a_story(), 1 => act_on_names()]
}

fn act_on_a_story() -> impl Strategy<Value = Act> {
    let story = 0..STORIES;
    let soon = 1_i64..200;
    prop_oneof![
        3 => (story.clone(), 0_u32..100).prop_map(|(story, word)| Act::Edit(story, word)),
        1 => (story.clone(), 0_u32..100).prop_map(|(story, word)| Act::Rename(story, word)),
        1 => (story.clone(), 1..STORIES).prop_map(|(story, step)| Act::Link(story, (story + step) % STORIES)),
        6 => (story.clone(), any::<bool>()).prop_map(|(story, minor)| Act::Publish(story, minor)),
        3 => (story.clone(), soon.clone(), prop::option::of(soon.clone()))
            .prop_map(|(story, from, length)| Act::Plan(story, from, length)),
        2 => (story.clone(), prop::option::of(soon.clone())).prop_map(|(story, at)| Act::Withdraw(story, at)),
        1 => (story.clone(), prop::option::of(soon)).prop_map(|(story, until)| Act::Embargo(story, until)),
        2 => (story.clone(), 0_u32..100).prop_map(|(story, word)| Act::Correct(story, word)),
        2 => (story.clone(), any::<bool>()).prop_map(|(story, legal)| Act::Kill(story, legal)),
        2 => story.clone().prop_map(Act::Reinstate),
        1 => story.clone().prop_map(Act::Trash),
        1 => story.prop_map(Act::Restore),
    ]
}

fn act_on_names() -> impl Strategy<Value = Act> {
    let one = 0..2_usize;
    let word = 0_u32..8;
    prop_oneof![
        2 => (one.clone(), word.clone()).prop_map(|(author, word)| Act::NameAuthor(author, word)),
        1 => (one.clone(), word.clone()).prop_map(|(topic, word)| Act::NameTopic(topic, word)),
        2 => (0..3_usize, word.clone()).prop_map(|(region, word)| Act::NameRegion(region, word)),
        2 => one.clone().prop_map(Act::Move),
        1 => (0..3_usize).prop_map(Act::Gather),
        2 => word.clone().prop_map(Act::Caption),
        1 => (one, any::<bool>()).prop_map(|(author, shown)| Act::Portray(author, shown)),
        1 => prop_oneof![Just("authors"), Just("topics")].prop_map(Act::Merge),
        1 => word.clone().prop_map(Act::Add),
        1 => word.prop_map(Act::Remove),
    ]
}

pub(super) fn written(at: DateTime<Utc>) -> String {
    Timestamp(at).to_string()
}

/// All that things happen to.
pub(super) struct Newsroom {
    pub(super) stories: Vec<Story>,
    authors: [String; 2],
    topics: [String; 2],
    /// `asia`, one under it, and one beside it.
    regions: [String; 3],
    picture: String,
}

impl Newsroom {
    /// Stories of both authors, on one topic each, in the region under `asia`.
    pub(super) async fn on(stage: &Stage) -> Self {
        let asia = stage.read("/v1/regions/asia").await.id();
        let picture = stage.picture("https://media.example.org/mine.jpg").await;
        let topic = async |name| {
            stage.editor.post("/v1/newsroom/topics", json!({ "name": name })).send().await.expect(201).id()
        };
        let coast = stage.region("coast", "Coast", "editorial", Some("asia")).await;
        let europe = stage.region("europe", "Europe", "region", None).await;
        let mut newsroom = Self {
            stories: Vec::new(),
            authors: [stage.author("mei", "Mei").await, stage.author("ken", "Ken").await],
            topics: [topic("Rails").await, topic("Ore").await],
            regions: [asia, coast, europe],
            picture,
        };
        for number in 0..STORIES {
            let members = json!({
                "slug": format!("story-{number}"), "hero": { "media": newsroom.picture }, "regions": ["coast"],
                "bylines": [{ "author": "ken" }, { "author": "mei", "role": "editing" }],
                "topics": [newsroom.topics[number % 2]],
            });
            newsroom.stories.push(stage.draft(&format!("Words of story {number}"), members).await);
        }
        newsroom
    }

    /// Where readers look.
    pub(super) fn places(&self) -> Vec<String> {
        let mut places: Vec<String> = [
            "/v1/articles?include_total=true",
            "/v1/articles?region=asia&sort=updated_at",
            "/v1/articles?region=coast",
            "/v1/articles?region=europe,coast&region_exact=true&include_total=true",
            "/v1/articles?region_all=asia,coast&author=mei",
            "/v1/articles?region_not=europe&topic=rails",
            "/v1/articles?author=ken&include_total=true",
            "/v1/articles?q=words",
            "/v1/articles?q=rail&sort=-published_at&include_total=true",
            "/v1/authors?include_total=true",
            "/v1/authors/ken",
            "/v1/media?include_total=true",
            "/v1/corrections?include_total=true&sort=corrected_at",
            "/v1/pages/region/asia?limit=2",
            "/v1/pages/region/coast",
            "/v1/regions?q=a&include_total=true",
            "/v1/regions/coast",
            "/v1/regions/tree",
            "/v1/resolve?path=/asia/story-0",
            "/v1/resolve?path=/coast",
            "/v1/topics?include_total=true",
            "/v1/topics/ore",
        ]
        .map(str::to_owned)
        .into();
        places.push(format!("/v1/articles?author={}", self.authors[1]));
        places.push(format!("/v1/authors/{}", self.authors[0]));
        places.push(format!("/v1/media/{}", self.picture));
        for story in &self.stories {
            places.push(format!("/v1/articles/{}?body_format=blocks,text", story.id));
            places.push(format!("/v1/articles/{}/related", story.id));
            places.push(format!("/v1/pages/article/{}", story.id));
        }
        places
    }

    /// Does it; what the state does not allow is refused, and that is a history too.
    pub(super) async fn does(&self, stage: &Stage, admin: &Actor, act: &Act) {
        let now = stage.app.now();
        let after = |minutes: i64| written(now + TimeDelta::minutes(minutes));
        let story = |story: usize| self.stories[story].staff();
        let verb = |number: usize, verb: &str, body: Value| admin.post(format!("{}/{verb}", story(number)), body);
        let thing = |kind: &str, id: &str, body: Value| admin.patch(format!("/v1/newsroom/{kind}/{id}"), body);
        // A new name, and of every third word a new slug too.
        let named = |what: &str, word: u32| match word % 3 {
            0 => json!({ "name": format!("{what} {word}"), "slug": format!("{}-{word}", what.to_lowercase()) }),
            _ => json!({ "name": format!("{what} {word}") }),
        };
        let request = match act {
            Act::Edit(number, word) => admin.patch(
                story(*number),
                json!({ "headline": format!("Words {word}"), "summary": format!("ore{word} rail"),
                        "body": { "format": "text", "content": format!("The words of {word} tell of harbour{word}.") } }),
            ),
            Act::Rename(number, word) => {
                admin.patch(story(*number), json!({ "slug": format!("story-{number}-{word}") }))
            }
            Act::Link(number, other) => {
                let link = json!({ "kind": "read_more", "target": { "id": self.stories[*other].id } });
                admin.patch(story(*number), json!({ "related": [link] }))
            }
            Act::Publish(number, minor) => verb(*number, "publish", json!({ "minor": minor })),
            Act::Plan(number, from, None) => verb(*number, "publish", json!({ "at": after(*from) })),
            Act::Plan(number, from, Some(length)) => {
                verb(*number, "publish", json!({ "at": after(*from), "until": after(from + length) }))
            }
            Act::Withdraw(number, None) => verb(*number, "unpublish", json!({})),
            Act::Withdraw(number, Some(at)) => verb(*number, "unpublish", json!({ "at": after(*at) })),
            Act::Embargo(number, None) => verb(*number, "embargo", json!({ "until": null, "reason": "It is out." })),
            Act::Embargo(number, Some(until)) => verb(*number, "embargo", json!({ "until": after(*until) })),
            Act::Correct(number, word) => verb(*number, "correct", json!({ "note": format!("It was not {word}.") })),
            Act::Kill(number, legal) => {
                verb(*number, "kill", json!({ "reason": format!("It was {legal}."), "legal": legal }))
            }
            Act::Reinstate(number) => verb(*number, "reinstate", json!({ "reason": "It was right." })),
            Act::Trash(number) => admin.delete(story(*number)),
            Act::Restore(number) => admin.request(reqwest::Method::POST, format!("{}/restore", story(*number))),
            Act::NameAuthor(author, word) => thing("authors", &self.authors[*author], named("Author", *word)),
            Act::NameTopic(topic, word) => thing("topics", &self.topics[*topic], named("Topic", *word)),
            Act::NameRegion(region, word) => thing("regions", &self.regions[*region], named("Region", *word)),
            Act::Move(parent) => {
                let [asia, coast, europe] = &self.regions;
                let parent = [asia, europe][*parent];
                thing("regions", coast, json!({ "parent": parent }))
            }
            Act::Gather(members) => {
                let members = &self.regions[..*members];
                admin.put(format!("/v1/newsroom/regions/{}/members", self.regions[2]), json!({ "members": members }))
            }
            Act::Caption(word) => {
                let words = json!({ "caption": format!("A mine {word}."), "alt": format!("Snow {word}") });
                thing("media", &self.picture, words)
            }
            Act::Portray(author, shown) => {
                let avatar = shown.then_some(&self.picture);
                thing("authors", &self.authors[*author], json!({ "avatar": avatar }))
            }
            Act::Merge(kind) => {
                let [stays, ends] = if *kind == "authors" { &self.authors } else { &self.topics };
                admin.post(format!("/v1/newsroom/{kind}/{stays}/merge"), json!({ "absorb": ends }))
            }
            Act::Add(word) => {
                let guest = json!({ "name": format!("Guest {word}"), "slug": format!("guest-{word}") });
                admin.post("/v1/newsroom/authors", guest)
            }
            Act::Remove(word) => {
                let guest = admin.get(format!("/v1/newsroom/authors/guest-{word}")).send().await;
                if guest.status() != 200 {
                    return;
                }
                admin.delete(format!("/v1/newsroom/authors/{}", guest.id()))
            }
        };
        request.send().await;
    }
}

/// What a reader is told, without what differs between any two requests.
pub(super) fn told(answer: &Answer) -> (u16, Value) {
    let mut body = answer.json().clone();
    if let Some(answer) = body.as_object_mut() {
        answer.remove("request_id");
        if let Some(Value::String(location)) = answer.get_mut("location") {
            *location = location.split(['?', '&']).filter(|part| !part.starts_with("as_of=")).collect();
        }
    }
    (answer.status(), body)
}

pub(super) fn as_of(place: &str, at: DateTime<Utc>) -> String {
    let sign = if place.contains('?') { '&' } else { '?' };
    format!("{place}{sign}as_of={}", written(at))
}

/// A page of a list leads on by cursors that belong to that list alone.
pub(super) fn without_cursors(mut told: (u16, Value)) -> (u16, Value) {
    if let Some(meta) = told.1.pointer_mut("/meta").and_then(Value::as_object_mut) {
        let leads_on = meta.get("next_cursor").is_some_and(Value::is_string);
        meta.insert("next_cursor".to_owned(), json!(leads_on));
    }
    told
}
