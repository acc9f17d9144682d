//! Every way in which a request can fail, as one table: stable code, HTTP status and title.

use std::error::Error as StdError;
use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

macro_rules! codes {
    ($( $(#[doc = $doc:literal])+ $name:ident = $status:literal $code:literal $title:literal; )+) => {
        /// A stable, documented name of a failure. Clients branch on it; it may grow.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Code { $( $(#[doc = $doc])+ $name, )+ }

        impl Code {
            /// All codes, in the order of the table.
            pub const ALL: &'static [Code] = &[$( Code::$name, )+];

            /// The HTTP status that goes with it.
            pub fn status(self) -> u16 {
                match self { $( Code::$name => $status, )+ }
            }

            /// The code as it is written: `snake_case`.
            pub fn as_str(self) -> &'static str {
                match self { $( Code::$name => $code, )+ }
            }

            /// A short sentence for people, the same for every occurrence.
            pub fn title(self) -> &'static str {
                match self { $( Code::$name => $title, )+ }
            }
        }
    };
}

codes! {
    /// The request is not well-formed: bytes, JSON, or its shape.
    MalformedRequest = 400 "malformed_request" "The request is malformed";
    /// A query parameter is unknown, repeated, empty or out of bounds.
    InvalidParameter = 400 "invalid_parameter" "A parameter is invalid";
    /// The cursor was not made by this list with these filters.
    InvalidCursor = 400 "invalid_cursor" "The cursor is not valid here";
    /// No credentials, or credentials that are not valid (any more).
    Unauthenticated = 401 "unauthenticated" "Authentication is required";
    /// Wrong user name or password, or a refresh token that is not valid (any more).
    InvalidGrant = 401 "invalid_grant" "The grant is not valid";
    /// The role or the token's scopes do not allow this.
    Forbidden = 403 "forbidden" "This is not allowed";
    /// Nothing is here, or nothing that may be seen.
    NotFound = 404 "not_found" "Not found";
    /// The path exists, the method does not.
    MethodNotAllowed = 405 "method_not_allowed" "The method is not allowed here";
    /// The body did not arrive in time.
    RequestTimeout = 408 "request_timeout" "The request took too long to arrive";
    /// A value that must be unique is taken.
    Conflict = 409 "conflict" "The value is taken";
    /// The object's state does not allow the verb; `legal` lists what it does allow.
    IllegalMove = 409 "illegal_move" "The state does not allow this";
    /// Somebody else is editing the article; see `being_edited`.
    BeingEdited = 409 "being_edited" "Somebody else is editing this";
    /// Others changed the same since; see `conflicts`.
    MergeConflict = 409 "merge_conflict" "Both changed the same";
    /// Nothing of the article goes live before `embargo_until`.
    Embargoed = 409 "embargoed" "An embargo forbids this";
    /// Something still refers to the object.
    InUse = 409 "in_use" "Something still refers to this";
    /// A legal hold keeps the article from being deleted.
    LegalHold = 409 "legal_hold" "A legal hold forbids this";
    /// Nobody else could administer the newsroom any more.
    LastAdmin = 409 "last_admin" "The last administrator must stay";
    /// A request with the same `Idempotency-Key` is still being worked on.
    InFlight = 409 "in_flight" "A request with this key is in flight";
    /// It was taken down; `detail` says why.
    Gone = 410 "gone" "This was taken down";
    /// The object changed since it was read; see `current`, and of an article `changed_fields`.
    Stale = 412 "stale" "The object has changed";
    /// The body is larger than this route takes.
    TooLarge = 413 "too_large" "The body is too large";
    /// The path or query is longer than this server takes.
    UriTooLong = 414 "uri_too_long" "The URI is too long";
    /// The body's type or encoding is not one that this route reads.
    UnsupportedMediaType = 415 "unsupported_media_type" "The media type is not supported";
    /// The body is well-formed and means something that cannot be.
    Invalid = 422 "invalid" "The content is invalid";
    /// The `Idempotency-Key` was used for another request.
    KeyReused = 422 "key_reused" "The idempotency key was used for another request";
    /// Changing this needs an `If-Match` header.
    ConditionRequired = 428 "condition_required" "An If-Match header is required";
    /// Too many requests; `Retry-After` says when to come back.
    TooManyRequests = 429 "too_many_requests" "Too many requests";
    /// The head of the request is larger than this server takes.
    HeadTooLarge = 431 "head_too_large" "The request's head is too large";
    /// It was taken down because the law asks for it; `detail` says why.
    LegalReasons = 451 "legal_reasons" "This was taken down for legal reasons";
    /// The server failed; the request id finds it in the log.
    Internal = 500 "internal" "The server failed";
    /// The database does not answer, or not in time; `Retry-After` says when to come back.
    Unavailable = 503 "unavailable" "The service is not available";
}

