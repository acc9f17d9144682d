//! Fills an empty database with a newsroom of a given size. What can be few (regions, authors, topics, media and the first
//! two hundred articles) is written by the desk itself; the further articles are those rows again, with ids, numbers,
//! authors and times of their own.

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::clones::{ARTICLE, AUTHOR, Clones};
use super::prose::{Dice, body, words};
use crate::base::clock::Clock;
use crate::base::error::{Error, Result};
use crate::base::progress::Progress;
use crate::cli::failure::{Failure, Outcome};
use crate::desk::articles::publish::{self, Plan};
use crate::desk::people::{self, NewUser};
use crate::desk::regions::load_world;
use crate::desk::tokens::{self, NewToken};
use crate::desk::topics::{self, TopicCreate};
use crate::desk::{articles, authors, media};
use crate::rules::permission::{Principal, Right, Role};
use crate::rules::version::Expected;
use crate::store::bulk_load::{Bulk, TABLES};
use crate::store::people as known_people;
use crate::store::records::Doer;
use crate::store::{Database, Tx};

const EMAIL: &str = "bench@dateline.example";
const SITE: &str = "http://localhost:3000";
const TEMPLATES: usize = 200;
const TOPICS: usize = 60;
const PICTURES: usize = 100;
const WIDTHS: [u32; 3] = [480, 960, 1600];
const SPAN: TimeDelta = TimeDelta::days(365);
/// Sections of the world's tree, by slug.
pub(super) const SECTIONS: [&str; 12] = [
    "japan",
    "france",
    "canada",
    "brazil",
    "kenya",
    "india",
    "germany",
    "mexico",
    "indonesia",
    "egypt",
    "norway",
    "chile",
];

/// Brings the database to `count` articles, or finds that it has them; answers an API token that may write.
///
/// # Errors
/// When it holds something else, or does not answer.
pub(super) async fn fill(database: &Database, url: &str, count: usize) -> Outcome<String> {
    let now = Clock::system().now();
    let bulk = Bulk::connect(url).await?;
    let there = bulk.articles().await?;
    if there == 0 {
        let progress = Progress::start(&format!("Writing {count} articles"));
        write(database, bulk, count, now, &progress).await?;
        progress.finish(&format!("Wrote {count} articles in {} s.", (Clock::system().now() - now).num_seconds()));
    } else if there < count {
        return Err(Failure::new(format!(
            "The database holds {there} articles and not {count}.\n  fix: name another --data-dir, or remove this one."
        )));
    }
    Ok(database.write(async |tx| token(tx, now).await).await?)
}

/// Number of the article, as its slug.
pub(super) fn slug(number: usize) -> String {
    format!("{ARTICLE}{number:07}")
}

async fn write(database: &Database, mut bulk: Bulk, count: usize, now: DateTime<Utc>, tell: &Progress) -> Result<()> {
    let templates = TEMPLATES.min(count);
    let generations = count.div_ceil(templates);
    let step = TimeDelta::seconds(SPAN.num_seconds() / i64::try_from(count).unwrap_or(1).max(1));
    let start = now.duration_trunc(TimeDelta::hours(1)).map_err(Error::internal)? - SPAN - TimeDelta::hours(2);
    let authors = (count / 50).clamp(20, 2_000);
    let authors = database
        .write(async |tx| {
            let by = admin(tx, start).await?;
            let authors = settle(tx, &by, authors, start).await?;
            tell.tell("the first articles, by the desk");
            for number in 0..templates {
                let at = start + step * i32::try_from(number).unwrap_or_default();
                article(tx, &by, number, authors.len(), at).await?;
            }
            Ok(authors)
        })
        .await?;
    let clones = Clones { templates, generations, step, authors, own: bulk.own_ids().await? };
    bulk.drop_indexes().await?;
    tell.expect(u64::try_from(TABLES.len()).unwrap_or_default());
    for table in TABLES {
        tell.tell(table);
        let pattern = clones.pattern(bulk.rows(table).await?);
        bulk.load(table, (1..generations).map(|number| clones.generation(&pattern, number))).await?;
        tell.step();
    }
    bulk.restore_indexes(|definition| tell.tell(definition)).await
}

async fn admin(tx: &mut Tx, at: DateTime<Utc>) -> Result<Principal> {
    let name = "Benchmark".to_owned();
    let new = NewUser { email: EMAIL.to_owned(), name, role: Role::Admin, regions: Vec::new(), author: None };
    let user_id = people::create_user(tx, &Doer::default(), new, None, at).await?.user.id;
    Ok(Principal {
        user_id,
        role: Role::Admin,
        token_id: None,
        session_id: None,
        scopes: None,
        regions: Vec::new(),
        address: None,
    })
}

