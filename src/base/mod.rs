//! What everything stands on: errors, settings, the clock, ids and progress lines. Imports no other floor.

pub mod aside;
pub mod clock;
pub mod config;
pub mod error;
pub mod id;
pub mod progress;
pub mod secret;
