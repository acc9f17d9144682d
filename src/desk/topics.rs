//! Keeping topics: add, change, merge, remove.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::announce::announce;
use super::counted::places;
use super::slugs;
use super::stale::unless_stale;
use crate::base::error::{Code, Error, Fault, Result};
use crate::base::id::new_id;
use crate::rules::change::Change;
use crate::rules::name;
use crate::rules::permission::Principal;
use crate::rules::reference::IdOrSlug;
use crate::rules::tag::tag;
use crate::rules::version::Expected;
use crate::store::Tx;
use crate::store::records::Event;
use crate::store::retired::Owner;
use crate::store::topics::{self, Topic};

/// A new topic.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TopicCreate {
    /// As it is shown; no other topic may have it.
    #[schema(example = "Critical minerals", min_length = 1, max_length = 120, pattern = "\\S")]
    pub name: String,
    /// Made from the name when absent.
    #[serde(default)]
    #[schema(
        example = "critical-minerals",
        min_length = 1,
        max_length = 120,
        pattern = "^[a-z0-9]+(-[a-z0-9]+)*$",
        nullable = false
    )]
    pub slug: Option<String>,
    /// What it is about, in plain text.
    #[serde(default)]
    #[schema(example = "Metals without which there is no battery.", max_length = 2000)]
    pub description: Option<String>,
}

/// What changes of a topic: a merge-patch.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TopicPatch {
    /// As it is shown.
    #[serde(default)]
    #[schema(example = "Critical minerals", min_length = 1, max_length = 120, pattern = "\\S", nullable = false)]
    pub name: Option<String>,
    /// A new slug; the old one goes on resolving.
    #[serde(default)]
    #[schema(
        example = "critical-minerals",
        min_length = 1,
        max_length = 120,
        pattern = "^[a-z0-9]+(-[a-z0-9]+)*$",
        nullable = false
    )]
    pub slug: Option<String>,
    /// What it is about, in plain text; `null` clears it.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "Metals without which there is no battery.", max_length = 2000)]
    pub description: Change<String>,
}

/// Adds a topic.
///
/// # Errors
/// 409 when its name or slug is taken, 422 for a slug that cannot be one.
pub async fn create(tx: &mut Tx, by: &Principal, new: TopicCreate, now: DateTime<Utc>) -> Result<Topic> {
    let id = new_id();
    let slug = slugs::choose(tx, new.slug.as_deref(), &new.name, Owner::Topic(id), now).await?;
    let name_key = name::key(&new.name);
    let topic = Topic {
        id,
        slug,
        name: new.name,
        name_key,
        description: new.description,
        merged_into: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    topics::insert(tx, &topic).await?;
    announce(tx, by, told("topic.created", &topic), now).await?;
    Ok(topic)
}

/// Changes a topic; what changes nothing writes nothing.
///
/// # Errors
/// 404, 409 when name or slug is taken, 412 when it changed since it was read, 422.
pub async fn patch(
    tx: &mut Tx,
    by: &Principal,
    id: Uuid,
    seen: &Expected,
    patch: TopicPatch,
    now: DateTime<Utc>,
) -> Result<Topic> {
    let old = held(tx, id, seen).await?;
    let mut topic = old.clone();
    if let Some(slug) = patch.slug.filter(|slug| *slug != topic.slug) {
        topic.slug = slugs::rename(tx, &topic.slug, slug, Owner::Topic(id), now).await?;
    }
    if let Some(new_name) = patch.name {
        topic.name_key = name::key(&new_name);
        topic.name = new_name;
    }
    topic.description = patch.description.over(topic.description);
    if topic == old {
        return Ok(topic);
    }
    topic.version += 1;
    topic.updated_at = now;
    topics::update(tx, &topic).await?;
    announce(tx, by, told("topic.changed", &topic), now).await?;
    Ok(topic)
}

/// Takes `absorbed` into the topic: everything that carried it carries the topic, and its id and slugs lead here.
///
/// # Errors
/// 404, 412, 422 when the absorbed topic does not exist or is this one.
pub async fn merge(
    tx: &mut Tx,
    by: &Principal,
    id: Uuid,
    seen: &Expected,
    absorb: &str,
    now: DateTime<Utc>,
) -> Result<Topic> {
    let refuse = |detail: &str| Error::invalid(vec![Fault::at("/absorb", "unknown_topic", detail)]);
    let mut topic = held(tx, id, seen).await?;
    let unknown = || refuse(&format!("{absorb:?} is no topic"));
    let key: IdOrSlug = absorb.parse().map_err(|_| unknown())?;
    let found = topics::find_in(tx, &key).await?.ok_or_else(unknown)?;
    if found.id == id {
        return Err(refuse("is this topic itself"));
    }
    let mut absorbed = topics::lock(tx, found.id).await?.ok_or_else(unknown)?;
    topics::redirect(tx, absorbed.id, topic.id).await?;
    absorbed.merged_into = Some(topic.id);
    absorbed.version += 1;
    absorbed.updated_at = now;
    topics::update(tx, &absorbed).await?;
    topic.version += 1;
    topic.updated_at = now;
    topics::update(tx, &topic).await?;
    let mut event = told("topic.merged", &topic);
    event.tags.push(tag("topic", absorbed.id));
    event.details = json!({ "slug": topic.slug, "absorbed": absorbed.id, "absorbed_slug": absorbed.slug });
    announce(tx, by, event, now).await?;
    Ok(topic)
}

/// Removes a topic that nothing carries.
///
/// # Errors
/// 404, 412, 409 while articles carry it.
pub async fn delete(tx: &mut Tx, by: &Principal, id: Uuid, seen: &Expected, now: DateTime<Utc>) -> Result<()> {
    let topic = held(tx, id, seen).await?;
    let uses = topics::uses(tx, id).await?;
    if uses > 0 {
        let detail = format!(
            "Articles carry this topic, now or in earlier versions, in {}. Merge it into another topic instead.",
            places(uses)
        );
        return Err(Error::new(Code::InUse, detail));
    }
    topics::delete(tx, id).await?;
    announce(tx, by, told("topic.deleted", &topic), now).await
}

async fn held(tx: &mut Tx, id: Uuid, seen: &Expected) -> Result<Topic> {
    let topic = topics::lock(tx, id).await?.ok_or_else(Error::not_found)?;
    unless_stale(tx, seen, id, topic.version, topic.updated_at).await?;
    Ok(topic)
}

fn told<'a>(name: &'a str, topic: &Topic) -> Event<'a> {
    Event {
        name,
        subject_id: topic.id,
        tags: vec![tag("topic", topic.id), "list:topics".to_owned()],
        details: json!({ "slug": topic.slug, "name": topic.name }),
    }
}
