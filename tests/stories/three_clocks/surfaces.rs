//! Everywhere in public where a story can be seen, and what is right there at an instant: every name and time of what
//! is live, no word of what is not, nothing missing and nothing twice.

use std::collections::HashSet;
use std::fmt::Debug;

use serde_json::Value;

use super::plan::{Period, Plan};
use super::{SLUGS, STORIES, in_words};
use crate::support::Answer;

/// Ids of all that there is.
#[derive(Debug)]
pub(super) struct Cast {
    /// The stories that come and go.
    pub(super) stories: Vec<String>,
    /// The pictures over them, one each.
    pub(super) pictures: Vec<String>,
    /// An article that is always live and links to all of them.
    pub(super) neighbour: String,
    /// When that was published.
    pub(super) neighbour_at: i64,
    /// A correction of the second story.
    pub(super) correction: String,
}

/// A place in public.
#[derive(Debug)]
pub(super) struct Surface {
    pub(super) path: String,
    shows: Shows,
}

/// What is to be seen at a place.
#[derive(Debug)]
enum Shows {
    /// A story by itself, asked for by a slug or by its id, below a path and before the rest of one.
    Story { story: usize, slug: Option<&'static str>, path: [&'static str; 2] },
    /// What stands at the path of the site that has this slug.
    Place { story: usize, slug: &'static str },
    /// The picture of a story.
    Picture(usize),
    /// Cards of all that is live, the last published first.
    Newest,
    /// The same, the last updated first.
    Updated,
    /// The same, the best match first.
    Matching,
    /// The front of the section.
    Front,
    /// Links of the neighbour, as the array at this pointer.
    Links(&'static str),
    /// The page of the neighbour.
    Neighbour,
    /// All pictures.
    Pictures,
    /// All corrections.
    Corrections,
}

/// All places.
pub(super) fn surfaces(cast: &Cast) -> Vec<Surface> {
    let lists = [
        ("/v1/articles?include_total=true", Shows::Newest),
        ("/v1/articles?region=asia", Shows::Newest),
        ("/v1/articles?author=mei", Shows::Newest),
        ("/v1/articles?topic=rails", Shows::Newest),
        ("/v1/articles?sort=-updated_at", Shows::Updated),
        ("/v1/articles?q=secretive", Shows::Matching),
        ("/v1/pages/region/asia", Shows::Front),
        ("/v1/articles/neighbour", Shows::Links("/related")),
        ("/v1/articles/neighbour/related", Shows::Links("/data")),
        ("/v1/pages/article/neighbour", Shows::Neighbour),
        ("/v1/media", Shows::Pictures),
        ("/v1/corrections", Shows::Corrections),
    ];
    let list = |(path, shows): (&str, Shows)| Surface { path: path.to_owned(), shows };
    let mut all: Vec<Surface> = lists.into_iter().map(list).collect();
    for (story, [first, second]) in SLUGS.into_iter().enumerate() {
        let id = cast.stories[story].as_str();
        let by_itself = |slug: Option<&'static str>, path: [&'static str; 2]| Surface {
            path: format!("{}/{}{}", path[0], slug.unwrap_or(id), path[1]),
            shows: Shows::Story { story, slug, path },
        };
        all.extend([
            by_itself(None, ["/v1/articles", ""]),
            by_itself(Some(first), ["/v1/articles", ""]),
            by_itself(Some(second), ["/v1/articles", ""]),
            by_itself(None, ["/v1/articles", "/related"]),
            by_itself(Some(first), ["/v1/pages/article", ""]),
        ]);
        all.push(Surface {
            path: format!("/v1/resolve?path=/asia/{second}"),
            shows: Shows::Place { story, slug: second },
        });
        all.push(Surface { path: format!("/v1/media/{}", cast.pictures[story]), shows: Shows::Picture(story) });
    }
    all
}

/// What is to be seen at an instant, if this is the plan.
pub(super) struct Seen<'a> {
    pub(super) cast: &'a Cast,
    pub(super) plan: &'a Plan,
    pub(super) now: i64,
    /// Every headline that was ever written.
    pub(super) headlines: &'a [String],
}

