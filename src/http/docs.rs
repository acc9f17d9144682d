//! The published document: what the operations declare, and what holds for all of them, said once. Served as JSON and
//! YAML, explored in Swagger UI, with a page that explains every problem code.

use std::borrow::Cow;
use std::fmt::Write as _;

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
};
use actix_web::web::{Data, ServiceConfig, get, redirect, scope};
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use serde_json::{Value, json};
use utoipa_swagger_ui::Config;

use super::docs_answers::{Face, add_headers, require_what_is_always_there};
use super::docs_components as components;
use super::docs_details::{complete_path_parameters, complete_schemas, offer_examples};
use super::docs_examples::add_examples;
use super::docs_problems::{add_schemas, conflict_responses, conflict_status, response_name};
use super::docs_rights::say_what_it_takes;
use super::manners::is_preview;
use super::problem::Problem;
use super::yaml::to_yaml;
use crate::base::error::Code;
use crate::base::id::hex;
use crate::base::secret::sha256;

pub(super) const TOKEN_PATH: &str = "/v1/auth/token";
/// Where the document and its pages are; none of them is an operation.
pub(super) const PLACES: &[&str] =
    &["/", "/docs", "/docs/", "/docs/{file}", "/docs/problems", "/openapi.json", "/openapi.yaml"];
const KEPT_BRIEFLY: &str = "public, max-age=300";
/// Text in a query: no control character, and something else than blanks.
const TEXT: &str = "^[^\\x00-\\x1f\\x7f-\\x9f]*[^\\s\\x00-\\x1f\\x7f-\\x9f][^\\x00-\\x1f\\x7f-\\x9f]*$";
/// Swagger UI brings its own scripts and styles, and draws with inline styles and data: images.
const DOCS_POLICY: &str =
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

/// The finished document in both forms.
#[derive(Debug)]
pub struct Document {
    /// As a value.
    pub value: Value,
    /// Text, which all answers share: one is much, and many readers may be slow to take it.
    json: Bytes,
    yaml: Bytes,
    etag: String,
}

impl Document {
    /// Completes what was collected from the operations.
    pub fn of(collected: utoipa::openapi::OpenApi) -> Self {
        let mut collected = collected;
        let mut problem = Vec::new();
        <Problem as utoipa::ToSchema>::schemas(&mut problem);
        problem.push(("Problem".to_owned(), <Problem as utoipa::PartialSchema>::schema()));
        collected.components.get_or_insert_default().schemas.extend(problem);
        let mut value = serde_json::to_value(&collected).unwrap_or_default();
        complete(&mut value);
        let json = serde_json::to_string_pretty(&value).unwrap_or_default() + "\n";
        let yaml = to_yaml(&value);
        let etag = format!("\"{}\"", hex(&sha256(json.as_bytes())));
        Self { value, json: json.into(), yaml: yaml.into(), etag }
    }

    /// The document as it is checked in: pretty-printed JSON.
    pub fn json(&self) -> &str {
        std::str::from_utf8(&self.json).unwrap_or_default()
    }
}

/// Mounts the document, Swagger UI and the page of problems.
pub fn mount(config: &mut ServiceConfig) {
    config
        .route("/openapi.json", get().to(serve_json))
        .route("/openapi.yaml", get().to(serve_yaml))
        .route("/docs/problems", get().to(serve_problems))
        .service(redirect("/docs", "/docs/"))
        .service(redirect("/", "/docs/"))
        .service(
            scope("/docs")
                .wrap(actix_web::middleware::DefaultHeaders::new().add((CONTENT_SECURITY_POLICY, DOCS_POLICY)))
                .app_data(Data::new(
                    Config::new(["/openapi.json"])
                        .persist_authorization(true)
                        .display_request_duration(true)
                        .filter(true)
                        .doc_expansion("none"),
                ))
                .route("/{file:.*}", get().to(serve_file)),
        );
}

