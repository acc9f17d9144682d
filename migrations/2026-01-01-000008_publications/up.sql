-- What is, was and will be live. Live is a predicate: live_from <= now < live_until,
-- where no live_until means for good. No two periods of one article overlap.
CREATE TABLE publications (
    id           uuid PRIMARY KEY,
    article_id   uuid NOT NULL CONSTRAINT publications_article_fkey REFERENCES articles (id),
    revision     integer NOT NULL,
    live_from    timestamptz NOT NULL,
    live_until   timestamptz,
    -- The end that was planned for it; where another period takes over before, live_until is earlier.
    planned_until timestamptz,
    -- Leaves modified_at as it was.
    minor        boolean NOT NULL DEFAULT false,
    slug         text NOT NULL,
    type         text NOT NULL,
    language     text NOT NULL,
    headline     text NOT NULL,
    primary_region_id uuid CONSTRAINT publications_primary_region_fkey REFERENCES regions (id),
    hero_media_id uuid CONSTRAINT publications_hero_fkey REFERENCES media (id),
    translation_of uuid,
    source_names text[] NOT NULL DEFAULT '{}',
    -- First publication of the article, last significant change, and the start of this period.
    published_at timestamptz NOT NULL,
    modified_at  timestamptz,
    updated_at   timestamptz NOT NULL,
    -- What a card, and the rest of a page, show of the article itself, rendered when it was published, with ids for
    -- authors, regions, topics and media. json, not jsonb: bytes are copied out.
    card         json NOT NULL,
    content      json NOT NULL,
    -- The body in each form, as the JSON that goes out (html, markdown and text are JSON strings), so that a read copies
    -- exactly the forms it was asked for.
    body_blocks        json NOT NULL,
    body_html          json NOT NULL,
    body_markdown      json NOT NULL,
    body_text          json NOT NULL,
    body_portable_text json NOT NULL,
    search       tsvector NOT NULL,
    CONSTRAINT publications_period CHECK (live_from < live_until),
    CONSTRAINT publications_revision_fkey FOREIGN KEY (article_id, revision)
        REFERENCES article_revisions (article_id, number),
    CONSTRAINT publications_no_overlap
        EXCLUDE USING gist (article_id WITH =, tstzrange(live_from, live_until) WITH &&)
);
-- Cards stay in the row, where lists read them; bodies go beside it, uncompressed where every page reads them.
ALTER TABLE publications ALTER COLUMN card SET STORAGE MAIN;
ALTER TABLE publications ALTER COLUMN content SET STORAGE MAIN;
ALTER TABLE publications ALTER COLUMN body_blocks SET STORAGE EXTERNAL;
ALTER TABLE publications ALTER COLUMN body_html SET STORAGE EXTERNAL;
-- Ranking reads the words of every match.
ALTER TABLE publications ALTER COLUMN search SET STORAGE EXTERNAL;
CREATE INDEX publications_by_article ON publications (article_id, live_from);
CREATE INDEX publications_by_slug ON publications (slug, live_from);
CREATE INDEX publications_starts ON publications (live_from);
CREATE INDEX publications_ends ON publications (live_until) WHERE live_until IS NOT NULL;
CREATE INDEX publications_newest ON publications (published_at DESC, article_id DESC);
CREATE INDEX publications_updated ON publications (updated_at DESC, article_id DESC);
CREATE INDEX publications_by_language ON publications (language, published_at DESC, article_id DESC);
CREATE INDEX publications_by_type ON publications (type, published_at DESC, article_id DESC);
CREATE INDEX publications_by_source ON publications USING gin (source_names);
CREATE INDEX publications_search ON publications USING gin (search);
CREATE INDEX publications_by_translation ON publications (translation_of) WHERE translation_of IS NOT NULL;
CREATE INDEX publications_by_primary_region ON publications (primary_region_id);
CREATE INDEX publications_by_hero ON publications (hero_media_id) WHERE hero_media_id IS NOT NULL;

-- Every region the article stands in, its own (position set) and all their ancestors (position null).
CREATE TABLE publication_regions (
    publication_id uuid NOT NULL CONSTRAINT publication_regions_publication_fkey REFERENCES publications (id) ON DELETE CASCADE,
    region_id      uuid NOT NULL CONSTRAINT publication_regions_region_fkey REFERENCES regions (id),
    position       integer,
    published_at   timestamptz NOT NULL,
    article_id     uuid NOT NULL,
    PRIMARY KEY (publication_id, region_id)
);
CREATE INDEX publication_regions_newest ON publication_regions (region_id, published_at DESC, article_id DESC);

CREATE TABLE publication_authors (
    publication_id uuid NOT NULL CONSTRAINT publication_authors_publication_fkey REFERENCES publications (id) ON DELETE CASCADE,
    position       integer NOT NULL,
    author_id      uuid NOT NULL CONSTRAINT publication_authors_author_fkey REFERENCES authors (id),
    role           text NOT NULL,
    -- The name as it was printed.
    name           text NOT NULL,
    published_at   timestamptz NOT NULL,
    article_id     uuid NOT NULL,
    PRIMARY KEY (publication_id, position)
);
CREATE INDEX publication_authors_newest ON publication_authors (author_id, published_at DESC, article_id DESC);

CREATE TABLE publication_topics (
    publication_id uuid NOT NULL CONSTRAINT publication_topics_publication_fkey REFERENCES publications (id) ON DELETE CASCADE,
    position       integer NOT NULL,
    topic_id       uuid NOT NULL CONSTRAINT publication_topics_topic_fkey REFERENCES topics (id),
    published_at   timestamptz NOT NULL,
    article_id     uuid NOT NULL,
    PRIMARY KEY (publication_id, position)
);
CREATE INDEX publication_topics_newest ON publication_topics (topic_id, published_at DESC, article_id DESC);

CREATE TABLE publication_links (
    publication_id uuid NOT NULL CONSTRAINT publication_links_publication_fkey REFERENCES publications (id) ON DELETE CASCADE,
    position       integer NOT NULL,
    -- The id of the link in the working copy, so that one link has one id for life.
    link_id        uuid NOT NULL,
    kind           text NOT NULL,
    target_id      uuid,
    url            text,
    title          text,
    block_id       text,
    PRIMARY KEY (publication_id, position)
);
CREATE INDEX publication_links_backwards ON publication_links (target_id) WHERE target_id IS NOT NULL;
