//! `.env.example` and the definition of the settings are one text.

use dateline::base::config::{Config, Source, Variables, example, help};

use crate::support::in_package;

/// `REWRITE=1 cargo test env_example` writes the file anew.
#[test]
fn env_example_lists_every_setting_with_default_and_meaning() {
    let path = in_package(".env.example");
    if std::env::var_os("REWRITE").is_some() {
        std::fs::write(&path, example()).expect("a file that can be written");
    }
    let written = std::fs::read_to_string(&path).expect(".env.example");
    assert_eq!(written, example(), "REWRITE=1 cargo test env_example writes it anew");
}

#[test]
fn the_defaults_in_env_example_are_the_ones_in_force() {
    let defaults: Vec<(String, String)> = example()
        .lines()
        .filter_map(|line| line.strip_prefix('#')?.split_once('='))
        .filter(|(name, value)| !name.starts_with(' ') && !value.is_empty() && *name != "DATELINE_JWT_SECRET")
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    assert!(defaults.len() > 5, "{defaults:?}");
    let spelled_out = Config::read(&Source::from(defaults)).expect("valid defaults");
    let left_out = Config::read(&Source::default()).expect("valid defaults");
    assert_eq!(format!("{spelled_out:?}"), format!("{left_out:?}"));
}

#[test]
fn the_help_shows_every_setting() {
    let names = Variables::names();
    assert!(names.len() > 15, "{names:?}");
    for name in names {
        assert!(help().contains(&format!("\n  {name}=")), "--help does not show {name}");
    }
}

#[test]
fn every_variable_that_the_source_names_is_a_setting() {
    let names = Variables::names();
    for path in ["README.md", ".ci/run"] {
        let text = std::fs::read_to_string(in_package(path)).expect(path);
        let words = text.split(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'));
        for word in words.filter(|word| word.starts_with("DATELINE_")) {
            assert!(names.iter().any(|name| name == word), "{path} names {word}, which is no setting");
        }
    }
}
