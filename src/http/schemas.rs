//! Checks bodies against the published document itself, so that what it says of names, types and bounds is what holds.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::{Draft, ValidationError, Validator};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::base::clock::Timestamp;
use crate::base::error::Fault;
use crate::rules::slug;

const MOST_FAULTS: usize = 100;

/// The component schemas of the document; each is compiled when it is first needed.
pub struct Schemas {
    components: Value,
    compiled: RwLock<HashMap<String, Arc<Validator>>>,
}

impl Schemas {
    /// The schemas of an OpenAPI 3.1 document.
    pub fn of(document: &Value) -> Self {
        let components = document.get("components").cloned().unwrap_or_default();
        Self { components, compiled: RwLock::default() }
    }

    /// Holds a value against the schema of `T`. An array that is too long is that and nothing else: what lies in it is
    /// not looked at, since each of a million items could be wrong.
    ///
    /// # Errors
    /// All faults, at most 100.
    pub fn check<T: ToSchema>(&self, value: &Value) -> Result<(), Vec<Fault>> {
        if let Some(schema) = self.components.pointer(&format!("/schemas/{}", T::name()))
            && let Some(fault) = self.overlong(schema, value, "")
        {
            return Err(vec![fault]);
        }
        let Some(validator) = self.validator(&T::name()) else {
            return Err(vec![Fault::at("", "no_schema", format!("{} has no schema", T::name()))]);
        };
        let mut faults = Vec::new();
        for error in validator.iter_errors(value) {
            explain(&error, &mut faults);
            if faults.len() >= MOST_FAULTS {
                break;
            }
        }
        once(&mut faults);
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// What is left of an object without its members that have faults. In place of one that must be there stands the
    /// example of the document. `None` where a fault is that of the whole, or there is no example.
    pub fn rest<T: ToSchema>(&self, value: Value, faults: &[Fault]) -> Option<Value> {
        let schema = self.components.pointer(&format!("/schemas/{}", T::name()))?;
        let required = schema.get("required").and_then(Value::as_array);
        let Value::Object(mut members) = value else { return None };
        for fault in faults {
            let key = fault.pointer.as_deref()?.split('/').nth(1)?.replace("~1", "/").replace("~0", "~");
            members.remove(&key);
            if required.is_some_and(|required| required.iter().any(|one| *one == key)) {
                let example = self.example(schema.get("properties")?.get(&key)?)?.clone();
                members.insert(key, example);
            }
        }
        Some(Value::Object(members))
    }

    fn example<'a>(&'a self, schema: &'a Value) -> Option<&'a Value> {
        let referred = || self.components.pointer(schema.get("$ref")?.as_str()?.strip_prefix("#/components")?);
        schema.get("example").or_else(|| referred()?.get("example"))
    }

    /// The first array that is longer than its schema takes.
    fn overlong(&self, schema: &Value, value: &Value, at: &str) -> Option<Fault> {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            return self.overlong(self.components.pointer(reference.strip_prefix("#/components")?)?, value, at);
        }
        for word in ["oneOf", "anyOf", "allOf"] {
            let branches = schema.get(word).and_then(Value::as_array).into_iter().flatten();
            if let Some(fault) = branches.map(|branch| self.overlong(branch, value, at)).find(Option::is_some) {
                return fault;
            }
        }
        match value {
            Value::Array(items) => {
                let most = schema.get("maxItems").and_then(Value::as_u64);
                if let Some(most) = most.filter(|most| items.len() as u64 > *most) {
                    return Some(Fault::at(at, "max_items", format!("has more than {most} items")));
                }
                let inner = schema.get("items")?;
                items.iter().enumerate().find_map(|(index, item)| self.overlong(inner, item, &format!("{at}/{index}")))
            }
            Value::Object(members) => {
                let known = schema.get("properties")?.as_object()?;
                known.iter().find_map(|(key, inner)| self.overlong(inner, members.get(key)?, &format!("{at}/{key}")))
            }
            _ => None,
        }
    }

    /// Whether `path`, such as `hero.url`, leads to a member of the schema `name`, through arrays and references.
    pub fn has_member(&self, name: &str, path: &str) -> bool {
        let start = self.components.pointer(&format!("/schemas/{name}"));
        let found = start.and_then(|start| path.split('.').try_fold(start, |schema, key| self.member(schema, key)));
        found.is_some()
    }

    /// The top-level members of a schema, for suggestions.
    pub fn members(&self, name: &str) -> Vec<&str> {
        let properties = self.components.pointer(&format!("/schemas/{name}/properties"));
        properties.and_then(Value::as_object).into_iter().flatten().map(|(key, _)| key.as_str()).collect()
    }

