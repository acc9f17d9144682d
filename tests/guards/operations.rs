//! The operations of the published document, each with the body that its schema asks for.

use std::sync::LazyLock;

use reqwest::Method;
use serde_json::{Map, Value, json};

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| dateline::app::document().value);

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// One operation.
#[derive(Debug)]
pub struct Operation {
    /// Its operationId.
    pub id: String,
    /// Its method.
    pub method: Method,
    /// Its path, with parameters in braces.
    pub path: String,
    declared: Value,
}

/// Every operation of the document, in its order.
pub fn operations() -> Vec<Operation> {
    let paths = DOCUMENT.get("paths").and_then(Value::as_object).expect("paths");
    let of_path = |(path, item): (&String, &Value)| {
        let item = item.as_object().expect("a path item").clone();
        let path = path.clone();
        item.into_iter().filter(|(method, _)| METHODS.contains(&method.as_str())).map(move |(method, declared)| {
            let id = declared.get("operationId").and_then(Value::as_str).expect("an operationId").to_owned();
            let method = method.to_ascii_uppercase().parse().expect("a method");
            Operation { id, method, path: path.clone(), declared }
        })
    };
    let all: Vec<Operation> = paths.iter().flat_map(of_path).collect();
    assert!(all.len() > 60, "the document has lost operations: {}", all.len());
    all
}

impl Operation {
    /// Whether it belongs to the face that is never cached.
    pub fn is_newsroom(&self) -> bool {
        self.path.starts_with("/v1/newsroom/") || self.path.starts_with("/v1/auth/")
    }

    /// Whether it is a public read.
    pub fn is_delivery(&self) -> bool {
        self.path.starts_with("/v1/") && !self.is_newsroom() && !self.is_preview()
    }

    /// Whether it shows a draft to whoever holds the link.
    pub fn is_preview(&self) -> bool {
        self.path.starts_with("/v1/preview/")
    }

    /// Whether it asks for a token.
    pub fn needs_token(&self) -> bool {
        self.declared.get("security").and_then(Value::as_array).is_some_and(|ways| !ways.is_empty())
    }

    /// Whether it is about one object that belongs to somebody.
    pub fn has_owner(&self) -> bool {
        ["articles/{", "articles/by-external-id/", "media/{", "tokens/{"]
            .iter()
            .any(|place| self.path.strip_prefix("/v1/newsroom/").is_some_and(|rest| rest.starts_with(place)))
    }

    /// The query that it cannot do without.
    pub fn query(&self) -> String {
        let parameters = self.declared.get("parameters").and_then(Value::as_array).into_iter().flatten();
        let required = parameters.filter(|one| {
            one.get("in").is_some_and(|place| place == "query") && one.get("required") == Some(&Value::Bool(true))
        });
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for one in required {
            let name = one.get("name").and_then(Value::as_str).expect("a name");
            query.append_pair(name, one.get("example").and_then(Value::as_str).expect("an example"));
        }
        query.finish()
    }

    /// The smallest body that its schema allows, if it takes JSON.
    pub fn body(&self) -> Option<Value> {
        let content = self.declared.pointer("/requestBody/content").and_then(Value::as_object);
        let json = content?.iter().find(|(media_type, _)| media_type.ends_with("json"))?.1;
        json.get("schema").map(smallest)
    }

    /// Whether its JSON may have this member.
    pub fn takes(&self, member: &str) -> bool {
        let reference = self.declared.pointer("/requestBody/content/application~1json/schema/$ref");
        let name = reference.and_then(Value::as_str).unwrap_or_default();
        let properties = DOCUMENT.pointer(name.trim_start_matches('#')).and_then(|schema| schema.get("properties"));
        properties.is_some_and(|properties| properties.get(member).is_some())
    }
}

/// The methods that the document has for a path.
pub fn methods_of(path: &str) -> Vec<String> {
    let item = DOCUMENT.get("paths").and_then(|paths| paths.get(path)).and_then(Value::as_object).expect("a path");
    let mut methods: Vec<String> =
        item.keys().filter(|method| METHODS.contains(&method.as_str())).map(|m| m.to_ascii_uppercase()).collect();
    if methods.iter().any(|method| method == "GET") {
        methods.push("HEAD".to_owned());
    }
    methods.push("OPTIONS".to_owned());
    methods.sort_unstable();
    methods
}

/// Every path of the document.
pub fn paths() -> Vec<String> {
    DOCUMENT.get("paths").and_then(Value::as_object).expect("paths").keys().cloned().collect()
}

/// A value of what a schema requires, from its examples.
fn smallest(schema: &Value) -> Value {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        return smallest(DOCUMENT.pointer(reference.trim_start_matches('#')).expect("a reference that leads"));
    }
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
        let member = |name: &Value| {
            let name = name.as_str().expect("a name").to_owned();
            let value = smallest(properties.get(&name).expect("a property"));
            (name, value)
        };
        return Value::Object(required.map(member).collect::<Map<_, _>>());
    }
    if let Some(example) = schema.get("example") {
        return example.clone();
    }
    if let Some(items) = schema.get("items") {
        return json!([smallest(items)]);
    }
    schema.pointer("/enum/0").or_else(|| schema.pointer("/oneOf/0/const")).cloned().unwrap_or(Value::Null)
}
