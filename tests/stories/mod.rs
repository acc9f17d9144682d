//! What people do with Dateline, told through HTTP.

mod topics;