    fn member<'a>(&'a self, schema: &'a Value, key: &str) -> Option<&'a Value> {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let name = reference.rsplit('/').next()?;
            return self.member(self.components.pointer(&format!("/schemas/{name}"))?, key);
        }
        if let Some(property) = schema.get("properties").and_then(|members| members.get(key)) {
            return Some(property);
        }
        if let Some(items) = schema.get("items") {
            return self.member(items, key);
        }
        ["oneOf", "anyOf", "allOf"]
            .iter()
            .filter_map(|word| schema.get(*word)?.as_array())
            .flatten()
            .find_map(|branch| self.member(branch, key))
    }

    fn validator(&self, name: &str) -> Option<Arc<Validator>> {
        if let Some(ready) = self.compiled.read().unwrap_or_else(PoisonError::into_inner).get(name) {
            return Some(Arc::clone(ready));
        }
        self.components.pointer(&format!("/schemas/{name}"))?;
        let schema = json!({ "$ref": format!("#/components/schemas/{name}"), "components": self.components });
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(true)
            .with_format("date-time", |text: &str| text.parse::<Timestamp>().is_ok())
            .build(&schema)
            .inspect_err(|error| tracing::error!(name, %error, "a published schema does not compile"))
            .ok()?;
        let validator = Arc::new(validator);
        let mut compiled = self.compiled.write().unwrap_or_else(PoisonError::into_inner);
        compiled.insert(name.to_owned(), Arc::clone(&validator));
        Some(validator)
    }
}

/// Of what is too short, nobody wants to hear as well that it does not look as it should.
fn once(faults: &mut Vec<Fault>) {
    let short: Vec<Option<String>> =
        faults.iter().filter(|fault| fault.code == "min_length").map(|fault| fault.pointer.clone()).collect();
    faults.retain(|fault| fault.code != "pattern" || !short.contains(&fault.pointer));
}

/// One validation error as faults in words. Alternatives (`oneOf` with null) are told by the branch that was meant.
fn explain(error: &ValidationError<'_>, faults: &mut Vec<Fault>) {
    let pointer = error.instance_path().to_string();
    match error.kind() {
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
            let same_place = |error: &ValidationError<'_>| {
                matches!(error.kind(), Kind::Type { .. }) && error.instance_path().to_string() == pointer
            };
            let mut meant = context.iter().filter(|branch| !branch.iter().any(same_place));
            match (meant.next(), meant.next()) {
                (Some(branch), None) => branch.iter().for_each(|error| explain(error, faults)),
                _ => faults.push(Fault::at(pointer, "type", "fits none of the forms that are taken here")),
            }
        }
        Kind::AdditionalProperties { unexpected } => faults.extend(
            unexpected
                .iter()
                .take(MOST_FAULTS)
                .map(|key| Fault::at(format!("{pointer}/{key}"), "unknown_key", "is not a known key")),
        ),
        Kind::Required { property } => {
            let key = property.as_str().unwrap_or_default();
            faults.push(Fault::at(format!("{pointer}/{key}"), "required", "is required"));
        }
        kind => faults.push(Fault::at(pointer, &snake(kind.keyword()), words(kind, error))),
    }
}

fn words(kind: &Kind, error: &ValidationError<'_>) -> String {
    match kind {
        Kind::MaxLength { limit } => format!("is longer than {limit} characters"),
        Kind::MinLength { limit: 1 } => "is empty".to_owned(),
        Kind::MinLength { limit } => format!("is shorter than {limit} characters"),
        Kind::MaxItems { limit } => format!("has more than {limit} items"),
        Kind::MinItems { limit } => format!("has fewer than {limit} items"),
        Kind::Maximum { limit } => format!("is greater than {limit}"),
        Kind::Minimum { limit } => format!("is less than {limit}"),
        Kind::UniqueItems => "has an item twice".to_owned(),
        Kind::Enum { options } => format!("is none of {options}"),
        Kind::Pattern { pattern } if pattern == slug::PATTERN => {
            "is not made of a-z, 0-9 and single hyphens".to_owned()
        }
        Kind::Pattern { pattern } if pattern == "\\S" => "is blank".to_owned(),
        Kind::Pattern { pattern } => format!("does not match {pattern}"),
        Kind::Format { format } if format == "date-time" => {
            let text = error.instance().as_str().unwrap_or_default();
            text.parse::<Timestamp>().err().unwrap_or("is not a time").to_owned()
        }
        Kind::Format { format } => format!("is not a valid {format}"),
        Kind::Type { kind } => match kind {
            jsonschema::error::TypeKind::Single(one) => format!("is not of type {one}"),
            jsonschema::error::TypeKind::Multiple(_) => "is of the wrong type".to_owned(),
        },
        _ => "is not valid".to_owned(),
    }
}

fn snake(keyword: &str) -> String {
    keyword.chars().fold(String::new(), |mut out, c| {
        if c.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
        out
    })
}
