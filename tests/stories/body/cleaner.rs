//! What must not come through, and what must.

use std::collections::{HashMap, HashSet};

use dateline::rules::body::{Format, render};
use serde_json::json;

use super::{codes, html, line, read, said};

/// Tags and attributes that a rendered body may have.
pub(super) fn is_harmless(html: &str) -> bool {
    let tags = "a abbr aside audio blockquote br cite code div em figcaption figure h2 h3 h4 h5 h6 hr img li mark nav ol p pre q \
        s section span strong sub sup table tbody td th time tr u ul";
    let attributes = [
        ("a", "href title"),
        ("abbr", "title"),
        ("span", "lang dir"),
        ("time", "datetime"),
        ("img", "src alt width height"),
        ("code", "class"),
    ];
    let attributes: HashMap<&str, HashSet<&str>> =
        attributes.into_iter().map(|(tag, names)| (tag, names.split(' ').collect())).collect();
    let mut cleaner = ammonia::Builder::empty();
    cleaner
        .tags(tags.split_whitespace().collect())
        .tag_attributes(attributes)
        .generic_attributes(["data-block", "data-payload"].into())
        .url_schemes(["http", "https", "mailto", "tel"].into())
        .url_relative(ammonia::UrlRelative::PassThrough)
        .strip_comments(true)
        .link_rel(None);
    // What it would take out makes the text shorter than what the same parser writes when it takes out nothing.
    let kept = cleaner.clean(html).to_string();
    let count = |text: &str, what: &str| text.matches(what).count();
    ["<", "=\"", "href=", "src=", "data-payload="].iter().all(|what| {
        // The parser adds <tbody>.
        count(html, what) == count(&kept.replace("<tbody>", "").replace("</tbody>", ""), what)
    })
}

#[track_caller]
fn gone(sent: &str, words: &str) {
    for format in [Format::Html, Format::Markdown] {
        let parsed = read(format, sent);
        let renditions = render(&parsed.blocks);
        assert!(is_harmless(&renditions.html), "{sent}\n-> {}", renditions.html);
        if format == Format::Html {
            let shown: String = renditions.text.split_whitespace().collect();
            assert_eq!(shown, words.split_whitespace().collect::<String>(), "{sent}\n-> {}", renditions.html);
        }
    }
}

#[test]
fn scripts_and_handlers_are_gone() {
    gone("<p>a<script>alert(1)</script>b</p>", "ab");
    gone("<p onclick=alert(1)>a <b onmouseover='x'>b</b></p>", "ab");
    gone("<img src=x onerror=alert(1)>", "");
    gone("<body onload=alert(1)><p>a", "a");
    gone("<svg onload=alert(1)><script>alert(1)</script></svg>a", "a");
    gone(
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>a",
        "a",
    );
    gone(
        "<style>@import 'x'</style><link rel=stylesheet href=x><base href=//evil><meta http-equiv=refresh content=0>a",
        "a",
    );
    gone(
        "<form action=x><input name=a><button>go</button></form><select><option>b</select><textarea>c</textarea>a",
        "a",
    );
    gone(
        "<object data=x><embed src=y></object><applet code=z></applet><iframe srcdoc='<script>x</script>'></iframe>a",
        "a",
    );
    gone("<p>a<a xlink:href='javascript:x' href=x:y>b</a></p>", "ab");
}

#[test]
fn markup_that_changes_when_it_is_parsed_again_is_only_text() {
    gone("<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>a", "\">a");
    gone("<title><a href=\"</title><img src=x onerror=alert(1)>\"></a></title>a", "\">a");
    gone("<textarea><img title=\"</textarea><img src=x onerror=alert(1)>\"></textarea>a", "\">a");
    gone("<style><a title=\"</style><img src=x onerror=alert(1)>\"></style>a", "\">a");
    gone("<math><mi><p><style><!--</style><img title=\"--><img src=x onerror=alert(1)>\"></p></mi></math>a", "a");
    gone(
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)></style></mglyph></form>",
        "",
    );
    gone("<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">a", "\">a");
    gone("<xmp><img src=x onerror=alert(1)></xmp>", "<img src=x onerror=alert(1)>");
    gone("<!--[if IE]><script>x</script><![endif]-->a<!--><img src=x onerror=alert(1)>-->", "a-->");
    gone("<![CDATA[<script>x</script>]]>a", "x]]>a");
    gone("<p>1 &lt; 2 &amp;lt; &lt;script&gt;x&lt;/script&gt;</p>", "1<2&lt;<script>x</script>");
}

