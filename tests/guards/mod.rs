//! House rules as tests.

mod constraints;
mod env;
mod contract;
mod examples;
mod floors;
mod migrations;
mod statements;
