//! Tags: what an answer was made of, and what a write changes, in one word. Caches in front know answers by them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

/// The tag of a thing, such as `article:oBcAAAAAAAE`, or of the lists that it stands in, such as `list:region:...`: the
/// kind, and the random half of the id. Two things that shared it would only be dropped together.
pub fn tag(kind: &str, id: Uuid) -> String {
    let (_, random) = id.as_u64_pair();
    let mut tag = String::with_capacity(kind.len() + 12);
    tag.push_str(kind);
    tag.push(':');
    URL_SAFE_NO_PAD.encode_string(random.to_be_bytes(), &mut tag);
    tag
}
