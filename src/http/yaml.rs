//! A JSON value as YAML: blocks and indents, with every text in double quotes as JSON writes it, which YAML reads alike.

use serde_json::Value;

/// Writes it down.
pub fn to_yaml(value: &Value) -> String {
    let mut out = String::new();
    write(value, 0, &mut out);
    out.trim_start().to_owned()
}

/// What stands behind a key or a dash: a scalar on the same line, or a block on the next ones.
fn write(value: &Value, depth: usize, out: &mut String) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (key, member) in members {
                start_line(depth, out);
                let plain = key.len() > 3 && key.bytes().all(|byte| byte.is_ascii_alphabetic());
                if plain && !["true", "false", "null"].contains(&key.as_str()) {
                    out.push_str(key);
                } else {
                    out.push_str(&Value::from(key.as_str()).to_string());
                }
                out.push(':');
                write(member, depth + 1, out);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                start_line(depth, out);
                out.push('-');
                write(item, depth + 1, out);
            }
        }
        scalar => {
            out.push(' ');
            out.push_str(&scalar.to_string());
        }
    }
    if depth == 0 {
        out.push('\n');
    }
}

fn start_line(depth: usize, out: &mut String) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}
