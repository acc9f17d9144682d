//! HTML read into a tree by html5ever, in time and space that grow with the length of the text: what would make the
//! parser walk or copy without end (nesting, unclosed formatting, floods of attributes) is refused.

use std::cell::{Cell, RefCell};

use html5ever::buffer_queue::BufferQueue;
use html5ever::interface::TreeSink as _;
use html5ever::interface::tree_builder::create_element;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{LocalName, QualName, TokenizerResult, local_name, ns};

use super::sink::Sink;
pub use super::sink::{Handle, NodeData};

/// The most elements of one text, those counted that the parser makes up.
const MOST_ELEMENTS: usize = 20_000;
/// The most characters of one text that could begin a tag or an entity, whether anything comes of them or not.
const MOST_MARKS: usize = 60_000;
/// The most steps that the parser takes along the elements that are open; a flat text needs a few for each tag.
const MOST_STEPS: usize = 4_000_000;
/// The most attributes of one tag; the parser compares each with all before it.
const MOST_ATTRIBUTES: usize = 100;

/// The most elements of one of these names that are not closed: the parser compares each with all before it, and opens
/// all again in every paragraph.
const MOST_UNCLOSED: usize = 50;
const FORMATTING: &[&str] = &["b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"];

/// A text that cannot be read within bounds; says why.
pub type TooComplex = &'static str;
/// Parses a fragment as the content of `<body>`; the answer's children are its nodes.
///
/// # Errors
/// For a text that is nested or marked up beyond reason.
pub fn parse(html: &str) -> Result<Handle, TooComplex> {
    if html.bytes().filter(|byte| matches!(byte, b'<' | b'&' | 0)).count() > MOST_MARKS {
        return Err("has more than 60000 tags and entities");
    }
    let reader = Reader::new();
    let mut rest = html;
    while !rest.is_empty() {
        let (text, markup) = rest.split_at(next_markup(rest));
        reader.feed(text);
        rest = markup.split_at(reader.markup(markup)?).1;
    }
    reader.finish()
}

/// Where the next tag or comment starts: a `<` before a letter, `/`, `!` or `?`; any other is text.
fn next_markup(text: &str) -> usize {
    let starts = |pair: &[u8]| matches!(pair, [b'<', next] if next.is_ascii_alphabetic() || b"/!?".contains(next));
    text.as_bytes().windows(2).position(starts).unwrap_or(text.len())
}

struct Reader {
    tokenizer: Tokenizer<Watched>,
    input: BufferQueue,
}

impl Reader {
    fn new() -> Self {
        let sink = Sink::new();
        let context = create_element(&sink, QualName::new(None, ns!(html), local_name!("body")), Vec::new());
        let builder = TreeBuilder::new_for_fragment(sink, context, None, TreeBuilderOpts::default());
        let initial_state = Some(builder.tokenizer_state_for_context_elem(false));
        let watched = Watched { builder, tokens: Cell::new(0), unclosed: RefCell::default() };
        let options = TokenizerOpts { initial_state, ..TokenizerOpts::default() };
        Self { tokenizer: Tokenizer::new(watched, options), input: BufferQueue::default() }
    }

    /// Feeds a piece; answers whether a token came out of it.
    fn feed(&self, text: &str) -> bool {
        let before = self.tokenizer.sink.tokens.get();
        if !text.is_empty() {
            self.input.push_back(StrTendril::from(text));
            while !matches!(self.tokenizer.feed(&self.input), TokenizerResult::Done) {}
        }
        self.tokenizer.sink.tokens.get() != before
    }

