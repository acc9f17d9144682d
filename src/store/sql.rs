//! SQL that is clumsy in the query builder, written by hand: its texts are literals of this program, everything else is
//! a bind, and the type allows nothing in between. It is prepared once per connection and text.

use std::marker::PhantomData;

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{Array, BigInt, Double, Json, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use super::RawJson;

/// A statement whose rows have the SQL type `Row`.
pub(super) struct Sql<'a, Row> {
    pieces: Vec<Piece<'a>>,
    row: PhantomData<fn() -> Row>,
}

enum Piece<'a> {
    Text(&'static str),
    Time(DateTime<Utc>),
    Id(Uuid),
    MaybeId(Option<Uuid>),
    Ids(&'a [Uuid]),
    Word(&'a str),
    Json(&'a RawJson),
    Words(&'a [String]),
    Number(i64),
    Real(f64),
}

impl<'a, Row> Sql<'a, Row> {
    /// A statement that begins so.
    pub(super) fn new(text: &'static str) -> Self {
        Self { pieces: vec![Piece::Text(text)], row: PhantomData }
    }

    pub(super) fn text(self, text: &'static str) -> Self {
        self.and(Piece::Text(text))
    }

    pub(super) fn time(self, at: impl Into<DateTime<Utc>>) -> Self {
        self.and(Piece::Time(at.into()))
    }

    pub(super) fn id(self, id: Uuid) -> Self {
        self.and(Piece::Id(id))
    }

    /// `NULL` where there is none.
    pub(super) fn maybe_id(self, id: Option<Uuid>) -> Self {
        self.and(Piece::MaybeId(id))
    }

    pub(super) fn ids(self, ids: &'a [Uuid]) -> Self {
        self.and(Piece::Ids(ids))
    }

    pub(super) fn word(self, word: &'a str) -> Self {
        self.and(Piece::Word(word))
    }

    pub(super) fn json(self, json: &'a RawJson) -> Self {
        self.and(Piece::Json(json))
    }

    pub(super) fn words(self, words: &'a [String]) -> Self {
        self.and(Piece::Words(words))
    }

    pub(super) fn number(self, number: i64) -> Self {
        self.and(Piece::Number(number))
    }

    pub(super) fn real(self, number: f64) -> Self {
        self.and(Piece::Real(number))
    }

    /// Hands the statement to `more`, which writes on.
    pub(super) fn then(self, more: impl FnOnce(Self) -> Self) -> Self {
        more(self)
    }

    fn and(mut self, piece: Piece<'a>) -> Self {
        self.pieces.push(piece);
        self
    }
}

impl<Row> QueryFragment<Pg> for Sql<'_, Row> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.push_sql(text),
                Piece::Time(at) => out.push_bind_param::<Timestamptz, _>(at)?,
                Piece::Id(id) => out.push_bind_param::<SqlUuid, _>(id)?,
                Piece::MaybeId(id) => out.push_bind_param::<Nullable<SqlUuid>, _>(id)?,
                Piece::Ids(ids) => out.push_bind_param::<Array<SqlUuid>, _>(ids)?,
                Piece::Word(word) => out.push_bind_param::<Text, _>(word)?,
                Piece::Json(json) => out.push_bind_param::<Json, _>(json)?,
                Piece::Words(words) => out.push_bind_param::<Array<Text>, _>(words)?,
                Piece::Number(number) => out.push_bind_param::<BigInt, _>(number)?,
                Piece::Real(number) => out.push_bind_param::<Double, _>(number)?,
            }
        }
        Ok(())
    }
}

/// Found again by its text, since one type stands for many texts.
impl<Row> QueryId for Sql<'_, Row> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Row> Query for Sql<'_, Row> {
    type SqlType = Row;
}
