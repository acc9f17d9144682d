//! Settings: what is refused, in which words, and what is taken.

use std::net::SocketAddr;

use dateline::base::config::{Config, EXAMPLE_SECRET, Faults, Network, Source, near_misses};

const STRONG: &str = "5wVzT0nXkq8sD2yLr1Jc7GhBf4MpE9aQ";
const DATABASE: &str = "postgres://dateline:hunter2@db.example.org/dateline";

fn faults(pairs: &[(&str, &str)]) -> Faults {
    match Config::read(&Source::from(pairs.iter().copied())) {
        Ok(config) => panic!("{pairs:?} was taken: {config:?}"),
        Err(faults) => faults,
    }
}

fn read(pairs: &[(&str, &str)]) -> Config {
    Config::read(&Source::from(pairs.iter().copied())).unwrap_or_else(|faults| panic!("{faults}"))
}

#[test]
fn a_wrong_setting_is_refused_with_its_name_the_fault_and_a_fix() {
    let table = [
        ("DATELINE_BIND", "localhost", "which is not an IP address with a port"),
        ("DATELINE_BIND", "127.0.0.1", "which is not an IP address with a port"),
        ("DATELINE_BIND", "127.0.0.1:70000", "which is not an IP address with a port"),
        ("DATELINE_BIND", "  ", "is empty"),
        ("DATELINE_PUBLIC_URL", "api.example.org", "which is not a URL"),
        ("DATELINE_PUBLIC_URL", "ftp://api.example.org", "not an http or https URL"),
        ("DATELINE_PUBLIC_URL", "https://api.example.org/v1", "only scheme, host and port"),
        ("DATELINE_PUBLIC_URL", "https://user:word@api.example.org", "holds a user name or a password"),
        ("DATELINE_SITE_URL", "https://example.org/?a=b", "only scheme, host and port"),
        ("DATELINE_CORS_ORIGINS", "*", "every website"),
        ("DATELINE_CORS_ORIGINS", "https://desk.example.org, null", "which is not a URL"),
        ("DATELINE_TRUSTED_PROXIES", "proxy.example.org", "which is not an IP address"),
        ("DATELINE_TRUSTED_PROXIES", "10.0.0.0/33", "whose prefix is not 1 to 32"),
        ("DATELINE_TRUSTED_PROXIES", "10.0.0.1/8", "the network is 10.0.0.0/8"),
        ("DATELINE_TRUSTED_PROXIES", "0.0.0.0/0", "which is everybody"),
        ("DATELINE_POOL_SIZE", "0", "is \"0\""),
        ("DATELINE_POOL_SIZE", "many", "is \"many\""),
        ("DATELINE_WORKERS", "-1", "is \"-1\""),
        ("DATELINE_WORKERS", "257", "is \"257\""),
        ("DATELINE_SHUTDOWN_SECONDS", "1.5", "is \"1.5\""),
        ("DATELINE_DRAIN_SECONDS", "601", "is \"601\""),
        ("DATELINE_SITE_NAME", "a\tb", "holds a control character"),
        ("DATELINE_SITE_NAVIGATION", "About", "which has no ="),
        ("DATELINE_SITE_NAVIGATION", "About=javascript:alert(1)", "neither a path nor an http or https URL"),
        ("DATELINE_SITE_NAVIGATION", "About=//elsewhere.example.org", "neither a path nor"),
        ("DATELINE_SITE_NAVIGATION", "=/about", "which has no label"),
        ("DATELINE_LOG", "a=b=c", "which is not a filter"),
        ("DATELINE_LOG", "bogus!!", "which is not a filter"),
        ("DATELINE_LOG", "inof", "which is not a filter"),
        ("DATELINE_LOG", "info,dateline!=debug", "which is not a filter"),
        ("DATELINE_LOG_FORMAT", "xml", "is \"xml\""),
        ("DATABASE_URL", "mysql://db.example.org/x", "does not start with postgres://"),
        ("DATABASE_URL", "postgres://db.example.org/x?colour=red", "the parameter \"colour\", which does not exist"),
        ("DATABASE_URL", "postgres://db.example.org/x?sslmode=require", "has no TLS"),
        ("DATABASE_URL", "postgres://db.example.org/x?sslmode=verify-full", "which is not disable or prefer"),
        ("DATABASE_URL", "postgres://db.example.org", "names no database"),
        ("DATABASE_URL", "postgres:///dateline", "names no host"),
        ("DATABASE_URL", "postgres://somebody:pass/word@db.example.org/x", "which must be written as %2F"),
    ];
    for (name, value, fault) in table {
        let found = faults(&[(name, value), ("DATELINE_JWT_SECRET", STRONG)]);
        let [one] = found.0.as_slice() else { panic!("{name}={value}: {found}") };
        assert_eq!(one.name, name);
        assert!(one.fault.contains(fault), "{name}={value}: {found}");
        assert!(!one.fix.is_empty(), "{name}={value}: {found}");
    }
}

#[test]
fn all_wrong_settings_are_told_at_once() {
    let found = faults(&[("DATELINE_BIND", "x"), ("DATELINE_POOL_SIZE", "x"), ("DATELINE_LOG_FORMAT", "x")]);
    let names: Vec<_> = found.0.iter().map(|fault| fault.name.as_str()).collect();
    assert_eq!(names, ["DATELINE_BIND", "DATELINE_POOL_SIZE", "DATELINE_LOG_FORMAT"]);
    let text = found.to_string();
    assert!(text.starts_with("3 settings are wrong."), "{text}");
    assert_eq!(text.matches("fix: ").count(), 3, "{text}");
}

