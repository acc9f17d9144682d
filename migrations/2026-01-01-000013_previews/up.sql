-- Links that show a draft to whoever holds them. What the holder sends is signed and stands nowhere.
CREATE TABLE previews (
    id         uuid PRIMARY KEY,
    article_id uuid NOT NULL CONSTRAINT previews_article_fkey REFERENCES articles (id) ON DELETE CASCADE,
    -- The revision that is shown; without one the newest, whichever it is.
    revision   integer,
    -- For whom it is.
    note       text,
    -- A person who is removed takes the links along.
    created_by uuid CONSTRAINT previews_created_by_fkey REFERENCES users (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    CONSTRAINT previews_revision_fkey FOREIGN KEY (article_id, revision)
        REFERENCES article_revisions (article_id, number) ON DELETE CASCADE
);
CREATE INDEX previews_by_article ON previews (article_id, id);
CREATE INDEX previews_by_revision ON previews (article_id, revision) WHERE revision IS NOT NULL;
CREATE INDEX previews_by_maker ON previews (created_by) WHERE created_by IS NOT NULL;
CREATE INDEX previews_by_end ON previews (expires_at);
