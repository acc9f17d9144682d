//! JSON as it was sent or not at all: duplicate keys, NUL, numbers that would not be read back as they were written, and
//! numbers too large or too small to tell are refused. So is what
//! would take many times its length in memory, such as a million empty arrays.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::{Map, Number, Value};

/// Whole numbers above this are not exact as floating point.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// What values take in memory, in units of the smallest: 32 bytes. An object begins with room for eleven members.
const MEMBER: usize = 3;
const OBJECT: usize = 20;
/// How many units any text may take, and how many bytes of text earn one more.
const UNITS: usize = 400_000;
const BYTES_A_UNIT: usize = 4;

/// Why a text is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is no JSON: what is wrong and where.
    NoJson(String),
    /// It is JSON that would not be kept as it was sent: what of it, and where.
    Altered(String),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoJson(fault) => write!(f, "is not JSON: {fault}"),
            Self::Altered(fault) => write!(f, "would not be kept as it was sent: {fault}"),
        }
    }
}

/// Reads one JSON text.
///
/// # Errors
/// Says what is wrong and where, in line and column.
pub fn parse(text: &str) -> Result<Value, Refused> {
    let refused = |error: serde_json::Error| match error.classify() {
        Category::Data => Refused::Altered(error.to_string()),
        Category::Io | Category::Syntax | Category::Eof => Refused::NoJson(error.to_string()),
    };
    let mut reader = serde_json::Deserializer::from_str(text);
    let left = Cell::new(UNITS + text.len() / BYTES_A_UNIT);
    let value = Strict { left: &left }.deserialize(&mut reader).map_err(refused)?;
    reader.end().map_err(refused)?;
    match rounded(text) {
        Some(fault) => Err(Refused::Altered(fault)),
        None => Ok(value),
    }
}

#[derive(Clone, Copy)]
struct Strict<'a> {
    /// Units that may still be taken.
    left: &'a Cell<usize>,
}

impl Strict<'_> {
    fn take<E: serde::de::Error>(self, units: usize) -> Result<(), E> {
        let left = self.left.get().checked_sub(units);
        self.left.set(left.ok_or_else(|| E::custom("it holds too many values for its length"))?);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        if value.fract() == 0.0 && value.abs() >= EXACT {
            return Err(E::custom("a number is too large to be kept exactly; send it as a string"));
        }
        if value != 0.0 && !value.is_normal() {
            return Err(E::custom("a number is too small to be kept; send it as a string"));
        }
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number is out of range"))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Value, E> {
        without_nul(text).map(|text| Value::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            self.take(1)?;
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            without_nul::<A::Error>(&key)?;
            if object.contains_key(&key) {
                return Err(A::Error::custom(format_args!("the key {key:?} stands twice")));
            }
            self.take(1 + if object.is_empty() { OBJECT } else { MEMBER })?;
            let value = members.next_value_seed(self)?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

/// The first number of a JSON text that would be read back with other digits, and where it stands. Whole numbers in
/// digits alone are kept or refused as they are read.
fn rounded(text: &str) -> Option<String> {
    let (mut inside, mut escaped) = (false, false);
    let outside = |c: char| {
        let quote = c == '"' && !escaped;
        escaped = inside && c == '\\' && !escaped;
        inside ^= quote;
        inside || !matches!(c, '0'..='9' | '.' | '-' | '+' | 'e' | 'E')
    };
    let inexact = |number: &&str| {
        let read = number.parse::<f64>().ok().and_then(Number::from_f64);
        number.contains(['.', 'e', 'E']) && read.is_some_and(|read| digits(&read.to_string()) != digits(number))
    };
    let number = text.split(outside).find(inexact)?;
    let before = text.get(..number.as_ptr().addr() - text.as_ptr().addr()).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Some(format!("a number has more digits than are kept; send it as a string at line {line} column {column}"))
}

/// The digits of a number that are not zeros at an end of it, and the power of ten of the last one: alike for all
/// spellings of one number.
fn digits(number: &str) -> (String, i64) {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = mantissa.trim_start_matches('-').split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{}{fraction}", whole.trim_start_matches('-'));
    let shown = all.trim_end_matches('0');
    let power = exponent.parse::<i64>().unwrap_or(i64::MAX);
    let count = |digits: &str| i64::try_from(digits.len()).unwrap_or(i64::MAX);
    let last = power.saturating_add(count(&all) - count(shown)).saturating_sub(count(fraction));
    let shown = shown.trim_start_matches('0');
    if shown.is_empty() { (String::new(), 0) } else { (shown.to_owned(), last) }
}

fn without_nul<E: serde::de::Error>(text: &str) -> Result<&str, E> {
    if text.contains('\0') { Err(E::custom("a string contains U+0000, which cannot be stored")) } else { Ok(text) }
}
