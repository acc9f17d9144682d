//! What every public view is drawn before: the reference data, and the site with its addresses.

use uuid::Uuid;

use crate::base::config::Settings;
use crate::store::directory::{Directory, KnownRegion};

/// Names for ids, and addresses for what has one.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// Authors, regions and topics.
    pub directory: &'a Directory,
    /// The site's name, publisher and address.
    pub settings: &'a Settings,
}

impl Scene<'_> {
    /// The path of an article on the site: its section, then its slug. A page of the site itself has no section.
    pub fn article_path(&self, section: Option<Uuid>, slug: &str) -> String {
        match section.and_then(|id| self.directory.region(id)) {
            Some(region) => format!("/{}/{slug}", region.slug),
            None => format!("/{slug}"),
        }
    }

    /// The path of a section on the site.
    pub fn region_path(region: &KnownRegion) -> String {
        format!("/{}", region.slug)
    }

    /// The absolute address of a path of the site.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.settings.site_url.as_str().trim_end_matches('/'))
    }
}
