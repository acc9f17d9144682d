//! The examples of bodies in the published document, from `openapi/examples`: what the running program was sent, and what
//! it answered.

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
    "ArticleCreate" "whole_page" "article"
    "ArticleCreate" "short" "short-article"
    "ArticleImport" "imported" "article-import"
    "ArticleImportRequest" "two_articles" "article-import-request"
    "ArticleMerge" "summary" "article-merge"
    "ArticlePage" "whole_page" "article-page"
    "ArticlePageBundle" "whole_page" "article-page-bundle"
    "ArticlePatch" "headline" "article-patch"
    "Assignment" "short_piece" "assignment"
    "AuditEntryList" "of_an_article" "audit-entry-list"
    "Author" "author" "author"
    "AuthorCreate" "author" "author-create"
    "AuthorList" "first_page" "author-list"
    "AuthorMerge" "two_of_one_name" "author-merge"
    "AuthorPatch" "moved" "author-patch"
    "BacklinkList" "read_more" "backlink-list"
    "CorrectionList" "newest" "correction-list"
    "CorrectionPlan" "province" "correction-plan"
    "EmbargoPlan" "until" "embargo-plan"
    "Health" "ok" "health"
    "KeySet" "one_key" "key-set"
    "KillPlan" "no_source" "kill-plan"
    "LegalHoldPlacement" "court_case" "legal-hold-placement"
    "LinkCreate" "article" "link-create"
    "LinkPatch" "other_words" "link-patch"
    "LinkReplacement" "two_links" "link-replacement"
    "Me" "editor" "me"
    "MePatch" "name" "me-patch"
    "Media" "picture" "media"
    "MediaCreate" "picture" "media-create"
    "MediaList" "first_page" "media-list"
    "MediaPatch" "crop" "media-patch"
    "PasswordChange" "chosen" "password-change"
    "Place" "article" "place"
    "PresenceClaim" "polite" "presence-claim"
    "PreviewCreate" "for_the_lawyers" "preview-create"
    "Problem" "400" "problem-400"
    "Problem" "404" "problem-404"
    "Problem" "422" "problem-422"
    "Problem409" "being_edited" "problem-409-being-edited"
    "Problem409" "conflict" "problem-409-conflict"
    "Problem409" "embargoed" "problem-409-embargoed"
    "Problem409" "embargoed_plan" "problem-409-embargoed-plan"
    "Problem409" "illegal_move" "problem-409-illegal-move"
    "Problem409" "in_flight" "problem-409-in-flight"
    "Problem409" "in_use" "problem-409-in-use"
    "Problem409" "last_admin" "problem-409-last-admin"
    "Problem409" "legal_hold" "problem-409-legal-hold"
    "Problem409" "merge_conflict" "problem-409-merge-conflict"
    "Problem410" "gone" "problem-410"
    "Problem412" "stale" "problem-412"
    "Problem451" "legal_reasons" "problem-451"
    "PublishPlan" "now" "publish-now"
    "PublishPlan" "scheduled" "publish-plan"
    "Region" "section" "region"
    "RegionCreate" "section" "region-create"
    "RegionList" "first_page" "region-list"
    "RegionMembers" "three" "region-members"
    "RegionPageBundle" "section" "region-page-bundle"
    "RegionPatch" "names" "region-patch"
    "RegionTree" "world" "region-tree"
    "ReinstatePlan" "court_lifted_it" "reinstate-plan"
    "RelatedLinkList" "read_more" "related-link-list"
    "ReschedulePlan" "a_week_later" "reschedule-plan"
    "RestorePlan" "whole" "restore-plan"
    "ScheduleEntryList" "first_page" "schedule-entry-list"
    "SchedulePlan" "local_time" "schedule-plan"
    "StaffArticle" "draft" "staff-article"
    "StaffArticle" "killed" "staff-article-killed"
    "StaffArticle" "live" "staff-article-live"
    "StaffArticle" "scheduled" "staff-article-scheduled"
    "StaffArticleList" "first_page" "staff-article-list"
    "StaffAuthor" "author" "staff-author"
    "StaffAuthorList" "first_page" "staff-author-list"
    "StaffLegalHold" "court_case" "staff-legal-hold"
    "StaffLink" "read_more" "staff-link"
    "StaffLinkList" "two_links" "staff-link-list"
    "StaffMedia" "picture" "staff-media"
    "StaffMediaList" "first_page" "staff-media-list"
    "StaffPresence" "somebody" "staff-presence"
    "StaffPreview" "for_the_lawyers" "staff-preview"
    "StaffPreviewCreated" "for_the_lawyers" "staff-preview-created"
    "StaffPreviewList" "first_page" "staff-preview-list"
    "StaffRegion" "section" "staff-region"
    "StaffRegionList" "first_page" "staff-region-list"
    "StaffRegionTree" "world" "staff-region-tree"
    "StaffRevision" "first" "staff-revision"
    "StaffRevisionDiff" "one_word" "staff-revision-diff"
    "StaffRevisionList" "first_page" "staff-revision-list"
    "StaffToken" "wire_tool" "staff-token"
    "StaffTokenCreated" "wire_tool" "staff-token-created"
    "StaffTokenList" "first_page" "staff-token-list"
    "StaffTopic" "topic" "staff-topic"
    "StaffTopicList" "first_page" "staff-topic-list"
    "StaffUser" "editor" "staff-user"
    "StaffUserList" "first_page" "staff-user-list"
    "StageMove" "with_deadline" "stage-move"
    "TokenCreate" "wire_tool" "token-create"
    "TokenForm" "password" "token-form"
    "Topic" "topic" "topic"
    "TopicCreate" "topic" "topic-create"
    "TopicList" "first_page" "topic-list"
    "TopicMerge" "synonym" "topic-merge"
    "TopicPatch" "description" "topic-patch"
    "UnpublishPlan" "now" "unpublish-now"
    "UnschedulePlan" "all" "unschedule-all"
    "UserCreate" "editor" "user-create"
    "UserPatch" "regions" "user-patch"
};

/// Gives an example to every body: to those of requests and to those of successes. They stand among the components.
pub(super) fn add_examples(document: &mut Value) {
    let mut shown = Map::new();
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for (_, item) in paths.into_iter().flatten() {
        for (_, operation) in item.as_object_mut().into_iter().flatten() {
            if let Some(body) = operation.get_mut("requestBody") {
                add_to(body, &mut shown);
            }
            let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
            for (_, response) in responses.into_iter().flatten().filter(|(status, _)| status.starts_with('2')) {
                add_to(response, &mut shown);
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

fn add_to(body: &mut Value, shown: &mut Map<String, Value>) {
    let content = body.get_mut("content").and_then(Value::as_object_mut);
    for (_, media) in content.into_iter().flatten() {
        let schema = media.pointer("/schema/$ref").and_then(Value::as_str).and_then(|name| name.rsplit('/').next());
        let mut examples = Map::new();
        for (name, key, text) in FILES.iter().filter(|(of, _, _)| schema == Some(*of)) {
            let value = serde_json::from_str(text).unwrap_or_default();
            refer(&mut examples, shown, name, key, &value);
        }
        set(media, "examples", Value::Object(examples));
    }
}

fn refer(examples: &mut Map<String, Value>, shown: &mut Map<String, Value>, name: &str, key: &str, value: &Value) {
    let whole = format!("{name}.{key}");
    examples.insert(key.to_owned(), json!({ "$ref": format!("#/components/examples/{whole}") }));
    shown.insert(whole, json!({ "summary": key.replace('_', " "), "value": value }));
}