#[test]
fn links_lead_to_the_web_or_to_paths_and_nowhere_else() {
    for bad in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#10;script:alert(1)",
        " javascript:alert(1)",
        "&#1;javascript:alert(1)",
        "javascript&colon;alert(1)",
        "jav&Tab;ascript:x",
        "data:text/html,<script>x</script>",
        "vbscript:x",
        "blob:x",
        "file:///etc/passwd",
        "//evil.example",
        "\\\\evil.example",
        "/\\evil.example",
        "http:\\\\evil.example",
        "https:evil.example",
        "https:///evil.example",
        "http://",
        "mailto:",
        "x:y",
        "",
    ] {
        assert_eq!(line(&format!("a <a href=\"{bad}\">b</a>")), "a b", "{bad}");
    }
    for good in [
        "https://example.com/?a=1&amp;b=2#c",
        "http://user@example.com:8080",
        "mailto:desk@example.com",
        "tel:+49301234",
        "/a/b",
        "#note",
        "?page=2",
        "a/b:c",
    ] {
        let link = format!("<a href=\"{good}\">b</a>");
        assert_eq!(line(&link), link);
    }
}

#[test]
fn attributes_are_those_of_the_list_with_plausible_values() {
    assert_eq!(
        line("<span lang=de dir=RTL class=x style='color:red' id=y data-z=1>a</span>"),
        "<span dir=\"rtl\" lang=\"de\">a</span>"
    );
    for bad in ["dir=up", "lang='\"><script>'", "lang=x", "lang='de de'", "lang=''", "title=t"] {
        assert_eq!(line(&format!("<span {bad}>a</span>")), "a", "{bad}");
    }
    for bad in ["tomorrow", "javascript:x", "<b>", ""] {
        assert_eq!(line(&format!("<time datetime=\"{bad}\">a</time>")), "<time>a</time>", "{bad}");
    }
    for good in ["2026-01-05", "09:00", "2026-01-05T09:00:00.000+01:00", "2026-W02", "P1DT2H"] {
        let time = format!("<time datetime=\"{good}\">a</time>");
        assert_eq!(line(&time), time);
    }
    assert_eq!(
        line("<a href=/x title='a\"b\n&lt;' target=_blank rel=noopener download ping=/y>a</a>"),
        "<a href=\"/x\" title=\"a&quot;b &lt;\">a</a>"
    );
}

#[test]
fn lines_have_one_spelling() {
    for (sent, cleaned) in [
        (" a  <b> b </b> c ", "a <strong>b</strong> c"),
        ("<i>a</i><em> b</em>", "<em>a</em> <em>b</em>"),
        ("<em><em>a</em></em>", "<em>a</em>"),
        ("<em> </em>a<em></em>", "a"),
        ("<br>a<br><br>b<br>", "a<br><br>b"),
        ("a<em><b> b</b></em>", "a <em><strong>b</strong></em>"),
        ("<em>a<br></em>b", "<em>a</em><br>b"),
        ("<p>a</p><p>b</p>", "a<br>b"),
        ("<a href=/x>a<table><tr><td><a href=/y>b</a></td></tr></table></a>", "<a href=\"/x\">a<br>b</a>"),
        ("<font color=red>a</font><small>b</small>", "ab"),
        ("a&nbsp;b \u{a0}c", "a\u{a0}b \u{a0}c"),
        ("a\u{0}b\u{7}c\u{85}d", "abcd"),
        ("“a” 'b' \"c\" – &mdash; &eacute;", "“a” 'b' \"c\" – — é"),
    ] {
        let once = line(sent);
        assert_eq!(once.replace('\u{fffd}', ""), cleaned, "{sent}");
        assert_eq!(line(&once), once, "{sent}");
    }
}

