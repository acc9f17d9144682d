-- What an article got wrong and put right, in the words that the public is told, tied to the revision that was wrong and
-- the one that took its place.
CREATE TABLE corrections (
    id            uuid PRIMARY KEY,
    article_id    uuid NOT NULL CONSTRAINT corrections_article_fkey REFERENCES articles (id) ON DELETE CASCADE,
    from_revision integer NOT NULL,
    to_revision   integer NOT NULL,
    note          text NOT NULL,
    created_by    uuid CONSTRAINT corrections_created_by_fkey REFERENCES users (id),
    corrected_at  timestamptz NOT NULL,
    CONSTRAINT corrections_from_fkey FOREIGN KEY (article_id, from_revision)
        REFERENCES article_revisions (article_id, number) ON DELETE CASCADE,
    CONSTRAINT corrections_to_fkey FOREIGN KEY (article_id, to_revision)
        REFERENCES article_revisions (article_id, number) ON DELETE CASCADE
);
CREATE INDEX corrections_newest ON corrections (corrected_at DESC, id DESC);
CREATE INDEX corrections_by_article ON corrections (article_id, corrected_at);
