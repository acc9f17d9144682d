//! What one types: one small file per command.

pub mod postgres;
