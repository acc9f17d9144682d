//! The query string: each parameter known, given once, not empty and in bounds, or 400 with all that is wrong.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt::Display;
use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::{Ready, ready};

use super::fallback::Routes;
use crate::base::error::{Error, Fault, Result};

const MOST_PARAMETERS: usize = 50;

/// The query read as `T`.
#[derive(Debug)]
pub struct Query<T>(pub T);

/// What a query can be read as: take each parameter by its name; what nobody takes is unknown.
pub trait FromParams: Sized {
    /// Reads the parameters; faults are collected in them.
    fn from_params(params: &mut Params) -> Self;

    /// What the client is told of the faults.
    fn refuse(faults: Vec<Fault>) -> Error {
        Error::parameters(faults)
    }
}

/// An operation without parameters refuses them too.
impl FromParams for () {
    fn from_params(_: &mut Params) -> Self {}
}

impl<T: FromParams> FromRequest for Query<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let longest = request.app_data::<Data<Routes>>().map_or(&[][..], |routes| routes.longest(request.path()));
        ready(Self::within(request.query_string(), longest))
    }
}

impl<T: FromParams> Query<T> {
    /// Reads a raw query string.
    ///
    /// # Errors
    /// 400 with every fault.
    pub fn read(raw: &str) -> Result<Self> {
        Self::within(raw, &[])
    }

    /// Reads a raw query string whose parameters are no longer than the document says.
    fn within(raw: &str, longest: &[(String, usize)]) -> Result<Self> {
        let mut params = Params::parse(raw);
        params.hold_to(longest);
        let value = T::from_params(&mut params);
        let faults = params.finish();
        if faults.is_empty() { Ok(Self(value)) } else { Err(T::refuse(faults)) }
    }
}

/// The decoded parameters while they are being taken.
#[derive(Debug, Default)]
pub struct Params {
    sent: BTreeMap<String, String>,
    known: Vec<&'static str>,
    faults: Vec<Fault>,
}

