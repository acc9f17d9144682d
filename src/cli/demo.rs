//! The demo newsroom: `dateline demo`, and what the embedded default does with it at its first start and shows at every
//! start.

use std::fmt::Write as _;

use url::Url;

use super::failure::Outcome;
use super::home::Home;
use super::kept;
use crate::base::clock::Clock;
use crate::base::config::{Config, Settings};
use crate::base::id::random_bytes;
use crate::base::progress::Progress;
use crate::demo::{self, ADMIN_EMAIL, EDITOR_EMAIL, Loaded, SITE_NAME, TOUR_SLUG};
use crate::rules::password;
use crate::store::greeting;

/// What the banner shows of the demo.
pub struct Shown {
    /// The password of its accounts.
    pub password: String,
    /// Whether its administrator is there.
    pub administered: bool,
    /// The slug of an article that is live.
    pub slug: Option<String>,
}

impl Shown {
    /// Lines to paste.
    pub fn curls(&self, base: &Url, text: &mut String) {
        if let Some(slug) = &self.slug {
            let _ = writeln!(text, "\n  Read a page:\n    curl -s {base}v1/pages/article/{slug}");
        }
        let password = &self.password;
        let _ = writeln!(
            text,
            "\n  Sign in:\n    curl -s {base}v1/auth/token -d grant_type=password -d username={EDITOR_EMAIL} -d \
             password={password}"
        );
    }
}

/// The site calls itself what the demo newsroom does, unless it was given a name.
pub fn name_site(config: &Config, settings: &mut Settings) {
    if config.names_site {
        return;
    }
    if settings.site_publisher == settings.site_name {
        SITE_NAME.clone_into(&mut settings.site_publisher);
    }
    SITE_NAME.clone_into(&mut settings.site_name);
}

/// `dateline demo`: loads it into the database that is set, with a password that is shown.
///
/// # Errors
/// When there is no database, or something in it stands in the way.
pub async fn demo(config: &Config) -> Outcome {
    let home = Home::open_migrated(config).await?;
    home.visit(async |home| {
        let password = match home.folder() {
            Some(folder) => kept::demo_password(folder)?,
            None => kept::password(),
        };
        if load(config, home, &password).await?.articles == 0 {
            println!("The demo newsroom is there already: {}.", home.described());
        } else {
            println!("Its accounts, such as {EDITOR_EMAIL} and {ADMIN_EMAIL}, have the password {password}");
        }
        Ok(())
    })
    .await
}

/// On the embedded default: loads the demo into a database in which nobody is yet, and answers what is to be shown of
/// it, as long as it is there.
///
/// # Errors
/// When the database does not answer.
pub async fn once(config: &Config, home: &Home) -> Outcome<Option<Shown>> {
    let Some(folder) = home.folder() else { return Ok(None) };
    let database = home.database()?;
    if database.write(async |tx| greeting::nobody_is_there(tx).await).await? {
        load(config, home, &kept::demo_password(folder)?).await?;
    }
    let now = Clock::system().now();
    let (known, administered, tour, newest) = database
        .write(async |tx| {
            let known = greeting::knows(tx, EDITOR_EMAIL).await?;
            let administered = greeting::knows(tx, ADMIN_EMAIL).await?;
            let tour = greeting::is_live(tx, TOUR_SLUG, now).await?;
            Ok((known, administered, tour, greeting::newest_live(tx, now).await?))
        })
        .await?;
    if !known {
        return Ok(None);
    }
    let slug = if tour { Some(TOUR_SLUG.to_owned()) } else { newest };
    Ok(Some(Shown { password: kept::demo_password(folder)?, administered, slug }))
}

async fn load(config: &Config, home: &Home, password: &str) -> Outcome<Loaded> {
    let progress = Progress::start("Loading the demo newsroom");
    let hash = password::hash(password, &random_bytes())?;
    let tell = |done: usize, total: usize| {
        progress.expect(u64::try_from(total).unwrap_or_default());
        progress.reach(u64::try_from(done).unwrap_or_default());
    };
    let site_url = config.fixed().site_url.as_str();
    let loaded = demo::load(&home.database()?, site_url, &hash, &Clock::system(), tell).await?;
    if loaded.articles > 0 {
        progress.finish(&format!("Loaded the demo newsroom: {} articles.", loaded.articles));
    }
    Ok(loaded)
}