#[test]
fn tracking_pixels_and_foreign_images_go_with_a_warning() {
    for sent in [
        "<img src=https://t.example/p.gif width=1 height=1>",
        "<img src=https://t.example/p.gif height='0px'>",
        "<img src=data:image/gif;base64,R0>",
        "<img srcset='https://a.example/x 2x'>",
        "<img src=/local.png>",
    ] {
        let parsed = html(&format!("<p>a {sent}</p>"));
        assert_eq!(said(&parsed.blocks), [json!({ "type": "paragraph", "content": "a" })], "{sent}");
        assert!(codes(&parsed).iter().any(|code| *code == "tracking_removed" || *code == "element_removed"), "{sent}");
    }
}

#[test]
fn payloads_are_escaped_and_addresses_in_them_checked_however_deep() {
    let sent = json!([
        { "type": "mystery", "content": "a<script>x</script> <em>b</em>", "deep": { "text": "\"><script>alert(1)</script>" }, "caption": "<img src=x onerror=y><b>c</b>" },
        { "type": "gallery", "images": [{ "url": "https://m.example/\"onerror=\"x", "alt": "\"><script>x</script>", "caption": "<script>x</script>c" }] },
        { "type": "link_list", "title": "<script>x</script>", "links": [{ "href": "/a\"onclick=\"x", "title": "<b>t</b>" }] },
        { "type": "code", "content": "</code></pre><script>x</script>", "language": "x\" onclick=\"y" },
        { "type": "key_event", "title": "<i>t</i>", "at": "<script>x</script>" },
        { "type": "related_link", "label": "<b>l</b>", "title": "<script>x</script>", "href": "/a'b" }
    ]);
    let blocks = read(Format::Blocks, sent).blocks;
    for block in &blocks {
        assert!(is_harmless(&block.html), "{}", block.html);
        assert!(!block.html.contains("<script") && !block.html.contains("\" on"), "{}", block.html);
    }
    for (kind, sent) in [
        ("gallery", json!({ "images": [{ "url": "javascript:x" }] })),
        ("link_list", json!({ "links": [{ "href": "javascript:x", "title": "t" }] })),
        ("embed", json!({ "url": "//evil.example" })),
        ("video", json!({ "url": "https://a.example/v", "poster": "data:x" })),
        ("mystery", json!({ "a": [{ "b": { "href": "vbscript:x" } }] })),
    ] {
        let mut block = sent;
        block["type"] = json!(kind);
        assert!(dateline::rules::body::parse(Format::Blocks, &json!([block]), &[]).is_err(), "{kind}");
    }
}

#[test]
fn a_declared_block_of_a_stranger_is_read_as_strictly_and_must_say_what_it_shows() {
    let declared = |payload: &str, inside: &str| {
        let payload = payload.replace('"', "&quot;");
        html(&format!("<div data-block=\"mystery\" data-payload=\"{payload}\">{inside}</div>"))
    };
    let fine = declared(r#"{"content":"a <script>x</script><b>b</b>","n":1}"#, "<p>a b</p>");
    assert_eq!(said(&fine.blocks), [json!({ "type": "mystery", "content": "a <strong>b</strong>", "n": 1 })]);
    for (payload, why) in [
        (r#"{"content":"hidden words"}"#, "shows something else"),
        (r#"{"href":"javascript:x"}"#, "bad address"),
        ("[1]", "no object"),
        ("{", "no JSON"),
    ] {
        let read = declared(payload, "<p>shown <em>words</em></p>");
        assert_eq!(said(&read.blocks), [json!({ "type": "paragraph", "content": "shown <em>words</em>" })], "{why}");
        assert!(codes(&read).contains(&"declaration_removed"), "{why}");
    }
    let nul = declared(r#"{"a\u0000b":"c","d":"e\u0000f"}"#, "");
    assert_eq!(said(&nul.blocks), [json!({ "type": "mystery", "d": "ef" })]);
}
