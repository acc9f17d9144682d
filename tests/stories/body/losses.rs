//! Nothing is taken out of a body in silence.

use dateline::rules::body::{Format, Parsed, parse, render};
use serde_json::{Value, json};

use super::{codes, html, line, read, said};

#[track_caller]
fn warned(parsed: &Parsed, code: &str, words: &str) {
    let found = parsed.warnings.iter().any(|warning| warning.code == code && warning.detail.contains(words));
    assert!(found, "no {code} of {words}: {:?}", parsed.warnings);
}

#[test]
fn html_tells_what_it_loses() {
    for (sent, code, words) in [
        ("<table><tr><td colspan=2>a<td>b</table>", "attribute_removed", "colspan on <td>"),
        ("<table><tr><td>a<td rowspan=2 class=x>b</table>", "attribute_removed", "rowspan on <td>"),
        ("<table><tr class=odd><td>a</table>", "attribute_removed", "class on <tr>"),
        ("<table><tbody id=b><tr><td>a</table>", "attribute_removed", "id on <tbody>"),
        ("<table><colgroup><col></colgroup><tr><td>a</table>", "element_removed", "<colgroup>"),
        ("<table><tr><th>a<td>b</table>", "header_removed", "<th>"),
        ("<table><!-- c --><tr><td>a</table>", "comment_removed", "comment"),
        ("<img src=https://m.example/a.jpg srcset='x 2x'>", "attribute_removed", "srcset on <img>"),
        ("<img src=https://m.example/a.jpg class=wide width=100%>", "attribute_removed", "a width on <img>"),
        ("<p>a <img src=https://m.example/a.jpg class=wide></p>", "attribute_removed", "class on <img>"),
        (
            "<figure><img src=https://m.example/a.jpg><figcaption class=c>b</figcaption></figure>",
            "attribute_removed",
            "class on <figcaption>",
        ),
        (
            "<figure><img src=https://m.example/a.jpg><figcaption>b <cite>c <b>d</b></cite></figcaption></figure>",
            "element_unwrapped",
            "<b>",
        ),
        ("<figure><a href=/x><img src=https://m.example/a.jpg></a></figure>", "link_removed", "no words"),
        ("<iframe src=https://v.example/1 class=x allowfullscreen></iframe>", "attribute_removed", "class on <iframe>"),
        ("<video src=https://v.example/1 controls></video>", "attribute_removed", "controls on <video>"),
        (
            "<video><source src=https://v.example/1><source src=https://v.example/2></video>",
            "element_removed",
            "<source> inside <video>",
        ),
        ("<video><source src=https://v.example/1 type=video/mp4></video>", "attribute_removed", "type on <source>"),
        ("<audio src=https://v.example/1><track src=x></audio>", "element_removed", "<track> inside <audio>"),
        ("<video src=https://v.example/1>Your browser is old</video>", "words_removed", "inside <video>"),
        ("<video src=https://v.example/1 poster=x></video>", "attribute_removed", "poster"),
        ("<p>a\u{7}b</p>", "character_removed", "U+0007"),
        ("<pre>a\u{7}b</pre>", "character_removed", "U+0007"),
        ("<p><a href=/x title='a\u{7}b'>c</a></p>", "character_removed", "U+0007"),
        ("<p><a>b</a></p>", "element_unwrapped", "<a> without an address"),
        ("<p><a href=/x rel=nofollow>b</a></p>", "attribute_removed", "rel on <a>"),
        ("<p><a href=/x></a>b</p>", "link_removed", "no words"),
        ("<p><em>a <em>b</em></em></p>", "element_unwrapped", "<em> inside <em>"),
        ("<p><kbd>a</kbd></p>", "element_renamed", "<kbd> became <code>"),
        ("<p><small>a</small></p>", "element_unwrapped", "<small>"),
        ("<p><font color=red>a</font></p>", "element_unwrapped", "<font>"),
        ("<h1>a</h1>", "heading_lowered", "<h1> became <h2>"),
        ("<aside>a</aside>", "element_unwrapped", "<aside>"),
        ("<dl><dt>a<dd>b</dl>", "element_unwrapped", "<dt>"),
        ("<ol start=3><li value=4>a</ol>", "attribute_removed", "value on <li>"),
        ("<ul><li>a<ol type=a><li>b</ol></ul>", "attribute_removed", "type on <ol>"),
        ("<ul><li>a<li></ul>", "spacer_removed", "list item"),
        ("<blockquote>a<footer class=x>b</footer></blockquote>", "attribute_removed", "class on <footer>"),
        ("<pre class=x>a</pre>", "attribute_removed", "class on <pre>"),
        ("<pre><code class='language-c hl'>a</code></pre>", "attribute_removed", "class on <code>"),
        ("<pre><code>a <b>b</b></code></pre>", "element_unwrapped", "<b>"),
        ("<hr class=x>", "attribute_removed", "class on <hr>"),
        ("<p>Also on: <a href=/x class=y title=z>b</a></p>", "attribute_removed", "title on <a>"),
        ("<p>Also on: <a href=/x><em>b</em></a></p>", "element_unwrapped", "<em>"),
        (
            "<div data-block=x data-payload='{\"content\":\"a\"}' class=y><p>a</p></div>",
            "attribute_removed",
            "class on <div>",
        ),
        ("<div data-block=x data-payload='{\"content\":\"a\"}'><p>a</p></div>", "", ""),
        ("<div data-block=x data-payload='{\"content\":\"a\"}'><p><em>a</em></p></div>", "markup_ignored", "payload"),
        (
            "<div data-block=x data-payload='{\"content\":\"<i class=y>a</i>\"}'><p><em>a</em></p></div>",
            "attribute_removed",
            "class on <em>",
        ),
    ] {
        let parsed = html(&format!("<p>before</p>{sent}"));
        if code.is_empty() {
            assert_eq!(codes(&parsed), [""; 0], "{sent}");
        } else {
            warned(&parsed, code, words);
        }
    }
}

