//! The request body: one JSON object, whole, unaltered, and valid against the schema that is published for it.

use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::{FutureExt, LocalBoxFuture};
use futures_util::{StreamExt, TryFutureExt};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::app::App;
use super::schemas::Schemas;
use super::strict_json;
use super::turns::Turn;
use crate::base::aside::aside;
use crate::base::error::{Code, Error, Fault, Result};
use crate::base::secret::sha256;
use crate::store::Partial;

/// Below this every whole number has a float of its own.
const EXACT: f64 = 9_007_199_254_740_992.0;
const READ_WITHIN: Duration = Duration::from_secs(10);
/// Bytes that earn a large body one more second.
const SLOWEST: usize = 1_048_576;
const SMALL: usize = 65_536;
const LARGE: usize = 1_048_576;

/// A body of at most 1 MiB, read as `T`.
#[derive(Debug)]
pub struct Body<T>(pub T);

/// SHA-256 of the body's bytes, left in the request for its idempotency key.
#[derive(Clone, Copy, Debug)]
pub struct BodyHash(pub [u8; 32]);

impl<T> FromRequest for Body<T>
where
    T: DeserializeOwned + ToSchema + Send + 'static,
{
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        understood(request, payload, whole).map_ok(Self).boxed_local()
    }
}

/// As [`Body`], of what rules are laid upon when it is written: the faults of its schema are told with theirs.
#[derive(Debug)]
pub struct Sent<T>(pub Partial<T>);

impl<T> FromRequest for Sent<T>
where
    T: DeserializeOwned + ToSchema + Send + 'static,
{
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        understood(request, payload, partial).map_ok(Self).boxed_local()
    }
}

/// As [`Body`], of a request that may also come without one, which counts as `{}`.
#[derive(Debug)]
pub struct OptionalBody<T>(pub T);

impl<T> FromRequest for OptionalBody<T>
where
    T: DeserializeOwned + Default + ToSchema + Send + 'static,
{
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        async move {
            let bytes = read(&request, payload, SMALL).await?;
            if bytes.is_empty() && !request.headers().contains_key(CONTENT_TYPE) {
                App::leave(&request, BodyHash(sha256(b"{}")));
                return Ok(Self(T::default()));
            }
            json_type(&request)?;
            checked(&request, bytes, whole).await.map(Self)
        }
        .boxed_local()
    }
}

/// A body of many parts that the handler checks one by one, so that one wrong part spoils none of the others.
#[derive(Debug)]
pub struct PartsBody<const LIMIT: usize> {
    /// The members of the body.
    pub members: Map<String, Value>,
    /// Held for as long as they are worked on.
    pub turn: Turn,
}

impl<const LIMIT: usize> FromRequest for PartsBody<LIMIT> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        async move {
            json_type(&request)?;
            let app = App::of(&request)?;
            let place = app.imports.place()?;
            let bytes = read(&request, payload, LIMIT).await?;
            let turn = app.imports.turn(place).await?;
            let length = bytes.len();
            let (hash, members) = aside(length, move || (sha256(&bytes), object(bytes))).await?;
            App::leave(&request, BodyHash(hash));
            Ok(Self { members: members?, turn })
        }
        .boxed_local()
    }
}

/// How a value is taken for a `T`, or what is wrong with it.
type Understand<T> = fn(&Schemas, Value) -> std::result::Result<T, Vec<Fault>>;

/// The body of the request, as `understand` takes it.
fn understood<T: Send + 'static>(
    request: &HttpRequest,
    payload: &mut Payload,
    understand: Understand<T>,
) -> impl Future<Output = Result<T>> + 'static {
    let request = request.clone();
    let payload = payload.take();
    async move {
        json_type(&request)?;
        let bytes = read(&request, payload, LARGE).await?;
        checked(&request, bytes, understand).await
    }
}

/// The bytes as one JSON object, and that as `understand` takes it; their hash is left for the idempotency key.
async fn checked<T: Send + 'static>(request: &HttpRequest, bytes: Vec<u8>, understand: Understand<T>) -> Result<T> {
    let (shared, length) = (App::of(request)?.shared(), bytes.len());
    let work = move || {
        let hash = sha256(&bytes);
        let read = object(bytes).map(Value::Object);
        let read = read.and_then(|value| understand(&shared.schemas, value).map_err(Error::invalid));
        (hash, read)
    };
    let (hash, read) = aside(length, work).await?;
    App::leave(request, BodyHash(hash));
    read
}

