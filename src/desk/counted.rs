//! Numbers of places in words.

/// `1 place`, `2 places`.
pub fn places(count: i64) -> String {
    if count == 1 { "1 place".to_owned() } else { format!("{count} places") }
}
