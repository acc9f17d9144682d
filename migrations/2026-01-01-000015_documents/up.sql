-- What was drawn once for readers, finished, so that the next one costs one look by key: an article by itself, and its
-- card. All of it may be deleted at any time; it is drawn again when it is asked for.
CREATE TABLE documents (
    article_id     uuid PRIMARY KEY CONSTRAINT documents_article_fkey REFERENCES articles (id) ON DELETE CASCADE,
    -- Goes up with every write that changes what the article shows. What was drawn from before is not kept.
    mark           integer NOT NULL DEFAULT 0,
    -- The answer, and everything that goes with it. Nothing of it is there unless all of it is.
    page           bytea,
    slug           text,
    etag           text,
    tags           text,
    link           text,
    made_at        timestamptz,
    -- The next instant at which the clock changes it, and at which something that it shows ceases to be live.
    boundary       timestamptz,
    ends           timestamptz,
    changed_at     timestamptz,
    -- The reference data, and the program with its settings, that it was drawn with.
    page_reference bigint,
    page_made_by   text,
    -- The card of one publication, as JSON, and the times that it shows: those of a plan change while it is planned.
    card           text,
    card_tags      text,
    card_of        uuid,
    card_published_at timestamptz,
    card_updated_at   timestamptz,
    card_modified_at  timestamptz,
    card_reference bigint,
    card_made_by   text
);
-- Uncompressed: a page is read whole, and often.
ALTER TABLE documents ALTER COLUMN page SET STORAGE EXTERNAL;
ALTER TABLE documents ALTER COLUMN card SET STORAGE MAIN;
-- A card stays as it is in its row, and only what does not fit into one goes beside it.
ALTER TABLE documents SET (toast_tuple_target = 8160);
