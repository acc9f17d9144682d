//! One file of `articles/`: what an article says, in the form in which the API takes it, and what happens to it.
//!
//! The file's name is the slug, its ending the form of the body. `.md`, `.html` and `.txt` begin with the article as JSON
//! between two lines `---`, and the body follows; `.json` holds both. Beside the members of the API the JSON has
//! `timeline`, and `warnings`: what cleaning is meant to take out of the body.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::moment::Moment;
use crate::base::clock::Timestamp;
use crate::base::error::{Error, Result};
use crate::desk::articles::input::{ArticleCreate, ArticlePatch};
use crate::rules::body::Format;

/// An article of the demo.
#[derive(Debug)]
pub(super) struct Story {
    /// The name of its file.
    pub slug: String,
    /// What happens to it, in order.
    pub timeline: Vec<Step>,
    /// Codes of what cleaning is meant to take out.
    pub warnings: Vec<String>,
    format: Format,
    body: Value,
    members: Map<String, Value>,
}

/// Something that happens to an article.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Step {
    /// When.
    pub at: Moment,
    /// Who does it: the key of a user.
    pub by: String,
    /// What.
    #[serde(flatten)]
    pub act: Act,
}

/// What can happen to an article.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(super) enum Act {
    /// It is written.
    Create,
    /// It is changed.
    Edit {
        /// Members of a patch.
        #[serde(default)]
        set: Map<String, Value>,
        /// Words of the body and what they become.
        #[serde(default)]
        replace: Vec<(String, String)>,
        /// Blocks that go before all others.
        #[serde(default)]
        first: Vec<Value>,
    },
    /// What it says then goes live.
    Publish {
        /// Then, instead of at once.
        from: Option<Moment>,
        /// Until then.
        until: Option<Moment>,
        /// A small change.
        #[serde(default)]
        minor: bool,
    },
    /// What is live ends.
    Unpublish,
    /// It is thrown away.
    Trash,
}

/// What stands in a file beside the article itself.
#[derive(Deserialize)]
struct Front {
    timeline: Vec<Step>,
    #[serde(default)]
    warnings: Vec<String>,
    #[serde(flatten)]
    members: Map<String, Value>,
}

impl Story {
    /// Reads a file.
    ///
    /// # Errors
    /// 500 with the file's name when it is not written as it should be.
    pub(super) fn read(file: &str, text: &str) -> Result<Self> {
        let wrong = |what: &str| Error::internal(format!("demo/articles/{file}: {what}"));
        let (slug, ending) = file.rsplit_once('.').ok_or_else(|| wrong("has no ending"))?;
        let format = match ending {
            "md" => Some(Format::Markdown),
            "html" => Some(Format::Html),
            "txt" => Some(Format::Text),
            _ => None,
        };
        let (front, body) = match format {
            Some(_) => {
                let parts = text.strip_prefix("---\n").and_then(|text| text.split_once("\n---\n"));
                parts.ok_or_else(|| wrong("has no two lines ---"))?
            }
            None => (text, ""),
        };
        let front: Front = serde_json::from_str(front).map_err(|error| wrong(&error.to_string()))?;
        let mut members = front.members;
        let (format, body) = match (format, members.remove("body")) {
            (Some(format), None) => (format, Value::String(body.to_owned())),
            (None, Some(mut sent)) => {
                let mut part = |name: &str| sent.get_mut(name).map(Value::take).unwrap_or_default();
                let format = serde_json::from_value(part("format")).map_err(|error| wrong(&error.to_string()))?;
                (format, part("content"))
            }
            _ => return Err(wrong("has no body, or two")),
        };
        Ok(Self { slug: slug.to_owned(), timeline: front.timeline, warnings: front.warnings, format, body, members })
    }

    /// What is sent to create it.
    ///
    /// # Errors
    /// 500 with the file's name when the API would not take it.
    pub(super) fn creation(&self, loaded_at: DateTime<Utc>) -> Result<ArticleCreate> {
        let mut members = self.members.clone();
        members.insert("slug".to_owned(), self.slug.clone().into());
        members.insert("body".to_owned(), self.sent_body(loaded_at));
        self.typed(members)
    }

    /// What is sent to change it; the story keeps what its body says from now on.
    ///
    /// # Errors
    /// 500 with the file's name when the API would not take it.
    pub(super) fn edit(
        &mut self,
        set: Map<String, Value>,
        replace: &[(String, String)],
        first: Vec<Value>,
        loaded_at: DateTime<Utc>,
    ) -> Result<ArticlePatch> {
        let mut members = set;
        if !replace.is_empty() || !first.is_empty() {
            match &mut self.body {
                Value::String(text) => {
                    for (old, new) in replace {
                        if text.matches(old.as_str()).count() != 1 {
                            let wrong = format!("demo/articles/{}: {old:?} does not stand there once", self.slug);
                            return Err(Error::internal(wrong));
                        }
                        *text = text.replace(old.as_str(), new);
                    }
                }
                Value::Array(blocks) => drop(blocks.splice(0..0, first)),
                _ => {}
            }
            members.insert("body".to_owned(), self.sent_body(loaded_at));
        }
        self.typed(members)
    }

    fn sent_body(&self, loaded_at: DateTime<Utc>) -> Value {
        let mut content = self.body.clone();
        for block in content.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
            let moment = block.get("at").and_then(Value::as_str).and_then(Moment::read);
            if let Some(moment) = moment {
                block.insert("at".to_owned(), Timestamp(moment.after(loaded_at)).to_string().into());
            }
        }
        json!({ "format": self.format, "content": content })
    }

    fn typed<T: serde::de::DeserializeOwned>(&self, members: Map<String, Value>) -> Result<T> {
        serde_json::from_value(Value::Object(members))
            .map_err(|error| Error::internal(format!("demo/articles/{}: {error}", self.slug)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::demo::articles;
    use crate::rules::body;

    #[test]
    fn cleaning_takes_out_of_each_body_what_its_file_says() {
        for story in articles::read().unwrap() {
            let parsed = body::parse(story.format, &story.body, &[]).unwrap();
            let taken_out: BTreeSet<_> = parsed.warnings.iter().map(|warning| warning.code.as_str()).collect();
            let said: BTreeSet<_> = story.warnings.iter().map(String::as_str).collect();
            assert_eq!(taken_out, said, "{}: {:?}", story.slug, parsed.warnings);
        }
    }
}