/// The bytes as one JSON object.
fn object(bytes: Vec<u8>) -> Result<Map<String, Value>> {
    let text = String::from_utf8(bytes).map_err(|_| malformed("The body is not UTF-8."))?;
    match strict_json::parse(&text) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(malformed("The body is not a JSON object.")),
        Err(refused) => Err(malformed(format!("The body {refused}."))),
    }
}

/// A value that its schema accepts as `T`.
///
/// # Errors
/// All faults that the schema finds.
pub fn whole<T>(schemas: &Schemas, value: Value) -> std::result::Result<T, Vec<Fault>>
where
    T: DeserializeOwned + ToSchema,
{
    schemas.check::<T>(&value)?;
    typed(value)
}

/// As much of a value as its schema accepts as `T`.
///
/// # Errors
/// All faults that the schema finds, where nothing is left without them.
pub fn partial<T>(schemas: &Schemas, value: Value) -> std::result::Result<Partial<T>, Vec<Fault>>
where
    T: DeserializeOwned + ToSchema,
{
    let Err(faults) = schemas.check::<T>(&value) else { return typed(value).map(Partial::whole) };
    match schemas.rest::<T>(value, &faults).and_then(|rest| typed(rest).ok()) {
        Some(rest) => Ok(Partial::without(faults, rest)),
        None => Err(faults),
    }
}

/// A value that its schema accepts as `T`.
fn typed<T: DeserializeOwned>(mut value: Value) -> std::result::Result<T, Vec<Fault>> {
    integers(&mut value);
    serde_path_to_error::deserialize(value)
        .map_err(|error| vec![Fault::at(pointer(error.path()), "invalid_value", error.inner().to_string())])
}

/// A number that is whole is an integer however it is written: `1.0` is 1, as it is for the schema.
fn integers(value: &mut Value) {
    match value {
        Value::Number(number) if number.is_f64() => {
            let plain = number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() < EXACT);
            if let Some(integer) = plain.and_then(|float| format!("{float:.0}").parse::<i64>().ok()) {
                *number = integer.into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(integers),
        Value::Object(members) => members.values_mut().for_each(integers),
        _ => {}
    }
}

/// Reads the whole body within the deadline and the limit.
///
/// # Errors
/// 408, 413, or 400 when the connection breaks.
pub(super) async fn read(request: &HttpRequest, mut payload: Payload, limit: usize) -> Result<Vec<u8>> {
    let too_large = || Error::new(Code::TooLarge, format!("This route takes at most {limit} bytes."));
    let announced =
        request.headers().get("content-length").and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let too_slow =
        |_| Error::new(Code::RequestTimeout, "The body did not arrive within 10 seconds and one more for each MiB.");
    let started = tokio::time::Instant::now();
    // What is only announced costs nothing yet.
    let mut bytes = Vec::with_capacity(announced.unwrap_or(0).min(SMALL));
    loop {
        let earned = Duration::from_secs((bytes.len() / SLOWEST) as u64);
        let next = tokio::time::timeout_at(started + READ_WITHIN + earned, payload.next());
        let Some(chunk) = next.await.map_err(too_slow)? else { return Ok(bytes) };
        let chunk = chunk.map_err(|_| malformed("The body broke off."))?;
        if bytes.len() + chunk.len() > limit {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
}

/// Whether the media type is the one the method takes: JSON, and merge-patch for PATCH.
fn json_type(request: &HttpRequest) -> Result<()> {
    let sent = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = sent.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
    let fits = essence == "application/json"
        || (essence == "application/merge-patch+json" && request.method() == Method::PATCH);
    if fits && parts.all(is_utf8) {
        return Ok(());
    }
    let wanted = if request.method() == Method::PATCH { "application/merge-patch+json" } else { "application/json" };
    Err(Error::new(Code::UnsupportedMediaType, format!("Send Content-Type: {wanted}.")))
}

/// Whether a parameter of a media type is `charset=utf-8`.
pub(super) fn is_utf8(parameter: &str) -> bool {
    parameter.split_once('=').is_some_and(|(name, value)| {
        name.eq_ignore_ascii_case("charset") && value.trim_matches('"').eq_ignore_ascii_case("utf-8")
    })
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter().fold(String::new(), |mut pointer, segment| {
        pointer.push('/');
        match segment {
            Segment::Seq { index } => pointer.push_str(&index.to_string()),
            Segment::Map { key } => pointer.push_str(&key.replace('~', "~0").replace('/', "~1")),
            Segment::Enum { variant } => pointer.push_str(variant),
            Segment::Unknown => pointer.push('?'),
        }
        pointer
    })
}

fn malformed(detail: impl Into<String>) -> Error {
    Error::new(Code::MalformedRequest, detail)
}
