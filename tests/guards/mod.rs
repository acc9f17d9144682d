//! House rules as tests.

mod constraints;
mod env;
mod contract;
mod floors;
mod migrations;
mod statements;
