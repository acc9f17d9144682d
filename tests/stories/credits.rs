//! Credit lines as text and as data.

use dateline::rules::article::{BylineRole, SourceCredit, SourceRole};
use dateline::rules::credit::{Credit, LONGEST, Person, is_unmistakable, parse, print};
use dateline::rules::name;
use proptest::prelude::*;

fn people(line: &str) -> Vec<(String, BylineRole)> {
    parse(line).expect("a credit").people.into_iter().map(|person| (person.name, person.role)).collect()
}

fn sources(line: &str) -> Vec<(String, SourceRole)> {
    parse(line).expect("a credit").sources.into_iter().map(|source| (source.name, source.role)).collect()
}

fn named(names: &[(&str, BylineRole)]) -> Vec<(String, BylineRole)> {
    names.iter().map(|(name, role)| ((*name).to_owned(), *role)).collect()
}

#[test]
fn a_wire_with_additional_editing_is_a_source_and_a_person() {
    let line = "Example Wire with additional editing by Sean O’Mara";
    assert_eq!(sources(line), [("Example Wire".to_owned(), SourceRole::Wire)]);
    assert_eq!(people(line), named(&[("Sean O’Mara", BylineRole::AdditionalEditing)]));
    assert_eq!(print(&parse(line).expect("a credit")), line);
}

#[test]
fn people_are_told_apart_with_their_parts() {
    use BylineRole::{AdditionalReporting, Author, Editing, Photo, Reporting, Translation, Writing};
    for (line, wanted) in [
        (
            "Reporting by A Ba and C Da; editing by E Fa",
            named(&[("A Ba", Reporting), ("C Da", Reporting), ("E Fa", Editing)]),
        ),
        (
            "Reporting by A Ba, C Da, and E Fa, editing by G Ha.",
            named(&[("A Ba", Reporting), ("C Da", Reporting), ("E Fa", Reporting), ("G Ha", Editing)]),
        ),
        ("By A Ba in Tokyo and C Da in Seoul", named(&[("A Ba", Author), ("C Da", Author)])),
        ("BY A BA", named(&[("A BA", Author)])),
        ("Written by A Ba and edited badly", named(&[("A Ba", Writing), ("edited badly", Writing)])),
        ("Translated by A Ba and photos by C Da", named(&[("A Ba", Translation), ("C Da", Photo)])),
        ("By Sammy Davis, Jr. & A Ba", named(&[("Sammy Davis, Jr.", Author), ("A Ba", Author)])),
        ("By A Ba, with additional reporting by C Da", named(&[("A Ba", Author), ("C Da", AdditionalReporting)])),
        ("By Anderson Andrews", named(&[("Anderson Andrews", Author)])),
    ] {
        assert_eq!(people(line), wanted, "{line}");
    }
}

#[test]
fn sources_are_told_apart() {
    for (line, wanted) in [
        ("AP, Reuters", vec![("AP", SourceRole::Wire), ("Reuters", SourceRole::Wire)]),
        ("AP/Reuters; editing by A Ba", vec![("AP", SourceRole::Wire), ("Reuters", SourceRole::Wire)]),
        ("Marks and Sons", vec![("Marks and Sons", SourceRole::Wire)]),
        (
            "In partnership with The Example; file photo: Agency",
            vec![("The Example", SourceRole::Partner), ("Agency", SourceRole::FilePhoto)],
        ),
    ] {
        assert_eq!(
            sources(line),
            wanted.into_iter().map(|(name, role)| (name.to_owned(), role)).collect::<Vec<_>>(),
            "{line}"
        );
    }
}

#[test]
fn nothing_is_no_credit() {
    for line in ["", " ", ".", ";", "by ", "Editing by ,", &"a".repeat(301), &"a".repeat(250)] {
        assert_eq!(parse(line), None, "{line:?}");
    }
}

#[test]
fn a_long_line_is_read_and_one_with_more_names_than_an_article_has_is_not() {
    let many = |count: usize| (0..count).map(|n| format!("Ana Reyes Number{n}")).collect::<Vec<_>>().join(", ");
    let line = format!("Reporting by {}", many(50));
    assert!(line.len() > 900 && line.len() < LONGEST, "{}", line.len());
    assert_eq!(people(&line).len(), 50);
    assert_eq!(parse(&format!("Reporting by {}", many(51))), None);
    assert_eq!(sources(&many(20)).len(), 20);
    assert_eq!(parse(&many(21)), None);
}

