//! What search engines read: schema.org in JSON-LD.

use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::scene::Scene;
use super::views::{ArticleCard, Byline};
use crate::base::clock::Timestamp;
use crate::base::error::{Error, Result};
use crate::rules::article::{BylineRole, SourceRole};
use crate::rules::published::{Corrected, Rest};
use crate::store::directory::KnownRegion;

/// A `NewsArticle`, or what else the type of the article is called there.
///
/// # Errors
/// 500 when it cannot be written.
pub fn article(
    card: &ArticleCard,
    bylines: &[Byline],
    rest: &Rest,
    corrections: &[Corrected],
    canonical_url: &str,
    scene: &Scene<'_>,
) -> Result<Box<RawValue>> {
    let mut about = json!({
        "@context": "https://schema.org",
        "@type": kind(&card.r#type),
        "@id": canonical_url,
        "url": canonical_url,
        "mainEntityOfPage": { "@type": "WebPage", "@id": canonical_url },
        "headline": card.headline,
        "datePublished": card.published_at,
        "dateModified": card.modified_at.unwrap_or(card.published_at),
        "inLanguage": card.language,
        "wordCount": rest.word_count,
        "isAccessibleForFree": true,
        "publisher": {
            "@type": "NewsMediaOrganization",
            "name": scene.settings.site_publisher,
            "url": scene.url("/"),
        },
    });
    let mut add = |name: &str, value: Value| {
        if let Some(object) = about.as_object_mut() {
            object.insert(name.to_owned(), value);
        }
    };
    if !card.summary.is_empty() {
        add("description", json!(card.summary));
    }
    if let Some(region) = &card.primary_region {
        add("articleSection", json!(region.name));
    }
    if !card.topics.is_empty() {
        add("keywords", card.topics.iter().map(|topic| topic.name.as_str()).collect());
    }
    if let Some(hero) = &card.hero {
        let image = json!({
            "@type": "ImageObject", "url": hero.url, "width": hero.width, "height": hero.height,
            "caption": hero.caption, "creditText": hero.credit_line,
        });
        add("image", image);
    }
    let people = |wanted: fn(BylineRole) -> bool| -> Vec<Value> {
        let some = bylines.iter().filter(|byline| wanted(byline.role));
        some.map(|byline| json!({ "@type": "Person", "name": byline.name, "jobTitle": byline.author.job_title }))
            .collect()
    };
    let agencies: Vec<Value> = rest
        .sources
        .iter()
        .filter(|source| source.role == SourceRole::Wire)
        .map(|source| json!({ "@type": "Organization", "name": source.name }))
        .collect();
    let writers = people(|role| matches!(role, BylineRole::Author | BylineRole::Reporting | BylineRole::Writing));
    let authors = if writers.is_empty() { agencies.clone() } else { writers };
    if !authors.is_empty() {
        add("author", Value::Array(authors));
    }
    let editors = people(|role| matches!(role, BylineRole::Editing | BylineRole::AdditionalEditing));
    if !editors.is_empty() {
        add("editor", Value::Array(editors));
    }
    if !agencies.is_empty() {
        add("sourceOrganization", Value::Array(agencies));
    }
    if !corrections.is_empty() {
        let comment = |one: &Corrected| json!({ "@type": "CorrectionComment", "text": one.note, "datePublished": Timestamp(one.corrected_at) });
        add("correction", corrections.iter().map(comment).collect());
    }
    if canonical_url != card.url {
        add("isBasedOn", json!(canonical_url));
    }
    raw(&about)
}

/// A `BreadcrumbList` down to a section, and to an article in it if there is one.
///
/// # Errors
/// 500 when it cannot be written.
pub fn breadcrumbs(trail: &[(String, String)], scene: &Scene<'_>) -> Result<Box<RawValue>> {
    let items: Vec<Value> = (1..)
        .zip(trail)
        .map(|(position, (name, path)): (u32, _)| {
            json!({ "@type": "ListItem", "position": position, "name": name, "item": scene.url(path) })
        })
        .collect();
    raw(&json!({ "@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items }))
}

/// Names and paths from the top of the tree down to the region.
pub fn trail(region: &KnownRegion, scene: &Scene<'_>) -> Vec<(String, String)> {
    let parents = scene.directory.parents(region.id);
    let all = parents.into_iter().filter(|parent| parent.kind != "world").chain([region]);
    all.map(|one| (one.name.clone(), Scene::region_path(one))).collect()
}

fn kind(of: &str) -> &'static str {
    match of {
        "analysis" => "AnalysisNewsArticle",
        "opinion" => "OpinionNewsArticle",
        "explainer" => "BackgroundNewsArticle",
        "live" => "LiveBlogPosting",
        "page" => "WebPage",
        _ => "NewsArticle",
    }
}

/// JSON without `<`: no text in it can end the script element that it is put into.
fn raw(value: &Value) -> Result<Box<RawValue>> {
    RawValue::from_string(value.to_string().replace('<', "\\u003c")).map_err(Error::internal)
}
