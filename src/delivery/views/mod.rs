//! What the public is shown. One view, one file; views are the only types that are written as JSON.

mod topic;

pub use topic::{Topic, TopicList};
