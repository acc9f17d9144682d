//! `dateline migrate`: brings the database to the schema of this program.

use super::failure::Outcome;
use super::home::Home;
use crate::base::config::Config;

/// Applies what is missing.
///
/// # Errors
/// When there is no database or a migration fails.
pub async fn migrate(config: &Config) -> Outcome {
    let home = Home::open(config).await?;
    home.visit(async |home| {
        if home.migrate().await? == 0 {
            println!("The schema is up to date: {}.", home.described());
        }
        Ok(())
    })
    .await
}
