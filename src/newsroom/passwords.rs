//! What every operation that takes a password asks of it.

use crate::base::error::{Error, Fault, Result};
use crate::http::App;
use crate::http::attempts::Attempt;
use crate::rules::password;
use crate::store::people::User;

/// Lets a new password through that somebody with this address and name may choose, other than their present one.
///
/// # Errors
/// 422.
pub fn allowed(app: &App, pointer: &str, new: &str, email: &str, name: &str, present: Option<&str>) -> Result<()> {
    if present == Some(new) {
        return Err(Error::invalid(vec![Fault::at(pointer, "unchanged", "is the present password")]));
    }
    let about = [email, name, app.settings.site_name.as_str()];
    password::check(new, &about).map_err(|(code, detail)| Error::invalid(vec![Fault::at(pointer, code, detail)]))
}

/// Lets the caller through who knows their present password. Wrong ones count as failed sign-ins do.
///
/// # Errors
/// 422, 429.
pub async fn unless_wrong(app: &App, user: &User, sent: String) -> Result<()> {
    let attempt = Attempt::at(app, &user.email)?;
    let checked = app.passwords.verify(sent, user.password_hash.clone()).await;
    if checked.inspect_err(|_| attempt.uncounted())? {
        attempt.succeeded();
        return Ok(());
    }
    let fault = Fault::at("/current_password", "wrong_password", "is not the present password");
    Err(Error::invalid(vec![fault]))
}
