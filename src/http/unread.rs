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
    let is_empty = answer.windows(EMPTY.len()).any(|part| part == EMPTY);
    is_empty.then(|| Problem::alone(&Error::new(code, detail), &new_id().to_string()).into())
}

const EMPTY: &[u8] = b"content-length: 0\r\n";
