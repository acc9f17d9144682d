//! Where an article stands: its own row without the content, written when it is moved rather than edited.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::Tx;
use super::articles::Article;
use super::prepared::Prepare as _;
use super::schema::articles;
use crate::base::clock::Timestamp;
use crate::base::error::{Code, Error, Result};
use crate::rules::article::ArticleStage;
use crate::rules::workflow::{LiveState, Place, Standing};

impl Article {
    /// The stage of the working copy.
    pub fn stage(&self) -> ArticleStage {
        self.stage.parse().unwrap_or(ArticleStage::Draft)
    }

    /// Where the working copy lies.
    pub fn place(&self) -> Place {
        match (self.deleted_at, self.archived_at) {
            (Some(_), _) => Place::Trash,
            (_, Some(_)) => Place::Archive,
            _ => Place::Desk,
        }
    }

    /// What its moves depend on, given whether something of it is live and planned.
    pub fn standing(&self, is_live: bool, is_planned: bool) -> Standing {
        Standing {
            place: self.place(),
            stage: self.stage(),
            live: LiveState::of(self.killed_at.is_some(), is_live, is_planned, self.first_published_at.is_some()),
            planned: is_planned,
        }
    }
}

/// 409 for what would go live before the end of an embargo.
pub fn embargoed(until: DateTime<Utc>) -> Error {
    let until = Timestamp(until).to_string();
    Error::new(Code::Embargoed, format!("Nothing of the article goes live before {until}."))
        .with("embargo_until", until)
}

/// Writes everything of the row that moves change, as it stands in `article`, whose row is locked. Makes no revision.
pub async fn set_standing(tx: &mut Tx, article: &Article) -> Result<()> {
    diesel::update(articles::table.find(article.id))
        .set((
            articles::moves.eq(article.moves),
            articles::first_published_at.eq(article.first_published_at),
            articles::stage.eq(&article.stage),
            articles::approved_revision.eq(article.approved_revision),
            articles::stage_note.eq(article.stage_note.as_deref()),
            articles::assignee_id.eq(article.assignee_id),
            articles::deadline.eq(article.deadline),
            articles::embargo_until.eq(article.embargo_until),
            articles::killed_at.eq(article.killed_at),
            articles::archived_at.eq(article.archived_at),
        ))
        .prepared()
        .execute(tx.conn()?)
        .await?;
    Ok(())
}
