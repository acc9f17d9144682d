//! What is to be seen at an instant, as the database has it planned, and what each move has to leave there. Times are
//! in milliseconds.

use tokio_postgres::{Client, Row};

const PERIODS: &str = "SELECT article_id::text, id::text, headline, slug, \
     (extract(epoch FROM live_from) * 1000)::bigint, (extract(epoch FROM live_until) * 1000)::bigint \
     FROM publications WHERE article_id::text = ANY ($1) ORDER BY live_from";
const TAKEDOWNS: &str = "SELECT article_id::text, slugs, is_legal, (extract(epoch FROM told_from) * 1000)::bigint \
     FROM takedowns WHERE article_id::text = ANY ($1) AND told_until IS NULL";

/// A time in which one version of a story is live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) story: usize,
    pub(super) id: String,
    pub(super) headline: String,
    pub(super) slug: String,
    pub(super) from: i64,
    pub(super) until: Option<i64>,
}

impl Period {
    fn is_live(&self, now: i64) -> bool {
        self.from <= now && !self.ends_by(now)
    }

    /// Whether it is over at this instant.
    pub(super) fn ends_by(&self, at: i64) -> bool {
        self.until.is_some_and(|until| until <= at)
    }
}

/// A story that was taken down, with the slugs under which that is said.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Takedown {
    story: usize,
    slugs: Vec<String>,
    is_legal: bool,
    from: i64,
}

/// The periods of all stories, the earliest first, and what is taken down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    periods: Vec<Period>,
    takedowns: Vec<Takedown>,
}

/// What a move has to bring about.
#[derive(Debug)]
pub(super) enum Promise {
    /// The version of this headline begins then, and ends by the other instant at the latest.
    Shown { headline: String, from: i64, until: Option<i64> },
    /// Nothing is live from then on.
    Ended(i64),
    /// Nothing begins after that.
    Unplanned(i64),
    /// There is no such period any more.
    Dropped(String),
    /// Nothing that the plan would show.
    Nothing,
}

impl Plan {
    /// What is planned of the stories with these ids.
    pub(super) async fn read(database: &Client, stories: &[String]) -> Self {
        let which = |id: &str| stories.iter().position(|story| story == id).expect("one of the stories");
        let period = |row: &Row| Period {
            story: which(row.get(0)),
            id: row.get(1),
            headline: row.get(2),
            slug: row.get(3),
            from: row.get(4),
            until: row.get(5),
        };
        let takedown = |row: &Row| Takedown {
            story: which(row.get(0)),
            slugs: row.get(1),
            is_legal: row.get(2),
            from: row.get(3),
        };
        let periods = database.query(PERIODS, &[&stories]).await.expect("periods");
        let takedowns = database.query(TAKEDOWNS, &[&stories]).await.expect("takedowns");
        let plan =
            Self { periods: periods.iter().map(period).collect(), takedowns: takedowns.iter().map(takedown).collect() };
        plan.has_nothing_twice();
        plan
    }

    /// No version is planned twice, and no two versions of a story are for the same time.
    fn has_nothing_twice(&self) {
        for (place, one) in self.periods.iter().enumerate() {
            for later in self.periods[place + 1..].iter().filter(|later| later.story == one.story) {
                assert!(one.headline != later.headline && one.ends_by(later.from), "{one:?} and {later:?}");
            }
        }
    }

    /// The periods of a story.
    pub(super) fn of(&self, story: usize) -> impl Iterator<Item = &Period> {
        self.periods.iter().filter(move |period| period.story == story)
    }

    /// What is live of a story.
    pub(super) fn live(&self, story: usize, now: i64) -> Option<&Period> {
        self.of(story).find(|period| period.is_live(now))
    }

    /// When a story that is live was or will be first published: at the first time that was planned for it.
    pub(super) fn published_at(&self, story: usize) -> i64 {
        self.of(story).map(|period| period.from).min().expect("a story that was planned")
    }

    /// Whether a story is taken down.
    pub(super) fn is_down(&self, story: usize) -> bool {
        self.takedowns.iter().any(|down| down.story == story)
    }

    /// All instants at which something begins or ends, in order.
    pub(super) fn changes(&self) -> Vec<i64> {
        let both = self.periods.iter().flat_map(|period| [Some(period.from), period.until]);
        let mut all: Vec<i64> = both.flatten().collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// What is live of the story under its id, or under a slug that it has or had in public; or the status that says
    /// why there is nothing.
    pub(super) fn found(&self, story: usize, slug: Option<&str>, now: i64) -> Result<&Period, u16> {
        let was_live_as = |slug: &str| self.of(story).any(|period| period.slug == slug && period.from <= now);
        match self.live(story, now) {
            Some(live) if slug.is_none_or(was_live_as) => Ok(live),
            _ => Err(self.absent(story, slug, now)),
        }
    }

    fn absent(&self, story: usize, slug: Option<&str>, now: i64) -> u16 {
        let is_told = |down: &&Takedown| {
            let has = |slug: &str| down.slugs.iter().any(|one| one == slug);
            down.story == story && down.from <= now && slug.map_or(!down.slugs.is_empty(), has)
        };
        match self.takedowns.iter().find(is_told) {
            None => 404,
            Some(down) if down.is_legal => 451,
            Some(_) => 410,
        }
    }

    /// Whether what was promised of a story stands here.
    pub(super) fn keeps(&self, story: usize, promise: &Promise) -> bool {
        let mut periods = self.of(story);
        match promise {
            Promise::Shown { headline, from, until } => periods.any(|period| {
                let in_time = until.is_none_or(|until| period.ends_by(until));
                period.headline == *headline && period.from == *from && in_time
            }),
            Promise::Ended(at) => periods.all(|period| period.ends_by(*at)),
            Promise::Unplanned(after) => periods.all(|period| period.from <= *after),
            Promise::Dropped(id) => periods.all(|period| period.id != *id),
            Promise::Nothing => true,
        }
    }
}
