//! Addresses on the web that are shown to readers.

use url::Url;

/// Whether the text is an absolute http or https address: never `javascript:` or `data:`.
pub fn is_web(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// The last word of an address's path without its ending, such as `mine-worker` of `.../2026/mine-worker.jpg`.
pub fn file_stem(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let file = url.path_segments()?.rfind(|segment| !segment.is_empty())?;
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    (!stem.is_empty()).then(|| stem.to_owned())
}
