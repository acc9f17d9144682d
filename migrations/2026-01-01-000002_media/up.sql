-- What an asset is: where its bytes are, how large it is, what it shows and who is owed the credit.
CREATE TABLE media (
    id          uuid PRIMARY KEY,
    slug        text NOT NULL,
    url         text NOT NULL CONSTRAINT media_url_length CHECK (length(url) BETWEEN 1 AND 2000),
    kind        text NOT NULL CONSTRAINT media_kind_known CHECK (kind IN ('image', 'video', 'audio', 'document')),
    mime_type   text NOT NULL,
    width       integer CONSTRAINT media_width_positive CHECK (width > 0),
    height      integer CONSTRAINT media_height_positive CHECK (height > 0),
    bytes       bigint CONSTRAINT media_bytes_positive CHECK (bytes > 0),
    sha256      text CONSTRAINT media_sha256_shape CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    alt         text NOT NULL DEFAULT '',
    caption     text NOT NULL DEFAULT '',
    credit_line text NOT NULL DEFAULT '',
    licence     text,
    focal_x     double precision CONSTRAINT media_focal_x_range CHECK (focal_x BETWEEN 0 AND 1),
    focal_y     double precision CONSTRAINT media_focal_y_range CHECK (focal_y BETWEEN 0 AND 1),
    renditions  jsonb NOT NULL DEFAULT '[]',
    version     integer NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    CONSTRAINT media_focal_both CHECK ((focal_x IS NULL) = (focal_y IS NULL))
);
CREATE UNIQUE INDEX media_slug_key ON media (slug);

-- A slug is several words.
CREATE FUNCTION asset_document(slug text, alt text, caption text, credit_line text) RETURNS tsvector
LANGUAGE sql STABLE PARALLEL SAFE RETURN
    search_document(replace(slug, '-', ' '), alt, caption || ' ' || credit_line);

-- The words of an asset, beside the row, so that no list carries them along.
CREATE TABLE media_words (
    media_id uuid PRIMARY KEY CONSTRAINT media_words_media_fkey REFERENCES media (id) ON DELETE CASCADE,
    words    tsvector NOT NULL
);
CREATE INDEX media_words_by_word ON media_words USING gin (words);
