//! What is sent to write an article. Relations are named by id or slug; the bounds in the schemas are the bounds that
//! are enforced.

use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::hero::{HeroInput, HeroPatch};
use crate::rules::article::{ArticleType, BylineRole, ExternalId, LinkKind, SourceCredit};
use crate::rules::body::{Format, MOST_BLOCKS, MOST_BYTES};
use crate::rules::change::Change;

/// A body in one of the forms that can be written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BodyInput {
    /// The form of `content`.
    #[schema(example = "html")]
    pub format: Format,
    /// A string for `html`, `markdown` and `text`; an array for `blocks` and `portable_text`.
    #[schema(value_type = BodyContent, example = "<p>Two governments want a joint supply chain.</p>")]
    pub content: Value,
}

/// The schema of a body's content: text, or an array of objects.
#[derive(Debug)]
pub struct BodyContent;

impl utoipa::PartialSchema for BodyContent {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{AdditionalProperties, AnyOfBuilder};
        use utoipa::openapi::{ArrayBuilder, ObjectBuilder, Type};
        let text = ObjectBuilder::new()
            .schema_type(Type::String)
            .max_length(Some(MOST_BYTES))
            .description(Some("HTML, Markdown or plain text."))
            .build();
        let items = ArrayBuilder::new()
            .items(
                ObjectBuilder::new()
                    .schema_type(Type::Object)
                    .additional_properties(Some(AdditionalProperties::FreeForm(true)))
                    .build(),
            )
            .max_items(Some(MOST_BLOCKS))
            .description(Some("Blocks or Portable Text."))
            .build();
        let either = AnyOfBuilder::new()
            .item(text)
            .item(items)
            .description(Some("The content of a body: text, or an array of objects."))
            .build();
        utoipa::openapi::Schema::AnyOf(either).into()
    }
}

impl ToSchema for BodyContent {}

/// A person's part in the article.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BylineInput {
    /// The author's id or slug.
    #[schema(example = "sean-o-mara", min_length = 1, max_length = 200)]
    pub author: String,
    /// What the person did.
    #[serde(default = "written")]
    #[schema(example = "additional_editing", default = "author")]
    pub role: BylineRole,
}

fn written() -> BylineRole {
    BylineRole::Author
}

/// Where a link leads: `id` or `slug` of an article here, or `url` and `title` of something elsewhere.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetInput {
    /// The article's id.
    #[serde(default)]
    #[schema(example = "0198c0de-0000-7000-8000-000000000001", nullable = false)]
    pub id: Option<Uuid>,
    /// The article's slug, present or former.
    #[serde(default)]
    #[schema(example = "china-may-lift-retirement-age", min_length = 1, max_length = 200, nullable = false)]
    pub slug: Option<String>,
    /// An absolute http or https address.
    #[serde(default)]
    #[schema(
        example = "https://example.org/ev-metals-group-buys-battery-division",
        min_length = 1,
        max_length = 2000,
        nullable = false
    )]
    pub url: Option<String>,
    /// The words to show: required beside `url`, instead of the headline beside `id` or `slug`.
    #[serde(default)]
    #[schema(example = "EV Metals Group Buys a Battery Division", min_length = 1, max_length = 300, nullable = false)]
    pub title: Option<String>,
}

/// One related link.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkInput {
    /// Why it is there. `inline` links are made from the body and cannot be sent.
    #[schema(example = "read_more")]
    pub kind: LinkKind,
    /// Where it leads.
    pub target: TargetInput,
}

/// The article that the document shows as an example, and that stories post.
fn article_example() -> Value {
    serde_json::from_str(include_str!("../../../openapi/examples/article.json")).unwrap_or_default()
}

