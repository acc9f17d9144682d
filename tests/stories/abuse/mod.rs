//! What is sent by those who want to break it, or who know no better: each class of it against everything that is there.

mod bodies;
mod broken;
mod drafts;
mod headers;
mod lengths;
mod parameters;
mod paths;
mod texts;
mod wire;

use serde_json::Value;

/// A path and method of the published document, with values in place of the path's parameters.
struct Operation {
    method: String,
    pattern: String,
    path: String,
    document: Value,
}

impl Operation {
    /// The names of its query parameters.
    fn parameters(&self) -> Vec<&str> {
        let all = self.document.get("parameters").and_then(Value::as_array).into_iter().flatten();
        let in_query = all.filter(|parameter| parameter.get("in").is_some_and(|place| place == "query"));
        in_query.filter_map(|parameter| parameter.get("name")?.as_str()).collect()
    }

    /// Whether it takes a body of JSON.
    fn takes_json(&self) -> bool {
        self.document.pointer("/requestBody/content/application~1json").is_some()
    }

    /// Whether a path fits the pattern.
    fn fits(&self, path: &str) -> bool {
        let (pattern, sent) = (self.pattern.split('/'), path.split('/'));
        pattern.clone().count() == sent.clone().count() && pattern.zip(sent).all(|(p, s)| p == s || p.starts_with('{'))
    }

    fn is_newsroom(&self) -> bool {
        self.pattern.starts_with("/v1/newsroom") || self.pattern.starts_with("/v1/auth/")
    }
}

/// Every operation of the document.
fn operations() -> Vec<Operation> {
    let document = dateline::app::document().value;
    let mut all = Vec::new();
    for (pattern, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let path = pattern
                .replace("{id}", "0198c0de-7000-7000-8000-00000000dead")
                .replace("{link_id}", "0198c0de-7000-7000-8000-00000000beef")
                .replace("{id_or_slug}", "0198c0de-7000-7000-8000-00000000dead")
                .replace("{slug}", "no-such")
                .replace("{scheme}", "wire")
                .replace("{value}", "no-such")
                .replace("{number}", "1")
                .replace("{other}", "1")
                .replace("{preview_id}", "0198c0de-7000-7000-8000-00000000beef")
                .replace("{token}", "no-such");
            assert!(!path.contains('{'), "no value for {path}");
            all.push(Operation {
                method: method.to_ascii_uppercase(),
                pattern: pattern.clone(),
                path,
                document: operation.clone(),
            });
        }
    }
    assert!(all.len() > 50, "the document is not read");
    all
}
