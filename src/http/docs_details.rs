//! What is alike in all schemas and parameters of the published document and is therefore said once: bounds that follow
//! from a type, words and examples of path parameters, descriptions where readers look for them.

use serde_json::{Value, json};

use super::docs::set;
use crate::rules::reference;

/// Greatest whole number that every JSON reader keeps.
const GREATEST_NUMBER: i64 = 9_007_199_254_740_991;
const SOME_ID: &str = "0198c0de-7000-7000-8000-000000000001";

/// Completes every schema in `value`, however deep.
pub(super) fn complete_schemas(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if members.get("properties").is_some_and(Value::is_object) {
                for property in members.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten() {
                    lift_description(property.1);
                }
            }
            members.values_mut().for_each(complete_schemas);
        }
        Value::Array(items) => items.iter_mut().for_each(complete_schemas),
        _ => (),
    }
    say_it_grows(value);
    bound_number(value);
    bound_names(value);
    give_example(value);
}

/// Clients learn of every closed list of words that it may grow.
fn say_it_grows(schema: &mut Value) {
    let named = schema.get("enum").is_some();
    if let Some(Value::String(words)) = schema.get_mut("description").filter(|_| named) {
        words.push_str(" More may be added.");
    }
}

/// Completes the parameters in the path of an operation.
pub(super) fn complete_path_parameters(operation: &mut Value) {
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten().filter(|parameter| parameter["in"] == "path") {
        let (words, example) = match parameter.get("name").and_then(Value::as_str).unwrap_or_default() {
            "link_id" => ("Id of the link.", json!(SOME_ID)),
            "preview_id" => ("Id of the link to the draft.", json!(SOME_ID)),
            "number" => ("Number of the revision: the version that the article had.", json!(1)),
            "other" => ("Number of the revision to compare it with.", json!(2)),
            "slug" => ("Slug, present or former.", json!("north-asia")),
            _ => ("Its id.", json!(SOME_ID)),
        };
        if parameter.get("description").is_none() {
            set(parameter, "description", json!(words));
        }
        if parameter.get("example").is_none() {
            set(parameter, "example", example);
        }
        let Some(schema) = parameter.get_mut("schema") else { continue };
        let plain = ["format", "pattern", "maxLength"].iter().all(|word| schema.get(*word).is_none());
        if schema["type"] == "string" && plain {
            set(schema, "minLength", json!(1));
            set(schema, "maxLength", json!(reference::LONGEST));
            set(schema, "pattern", json!(reference::PATTERN));
        }
        if schema["type"] == "integer" {
            set(schema, "minimum", json!(1));
        }
        bound_number(schema);
    }
}

/// Swagger UI fills in the example of a parameter, and sends it; not so that of the schema. What may be left out is left
/// out until somebody writes it.
pub(super) fn offer_examples(parameters: &mut Value) {
    let each: Vec<&mut Value> = match parameters {
        Value::Object(named) => named.values_mut().collect(),
        Value::Array(list) => list.iter_mut().collect(),
        _ => return,
    };
    for parameter in each.into_iter().filter(|parameter| parameter["required"] != true) {
        let example = parameter.as_object_mut().and_then(|parameter| parameter.remove("example"));
        if let (Some(example), Some(schema)) = (example, parameter.get_mut("schema")) {
            set(schema, "examples", json!([example]));
        }
    }
}

/// The words about a member that may be null stand at the member, not in one of its forms.
fn lift_description(property: &mut Value) {
    let Some(forms) = property.get_mut("oneOf").and_then(Value::as_array_mut) else { return };
    let words = forms.iter_mut().find_map(|form| form.as_object_mut()?.remove("description"));
    if let Some(words) = words
        && property.get("description").is_none()
    {
        set(property, "description", words);
    }
}

/// A whole number goes as far as its type.
fn bound_number(schema: &mut Value) {
    if !is_of(schema, "integer") || schema.get("maximum").is_some() {
        return;
    }
    let greatest = if schema["format"] == "int32" { i64::from(i32::MAX) } else { GREATEST_NUMBER };
    set(schema, "maximum", json!(greatest));
}

/// Lists of plain strings are lists of ids, slugs or names.
fn bound_names(schema: &mut Value) {
    if !is_of(schema, "array") {
        return;
    }
    let Some(items) = schema.get_mut("items") else { return };
    let plain = ["maxLength", "enum", "format", "pattern"].iter().all(|word| items.get(*word).is_none());
    if is_of(items, "string") && plain {
        set(items, "minLength", json!(1));
        set(items, "maxLength", json!(reference::LONGEST));
    }
}

/// A closed list shows its first value.
fn give_example(schema: &mut Value) {
    let first = schema.get("enum").and_then(|values| values.get(0)).filter(|first| first.is_string()).cloned();
    if let Some(first) = first
        && schema.get("type").is_some()
        && schema.get("example").is_none()
    {
        set(schema, "example", first);
    }
}

fn is_of(schema: &Value, kind: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(one)) => one == kind,
        Some(Value::Array(several)) => several.iter().any(|one| one == kind),
        _ => false,
    }
}
