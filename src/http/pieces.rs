//! The body of an answer in pieces, so that of a large one only a part waits in memory for each client that is slow to
//! take it.

use std::error::Error as StdError;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use bytes::Bytes;

/// What is not longer goes at once: most answers do, and each piece costs a system call.
const WHOLE: usize = 64 * 1024;
/// What waits for a client, about.
pub(super) const PIECE: usize = 16 * 1024;

/// A body that hands out its bytes bit by bit.
#[derive(Debug)]
pub(super) struct Pieces {
    body: BoxBody,
    rest: Bytes,
    /// How much of the rest goes at once.
    piece: usize,
}

impl Pieces {
    /// The same body.
    pub fn of(body: BoxBody) -> Self {
        Self { body, rest: Bytes::new(), piece: WHOLE }
    }
}

impl MessageBody for Pieces {
    type Error = Box<dyn StdError>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let pieces = self.get_mut();
        if pieces.rest.is_empty() {
            match ready!(Pin::new(&mut pieces.body).poll_next(context)) {
                Some(Ok(bytes)) => pieces.rest = bytes,
                ended => return Poll::Ready(ended),
            }
            pieces.piece = if pieces.rest.len() > WHOLE { PIECE } else { WHOLE };
        }
        let piece = pieces.rest.split_to(pieces.piece.min(pieces.rest.len()));
        Poll::Ready(Some(Ok(piece)))
    }
}
