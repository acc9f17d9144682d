//! Writing articles: the working copy, its links, its way into the trash and back, and its publication.

mod apply;
pub mod bulk;
mod credits;
pub mod embargo;
mod hero;
mod hidden;
mod history;
pub mod input;
mod known;
pub mod legal_hold;
mod links;
pub mod merge;
pub mod moves;
mod periods;
pub mod presence;
pub mod previews;
pub mod publish;
pub mod purge;
mod render;
pub mod schedule;
mod settle;
mod stale;
pub mod takedown;
mod write;

pub use history::restore_revision;
pub use links::{LinkPatch, delete_link, patch_link, post_link, put_links};
pub use write::{Written, create, held, patch, restore, seen_by, trash, upsert};
