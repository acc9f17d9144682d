//! The examples of bodies in the published document. Those of `openapi/examples` are what the running program was sent
//! and what it answered; the others are put together from the examples of their members.

use serde_json::{Map, Value, json};

use super::docs::set;

macro_rules! examples {
    ($($schema:literal $key:literal $file:literal)*) => {
        &[$(($schema, $key, include_str!(concat!("../../openapi/examples/", $file, ".json")))),*]
    };
}

/// A schema, the name of the example among those of the schema, and its file.
const FILES: &[(&str, &str, &str)] = examples! {
    "AccessTokens" "signed_in" "access-tokens"
    "ArticleCardList" "front_page" "article-card-list"
    "ArticleCreate" "short" "short-article"
    "ArticleCreate" "whole_page" "article"
    "ArticleImport" "imported" "article-import"
    "ArticleImportRequest" "two_articles" "article-import-request"
    "ArticleMerge" "summary" "article-merge"
    "ArticlePage" "whole_page" "article-page"
    "ArticlePageBundle" "whole_page" "article-page-bundle"
    "ArticlePatch" "headline" "article-patch"
    "AuthorCreate" "author" "author-create"
    "CorrectionList" "newest" "correction-list"
    "CorrectionPlan" "province" "correction-plan"
    "EmbargoPlan" "until" "embargo-plan"
    "KillPlan" "no_source" "kill-plan"
    "LinkCreate" "article" "link-create"
    "LinkReplacement" "two_links" "link-replacement"
    "MediaCreate" "picture" "media-create"
    "PreviewCreate" "for_the_lawyers" "preview-create"
    "Problem" "400" "problem-400"
    "Problem" "404" "problem-404"
    "Problem" "422" "problem-422"
    "Problem409" "being_edited" "problem-409-being-edited"
    "Problem409" "conflict" "problem-409-conflict"
    "Problem409" "embargoed" "problem-409-embargoed"
    "Problem409" "embargoed_plan" "problem-409-embargoed-plan"
    "Problem409" "illegal_move" "problem-409-illegal-move"
    "Problem409" "in_use" "problem-409-in-use"
    "Problem409" "last_admin" "problem-409-last-admin"
    "Problem409" "legal_hold" "problem-409-legal-hold"
    "Problem409" "merge_conflict" "problem-409-merge-conflict"
    "Problem410" "gone" "problem-410"
    "Problem412" "stale" "problem-412"
    "Problem451" "legal_reasons" "problem-451"
    "PublishPlan" "now" "publish-now"
    "PublishPlan" "scheduled" "publish-plan"
    "PresenceClaim" "polite" "presence-claim"
    "RegionCreate" "section" "region-create"
    "RegionPageBundle" "section" "region-page-bundle"
    "RegionTree" "world" "region-tree"
    "RelatedLinkList" "read_more" "related-link-list"
    "RestorePlan" "whole" "restore-plan"
    "ScheduleEntryList" "first_page" "schedule-entry-list"
    "SchedulePlan" "local_time" "schedule-plan"
    "StaffArticle" "draft" "staff-article"
    "StaffArticle" "killed" "staff-article-killed"
    "StaffArticle" "live" "staff-article-live"
    "StaffArticle" "scheduled" "staff-article-scheduled"
    "StaffArticleList" "first_page" "staff-article-list"
    "StaffPresence" "somebody" "staff-presence"
    "StaffRevisionDiff" "one_word" "staff-revision-diff"
    "StaffPreviewCreated" "for_the_lawyers" "staff-preview-created"
    "StaffTokenCreated" "wire_tool" "staff-token-created"
    "StageMove" "with_deadline" "stage-move"
    "TokenCreate" "wire_tool" "token-create"
    "TopicCreate" "topic" "topic-create"
    "UnpublishPlan" "now" "unpublish-now"
    "UnschedulePlan" "all" "unschedule-all"
    "UserCreate" "editor" "user-create"
};

