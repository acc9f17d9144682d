//! House rules as tests.

mod access;
mod constraints;
mod contract;
mod credentials;
mod env;
mod errands;
mod examples;
mod floors;
mod headers;
mod history;
mod migrations;
mod more;
mod operations;
mod plans;
mod rights;
mod statements;
mod states;