#[test]
fn both_apostrophes_are_one_name() {
    assert_eq!(name::key("Sean O'Mara"), name::key(" sean  O’MARA "));
    assert_eq!(name::key("Ｓean O‘Mara"), "sean o'mara");
    assert_ne!(name::key("Sean Omara"), name::key("Sean O'Mara"));
}

#[test]
fn what_can_only_be_a_credit_is_one() {
    for line in [
        "Example Wire with additional editing by Sean O’Mara",
        "Reporting by Anna Schmidt and Bo Li; editing by C. van der Berg",
        "Reporting by Anna Schmidt in Tokyo; Editing by Bo Li.",
        "By Anna Schmidt",
        "By Anna Schmidt and Bo Li",
        "By Anna Schmidt, Bo Li and Ludwig van Beethoven",
        "Additional reporting by Ahmed al-Rashid",
        "Editing by Łukasz Żak",
        "Translated by 山田 太郎",
        "AFP, with additional reporting by María de la Cruz",
        "Photos by Robert O'Neil",
        "Agence de Presse; written by Anna Schmidt",
    ] {
        assert!(is_unmistakable(line), "{line}");
    }
}

#[test]
fn sentences_are_no_credits() {
    for line in [
        "By the end of the day the two sides had agreed.",
        "By the end of the day",
        "By Monday Night the bridge was open",
        "By Monday",
        "By New Year’s Eve",
        "By Tuesday, Anna Schmidt had left",
        "By Anna Schmidt’s account nothing happened.",
        "By Anna Schmidt.",
        "By contrast, Canada exports more.",
        "By 2030, Japan wants a tenth of it.",
        "By law, Tokyo must answer.",
        "Written by Shakespeare, the play opened in London.",
        "Editing by hand is slow, said Anna Schmidt.",
        "Photo by photo, the exhibition tells a life.",
        "The magazine came with photos by Robert Capa",
        "Reporting by journalists was banned",
        "Reporting by Reuters showed otherwise.",
        "The film, with additional editing by Anna Schmidt, won.",
        "She answered with writing by Candlelight",
        "Was it translated by Anna Schmidt?",
        "Example Wire",
        "Translation by Anna Schmidt: a novel",
    ] {
        assert!(!is_unmistakable(line), "{line}");
    }
}

fn a_name() -> impl Strategy<Value = String> {
    "[A-Z][a-zé]{1,8}( (van|O’Mara|[A-Z][a-z-]{1,8}|[A-Z]\\. [A-Z][a-z]{2,5})){1,2}"
        .prop_filter("ends like a name", |name| {
            !name.ends_with('-') && !name.ends_with("van") && !name.starts_with("By ")
        })
}

fn a_credit() -> impl Strategy<Value = Credit> {
    let source = (a_name(), prop::sample::select(SourceRole::ALL)).prop_map(|(name, role)| SourceCredit { name, role });
    let person = (a_name(), prop::sample::select(BylineRole::ALL)).prop_map(|(name, role)| Person { name, role });
    (prop::collection::vec(source, 0..3), prop::collection::vec(person, 0..4)).prop_map(|(mut sources, mut people)| {
        // The line names them by role.
        sources.sort_by_key(|source| SourceRole::ALL.iter().position(|role| *role == source.role));
        people.sort_by_key(|person| BylineRole::ALL.iter().position(|role| *role == person.role));
        Credit { sources, people }
    })
}

proptest! {
    #![proptest_config(crate::stories::tried())]

    #[test]
    fn what_is_printed_reads_back(credit in a_credit()) {
        let line = print(&credit);
        if line.is_empty() || line.chars().count() > LONGEST {
            return Ok(());
        }
        prop_assert_eq!(parse(&line), Some(credit), "{}", line);
    }

    #[test]
    fn printing_what_was_read_is_stable(text in "([A-Z][a-z]{0,5}|by|with|and|editing by|additional reporting by|in|[,;./& ]|\\PC){0,14}") {
        if let Some(credit) = parse(&text) {
            let line = print(&credit);
            if let Some(again) = parse(&line) {
                prop_assert_eq!(print(&again), line);
            }
        }
        let _ = is_unmistakable(&text);
    }
}