async fn serve_json(request: HttpRequest, document: Data<Document>) -> HttpResponse {
    serve(&request, &document.etag, "application/json", &document.json)
}

async fn serve_yaml(request: HttpRequest, document: Data<Document>) -> HttpResponse {
    let etag = format!("{}-yaml\"", document.etag.trim_end_matches('"'));
    serve(&request, &etag, "application/yaml", &document.yaml)
}

fn serve(request: &HttpRequest, etag: &str, kind: &str, text: &Bytes) -> HttpResponse {
    let known = request.headers().get(IF_NONE_MATCH).is_some_and(|sent| sent.as_bytes() == etag.as_bytes());
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((ETAG, etag)).insert_header((CACHE_CONTROL, KEPT_BRIEFLY));
    if known {
        return response.finish();
    }
    response.insert_header((CONTENT_TYPE, kind)).body(text.clone())
}

/// A file of Swagger UI. Those that are part of the program are sent from there.
async fn serve_file(request: HttpRequest, config: Data<Config<'static>>) -> HttpResponse {
    let file = utoipa_swagger_ui::serve(request.match_info().query("file"), config.into_inner());
    let Some(file) = file.ok().flatten() else { return HttpResponse::NotFound().finish() };
    let mut response = HttpResponse::Ok();
    if file.gzpipped {
        response.insert_header((CONTENT_ENCODING, "gzip"));
    }
    response.content_type(file.content_type).body(match file.bytes {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    })
}

async fn serve_problems() -> HttpResponse {
    let mut page =
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Problems</title><h1>Problems</h1>\n<dl>\n"
            .to_owned();
    for code in Code::ALL {
        let (name, status, title) = (code.as_str(), code.status(), code.title());
        let _ = writeln!(page, "<dt id=\"{name}\"><code>{name}</code> ({status})</dt><dd>{title}.</dd>");
    }
    page.push_str("</dl></html>\n");
    HttpResponse::Ok().insert_header((CACHE_CONTROL, KEPT_BRIEFLY)).content_type("text/html; charset=utf-8").body(page)
}

fn complete(document: &mut Value) {
    let about = "Delivery (`/v1/...`) is public and cacheable: everybody reads what is live now. The newsroom \
        (`/v1/newsroom/...`, `/v1/auth/...`) takes a bearer token: an access token from `POST /v1/auth/token`, or an \
        API token. Every failure is a problem document (RFC 9457) with a stable `code`. Enums and block types may \
        grow: treat values that you do not know as you would treat none. What an operation does not take is refused \
        and not ignored: a parameter, a member of a body, a body where none is read. A whole number may be written \
        in whatever way JSON has for it: `1.0` is `1`. A change that changes nothing is answered 200 with the version as \
        it was, and leaves no trace in history, audit log and stage. `X-Request-Id`, up to 128 of `A-Z a-z 0-9 - _ . : / + = @`, \
        names the request in the answer, in problems and in the log; of `traceparent` (W3C Trace Context) the log \
        takes the trace id. Who asks too often is answered 429: each token has its limit, which `RateLimit` tells, and \
        each address has one for what it asks without a token and is not in memory. What is no HTTP/1.1 at all, such as \
        a path with bytes outside of ASCII that are not percent-encoded, never becomes a request: it is answered 400, \
        and the connection ends. A request is looked at from the outside in, and all faults of the step that refuses it \
        are told at once: its parameters (400), whether its body is JSON (400), its conditions (428), then all that the \
        body means (422), what its values are in the way of (409), and the version that it was made from (412). Where \
        what a write names is removed at that very moment, it is answered 409 `in_use`, whatever else the operation \
        lists. A merge-patch may also be sent as `application/json`.";
    merge(
        document,
        "info",
        json!({
            "title": "Dateline",
            "version": env!("CARGO_PKG_VERSION"),
            "description": about,
            "contact": { "name": "The Dateline maintainers", "url": "https://dateline.example.org" },
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        }),
    );
    set(document, "servers", json!([{ "url": "/", "description": "This server" }]));
    let components = entry(document, "components");
    set(components, "securitySchemes", components::security_schemes());
    set(components, "responses", components::problem_responses());
    set(components, "headers", components::headers());
    set(components, "parameters", components::parameters());
    if let Some(parameters) = components.get_mut("parameters") {
        offer_examples(parameters);
    }
    let mut tags: Vec<String> = Vec::new();
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            let tag = operation.pointer("/tags/0").and_then(Value::as_str).unwrap_or_default().to_owned();
            if !tags.contains(&tag) {
                tags.push(tag);
            }
            complete_operation(path, method, operation);
            say_what_it_takes(path, method, operation);
            complete_path_parameters(operation);
            if let Some(parameters) = operation.get_mut("parameters") {
                offer_examples(parameters);
            }
        }
    }
    let conflicts = conflict_responses(document.get("paths"));
    if let Some(Value::Object(responses)) = document.pointer_mut("/components/responses") {
        responses.extend(conflicts);
    }
    require_what_is_always_there(document);
    if let Some(schemas) = document.pointer_mut("/components/schemas") {
        add_schemas(schemas);
        complete_schemas(schemas);
    }
    if let Some(problem) = document.pointer_mut("/components/schemas/Problem") {
        let words = "Further members by `code`; those of 409, 410, 412 and 451 have schemas of their own.";
        set(problem, "additionalProperties", json!({ "description": words }));
    }
    add_examples(document);
    tags.sort();
    let tags: Value = tags.iter().map(|tag| json!({ "name": tag, "description": tag_words(tag) })).collect();
    set(document, "tags", tags);
}

