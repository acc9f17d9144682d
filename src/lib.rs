//! Dateline: a headless CMS for newsrooms. One binary, an HTTP and JSON API over PostgreSQL.
//!
//! A folder is a floor, a file is a noun: `find src -name 'topic*.rs'` lists all there is about topics. An import goes to a
//! lower floor or stays in its folder; what a folder leaves alone although it lies lower stands in the last column.
//! A test reads this table and holds the source against it.
//!
//! | floor | folder | what it holds | leaves alone |
//! |---|---|---|---|
//! | 0 | base | errors, settings, clock, ids, secrets | |
//! | 1 | rules | what a newsroom knows: pure, no SQL, no HTTP, no clock | |
//! | 2 | store | all SQL, one file per table family | |
//! | 3 | desk | what editors do: verbs over several tables, one transaction each | |
//! | 4 | http | the manners of both faces, which know no resource | desk |
//! | 4 | demo | a newsroom to try things with, played through the desk | |
//! | 5 | delivery | the public face: reads what is live now, cached | desk, Tx |
//! | 5 | newsroom | the face of the staff: writes, never cached | |
//! | 5 | jobs | work after the reply | |
//! | 6 | preview | drafts as their pages would be: rendered by the desk, drawn with delivery's views | |
//! | 7 | app | the composition root: settings become a running server | |
//! | 8 | cli | what one types: one file per command | |

pub mod app;
pub mod base;
pub mod cli;
pub mod delivery;
pub mod demo;
pub mod desk;
pub mod http;
pub mod jobs;
pub mod newsroom;
pub mod preview;
pub mod rules;
pub mod store;
