//! What signing in answers, and who one is.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::desk::people::Person;
use crate::desk::sessions::Issued;
use crate::rules::permission::{Principal, Right, Role};

/// Tokens for one session, as OAuth 2 writes them.
#[derive(Serialize, ToSchema)]
pub struct AccessTokens {
    /// A JWT: the bearer token of requests.
    #[schema(
        example = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSIsImtpZCI6IjAxIn0.eyJpc3MiOiJodHRwcyJ9.c2ln",
        max_length = 4096
    )]
    pub access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer", max_length = 6)]
    pub token_type: &'static str,
    /// How long the access token lives, in seconds.
    #[schema(example = 600, minimum = 1)]
    pub expires_in: i64,
    /// Exchanged once for the next tokens; using it twice ends the session.
    #[schema(example = "dateline_refresh_N2Fm0v2LwqXz1pQ4aYbGkR8sT5uVcHdJeKfLgMhNiOj4R1x", max_length = 100)]
    pub refresh_token: String,
}

impl From<Issued> for AccessTokens {
    fn from(issued: Issued) -> Self {
        Self {
            access_token: issued.access_token,
            token_type: "Bearer",
            expires_in: issued.expires_in,
            refresh_token: issued.refresh_token,
        }
    }
}

/// The caller, and what they may do with the token that they sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// The user's id.
    #[schema(example = "0198c0de-7000-7000-8000-000000000501")]
    pub id: Uuid,
    /// The address that one signs in with.
    #[schema(example = "mei.tanaka@example.org", max_length = 254)]
    pub email: String,
    /// As it is shown.
    #[schema(example = "Mei Tanaka", max_length = 120)]
    pub name: String,
    /// What one is in the newsroom.
    #[schema(example = "editor")]
    pub role: Role,
    /// What role and token allow together.
    #[schema(example = json!(["newsroom:read", "articles:write"]), max_items = 20)]
    pub rights: Vec<Right>,
    /// Regions to which publishing is limited; empty means everywhere.
    #[schema(example = json!(["0198c0de-7000-7000-8000-000000000201"]), max_items = 100)]
    pub regions: Vec<Uuid>,
    /// The public profile.
    #[schema(example = "0198c0de-7000-7000-8000-000000000101")]
    pub author_id: Option<Uuid>,
    /// The session, if one signed in with a password.
    #[schema(example = "0198c0de-7000-7000-8000-000000000601")]
    pub session_id: Option<Uuid>,
    /// The API token, if one was sent.
    #[schema(example = json!(null))]
    pub token_id: Option<Uuid>,
    /// Goes up with every write of the user; also the `ETag`.
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
}

impl Me {
    /// The caller as they stand now.
    pub fn of(by: &Principal, person: Person) -> Self {
        let rights = by.rights();
        let Person { user, regions } = person;
        Self {
            id: user.id,
            email: user.email,
            name: user.name,
            role: by.role,
            rights,
            regions,
            author_id: user.author_id,
            session_id: by.session_id,
            token_id: by.token_id,
            version: user.version,
        }
    }
}

/// The public keys of access tokens: a JSON Web Key Set (RFC 7517).
#[derive(Debug, Serialize, ToSchema)]
pub struct KeySet {
    /// The present key, then those that are still accepted.
    #[schema(max_items = 20)]
    pub keys: Vec<PublicKey>,
}

/// One Ed25519 public key (RFC 8037).
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicKey {
    /// Always `OKP`.
    #[schema(example = "OKP", max_length = 3)]
    pub kty: &'static str,
    /// Always `Ed25519`.
    #[schema(example = "Ed25519", max_length = 7)]
    pub crv: &'static str,
    /// Always `sig`.
    #[serde(rename = "use")]
    #[schema(example = "sig", max_length = 3)]
    pub purpose: &'static str,
    /// Always `EdDSA`.
    #[schema(example = "EdDSA", max_length = 5)]
    pub alg: &'static str,
    /// Names the key in the header of a token.
    #[schema(example = "6cbd6ad7b1d4b1f3", max_length = 16)]
    pub kid: String,
    /// The key, base64url.
    #[schema(example = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", max_length = 43)]
    pub x: String,
}

impl KeySet {
    /// Of these ids and keys.
    pub fn of<'a>(keys: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let key = |(kid, x): (&str, &str)| PublicKey {
            kty: "OKP",
            crv: "Ed25519",
            purpose: "sig",
            alg: "EdDSA",
            kid: kid.to_owned(),
            x: x.to_owned(),
        };
        Self { keys: keys.map(key).collect() }
    }
}
