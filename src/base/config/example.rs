//! The settings written out for people: `.env.example` and the end of `--help`.

use std::fmt::Write as _;

use super::secret::EXAMPLE_SECRET;
use super::variables::{Documented, Variables};

const WIDTH: usize = 100;
const INTRODUCTION: &str = "Every setting of Dateline with its default and its meaning. Nothing here needs to be set for a first look: `cargo \
     run` starts with its own database. To change something, copy this file to `.env` in the folder where the program \
     is started, and take the # from the line. Variables of the environment go before this file. An empty value is \
     refused: leave the line out instead. Values with spaces, $ or # go into single quotes.";

/// The text of `.env.example`.
pub fn example() -> String {
    let mut text = String::new();
    comment(&mut text, INTRODUCTION);
    for Documented { name, default, meaning, .. } in Variables::documented() {
        let _ = writeln!(text);
        comment(&mut text, &meaning);
        let value = match (default, name.as_str()) {
            (Some(default), _) => default,
            (None, "DATELINE_JWT_SECRET") => EXAMPLE_SECRET.to_owned(),
            (None, _) => String::new(),
        };
        let _ = writeln!(text, "#{name}={value}");
    }
    text
}

/// What `--help` says of the settings.
pub fn help() -> String {
    let mut text = "Settings, from the environment or the file .env:\n".to_owned();
    for Documented { name, value_name, default, meaning } in Variables::documented() {
        let _ = write!(text, "\n  {name}={value_name}");
        let _ = match default {
            Some(default) => writeln!(text, "  [default: {default}]"),
            None => writeln!(text),
        };
        for line in wrapped(&meaning, WIDTH) {
            let _ = writeln!(text, "      {line}");
        }
    }
    text
}

fn comment(text: &mut String, words: &str) {
    for line in wrapped(words, WIDTH) {
        let _ = writeln!(text, "# {line}");
    }
}

fn wrapped(words: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
