//! House rules as tests.

mod constraints;
mod env;
mod floors;
mod migrations;
mod statements;
