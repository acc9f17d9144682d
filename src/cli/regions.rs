//! `dateline regions load`: the world's regions and countries as a start of the newsroom's own tree.

use clap::Subcommand;

use super::failure::Outcome;
use super::home::Home;
use crate::base::clock::Clock;
use crate::base::config::Config;
use crate::base::progress::Progress;
use crate::desk::regions;
use crate::store::records::Doer;

/// What to do with regions.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum Regions {
    /// Add the world's regions and countries; what is there already stays as it is.
    Load,
}

/// Loads the world.
///
/// # Errors
/// When there is no database.
pub async fn regions(config: &Config, what: Regions) -> Outcome {
    let Regions::Load = what;
    let home = Home::open_migrated(config).await?;
    home.visit(async |home| {
        let progress = Progress::start("Loading the world's regions");
        let now = Clock::system().now();
        let tell = |line: &str| progress.tell(line);
        let loaded = home
            .database()?
            .write(async |tx| regions::load_world(tx, &Doer::at_the_console(), now, &tell).await)
            .await?;
        progress.finish("Loaded the world's regions.");
        println!("{} regions were added, {} were there already.", loaded.added, loaded.kept);
        Ok(())
    })
    .await
}
