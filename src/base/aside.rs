//! Work that would keep a worker from everybody else it serves is done beside the workers.

use super::error::{Error, Result};

/// Bytes from which on reading, checking or drawing them is worth another thread.
const HEAVY: usize = 32_768;

/// Does the work, on another thread if it is heavy.
///
/// # Errors
/// 500 when it panics there.
pub async fn aside<T: Send + 'static>(bytes: usize, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    if bytes < HEAVY {
        return Ok(work());
    }
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)
}
