//! Addresses on the web that are shown to readers.

use url::Url;

use super::body::web_url;

/// The longest address, in bytes: what an index of the database takes, and browsers too.
const LONGEST: usize = 2000;
/// What is wrong with an address that is not [`is_web`].
pub const NO_ADDRESS: &str = "is not an absolute http or https address of at most 2,000 bytes";

/// Whether the text is an absolute http or https address, spelled as every reader takes it: never `javascript:` or `data:`,
/// and nothing in it that one would drop, fold or take for the end of an attribute.
pub fn is_web(text: &str) -> bool {
    let ends = |c: char| matches!(c, '"' | '<' | '>');
    text.len() <= LONGEST && !text.contains(ends) && web_url(text).is_some_and(|url| url == text)
}

/// The last word of an address's path without its ending, such as `mine-worker` of `.../2026/mine-worker.jpg`.
pub fn file_stem(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let file = url.path_segments()?.rfind(|segment| !segment.is_empty())?;
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    (!stem.is_empty()).then(|| stem.to_owned())
}