/// A new article.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!(article_example()))]
pub struct ArticleCreate {
    /// The headline, as text.
    #[schema(
        example = "Tokyo and Ottawa Team Up on a Battery Metals ‘Backbone’",
        min_length = 1,
        max_length = 300,
        pattern = "\\S"
    )]
    pub headline: String,
    /// What kind of article it is.
    #[serde(default)]
    #[schema(example = "news", default = "news", nullable = false)]
    pub r#type: Option<ArticleType>,
    /// BCP 47 tag.
    #[serde(default)]
    #[schema(
        example = "en",
        default = "en",
        pattern = "^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$",
        max_length = 35,
        nullable = false
    )]
    pub language: Option<String>,
    /// Made from the headline when absent, numbered where it is taken.
    #[serde(default)]
    #[schema(
        example = "battery-metals-backbone",
        min_length = 1,
        max_length = 120,
        pattern = "^[a-z0-9]+(-[a-z0-9]+)*$",
        nullable = false
    )]
    pub slug: Option<String>,
    /// The standfirst, as text.
    #[serde(default)]
    #[schema(example = "A delegation spent a week in Canada’s mining provinces", max_length = 1000, nullable = false)]
    pub summary: Option<String>,
    /// The label over the headline, instead of the region's name.
    #[serde(default)]
    #[schema(example = json!(null), max_length = 100)]
    pub kicker: Option<String>,
    /// The body.
    #[serde(default)]
    #[schema(nullable = false)]
    pub body: Option<BodyInput>,
    /// Id or slug of the section that it stands in. Needed for publishing, except for pages.
    #[serde(default)]
    #[schema(example = "north-asia", min_length = 1, max_length = 200)]
    pub primary_region: Option<String>,
    /// Ids or slugs of further regions, in order.
    #[serde(default)]
    #[schema(example = json!(["japan", "canada"]), max_items = 50, nullable = false)]
    pub regions: Option<Vec<String>>,
    /// Ids, slugs or names of topics, in order.
    #[serde(default)]
    #[schema(example = json!(["Batteries"]), max_items = 50, nullable = false)]
    pub topics: Option<Vec<String>>,
    /// People, in order. Without these and without `sources`, both are read from `credit_line`: a name without "By" is that
    /// of an author here, or else an agency's, which `warnings` say where it is a guess.
    #[serde(default)]
    #[schema(max_items = 50, nullable = false)]
    pub bylines: Option<Vec<BylineInput>>,
    /// Outside sources, in order.
    #[serde(default)]
    #[schema(max_items = 20, nullable = false)]
    pub sources: Option<Vec<SourceCredit>>,
    /// Sources and people as printed. Made from `sources` and `bylines` when absent.
    #[serde(default)]
    #[schema(example = "Example Wire with additional editing by Sean O’Mara", max_length = 2000, pattern = "\\S")]
    pub credit_line: Option<String>,
    /// The picture over it.
    #[serde(default)]
    pub hero: Option<HeroInput>,
    /// Links under the article, in order.
    #[serde(default)]
    #[schema(max_items = 100, nullable = false)]
    pub related: Option<Vec<LinkInput>>,
    /// Names that other systems have for it.
    #[serde(default)]
    #[schema(max_items = 20, nullable = false)]
    pub external_ids: Option<Vec<ExternalId>>,
    /// For search engines, instead of the headline.
    #[serde(default)]
    #[schema(example = json!(null), max_length = 300)]
    pub meta_title: Option<String>,
    /// For search engines, instead of the summary.
    #[serde(default)]
    #[schema(example = json!(null), max_length = 1000)]
    pub meta_description: Option<String>,
    /// Where the original stands, if it is not here.
    #[serde(default)]
    #[schema(example = json!(null), max_length = 2000)]
    pub canonical_url: Option<String>,
    /// Id or slug of the article that this one translates.
    #[serde(default)]
    #[schema(example = json!(null), min_length = 1, max_length = 200)]
    pub translation_of: Option<String>,
    /// Private to the newsroom.
    #[serde(default)]
    #[schema(example = json!(null), max_length = 5000)]
    pub note: Option<String>,
}

