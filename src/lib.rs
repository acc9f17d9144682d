//! Dateline
pub mod app;
pub mod base;
pub mod delivery;
pub mod desk;
pub mod http;
pub mod newsroom;
pub mod rules;
pub mod store;
