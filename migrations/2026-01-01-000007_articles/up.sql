-- The working copy: what the newsroom edits. Delivery never reads these tables.
CREATE TABLE articles (
    id               uuid PRIMARY KEY,
    -- Also the number of the newest revision, which holds the whole content: every write makes one. The columns below
    -- and the tables after them repeat what filters and foreign keys need.
    version          integer NOT NULL DEFAULT 1,
    -- How often it was published, approved, put away or otherwise moved since that write.
    moves            integer NOT NULL DEFAULT 0,
    slug             text NOT NULL,
    type             text NOT NULL,
    language         text NOT NULL,
    headline         text NOT NULL,
    primary_region_id uuid CONSTRAINT articles_primary_region_fkey REFERENCES regions (id),
    hero_media_id    uuid CONSTRAINT articles_hero_fkey REFERENCES media (id),
    -- The article that this one translates.
    translation_of   uuid CONSTRAINT articles_translation_fkey REFERENCES articles (id),
    stage            text NOT NULL DEFAULT 'draft' CONSTRAINT articles_stage_known
                     CHECK (stage IN ('draft', 'in_review', 'approved')),
    -- The revision that was found ready; a later write of the content takes the stage back to draft.
    approved_revision integer,
    -- What whoever moved it last had to say.
    stage_note       text,
    assignee_id      uuid CONSTRAINT articles_assignee_fkey REFERENCES users (id),
    deadline         timestamptz,
    -- Nothing of it is live before.
    embargo_until    timestamptz,
    -- Since when it is taken down; why, and what the public is told, is in takedowns.
    killed_at        timestamptz,
    archived_at      timestamptz,
    created_by       uuid CONSTRAINT articles_created_by_fkey REFERENCES users (id),
    updated_by       uuid CONSTRAINT articles_updated_by_fkey REFERENCES users (id),
    first_published_at timestamptz,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    deleted_at       timestamptz,
    CONSTRAINT articles_translation_not_itself CHECK (translation_of <> id)
);
CREATE INDEX articles_by_update ON articles (updated_at DESC, id DESC);
CREATE INDEX articles_by_creation ON articles (created_at DESC, id DESC);
CREATE INDEX articles_by_headline ON articles (headline, id);
CREATE INDEX articles_by_creator ON articles (created_by, updated_at DESC, id DESC);
CREATE INDEX articles_by_assignee ON articles (assignee_id, updated_at DESC, id DESC) WHERE assignee_id IS NOT NULL;
CREATE INDEX articles_by_region ON articles (primary_region_id);
CREATE INDEX articles_by_hero ON articles (hero_media_id) WHERE hero_media_id IS NOT NULL;
-- Looked at by every read of the past: what is taken down now is in none.
CREATE INDEX articles_killed ON articles (id) WHERE killed_at IS NOT NULL;
CREATE INDEX articles_by_translation ON articles (translation_of) WHERE translation_of IS NOT NULL;

-- The words of headline, summary and body, for the newsroom's search. They stand beside the row, which is written far more
-- often than they change, so that only a write of text pays for them; the index takes new ones in heaps.
CREATE TABLE article_words (
    article_id uuid PRIMARY KEY CONSTRAINT article_words_article_fkey REFERENCES articles (id) ON DELETE CASCADE,
    words      tsvector NOT NULL
);
-- Written with every change of the text and read by hardly anyone.
ALTER TABLE article_words ALTER COLUMN words SET STORAGE EXTERNAL;
CREATE INDEX article_words_by_word ON article_words USING gin (words) WITH (fastupdate = on);

