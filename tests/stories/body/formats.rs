//! One body in five forms: each read back is the same.

use dateline::rules::body::{Block, Format, parse, render};
use serde_json::{Value, json};

use super::{codes, html, read, said, words};

/// One block at least of every type, and some that are hard to say.
pub fn every_type() -> Value {
    json!([
        { "type": "paragraph", "content": "Plain words, “quoted”, <em>stressed</em>, <strong>and</strong> a <a href=\"https://example.com/?a=1&amp;b=2\">link</a>." },
        { "type": "paragraph", "content": "H<sub>2</sub>O, 1. not a list, <code>a * b</code> and <abbr title=\"World Trade Organization\">WTO</abbr>" },
        { "type": "paragraph", "content": "<span dir=\"rtl\" lang=\"ar\">مرحبا</span> on <time datetime=\"2026-01-05\">Monday</time>, <q>said</q> <u>she</u>, <s>he</s> <mark>too</mark><br>second line" },
        { "type": "paragraph", "content": "Note: <a href=\"https://example.com/\">not a related link</a>" },
        { "type": "paragraph", "content": "with more", "drop_cap": true },
        { "type": "heading", "level": 2, "content": "A <em>heading</em> # with marks" },
        { "type": "heading", "level": 6, "content": "Small" },
        { "type": "list", "ordered": false, "items": ["one", "two <strong>bold</strong>"] },
        { "type": "list", "ordered": false, "items": ["another list"] },
        { "type": "list", "ordered": true, "items": ["first", "second<br>line"] },
        { "type": "list", "ordered": true, "items": ["first again"] },
        { "type": "quote", "content": "Said it<br>in two lines" },
        { "type": "quote", "content": "Said it", "cite": "A <em>Minister</em>" },
        { "type": "pull_quote", "content": "Few partners matter more", "cite": "A delegate" },
        { "type": "image", "url": "https://media.example/a.jpg", "alt": "A \"mine\" & <more>", "width": 1200, "height": 800, "caption": "The <em>mine</em>", "credit": "A. Photographer" },
        { "type": "image", "url": "https://media.example/b.jpg", "alt": "", "focal_point": { "x": 0.5, "y": 0.25 } },
        { "type": "gallery", "images": [
            { "url": "https://media.example/c.jpg", "alt": "c", "caption": "See", "credit": "B" },
            { "url": "https://media.example/d.jpg", "alt": "d" }] },
        { "type": "related_link", "label": "Also on DL", "title": "China ‘May Lift’", "href": "/north-asia/china" },
        { "type": "related_link", "title": "Without label", "href": "/north-asia/japan" },
        { "type": "link_list", "title": "More", "links": [{ "href": "https://example.com/", "title": "One & two" }] },
        { "type": "embed", "url": "https://video.example/embed/1", "title": "The film" },
        { "type": "embed", "url": "https://video.example/embed/2" },
        { "type": "video", "url": "https://media.example/v.mp4", "poster": "https://media.example/v.jpg" },
        { "type": "audio", "url": "https://media.example/a.mp3", "title": "Listen" },
        { "type": "table", "header": true, "rows": [["Metal", "Tonnes"], ["Nickel | cobalt", "<em>1</em>"]] },
        { "type": "table", "header": false, "rows": [["a", "b"], ["c"]] },
        { "type": "code", "content": "let a = \"<b>\";\n\n```\nfn b() {}", "language": "rust" },
        { "type": "divider" },
        { "type": "callout", "title": "Why it matters", "content": "Because <em>so</em>.", "tone": "info" },
        { "type": "correction", "content": "An earlier version was wrong.", "at": "2026-01-05T09:00:00Z" },
        { "type": "key_event", "at": "2026-01-05T09:00:00Z", "title": "It begins", "content": "At nine." },
        { "type": "hologram", "content": "From <em>tomorrow</em>", "depth": [1, { "z": null }], "on": true },
        { "type": "silence", "seconds": 4 },
        { "type": "paragraph", "content": "The end." }
    ])
}

fn body() -> Vec<Block> {
    read(Format::Blocks, every_type()).blocks
}

#[test]
fn every_block_reads_back_from_its_own_html() {
    for block in body() {
        let back = html(&block.html);
        assert_eq!(said(&back.blocks), said(std::slice::from_ref(&block)), "{}", block.html);
        assert_eq!(back.blocks[0].html, block.html);
        assert_eq!(codes(&back), [""; 0], "{}", block.html);
    }
}

#[test]
fn blocks_are_kept_as_sent() {
    assert_eq!(Value::Array(said(&body())), every_type());
}

#[test]
fn all_forms_that_can_say_everything_read_back_as_the_same_blocks() {
    let blocks = body();
    let renditions = render(&blocks);
    let canonical = serde_json::to_value(&blocks).expect("JSON");
    for (format, content) in [
        (Format::Html, Value::String(renditions.html.clone())),
        (Format::Markdown, Value::String(renditions.markdown.clone())),
        (Format::PortableText, renditions.portable_text.clone()),
        (Format::Blocks, canonical),
    ] {
        let back = parse(format, &content, &blocks).expect("readable");
        for (read, sent) in said(&back.blocks).iter().zip(said(&blocks)) {
            assert_eq!(*read, sent, "{format}");
        }
        assert_eq!(back.blocks, blocks, "{format} kept ids and HTML");
        let again = render(&back.blocks);
        assert_eq!(again, renditions, "{format} renders the same");
    }
}

