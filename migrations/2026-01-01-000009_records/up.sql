-- Written in the transaction of the write they tell of: the announcement, the audit entry, the answer kept for a repeated key.
CREATE TABLE outbox (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event      text NOT NULL,
    subject_id uuid NOT NULL,
    tags       text[] NOT NULL,
    payload    jsonb NOT NULL,
    -- The instance that wrote it; it needs no notice of its own changes.
    origin     uuid NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE TABLE audit_log (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    verb        text NOT NULL,
    object_kind text NOT NULL,
    object_id   uuid NOT NULL,
    user_id     uuid,
    token_id    uuid,
    address     text,
    details     jsonb NOT NULL DEFAULT '{}',
    created_at  timestamptz NOT NULL
);
CREATE INDEX audit_log_by_object ON audit_log (object_id, id);

CREATE TABLE idempotency_keys (
    user_id      uuid NOT NULL CONSTRAINT idempotency_keys_user_fkey REFERENCES users (id) ON DELETE CASCADE,
    key          text NOT NULL,
    request_hash bytea NOT NULL,
    status       smallint NOT NULL,
    headers      jsonb NOT NULL,
    -- Sealed with a key that is not in the database, because some answers carry a secret.
    body         bytea NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

-- One row. Goes up with every write of authors, regions, topics or media, so that a reader that holds these in memory
-- sees with one look whether it still holds the present ones.
CREATE TABLE reference_version (
    one        boolean PRIMARY KEY DEFAULT true CONSTRAINT reference_version_one_row CHECK (one),
    version    bigint NOT NULL,
    changed_at timestamptz NOT NULL
);
INSERT INTO reference_version (version, changed_at) VALUES (1, 'epoch');
