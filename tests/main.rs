//! Everything that is tested from outside, as one program: stories in newsroom words through HTTP, and guards that hold
//! the source, the schema and the published document to the house rules.
#![allow(clippy::large_futures, reason = "each test is one future, polled where it stands")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod guards;
mod stories;
mod support;
