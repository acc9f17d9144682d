//! Who wrote it: as data, as a printed line, and after two authors turned out to be one.

use crate::support::{Stage, json};

const ARTICLES: &str = "/v1/newsroom/articles";

#[actix_web::test]
async fn a_line_made_of_many_names_can_be_read_published_and_sent_back() {
    let stage = Stage::set().await;
    let mut bylines = Vec::new();
    for n in 0..11 {
        let author = stage.author(&format!("author-{n}"), &format!("{} Number{n}", "Ana ".repeat(40).trim())).await;
        bylines.push(json!({ "author": author, "role": "reporting" }));
    }
    let story = stage.draft("Long", json!({ "bylines": bylines.clone() })).await;
    let made = stage.editor.get(story.staff()).send().await.expect(200);
    let line = made.text_at("/credit_line").to_owned();
    assert!(line.chars().count() > 1_500, "{line}");
    let back = json!({ "credit_line": line });
    let same = stage.editor.patch(story.staff(), back.clone()).send().await.expect(200);
    assert_eq!(same.at("/bylines"), made.at("/bylines"), "the line is read as what it was printed from");
    stage.publish(&story, json!({})).await;
    assert_eq!(stage.read(&story.public()).await.text_at("/credit_line"), line);

    let wire = |n: usize| json!({ "name": format!("{} {n}", "Wire ".repeat(35).trim()), "role": "wire" });
    let sources: Vec<_> = (0..4).map(wire).collect();
    let both = json!({ "headline": "Too long", "bylines": bylines, "sources": sources });
    let refused = stage.editor.post(ARTICLES, both.clone()).send().await.expect(422);
    assert_eq!(refused.faults(), ["/bylines max_length"]);
    let with_line = crate::support::with(both, json!({ "credit_line": "By many" }));
    stage.editor.post(ARTICLES, with_line).send().await.expect(201);
}

#[actix_web::test]
async fn a_line_that_cannot_be_read_is_kept_and_warned_of() {
    let stage = Stage::set().await;
    let wire = json!([{ "name": "Example Wire", "role": "wire" }]);
    let story = stage.draft("Odd", json!({ "sources": wire })).await;
    let agencies = (0..21).map(|n| format!("Agency {n}")).collect::<Vec<_>>().join(", ");
    for line in ["Editing by ,", &agencies] {
        let odd = stage.editor.patch(story.staff(), json!({ "credit_line": line })).send().await.expect(200);
        assert_eq!(odd.texts_in("/warnings", "/code"), ["credit_unread"]);
        assert_eq!((odd.text_at("/credit_line"), odd.at("/sources")), (line, &wire));
    }
    let long = json!({ "credit_line": "x".repeat(2_001) });
    stage.editor.patch(story.staff(), long).send().await.expect(422);
}

#[actix_web::test]
async fn two_authors_that_were_merged_stand_once_in_each_role() {
    let stage = Stage::set().await;
    let (stays, ends) = (stage.author("sean-o-mara", "Sean O’Mara").await, stage.author("s-omara", "S. O'Mara").await);
    let bylines = json!([
        { "author": stays }, { "author": ends }, { "author": ends, "role": "photo" },
    ]);
    let story = stage.live("By one", json!({ "bylines": bylines })).await;
    let merge = format!("/v1/newsroom/authors/{stays}/merge");
    stage.editor.post(merge, json!({ "absorb": ends })).send().await.expect(200);
    for again in [false, true] {
        if again {
            stage.app.set_clock("2026-01-05T09:00:00Z");
            stage.editor.patch(story.staff(), json!({ "summary": "Anew" })).send().await.expect(200);
            stage.publish(&story, json!({})).await;
        }
        let staff = stage.editor.get(story.staff()).send().await.expect(200);
        let page = stage.read(&story.public()).await;
        for answer in [staff, page] {
            assert_eq!(answer.texts_in("/bylines", "/role"), ["author", "photo"]);
            assert_eq!(answer.texts_in("/bylines", "/author/id"), [&*stays, &*stays]);
        }
        let cards = stage.read("/v1/articles").await;
        assert_eq!(cards.texts_in("/data/0/authors", "/role"), ["author", "photo"]);
        let page = stage.read(&story.public()).await;
        assert_eq!(page.texts_in("/authors", "/id"), [&*stays]);
        assert_eq!(page.at("/json_ld/author").as_array().map(Vec::len), Some(1));
        let blocks = json!({ "bylines": [{ "author": stays }, { "author": stays, "role": "photo" }] });
        stage.editor.patch(story.staff(), blocks).send().await.expect(200);
    }
}