/// What changes of an article: a merge-patch. Arrays replace whole.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ArticlePatch {
    /// The headline, as text.
    #[serde(default)]
    #[schema(
        example = "Tokyo and Ottawa Team Up on Battery Metals",
        min_length = 1,
        max_length = 300,
        pattern = "\\S",
        nullable = false
    )]
    pub headline: Option<String>,
    /// What kind of article it is.
    #[serde(default)]
    #[schema(example = "news", nullable = false)]
    pub r#type: Option<ArticleType>,
    /// BCP 47 tag.
    #[serde(default)]
    #[schema(example = "en", pattern = "^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", max_length = 35, nullable = false)]
    pub language: Option<String>,
    /// A new slug; the old one redirects.
    #[serde(default)]
    #[schema(
        example = "battery-metals-backbone",
        min_length = 1,
        max_length = 120,
        pattern = "^[a-z0-9]+(-[a-z0-9]+)*$",
        nullable = false
    )]
    pub slug: Option<String>,
    /// The standfirst, as text.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "A week in the mining provinces", max_length = 1000)]
    pub summary: Change<String>,
    /// The label over the headline.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = json!(null), max_length = 100)]
    pub kicker: Change<String>,
    /// The body, whole and in any form; `null` empties it. Blocks that stay keep their ids.
    #[serde(default)]
    #[schema(value_type = Option<BodyInput>)]
    pub body: Change<BodyInput>,
    /// Id or slug of the section.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "north-asia", min_length = 1, max_length = 200)]
    pub primary_region: Change<String>,
    /// Ids or slugs of further regions.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, example = json!(["japan"]), max_items = 50)]
    pub regions: Change<Vec<String>>,
    /// Ids, slugs or names of topics.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, example = json!(["Batteries"]), max_items = 50)]
    pub topics: Change<Vec<String>>,
    /// People, in order.
    #[serde(default)]
    #[schema(value_type = Option<Vec<BylineInput>>, max_items = 50)]
    pub bylines: Change<Vec<BylineInput>>,
    /// Outside sources, in order.
    #[serde(default)]
    #[schema(value_type = Option<Vec<SourceCredit>>, max_items = 20)]
    pub sources: Change<Vec<SourceCredit>>,
    /// Sources and people as printed.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "Example Wire", max_length = 2000, pattern = "\\S")]
    pub credit_line: Change<String>,
    /// The picture over it: what is not named of it stays, `null` takes it away.
    #[serde(default)]
    #[schema(value_type = Option<HeroPatch>)]
    pub hero: Change<HeroPatch>,
    /// Links under the article, in order.
    #[serde(default)]
    #[schema(value_type = Option<Vec<LinkInput>>, max_items = 100)]
    pub related: Change<Vec<LinkInput>>,
    /// Names that other systems have for it.
    #[serde(default)]
    #[schema(value_type = Option<Vec<ExternalId>>, max_items = 20)]
    pub external_ids: Change<Vec<ExternalId>>,
    /// For search engines, instead of the headline.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = json!(null), max_length = 300)]
    pub meta_title: Change<String>,
    /// For search engines, instead of the summary.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = json!(null), max_length = 1000)]
    pub meta_description: Change<String>,
    /// Where the original stands, if it is not here.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = json!(null), max_length = 2000)]
    pub canonical_url: Change<String>,
    /// Id or slug of the article that this one translates.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = json!(null), min_length = 1, max_length = 200)]
    pub translation_of: Change<String>,
    /// Private to the newsroom.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "Check the figure in the second paragraph.", max_length = 5000)]
    pub note: Change<String>,
}

impl From<ArticleCreate> for ArticlePatch {
    fn from(new: ArticleCreate) -> Self {
        fn set<T>(value: Option<T>) -> Change<T> {
            value.map_or(Change::Keep, Change::Set)
        }
        Self {
            headline: Some(new.headline),
            r#type: new.r#type,
            language: new.language,
            slug: new.slug,
            summary: set(new.summary),
            kicker: set(new.kicker),
            body: set(new.body),
            primary_region: set(new.primary_region),
            regions: set(new.regions),
            topics: set(new.topics),
            bylines: set(new.bylines),
            sources: set(new.sources),
            credit_line: set(new.credit_line),
            hero: set(new.hero.map(HeroPatch::from)),
            related: set(new.related),
            external_ids: set(new.external_ids),
            meta_title: set(new.meta_title),
            meta_description: set(new.meta_description),
            canonical_url: set(new.canonical_url),
            translation_of: set(new.translation_of),
            note: set(new.note),
        }
    }
}