impl Seen<'_> {
    /// Whether the answer is what the place shows.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn right(&self, surface: &Surface, answer: &Answer) -> Result<(), String> {
        match surface.shows {
            Shows::Story { story, slug, path } => self.story(story, slug, path, answer)?,
            Shows::Place { story, slug } => self.place(story, slug, answer)?,
            Shows::Picture(story) => {
                let wanted = if self.live(story).is_some() { 200 } else { 404 };
                same("the status", &answer.status(), &wanted)?;
            }
            _ => {
                same("the status", &answer.status(), &200)?;
                for (shown, wanted) in self.lists(&surface.shows, answer) {
                    same("the list", &shown, &wanted)?;
                }
            }
        }
        if answer.status() >= 400 {
            return Ok(());
        }
        self.tells_only_what_is_live(answer)?;
        self.says_of_each_what_is_live(answer)?;
        counts_what_it_lists(answer)?;
        has_nothing_twice(answer)
    }

    fn live(&self, story: usize) -> Option<&Period> {
        self.plan.live(story, self.now)
    }

    fn all_live(&self) -> Vec<&Period> {
        (0..STORIES).filter_map(|story| self.live(story)).collect()
    }

    fn story(
        &self,
        story: usize,
        slug: Option<&str>,
        [before, after]: [&str; 2],
        answer: &Answer,
    ) -> Result<(), String> {
        let wanted = match self.plan.found(story, slug, self.now) {
            Err(status) => (status, None),
            Ok(live) if slug.is_none_or(|slug| slug == live.slug) => (200, None),
            Ok(live) => (301, Some(format!("{before}/{}{after}", live.slug))),
        };
        let location = answer.find_header("location").map(str::to_owned);
        same("status and location", &(answer.status(), location), &wanted)?;
        // What it leads to does not name the story itself.
        if answer.status() != 200 || after == "/related" {
            return Ok(());
        }
        let own = ["/id", "/article/id"].into_iter().find_map(|place| answer.json().pointer(place)?.as_str());
        same("the story", &own, &Some(self.cast.stories[story].as_str()))
    }

    fn place(&self, story: usize, slug: &str, answer: &Answer) -> Result<(), String> {
        let live = match self.plan.found(story, Some(slug), self.now) {
            Err(status) => return same("the status", &answer.status(), &status),
            Ok(live) => live,
        };
        same("the status", &answer.status(), &200)?;
        let moved = Some(format!("/asia/{}", live.slug)).filter(|_| live.slug != slug);
        let told = |place: &str| answer.json().pointer(place).and_then(Value::as_str).map(str::to_owned);
        let wanted = (Some(self.cast.stories[story].clone()), moved);
        same("the place", &(told("/id"), told("/redirect_to")), &wanted)
    }

    /// What the lists of an answer show, and what they are to show.
    fn lists(&self, shows: &Shows, answer: &Answer) -> Vec<(Vec<String>, Vec<String>)> {
        let ids = |array: &str, id: &str| answer.texts_in(array, id).into_iter().map(str::to_owned).collect::<Vec<_>>();
        let of_live =
            |of: &[String]| self.all_live().into_iter().map(|live| of[live.story].clone()).collect::<Vec<_>>();
        let linked = of_live(&self.cast.stories);
        let newest = || self.cards(|live| self.plan.published_at(live.story));
        match shows {
            Shows::Story { .. } | Shows::Place { .. } | Shows::Picture(_) => Vec::new(),
            Shows::Newest => vec![(ids("/data", "/id"), newest())],
            Shows::Updated => vec![(ids("/data", "/id"), self.cards(|live| live.from))],
            Shows::Matching => vec![(sorted(ids("/data", "/id")), sorted(newest()))],
            Shows::Front => {
                let mut front = vec![answer.text_at("/lead/id").to_owned()];
                front.extend(ids("/articles", "/id"));
                vec![(front, newest())]
            }
            Shows::Links(array) => vec![(ids(array, "/article/id"), linked)],
            Shows::Neighbour => {
                let mut others = newest();
                others.retain(|id| *id != self.cast.neighbour);
                vec![
                    (ids("/article/related", "/article/id"), linked.clone()),
                    (ids("/read_more", "/article/id"), linked),
                    (ids("/section_rail", "/id"), others),
                ]
            }
            Shows::Pictures => vec![(sorted(ids("/data", "/id")), sorted(of_live(&self.cast.pictures)))],
            Shows::Corrections => {
                let wanted = self.live(1).map(|_| self.cast.correction.clone());
                vec![(ids("/data", "/id"), wanted.into_iter().collect())]
            }
        }
    }

    /// The stories that are live and their neighbour, by a time that each has, the latest first.
    fn cards(&self, time: impl Fn(&Period) -> i64) -> Vec<String> {
        let story = |live: &Period| (time(live), self.cast.stories[live.story].clone());
        let mut all: Vec<(i64, String)> = self.all_live().into_iter().map(story).collect();
        all.push((self.cast.neighbour_at, self.cast.neighbour.clone()));
        all.sort_unstable();
        all.into_iter().rev().map(|(_, id)| id).collect()
    }

    /// Neither the answer nor the keys by which caches drop it have a word of what is not live.
    fn tells_only_what_is_live(&self, answer: &Answer) -> Result<(), String> {
        let keys = answer.find_header("surrogate-key").unwrap_or_default();
        let mut secrets: Vec<&str> = Vec::new();
        for (story, slugs) in SLUGS.into_iter().enumerate() {
            let live = self.live(story);
            if live.is_none() {
                secrets.extend([self.cast.stories[story].as_str(), self.cast.pictures[story].as_str()]);
            }
            secrets.extend(slugs.into_iter().filter(|slug| live.is_none_or(|live| live.slug != *slug)));
        }
        let shown = self.all_live();
        let hidden = |headline: &&String| !shown.iter().any(|live| live.headline == **headline);
        secrets.extend(self.headlines.iter().filter(hidden).map(String::as_str));
        match secrets.into_iter().find(|secret| answer.text().contains(*secret) || keys.contains(*secret)) {
            Some(secret) => Err(format!("{secret} is told")),
            None => Ok(()),
        }
    }

    /// Wherever a story is named, it has the words and times of what is live of it.
    fn says_of_each_what_is_live(&self, answer: &Answer) -> Result<(), String> {
        let all_live = self.all_live();
        for value in everything(answer.json()) {
            let text = |name: &str| value.get(name).and_then(Value::as_str);
            for live in &all_live {
                let headline = live.headline.as_str();
                let is_it = text("id") == Some(self.cast.stories[live.story].as_str());
                let is_for_engines = text("datePublished").is_some() && text("headline") == Some(headline);
                if !is_it && !is_for_engines {
                    continue;
                }
                let published = in_words(self.plan.published_at(live.story));
                let updated = in_words(live.from);
                for (name, wanted) in [
                    ("headline", headline),
                    ("slug", live.slug.as_str()),
                    ("published_at", published.as_str()),
                    ("datePublished", published.as_str()),
                    ("updated_at", updated.as_str()),
                ] {
                    same(name, text(name).unwrap_or(wanted), wanted)?;
                }
            }
        }
        Ok(())
    }
}

