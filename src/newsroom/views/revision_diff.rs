//! What changed between two revisions of an article, for programs and for people.

use json_patch::PatchOperation;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::revision::{StaffRevision, StaffRevisionSummary};
use crate::base::error::{Error, Result};
use crate::rules::body;
use crate::rules::fields::ArticleField;
use crate::rules::json_diff;
use crate::rules::word_diff::{self, TextDifference};

/// What changed between two revisions.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffRevisionDiff {
    /// The one that is named first.
    pub from: StaffRevisionSummary,
    /// The one that it is compared with.
    pub to: StaffRevisionSummary,
    /// What differs of what editors write.
    #[schema(max_items = 100)]
    pub changed_fields: Vec<ArticleField>,
    /// JSON Patch (RFC 6902): applied to `article` of the one revision, it gives `article` of the other.
    #[schema(max_items = 1_000_000)]
    pub patch: Vec<StaffPatchOperation>,
    /// The words.
    pub text: StaffTextDiff,
}

/// One operation of a JSON Patch.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffPatchOperation {
    /// `add`, `remove` or `replace`.
    #[schema(example = "replace", max_length = 10)]
    pub op: &'static str,
    /// JSON Pointer (RFC 6901) to the place.
    #[schema(example = "/headline", max_length = 8192)]
    pub path: String,
    /// What is put there; absent when something is removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = PatchValue, required = false)]
    pub value: Option<Value>,
}

/// The schema of what an operation puts somewhere.
#[derive(Debug)]
pub struct PatchValue;

impl utoipa::PartialSchema for PatchValue {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, SchemaType};
        let any = ObjectBuilder::new().schema_type(SchemaType::AnyValue).description(Some("Any JSON."));
        utoipa::openapi::Schema::Object(any.build()).into()
    }
}

impl ToSchema for PatchValue {}

/// What changed in the words.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffTextDiff {
    /// In the headline.
    pub headline: TextDifference,
    /// In the standfirst.
    pub summary: TextDifference,
    /// In the label over the headline.
    pub kicker: TextDifference,
    /// In the body, as plain text.
    pub body: TextDifference,
    /// In sources and people as printed.
    pub credit_line: TextDifference,
    /// In the title for search engines.
    pub meta_title: TextDifference,
    /// In the summary for search engines.
    pub meta_description: TextDifference,
    /// In the newsroom's own note.
    pub note: TextDifference,
}

impl StaffRevisionDiff {
    /// Compares two revisions that differ in these fields. Takes a while for long ones.
    ///
    /// # Errors
    /// 500 when an article cannot be written as JSON.
    pub fn between(from: StaffRevision, to: StaffRevision, changed_fields: Vec<ArticleField>) -> Result<Self> {
        let json = |revision: &StaffRevision| serde_json::to_value(&revision.article).map_err(Error::internal);
        let text = |revision: &StaffRevision| body::as_text(&revision.article.body.blocks);
        let maybe = |from: &Option<String>, to: &Option<String>| {
            word_diff::between(from.as_deref().unwrap_or_default(), to.as_deref().unwrap_or_default())
        };
        let patch = json_diff::between(&json(&from)?, &json(&to)?);
        let text = StaffTextDiff {
            headline: word_diff::between(&from.article.headline, &to.article.headline),
            summary: word_diff::between(&from.article.summary, &to.article.summary),
            kicker: maybe(&from.article.kicker, &to.article.kicker),
            body: word_diff::between(&text(&from), &text(&to)),
            credit_line: maybe(&from.article.credit_line, &to.article.credit_line),
            meta_title: maybe(&from.article.meta_title, &to.article.meta_title),
            meta_description: maybe(&from.article.meta_description, &to.article.meta_description),
            note: maybe(&from.article.note, &to.article.note),
        };
        let patch = patch.0.into_iter().map(StaffPatchOperation::from).collect();
        Ok(Self { from: from.into(), to: to.into(), changed_fields, patch, text })
    }
}

impl From<PatchOperation> for StaffPatchOperation {
    fn from(operation: PatchOperation) -> Self {
        let path = operation.path().to_string();
        let (op, value) = match operation {
            PatchOperation::Add(add) => ("add", Some(add.value)),
            PatchOperation::Replace(replace) => ("replace", Some(replace.value)),
            PatchOperation::Test(test) => ("test", Some(test.value)),
            PatchOperation::Remove(_) => ("remove", None),
            PatchOperation::Move(_) => ("move", None),
            PatchOperation::Copy(_) => ("copy", None),
        };
        Self { op, path, value }
    }
}

impl From<StaffRevision> for StaffRevisionSummary {
    fn from(revision: StaffRevision) -> Self {
        Self {
            number: revision.number,
            verb: revision.verb,
            created_by: revision.created_by,
            created_at: revision.created_at,
            restored_from: revision.restored_from,
        }
    }
}
