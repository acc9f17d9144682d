//! Writing articles: the working copy, its links, its way into the trash and back, and its publication.

mod apply;
pub mod bulk;
mod credits;
pub mod input;
mod known;
mod links;
pub mod moves;
pub mod publish;
mod render;
mod write;

pub use links::{LinkPatch, delete_link, patch_link, post_link, put_links};
pub use write::{Written, create, held, patch, restore, seen_by, trash, upsert};
