//! Block ids: kept where a block was there before, made from what it says where it is new. No chance is involved, so
//! that the same post twice gives the same ids.

use std::collections::{HashMap, HashSet};

use super::block::Block;
use super::inline;
use crate::base::error::Fault;

const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
const LENGTH: usize = 10;
/// How much of its words a block must share with one that was there to be the same block.
const ALIKE: f64 = 0.5;
/// How far apart in order two blocks may stand and still be compared word by word.
const NEAR: usize = 30;

/// Gives every block its id.
///
/// # Errors
/// For an id that was sent and cannot be one, or stands twice.
pub fn assign(blocks: &mut [Block], previous: &[Block]) -> Result<(), Fault> {
    let mut used: HashSet<String> = HashSet::new();
    for (index, block) in blocks.iter().enumerate().filter(|(_, block)| !block.id.is_empty()) {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if block.id.len() > 40 || !block.id.chars().all(plain) {
            return Err(Fault::at(format!("/{index}/id"), "pattern", "is not 1 to 40 of a-z, 0-9 and -"));
        }
        if !used.insert(block.id.clone()) {
            return Err(Fault::at(format!("/{index}/id"), "repeated", "stands twice"));
        }
    }
    keep_equal(blocks, previous, &mut used);
    keep_alike(blocks, previous, &mut used);
    for block in blocks.iter_mut().filter(|block| block.id.is_empty()) {
        let seed = fingerprint(block);
        block.id = (0..)
            .map(|n: u64| made(seed ^ n.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
            .find(|id| !used.contains(id))
            .unwrap_or_default();
        used.insert(block.id.clone());
    }
    Ok(())
}

/// Blocks that say exactly what one said before, wherever they stand now.
fn keep_equal(blocks: &mut [Block], previous: &[Block], used: &mut HashSet<String>) {
    let mut before: HashMap<u64, Vec<&Block>> = HashMap::new();
    for block in previous.iter().rev() {
        before.entry(fingerprint(block)).or_default().push(block);
    }
    for block in blocks.iter_mut().filter(|block| block.id.is_empty()) {
        let Some(same) = before.get_mut(&fingerprint(block)) else { continue };
        while let Some(old) = same.pop() {
            if used.insert(old.id.clone()) {
                block.id.clone_from(&old.id);
                break;
            }
        }
    }
}

/// Blocks of one type that share most of their words with one that stood near their place.
fn keep_alike(blocks: &mut [Block], previous: &[Block], used: &mut HashSet<String>) {
    let words: Vec<HashSet<String>> = previous.iter().map(vocabulary).collect();
    for (index, block) in blocks.iter_mut().enumerate().filter(|(_, block)| block.id.is_empty()) {
        let mine = vocabulary(block);
        let near = previous.iter().zip(&words).enumerate().skip(index.saturating_sub(NEAR)).take(2 * NEAR);
        let best = near
            .filter(|(_, (old, _))| old.kind == block.kind && !used.contains(&old.id))
            .map(|(place, (old, theirs))| (likeness(&mine, theirs), place.abs_diff(index), old))
            .filter(|(likeness, ..)| *likeness >= ALIKE)
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        if let Some((.., old)) = best {
            used.insert(old.id.clone());
            block.id.clone_from(&old.id);
        }
    }
}

fn vocabulary(block: &Block) -> HashSet<String> {
    let payload = if block.payload.is_empty() {
        String::new()
    } else {
        serde_json::to_string(&block.payload).unwrap_or_default()
    };
    let text = format!("{} {payload}", inline::plain(block.words()));
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

#[expect(clippy::cast_precision_loss, reason = "word counts are far below 2^52")]
fn likeness(a: &HashSet<String>, b: &HashSet<String>) -> f64 {
    let all = a.union(b).count();
    if all == 0 { 1.0 } else { a.intersection(b).count() as f64 / all as f64 }
}

/// FNV-1a over what the block says; `article_id` is left out, since it is resolved and not said.
fn fingerprint(block: &Block) -> u64 {
    let mut payload = block.payload.clone();
    payload.remove("article_id");
    let text = format!("{}\u{1}{}\u{1}{}", block.kind, block.words(), serde_json::Value::Object(payload));
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn made(hash: u64) -> String {
    (0..LENGTH)
        .filter_map(|place| ALPHABET.get(usize::try_from((hash >> (place * 5)) & 31).unwrap_or_default()))
        .map(|byte| char::from(*byte))
        .collect()
}
