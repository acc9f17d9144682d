//! What no operation takes: 405 with `Allow`, OPTIONS, CORS preflights, the clean path for a trailing slash, and 404.

use std::collections::BTreeSet;

use actix_web::http::Method;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD,
    ALLOW, LOCATION,
};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use serde_json::Value;

use super::docs;
use super::entrance::Takes;
use crate::base::error::{Code, Error};

const REQUEST_HEADERS: &str = "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, If-Modified-Since, X-Request-Id, traceparent";

/// The paths of the document, and those at which it is shown.
#[derive(Clone, Debug)]
pub struct Routes(Vec<Route>);

/// A path with its methods, and what the parameters of its GET are when they are not given, and their greatest lengths.
#[derive(Clone, Debug)]
struct Route {
    segments: Vec<String>,
    methods: BTreeSet<String>,
    operations: Vec<(String, Takes)>,
    defaults: Vec<(String, String)>,
    longest: Vec<(String, usize)>,
}

impl Routes {
    /// From an OpenAPI document.
    pub fn of(document: &Value) -> Self {
        let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
        let documented = paths.map(|(path, item)| Route::of(path, item));
        Self(documented.chain(docs::PLACES.iter().map(|path| Route::to_read(path))).collect())
    }

    /// What the operation takes that the document has for this method and path.
    pub(super) fn takes(&self, path: &str, method: &str) -> Option<Takes> {
        self.find(path).flat_map(|route| &route.operations).find(|(name, _)| name == method).map(|(_, takes)| *takes)
    }

    /// The methods that some operation has on this path; empty when there is none.
    fn allowed(&self, path: &str) -> BTreeSet<String> {
        self.find(path).flat_map(|route| route.methods.iter().cloned()).collect()
    }

    /// The answer to a request whose path has operations, but none with its method: which ones it has.
    pub(super) fn refusal(&self, request: &HttpRequest) -> Option<HttpResponse> {
        let allowed = self.allowed(request.path());
        let asks = request.method() == Method::OPTIONS || !allowed.contains(request.method().as_str());
        (asks && !allowed.is_empty()).then(|| refused_method(request, &allowed))
    }

    /// What the parameters of a GET of this path are when they are not given.
    pub fn defaults(&self, path: &str) -> &[(String, String)] {
        self.find(path).map(|route| route.defaults.as_slice()).find(|defaults| !defaults.is_empty()).unwrap_or_default()
    }

    /// How many characters each parameter of a GET of this path has at most.
    pub fn longest(&self, path: &str) -> &[(String, usize)] {
        self.find(path).map(|route| route.longest.as_slice()).find(|longest| !longest.is_empty()).unwrap_or_default()
    }

    /// The routes that the path fits best: a literal path wins over a pattern that it also fits, as it does in routing,
    /// and patterns that differ in the names of their parameters only are one.
    fn find(&self, path: &str) -> impl Iterator<Item = &Route> {
        let sent: Vec<&str> = path.split('/').collect();
        let fits = |route: &Route| {
            route.segments.len() == sent.len()
                && route.segments.iter().zip(&sent).all(|(p, s)| p == s || (p.starts_with('{') && !s.is_empty()))
        };
        let exact = |route: &Route| route.segments.iter().zip(&sent).filter(|(p, s)| p == *s).count();
        let fitting: Vec<(usize, &Route)> = self.0.iter().filter(|r| fits(r)).map(|r| (exact(r), r)).collect();
        let best = fitting.iter().map(|(literal, _)| *literal).max();
        fitting.into_iter().filter(move |(literal, _)| Some(*literal) == best).map(|(_, route)| route)
    }
}

impl Route {
    fn of(path: &str, item: &Value) -> Self {
        let operations: Vec<(String, Takes)> = item
            .as_object()
            .into_iter()
            .flatten()
            .map(|(method, operation)| (method.to_ascii_uppercase(), Takes::of(operation)))
            .filter(|(method, _)| ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method.as_str()))
            .collect();
        let mut methods: BTreeSet<String> = operations.iter().map(|(method, _)| method.clone()).collect();
        if methods.contains("GET") {
            methods.insert("HEAD".to_owned());
        }
        methods.insert("OPTIONS".to_owned());
        let segments = path.split('/').map(str::to_owned).collect();
        Self { segments, methods, operations, defaults: defaults(item), longest: longest(item) }
    }

    /// A page that is no operation.
    fn to_read(path: &str) -> Self {
        Self { operations: Vec::new(), ..Self::of(path, &serde_json::json!({ "get": {} })) }
    }
}

fn defaults(item: &Value) -> Vec<(String, String)> {
    let parameters = item.pointer("/get/parameters").and_then(Value::as_array).into_iter().flatten();
    parameters
        .filter_map(|parameter| {
            let name = parameter.get("name")?.as_str()?.to_owned();
            match parameter.pointer("/schema/default")? {
                Value::String(text) => Some((name, text.clone())),
                other => Some((name, other.to_string())),
            }
        })
        .collect()
}

fn longest(item: &Value) -> Vec<(String, usize)> {
    let parameters = item.pointer("/get/parameters").and_then(Value::as_array).into_iter().flatten();
    parameters
        .filter(|parameter| parameter.get("in").is_some_and(|place| place == "query"))
        .filter_map(|parameter| {
            let most = parameter.pointer("/schema/maxLength")?.as_u64()?;
            Some((parameter.get("name")?.as_str()?.to_owned(), usize::try_from(most).ok()?))
        })
        .collect()
}

/// Answers every request that no operation took.
pub async fn fallback(request: HttpRequest, routes: Data<Routes>) -> HttpResponse {
    let path = request.path();
    let allowed = routes.allowed(path);
    if !allowed.is_empty() {
        return refused_method(&request, &allowed);
    }
    let clean = path.trim_end_matches('/');
    let tidy = !clean.is_empty() && clean != path && !clean.contains("//");
    if tidy && !routes.allowed(clean).is_empty() {
        let query = request.query_string();
        let target = if query.is_empty() { clean.to_owned() } else { format!("{clean}?{query}") };
        return HttpResponse::PermanentRedirect().insert_header((LOCATION, target)).finish();
    }
    Error::not_found().error_response()
}

fn refused_method(request: &HttpRequest, allowed: &BTreeSet<String>) -> HttpResponse {
    let list = allowed.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    if request.method() != Method::OPTIONS {
        let detail = format!("{} is not among {list}.", request.method());
        let mut response = Error::new(Code::MethodNotAllowed, detail).error_response();
        if let Ok(list) = list.parse() {
            response.headers_mut().insert(ALLOW, list);
        }
        return response;
    }
    let mut response = HttpResponse::NoContent();
    response.insert_header((ALLOW, list.as_str()));
    if request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD) {
        response
            .insert_header((ACCESS_CONTROL_ALLOW_METHODS, list.as_str()))
            .insert_header((ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS))
            .insert_header((ACCESS_CONTROL_MAX_AGE, "600"));
    }
    response.finish()
}
