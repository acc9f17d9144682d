//! Laws of bodies, tried on tag soup and on generated blocks.

use dateline::rules::body::{Format, parse, render};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{html, line, read, said, words};

const NASTY: &[&str] = &[
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<i>",
    "</i>",
    "<em>",
    "</em>",
    "<strong> ",
    " </strong>",
    "<a href=/x>",
    "<a href='javascript:y' title=\"z\">",
    "</a>",
    "<br>",
    "<div>",
    "</div>",
    "<table>",
    "<tr>",
    "<td>",
    "</td>",
    "</table>",
    "<ul>",
    "<li>",
    "</ul>",
    "<ol>",
    "</ol>",
    "<blockquote>",
    "</blockquote>",
    "<cite>",
    "</cite>",
    "<q>",
    "</q>",
    "<sub>",
    "</sub>",
    "<span lang=de>",
    "<span>",
    "</span>",
    "<code>",
    "</code>",
    "<pre>",
    "</pre>",
    "<h1>",
    "<h3>",
    "</h3>",
    "<figure>",
    "</figure>",
    "<figcaption>",
    "</figcaption>",
    "<hr>",
    "<img src=https://a.example/b.jpg alt='x'>",
    "<img src=x width=1>",
    "<script>",
    "</script>",
    "<style>",
    "</style>",
    "<svg>",
    "</svg>",
    "<math>",
    "<mtext>",
    "<mglyph>",
    "</math>",
    "<noscript>",
    "</noscript>",
    "<title>",
    "</title>",
    "<textarea>",
    "</textarea>",
    "<template>",
    "</template>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<marquee>",
    "</marquee>",
    "<button>",
    "<select>",
    "<option>",
    "</select>",
    "<form>",
    "</form>",
    "<iframe src=https://v.example/1>",
    "</iframe>",
    "<video src=https://v.example/2>",
    "</video>",
    "<time datetime=2026-01-05>",
    "</time>",
    "<abbr title='a b'>",
    "</abbr>",
    "<u>",
    "</u>",
    "<s>",
    "</s>",
    "<mark>",
    "</mark>",
    "&",
    "&lt;",
    "&amp;",
    "&nbsp;",
    "&#0;",
    "<",
    ">",
    "\"",
    "'",
    " ",
    "\n",
    "\t",
    "a",
    "word ",
    " two words",
    "Also on DL: ",
    "1. ",
    "- ",
    "* ",
    "_",
    "# ",
    "\\",
    "`",
    "| ",
    "é",
    "漢字",
    "\u{200f}",
    "\u{0}",
    "😀",
    "<p data-block=related_link>",
    "<div data-block=x data-payload='{\"content\":\"a\"}'>",
    "<aside data-block=callout data-payload='{\"title\":\"a\",\"content\":\"b\"}'>",
    "</aside>",
    "By A B",
    "editing by C D",
    "<a>",
    "<ruby>",
    "<rt>",
    "</ruby>",
];

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(NASTY), 0..40).prop_map(|parts| parts.concat())
}

/// Words and marks that could be read as markup.
fn phrase() -> impl Strategy<Value = String> {
    let part = prop::sample::select(
        &[
            "a",
            "Japan",
            "1.",
            "2)",
            "-",
            "+",
            "=",
            "*",
            "**",
            "_",
            "#",
            "##",
            "`",
            "|",
            "&amp;",
            "&lt;",
            "&gt;",
            "\\",
            "[x]",
            "(y)",
            "!",
            "~",
            "é",
            "漢字",
            "https://a.example",
            "<em>b</em>",
            "<strong>c d</strong>",
            "<a href=\"/x\">e</a>",
            "<code>f*</code>",
            "<q>g</q>",
            "<br>",
            "<s>h</s>",
            "<sub>2</sub>",
            "<span lang=\"de\">i</span>",
            "Note:",
            "***",
            "---",
            "&amp;amp;",
            "<abbr title=\"j\">k</abbr>",
            "\"",
            "'",
        ][..],
    );
    prop::collection::vec((part, prop::bool::ANY), 1..12).prop_map(|parts| {
        parts
            .into_iter()
            .map(|(part, apart)| if apart { format!("{part} ") } else { part.to_owned() })
            .collect::<String>()
    })
}

