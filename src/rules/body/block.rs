//! One block: an id, an open type, its HTML, inline content for text blocks, and whatever else its type carries.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A piece of a body. `type` is open: render `html` for types that you do not know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Block {
    /// Its id within the article; it survives a re-post.
    #[schema(example = "p4xv2k9q1m", min_length = 1, max_length = 40, pattern = "^[a-z0-9-]+$")]
    pub id: String,
    /// `paragraph`, `heading`, `list`, `quote`, `pull_quote`, `image`, `gallery`, `related_link`, `link_list`, `embed`,
    /// `video`, `audio`, `table`, `code`, `divider`, `callout`, `correction`, `key_event`, or one that is younger than
    /// your client.
    #[serde(rename = "type")]
    #[schema(example = "paragraph", min_length = 1, max_length = 40, pattern = "^[a-z][a-z0-9_]*$")]
    pub kind: String,
    /// The block by itself, rendered. Read-only: it is made of the other members, and one that says something else than
    /// these or than before is warned of.
    #[serde(default)]
    #[schema(example = "<p>Two governments want a joint supply chain.</p>", max_length = 1_000_000)]
    pub html: String,
    /// The words of a text block as inline HTML; for `code` plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Two governments want a joint supply chain.", max_length = 100_000, nullable = false)]
    pub content: Option<String>,
    /// Further members by type: `level`, `ordered`, `items`, `url`, `alt`, `caption`, `credit`, `label`, `title`,
    /// `href`, `article_id` (read-only: found by `href`), `links`, `images`, `rows`, `header`, `language`, `cite`, `tone`, `at`.
    #[serde(flatten)]
    pub payload: Map<String, Value>,
}

impl Block {
    /// A block without id or HTML yet.
    pub fn new(kind: &str) -> Self {
        Self { id: String::new(), kind: kind.to_owned(), html: String::new(), content: None, payload: Map::new() }
    }

    /// A block of words.
    pub fn text(kind: &str, content: impl Into<String>) -> Self {
        Self { content: Some(content.into()), ..Self::new(kind) }
    }

    /// The same block with one more member.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.payload.insert(name.to_owned(), value.into());
        self
    }

    /// The same block with a member, unless the text is empty.
    #[must_use]
    pub fn with_text(self, name: &str, value: Option<String>) -> Self {
        match value.filter(|text| !text.is_empty()) {
            Some(text) => self.with(name, text),
            None => self,
        }
    }

    /// A member that is text; empty if it is absent.
    pub fn str(&self, name: &str) -> &str {
        self.payload.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// A member that is an array; empty if it is absent.
    pub fn array(&self, name: &str) -> &[Value] {
        self.payload.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
    }

    /// A member that is true or false; false if it is absent.
    pub fn flag(&self, name: &str) -> bool {
        self.payload.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// Whether two blocks are the same but for what is made or found: id, HTML and the article that is linked.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let said = |block: &Self| block.payload.iter().filter(|(name, _)| *name != "article_id").count();
        self.kind == other.kind
            && self.content == other.content
            && said(self) == said(other)
            && self.payload.iter().all(|(name, value)| name == "article_id" || other.payload.get(name) == Some(value))
    }

    /// The inline content; empty if there is none.
    pub fn words(&self) -> &str {
        self.content.as_deref().unwrap_or_default()
    }
}
