//! What OAuth 2 clients send to get tokens, and how they are refused: a problem document that also says `error` and
//! `error_description`, as RFC 6749 names them.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::base::error::{Code, Error, Fault, Result};
use crate::http::query::{FromParams, Params};
use crate::rules::email;

const LONGEST_PASSWORD: usize = 256;
const LONGEST_TOKEN: usize = 100;
const LONGEST_IDLE: usize = 1000;

/// What gets tokens: user name and password, or a refresh token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"grant_type": "password", "username": "mei.tanaka@example.org", "password": "nine lanterns over a wet quay"}))]
pub struct TokenForm {
    /// `password` or `refresh_token`.
    #[schema(
        required,
        nullable = false,
        example = "password",
        pattern = "^(password|refresh_token)$",
        max_length = 13
    )]
    pub grant_type: Option<String>,
    /// The e-mail address, for `password`; case does not matter.
    #[schema(nullable = false, example = "mei.tanaka@example.org", min_length = 1, max_length = 254)]
    pub username: Option<String>,
    /// The password, for `password`.
    #[schema(nullable = false, example = "nine lanterns over a wet quay", min_length = 1, max_length = 256, format = Password)]
    pub password: Option<String>,
    /// The refresh token, for `refresh_token`.
    #[schema(
        nullable = false,
        example = "dateline_refresh_N2Fm0v2LwqXz1pQ4aYbGkR8sT5uVcHdJeKfLgMhNiOj4R1x",
        min_length = 1,
        max_length = 100
    )]
    pub refresh_token: Option<String>,
    /// Sent by OAuth clients; without effect: rights come from the role.
    #[expect(dead_code, reason = "it is only documented")]
    #[schema(nullable = false, example = "", max_length = 1000)]
    pub scope: Option<String>,
    /// Sent by OAuth clients; without effect: there are no clients to register.
    #[expect(dead_code, reason = "it is only documented")]
    #[schema(nullable = false, example = "", max_length = 1000)]
    pub client_id: Option<String>,
    /// Sent by OAuth clients; without effect.
    #[expect(dead_code, reason = "it is only documented")]
    #[schema(nullable = false, example = "", max_length = 1000)]
    pub client_secret: Option<String>,
}

impl FromParams for TokenForm {
    fn from_params(params: &mut Params) -> Self {
        for name in ["scope", "client_id", "client_secret"] {
            params.tolerate(name, LONGEST_IDLE);
        }
        Self {
            grant_type: params.words("grant_type", LONGEST_IDLE),
            username: params.words("username", email::LONGEST),
            password: params.words("password", LONGEST_PASSWORD),
            refresh_token: params.words("refresh_token", LONGEST_TOKEN),
            scope: None,
            client_id: None,
            client_secret: None,
        }
    }

    fn refuse(faults: Vec<Fault>) -> Error {
        oauth(Error::parameters(faults), "invalid_request")
    }
}

/// A form that makes sense.
pub enum Grant {
    /// Sign in.
    Password {
        /// The e-mail address in any spelling.
        username: String,
        /// The password.
        password: String,
    },
    /// Go on.
    Refresh {
        /// The refresh token.
        token: String,
    },
}

impl TryFrom<TokenForm> for Grant {
    type Error = Error;

    /// # Errors
    /// 400 for a missing field, one that does not belong to the grant, or another grant.
    fn try_from(form: TokenForm) -> Result<Self> {
        let TokenForm { grant_type, username, password, refresh_token, .. } = form;
        match (grant_type.as_deref(), username, password, refresh_token) {
            (Some("password"), Some(username), Some(password), None) => Ok(Self::Password { username, password }),
            (Some("refresh_token"), None, None, Some(token)) => Ok(Self::Refresh { token }),
            (Some("password"), username, password, token) => Err(misfit(
                &[("username", username.is_some()), ("password", password.is_some())],
                &[("refresh_token", token.is_some())],
            )),
            (Some("refresh_token"), username, password, token) => Err(misfit(
                &[("refresh_token", token.is_some())],
                &[("username", username.is_some()), ("password", password.is_some())],
            )),
            (Some(_), ..) => {
                let fault = Fault::of("grant_type", "unknown_value", "is neither password nor refresh_token");
                Err(oauth(Error::parameters(vec![fault]), "unsupported_grant_type"))
            }
            (None, ..) => Err(misfit(&[("grant_type", false)], &[])),
        }
    }
}

/// 401: wrong user name or password, or a refresh token that is not valid any more. It does not say which.
pub fn invalid_grant() -> Error {
    let detail = "User name and password do not fit, or the refresh token is not valid any more.";
    oauth(Error::new(Code::InvalidGrant, detail), "invalid_grant")
}

fn misfit(wanted: &[(&str, bool)], foreign: &[(&str, bool)]) -> Error {
    let missing = wanted.iter().filter(|(_, sent)| !sent);
    let missing = missing.map(|(name, _)| Fault::of(*name, "required", "is required by this grant_type"));
    let wrong = foreign.iter().filter(|(_, sent)| *sent);
    let wrong = wrong.map(|(name, _)| Fault::of(*name, "foreign", "does not belong to this grant_type"));
    oauth(Error::parameters(missing.chain(wrong).collect()), "invalid_request")
}

/// The same failure, as OAuth clients read it too.
fn oauth(error: Error, name: &str) -> Error {
    let description = error.detail.clone();
    error.with("error", name).with("error_description", description)
}
