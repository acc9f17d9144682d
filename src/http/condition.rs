//! `If-Match`: a change of an editorial object says which version it was made from.

use actix_web::dev::Payload;
use actix_web::http::header::IF_MATCH;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::{Ready, ready};

use crate::base::error::{Code, Error, Fault, Result};
use crate::rules::version::{Expected, Version};

/// Longest value that is read.
pub(super) const LONGEST: u32 = 1000;
/// What is read, as a regular expression: `*`, or entity tags (RFC 9110) without blanks or commas inside.
pub(super) const PATTERN: &str = r#"^(\*|(W/)?"[!#-+\x2d-\x7e]*"([ \t]*,[ \t]*(W/)?"[!#-+\x2d-\x7e]*")*)$"#;

/// The required `If-Match` header: `"12"`, several of them, or `*`.
#[derive(Debug)]
pub struct IfMatch(pub Expected);

impl FromRequest for IfMatch {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(request))
    }
}

/// The `If-Match` header of an operation that may do without.
#[derive(Debug)]
pub struct OptionalIfMatch(pub Option<Expected>);

impl FromRequest for OptionalIfMatch {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let sent = request.headers().contains_key(IF_MATCH);
        ready(if sent { read(request).map(|seen| Self(Some(seen.0))) } else { Ok(Self(None)) })
    }
}

fn read(request: &HttpRequest) -> Result<IfMatch> {
    let values: Vec<_> = request.headers().get_all(IF_MATCH).collect();
    if values.is_empty() {
        return Err(Error::new(
            Code::ConditionRequired,
            "Send If-Match with the ETag of the version that you changed, or * to change whichever is there.",
        ));
    }
    let (mut versions, mut weak) = (Vec::new(), false);
    for value in values {
        let text = value.to_str().map_err(|_| malformed())?.trim();
        if text.len() > LONGEST as usize {
            return Err(malformed());
        }
        if text == "*" {
            return Ok(IfMatch(Expected::Any));
        }
        for tag in text.split(',').map(str::trim) {
            weak |= tag.starts_with("W/");
            versions.extend(version(tag)?);
        }
    }
    Ok(IfMatch(if weak && versions.is_empty() { Expected::Weak } else { Expected::OneOf(versions) }))
}

/// The version in one entity tag. Well-formed tags that are none of ours, weak ones too, match nothing.
fn version(tag: &str) -> Result<Option<Version>> {
    let weak = tag.strip_prefix("W/");
    let (strong, quoted) = (weak.is_none(), weak.unwrap_or(tag));
    let inside = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).ok_or_else(malformed)?;
    if !inside.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"') {
        return Err(malformed());
    }
    Ok(inside.parse().ok().filter(|_| strong))
}

fn malformed() -> Error {
    Error::parameters(vec![Fault::of("If-Match", "invalid_header", "is * or entity tags such as \"12\"")])
}
