//! What can be done with an article, as one table: from which stage of the working copy, with what live outside, and
//! with which right. Whether it can be done now, what could be done instead, and what a tool may offer, all follow from it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::article::{ArticleStage, words};
use super::permission::Right;

words! {
    /// What can be done with an article. More verbs may be added.
    Verb {
        /// Change its content or its links.
        Edit = "edit",
        /// Give it to somebody, with a deadline.
        Assign = "assign",
        /// Hand it to the editors.
        Submit = "submit",
        /// Hand it back to the writer.
        RequestChanges = "request_changes",
        /// Find a revision ready to be published.
        Approve = "approve",
        /// Make a revision live at once.
        Publish = "publish",
        /// Plan that a revision goes live.
        Schedule = "schedule",
        /// Move what is planned.
        Reschedule = "reschedule",
        /// Drop what is planned.
        Unschedule = "unschedule",
        /// Withdraw it, at once or at a planned time.
        Unpublish = "unpublish",
        /// Publish with a public note about what was wrong.
        Correct = "correct",
        /// Take it down everywhere, with a public reason; of what is down already, replace the reason.
        Kill = "kill",
        /// Allow what was killed to be published again.
        Reinstate = "reinstate",
        /// Say before when nothing of it may be live.
        Embargo = "embargo",
        /// Put it away.
        Archive = "archive",
        /// Take it out of the archive or the trash.
        Restore = "restore",
        /// Put it into the trash.
        Delete = "delete",
    }
}

words! {
    /// What is live of an article, whatever is being written. More states may be added.
    LiveState {
        /// Nothing ever was.
        Never = "never",
        /// Nothing is, but something is going to be.
        Scheduled = "scheduled",
        /// Something is.
        Live = "live",
        /// Something was.
        Withdrawn = "withdrawn",
        /// It was taken down, and stays so until an administrator allows it again.
        Killed = "killed",
    }
}

impl LiveState {
    /// The state that follows from these facts.
    pub fn of(is_killed: bool, is_live: bool, is_planned: bool, ever_was: bool) -> Self {
        match (is_killed, is_live, is_planned, ever_was) {
            (true, ..) => Self::Killed,
            (_, true, ..) => Self::Live,
            (_, _, true, _) => Self::Scheduled,
            (.., true) => Self::Withdrawn,
            _ => Self::Never,
        }
    }
}

/// Where the working copy lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Where it is worked on.
    Desk,
    /// Put away.
    Archive,
    /// On its way out.
    Trash,
}

/// Everything about an article on which its moves depend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Where the working copy lies.
    pub place: Place,
    /// Where it stands on its way to publication.
    pub stage: ArticleStage,
    /// What is live.
    pub live: LiveState,
    /// Whether something is planned, beside what is live now.
    pub planned: bool,
}

/// Why a move cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The caller lacks this right, and would need it.
    Needs(Right),
    /// The article does not stand where the move starts.
    Illegal,
}

struct Move {
    verb: Verb,
    places: &'static [Place],
    stages: &'static [ArticleStage],
    live: &'static [LiveState],
    /// Only with something planned.
    planned: bool,
    right: Right,
}

const DESK: &[Place] = &[Place::Desk];
const DESK_OR_ARCHIVE: &[Place] = &[Place::Desk, Place::Archive];
const ALL: &[ArticleStage] = ArticleStage::ALL;
const ANY: &[LiveState] = LiveState::ALL;
const NOTHING_OUT: &[LiveState] = &[LiveState::Never, LiveState::Withdrawn, LiveState::Killed];
const SOMETHING_OUT: &[LiveState] = &[LiveState::Scheduled, LiveState::Live];
const EVER_OUT: &[LiveState] = &[LiveState::Scheduled, LiveState::Live, LiveState::Withdrawn, LiveState::Killed];
const NOT_KILLED: &[LiveState] = &[LiveState::Never, LiveState::Scheduled, LiveState::Live, LiveState::Withdrawn];

const fn row(verb: Verb, stages: &'static [ArticleStage], live: &'static [LiveState], right: Right) -> Move {
    Move { verb, places: DESK, stages, live, planned: false, right }
}

