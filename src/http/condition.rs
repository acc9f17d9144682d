//! `If-Match`: a change of an editorial object says which version it was made from. Also `If-None-Match: *`.

use actix_web::dev::Payload;
use actix_web::http::header::{IF_MATCH, IF_NONE_MATCH};
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::{Ready, ready};

use crate::base::error::{Code, Error, Fault, Result};
use crate::rules::version::{Expected, Upsert, Version};

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

/// What an operation is held to that makes an object or changes it.
#[derive(Debug)]
pub struct UpsertCondition(pub Upsert);

impl FromRequest for UpsertCondition {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(upsert(request).map(Self))
    }
}

fn upsert(request: &HttpRequest) -> Result<Upsert> {
    let mut unless = request.headers().get_all(IF_NONE_MATCH).peekable();
    let has_condition = request.headers().contains_key(IF_MATCH);
    if unless.peek().is_some() {
        let words = "is * here, to make what is not there yet, and not sent beside If-Match";
        let wrong = || Error::parameters(vec![Fault::of("If-None-Match", "invalid_header", words)]);
        let is_any = unless.all(|value| value.as_bytes().trim_ascii() == b"*");
        return if is_any && !has_condition { Ok(Upsert::New) } else { Err(wrong()) };
    }
    if has_condition { read(request).map(|seen| Upsert::Change(seen.0)) } else { Ok(Upsert::Either) }
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
