//! A form as the body: what OAuth clients send to the token endpoint, as strict as a query string.

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::{FutureExt, LocalBoxFuture};

use super::body::{is_utf8, read};
use super::query::{FromParams, Query};
use crate::base::error::{Code, Error, Result};

const MOST_BYTES: usize = 8 * 1024;
const FORM: &str = "application/x-www-form-urlencoded";

/// The fields of a form read as `T`.
#[derive(Debug)]
pub struct Form<T>(pub T);

impl<T: FromParams + 'static> FromRequest for Form<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        async move {
            form_type(&request)?;
            let bytes = read(&request, payload, MOST_BYTES).await?;
            let text = String::from_utf8(bytes)
                .map_err(|_| Error::new(Code::MalformedRequest, "The form is not percent-encoded text."))?;
            Query::read(&text).map(|Query(form)| Self(form))
        }
        .boxed_local()
    }
}

fn form_type(request: &HttpRequest) -> Result<()> {
    let sent = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = sent.split(';').map(str::trim);
    let fits = parts.next().unwrap_or_default().eq_ignore_ascii_case(FORM);
    if fits && parts.all(is_utf8) {
        return Ok(());
    }
    Err(Error::new(Code::UnsupportedMediaType, format!("Send Content-Type: {FORM}.")))
}
