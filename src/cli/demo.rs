//! The demo newsroom on the embedded default: what is shown of it at every start.

use std::fmt::Write as _;
use std::path::Path;

use url::Url;

use super::failure::Outcome;
use super::kept;
use crate::base::clock::Clock;
use crate::store::{Database, greeting};

/// The account of the demo that may publish.
const EDITOR: &str = "editor@demo.dateline.example";

/// What the banner shows of the demo.
pub struct Shown {
    /// An account.
    pub email: String,
    /// Its password.
    pub password: String,
    /// The slug of an article that is live.
    pub slug: Option<String>,
}

impl Shown {
    /// Lines to paste.
    pub fn curls(&self, base: &Url, text: &mut String) {
        if let Some(slug) = &self.slug {
            let _ = writeln!(text, "\n  Read a page:\n    curl -s {base}v1/pages/article/{slug}");
        }
        let (email, password) = (&self.email, &self.password);
        let _ = writeln!(
            text,
            "\n  Sign in:\n    curl -s {base}v1/auth/token -d grant_type=password -d username={email} -d password={password}"
        );
    }
}

/// What is to be shown of the demo, while it is there.
///
/// # Errors
/// When the database does not answer.
pub async fn once(database: &Database, clock: &Clock, folder: &Path) -> Outcome<Option<Shown>> {
    let now = clock.now();
    let known = database.write(async |tx| greeting::knows(tx, EDITOR).await).await?;
    if !known {
        return Ok(None);
    }
    let slug = database.write(async |tx| greeting::newest_live(tx, now).await).await?;
    Ok(Some(Shown { email: EDITOR.to_owned(), password: kept::demo_password(folder)?, slug }))
}
