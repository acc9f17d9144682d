//! E-mail addresses as names of accounts: one spelling each, so that two accounts never differ by case, by the form of
//! an accent or by the writing of a domain. Accents themselves count: `jose` and `josé` are two people.

use unicode_normalization::UnicodeNormalization;
use url::Host;

/// The longest address, in bytes.
pub const LONGEST: usize = 254;
const LONGEST_LOCAL: usize = 64;

/// The address in its one spelling: composed (NFC), lower case, the domain in ASCII.
///
/// # Errors
/// Says why the text is no address.
pub fn normal(text: &str) -> Result<String, &'static str> {
    let (local, domain) = text.rsplit_once('@').ok_or("has no @")?;
    let local: String = local.nfc().flat_map(char::to_lowercase).collect::<String>().nfc().collect();
    if local.is_empty() || local.len() > LONGEST_LOCAL {
        return Err("has no name of 1 to 64 bytes before the @");
    }
    if local.chars().any(is_refused) || local.starts_with('.') || local.ends_with('.') || local.contains("..") {
        return Err("has a character before the @ that may not stand there");
    }
    let plain = !domain.contains('%') && !domain.ends_with('.') && !domain.chars().any(is_refused);
    let domain = match Host::parse(domain) {
        Ok(Host::Domain(ascii)) if plain && !ascii.ends_with('.') => ascii,
        _ => return Err("has no domain name after the @"),
    };
    let address = format!("{local}@{domain}");
    if address.len() > LONGEST { Err("is longer than 254 bytes") } else { Ok(address) }
}

/// Spaces, controls, invisible and direction-changing characters, and the marks that need quoting.
fn is_refused(c: char) -> bool {
    let invisible = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{ffff}');
    invisible || c.is_control() || c.is_whitespace() || "()<>[]:;@\\,\"".contains(c)
}
