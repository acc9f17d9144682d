//! What the document says of a block.

use dateline::rules::body::Block;
use utoipa::PartialSchema;

/// A closed or silent schema makes generated clients drop or refuse the members of a type.
#[test]
fn a_block_is_one_open_object() {
    let schema = serde_json::to_value(Block::schema()).expect("JSON");
    assert_eq!(schema["type"], "object", "{schema:#}");
    let further = schema["additionalProperties"].as_object().expect("further members are described");
    assert_eq!(further.keys().collect::<Vec<_>>(), ["description"], "they may be anything: {schema:#}");
    for member in ["id", "type", "html", "content"] {
        assert!(schema["properties"][member].is_object(), "{schema:#}");
    }
    assert!(schema["properties"]["payload"].is_null(), "{schema:#}");
    assert_eq!(schema["required"], serde_json::json!(["id", "type"]), "{schema:#}");
}
