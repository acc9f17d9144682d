//! Where log lines go: to standard error, as text or JSON.

use std::io::{IsTerminal as _, stderr};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

use crate::base::config::{Config, LogFormat};

/// The HTML parser warns of every oddity in what writers send; `warnings` of the answer tell what matters. What is no HTTP
/// is answered 400, and is no fault of this program's, so nobody outside shall fill its log with it.
const ALWAYS: &str = "html5ever=error,actix_http::h1=off";

/// Starts the log. Later calls change nothing.
pub fn start(config: &Config) {
    let filter = EnvFilter::new(format!("{ALWAYS},{}", config.log));
    let lines = fmt().with_env_filter(filter).with_writer(stderr);
    // Fails only if there is a log already.
    let _ = match config.log_format {
        LogFormat::Text => lines.with_ansi(stderr().is_terminal()).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init(),
    };
}