/// One thing that is wrong with a request, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fault {
    /// JSON Pointer (RFC 6901) to the place in the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/headline", max_length = 8192, nullable = false)]
    pub pointer: Option<String>,
    /// Name of the query parameter or header.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "limit", max_length = 8192, nullable = false)]
    pub parameter: Option<String>,
    /// Stable name of the fault.
    #[schema(example = "max_length", max_length = 60)]
    pub code: String,
    /// The fault in words.
    #[schema(example = "is longer than 300 characters", max_length = 10_000)]
    pub detail: String,
}

impl Fault {
    /// A fault at a place in the body.
    pub fn at(pointer: impl Into<String>, code: &str, detail: impl Into<String>) -> Self {
        Self { pointer: Some(pointer.into()), parameter: None, code: code.to_owned(), detail: detail.into() }
    }

    /// A fault of a query parameter or header.
    pub fn of(parameter: impl Into<String>, code: &str, detail: impl Into<String>) -> Self {
        Self { pointer: None, parameter: Some(parameter.into()), code: code.to_owned(), detail: detail.into() }
    }
}

/// A failure on its way to the client. `source` is for the log and never leaves.
#[derive(Debug)]
pub struct Error {
    /// Which failure of the table.
    pub code: Code,
    /// This occurrence in words.
    pub detail: String,
    /// All faults of the request, where there are places to name.
    pub faults: Vec<Fault>,
    /// Further members of the problem document, such as `legal` or `current`.
    pub extra: Map<String, Value>,
    /// Seconds after which trying again makes sense.
    pub retry_after: Option<u32>,
    /// What went wrong underneath.
    pub source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What fallible functions of every floor return.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// A failure with its words.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), faults: Vec::new(), extra: Map::new(), retry_after: None, source: None }
    }

    /// The one answer for what does not exist and for what may not be seen.
    pub fn not_found() -> Self {
        Self::new(Code::NotFound, "There is nothing here.")
    }

    /// 422 with all faults of the content.
    pub fn invalid(faults: Vec<Fault>) -> Self {
        Self::new(Code::Invalid, summary(&faults)).with_faults(faults)
    }

    /// 400 with all faults of the parameters.
    pub fn parameters(faults: Vec<Fault>) -> Self {
        Self::new(Code::InvalidParameter, summary(&faults)).with_faults(faults)
    }

    /// 500; the cause goes to the log only.
    pub fn internal(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            source: Some(source.into()),
            ..Self::new(Code::Internal, "The server failed. The request id finds the failure in its log.")
        }
    }

    /// 503; the cause goes to the log only.
    pub fn unavailable(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            source: Some(source.into()),
            retry_after: Some(1),
            ..Self::new(Code::Unavailable, "The database does not answer at the moment.")
        }
    }

    /// 503 for what was not done in time, whoever was slow; the cause goes to the log only.
    pub fn too_slow(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { detail: "This took longer than it may at the moment.".to_owned(), ..Self::unavailable(source) }
    }

    /// The same failure, with faults.
    #[must_use]
    pub fn with_faults(mut self, faults: Vec<Fault>) -> Self {
        self.faults = faults;
        self
    }

    /// The same failure, with one more member in its document.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.extra.insert(name.to_owned(), value.into());
        self
    }

    /// The same failure, with a time to wait in seconds.
    #[must_use]
    pub fn after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }
}

/// Goes on only without faults.
///
/// # Errors
/// 422 with all of them.
pub fn faultless(faults: Vec<Fault>) -> Result<()> {
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}

fn summary(faults: &[Fault]) -> String {
    match faults {
        [] => "The request is invalid.".to_owned(),
        [one] => {
            let place = one.pointer.as_deref().or(one.parameter.as_deref()).unwrap_or_default();
            format!("{place}: {}", one.detail).trim_start_matches(": ").to_owned()
        }
        many => format!("{} faults were found; `errors` lists them.", many.len()),
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.code.title(), self.code.as_str(), self.detail)?;
        match &self.source {
            Some(source) => write!(f, ": {source}"),
            None => Ok(()),
        }
    }
}

impl StdError for Error {}
