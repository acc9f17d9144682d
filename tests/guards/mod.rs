//! House rules as tests.

mod constraints;
mod floors;
mod migrations;
mod statements;
