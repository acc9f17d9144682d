//! What is told of bytes that are no request. Only the parser sees them, below the application, and its answers are empty.

use bytes::Bytes;

use super::problem::Problem;
use crate::base::error::{Code, Error};
use crate::base::id::new_id;

/// A problem in place of an answer of the parser; `None` for every other answer.
pub(super) fn told(answer: &[u8]) -> Option<Bytes> {
    let (code, detail) = match answer.get(..13)? {
        b"HTTP/1.1 400 " => (Code::MalformedRequest, "These bytes are no request that can be read."),
        b"HTTP/1.1 408 " => (Code::RequestTimeout, "The head of the request did not arrive in time."),
        b"HTTP/1.1 431 " => (Code::HeadTooLarge, "The head of the request is longer than is read."),
        _ => return None,
    };
    // The parser says nothing after it. What an application answers has a body, or others behind it.
    let head = answer.strip_suffix(b"\r\n\r\n")?;
    let has = |words: &[u8]| head.windows(words.len()).any(|part| part == words);
    let is_bare = has(b"\r\ncontent-length: 0") && !has(b"\r\n\r\n");
    is_bare.then(|| Problem::alone(&Error::new(code, detail), &new_id().to_string()).into())
}
