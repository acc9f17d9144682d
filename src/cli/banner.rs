//! What the program says of itself once it answers: where things are, and lines to paste.

use std::fmt::Write as _;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;

use url::Url;

use super::demo::Shown;
use super::home::Home;
use crate::base::config::Config;
use crate::demo::{ADMIN_EMAIL, EDITOR_EMAIL};

/// What there is to say.
pub struct Banner<'a> {
    /// The settings.
    pub config: &'a Config,
    /// The database.
    pub home: &'a Home,
    /// Where the server listens.
    pub address: SocketAddr,
    /// How links name it.
    pub public_url: Url,
    /// Where a secret was kept that was made just now.
    pub kept_in: Option<PathBuf>,
    /// The demo newsroom, on the embedded default.
    pub demo: Option<Shown>,
}

impl Banner<'_> {
    /// Prints it to standard output.
    pub fn print(&self) {
        // With nobody to read it, the server runs all the same.
        let _ = std::io::stdout().write_all(self.text().as_bytes());
    }

    fn text(&self) -> String {
        let base = Config::local_url(self.address);
        let mut text = format!("\nDateline {} is running. Ctrl-C stops it.\n\n", env!("CARGO_PKG_VERSION"));
        let mut line = |name: &str, value: &str| {
            let _ = writeln!(text, "  {name:<10} {value}");
        };
        line("API", &format!("{base}v1/articles"));
        line("Docs", &format!("{base}docs/"));
        line("OpenAPI", &format!("{base}openapi.json"));
        line("Database", &self.home.described());
        if let Some(path) = &self.kept_in {
            line("Secret", &format!("made now and kept in {}; all access tokens depend on it", path.display()));
        }
        if let Some(demo) = &self.demo {
            line("Newsroom", &format!("sign in as {} with the password {}", EDITOR_EMAIL, demo.password));
            if demo.administered {
                line("Users", &format!("are added by {ADMIN_EMAIL}, who has the same password"));
            }
        }
        self.warn(&mut text);
        if let Some(demo) = &self.demo {
            demo.curls(&base, &mut text);
        }
        text.push('\n');
        text
    }

    fn warn(&self, text: &mut String) {
        let mut line = |warning: &str| {
            let _ = writeln!(text, "  {:<10} {warning}", "Warning");
        };
        if !self.address.ip().is_loopback() && self.config.public_url.is_none() {
            line(&format!("DATELINE_PUBLIC_URL is not set: links in answers lead to {}", self.public_url));
        }
        if !self.address.ip().is_loopback() && self.demo.is_some() {
            line("the demo newsroom can be reached from other machines");
        }
    }
}
