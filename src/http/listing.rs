//! Parameters that many operations share: of pages, of lists by name, of lists by age, and which members to answer.

use utoipa::IntoParams;

use super::cursor::Paging;
use super::query::{FromParams, Params};

/// The most members that one request may choose.
const MOST_FIELDS: usize = 50;

/// Which page of a list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what Paging reads")]
pub struct PageParams {
    /// Items per page.
    #[param(required = false, example = 20, minimum = 1, maximum = 100, default = 20)]
    limit: Option<i64>,
    /// From `meta` of another page of this list.
    #[param(required = false, example = "AXsiayI6", min_length = 1, max_length = 2000)]
    cursor: Option<String>,
    /// Whether `meta.total` counts the whole list.
    #[param(required = false, example = false, default = false)]
    include_total: Option<bool>,
}

/// Words in a name, and the order of names.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what ByName reads")]
pub struct NameParams {
    /// Only those whose name contains these words, whatever their case.
    #[param(required = false, example = "mara", min_length = 1, max_length = 100)]
    q: Option<String>,
    /// `name`, or `-name` for the last one first.
    #[param(required = false, example = "name", default = "name", pattern = "^-?name$")]
    sort: Option<String>,
}

/// The order of time.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what Paging::by_age reads")]
pub struct AgeParams {
    /// `-created_at`, or `created_at` for the oldest first.
    #[param(required = false, example = "-created_at", default = "-created_at", pattern = "^-?created_at$")]
    sort: Option<String>,
}

/// Which members the answer has.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what Only reads")]
pub struct FieldsParams {
    /// Only these members, of a list those of each item: comma-separated, nested ones with a dot. The others are absent,
    /// required or not.
    #[param(required = false, example = "id,slug", min_length = 1, max_length = 1000)]
    fields: Option<String>,
}

impl Paging {
    /// Takes what [`PageParams`] and the `sort` of [`NameParams`] say.
    pub fn by_name(params: &mut Params) -> Self {
        let falling = params.choice("sort", &[("name", false), ("-name", true)]).unwrap_or(false);
        Self { falling, ..Self::from_params(params) }
    }

    /// Takes what [`PageParams`] and [`AgeParams`] say.
    pub fn by_age(params: &mut Params) -> Self {
        let falling = params.choice("sort", &[("-created_at", true), ("created_at", false)]).unwrap_or(true);
        Self { falling, ..Self::from_params(params) }
    }
}

/// The members that are asked for, of an operation that has no other parameter.
#[derive(Debug)]
pub struct Only {
    /// Dotted paths; all members without.
    pub fields: Option<Vec<String>>,
}

impl FromParams for Only {
    fn from_params(params: &mut Params) -> Self {
        Self { fields: params.list("fields", MOST_FIELDS) }
    }
}

/// A list by name, and the members that are asked for.
#[derive(Debug)]
pub struct ByName {
    /// Words in the name.
    pub words: Option<String>,
    /// Which page.
    pub paging: Paging,
    /// Dotted paths; all members without.
    pub fields: Option<Vec<String>>,
}

impl FromParams for ByName {
    fn from_params(params: &mut Params) -> Self {
        Self {
            words: params.words("q", 100),
            paging: Paging::by_name(params),
            fields: Only::from_params(params).fields,
        }
    }
}

/// A list by age without other filters, and the members that are asked for.
#[derive(Debug)]
pub struct ByAge {
    /// Which page.
    pub paging: Paging,
    /// Dotted paths; all members without.
    pub fields: Option<Vec<String>>,
}

impl FromParams for ByAge {
    fn from_params(params: &mut Params) -> Self {
        Self { paging: Paging::by_age(params), fields: Only::from_params(params).fields }
    }
}
