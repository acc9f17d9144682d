//! The files of `articles/`, which the program carries within itself.

use super::story::Story;
use crate::base::error::Result;

macro_rules! files {
    ($($name:literal,)+) => {
        &[$( ($name, include_str!(concat!("articles/", $name))), )+]
    };
}

/// Name and text of every file.
const FILES: &[(&str, &str)] = files![
    "a-reef-grown-by-ear.html",
    "a-school-calendar-for-the-monsoon.md",
    "a-small-dome-in-the-namib.txt",
    "about.md",
    "baltic-cable-sings-again.txt",
    "change-the-hours-not-the-clocks.md",
    "cold-rooms-on-wheels.md",
    "contact.txt",
    "die-alpen-zaehlen-ihre-bienen.md",
    "fog-nets-above-salalah.html",
    "gangcheng-weihe-dengdai-qing.md",
    "hokkaido-no-yoru-wo-hashiru.md",
    "how-a-wind-tower-works.md",
    "ice-towers-second-life.md",
    "in-praise-of-the-slow-lift.md",
    "la-radio-qui-suit-les-pecheurs.md",
    "la-sal-y-los-flamencos.md",
    "let-the-tide-table-set-the-school-day.md",
    "libraries-in-grain-elevators.md",
    "live-a-city-rehearses-a-flood.json",
    "mekong-ferries-go-quiet.md",
    "night-trains-return-to-hokkaido.md",
    "oyster-prices-on-the-chesapeake.txt",
    "privacy.html",
    "quiz-the-rivers-of-africa.md",
    "sails-for-the-lakers.html",
    "salt-and-the-flamingos.md",
    "seeds-with-a-waiting-list.md",
    "straight-line-for-battery-salts.html",
    "the-alps-count-their-bees.md",
    "the-arithmetic-of-rain.md",
    "the-date-keeper-of-the-jordan-valley.md",
    "the-letter-that-came-by-camel.md",
    "the-map-of-all-the-wells.json",
    "the-orchestra-on-the-escalators.md",
    "the-patience-of-bronze.json",
    "the-radio-that-follows-the-fishermen.md",
    "the-tea-auction-moves-into-the-light.html",
    "ulaanbaatar-hangs-felt-on-its-towers.txt",
    "what-the-gulf-does-with-its-salt.md",
    "when-heat-crosses-a-border.json",
    "who-owns-the-salt-in-a-battery.md",
    "why-steel-towns-wait-for-hydrogen.json",
];

/// Every article.
///
/// # Errors
/// 500 with the file's name when one is not written as it should be.
pub(super) fn read() -> Result<Vec<Story>> {
    FILES.iter().map(|(file, text)| Story::read(file, text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_an_article() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/demo/articles");
        let mut there: Vec<String> =
            std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        there.sort();
        assert_eq!(there, FILES.iter().map(|(name, _)| *name).collect::<Vec<_>>());
        assert_eq!(read().unwrap().len(), there.len());
    }
}