fn tag_words(tag: &str) -> String {
    match tag.split_once(": ") {
        Some(("Newsroom", noun)) => format!("What the newsroom does with {noun}."),
        Some(("Delivery", noun)) => format!("What the public reads of {noun}."),
        _ if tag == "Auth" => "Signing in and out, and who one is.".to_owned(),
        _ => "Whether the server lives and may be sent requests.".to_owned(),
    }
}

fn complete_operation(path: &str, method: &str, operation: &mut Value) {
    let newsroom = path.starts_with("/v1/newsroom") || (path.starts_with("/v1/auth/") && path != TOKEN_PATH);
    let changes = method != "get";
    set(operation, "security", if newsroom { json!([{ "password": [] }, { "bearer": [] }]) } else { json!([]) });
    let body = operation.pointer_mut("/requestBody/content/application~1json/schema");
    if let Some((schema, plain)) =
        body.and_then(|schema| schema.pointer("/oneOf/0").cloned().map(|plain| (schema, plain)))
    {
        // A body that may be absent is absent, never null.
        *schema = plain;
        set(entry(operation, "requestBody"), "required", json!(false));
    }
    if let Some(content) = operation.pointer_mut("/requestBody/content").filter(|_| method == "patch") {
        let body = content.get("application/json").cloned().unwrap_or_default();
        *content = json!({ "application/merge-patch+json": body });
    }
    let mut statuses = vec!["400", "404", "414", "415", "503"];
    if path.starts_with("/v1/") {
        statuses.push("429");
    }
    if newsroom {
        statuses.extend(["401", "403"]);
    }
    let mut added: Vec<&str> = Vec::new();
    if newsroom && changes {
        statuses.push("422");
        statuses.extend(conflict_status(path, method));
        if needs_condition(path, method) {
            added.push("IfMatch");
            statuses.extend(["412", "428"]);
        }
        if path.contains("/by-external-id/") {
            added.extend(["OptionalIfMatch", "IfNone"]);
            statuses.push("412");
        }
        if method == "post" {
            added.push("IdempotencyKey");
        }
    }
    if changes {
        statuses.extend(["408", "413"]);
        if path == TOKEN_PATH {
            statuses.push("401");
        }
    }
    if ["/v1/articles/", "/v1/pages/article/", "/v1/preview/", "/v1/resolve"]
        .iter()
        .any(|place| path.starts_with(place))
    {
        statuses.extend(["410", "451"]);
    }
    let preview = is_preview(path);
    let delivered = !newsroom && !preview && method == "get" && path.starts_with("/v1/");
    if delivered {
        added.extend(["IfNoneMatch", "IfModifiedSince"]);
    }
    let parameters = entry_or(operation, "parameters", json!([]));
    parameters.as_array_mut().into_iter().flatten().for_each(bound_text);
    for name in added {
        if let Some(list) = parameters.as_array_mut() {
            list.push(json!({ "$ref": format!("#/components/parameters/{name}") }));
        }
    }
    if parameters.as_array().is_some_and(Vec::is_empty)
        && let Some(operation) = operation.as_object_mut()
    {
        operation.remove("parameters");
    }
    let is_cursor = |parameter: &Value| parameter.get("name").is_some_and(|name| name == "cursor");
    let listed = operation.get("parameters").and_then(Value::as_array);
    let paged = listed.is_some_and(|parameters| parameters.iter().any(is_cursor));
    let face = if newsroom {
        Face::Newsroom
    } else if delivered {
        Face::Delivery
    } else {
        Face::Other
    };
    let responses = entry(operation, "responses");
    for (status, response) in responses.as_object_mut().into_iter().flatten() {
        if status.starts_with('2') {
            add_headers(response, face, path, status, paged);
            if preview {
                set(entry(response, "headers"), "X-Robots-Tag", json!({ "$ref": "#/components/headers/X-Robots-Tag" }));
            }
        }
    }
    if delivered {
        set(responses, "304", json!({ "$ref": "#/components/responses/NotModified" }));
        if path.contains("{id_or_slug}") || path.contains("{slug}") {
            set(responses, "301", json!({ "$ref": "#/components/responses/Moved" }));
        }
    }
    for status in statuses {
        let name = response_name(status, path, method);
        set(responses, status, json!({ "$ref": format!("#/components/responses/{name}") }));
    }
}