/// A list that says how long it is, is that long.
fn counts_what_it_lists(answer: &Answer) -> Result<(), String> {
    let Some(total) = answer.json().pointer("/meta/total").and_then(Value::as_u64) else { return Ok(()) };
    let listed = answer.json().pointer("/data").and_then(Value::as_array).map(|data| data.len() as u64);
    same("the total", &Some(total), &listed)
}

/// No list has an article, or anything else with an id, more than once.
fn has_nothing_twice(answer: &Answer) -> Result<(), String> {
    for list in everything(answer.json()).into_iter().filter_map(Value::as_array) {
        let id = |item: &Value| {
            let id = item.pointer("/article/id").or_else(|| item.get("id"))?;
            Some(id.as_str()?.to_owned())
        };
        let mut seen = HashSet::new();
        if let Some(twice) = list.iter().filter_map(id).find(|id| !seen.insert(id.clone())) {
            return Err(format!("{twice} is there twice"));
        }
    }
    Ok(())
}

/// The value and all values in it.
fn everything(value: &Value) -> Vec<&Value> {
    let mut all = vec![value];
    let mut next = 0;
    while let Some(one) = all.get(next).copied() {
        match one {
            Value::Array(items) => all.extend(items.iter()),
            Value::Object(members) => all.extend(members.values()),
            _ => {}
        }
        next += 1;
    }
    all
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort_unstable();
    texts
}

fn same<T: PartialEq + Debug + ?Sized>(what: &str, shown: &T, wanted: &T) -> Result<(), String> {
    if shown == wanted { Ok(()) } else { Err(format!("{what}: {shown:?} is shown instead of {wanted:?}")) }
}