#[actix_web::test]
async fn nobody_and_nothing_is_called_by_spaces() {
    let stage = Stage::set().await;
    let admin = stage.app.admin().await;
    for (path, new) in [
        ("topics", json!({ "name": " " })),
        ("users", json!({ "name": "\u{a0} ", "email": "x@example.org", "role": "author" })),
        ("tokens", json!({ "name": "\t", "scopes": ["newsroom:read"] })),
    ] {
        let refused = admin.post(format!("/v1/newsroom/{path}"), new).send().await.expect(422);
        assert!(refused.faults().iter().all(|fault| fault.starts_with("/name ")), "{refused}");
    }
    let topic = admin.post("/v1/newsroom/topics", json!({ "name": "Ore" })).send().await.expect(201);
    admin.patch(format!("/v1/newsroom/topics/{}", topic.id()), json!({ "name": " " })).send().await.expect(422);
    let twice = json!({ "name": "t", "scopes": ["newsroom:read", "articles:write", "newsroom:read"] });
    assert_eq!(admin.post("/v1/newsroom/tokens", twice).send().await.expect(422).faults(), ["/scopes/2 repeated"]);
}

#[actix_web::test]
async fn a_name_without_a_phrase_is_a_byline_where_an_author_has_it() {
    let stage = Stage::set().await;
    let hana = stage.author("hana", "Hana Mizushima").await;
    let leila = stage.author("leila", "Leila Darvishan").await;
    let story = stage.draft("Read", json!({})).await;
    let guess = ["source_guessed"].as_slice();
    for (line, authors, sources, warned) in [
        ("Hana Mizushima", vec![&hana], vec![], [].as_slice()),
        ("HANA MIZUSHIMA, North Asia correspondent", vec![&hana], vec![], &[]),
        ("Hana Mizushima and Leila Darvishan in Tokyo", vec![&hana, &leila], vec![], &[]),
        (
            "Leila Darvishan, Hana Mizushima in Tokyo; editing by Hana Mizushima",
            vec![&leila, &hana, &hana],
            vec![],
            &[],
        ),
        ("Hana Mizushima and Bo Li", vec![&hana], vec![], &["unknown_author"]),
        ("Hana Mizushima, Example Wire", vec![&hana], vec!["Example Wire"], &[]),
        ("Example Wire", vec![], vec!["Example Wire"], &[]),
        ("AFP/Reuters with additional editing by Hana Mizushima", vec![&hana], vec!["AFP", "Reuters"], &[]),
        ("Bo Li", vec![], vec!["Bo Li"], guess),
        (
            "Bo Li, Seoul correspondent",
            vec![],
            vec!["Bo Li", "Seoul correspondent"],
            &["source_guessed", "source_guessed"],
        ),
        ("In partnership with Hana Mizushima", vec![], vec!["Hana Mizushima"], &[]),
    ] {
        stage.editor.patch(story.staff(), json!({ "credit_line": null, "sources": [], "bylines": [] })).send().await;
        let read = stage.editor.patch(story.staff(), json!({ "credit_line": line })).send().await.expect(200);
        assert_eq!(read.texts_in("/bylines", "/author/id"), authors, "{line}");
        assert_eq!(read.texts_in("/sources", "/name"), sources, "{line}");
        assert_eq!(read.texts_in("/warnings", "/code"), warned, "{line}");
        // What was guessed once stands in the article, and is not warned of again.
        let again = stage.editor.patch(story.staff(), json!({ "credit_line": line })).send().await.expect(200);
        assert!(!again.texts_in("/warnings", "/code").contains(&"source_guessed"), "{again}");
    }
}

#[actix_web::test]
async fn those_who_reported_are_the_byline_where_nobody_is_its_author() {
    let stage = Stage::set().await;
    for (slug, name) in [("hana", "Hana Mizushima"), ("leila", "Leila Darvishan"), ("bo", "Bo Li")] {
        stage.author(slug, name).await;
    }
    for (number, line, byline) in [
        (1, "Reporting by Hana Mizushima; editing by Bo Li", json!("Hana Mizushima")),
        (
            2,
            "Reporting by Hana Mizushima and Leila Darvishan; writing by Hana Mizushima",
            json!("Hana Mizushima and Leila Darvishan"),
        ),
        (3, "By Bo Li; additional reporting by Hana Mizushima", json!("Bo Li")),
        (4, "Example Wire; reporting by Hana Mizushima", json!("Hana Mizushima")),
        (5, "Example Wire with additional editing by Bo Li", json!("Example Wire")),
        (6, "Editing by Bo Li", json!(null)),
    ] {
        let story = stage.live(&format!("Story {number}"), json!({ "credit_line": line })).await;
        assert_eq!(stage.read(&story.public()).await.at("/byline"), &byline, "{line}");
    }
}
