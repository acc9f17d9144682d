-- Articles that were taken down: what the public is told in their place, under every slug that they were live under.
CREATE TABLE takedowns (
    id            uuid PRIMARY KEY,
    -- No foreign key: the answer outlives the article.
    article_id    uuid NOT NULL,
    slugs         text[] NOT NULL,
    reason        text NOT NULL,
    is_legal      boolean NOT NULL,
    created_by    uuid CONSTRAINT takedowns_created_by_fkey REFERENCES users (id),
    taken_down_at timestamptz NOT NULL,
    lifted_by     uuid CONSTRAINT takedowns_lifted_by_fkey REFERENCES users (id),
    lifted_at     timestamptz
);
CREATE UNIQUE INDEX takedowns_one_in_force ON takedowns (article_id) WHERE lifted_at IS NULL;
CREATE INDEX takedowns_by_slug ON takedowns USING gin (slugs);
