//! People who sign in with a password, and requests by whatever token.

use reqwest::Method;

use super::answer::Answer;
use super::app::TestApp;
use super::client::{Actor, Request};
use super::json;

/// A password that may be chosen.
pub const PASSWORD: &str = "nine lanterns over a wet quay";
/// The media type of forms.
pub const FORM: &str = "application/x-www-form-urlencoded";
/// Where tokens come from.
pub const TOKEN: &str = "/v1/auth/token";
/// Who one is.
pub const ME: &str = "/v1/auth/me";

impl TestApp {
    /// A new user with a password, made by an administrator.
    pub async fn user(&self, role: &str, email: &str) -> Answer {
        let new = json!({ "email": email, "name": "Mei Tanaka", "role": role, "password": PASSWORD });
        self.admin().await.post("/v1/newsroom/users", new).send().await.expect(201)
    }

    /// A request for tokens with these fields.
    pub fn asks_for_tokens(&self, fields: &[(&str, &str)]) -> Request {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        self.reader().request(Method::POST, TOKEN).body(FORM, form.finish())
    }

    /// A sign-in with a password.
    pub fn signs_in(&self, email: &str, password: &str) -> Request {
        self.asks_for_tokens(&[("grant_type", "password"), ("username", email), ("password", password)])
    }

    /// The exchange of a refresh token.
    pub fn refreshes(&self, token: &str) -> Request {
        self.asks_for_tokens(&[("grant_type", "refresh_token"), ("refresh_token", token)])
    }

    /// Who the bearer of this token is.
    pub fn me(&self, token: &str) -> Request {
        self.reader().get(ME).bearer(token)
    }
}

impl Request {
    /// Sends this token in place of the actor's own.
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }
}

impl Answer {
    /// The access token in the answer.
    #[track_caller]
    pub fn access(&self) -> &str {
        self.text_at("/access_token")
    }

    /// The refresh token in the answer.
    #[track_caller]
    pub fn refresh(&self) -> &str {
        self.text_at("/refresh_token")
    }
}

impl Actor {
    /// Makes an API token and answers it.
    pub async fn api_token(&self, scopes: &[&str]) -> String {
        let new = json!({ "name": "Wire import", "scopes": scopes });
        self.post("/v1/newsroom/tokens", new).send().await.expect(201).text_at("/token").to_owned()
    }
}
