//! Everything that is tested from outside, as one program: stories in newsroom words through HTTP, and guards that hold
//! the source, the schema and the published document to the house rules.
#![allow(clippy::large_futures, reason = "each test is one future, polled where it stands")]

mod guards;
mod stories;
mod support;
