//! `Idempotency-Key`: the first answer is kept for 24 hours in the transaction of its write, and replayed.

use std::ops::AsyncFnOnce;

use actix_web::{HttpMessage, HttpRequest};
use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::actor::Caller;
use super::body::BodyHash;
use super::reply::Tagged;
use crate::base::error::{Code, Error, Fault, Result};
use crate::base::secret::Keys;
use crate::store::Tx;
use crate::store::idempotency::{self as kept, Claim, KeptReply};

const HEADER: &str = "idempotency-key";
const LONGEST_KEY: usize = 255;

/// One request with a key: who, which key, and what was asked.
#[derive(Debug)]
pub struct Call {
    user_id: Uuid,
    key: String,
    /// Under the key of the present secret, and of each before it.
    request_hashes: Vec<[u8; 32]>,
}

impl Call {
    /// The call that the request is, or `None` without the header or on methods other than POST. What was asked is
    /// kept under a secret, because it may hold a password, which must not be guessed from a plain hash.
    ///
    /// # Errors
    /// 400 for a repeated, empty or too long key, or characters other than visible ASCII.
    pub fn of(request: &HttpRequest, keys: &Keys) -> Result<Option<Self>> {
        let mut values = request.headers().get_all(HEADER);
        let Some(value) = values.next() else { return Ok(None) };
        if request.method() != actix_web::http::Method::POST {
            return Ok(None);
        }
        let key = value.to_str().unwrap_or_default();
        let visible = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic());
        if values.next().is_some() || !visible || key.len() > LONGEST_KEY {
            let detail = "is one key of 1 to 255 visible ASCII characters";
            return Err(Error::parameters(vec![Fault::of("Idempotency-Key", "invalid_header", detail)]));
        }
        let extensions = request.extensions();
        let Some(caller) = extensions.get::<Caller>() else { return Ok(None) };
        let body = extensions.get::<BodyHash>().map_or([0; 32], |hash| hash.0);
        let asked =
            [request.method().as_str().as_bytes(), b" ", request.uri().to_string().as_bytes(), b"\n", &body].concat();
        let request_hashes = keys.all().map(|secret| secret.mac(&asked)).collect();
        Ok(Some(Self { user_id: caller.0, key: key.to_owned(), request_hashes }))
    }
}

/// Runs `act` and keeps its answer, or answers what was kept.
///
/// # Errors
/// 409 while another request with the key runs, 422 when the key was used for another request, or what `act` answers.
pub async fn once<T: Serialize>(
    tx: &mut Tx,
    call: &Call,
    seal: &Keys,
    now: DateTime<Utc>,
    act: impl AsyncFnOnce(&mut Tx) -> Result<Tagged<T>>,
) -> Result<Tagged<T>> {
    match kept::claim(tx, call.user_id, &call.key, now).await? {
        Claim::InFlight => {
            Err(Error::new(Code::InFlight, "The first request with this key has no answer yet.").after(1))
        }
        Claim::Kept(reply) if !call.request_hashes.iter().any(|hash| reply.request_hash == hash) => {
            Err(Error::new(Code::KeyReused, "This Idempotency-Key was sent with another method, path or body."))
        }
        Claim::Kept(reply) => {
            let body = seal.open(&reply.body).ok_or_else(|| Error::internal("a kept reply cannot be opened"))?;
            Tagged::replayed(reply.status, &reply.headers, body)
        }
        Claim::New => {
            let answer = act(tx).await?;
            let (status, headers, body) = answer.parts()?;
            let body = seal.seal(&body).ok_or_else(|| Error::internal("a reply cannot be sealed"))?;
            let request_hash = call.request_hashes.first().map_or_else(Vec::new, |hash| hash.to_vec());
            let reply = KeptReply { request_hash, status, headers, body };
            kept::keep(tx, call.user_id, &call.key, &reply, now).await?;
            Ok(answer)
        }
    }
}
