//! Settings: read from the environment and `.env`, checked once at the start, all faults told together. Nothing else
//! in the program looks at the environment.

mod check;
mod example;
mod faults;
mod network;
mod postgres_url;
mod secret;
mod settings;
mod source;
mod variables;

pub use check::{Config, LogFormat};
pub use example::{example, help};
pub use faults::{Faults, SettingFault};
pub use network::Network;
pub use secret::EXAMPLE_SECRET;
pub use settings::{NavigationItem, Settings};
pub use source::{Source, near_misses};
pub use variables::Variables;