#[test]
fn text_says_the_same_words_in_the_same_order() {
    let blocks = body();
    let text = render(&blocks).text;
    let back = parse(Format::Text, &Value::String(text.clone()), &blocks).expect("readable");
    assert_eq!(words(&render(&back.blocks).text), words(&text));
    for word in ["stressed", "Tonnes", "delegate", "Photographer", "tomorrow", "Listen", "“quoted”,", "“said”"]
    {
        assert!(text.to_lowercase().contains(&word.to_lowercase()), "{word}: {text}");
    }
    let plain = "One paragraph,\nof two lines.\n\nAnother & <more>.";
    assert_eq!(render(&read(Format::Text, plain).blocks).text, plain);
}

#[test]
fn common_blocks_are_markdown_and_not_html_in_it() {
    let sent = "## Heading\n\nWords with **strong** and *em* and [a link](<https://example.com/>).\n\n- one\n- two\n\n> Said\n\n| A | B |\n| --- | --- |\n| c | d |\n\n```rust\nfn a() {}\n```\n\n***";
    let parsed = read(Format::Markdown, sent);
    let kinds: Vec<&str> = parsed.blocks.iter().map(|block| block.kind.as_str()).collect();
    assert_eq!(kinds, ["heading", "paragraph", "list", "quote", "table", "code", "divider"]);
    assert_eq!(render(&parsed.blocks).markdown, sent);
}

#[test]
fn portable_text_of_other_editors_is_read() {
    let sent = json!([
        { "_type": "block", "_key": "A9x", "style": "h1", "children": [{ "_type": "span", "text": "Title" }] },
        { "_type": "block", "_key": "b1", "style": "normal", "markDefs": [{ "_key": "l", "_type": "link", "href": "https://example.com/" }],
          "children": [{ "_type": "span", "text": "See ", "marks": [] }, { "_type": "span", "text": "this", "marks": ["strong", "l"] }, { "_type": "span", "text": " & that", "marks": ["strong"] }] },
        { "_type": "block", "_key": "x-5", "listItem": "bullet", "children": [{ "_type": "span", "text": "one" }] },
        { "_type": "block", "_key": "x-7", "listItem": "bullet", "children": [{ "_type": "span", "text": "two" }] },
        { "_type": "block", "_key": "b1", "listItem": "number", "children": [{ "_type": "span", "text": "three" }] }
    ]);
    let blocks = read(Format::PortableText, sent).blocks;
    assert_eq!(
        said(&blocks),
        [
            json!({ "type": "heading", "level": 2, "content": "Title" }),
            json!({ "type": "paragraph", "content": "See <strong><a href=\"https://example.com/\">this</a> &amp; that</strong>" }),
            json!({ "type": "list", "ordered": false, "items": ["one", "two"] }),
            json!({ "type": "list", "ordered": true, "items": ["three"] }),
        ]
    );
    assert_eq!(blocks[1].id, "b1");
}

#[test]
fn nothing_of_a_structure_is_glued_or_lost() {
    let sent = "<ul>loose<li><p>a</p><p>b</p><ul><li>c</li></ul></li></ul>\
        <blockquote>d<p>e</p>f<footer>g</footer></blockquote>\
        <table><caption>h</caption><tr><td><div>i</div><div>j</div></td></tr></table>\
        <figure><img src=\"https://m.example/1.jpg\"><img src=\"https://m.example/2.jpg\"><figcaption>k</figcaption></figure>\
        <dl><dt>l</dt><dd>m</dd></dl><p>n<img src=\"https://m.example/3.jpg\"></p>x<em><b> y</b></em>";
    assert_eq!(
        said(&html(sent).blocks),
        [
            json!({ "type": "list", "ordered": false, "items": ["loose", "a<br>b", "c"] }),
            json!({ "type": "quote", "content": "d<br>e<br>f", "cite": "g" }),
            json!({ "type": "paragraph", "content": "h" }),
            json!({ "type": "table", "header": false, "rows": [["i<br>j"]] }),
            json!({ "type": "image", "url": "https://m.example/1.jpg", "alt": "" }),
            json!({ "type": "image", "url": "https://m.example/2.jpg", "alt": "" }),
            json!({ "type": "paragraph", "content": "k" }),
            json!({ "type": "paragraph", "content": "l" }),
            json!({ "type": "paragraph", "content": "m" }),
            json!({ "type": "paragraph", "content": "n" }),
            json!({ "type": "image", "url": "https://m.example/3.jpg", "alt": "" }),
            json!({ "type": "paragraph", "content": "x <em><strong>y</strong></em>" }),
        ]
    );
}

#[test]
fn faults_point_at_what_is_wrong() {
    let sent = json!([{ "type": "Paragraph" }, { "type": "image" }, { "type": "heading", "content": "a", "level": 9 }, 4,
        { "type": "list", "items": [] }, { "type": "embed", "url": "javascript:alert(1)" }]);
    let faults = parse(Format::Blocks, &sent, &[]).expect_err("faults");
    let text = format!("{faults:?}");
    for place in ["/0/type", "/1/url", "/2/level", "\"/3\"", "/4/items", "/5/url"] {
        assert!(text.contains(place), "{place}: {text}");
    }
    assert!(parse(Format::Html, &json!([]), &[]).is_err());
    assert!(parse(Format::Blocks, &json!("<p>a</p>"), &[]).is_err());
    assert!(parse(Format::PortableText, &json!([{ "text": "a" }]), &[]).is_err());
}
