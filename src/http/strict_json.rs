//! JSON as it was sent or not at all: duplicate keys, NUL, whole numbers that would not be exact, and numbers too large
//! or too small to tell are refused. A fraction is the nearest double, as for everybody who reads JSON. So is what would
//! take many times its length in memory, such as a million empty arrays.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Whole numbers above this are not exact as floating point.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// What values take in memory, in units of the smallest: 32 bytes. An object begins with room for eleven members.
const MEMBER: usize = 3;
const OBJECT: usize = 20;
/// How many units any text may take, and how many bytes of text earn one more.
const UNITS: usize = 400_000;
const BYTES_A_UNIT: usize = 4;

/// Reads one JSON text.
///
/// # Errors
/// Says what is wrong and where, in line and column.
pub fn parse(text: &str) -> Result<Value, String> {
    if vanishes(text) {
        return Err("a number is too small to be kept; send it as a string".to_owned());
    }
    let left = Cell::new(UNITS + text.len() / BYTES_A_UNIT);
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Strict { left: &left }.deserialize(&mut reader).map_err(|error| error.to_string())?;
    reader.end().map_err(|error| error.to_string())?;
    Ok(value)
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

/// Whether a number that is not zero would be read as zero. Only one with a negative exponent of three digits can, or
/// one with more than 300 digits.
fn vanishes(text: &str) -> bool {
    let mut inside = false;
    let mut escaped = false;
    let outside = |c: char| {
        let quote = c == '"' && !escaped;
        escaped = inside && c == '\\' && !escaped;
        inside ^= quote;
        inside || !matches!(c, '0'..='9' | '.' | '-' | '+' | 'e' | 'E')
    };
    text.split(outside).any(|number| {
        let digits = number.split(['e', 'E']).next().unwrap_or_default();
        digits.contains(|c| matches!(c, '1'..='9')) && number.parse::<f64>().is_ok_and(|value| value == 0.0)
    })
}

fn without_nul<E: serde::de::Error>(text: &str) -> Result<&str, E> {
    if text.contains('\0') { Err(E::custom("a string contains U+0000, which cannot be stored")) } else { Ok(text) }
}
