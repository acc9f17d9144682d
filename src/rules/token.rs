//! Access tokens: Ed25519-signed JWTs of ten minutes, checked far more strictly than the library's defaults.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::base::id::hex;
use crate::base::secret::{Key, sha256};

/// How long an access token lives, in seconds.
pub const ACCESS_SECONDS: i64 = 600;
const LEEWAY_SECONDS: i64 = 30;
const LONGEST_TOKEN: usize = 4096;
const TYPE: &str = "at+jwt";
const AUDIENCE: &str = "dateline";
/// What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410).
const PKCS8_ED25519: &[u8] =
    &[0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// What an access token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// Who made it: this API's public URL.
    pub iss: String,
    /// Whom it is for: `dateline`.
    pub aud: String,
    /// The user.
    pub sub: Uuid,
    /// The session, which ends at logout.
    pub sid: Uuid,
    /// The user's epoch; it goes up when all tokens must end.
    pub epoch: i32,
    /// Unique id of this token.
    pub jti: Uuid,
    /// Seconds since 1970.
    pub iat: i64,
    /// Seconds since 1970.
    pub nbf: i64,
    /// Seconds since 1970.
    pub exp: i64,
}

/// One Ed25519 key pair, made from a secret.
struct KeyPair {
    id: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
    /// Public key, base64url.
    x: String,
}

/// Signs with the present key; verifies with it and with those before it.
pub struct Signer {
    issuer: String,
    keys: Vec<KeyPair>,
}

impl Signer {
    /// A signer with the present secret and those that are still accepted. Each secret has at least 32 bytes; the
    /// settings see to that.
    ///
    /// # Errors
    /// When a key cannot be made out of a secret.
    pub fn new(issuer: &str, present: &str, previous: &[String]) -> Result<Self, KeyError> {
        let secrets = std::iter::once(present).chain(previous.iter().map(String::as_str));
        let keys = secrets.map(KeyPair::of).collect::<Option<Vec<_>>>().ok_or(KeyError)?;
        Ok(Self { issuer: issuer.to_owned(), keys })
    }

    /// A signed access token for a session, valid from `now` for ten minutes.
    pub fn sign(
        &self,
        user_id: Uuid,
        session_id: Uuid,
        epoch: i32,
        token_id: Uuid,
        now: DateTime<Utc>,
    ) -> Option<String> {
        let key = self.keys.first()?;
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            sub: user_id,
            sid: session_id,
            epoch,
            jti: token_id,
            iat: now.timestamp(),
            nbf: now.timestamp(),
            exp: (now + TimeDelta::seconds(ACCESS_SECONDS)).timestamp(),
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(key.id.clone());
        encode(&header, &claims, &key.encoding).ok()
    }

    /// The claims of a token that is ours, whole, of the right kind and valid now; `None` for every other.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Option<Claims> {
        if token.len() > LONGEST_TOKEN {
            return None;
        }
        let header = plain_header(token)?;
        let kid = header.kid?;
        let key = self.keys.iter().find(|key| key.id == kid)?;
        // The library's clock is the machine's; time is checked below against ours.
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.validate_exp = false;
        rules.validate_nbf = false;
        rules.set_issuer(&[&self.issuer]);
        rules.set_audience(&[AUDIENCE]);
        rules.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        let claims = decode::<Claims>(token, &key.decoding, &rules).ok()?.claims;
        let at = now.timestamp();
        let timely = claims.nbf <= at + LEEWAY_SECONDS
            && claims.iat <= at + LEEWAY_SECONDS
            && claims.exp > at - LEEWAY_SECONDS
            && (0..=ACCESS_SECONDS).contains(&claims.exp.checked_sub(claims.iat)?);
        timely.then_some(claims)
    }

    /// Id and public key, base64url, of each key; the present one first.
    pub fn public_keys(&self) -> impl Iterator<Item = (&str, &str)> {
        self.keys.iter().map(|key| (key.id.as_str(), key.x.as_str()))
    }
}

/// A key could not be made out of a secret.
#[derive(Clone, Copy, Debug)]
pub struct KeyError;

impl std::fmt::Display for KeyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a signing key cannot be made out of the secret")
    }
}

impl std::error::Error for KeyError {}

impl KeyPair {
    fn of(secret: &str) -> Option<Self> {
        let seed = Key::derive(secret.as_bytes(), "dateline access tokens: Ed25519");
        let pair = Ed25519KeyPair::from_seed_unchecked(seed.bytes()).ok()?;
        let public = pair.public_key().as_ref();
        let x = URL_SAFE_NO_PAD.encode(public);
        let der = [PKCS8_ED25519, seed.bytes().as_slice()].concat();
        Some(Self {
            id: hex(&sha256(public)).chars().take(16).collect(),
            encoding: EncodingKey::from_ed_der(&der),
            decoding: DecodingKey::from_ed_components(&x).ok()?,
            x,
        })
    }
}

/// The header, if it is the plain one of our tokens: no `crit`, no embedded keys, and our `typ` and algorithm.
fn plain_header(token: &str) -> Option<Header> {
    let encoded = token.split('.').next()?;
    let json: serde_json::Map<String, serde_json::Value> =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(encoded).ok()?).ok()?;
    if json.keys().any(|key| !["alg", "typ", "kid"].contains(&key.as_str())) {
        return None;
    }
    let header = decode_header(token).ok()?;
    (header.alg == Algorithm::EdDSA && header.typ.as_deref() == Some(TYPE)).then_some(header)
}