/// No text in a query has control characters, nor is it nothing but blanks.
fn bound_text(parameter: &mut Value) {
    let in_query = parameter.get("in").is_some_and(|place| place == "query");
    let Some(schema) = parameter.get_mut("schema").filter(|_| in_query) else { return };
    let plain = schema.get("type").is_some_and(|kind| kind == "string");
    if plain && ["format", "pattern", "enum"].iter().all(|key| schema.get(key).is_none()) {
        set(schema, "pattern", json!(TEXT));
    }
}

/// Whether the operation changes an object that a reader may have in hand.
fn needs_condition(path: &str, method: &str) -> bool {
    let newsroom = path.starts_with("/v1/newsroom");
    // Of these, nothing is changed by two at once.
    let by_name = ["/by-external-id/", "/previews", "/legal-hold"].iter().any(|part| path.contains(part));
    if path.starts_with("/v1/auth/") {
        return method == "patch";
    }
    let has_versions = !path.ends_with("/presence");
    newsroom && has_versions && !by_name && (["patch", "put", "delete"].contains(&method) || path.contains("}/"))
}

pub(super) fn set(object: &mut Value, key: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(key.to_owned(), value);
    }
}

fn merge(object: &mut Value, key: &str, members: Value) {
    let inner = entry(object, key);
    if let Value::Object(members) = members {
        for (name, value) in members {
            set(inner, &name, value);
        }
    }
}

pub(super) fn entry<'a>(object: &'a mut Value, key: &str) -> &'a mut Value {
    entry_or(object, key, json!({}))
}

pub(super) fn entry_or<'a>(object: &'a mut Value, key: &str, or: Value) -> &'a mut Value {
    if !object.is_object() {
        *object = json!({});
    }
    match object {
        Value::Object(map) => map.entry(key.to_owned()).or_insert(or),
        other => other,
    }
}
