//! Two people wrote at once, from one version: what each changed is brought together where it is not the same thing.

use std::collections::{HashMap, HashSet};

use super::article::Content;
use super::body::{Block, MOST_BLOCKS};
use super::fields::ArticleField;

/// What became of two changes of one content.
#[derive(Clone, Debug, PartialEq)]
pub struct Merged {
    /// Both changes; where they clash, that of the others.
    pub content: Content,
    /// Whether the body has parts of both, so that its links have to be drawn again.
    pub mixed_body: bool,
    /// Where they clash.
    pub conflicts: Vec<Conflict>,
}

/// Both changed this, and not to the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The field.
    pub field: ArticleField,
    /// The blocks, if it is the body and the order of the others was left alone.
    pub blocks: Vec<String>,
}

/// Brings together what `theirs` and `mine` made of `base`. Fields that are written together clash together.
pub fn merge(base: &Content, theirs: &Content, mine: &Content) -> Merged {
    let others = ArticleField::between(base, theirs);
    let mut merged = Merged { content: theirs.clone(), mixed_body: false, conflicts: Vec::new() };
    let mut settled: Vec<ArticleField> = Vec::new();
    for field in ArticleField::between(base, mine) {
        if settled.contains(&field) {
            continue;
        }
        let group = field.together();
        settled.extend(group);
        let apart: Vec<ArticleField> = group.iter().copied().filter(|one| one.differs(theirs, mine)).collect();
        if !group.iter().any(|one| others.contains(one)) {
            group.iter().for_each(|one| one.take(mine, &mut merged.content));
        } else if field == ArticleField::Body && !apart.is_empty() {
            match bodies(&base.body, &theirs.body, &mine.body) {
                Ok(body) => {
                    merged.content.body = body;
                    merged.mixed_body = true;
                }
                Err(blocks) => merged.conflicts.push(Conflict { field, blocks }),
            }
        } else {
            merged.conflicts.extend(apart.into_iter().map(|field| Conflict { field, blocks: Vec::new() }));
        }
    }
    merged
}

/// The body with the blocks of both, or the blocks that clash: none where the order itself does.
fn bodies(base: &[Block], theirs: &[Block], mine: &[Block]) -> Result<Vec<Block>, Vec<String>> {
    let (Some(their_new), Some(my_new)) = (inserted(base, theirs), inserted(base, mine)) else {
        return Err(Vec::new());
    };
    let (their_kept, my_kept) = (by_id(theirs), by_id(mine));
    let mut body = Vec::new();
    let mut clashes = Vec::new();
    let between = |after: Option<&Block>, body: &mut Vec<Block>, clashes: &mut Vec<String>| {
        let key = after.map(|block| block.id.as_str());
        let (theirs, mine) = (their_new.get(&key), my_new.get(&key));
        match (theirs, mine) {
            (Some(theirs), Some(mine)) if !alike(theirs, mine) => {
                clashes.extend(theirs.iter().chain(mine).map(|block| block.id.clone()));
            }
            (Some(new), _) if key.is_none_or(|id| my_kept.contains_key(id)) => {
                body.extend(new.iter().copied().cloned());
            }
            (None, Some(new)) if key.is_none_or(|id| their_kept.contains_key(id)) => {
                body.extend(new.iter().copied().cloned());
            }
            (None, None) => {}
            // Put in behind a block that the other one took out.
            (theirs, mine) => clashes.extend(theirs.or(mine).into_iter().flatten().map(|block| block.id.clone())),
        }
    };
    between(None, &mut body, &mut clashes);
    for block in base {
        let id = block.id.as_str();
        match (their_kept.get(id), my_kept.get(id)) {
            (Some(theirs), Some(mine)) if mine.says_the_same(block) || mine.says_the_same(theirs) => {
                body.push((*theirs).clone());
            }
            (Some(theirs), Some(mine)) if theirs.says_the_same(block) => body.push((*mine).clone()),
            (None, None) => {}
            (Some(kept), None) | (None, Some(kept)) if kept.says_the_same(block) => {}
            _ => clashes.push(block.id.clone()),
        }
        between(Some(block), &mut body, &mut clashes);
    }
    if !clashes.is_empty() {
        return Err(clashes);
    }
    let ids: HashSet<&str> = body.iter().map(|block| block.id.as_str()).collect();
    if ids.len() < body.len() || body.len() > MOST_BLOCKS { Err(Vec::new()) } else { Ok(body) }
}

/// The blocks that are new, by the block of the base that they stand behind. `None` where those of the base stand in
/// another order.
fn inserted<'a>(base: &'a [Block], side: &'a [Block]) -> Option<HashMap<Option<&'a str>, Vec<&'a Block>>> {
    let places: HashMap<&str, usize> =
        base.iter().enumerate().map(|(place, block)| (block.id.as_str(), place)).collect();
    let mut new: HashMap<Option<&str>, Vec<&Block>> = HashMap::new();
    let (mut after, mut last) = (None, None);
    for block in side {
        match places.get(block.id.as_str()) {
            Some(place) if last.is_some_and(|last| last > *place) => return None,
            Some(place) => {
                last = Some(*place);
                after = Some(block.id.as_str());
            }
            None => new.entry(after).or_default().push(block),
        }
    }
    Some(new)
}

fn by_id(blocks: &[Block]) -> HashMap<&str, &Block> {
    blocks.iter().map(|block| (block.id.as_str(), block)).collect()
}

fn alike(a: &[&Block], b: &[&Block]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.says_the_same(b))
}
