//! Statements that PostgreSQL reads and plans once in a connection's life. The library would have every `UPDATE`, every
//! `INSERT` of several rows and every statement in plain SQL read anew each time, since it cannot know how many different
//! ones there will be. Of those that are marked here there are few: their text depends on a number of rows at most.

use diesel::QueryResult;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};

/// A statement that is kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prepared<Q>(Q);

pub(super) trait Prepare: Sized {
    /// The same statement, read and planned once.
    fn prepared(self) -> Prepared<Self> {
        Prepared(self)
    }
}

impl<Q: QueryFragment<Pg>> Prepare for Q {}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Prepared<Q> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _: &Pg) -> QueryResult<bool> {
        Ok(true)
    }
}

/// Found again by its text.
impl<Q> QueryId for Prepared<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for Prepared<Q> {
    type SqlType = Q::SqlType;
}