/// The table. A move is legal if one of its rows fits; a verb that is in no row does not exist.
const MOVES: &[Move] = &[
    row(Verb::Edit, ALL, ANY, Right::Articles),
    row(Verb::Assign, ALL, ANY, Right::Articles),
    row(Verb::Submit, &[ArticleStage::Draft], ANY, Right::Submit),
    row(Verb::RequestChanges, &[ArticleStage::InReview, ArticleStage::Approved], ANY, Right::Publish),
    row(Verb::Approve, &[ArticleStage::InReview], ANY, Right::Publish),
    // Whoever may publish may approve, so publishing asks for no stage: it is its own approval.
    row(Verb::Publish, ALL, NOT_KILLED, Right::Publish),
    row(Verb::Schedule, ALL, NOT_KILLED, Right::Publish),
    row(Verb::Reschedule, ALL, SOMETHING_OUT, Right::Publish),
    Move { planned: true, ..row(Verb::Unschedule, ALL, SOMETHING_OUT, Right::Publish) },
    row(Verb::Unpublish, ALL, SOMETHING_OUT, Right::Publish),
    row(Verb::Correct, ALL, &[LiveState::Live], Right::Publish),
    // Once more, it gives what is down another reason.
    Move { places: DESK_OR_ARCHIVE, ..row(Verb::Kill, ALL, EVER_OUT, Right::Publish) },
    Move { places: DESK_OR_ARCHIVE, ..row(Verb::Reinstate, ALL, &[LiveState::Killed], Right::Reinstate) },
    row(Verb::Embargo, ALL, NOT_KILLED, Right::Publish),
    row(Verb::Archive, ALL, NOTHING_OUT, Right::Articles),
    Move { places: &[Place::Archive, Place::Trash], ..row(Verb::Restore, ALL, ANY, Right::Articles) },
    row(Verb::Delete, ALL, NOTHING_OUT, Right::Articles),
    // What is live of it ends with it.
    row(Verb::Delete, ALL, SOMETHING_OUT, Right::Publish),
];

impl Move {
    fn fits(&self, at: &Standing) -> bool {
        self.places.contains(&at.place)
            && self.stages.contains(&at.stage)
            && self.live.contains(&at.live)
            && (at.planned || !self.planned)
    }
}

/// What a caller with these rights can do with an article that stands so, in the order of the table.
pub fn legal(at: &Standing, may: impl Fn(Right) -> bool) -> Vec<Verb> {
    let fitting = MOVES.iter().filter(|one| one.fits(at) && may(one.right));
    let mut verbs: Vec<Verb> = fitting.map(|one| one.verb).collect();
    verbs.dedup();
    verbs
}

/// Lets the move be made, or says why not. Who could never make it is told so, whatever the article's state.
///
/// # Errors
/// The first reason.
pub fn check(verb: Verb, at: &Standing, may: impl Fn(Right) -> bool) -> Result<(), Refusal> {
    let rows: Vec<&Move> = MOVES.iter().filter(|one| one.verb == verb).collect();
    let needed = rows.first().map_or(Right::Articles, |one| one.right);
    if !rows.iter().any(|one| may(one.right)) {
        return Err(Refusal::Needs(needed));
    }
    let fitting: Vec<&Move> = rows.into_iter().filter(|one| one.fits(at)).collect();
    match fitting.first() {
        None => Err(Refusal::Illegal),
        Some(_) if fitting.iter().any(|one| may(one.right)) => Ok(()),
        Some(one) => Err(Refusal::Needs(one.right)),
    }
}

/// From where the verb is legal, in words: a clause for each of its rows.
pub fn legal_when(verb: Verb) -> String {
    let mut clauses = Vec::new();
    for (index, one) in MOVES.iter().filter(|one| one.verb == verb).enumerate() {
        let right = if index == 0 { String::new() } else { format!("with the right `{}` ", one.right.as_str()) };
        let places = one.places.iter().map(|place| match place {
            Place::Desk => "on the desk",
            Place::Archive => "in the archive",
            Place::Trash => "in the trash",
        });
        let mut clause = format!("{right}of an article {}", either(places.map(str::to_owned)));
        if one.stages.len() < ALL.len() {
            clause += &format!(", at the stage {}", either(one.stages.iter().map(|stage| format!("`{stage}`"))));
        }
        if one.live.len() < ANY.len() {
            clause += &format!(", with the `live_state` {}", either(one.live.iter().map(|live| format!("`{live}`"))));
        }
        if one.planned {
            clause += ", and something planned";
        }
        clauses.push(clause);
    }
    format!("Legal {}.", clauses.join("; "))
}

fn either(words: impl Iterator<Item = String>) -> String {
    let words: Vec<String> = words.collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} or {last}", before.join(", ")),
        None => String::new(),
    }
}

/// Whether the verb changes what readers see or decides on it, and so is bound to the regions in which the caller may
/// publish.
pub fn is_regional(verb: Verb) -> bool {
    match verb {
        Verb::Publish
        | Verb::Schedule
        | Verb::Reschedule
        | Verb::Unschedule
        | Verb::Unpublish
        | Verb::Correct
        | Verb::Kill
        | Verb::Reinstate
        | Verb::Embargo
        | Verb::Approve
        | Verb::Archive => true,
        Verb::Edit | Verb::Assign | Verb::Submit | Verb::RequestChanges | Verb::Restore | Verb::Delete => false,
    }
}
