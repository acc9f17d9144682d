//! The body of an article in the forms that were asked for.

use std::collections::HashSet;

use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::base::error::{Error, Result};
use crate::rules::body::{self, Block, Format};
use crate::store::RawJson;
use crate::store::pages::{ArticleRow, LinkRow, Whole};

/// The body, in each form that `body_format` asked for. All forms say the same.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArticleBody {
    /// The blocks, in order. Render `html` of a type that you do not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Block>>, nullable = false, max_items = 2000)]
    pub blocks: Option<Box<RawValue>>,
    /// HTML.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false, example = "<p>Two governments want a joint supply chain.</p>", max_length = 4_000_000)]
    pub html: Option<Box<RawValue>>,
    /// Markdown, as `CommonMark` has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false, example = "Two governments want a joint supply chain.", max_length = 4_000_000)]
    pub markdown: Option<Box<RawValue>>,
    /// Plain text, paragraphs set off by an empty line.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false, example = "Two governments want a joint supply chain.", max_length = 4_000_000)]
    pub text: Option<Box<RawValue>>,
    /// Portable Text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<std::collections::BTreeMap<String, serde_json::Value>>>, nullable = false, example = json!([{ "_type": "block", "_key": "p4xv2k9q1m" }]), max_items = 10_000)]
    pub portable_text: Option<Box<RawValue>>,
}

impl ArticleBody {
    /// The body as it was rendered, or made again without the links whose articles are not live.
    ///
    /// # Errors
    /// 500 when it was not rendered by this program.
    pub fn of(whole: &Whole, forms: &[Format]) -> Result<Self> {
        let hidden = hidden(&whole.links);
        let article = &whole.article;
        match &article.blocks {
            Some(blocks) if !hidden.is_empty() => {
                let blocks: Vec<Block> = blocks.parse()?;
                Self::made(&body::without(&blocks, &hidden), forms)
            }
            _ => Ok(Self::kept(article, forms)),
        }
    }

    fn kept(article: &ArticleRow, forms: &[Format]) -> Self {
        let asked = |form: Format, kept: &Option<RawJson>| {
            kept.as_ref().filter(|_| forms.contains(&form)).map(|json| json.0.clone())
        };
        Self {
            blocks: asked(Format::Blocks, &article.blocks),
            html: asked(Format::Html, &article.html),
            markdown: asked(Format::Markdown, &article.markdown),
            text: asked(Format::Text, &article.text),
            portable_text: asked(Format::PortableText, &article.portable_text),
        }
    }

    fn made(blocks: &[Block], forms: &[Format]) -> Result<Self> {
        let asked = |form: Format| -> Result<Option<Box<RawValue>>> {
            let written = || RawJson::of(&body::written(blocks, form).map_err(Error::internal)?);
            forms.contains(&form).then(written).transpose().map(|json| json.map(|json| json.0))
        };
        Ok(Self {
            blocks: asked(Format::Blocks)?,
            html: asked(Format::Html)?,
            markdown: asked(Format::Markdown)?,
            text: asked(Format::Text)?,
            portable_text: asked(Format::PortableText)?,
        })
    }
}

/// The blocks that lead to articles which are not live.
fn hidden(links: &[LinkRow]) -> HashSet<&str> {
    let dark = links.iter().filter(|link| link.target.is_some() && link.card.is_none());
    dark.filter_map(|link| link.block_id.as_deref()).collect()
}
