//! House rules as tests.

mod constraints;
mod contract;
mod env;
mod examples;
mod floors;
mod migrations;
mod statements;
