//! Tokens that say nothing by themselves: 256 random bits with a recognisable prefix and a check, stored only as their
//! SHA-256. The check lets a mistyped or invented token be refused without a look into the database.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::base::secret::sha256;

/// What every API token starts with, so that leak scanners find it.
pub const API_PREFIX: &str = "dateline_";
/// What every refresh token starts with.
pub const REFRESH_PREFIX: &str = "dateline_refresh_";
/// How many characters of an API token are kept in clear and shown.
pub const SHOWN: usize = 15;
const SECRET_LENGTH: usize = 43;
const CHECK_BYTES: usize = 3;

/// The API token made of these random bytes.
pub fn api_token(secret: &[u8; 32]) -> String {
    written(API_PREFIX, secret)
}

/// The refresh token made of these random bytes.
pub fn refresh_token(secret: &[u8; 32]) -> String {
    written(REFRESH_PREFIX, secret)
}

/// Whether the text has the form of an API token, check included.
pub fn is_api_token(text: &str) -> bool {
    is_written(API_PREFIX, text)
}

/// Whether the text has the form of a refresh token, check included.
pub fn is_refresh_token(text: &str) -> bool {
    is_written(REFRESH_PREFIX, text)
}

fn written(prefix: &str, secret: &[u8; 32]) -> String {
    let body = URL_SAFE_NO_PAD.encode(secret);
    let check = check(prefix, &body);
    format!("{prefix}{body}{check}")
}

fn is_written(prefix: &str, text: &str) -> bool {
    let parts = text.strip_prefix(prefix).and_then(|rest| rest.split_at_checked(SECRET_LENGTH));
    parts.is_some_and(|(body, sent)| sent == check(prefix, body))
}

fn check(prefix: &str, body: &str) -> String {
    let digest = sha256(&[prefix.as_bytes(), body.as_bytes()].concat());
    URL_SAFE_NO_PAD.encode(digest.get(..CHECK_BYTES).unwrap_or_default())
}
