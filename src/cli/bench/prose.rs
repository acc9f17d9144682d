//! Text without meaning that behaves like text: words of a fixed vocabulary, the common ones often, the rare ones rarely,
//! and the same ones in every run.

use std::fmt::Write as _;

const SYLLABLES: [&str; 16] =
    ["ba", "ce", "di", "fo", "gu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "lu", "mer"];
/// How many words there are.
pub(super) const VOCABULARY: usize = 20_000;

/// Numbers that look like chance and are the same in every run.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `most`.
    pub(super) fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let drawn = u32::try_from(self.0 >> 32).unwrap_or_default();
        usize::try_from(drawn).unwrap_or_default().checked_rem(most).unwrap_or_default()
    }

    /// A number below `most`; each as much rarer as it is greater, as Zipf has it.
    pub(super) fn zipf(&mut self, most: usize) -> usize {
        let share = f64::from(u32::try_from(self.below(1 << 20)).unwrap_or_default()) / f64::from(1 << 20);
        let most_as_number = f64::from(u32::try_from(most).unwrap_or(u32::MAX));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and most + 1")]
        let drawn = (most_as_number + 1.0).powf(share) as usize;
        drawn.saturating_sub(1).min(most.saturating_sub(1))
    }
}

/// The word of a rank.
pub(super) fn word(rank: usize) -> String {
    let mut rest = rank + 16;
    let mut word = String::new();
    while rest > 0 {
        word.push_str(SYLLABLES.get(rest % 16).copied().unwrap_or_default());
        rest /= 16;
    }
    word
}

/// So many words.
pub(super) fn words(dice: &mut Dice, count: usize) -> String {
    let words: Vec<String> = (0..count).map(|_| word(dice.zipf(VOCABULARY))).collect();
    words.join(" ")
}

/// A body of 4 to 8 KB as HTML, with a link to another article in it, if there is one.
pub(super) fn body(dice: &mut Dice, also: Option<&str>) -> String {
    let mut html = String::new();
    let paragraphs = 9 + dice.below(9);
    for number in 0..paragraphs {
        if number % 5 == 4 {
            let _ = write!(html, "<h2>{}</h2>", words(dice, 5));
        }
        let _ = write!(html, "<p>{}. <strong>{}</strong>, {}.", words(dice, 25), words(dice, 2), words(dice, 35));
        if let (1, Some(slug)) = (number, also) {
            let _ = write!(html, " <a href=\"/articles/{slug}\">{}</a>", words(dice, 4));
        }
        html.push_str("</p>");
    }
    let _ = write!(html, "<blockquote><p>{}.</p></blockquote>", words(dice, 20));
    html
}
