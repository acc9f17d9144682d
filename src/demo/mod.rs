//! The newsroom that Dateline brings along, so that there is something to read, to search and to click through: The
//! Antimeridian, all invented. `newsroom.json` holds its people, sections, topics and pictures, `articles/` one file for
//! each article. Loading replays a month of work through the same verbs that the API uses, each at its own instant.

mod articles;
mod moment;
mod newsroom;
mod replay;
mod story;

use crate::base::clock::Clock;
use crate::base::error::Result;
use crate::rules::reference::IdOrSlug;
use crate::store::{Database, Tx, lookup};
use newsroom::Newsroom;
use replay::Replay;

/// What the newsroom calls itself.
pub const SITE_NAME: &str = "The Antimeridian";
/// The article that shows most of what an article can have: wire credit, hero, a link inside the body, "read more" with
/// a draft that is not to be seen, and an external link.
pub const TOUR_SLUG: &str = "straight-line-for-battery-salts";
/// The account that may administer: it is the only one that adds users.
pub const ADMIN_EMAIL: &str = "admin@demo.dateline.example";
/// The account that may publish.
pub const EDITOR_EMAIL: &str = "editor@demo.dateline.example";

/// What came of loading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// How many articles were written; none when the newsroom was there already.
    pub articles: usize,
    /// What cleaning took out of bodies although their files do not say so: `slug: code: detail`.
    pub unexpected: Vec<String>,
}

/// Loads the newsroom, whole or not at all; does nothing where it is already. All its users who sign in get the
/// password with this hash. `tell` hears how many of how many steps are done.
///
/// # Errors
/// 409 where something of the same name is there already, 503 when the database does not answer.
pub async fn load(
    database: &Database,
    site_url: &str,
    password_hash: &str,
    clock: &Clock,
    tell: impl Fn(usize, usize),
) -> Result<Loaded> {
    let loaded_at = clock.now();
    database
        .write(async |tx| {
            if is_loaded(tx).await? {
                return Ok(Loaded::default());
            }
            let stories = articles::read()?;
            let newsroom = Newsroom::read()?;
            let people = newsroom.settle(tx, password_hash, loaded_at).await?;
            Replay { site_url, loaded_at, people: &people }.run(tx, stories, tell).await
        })
        .await
}

/// Slugs of articles are for ever, so one of them tells.
async fn is_loaded(tx: &mut Tx) -> Result<bool> {
    let tour = IdOrSlug::Slug(TOUR_SLUG.to_owned());
    Ok(!lookup::articles(tx, &[tour]).await?.is_empty())
}