/// Regions, pictures, authors and topics; answers the authors.
async fn settle(tx: &mut Tx, by: &Principal, authors: usize, at: DateTime<Utc>) -> Result<Vec<Uuid>> {
    load_world(tx, &Doer::default(), at, &|_| ()).await?;
    let mut dice = Dice::new(1);
    for number in 0..PICTURES {
        let new = json!({
            "slug": format!("picture-{number}"),
            "url": format!("https://images.dateline.example/{number}.jpg"),
            "mime_type": "image/jpeg",
            "width": 2400,
            "height": 1600,
            "alt": words(&mut dice, 12),
            "caption": words(&mut dice, 15),
            "credit_line": "Example Wire",
            "renditions": WIDTHS.map(|width| rendition(number, width)).to_vec(),
        });
        media::create(tx, by, sent(new)?, at).await?;
    }
    for number in 0..TOPICS {
        let new = TopicCreate { name: format!("Topic {number}"), slug: None, description: Some(words(&mut dice, 20)) };
        topics::create(tx, by, new, at).await?;
    }
    let mut ids = Vec::new();
    for number in 0..authors {
        let new = json!({
            "name": format!("Reporter Z{}{number:07}", AUTHOR.trim_start_matches('z')),
            "job_title": "Correspondent",
            "bio": words(&mut dice, 40),
            "avatar": format!("picture-{}", number % PICTURES),
        });
        ids.push(authors::create(tx, by, sent(new)?, at).await?.0.id);
    }
    Ok(ids)
}

fn rendition(picture: usize, width: u32) -> Value {
    let url = format!("https://images.dateline.example/{picture}-{width}.jpg");
    json!({ "name": format!("w{width}"), "url": url, "width": width, "height": width * 2 / 3 })
}

/// An article with links to some of those before it, live from `at` on.
async fn article(tx: &mut Tx, by: &Principal, number: usize, authors: usize, at: DateTime<Utc>) -> Result<()> {
    let mut dice = Dice::new(u64::try_from(number).unwrap_or_default() + 1000);
    let earlier = |dice: &mut Dice| (number > 0).then(|| slug(dice.below(number)));
    let mut others: Vec<String> = (0..5).filter_map(|_| earlier(&mut dice)).collect();
    others.sort();
    others.dedup();
    let related: Vec<Value> =
        others.iter().map(|slug| json!({ "kind": "read_more", "target": { "slug": slug } })).collect();
    let also = earlier(&mut dice);
    let author = |back: usize| format!("reporter-{AUTHOR}{:07}", (number + back) % authors);
    let new = json!({
        "slug": slug(number),
        "headline": format!("Dispatch {}: {}", slug(number), words(&mut dice, 7)),
        "summary": words(&mut dice, 25),
        "body": { "format": "html", "content": body(&mut dice, also.as_deref()) },
        "primary_region": SECTIONS.get(number % SECTIONS.len()),
        "regions": [SECTIONS.get((number + 5) % SECTIONS.len())],
        "topics": [format!("topic-{}", number % TOPICS), format!("topic-{}", (number * 7 + 3) % TOPICS)],
        "bylines": [{ "author": author(0), "role": "author" }, { "author": author(7), "role": "additional_editing" }],
        "sources": [{ "name": "Example Wire", "role": "wire" }],
        "hero": { "media": format!("picture-{}", number % PICTURES) },
        "related": related,
    });
    let id = articles::create(tx, by, SITE, sent(new)?, at).await?.article.id;
    publish::publish(tx, by, id, &Expected::Any, Plan::default(), &Clock::fixed(at)).await?;
    Ok(())
}

async fn token(tx: &mut Tx, now: DateTime<Utc>) -> Result<String> {
    let user = known_people::by_email(tx, EMAIL).await?.ok_or_else(Error::not_found)?;
    let scopes = vec![Right::Read, Right::Articles, Right::Publish];
    let wanted = NewToken { user_id: user.id, name: "dateline bench".to_owned(), scopes, expires_at: None };
    Ok(tokens::create(tx, &Doer::default(), wanted, now).await?.1)
}

/// What the API would have read.
fn sent<T: serde::de::DeserializeOwned>(value: Value) -> Result<T> {
    serde_json::from_value(value).map_err(Error::internal)
}