/// Gives an example to every body: to those of requests and to those of successes. They stand among the components.
pub(super) fn add_examples(document: &mut Value) {
    let components = document.get("components").cloned().unwrap_or_default();
    let mut shown = Map::new();
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for (_, item) in paths.into_iter().flatten() {
        for (_, operation) in item.as_object_mut().into_iter().flatten() {
            if let Some(body) = operation.get_mut("requestBody") {
                add_to(body, &components, &mut shown);
            }
            let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
            for (_, response) in responses.into_iter().flatten().filter(|(status, _)| status.starts_with('2')) {
                add_to(response, &components, &mut shown);
            }
        }
    }
    for (name, key, text) in FILES.iter().filter(|(name, _, _)| name.starts_with("Problem4")) {
        refer(&mut Map::new(), &mut shown, name, key, &serde_json::from_str(text).unwrap_or_default());
    }
    if let Some(components) = document.get_mut("components") {
        set(components, "examples", Value::Object(shown));
    }
}

/// A problem document of this status.
pub(super) fn problem(status: u16) -> Option<Value> {
    let status = status.to_string();
    let (_, _, text) = FILES.iter().find(|(of, key, _)| *of == "Problem" && *key == status)?;
    serde_json::from_str(text).ok()
}

/// The examples of a kind of problem whose names are wanted.
pub(super) fn problem_examples(schema: &str, wanted: impl Fn(&str) -> bool) -> Value {
    let files = FILES.iter().filter(|(of, key, _)| *of == schema && wanted(key));
    let one = |key: &str| json!({ "$ref": format!("#/components/examples/{schema}.{key}") });
    Value::Object(files.map(|(_, key, _)| ((*key).to_owned(), one(key))).collect())
}

fn add_to(body: &mut Value, components: &Value, shown: &mut Map<String, Value>) {
    let content = body.get_mut("content").and_then(Value::as_object_mut);
    for (_, media) in content.into_iter().flatten() {
        let Some(schema) = media.get("schema").cloned() else { continue };
        let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|name| name.rsplit('/').next()) else {
            continue;
        };
        let mut examples = Map::new();
        let files = FILES.iter().filter(|(of, _, _)| *of == name);
        for (_, key, text) in files {
            let value = serde_json::from_str(text).unwrap_or_default();
            refer(&mut examples, shown, name, key, &value);
        }
        if examples.is_empty() {
            let value = put_together(&schema, components, &mut Vec::new());
            refer(&mut examples, shown, name, "example", &value);
        }
        set(media, "examples", Value::Object(examples));
    }
}

fn refer(examples: &mut Map<String, Value>, shown: &mut Map<String, Value>, name: &str, key: &str, value: &Value) {
    let whole = format!("{name}.{key}");
    examples.insert(key.to_owned(), json!({ "$ref": format!("#/components/examples/{whole}") }));
    shown.insert(whole, json!({ "summary": key.replace('_', " "), "value": value }));
}

/// A value of a schema, made of the examples in it. What would contain itself ends there.
fn put_together(schema: &Value, components: &Value, above: &mut Vec<String>) -> Value {
    if let Some(example) = schema.get("example") {
        return example.clone();
    }
    if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|name| name.rsplit('/').next()) {
        if above.iter().any(|known| known == name) {
            return Value::Null;
        }
        let Some(named) = components.pointer(&format!("/schemas/{name}")) else { return Value::Null };
        above.push(name.to_owned());
        let value = put_together(named, components, above);
        above.pop();
        return value;
    }
    let form = ["oneOf", "anyOf"]
        .iter()
        .find_map(|word| schema.get(*word)?.as_array()?.iter().find(|form| form["type"] != "null"));
    if let Some(form) = form {
        return put_together(form, components, above);
    }
    if let Some(items) = schema.get("items") {
        let item = put_together(items, components, above);
        return if item.is_null() { json!([]) } else { json!([item]) };
    }
    let mut members = Map::new();
    for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        if let Value::Object(more) = put_together(part, components, above) {
            members.extend(more);
        }
    }
    for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        members.insert(name.clone(), put_together(property, components, above));
    }
    Value::Object(members)
}
