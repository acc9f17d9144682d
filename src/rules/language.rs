//! Tags of languages, as articles carry them and lists are filtered by them.

use std::str::FromStr;

/// A BCP 47 tag in the spelling that articles take: `en`, `pt-BR`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Language(pub String);

impl FromStr for Language {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.split('-');
        let main = parts.next().unwrap_or_default();
        let fits = (2..=3).contains(&main.len()) && main.bytes().all(|byte| byte.is_ascii_lowercase());
        let sub = |part: &str| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if fits && text.split('-').count() <= 4 && parts.all(sub) {
            Ok(Self(text.to_owned()))
        } else {
            Err("is no tag of a language such as en or pt-BR")
        }
    }
}
