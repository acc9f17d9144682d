//! What became of many articles that were sent at once.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::base::error::{Code, Error, Fault};
use crate::rules::body::Warning;

/// What became of each article.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArticleImport {
    /// How many were made.
    #[schema(example = 1, minimum = 0, maximum = 1000)]
    pub created: usize,
    /// How many were not.
    #[schema(example = 0, minimum = 0, maximum = 1000)]
    pub failed: usize,
    /// One result for each article, in the order in which they were sent.
    #[schema(max_items = 1000)]
    pub data: Vec<ImportedArticle>,
}

/// What became of one article.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportedArticle {
    /// Its place in what was sent, from 0.
    #[schema(example = 0, minimum = 0, maximum = 999)]
    pub index: usize,
    /// The status that it would have had by itself: 201, or that of its problem.
    #[schema(example = 201, minimum = 201, maximum = 499)]
    pub status: u16,
    /// The id of the article that was made.
    #[schema(example = "0198c0de-7000-7000-8000-000000000001")]
    pub id: Option<Uuid>,
    /// Its slug.
    #[schema(example = "tokyo-and-ottawa-team-up-on-a-battery-metals-backbone", max_length = 120)]
    pub slug: Option<String>,
    /// What was taken out of what was sent, and why.
    #[schema(max_items = 200)]
    pub warnings: Vec<Warning>,
    /// Why it was not made.
    pub problem: Option<ImportProblem>,
}

/// Why an article was not made.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportProblem {
    /// Stable name of the kind of problem. New ones may be added.
    pub code: Code,
    /// In words.
    #[schema(example = "/primary_region: \"atlantis\" is no region", max_length = 2000)]
    pub detail: String,
    /// All faults that were found; pointers are relative to the article.
    #[schema(max_items = 200)]
    pub errors: Vec<Fault>,
}

impl ImportedArticle {
    /// One that was made.
    pub fn made(index: usize, id: Uuid, slug: String, warnings: Vec<Warning>) -> Self {
        Self { index, status: 201, id: Some(id), slug: Some(slug), warnings, problem: None }
    }

    /// One that was not.
    pub fn refused(index: usize, error: Error) -> Self {
        let status = error.code.status();
        let problem = ImportProblem { code: error.code, detail: error.detail, errors: error.faults };
        Self { index, status, id: None, slug: None, warnings: Vec::new(), problem: Some(problem) }
    }
}