    /// Feeds one tag, comment, or whatever else starts with `<`; answers how long it was.
    ///
    /// The tokenizer does not tell its state. But where it is in the middle of a tag or of a comment, a character gives
    /// no token, and elsewhere one at once; so it is fed up to the character that ends the name, then that one.
    fn markup(&self, text: &str) -> Result<usize, TooComplex> {
        let Some(body) = text.strip_prefix('<') else { return Ok(text.len()) };
        let ends = |c: char| matches!(c, '<' | '>' | '/' | ' ' | '\t' | '\n' | '\r' | '\u{c}');
        let closing = usize::from(body.starts_with('/'));
        let name_end = body.get(closing..).and_then(|name| name.find(ends)).map_or(text.len(), |at| at + closing + 1);
        let (head, tail) = text.split_at(name_end);
        self.feed(head);
        let mut fed = head.len();
        if !tail.is_empty() && !tail.starts_with('<') {
            let (border, tail) = tail.split_at(1);
            fed += 1;
            let silent = !self.feed(border);
            if silent && body.starts_with(['!', '?']) {
                fed += self.comment(tail);
            } else if silent {
                let length = attributes(tail)?;
                self.feed(tail.split_at(length).0);
                fed += length;
            }
        }
        if self.tokenizer.sink.unclosed.borrow().iter().any(|(_, count)| *count > MOST_UNCLOSED) {
            return Err("has more than 50 elements of one name, such as <b>, that are not closed");
        }
        let sink = &self.tokenizer.sink.builder.sink;
        if sink.elements.get() > MOST_ELEMENTS {
            return Err("has more than 20000 elements");
        }
        if sink.steps.get() > MOST_STEPS {
            return Err("has too many elements that are nested or not closed");
        }
        Ok(fed)
    }

    fn comment(&self, text: &str) -> usize {
        let mut fed = 0;
        while let Some((_, rest)) = text.split_at_checked(fed).filter(|(_, rest)| !rest.is_empty()) {
            let length = rest.find('>').map_or(rest.len(), |at| at + 1);
            fed += length;
            if self.feed(rest.split_at(length).0) {
                break;
            }
        }
        fed
    }

    fn finish(self) -> Result<Handle, TooComplex> {
        self.tokenizer.end();
        let document = self.tokenizer.sink.builder.sink.finish();
        let root = document.children.borrow().first().cloned();
        root.ok_or("cannot be read")
    }
}

/// How long the rest of a tag is, behind its name, as the HTML standard delimits attributes.
fn attributes(text: &str) -> Result<usize, TooComplex> {
    enum At {
        BeforeName,
        Name,
        AfterName,
        BeforeValue,
        Quoted(u8),
        Bare,
    }
    let mut at = At::BeforeName;
    let mut count = 0;
    for (place, byte) in text.bytes().enumerate() {
        let space = matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c);
        at = match (at, byte) {
            (At::Quoted(quote), _) if byte == quote => At::BeforeName,
            (At::Quoted(quote), _) => At::Quoted(quote),
            (_, b'>') => return Ok(place + 1),
            (At::BeforeName, _) if space || byte == b'/' => At::BeforeName,
            (At::Name | At::AfterName, b'=') => At::BeforeValue,
            (At::Name | At::AfterName, b'/') => At::BeforeName,
            (At::Name | At::AfterName, _) if space => At::AfterName,
            (At::Name, _) => At::Name,
            (At::BeforeName | At::AfterName, _) => {
                count += 1;
                At::Name
            }
            (At::BeforeValue, _) if space => At::BeforeValue,
            (At::BeforeValue, b'"' | b'\'') => At::Quoted(byte),
            (At::Bare, _) if space => At::BeforeName,
            (At::BeforeValue | At::Bare, _) => At::Bare,
        };
        if count > MOST_ATTRIBUTES {
            return Err("has a tag with more than 100 attributes");
        }
    }
    Ok(text.len())
}

/// Counts the tokens on their way to the tree.
struct Watched {
    builder: TreeBuilder<Handle, Sink>,
    tokens: Cell<usize>,
    unclosed: RefCell<Vec<(LocalName, usize)>>,
}

impl Watched {
    fn count(&self, tag: &Tag) {
        if !FORMATTING.contains(&&*tag.name) {
            return;
        }
        let mut unclosed = self.unclosed.borrow_mut();
        match (unclosed.iter_mut().find(|(name, _)| *name == tag.name), tag.kind) {
            (Some((_, count)), TagKind::StartTag) => *count += 1,
            (Some((_, count)), TagKind::EndTag) => *count = count.saturating_sub(1),
            (None, TagKind::StartTag) => unclosed.push((tag.name.clone(), 1)),
            (None, TagKind::EndTag) => {}
        }
    }
}

impl TokenSink for Watched {
    type Handle = Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Handle> {
        if !matches!(token, Token::ParseError(_)) {
            self.tokens.set(self.tokens.get() + 1);
        }
        if let Token::TagToken(tag) = &token {
            self.count(tag);
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    // CDATA stays off (the default), also inside of svg and math, which are taken out: an empty one would end without
    // a token.
}