-- slug -> article, for ever. Exactly one slug of an article is current; the others redirect to it. Under one without an
-- article readers once found what was purged since: it leads nowhere, and no other article is ever found there.
CREATE TABLE slugs (
    slug       text PRIMARY KEY,
    article_id uuid CONSTRAINT slugs_article_fkey REFERENCES articles (id),
    current    boolean NOT NULL,
    claimed_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX slugs_one_current ON slugs (article_id) WHERE current;
CREATE INDEX slugs_by_article ON slugs (article_id);

CREATE TABLE article_external_ids (
    scheme     text NOT NULL,
    value      text NOT NULL,
    article_id uuid NOT NULL CONSTRAINT article_external_ids_article_fkey REFERENCES articles (id) ON DELETE CASCADE,
    CONSTRAINT article_external_ids_pkey PRIMARY KEY (scheme, value)
);
CREATE INDEX article_external_ids_by_article ON article_external_ids (article_id);

CREATE TABLE article_authors (
    article_id uuid NOT NULL CONSTRAINT article_authors_article_fkey REFERENCES articles (id) ON DELETE CASCADE,
    position   integer NOT NULL,
    author_id  uuid NOT NULL CONSTRAINT article_authors_author_fkey REFERENCES authors (id),
    role       text NOT NULL,
    PRIMARY KEY (article_id, position),
    CONSTRAINT article_authors_once UNIQUE (article_id, author_id, role)
);
CREATE INDEX article_authors_by_author ON article_authors (author_id);

CREATE TABLE article_regions (
    article_id uuid NOT NULL CONSTRAINT article_regions_article_fkey REFERENCES articles (id) ON DELETE CASCADE,
    position   integer NOT NULL,
    region_id  uuid NOT NULL CONSTRAINT article_regions_region_fkey REFERENCES regions (id),
    PRIMARY KEY (article_id, position),
    CONSTRAINT article_regions_once UNIQUE (article_id, region_id)
);
CREATE INDEX article_regions_by_region ON article_regions (region_id);

CREATE TABLE article_topics (
    article_id uuid NOT NULL CONSTRAINT article_topics_article_fkey REFERENCES articles (id) ON DELETE CASCADE,
    position   integer NOT NULL,
    topic_id   uuid NOT NULL CONSTRAINT article_topics_topic_fkey REFERENCES topics (id),
    PRIMARY KEY (article_id, position),
    CONSTRAINT article_topics_once UNIQUE (article_id, topic_id)
);
CREATE INDEX article_topics_by_topic ON article_topics (topic_id);

-- Typed, ordered links. An internal link points at an article's id, an external one at a URL; `inline` ones stand in the body.
CREATE TABLE related_links (
    id         uuid PRIMARY KEY,
    article_id uuid NOT NULL CONSTRAINT related_links_article_fkey REFERENCES articles (id) ON DELETE CASCADE,
    position   integer NOT NULL,
    kind       text NOT NULL CONSTRAINT related_links_kind_known
               CHECK (kind IN ('also_on', 'read_more', 'related', 'update_of', 'external', 'inline')),
    target_id  uuid CONSTRAINT related_links_target_fkey REFERENCES articles (id) ON DELETE CASCADE,
    url        text,
    title      text,
    block_id   text,
    CONSTRAINT related_links_one_target CHECK (num_nonnulls(target_id, url) = 1),
    CONSTRAINT related_links_not_itself CHECK (target_id <> article_id),
    CONSTRAINT related_links_inline_block CHECK ((kind = 'inline') = (block_id IS NOT NULL))
);
CREATE UNIQUE INDEX related_links_target_once ON related_links (article_id, kind, target_id, coalesce(block_id, ''))
    WHERE target_id IS NOT NULL;
CREATE UNIQUE INDEX related_links_url_once ON related_links (article_id, kind, url, coalesce(block_id, ''))
    WHERE url IS NOT NULL;
CREATE INDEX related_links_in_order ON related_links (article_id, position);
CREATE INDEX related_links_backwards ON related_links (target_id) WHERE target_id IS NOT NULL;

-- The whole aggregate as it stood after each write.
CREATE TABLE article_revisions (
    article_id uuid NOT NULL CONSTRAINT article_revisions_article_fkey REFERENCES articles (id) ON DELETE CASCADE,
    number     integer NOT NULL,
    verb       text NOT NULL,
    snapshot   jsonb NOT NULL,
    created_by uuid CONSTRAINT article_revisions_created_by_fkey REFERENCES users (id),
    created_at timestamptz NOT NULL,
    -- The earlier revision that this one brought back.
    restored_from integer,
    PRIMARY KEY (article_id, number)
);

-- Authors, regions, topics and assets that an earlier revision of an article names and its working copy does not: what
-- history names is kept, or going back would not bring back what was.
CREATE TABLE earlier_names (
    named_id   uuid NOT NULL,
    article_id uuid NOT NULL CONSTRAINT earlier_names_article_fkey REFERENCES articles (id) ON DELETE CASCADE,
    PRIMARY KEY (named_id, article_id)
);
CREATE INDEX earlier_names_by_article ON earlier_names (article_id);
