-- Flat topics. A merged topic keeps its row, so that its id and slugs still resolve.
CREATE TABLE topics (
    id          uuid PRIMARY KEY,
    slug        text NOT NULL,
    name        text NOT NULL,
    name_key    text NOT NULL,
    description text,
    merged_into uuid CONSTRAINT topics_merged_into_fkey REFERENCES topics (id),
    version     integer NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    CONSTRAINT topics_not_merged_into_itself CHECK (merged_into <> id)
);
CREATE UNIQUE INDEX topics_slug_key ON topics (slug);
CREATE UNIQUE INDEX topics_name_key ON topics (name_key) WHERE merged_into IS NULL;
CREATE INDEX topics_by_merge ON topics (merged_into) WHERE merged_into IS NOT NULL;

-- Slugs that authors, regions, topics and media once had. They go on leading to their owner and to nobody else.
CREATE TABLE retired_slugs (
    kind      text NOT NULL CONSTRAINT retired_slugs_kind_known CHECK (kind IN ('author', 'region', 'topic', 'media')),
    slug      text NOT NULL,
    author_id uuid CONSTRAINT retired_slugs_author_fkey REFERENCES authors (id) ON DELETE CASCADE,
    region_id uuid CONSTRAINT retired_slugs_region_fkey REFERENCES regions (id) ON DELETE CASCADE,
    topic_id  uuid CONSTRAINT retired_slugs_topic_fkey REFERENCES topics (id) ON DELETE CASCADE,
    media_id  uuid CONSTRAINT retired_slugs_media_fkey REFERENCES media (id) ON DELETE CASCADE,
    CONSTRAINT retired_slugs_pkey PRIMARY KEY (kind, slug),
    CONSTRAINT retired_slugs_one_owner CHECK (num_nonnulls(author_id, region_id, topic_id, media_id) = 1)
);
CREATE INDEX retired_slugs_by_author ON retired_slugs (author_id) WHERE author_id IS NOT NULL;
CREATE INDEX retired_slugs_by_region ON retired_slugs (region_id) WHERE region_id IS NOT NULL;
CREATE INDEX retired_slugs_by_topic ON retired_slugs (topic_id) WHERE topic_id IS NOT NULL;
CREATE INDEX retired_slugs_by_media ON retired_slugs (media_id) WHERE media_id IS NOT NULL;
