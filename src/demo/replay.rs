//! The month before the instant of loading, done again: everything that happened to any article, in the order of time.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Loaded;
use super::moment::Moment;
use super::newsroom::People;
use super::story::{Act, Story};
use crate::base::clock::Clock;
use crate::base::error::{Error, Result};
use crate::desk::articles::publish::{self, Plan};
use crate::desk::articles::{self, Written};
use crate::rules::version::Expected;
use crate::store::Tx;

/// What a replay needs to know.
pub(super) struct Replay<'a> {
    /// Address of the public site.
    pub site_url: &'a str,
    /// The present.
    pub loaded_at: DateTime<Utc>,
    /// Who acts.
    pub people: &'a People,
}

impl Replay<'_> {
    /// Does everything that happened.
    ///
    /// # Errors
    /// What a verb answers, with the name of the article.
    pub(super) async fn run(
        &self,
        tx: &mut Tx,
        mut stories: Vec<Story>,
        tell: impl Fn(usize, usize),
    ) -> Result<Loaded> {
        let steps = in_order(&stories);
        let mut ids = vec![Uuid::nil(); stories.len()];
        let mut loaded = Loaded::default();
        for (done, (_, place, number)) in steps.iter().enumerate() {
            tell(done, steps.len());
            if let (Some(story), Some(id)) = (stories.get_mut(*place), ids.get_mut(*place)) {
                self.step(tx, story, *number, id, &mut loaded).await?;
            }
        }
        tell(steps.len(), steps.len());
        Ok(loaded)
    }

    async fn step(
        &self,
        tx: &mut Tx,
        story: &mut Story,
        number: usize,
        id: &mut Uuid,
        loaded: &mut Loaded,
    ) -> Result<()> {
        let Some(step) = story.timeline.get(number).cloned() else { return Ok(()) };
        let by = self.people.get(&step.by)?;
        let at = step.at.after(self.loaded_at);
        let then = |moment: Option<Moment>| moment.map(|moment| moment.after(self.loaded_at));
        let written: Option<Written> = match step.act {
            Act::Create => {
                let new = story.creation(self.loaded_at)?;
                let written = articles::create(tx, by, self.site_url, new, at).await.map_err(of(story))?;
                *id = written.article.id;
                loaded.articles += 1;
                Some(written)
            }
            Act::Edit { set, replace, first } => {
                let patch = story.edit(set, &replace, first, self.loaded_at)?;
                let any = Expected::Any;
                Some(articles::patch(tx, by, self.site_url, *id, &any, patch, at).await.map_err(of(story))?)
            }
            Act::Publish { from, until, minor } => {
                let plan = Plan {
                    at: then(from),
                    until: then(until),
                    minor,
                    site: self.site_url.to_owned(),
                    ..Plan::default()
                };
                publish::publish(tx, by, *id, &Expected::Any, plan, &Clock::fixed(at)).await.map_err(of(story))?;
                None
            }
            Act::Unpublish => {
                publish::unpublish(tx, by, *id, &Expected::Any, None, &Clock::fixed(at)).await.map_err(of(story))?;
                None
            }
            Act::Trash => {
                articles::trash(tx, by, *id, &Expected::Any, &Clock::fixed(at)).await.map_err(of(story))?;
                None
            }
        };
        let warnings = written.into_iter().flat_map(|written| written.warnings);
        let unexpected = warnings.filter(|warning| !story.warnings.contains(&warning.code));
        loaded.unexpected.extend(unexpected.map(|found| format!("{}: {}: {}", story.slug, found.code, found.detail)));
        Ok(())
    }
}

/// Every step of every story by its time: moment, place of the story, number of the step.
fn in_order(stories: &[Story]) -> Vec<(Moment, usize, usize)> {
    let mut steps: Vec<_> = stories
        .iter()
        .enumerate()
        .flat_map(|(place, story)| {
            story.timeline.iter().enumerate().map(move |(number, step)| (step.at, place, number))
        })
        .collect();
    steps.sort_unstable();
    steps
}

/// A failure, with the article that it happened to.
fn of(story: &Story) -> impl Fn(Error) -> Error + use<> {
    let slug = story.slug.clone();
    move |error| Error { detail: format!("demo/articles/{slug}: {}", error.detail), ..error }
}
