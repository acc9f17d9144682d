//! Block ids: kept where a block was there before, made from what it says where it is new. No chance is involved, so
//! that the same post twice gives the same ids.

use std::collections::{HashMap, HashSet};

use super::block::Block;
use super::plain;
use super::text::is_unspaced;
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
        if !fits(&block.id) {
            return Err(Fault::at(format!("/{index}/id"), "pattern", "is not 1 to 40 of a-z, 0-9 and -"));
        }
        if !used.insert(block.id.clone()) {
            return Err(Fault::at(format!("/{index}/id"), "repeated", "stands twice"));
        }
    }
    keep_equal(blocks, previous, &mut used);
    keep_alike(blocks, previous, &mut used);
    // How many ids were made of one seed already, so that equal blocks do not try them all again.
    let mut tried: HashMap<u64, u64> = HashMap::new();
    for block in blocks.iter_mut().filter(|block| block.id.is_empty()) {
        let seed = fingerprint(block);
        let turn = tried.entry(seed).or_default();
        while block.id.is_empty() {
            let id = made(seed ^ turn.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            *turn += 1;
            if used.insert(id.clone()) {
                block.id = id;
            }
        }
    }
    Ok(())
}

/// Whether the text can be an id.
pub fn fits(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=40).contains(&id.len()) && id.bytes().all(plain)
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
    if blocks.iter().all(|block| !block.id.is_empty()) {
        return;
    }
    let words: Vec<Vec<u64>> = previous.iter().map(vocabulary).collect();
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

/// The different words of a block, hashed and sorted; in scripts without spaces each character is one.
fn vocabulary(block: &Block) -> Vec<u64> {
    let payload = if block.payload.is_empty() {
        String::new()
    } else {
        serde_json::to_string(&block.payload).unwrap_or_default()
    };
    let text = format!("{} {payload}", plain::words(block.words())).to_lowercase();
    let words = text.split(|c: char| !c.is_alphanumeric() || is_unspaced(c)).filter(|word| !word.is_empty());
    let mut buffer = [0; 4];
    let mut all: Vec<u64> = words.map(hash).collect();
    all.extend(text.chars().filter(|c| is_unspaced(*c)).map(|c| hash(c.encode_utf8(&mut buffer))));
    all.sort_unstable();
    all.dedup();
    all
}

/// Common words in proportion to all words of two sorted lists.
#[expect(clippy::cast_precision_loss, reason = "word counts are far below 2^52")]
fn likeness(a: &[u64], b: &[u64]) -> f64 {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    if long.is_empty() {
        return 1.0;
    }
    if (short.len() as f64) < ALIKE * long.len() as f64 {
        return 0.0;
    }
    let mut ahead = long.iter().peekable();
    let mut common = 0;
    for word in short {
        while ahead.next_if(|next| *next < word).is_some() {}
        common += usize::from(ahead.next_if_eq(&word).is_some());
    }
    common as f64 / (short.len() + long.len() - common) as f64
}

/// FNV-1a over what the block says; `article_id` is left out, since it is resolved and not said.
fn fingerprint(block: &Block) -> u64 {
    let mut payload = block.payload.clone();
    payload.remove("article_id");
    let text = format!("{}\u{1}{}\u{1}{}", block.kind, block.words(), serde_json::Value::Object(payload));
    hash(&text)
}

fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn made(hash: u64) -> String {
    (0..LENGTH)
        .filter_map(|place| ALPHABET.get(usize::try_from((hash >> (place * 5)) & 31).unwrap_or_default()))
        .map(|byte| char::from(*byte))
        .collect()
}