/// Whatever element and attribute: what is not in the answer is in the warnings.
#[test]
fn no_element_loses_its_words_or_its_attributes_in_silence() {
    let elements = "a abbr acronym address article aside audio b bdi bdo big blockquote button canvas center cite code \
        data dd del details dfn dialog div dl dt em embed fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 \
        header i iframe ins kbd label legend li main map mark math menu nav noscript object ol p picture pre q rp rt \
        ruby s samp section select small span strike strong style sub summary sup svg table template textarea time \
        title tt u ul unknown-element var video";
    let attributes = "align alt cite class color colspan controls data-x datetime dir height href id lang name onclick \
        poster rel size src srcset start style title type value width";
    for element in elements.split_whitespace() {
        for attribute in attributes.split_whitespace() {
            let plain = format!("<p>before</p><{element} {attribute}=\"zq7\">words</{element}>");
            let listed = format!("<ul><li>before<{element} {attribute}=\"zq7\">words</{element}></ul>");
            let quoted = format!("<blockquote>before<{element} {attribute}=\"zq7\">words</{element}></blockquote>");
            let celled = format!("<table><tr><td>before<{element} {attribute}=\"zq7\">words</{element}></table>");
            let figure = "<figure><img src=\"https://m.example/a.jpg\"><figcaption>";
            let shown = format!("{figure}before<{element} {attribute}=\"zq7\">words</{element}></figcaption></figure>");
            for sent in [plain, listed, quoted, celled, shown] {
                let parsed = html(&sent);
                let made = render(&parsed.blocks).html;
                let kept = made.contains("words") && made.contains("zq7");
                assert!(kept || !parsed.warnings.is_empty(), "{sent}\n-> {made}");
            }
        }
    }
}

#[test]
fn markdown_tells_what_it_loses() {
    for (sent, code, words) in [
        ("# Title\n\nWords", "heading_lowered", "<h1>"),
        ("```rust ignore\nfn a() {}\n```", "attribute_removed", "on <code>"),
        ("| a | b |\n| --: | --- |\n| c | d |", "attribute_removed", "align on <th>"),
        ("3. three\n4. four", "attribute_removed", "start on <ol>"),
        ("- a\n  - b", "list_flattened", "a list inside"),
        ("a\u{7}b", "character_removed", "U+0007"),
    ] {
        warned(&read(Format::Markdown, sent), code, words);
    }
    let plain = "Words with **strong** and *em* and [a link](<https://example.com/>).\n\n```rust\nfn a() {}\n```";
    assert_eq!(codes(&read(Format::Markdown, plain)), [""; 0]);
}

