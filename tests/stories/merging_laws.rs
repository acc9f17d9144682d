//! Laws of the three-way merge.

use dateline::rules::article::Content;
use dateline::rules::body::Block;
use dateline::rules::fields::ArticleField;
use dateline::rules::merge::merge;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;

fn content(texts: &[u8; 4], body: Vec<Block>) -> Content {
    let word = |n: u8| format!("w{n}");
    let content = json!({
        "slug": "a", "type": "news", "language": "en", "headline": word(texts[0]), "summary": word(texts[1]),
        "kicker": null, "body": [], "primary_region": null, "regions": [], "topics": [], "bylines": [], "sources": [],
        "credit_line": word(texts[2]), "hero": null, "links": [], "external_ids": [], "meta_title": null,
        "meta_description": null, "canonical_url": null, "translation_of": null, "note": word(texts[3]),
    });
    Content { body, ..serde_json::from_value(content).expect("content") }
}

fn block(id: &str, words: &str) -> Block {
    Block { id: id.to_owned(), ..Block::text("paragraph", words) }
}

/// What somebody makes of the blocks b0 to b4: words of some changed, some taken out, new ones put in, perhaps two of
/// them in each other's place.
#[derive(Clone, Debug)]
struct Work {
    texts: [u8; 4],
    kept: [u8; 5],
    new: Vec<(usize, u8)>,
    swapped: bool,
}

fn work() -> impl Strategy<Value = Work> {
    let kept = [0..6_u8, 0..6, 0..6, 0..6, 0..6];
    ([0..3_u8, 0..3, 0..3, 0..3], kept, vec((0..6_usize, 0..4_u8), 0..2), prop::bool::weighted(0.1))
        .prop_map(|(texts, kept, new, swapped)| Work { texts, kept, new, swapped })
}

fn base() -> Content {
    content(&[0; 4], (0..5).map(|n| block(&format!("b{n}"), "as it was")).collect())
}

fn done(work: &Work, who: &str) -> Content {
    let mut body: Vec<Block> = Vec::new();
    for (n, kept) in work.kept.iter().enumerate() {
        match kept {
            0 => {}
            1 => body.push(block(&format!("b{n}"), &format!("changed by {who}"))),
            2 => body.push(block(&format!("b{n}"), "changed to the same")),
            _ => body.push(block(&format!("b{n}"), "as it was")),
        }
    }
    for (at, n) in &work.new {
        // Some new blocks are the same on both sides.
        let id = if *n == 0 { "new-same".to_owned() } else { format!("new-{who}-{n}") };
        if !body.iter().any(|block| block.id == id) {
            body.insert((*at).min(body.len()), block(&id, &format!("new {n} {}", if *n == 0 { "" } else { who })));
        }
    }
    if work.swapped && body.len() > 1 {
        body.swap(0, 1);
    }
    content(&work.texts, body)
}

proptest! {
    #![proptest_config(crate::stories::tried())]

    #[test]
    fn who_writes_alone_gets_what_he_wrote(mine in work()) {
        let mine = done(&mine, "me");
        let alone = merge(&base(), &base(), &mine);
        prop_assert_eq!((&alone.content, alone.conflicts.len()), (&mine, 0));
        let other = merge(&base(), &mine, &base());
        prop_assert_eq!((&other.content, other.conflicts.len()), (&mine, 0));
        let same = merge(&base(), &mine, &mine);
        prop_assert_eq!((&same.content, same.conflicts.len()), (&mine, 0));
    }

    #[test]
    fn nothing_of_either_is_lost_and_it_does_not_matter_who_was_first(mine in work(), theirs in work()) {
        let (base, mine, theirs) = (base(), done(&mine, "me"), done(&theirs, "them"));
        let one = merge(&base, &theirs, &mine);
        let other = merge(&base, &mine, &theirs);
        let fields = |merged: &dateline::rules::merge::Merged| merged.conflicts.iter().map(|found| found.field).collect::<Vec<_>>();
        prop_assert_eq!(fields(&one), fields(&other));
        for field in ArticleField::ALL.iter().filter(|field| **field != ArticleField::Body && !fields(&one).contains(field)) {
            let by_me = field.differs(&base, &mine);
            let writer = if by_me { &mine } else { &theirs };
            prop_assert!(!field.differs(&one.content, writer));
        }
        if fields(&one).contains(&ArticleField::Body) {
            return Ok(());
        }
        prop_assert_eq!(&one.content.body, &other.content.body);
        for (side, against) in [(&mine, &theirs), (&theirs, &mine)] {
            for block in &side.body {
                let before = base.body.iter().find(|old| old.id == block.id);
                let after = one.content.body.iter().find(|new| new.id == block.id);
                if before != Some(block) {
                    prop_assert_eq!(after, Some(block), "a changed or new block stays as it was written");
                } else if !against.body.iter().any(|other| other.id == block.id) {
                    prop_assert_eq!(after, None, "what the other one took out is out");
                }
            }
        }
    }
}
