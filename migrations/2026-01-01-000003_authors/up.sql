-- Public profiles, separate from users. A merged author keeps its row, so that its id and slugs still resolve.
CREATE TABLE authors (
    id          uuid PRIMARY KEY,
    slug        text NOT NULL,
    name        text NOT NULL,
    -- The name with case and apostrophe forms folded: O'Mara and O’Mara are one person.
    name_key    text NOT NULL,
    job_title   text,
    bio         text,
    location    text,
    links       jsonb NOT NULL DEFAULT '[]',
    avatar_id   uuid CONSTRAINT authors_avatar_fkey REFERENCES media (id),
    -- Private: never leaves the newsroom face.
    email       text,
    merged_into uuid CONSTRAINT authors_merged_into_fkey REFERENCES authors (id),
    version     integer NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    CONSTRAINT authors_not_merged_into_itself CHECK (merged_into <> id)
);
CREATE UNIQUE INDEX authors_slug_key ON authors (slug);
CREATE INDEX authors_by_name ON authors (name_key, id);
CREATE INDEX authors_by_merge ON authors (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX authors_by_avatar ON authors (avatar_id) WHERE avatar_id IS NOT NULL;