#[test]
fn what_html_does_not_have_stands_in_its_line() {
    for (sent, kept) in [
        ("<p>one <my-tag>two</my-tag> three</p>", "<p>one two three</p>"),
        ("<p>a<blink>b</blink>c</p>", "<p>abc</p>"),
        ("one<o:p></o:p> two", "<p>one two</p>"),
        ("a <x-y>b</x-y> <em>c</em>", "<p>a b <em>c</em></p>"),
        ("<x-y><p>a</p><p>b</p></x-y>", "<p>a</p>\n<p>b</p>"),
        ("a<aside>b</aside>c", "<p>a</p>\n<p>b</p>\n<p>c</p>"),
    ] {
        assert_eq!(render(&read(Format::Html, sent).blocks).html, kept, "{sent}");
    }
    warned(&read(Format::Html, "<p>one <my-tag>two</my-tag></p>"), "element_unwrapped", "<my-tag>");
}

#[test]
fn text_tells_of_spaces_that_become_one() {
    warned(&read(Format::Text, "One.\n\ntwo  spaces"), "spaces_joined", "after block 1");
    warned(&read(Format::Text, "a\ttab"), "spaces_joined", "a tab");
    assert_eq!(codes(&read(Format::Text, "  One space \nat the ends. ")), [""; 0]);
}

#[test]
fn text_tells_of_characters_that_nobody_sees() {
    let parsed = read(Format::Text, "One.\n\nTwo\u{7}.\r\nThree & <four>.");
    assert_eq!(render(&parsed.blocks).text, "One.\n\nTwo.\nThree & <four>.");
    warned(&parsed, "character_removed", "after block 1");
    assert_eq!(codes(&parsed), ["character_removed"]);
}

#[test]
fn blocks_tell_what_they_lose() {
    let sent = json!([
        { "type": "code", "content": "a\u{7}\r\nb", "language": "c\u{9}d\u{8}", "no\u{1}te": "x" },
        { "type": "paragraph", "content": "c <script>d</script>", "note": { "deep": ["e\u{1b}"], "o\u{7f}dd": "y" } },
    ]);
    let parsed = read(Format::Blocks, sent);
    assert_eq!(
        said(&parsed.blocks),
        [
            json!({ "type": "code", "content": "a\nb", "language": "c\td" }),
            json!({ "type": "paragraph", "content": "c", "note": { "deep": ["e"] } }),
        ]
    );
    for character in ["U+0007", "U+0008", "U+001B"] {
        warned(&parsed, "character_removed", character);
    }
    for name in [r"no\u{1}te", r"o\u{7f}dd"] {
        warned(&parsed, "member_removed", name);
    }
    warned(&parsed, "element_removed", "<script>");
}

#[test]
fn html_of_a_block_is_made_anew_and_an_edit_of_it_is_not_lost_in_silence() {
    let made = read(Format::Blocks, json!([{ "type": "paragraph", "content": "Words" }])).blocks;
    let mut sent = serde_json::to_value(&made).expect("JSON");
    let back = |sent: &Value| parse(Format::Blocks, sent, &made).expect("readable");
    assert_eq!(codes(&back(&sent)), [""; 0]);
    sent[0]["content"] = json!("Other words");
    assert_eq!(codes(&back(&sent)), [""; 0], "the html that was answered before says nothing new");
    sent[0]["html"] = json!("<p>Words of my own</p>");
    let edited = back(&sent);
    assert_eq!(codes(&edited), ["html_ignored"]);
    assert_eq!(edited.blocks[0].html, "<p>Other words</p>");
    sent[0]["html"] = json!(7);
    assert!(parse(Format::Blocks, &sent, &made).is_err());
}

fn portable(items: Value) -> Parsed {
    read(Format::PortableText, items)
}

#[test]
fn portable_text_keeps_what_can_be_kept_and_tells_the_rest() {
    let span = |text: &str| json!({ "_type": "span", "_key": "s", "text": text, "marks": [] });
    let parsed = portable(json!([
        { "_type": "block", "_key": "a", "style": "normal", "children": [span("a")], "dropCap": true },
        { "_type": "block", "_key": "b", "listItem": "bullet", "level": 1, "children": [span("b")] },
        { "_type": "block", "_key": "c", "listItem": "bullet", "level": 2, "children": [span("c")] },
        { "_type": "stock_ticker", "_key": "d", "symbol": "NI" },
    ]));
    assert_eq!(
        said(&parsed.blocks),
        [
            json!({ "type": "paragraph", "content": "a", "dropCap": true }),
            json!({ "type": "list", "ordered": false, "items": ["b", "c"] }),
            json!({ "type": "stock_ticker", "symbol": "NI" }),
        ]
    );
}

