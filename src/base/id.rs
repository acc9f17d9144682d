//! Ids and random bytes: the only place that draws randomness.

use std::fmt::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use uuid::{Builder, Uuid};

/// A new UUIDv7: unique, and ordered by the time of its making.
#[expect(clippy::disallowed_methods, reason = "the only place that makes ids")]
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}

/// A UUIDv7 for a request: unique, but in no order within its millisecond, and made without a call of the system.
#[expect(clippy::disallowed_methods, reason = "the only place that makes ids")]
pub fn request_id() -> Uuid {
    let millis = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    Builder::from_unix_timestamp_millis(u64::try_from(millis).unwrap_or_default(), &random_bytes()).into_uuid()
}

/// `N` bytes from the operating system's generator.
///
/// # Panics
/// When the operating system has no randomness to give, without which nothing here is safe.
#[expect(clippy::expect_used, reason = "a machine without randomness must not serve")]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// Bytes as lower-case hexadecimal text.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
