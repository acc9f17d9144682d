-- Articles that were taken down: what the public is told in their place, under every slug that they were live under. Another
-- reason is another row, since the past is told as it was.
CREATE TABLE takedowns (
    id            uuid PRIMARY KEY,
    -- No foreign key: the answer outlives the article.
    article_id    uuid NOT NULL,
    slugs         text[] NOT NULL,
    reason        text NOT NULL,
    is_legal      boolean NOT NULL,
    created_by    uuid CONSTRAINT takedowns_created_by_fkey REFERENCES users (id),
    taken_down_at timestamptz NOT NULL,
    -- From then on this was told, until it was lifted or another reason took its place.
    told_from     timestamptz NOT NULL,
    told_until    timestamptz,
    lifted_by     uuid CONSTRAINT takedowns_lifted_by_fkey REFERENCES users (id)
);
CREATE UNIQUE INDEX takedowns_one_in_force ON takedowns (article_id) WHERE told_until IS NULL;
CREATE INDEX takedowns_by_article ON takedowns (article_id);
CREATE INDEX takedowns_by_slug ON takedowns USING gin (slugs);
