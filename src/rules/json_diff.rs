//! What has to be done to one JSON document so that it becomes another one, as the operations of RFC 6902. Items of lists
//! are told apart by their `id`, so that a block that was put in before all others is one operation.

use json_patch::jsonptr::{PointerBuf, Token};
use json_patch::{AddOperation, Patch, PatchOperation, RemoveOperation, ReplaceOperation};
use serde_json::{Map, Value};
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// The operations that make `to` of `from`, to be applied in order.
pub fn between(from: &Value, to: &Value) -> Patch {
    let mut operations = Vec::new();
    compare(from, to, &mut PointerBuf::new(), &mut operations);
    Patch(operations)
}

fn compare(from: &Value, to: &Value, place: &mut PointerBuf, operations: &mut Vec<PatchOperation>) {
    match (from, to) {
        _ if from == to => {}
        (Value::Object(from), Value::Object(to)) => members(from, to, place, operations),
        (Value::Array(from), Value::Array(to)) => items(from, to, place, operations),
        _ => operations.push(replace(place, to)),
    }
}

fn members(
    from: &Map<String, Value>,
    to: &Map<String, Value>,
    place: &mut PointerBuf,
    operations: &mut Vec<PatchOperation>,
) {
    for name in from.keys().filter(|name| !to.contains_key(*name)) {
        operations.push(PatchOperation::Remove(RemoveOperation { path: below(place, name.as_str()) }));
    }
    for (name, value) in to {
        match from.get(name) {
            None => operations.push(add(below(place, name.as_str()), value)),
            Some(before) => {
                place.push_back(Token::new(name.as_str()));
                compare(before, value, place, operations);
                place.pop_back();
            }
        }
    }
}

/// Walks along the list as it is after the operations so far: `at` is the place there.
fn items(from: &[Value], to: &[Value], place: &mut PointerBuf, operations: &mut Vec<PatchOperation>) {
    let before: Vec<String> = from.iter().map(key).collect();
    let after: Vec<String> = to.iter().map(key).collect();
    let mut at = 0;
    for step in capture_diff_slices(Algorithm::Myers, &before, &after) {
        let (old, new) = (step.old_range(), step.new_range());
        let kept = if matches!(step, DiffOp::Equal { .. }) { old.len() } else { 0 };
        let replaced = if matches!(step, DiffOp::Replace { .. }) { old.len().min(new.len()) } else { 0 };
        let old = from.get(old).unwrap_or_default();
        let new = to.get(new).unwrap_or_default();
        for (old, new) in old.iter().zip(new).take(kept) {
            place.push_back(Token::from(at));
            compare(old, new, place, operations);
            place.pop_back();
            at += 1;
        }
        for value in new.iter().take(replaced) {
            operations.push(replace(&below(place, at), value));
            at += 1;
        }
        for _ in old.iter().skip(kept + replaced) {
            operations.push(PatchOperation::Remove(RemoveOperation { path: below(place, at) }));
        }
        for value in new.iter().skip(kept + replaced) {
            operations.push(add(below(place, at), value));
            at += 1;
        }
    }
}

/// What an item is known by: its id, or else all that it says.
fn key(item: &Value) -> String {
    item.get("id").and_then(Value::as_str).map_or_else(|| item.to_string(), str::to_owned)
}

fn below<'a>(place: &PointerBuf, token: impl Into<Token<'a>>) -> PointerBuf {
    let mut path = place.clone();
    path.push_back(token);
    path
}

fn add(path: PointerBuf, value: &Value) -> PatchOperation {
    PatchOperation::Add(AddOperation { path, value: value.clone() })
}

fn replace(place: &PointerBuf, value: &Value) -> PatchOperation {
    PatchOperation::Replace(ReplaceOperation { path: place.clone(), value: value.clone() })
}
