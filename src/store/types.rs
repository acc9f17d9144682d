//! Column types that pass bytes through instead of parsing and printing them.

use std::io::Write as _;
use std::sync::Arc;

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{Json, Jsonb};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::base::error::{Error, Result};

/// A `json` column as its text: what was stored is what comes out, byte for byte.
#[derive(Clone, Debug, FromSqlRow, AsExpression)]
#[diesel(sql_type = Json)]
pub struct RawJson(pub Box<RawValue>);

impl RawJson {
    /// Writes the value as JSON text.
    pub fn of<T: Serialize>(value: &T) -> Result<Self> {
        serde_json::value::to_raw_value(value).map(Self).map_err(Error::internal)
    }

    /// Reads the text as a value.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_str(self.0.get()).map_err(Error::internal)
    }
}

impl FromSql<Json, Pg> for RawJson {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let text = std::str::from_utf8(value.as_bytes())?.to_owned();
        Ok(Self(RawValue::from_string(text)?))
    }
}

impl ToSql<Json, Pg> for RawJson {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(self.0.get().as_bytes())?;
        Ok(IsNull::No)
    }
}

/// A `json` column that holds a typed value, which is read once, with its row.
#[derive(Clone, Debug, FromSqlRow)]
pub struct Parsed<T: 'static>(pub Arc<T>);

impl<T: DeserializeOwned> FromSql<Json, Pg> for Parsed<T> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(Arc::new(serde_json::from_slice(value.as_bytes())?)))
    }
}

/// A `jsonb` column that holds a typed value.
#[derive(Clone, Debug, PartialEq, Eq, Default, FromSqlRow, AsExpression)]
#[diesel(sql_type = Jsonb)]
pub struct Stored<T: 'static>(pub T);

impl<T: DeserializeOwned> FromSql<Jsonb, Pg> for Stored<T> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let value = <serde_json::Value as FromSql<Jsonb, Pg>>::from_sql(value)?;
        Ok(Self(serde_json::from_value(value)?))
    }
}

impl<T: Serialize + std::fmt::Debug> ToSql<Jsonb, Pg> for Stored<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        // The first byte of the binary form is the version of the format.
        out.write_all(&[1])?;
        serde_json::to_writer(out, &self.0)?;
        Ok(IsNull::No)
    }
}
