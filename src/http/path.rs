//! Path segments as typed values. What cannot be one is simply not there: 404, and one spelling per object.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::{Ready, ready};
use uuid::Uuid;

use crate::base::error::{Error, Result};
use crate::rules::reference::{self, IdOrSlug};

/// The path's parameters, parsed from its segments in order.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<T> std::ops::Deref for Path<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: FromSegments> FromRequest for Path<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let segments: Vec<&str> = request.match_info().iter().map(|(_, value)| value).collect();
        ready(T::from_segments(&segments).map(Self).ok_or_else(Error::not_found))
    }
}

/// What path parameters can be read as.
pub trait FromSegments: Sized {
    /// `None` where the segments are no such value.
    fn from_segments(segments: &[&str]) -> Option<Self>;
}

impl<T: Segment> FromSegments for T {
    fn from_segments(segments: &[&str]) -> Option<Self> {
        match segments {
            [one] => T::from_segment(one),
            _ => None,
        }
    }
}

impl<A: Segment, B: Segment> FromSegments for (A, B) {
    fn from_segments(segments: &[&str]) -> Option<Self> {
        match segments {
            [a, b] => Some((A::from_segment(a)?, B::from_segment(b)?)),
            _ => None,
        }
    }
}

impl<A: Segment, B: Segment, C: Segment> FromSegments for (A, B, C) {
    fn from_segments(segments: &[&str]) -> Option<Self> {
        match segments {
            [a, b, c] => Some((A::from_segment(a)?, B::from_segment(b)?, C::from_segment(c)?)),
            _ => None,
        }
    }
}

/// What one path parameter can be read as.
pub trait Segment: Sized {
    /// `None` where the text is no such value, or not its one spelling.
    fn from_segment(text: &str) -> Option<Self>;
}

impl Segment for Uuid {
    fn from_segment(text: &str) -> Option<Self> {
        Self::try_parse(text).ok().filter(|id| id.to_string() == text)
    }
}

impl Segment for i32 {
    fn from_segment(text: &str) -> Option<Self> {
        text.parse::<Self>().ok().filter(|number| number.to_string() == text)
    }
}

/// Whether a path writes in an escape what it could write plainly, or has an escape that is none. Routing would read
/// through the first, and what is decided by the path as it was sent (caching, CORS, `no-store`) would be decided for
/// another path. The names that other systems give are free to be escaped in whatever way: nothing is decided by them.
pub(super) fn is_respelled(path: &str) -> bool {
    let ours = path.split_once("/by-external-id/").map_or(path, |(ours, _)| ours);
    ours.split('%').skip(1).any(|after| {
        let byte = after.get(..2).filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        byte.and_then(|hex| u8::from_str_radix(hex, 16).ok())
            .is_none_or(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
    })
}

/// A plain text segment without control characters, such as an external id. The router has decoded it except for `%`,
/// `/` and `+`, which would change what the path means.
impl Segment for String {
    fn from_segment(text: &str) -> Option<Self> {
        let text = ["%2F", "%2f", "%2B", "%2b", "%25"]
            .into_iter()
            .zip(["/", "/", "+", "+", "%"])
            .fold(text.to_owned(), |text, (escape, plain)| text.replace(escape, plain));
        let fits = (1..=reference::LONGEST).contains(&text.chars().count());
        let fine = fits && !text.chars().any(char::is_control);
        fine.then_some(text)
    }
}

impl Segment for IdOrSlug {
    fn from_segment(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}