fn block() -> impl Strategy<Value = Value> {
    let spare = || phrase().prop_map(|words| format!("x {words}"));
    prop_oneof![
        spare().prop_map(|words| json!({ "type": "paragraph", "content": words })),
        (spare(), 2..7u8).prop_map(|(words, level)| json!({ "type": "heading", "content": words, "level": level })),
        (prop::collection::vec(phrase(), 1..4), prop::bool::ANY)
            .prop_map(|(items, ordered)| json!({ "type": "list", "items": items, "ordered": ordered })),
        (spare(), phrase()).prop_map(|(words, cite)| json!({ "type": "quote", "content": words, "cite": cite })),
        (prop::collection::vec(prop::collection::vec(phrase(), 1..4), 1..4), prop::bool::ANY)
            .prop_map(|(rows, header)| json!({ "type": "table", "rows": rows, "header": header })),
        "[ -~\n\t]{1,40}"
            .prop_filter("says something", |code| !code.trim().is_empty())
            .prop_map(|code| json!({ "type": "code", "content": code })),
        ("\\PC{1,12}", "\\PC{0,12}").prop_filter("has a title", |(title, _)| !title.trim().is_empty()).prop_map(
            |(title, label)| json!({ "type": "related_link", "title": title, "label": label, "href": "/a/b" })
        ),
        ("\\PC{0,12}", phrase()).prop_map(
            |(alt, caption)| json!({ "type": "image", "url": "https://a.example/b", "alt": alt, "caption": caption })
        ),
        ("\\PC{0,12}", spare())
            .prop_map(|(title, words)| json!({ "type": "callout", "title": title, "content": words })),
        (phrase(), "\\PC{0,12}")
            .prop_map(|(words, more)| json!({ "type": "hologram", "content": words, "more": { "text": more } })),
        Just(json!({ "type": "divider" })),
    ]
}

proptest! {
    #![proptest_config(crate::stories::tried())]

    #[test]
    fn html_is_a_fixed_point_after_the_first_pass(sent in soup()) {
        let first = html(&sent);
        let once = render(&first.blocks).html;
        let again = parse(Format::Html, &Value::from(once.clone()), &first.blocks).expect("readable");
        // A credit at the end may follow one that was taken off already.
        if again.credit.is_none() {
            prop_assert_eq!(said(&again.blocks), said(&first.blocks));
            prop_assert_eq!(render(&again.blocks).html, once);
            prop_assert_eq!(again.blocks, first.blocks);
        }
    }

    #[test]
    fn cleaning_twice_is_cleaning_once(sent in soup()) {
        let once = line(&sent);
        prop_assert_eq!(line(&once), once);
    }

    #[test]
    fn any_text_is_read_in_any_form(sent in "\\PC{0,200}", soup in soup()) {
        for text in [sent, soup] {
            for format in [Format::Html, Format::Markdown, Format::Text] {
                let parsed = read(format, text.as_str());
                let renditions = render(&parsed.blocks);
                let back = read(Format::Text, renditions.text.as_str());
                let again = render(&back.blocks).text;
                prop_assert_eq!(words(&again), words(&renditions.text));
            }
        }
    }

    #[test]
    fn blocks_survive_every_form(sent in prop::collection::vec(block(), 1..6)) {
        let blocks = read(Format::Blocks, Value::Array(sent)).blocks;
        let renditions = render(&blocks);
        for (format, content) in [
            (Format::Html, Value::from(renditions.html)),
            (Format::Markdown, Value::from(renditions.markdown)),
            (Format::PortableText, renditions.portable_text),
            (Format::Blocks, serde_json::to_value(&blocks).expect("JSON")),
        ] {
            let back = parse(format, &content, &blocks).expect("readable");
            if back.credit.is_none() {
                prop_assert_eq!(said(&back.blocks), said(&blocks), "{}: {}", format, content);
                prop_assert!(back.warnings.is_empty(), "{}: {}: {:?}", format, content, back.warnings);
                prop_assert_eq!(&back.blocks, &blocks);
            }
        }
    }
}
