//! No constraint of the database speaks for itself: each that a client can hit has its words in `store/errors.rs`.

use std::collections::BTreeSet;

use dateline::store::constraint_is_named;

use crate::support::database::TestDatabase;
use crate::support::in_package;

/// Constraints that no request can hit, by the reason.
const OUT_OF_REACH: &[(&str, &[&str])] = &[
    (
        "the published schema allows only what the constraint allows",
        &[
            "media_bytes_positive",
            "media_focal_x_range",
            "media_focal_y_range",
            "media_height_positive",
            "media_kind_known",
            "media_sha256_shape",
            "media_url_length",
            "media_width_positive",
            "regions_iso2_shape",
            "regions_iso3_shape",
            "regions_kind_known",
            "regions_m49_shape",
            "related_links_kind_known",
            "users_role_known",
        ],
    ),
    (
        "the value is one of our own, not the client's",
        &["articles_stage_known", "retired_slugs_kind_known", "retired_slugs_one_owner", "users_state_known"],
    ),
    (
        "rules refuse it before it is written",
        &["media_focal_both", "publications_period", "related_links_inline_block", "related_links_one_target"],
    ),
    (
        "the rows of one owner are replaced as a whole, numbered by us, while the owner is locked",
        &[
            "article_authors_pkey",
            "article_regions_pkey",
            "article_topics_pkey",
            "article_revisions_pkey",
            "legal_holds_pkey",
            "publication_authors_pkey",
            "publication_links_pkey",
            "publication_regions_pkey",
            "publication_topics_pkey",
            "region_members_pkey",
            "region_tree_pkey",
            "user_regions_pkey",
        ],
    ),
    (
        "a claim of the one place takes it over in the same statement, or leaves it",
        &[
            "article_presence_pkey",
            "article_words_pkey",
            "documents_pkey",
            "earlier_names_pkey",
            "former_rows_once",
            "media_words_pkey",
        ],
    ),
    (
        "the one row is made with its table and only ever counted up",
        &["audit_head_one_row", "audit_head_pkey", "reference_version_one_row", "reference_version_pkey"],
    ),
    ("32 random bytes do not meet twice", &["api_tokens_hash_key", "refresh_tokens_pkey"]),
];

/// Unique indexes and constraints. Left out are keys on a lone `id`, which is made by us and unique by itself, and foreign
/// keys, which are answered as a kind: `in_use`.
const CONSTRAINTS: &str = "
    SELECT conname::text FROM pg_constraint k
        WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'u', 'c', 'x')
          AND conrelid::regclass::text <> '__diesel_schema_migrations'
          AND NOT (contype = 'p' AND cardinality(conkey) = 1 AND 'id' =
              (SELECT attname FROM pg_attribute WHERE attrelid = conrelid AND attnum = conkey[1]))
    UNION
    SELECT relname::text FROM pg_index i JOIN pg_class c ON c.oid = indexrelid
        WHERE indisunique AND relnamespace = 'public'::regnamespace
          AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)";

async fn constraints() -> BTreeSet<String> {
    let migrated = TestDatabase::migrated().await;
    let rows = migrated.client().await.query(CONSTRAINTS, &[]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

#[actix_web::test]
async fn every_constraint_that_a_client_can_hit_has_its_words() {
    let excused: BTreeSet<&str> = OUT_OF_REACH.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    let constraints = constraints().await;
    let silent: Vec<&String> =
        constraints.iter().filter(|name| !constraint_is_named(name) && !excused.contains(name.as_str())).collect();
    assert!(silent.is_empty(), "name them in store/errors.rs, or say here why no request hits them: {silent:?}");
    let both: Vec<&&str> = excused.iter().filter(|name| constraint_is_named(name)).collect();
    assert!(both.is_empty(), "they have words and are excused as well: {both:?}");
    let gone: Vec<&&str> = excused.iter().filter(|name| !constraints.contains(**name)).collect();
    assert!(gone.is_empty(), "excused, but the database has no such constraint: {gone:?}");
}

#[actix_web::test]
async fn no_words_are_kept_for_a_constraint_that_is_gone() {
    let errors = std::fs::read_to_string(in_package("src/store/errors.rs")).unwrap();
    let named: Vec<&str> = errors
        .lines()
        .filter_map(|line| line.trim().strip_prefix("(\"")?.split_once("\", Code::").map(|(name, _)| name))
        .collect();
    assert!(named.len() > 20 && named.iter().all(|name| constraint_is_named(name)), "the table is read: {named:?}");
    let constraints = constraints().await;
    let gone: Vec<&&str> = named.iter().filter(|name| !constraints.contains(**name)).collect();
    assert!(gone.is_empty(), "{gone:?}");
}
