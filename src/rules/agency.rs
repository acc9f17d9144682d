//! Whether a name that stands in a credit without a phrase before it is an agency's, as far as words can tell.

/// Words without which an agency's name is seldom seen.
const AGENCIES: &[&str] = &[
    "aap",
    "afp",
    "agence",
    "agencia",
    "agency",
    "agentur",
    "ansa",
    "ap",
    "associated",
    "bloomberg",
    "cna",
    "dpa",
    "efe",
    "interfax",
    "ips",
    "kyodo",
    "media",
    "news",
    "newspapers",
    "newswire",
    "pa",
    "press",
    "presse",
    "pti",
    "reuters",
    "service",
    "syndicate",
    "tass",
    "upi",
    "wire",
    "wires",
    "xinhua",
    "yonhap",
];
/// Words that say what somebody does.
const POSTS: &[&str] = &[
    "chief",
    "columnist",
    "contributor",
    "correspondent",
    "editor",
    "journalist",
    "photographer",
    "reporter",
    "writer",
];

fn has_word(text: &str, words: &[&str]) -> bool {
    let mut own = text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
    own.any(|word| words.contains(&word.as_str()))
}

/// Whether the name can be told to be an agency's by itself. A name without a phrase before it is otherwise as likely
/// a person's.
pub fn is_agency(name: &str) -> bool {
    has_word(name, AGENCIES)
}

/// Whether the text, set off by a comma from a person's name, says more of that person: "North Asia correspondent",
/// "in Tokyo".
pub fn describes(text: &str) -> bool {
    text.starts_with("in ") || has_word(text, POSTS)
}