impl Params {
    fn parse(raw: &str) -> Self {
        let mut params = Self::default();
        for (count, pair) in raw.split('&').filter(|pair| !pair.is_empty()).enumerate() {
            if count == MOST_PARAMETERS {
                params.faults.push(Fault::of("", "too_many", format!("there are more than {MOST_PARAMETERS}")));
                break;
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match (decode(name), decode(value)) {
                (Some(name), Some(value)) => params.add(name, value),
                _ => params.faults.push(Fault::of(
                    decode(name).unwrap_or_default(),
                    "encoding",
                    "is not percent-encoded UTF-8 without control characters",
                )),
            }
        }
        params
    }

    fn add(&mut self, name: String, value: String) {
        if value.trim().is_empty() {
            self.faults.push(Fault::of(&*name, "empty", "is empty"));
        }
        match self.sent.entry(name) {
            Entry::Occupied(known) => {
                self.faults.push(Fault::of(&**known.key(), "repeated", "is given more than once"));
            }
            Entry::Vacant(place) => {
                place.insert(value);
            }
        }
    }

    fn hold_to(&mut self, longest: &[(String, usize)]) {
        for (name, most) in longest {
            if self.sent.get(name).is_some_and(|value| value.chars().count() > *most) {
                self.faults.push(Fault::of(&**name, "max_length", format!("is longer than {most} characters")));
            }
        }
    }

    /// Takes one parameter. A value that cannot be read is a fault and counts as absent.
    pub fn take<T: FromStr<Err: Display>>(&mut self, name: &'static str) -> Option<T> {
        let text = self.text(name)?;
        text.parse().map_err(|error: T::Err| self.fault(name, "invalid_value", error.to_string())).ok()
    }

    /// Takes a whole number within bounds.
    pub fn number(&mut self, name: &'static str, least: i64, most: i64) -> Option<i64> {
        let text = self.text(name)?;
        let number = text.parse::<i64>().ok();
        let number = number.filter(|number| (least..=most).contains(number) && number.to_string() == text);
        if number.is_none() {
            self.fault(name, "out_of_range", format!("is not a whole number from {least} to {most}"));
        }
        number
    }

    /// Takes `true` or `false`.
    pub fn flag(&mut self, name: &'static str) -> Option<bool> {
        self.choice(name, &[("true", true), ("false", false)])
    }

    /// Takes one of a closed list.
    pub fn choice<T: Clone>(&mut self, name: &'static str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text(name)?;
        let chosen = choices.iter().find(|(choice, _)| *choice == text).map(|(_, value)| value.clone());
        if chosen.is_none() {
            let all: Vec<&str> = choices.iter().map(|(choice, _)| *choice).collect();
            self.fault(name, "unknown_value", format!("is none of {}", all.join(", ")));
        }
        chosen
    }

    /// Takes a comma-separated list of at most `most` values, each once.
    pub fn list<T: FromStr<Err: Display>>(&mut self, name: &'static str, most: usize) -> Option<Vec<T>> {
        let text = self.text(name)?;
        let parts: Vec<&str> = text.split(',').collect();
        if parts.len() > most {
            self.fault(name, "too_many", format!("lists more than {most} values"));
            return None;
        }
        let mut values = Vec::with_capacity(parts.len());
        for (index, part) in parts.iter().enumerate() {
            if part.trim().is_empty() {
                self.fault(name, "empty", "lists an empty value");
                return None;
            }
            if parts.iter().take(index).any(|earlier| earlier == part) {
                self.fault(name, "repeated", format!("lists {part:?} twice"));
                return None;
            }
            match part.parse() {
                Ok(value) => values.push(value),
                Err(error) => {
                    self.fault(name, "invalid_value", format!("{part:?} {error}"));
                    return None;
                }
            }
        }
        Some(values)
    }

    /// Takes free text of at most `most` characters.
    pub fn words(&mut self, name: &'static str, most: usize) -> Option<String> {
        let text = self.text(name)?;
        if text.chars().count() > most {
            if !self.is_too_long(name) {
                self.fault(name, "max_length", format!("is longer than {most} characters"));
            }
            return None;
        }
        Some(text)
    }

    /// Takes a parameter that has no effect here, empty or not.
    pub fn tolerate(&mut self, name: &'static str, most: usize) {
        self.faults.retain(|fault| fault.code != "empty" || fault.parameter.as_deref() != Some(name));
        self.words(name, most);
    }

    /// Records a fault of a parameter, such as two that exclude each other.
    pub fn fault(&mut self, name: &str, code: &str, detail: impl Into<String>) {
        self.faults.push(Fault::of(name, code, detail));
    }

    fn text(&mut self, name: &'static str) -> Option<String> {
        self.known.push(name);
        self.sent.remove(name).filter(|text| !text.trim().is_empty())
    }

    fn finish(mut self) -> Vec<Fault> {
        let unknown: Vec<String> = std::mem::take(&mut self.sent).into_keys().collect();
        for name in unknown {
            if !self.known.contains(&name.as_str()) {
                let detail = self.nearest(&name).map_or_else(
                    || "is not a parameter of this operation".to_owned(),
                    |near| format!("is not a parameter of this operation; did you mean {near}?"),
                );
                self.faults.push(Fault::of(shown(&name), "unknown_parameter", detail));
            }
        }
        self.faults
    }

    fn is_too_long(&self, name: &str) -> bool {
        self.faults.iter().any(|fault| fault.code == "max_length" && fault.parameter.as_deref() == Some(name))
    }

    fn nearest(&self, name: &str) -> Option<&'static str> {
        let scored = self.known.iter().map(|known| (strsim::jaro_winkler(known, &name.to_ascii_lowercase()), *known));
        scored.filter(|(score, _)| *score > 0.8).max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, known)| known)
    }
}

fn shown(name: &str) -> String {
    name.chars().take(60).collect()
}

/// Percent-decodes strictly: whole escapes, UTF-8, no control characters.
pub(super) fn decode(text: &str) -> Option<String> {
    let spaced: Cow<'_, str> = if text.contains('+') { text.replace('+', " ").into() } else { text.into() };
    let mut bytes = Vec::with_capacity(spaced.len());
    let mut rest = spaced.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok().filter(|text| !text.chars().any(char::is_control))
}