#[test]
fn portable_text_tells_what_it_loses() {
    let span = |text: &str| json!({ "_type": "span", "text": text });
    let with = |member: &str, value: Value| {
        let mut item = json!({ "_type": "block", "_key": "a", "style": "normal", "children": [span("words")] });
        item[member] = value;
        item
    };
    let link = json!([{ "_key": "l", "_type": "link", "href": "/x", "blank": true }]);
    let mut linked = with("children", json!([{ "_type": "span", "text": "a", "marks": ["l"] }]));
    linked["markDefs"] = link;
    let mut internal = with("children", json!([{ "_type": "span", "text": "a", "marks": ["r"] }]));
    internal["markDefs"] = json!([{ "_key": "r", "_type": "internalLink", "reference": "x" }]);
    let mut deep = with("listItem", json!("bullet"));
    deep["level"] = json!(2);
    let mut styled = with("listItem", json!("bullet"));
    styled["style"] = json!("h2");
    let mut more = with("listItem", json!("bullet"));
    more["checked"] = json!(true);
    for (item, code, words) in [
        (deep, "list_flattened", "inside a list"),
        (styled, "style_removed", "\"h2\""),
        (more, "member_removed", "checked"),
        (with("listItem", json!("checkbox")), "list_changed", "checkbox"),
        (with("style", json!("lede")), "style_removed", "\"lede\""),
        (with("style", json!("h1")), "heading_lowered", "level 1"),
        (with("style", json!("h9")), "heading_lowered", "level 9"),
        (with("level", json!(3)), "member_removed", "level"),
        (with("content", json!("other words")), "member_removed", "content"),
        (with("_key", json!("A9x")), "key_replaced", "_key"),
        (with("children", json!([span("a"), { "_type": "reference", "_ref": "x" }])), "inline_removed", "reference"),
        (with("children", json!([span("a"), { "_type": "span", "text": 4 }])), "inline_removed", "span"),
        (with("children", json!([{ "_type": "span", "text": "a", "colour": "red" }])), "member_removed", "colour"),
        (
            with("children", json!([{ "_type": "span", "text": "a", "marks": ["highlight"] }])),
            "mark_removed",
            "highlight",
        ),
        (linked, "member_removed", "blank of a mark"),
        (internal, "mark_removed", "internalLink"),
        (with("children", json!([span("a\u{7}b")])), "character_removed", "U+0007"),
    ] {
        warned(&portable(json!([item])), code, words);
    }
    let fine = with("markDefs", json!([]));
    assert_eq!(codes(&portable(json!([fine]))), [""; 0]);
}

#[test]
fn what_has_one_spelling_only_is_no_loss() {
    for sent in ["<b>a</b> <i>b</i>", "<div>a</div><div>b</div>", "a&nbsp;b  c\n d"] {
        let parsed = html(&format!("<p>{sent}</p>"));
        assert!(!codes(&parsed).iter().any(|code| code.starts_with("element")), "{sent}: {:?}", parsed.warnings);
        assert!(!line(sent).is_empty());
    }
}

#[test]
fn a_film_inside_of_a_line_is_an_embed_after_it() {
    let film = "<iframe src=\"https://www.youtube-nocookie.com/embed/1\" title=\"The film\"></iframe>";
    let embed = json!({ "type": "embed", "url": "https://www.youtube-nocookie.com/embed/1", "title": "The film" });
    let words = |text: &str| json!({ "type": "paragraph", "content": text });
    let image = json!({ "type": "image", "url": "https://m.example/a.jpg", "alt": "", "caption": "b" });
    for (sent, blocks) in [
        (film.to_owned(), vec![embed.clone()]),
        (format!("<p>{film}</p>"), vec![embed.clone()]),
        (format!("<p>Before {film}after</p><p>Last</p>"), vec![words("Before after"), embed.clone(), words("Last")]),
        (
            format!("<ul><li>One {film}</li></ul>"),
            vec![json!({ "type": "list", "ordered": false, "items": ["One"] }), embed.clone()],
        ),
        (
            format!("<figure><img src=https://m.example/a.jpg><figcaption>b {film}</figcaption>c</figure>"),
            vec![image, embed, words("c")],
        ),
    ] {
        let parsed = html(&sent);
        assert_eq!(said(&parsed.blocks), blocks, "{sent}");
        assert_eq!(codes(&parsed), Vec::<&str>::new(), "{sent}");
    }
    warned(&html("<p>a<iframe src=http://v.example/1></iframe></p>"), "element_removed", "<iframe> without an https");
    let inline = read(Format::Blocks, json!([{ "type": "quote", "content": format!("a {film}") }]));
    warned(&inline, "element_removed", "<iframe> inside a line");
}
