//! The tags of everything that an answer was made of, each once, and never more of them than a header holds.

use uuid::Uuid;

use super::scene::Scene;
use crate::rules::tag::tag;
use crate::store::cards::CardRow;

/// Proxies may hold all headers of an answer in 4 KiB, as nginx does unless it is told otherwise; the other headers need some
/// of it.
const MOST_BYTES: usize = 2_800;
/// The tag that stands for all of a kind when there are too many to name; every write of one of them tells it too.
const COARSER: [(&str, &str); 5] = [
    ("article:", "list:articles"),
    ("author:", "list:authors"),
    ("media:", "list:media"),
    ("region:", "list:regions"),
    ("topic:", "list:topics"),
];

/// Tags while they are being collected.
#[derive(Debug, Default)]
pub struct Tags(Vec<String>);

impl Tags {
    /// Adds one.
    pub fn add(&mut self, tag: String) {
        self.0.push(tag);
    }

    /// Adds one of a thing.
    pub fn of(&mut self, kind: &str, id: Uuid) {
        self.add(tag(kind, id));
    }

    /// Adds those of a card: the article and all that is shown with it.
    pub fn card(&mut self, row: &CardRow, scene: &Scene<'_>) {
        let card = row.rendered();
        self.of("article", row.id);
        if let Some(asset) = &row.asset {
            self.of("media", asset.id);
        }
        for author in card.people.iter().filter_map(|person| scene.directory.author(person.author)) {
            self.of("author", author.id);
        }
        for region in row.primary_region.iter().chain(&card.regions) {
            self.of("region", *region);
        }
        for topic in card.topics.iter().filter_map(|id| scene.directory.topic(*id)) {
            self.of("topic", topic.id);
        }
    }

    /// All of them, or fewer that say at least as much.
    pub fn finish(self) -> Vec<String> {
        let mut tags = self.0;
        tags.sort_unstable();
        tags.dedup();
        for (prefix, all) in COARSER {
            let bytes: usize = tags.iter().map(|tag| tag.len() + 1).sum();
            if bytes <= MOST_BYTES {
                break;
            }
            tags.retain(|tag| !tag.starts_with(prefix) && tag != all);
            tags.push(all.to_owned());
        }
        tags
    }
}
