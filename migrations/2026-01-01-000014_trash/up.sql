-- Articles that nobody may delete, and why.
CREATE TABLE legal_holds (
    article_id uuid PRIMARY KEY CONSTRAINT legal_holds_article_fkey REFERENCES articles (id),
    reason     text NOT NULL,
    placed_by  uuid CONSTRAINT legal_holds_placed_by_fkey REFERENCES users (id) ON DELETE SET NULL,
    placed_at  timestamptz NOT NULL
);
CREATE INDEX legal_holds_by_placer ON legal_holds (placed_by) WHERE placed_by IS NOT NULL;

-- What is due to be purged is found by when it was thrown away.
CREATE INDEX articles_in_trash ON articles (deleted_at) WHERE deleted_at IS NOT NULL;