#[test]
fn a_database_of_ones_own_needs_a_secret_of_ones_own() {
    let found = faults(&[("DATABASE_URL", DATABASE)]);
    assert!(found.to_string().contains("DATELINE_JWT_SECRET is not set"), "{found}");
    assert_eq!(read(&[]).jwt_secret, None, "the embedded database makes one");
}

#[test]
fn a_weak_secret_is_refused_and_never_repeated() {
    let table = [
        (EXAMPLE_SECRET, "from .env.example"),
        ("5wVzT0nXkq8sD2yLr1Jc7GhBf4MpE9a", "has 31 bytes"),
        ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "repeats"),
        ("5wVzT0nXkq8s5wVzT0nXkq8s5wVzT0nXkq8s5wVz", "repeats"),
        ("0101010101010101010101010101010101010101", "repeats"),
        ("my-Pass_Word-is-very-long-5wVzT0nXkq8sD2y", "well-known word \"password\""),
        ("please-change-me-5wVzT0nXkq8sD2yLr1Jc7Gh", "well-known word \"changeme\""),
        ("5wVzT0nXkq8sD2yLr1Jc7GhBf4 MpE9aQ", "a comma, a space"),
    ];
    for (secret, fault) in table {
        for name in ["DATELINE_JWT_SECRET", "DATELINE_JWT_PREVIOUS_SECRETS"] {
            let found = faults(&[(name, secret)]).to_string();
            assert!(found.contains(name) && found.contains(fault), "{name}={secret}: {found}");
            assert!(!found.contains(secret), "the message repeats the secret: {found}");
        }
    }
}

#[test]
fn lists_are_read_item_by_item() {
    let config = read(&[
        ("DATELINE_TRUSTED_PROXIES", "10.0.0.0/8, 192.0.2.7,2001:db8::/32"),
        ("DATELINE_CORS_ORIGINS", "https://desk.example.org, http://localhost:5173/"),
        ("DATELINE_SITE_NAVIGATION", "About=/about; Contact=https://example.org/contact?x=1"),
        ("DATELINE_SITE_NAME", " The Example Times "),
    ]);
    let settings = config.settings(DATABASE, STRONG, config.bind);
    let trusted = ["10.1.2.3", "::ffff:10.1.2.3", "192.0.2.7", "2001:db8:ffff::1"];
    let others = ["11.0.0.1", "192.0.2.8", "2001:db9::1", "::1"];
    for ip in trusted {
        assert!(settings.trusts_proxy(ip.parse().expect("an address")), "{ip}");
    }
    for ip in others {
        assert!(!settings.trusts_proxy(ip.parse().expect("an address")), "{ip}");
    }
    assert_eq!(settings.cors_origins, ["https://desk.example.org", "http://localhost:5173"]);
    let navigation: Vec<_> = settings.site_navigation.iter().map(|item| (&*item.label, &*item.target)).collect();
    assert_eq!(navigation, [("About", "/about"), ("Contact", "https://example.org/contact?x=1")]);
    assert_eq!(settings.site_name, "The Example Times");
    assert_eq!(settings.site_publisher, "The Example Times", "the site publishes itself unless told otherwise");
}

#[test]
fn one_address_is_a_network_of_its_own() {
    let one: Network = "2001:db8::7".parse().expect("a network");
    assert!(one.contains("2001:db8::7".parse().expect("an address")));
    assert!(!one.contains("2001:db8::8".parse().expect("an address")));
}

#[test]
fn links_lead_to_the_address_that_is_listened_on_unless_a_public_one_is_set() {
    let real: SocketAddr = "0.0.0.0:41234".parse().expect("an address");
    let settings = read(&[("DATELINE_BIND", "0.0.0.0:0")]).settings(DATABASE, STRONG, real);
    assert_eq!(settings.public_url.as_str(), "http://127.0.0.1:41234/");
    let named = read(&[("DATELINE_PUBLIC_URL", "https://api.example.org")]);
    assert_eq!(named.settings(DATABASE, STRONG, real).public_url.as_str(), "https://api.example.org/");
}

#[test]
fn nothing_that_is_printed_holds_a_secret() {
    let config = read(&[("DATABASE_URL", DATABASE), ("DATELINE_JWT_SECRET", STRONG)]);
    let settings = config.settings(DATABASE, STRONG, config.bind);
    let printed =
        format!("{config:?} {settings:?} {}", Config::database_place(&format!("{DATABASE}?password=hunter3")));
    for secret in ["hunter", STRONG] {
        assert!(!printed.contains(secret), "{printed}");
    }
    assert!(printed.contains("db.example.org/dateline"), "{printed}");
}

#[test]
fn a_misspelt_setting_is_pointed_out_and_a_foreign_one_let_be() {
    let source =
        Source::from([("DATELINE_BNID", "x"), ("DATELINE_SERVICE_HOST", "10.0.0.7"), ("DATELINE_PORT", "tcp://x")]);
    assert_eq!(near_misses(&source), [("DATELINE_BNID".to_owned(), "DATELINE_BIND".to_owned())]);
}
