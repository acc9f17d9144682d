//! Progress of long work: a bar on a terminal, plain lines elsewhere. All of it goes to standard error.

use std::fmt::Display;
use std::io::{IsTerminal, Write as _, stderr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

const REDRAW_EVERY: Duration = Duration::from_millis(100);
/// Without a terminal, a line is written each time that another of this many equal parts is done...
const LINES: u64 = 4;
/// ... if there are at least so many steps.
const WORTH_A_LINE: u64 = 20;

/// Long work that is being told of. Cloning shares it.
#[derive(Clone)]
pub struct Progress(Arc<State>);

struct State {
    label: String,
    shown: Shown,
    total: AtomicU64,
    done: AtomicU64,
}

enum Shown {
    Bar(ProgressBar),
    Lines,
    Nothing,
}

impl Progress {
    /// Begins to tell of work, whose extent [`expect`](Self::expect) may say later.
    pub fn start(label: &str) -> Self {
        if !stderr().is_terminal() {
            say(label);
            return Self::new(label, Shown::Lines);
        }
        let bar = ProgressBar::no_length().with_message(label.to_owned());
        bar.set_style(style("{spinner} {msg}"));
        bar.enable_steady_tick(REDRAW_EVERY);
        Self::new(label, Shown::Bar(bar))
    }

    /// Work that nobody watches.
    pub fn silent() -> Self {
        Self::new("", Shown::Nothing)
    }

    fn new(label: &str, shown: Shown) -> Self {
        let (total, done) = (AtomicU64::new(0), AtomicU64::new(0));
        Self(Arc::new(State { label: label.to_owned(), shown, total, done }))
    }

    /// How many steps there will be.
    pub fn expect(&self, total: u64) {
        self.0.total.store(total, Ordering::Relaxed);
        if let Shown::Bar(bar) = &self.0.shown {
            bar.set_length(total);
            bar.set_style(style("{spinner} {msg} {wide_bar} {pos}/{len}"));
        }
    }

    /// One more step is done.
    pub fn step(&self) {
        let done = self.0.done.load(Ordering::Relaxed) + 1;
        self.reach(done);
    }

    /// So many steps are done.
    pub fn reach(&self, done: u64) {
        let before = self.0.done.swap(done, Ordering::Relaxed);
        let total = self.0.total.load(Ordering::Relaxed);
        match &self.0.shown {
            Shown::Bar(bar) => bar.set_position(done),
            Shown::Lines if total >= WORTH_A_LINE && done < total && part(done, total) > part(before, total) => {
                say(format_args!("{}: {done} of {total}", self.0.label));
            }
            Shown::Lines | Shown::Nothing => {}
        }
    }

    /// Says something on the way, in a line of its own.
    pub fn tell(&self, line: &str) {
        match &self.0.shown {
            Shown::Bar(bar) => bar.set_message(format!("{}: {line}", self.0.label)),
            Shown::Lines => say(format_args!("{}: {line}", self.0.label)),
            Shown::Nothing => {}
        }
    }

    /// The work is over; `line` says with what.
    pub fn finish(&self, line: &str) {
        match &self.0.shown {
            Shown::Bar(bar) => {
                bar.finish_and_clear();
                say(line);
            }
            Shown::Lines => say(line),
            Shown::Nothing => {}
        }
    }
}

impl Drop for State {
    /// Work that failed leaves no half-drawn bar behind.
    fn drop(&mut self) {
        if let Shown::Bar(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }
}

/// Which of the equal parts the work has come to.
fn part(done: u64, total: u64) -> u64 {
    done.saturating_mul(LINES).checked_div(total).unwrap_or_default()
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn say(line: impl Display) {
    // Nobody reads it any more: no reason to stop the work.
    let _ = writeln!(stderr(), "{line}");
}
