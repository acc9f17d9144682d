// @generated automatically by Diesel CLI.

pub mod sql_types {
    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "tsvector", schema = "pg_catalog"))]
    pub struct Tsvector;
}

diesel::table! {
    api_tokens (id) {
        id -> Uuid,
        user_id -> Uuid,
        name -> Text,
        prefix -> Text,
        token_hash -> Bytea,
        scopes -> Text,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        last_used_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    article_authors (article_id, position) {
        article_id -> Uuid,
        position -> Int4,
        author_id -> Uuid,
        role -> Text,
    }
}

diesel::table! {
    article_external_ids (scheme, value) {
        scheme -> Text,
        value -> Text,
        article_id -> Uuid,
    }
}

diesel::table! {
    article_presence (article_id) {
        article_id -> Uuid,
        user_id -> Uuid,
        since -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    article_regions (article_id, position) {
        article_id -> Uuid,
        position -> Int4,
        region_id -> Uuid,
    }
}

diesel::table! {
    article_revisions (article_id, number) {
        article_id -> Uuid,
        number -> Int4,
        verb -> Text,
        snapshot -> Jsonb,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        restored_from -> Nullable<Int4>,
    }
}

diesel::table! {
    article_topics (article_id, position) {
        article_id -> Uuid,
        position -> Int4,
        topic_id -> Uuid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Tsvector;

    article_words (article_id) {
        article_id -> Uuid,
        words -> Tsvector,
    }
}

diesel::table! {
    articles (id) {
        id -> Uuid,
        version -> Int4,
        moves -> Int4,
        slug -> Text,
        #[sql_name = "type"]
        type_ -> Text,
        language -> Text,
        headline -> Text,
        primary_region_id -> Nullable<Uuid>,
        hero_media_id -> Nullable<Uuid>,
        translation_of -> Nullable<Uuid>,
        stage -> Text,
        approved_revision -> Nullable<Int4>,
        stage_note -> Nullable<Text>,
        assignee_id -> Nullable<Uuid>,
        deadline -> Nullable<Timestamptz>,
        embargo_until -> Nullable<Timestamptz>,
        killed_at -> Nullable<Timestamptz>,
        archived_at -> Nullable<Timestamptz>,
        created_by -> Nullable<Uuid>,
        updated_by -> Nullable<Uuid>,
        first_published_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    audit_head (one) {
        one -> Bool,
        id -> Int8,
        hash -> Bytea,
    }
}

diesel::table! {
    audit_log (id) {
        id -> Int8,
        verb -> Text,
        object_kind -> Text,
        object_id -> Nullable<Uuid>,
        user_id -> Nullable<Uuid>,
        token_id -> Nullable<Uuid>,
        session_id -> Nullable<Uuid>,
        address -> Nullable<Text>,
        details -> Jsonb,
        created_at -> Timestamptz,
        hash -> Bytea,
    }
}

diesel::table! {
    authors (id) {
        id -> Uuid,
        slug -> Text,
        name -> Text,
        name_key -> Text,
        job_title -> Nullable<Text>,
        bio -> Nullable<Text>,
        location -> Nullable<Text>,
        links -> Jsonb,
        avatar_id -> Nullable<Uuid>,
        email -> Nullable<Text>,
        merged_into -> Nullable<Uuid>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    corrections (id) {
        id -> Uuid,
        article_id -> Uuid,
        from_revision -> Int4,
        to_revision -> Int4,
        note -> Text,
        created_by -> Nullable<Uuid>,
        corrected_at -> Timestamptz,
    }
}

diesel::table! {
    documents (article_id) {
        article_id -> Uuid,
        mark -> Int4,
        page -> Nullable<Bytea>,
        slug -> Nullable<Text>,
        etag -> Nullable<Text>,
        tags -> Nullable<Text>,
        link -> Nullable<Text>,
        made_at -> Nullable<Timestamptz>,
        boundary -> Nullable<Timestamptz>,
        ends -> Nullable<Timestamptz>,
        changed_at -> Nullable<Timestamptz>,
        page_reference -> Nullable<Int8>,
        page_made_by -> Nullable<Text>,
        card -> Nullable<Text>,
        card_tags -> Nullable<Text>,
        card_of -> Nullable<Uuid>,
        card_published_at -> Nullable<Timestamptz>,
        card_updated_at -> Nullable<Timestamptz>,
        card_modified_at -> Nullable<Timestamptz>,
        card_reference -> Nullable<Int8>,
        card_made_by -> Nullable<Text>,
    }
}

diesel::table! {
    earlier_names (named_id, article_id) {
        named_id -> Uuid,
        article_id -> Uuid,
    }
}

diesel::table! {
    former_rows (id) {
        id -> Int8,
        kind -> Text,
        key -> Text,
        was -> Nullable<Jsonb>,
        until -> Nullable<Timestamptz>,
        publication_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    idempotency_keys (user_id, key) {
        user_id -> Uuid,
        key -> Text,
        request_hash -> Bytea,
        status -> Int2,
        headers -> Jsonb,
        body -> Bytea,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    legal_holds (article_id) {
        article_id -> Uuid,
        reason -> Text,
        placed_by -> Nullable<Uuid>,
        placed_at -> Timestamptz,
    }
}

diesel::table! {
    media (id) {
        id -> Uuid,
        slug -> Text,
        url -> Text,
        kind -> Text,
        mime_type -> Text,
        width -> Nullable<Int4>,
        height -> Nullable<Int4>,
        bytes -> Nullable<Int8>,
        sha256 -> Nullable<Text>,
        alt -> Text,
        caption -> Text,
        credit_line -> Text,
        licence -> Nullable<Text>,
        focal_x -> Nullable<Float8>,
        focal_y -> Nullable<Float8>,
        renditions -> Jsonb,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Nullable<Uuid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Tsvector;

    media_words (media_id) {
        media_id -> Uuid,
        words -> Tsvector,
    }
}

diesel::table! {
    outbox (id) {
        id -> Int8,
        event -> Text,
        subject_id -> Uuid,
        tags -> Array<Nullable<Text>>,
        payload -> Jsonb,
        origin -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    previews (id) {
        id -> Uuid,
        article_id -> Uuid,
        revision -> Nullable<Int4>,
        note -> Nullable<Text>,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    publication_authors (publication_id, position) {
        publication_id -> Uuid,
        position -> Int4,
        author_id -> Uuid,
        role -> Text,
        name -> Text,
        published_at -> Timestamptz,
        article_id -> Uuid,
    }
}

diesel::table! {
    publication_links (publication_id, position) {
        publication_id -> Uuid,
        position -> Int4,
        link_id -> Uuid,
        kind -> Text,
        target_id -> Nullable<Uuid>,
        url -> Nullable<Text>,
        title -> Nullable<Text>,
        block_id -> Nullable<Text>,
    }
}

diesel::table! {
    publication_regions (publication_id, region_id) {
        publication_id -> Uuid,
        region_id -> Uuid,
        position -> Nullable<Int4>,
        published_at -> Timestamptz,
        article_id -> Uuid,
    }
}

diesel::table! {
    publication_topics (publication_id, position) {
        publication_id -> Uuid,
        position -> Int4,
        topic_id -> Uuid,
        published_at -> Timestamptz,
        article_id -> Uuid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Tsvector;

    publications (id) {
        id -> Uuid,
        article_id -> Uuid,
        revision -> Int4,
        live_from -> Timestamptz,
        live_until -> Nullable<Timestamptz>,
        planned_until -> Nullable<Timestamptz>,
        minor -> Bool,
        slug -> Text,
        #[sql_name = "type"]
        type_ -> Text,
        language -> Text,
        headline -> Text,
        primary_region_id -> Nullable<Uuid>,
        hero_media_id -> Nullable<Uuid>,
        translation_of -> Nullable<Uuid>,
        source_names -> Array<Nullable<Text>>,
        published_at -> Timestamptz,
        modified_at -> Nullable<Timestamptz>,
        updated_at -> Timestamptz,
        card -> Json,
        content -> Json,
        body_blocks -> Json,
        body_html -> Json,
        body_markdown -> Json,
        body_text -> Json,
        body_portable_text -> Json,
        search -> Tsvector,
    }
}

diesel::table! {
    reference_version (one) {
        one -> Bool,
        version -> Int8,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    refresh_tokens (token_hash) {
        token_hash -> Bytea,
        session_id -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
        reply -> Nullable<Bytea>,
    }
}

diesel::table! {
    region_members (region_id, member_id) {
        region_id -> Uuid,
        member_id -> Uuid,
        position -> Int4,
    }
}

diesel::table! {
    region_tree (ancestor_id, descendant_id) {
        ancestor_id -> Uuid,
        descendant_id -> Uuid,
        depth -> Int4,
    }
}

diesel::table! {
    regions (id) {
        id -> Uuid,
        slug -> Text,
        name -> Text,
        name_key -> Text,
        kind -> Text,
        parent_id -> Nullable<Uuid>,
        position -> Int4,
        names -> Jsonb,
        names_key -> Text,
        description -> Nullable<Text>,
        iso2 -> Nullable<Text>,
        iso3 -> Nullable<Text>,
        m49 -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    related_links (id) {
        id -> Uuid,
        article_id -> Uuid,
        position -> Int4,
        kind -> Text,
        target_id -> Nullable<Uuid>,
        url -> Nullable<Text>,
        title -> Nullable<Text>,
        block_id -> Nullable<Text>,
    }
}

diesel::table! {
    retired_slugs (kind, slug) {
        kind -> Text,
        slug -> Text,
        author_id -> Nullable<Uuid>,
        region_id -> Nullable<Uuid>,
        topic_id -> Nullable<Uuid>,
        media_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    sessions (id) {
        id -> Uuid,
        user_id -> Uuid,
        epoch -> Int4,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    slugs (slug) {
        slug -> Text,
        article_id -> Nullable<Uuid>,
        current -> Bool,
        claimed_at -> Timestamptz,
    }
}

diesel::table! {
    takedowns (id) {
        id -> Uuid,
        article_id -> Uuid,
        slugs -> Array<Nullable<Text>>,
        reason -> Text,
        is_legal -> Bool,
        created_by -> Nullable<Uuid>,
        taken_down_at -> Timestamptz,
        told_from -> Timestamptz,
        told_until -> Nullable<Timestamptz>,
        lifted_by -> Nullable<Uuid>,
    }
}

diesel::table! {
    topics (id) {
        id -> Uuid,
        slug -> Text,
        name -> Text,
        name_key -> Text,
        description -> Nullable<Text>,
        merged_into -> Nullable<Uuid>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    user_regions (user_id, region_id) {
        user_id -> Uuid,
        region_id -> Uuid,
    }
}

diesel::table! {
    users (id) {
        id -> Uuid,
        email -> Text,
        name -> Text,
        name_key -> Text,
        role -> Text,
        state -> Text,
        password_hash -> Nullable<Text>,
        author_id -> Nullable<Uuid>,
        epoch -> Int4,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::joinable!(article_authors -> articles (article_id));
diesel::joinable!(article_authors -> authors (author_id));
diesel::joinable!(article_external_ids -> articles (article_id));
diesel::joinable!(article_presence -> articles (article_id));
diesel::joinable!(article_presence -> users (user_id));
diesel::joinable!(article_regions -> articles (article_id));
diesel::joinable!(article_regions -> regions (region_id));
diesel::joinable!(article_revisions -> articles (article_id));
diesel::joinable!(article_revisions -> users (created_by));
diesel::joinable!(article_topics -> articles (article_id));
diesel::joinable!(article_topics -> topics (topic_id));
diesel::joinable!(article_words -> articles (article_id));
diesel::joinable!(articles -> media (hero_media_id));
diesel::joinable!(articles -> regions (primary_region_id));
diesel::joinable!(authors -> media (avatar_id));
diesel::joinable!(corrections -> articles (article_id));
diesel::joinable!(corrections -> users (created_by));
diesel::joinable!(documents -> articles (article_id));
diesel::joinable!(earlier_names -> articles (article_id));
diesel::joinable!(former_rows -> publications (publication_id));
diesel::joinable!(idempotency_keys -> users (user_id));
diesel::joinable!(legal_holds -> articles (article_id));
diesel::joinable!(legal_holds -> users (placed_by));
diesel::joinable!(media -> users (created_by));
diesel::joinable!(media_words -> media (media_id));
diesel::joinable!(previews -> articles (article_id));
diesel::joinable!(previews -> users (created_by));
diesel::joinable!(publication_authors -> authors (author_id));
diesel::joinable!(publication_authors -> publications (publication_id));
diesel::joinable!(publication_links -> publications (publication_id));
diesel::joinable!(publication_regions -> publications (publication_id));
diesel::joinable!(publication_regions -> regions (region_id));
diesel::joinable!(publication_topics -> publications (publication_id));
diesel::joinable!(publication_topics -> topics (topic_id));
diesel::joinable!(publications -> articles (article_id));
diesel::joinable!(publications -> media (hero_media_id));
diesel::joinable!(publications -> regions (primary_region_id));
diesel::joinable!(refresh_tokens -> sessions (session_id));
diesel::joinable!(retired_slugs -> authors (author_id));
diesel::joinable!(retired_slugs -> media (media_id));
diesel::joinable!(retired_slugs -> regions (region_id));
diesel::joinable!(retired_slugs -> topics (topic_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(slugs -> articles (article_id));
diesel::joinable!(user_regions -> regions (region_id));
diesel::joinable!(user_regions -> users (user_id));
diesel::joinable!(users -> authors (author_id));

diesel::allow_tables_to_appear_in_same_query!(
    api_tokens,
    article_authors,
    article_external_ids,
    article_presence,
    article_regions,
    article_revisions,
    article_topics,
    article_words,
    articles,
    audit_head,
    audit_log,
    authors,
    corrections,
    documents,
    earlier_names,
    former_rows,
    idempotency_keys,
    legal_holds,
    media,
    media_words,
    outbox,
    previews,
    publication_authors,
    publication_links,
    publication_regions,
    publication_topics,
    publications,
    reference_version,
    refresh_tokens,
    region_members,
    region_tree,
    regions,
    related_links,
    retired_slugs,
    sessions,
    slugs,
    takedowns,
    topics,
    user_regions,
    users,
);
