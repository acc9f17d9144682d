//! The published document.

use crate::support::in_package;

#[test]
fn the_checked_in_document_is_the_generated_one() {
    let generated = dateline::app::document().json().to_owned();
    let path = in_package("openapi/openapi.json");
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(&path, &generated).unwrap();
    }
    let checked_in = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(checked_in == generated, "openapi/openapi.json is old");
}
