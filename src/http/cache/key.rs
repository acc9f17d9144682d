//! The one spelling of an address: parameters in order, the values of sets in order, what is the default anyway left out.

/// Parameters whose values are sets: their order and nothing else differs.
const SETS: &[&str] = &[
    "region",
    "region_all",
    "region_not",
    "author",
    "topic",
    "type",
    "language",
    "source",
    "kind",
    "body_format",
    "fields",
];
/// Parameters that take any text, so that addresses with them are without end.
const UNBOUNDED: &[&str] = &[
    "q",
    "cursor",
    "fields",
    "path",
    "source",
    "published_after",
    "published_before",
    "updated_after",
    "updated_before",
    "as_of",
];

/// The canonical address of a path and query, without the parameters that say what `defaults` of the path say anyway.
/// `None` where the query is not plain and is left to be refused.
pub fn canonical(path: &str, query: &str, defaults: &[(String, String)]) -> Option<String> {
    if query.is_empty() {
        return Some(path.to_owned());
    }
    let mut pairs: Vec<(String, String)> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=')?;
        let (name, mut value) = (decoded(name)?, decoded(value)?);
        if SETS.contains(&name.as_str()) && value.contains(',') {
            let mut parts: Vec<&str> = value.split(',').collect();
            parts.sort_unstable();
            value = parts.join(",");
        }
        pairs.push((name, value));
    }
    pairs.sort();
    if pairs.windows(2).any(|pair| matches!(pair, [(a, _), (b, _)] if a == b)) {
        return None;
    }
    pairs.retain(|pair| !defaults.contains(pair));
    let mut address = path.to_owned();
    let mut mark = '?';
    for (name, value) in &pairs {
        address.push(mark);
        mark = '&';
        address.extend(url::form_urlencoded::byte_serialize(name.as_bytes()));
        address.push('=');
        address.extend(url::form_urlencoded::byte_serialize(value.as_bytes()));
    }
    Some(address)
}

/// Whether there is no end of addresses like this one.
pub fn is_unbounded(address: &str) -> bool {
    let Some((_, query)) = address.split_once('?') else { return false };
    query.split('&').any(|pair| UNBOUNDED.contains(&pair.split('=').next().unwrap_or_default()))
}

fn decoded(text: &str) -> Option<String> {
    if !text.contains(['%', '+']) {
        return Some(text.to_owned());
    }
    crate::http::query::decode(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_canonical_address_is_its_own_canonical_address(
            pairs in prop::collection::vec(("region|topic|limit|q|cursor|x", "[a-z0-9,%+ &=é]{0,8}"), 0..5),
        ) {
            let query: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let defaults = [("limit".to_owned(), "20".to_owned())];
            if let Some(first) = canonical("/v1/articles", &query.join("&"), &defaults) {
                let again = first.split_once('?').map_or("", |(_, query)| query);
                prop_assert_eq!(canonical("/v1/articles", again, &defaults), Some(first));
            }
        }
    }
}
