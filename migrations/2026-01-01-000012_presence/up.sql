-- Who is editing an article: at most one person at a time, until the lease ends by the clock. Only a sign for others:
-- what may be written is decided by versions.
CREATE TABLE article_presence (
    article_id uuid PRIMARY KEY CONSTRAINT article_presence_article_fkey REFERENCES articles (id) ON DELETE CASCADE,
    user_id    uuid NOT NULL CONSTRAINT article_presence_user_fkey REFERENCES users (id) ON DELETE CASCADE,
    since      timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
