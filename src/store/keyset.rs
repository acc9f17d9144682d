//! Pages of a list in the order of a column and then of the id, or of the id alone. Whatever the page, the database reads
//! only its rows.

/// Orders a query by `$column`, then by `$id`, one way or the other, and starts it behind the place of the cursor:
/// an optional pair of both.
macro_rules! in_order_of {
    ($query:expr, $column:expr, $id:expr, $rising:expr, $from:expr) => {{
        let query = match $from {
            None => $query,
            Some((key, id)) if $rising => $query.filter($column.gt(key.clone()).or($column.eq(key).and($id.gt(id)))),
            Some((key, id)) => $query.filter($column.lt(key.clone()).or($column.eq(key).and($id.lt(id)))),
        };
        if $rising { query.order(($column.asc(), $id.asc())) } else { query.order(($column.desc(), $id.desc())) }
    }};
}

/// The same by a text that the cursor holds as it is.
macro_rules! page_by_text {
    ($query:expr, $column:expr, $id:expr, $seek:expr) => {{
        let seek: &$crate::rules::page::Seek = $seek;
        let from = seek.from.as_ref().map(|from| (from.key.clone(), from.id));
        $crate::store::keyset::in_order_of!($query.limit(seek.fetch()), $column, $id, seek.rising(), from)
    }};
}

/// The same by age: ids are made in the order of time.
macro_rules! page_by_id {
    ($query:expr, $id:expr, $seek:expr) => {{
        let seek: &$crate::rules::page::Seek = $seek;
        let query = $query.limit(seek.fetch());
        let query = match &seek.from {
            None => query,
            Some(from) if seek.rising() => query.filter($id.gt(from.id)),
            Some(from) => query.filter($id.lt(from.id)),
        };
        if seek.rising() { query.order($id.asc()) } else { query.order($id.desc()) }
    }};
}

pub(super) use {in_order_of, page_by_id, page_by_text};
