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

-- Who did what to which, numbered in the order of commits. Each entry carries a hash of itself and of the entry before it,
-- so that what is altered, removed or put in afterwards fits no longer.
CREATE TABLE audit_log (
    id          bigint PRIMARY KEY,
    verb        text NOT NULL,
    object_kind text NOT NULL,
    -- None where what was named is not there, such as the account of a failed sign-in.
    object_id   uuid,
    user_id     uuid,
    token_id    uuid,
    session_id  uuid,
    address     text,
    details     jsonb NOT NULL,
    created_at  timestamptz NOT NULL,
    hash        bytea NOT NULL
);
CREATE INDEX audit_log_by_object ON audit_log (object_id, id);
CREATE INDEX audit_log_by_user ON audit_log (user_id, id);
CREATE INDEX audit_log_by_verb ON audit_log (verb, id);
CREATE INDEX audit_log_by_time ON audit_log (created_at, id);

-- The last entry of all: without it, nobody would miss the newest entries. Whoever appends holds this row until the
-- commit, which puts the chain into the order of commits.
CREATE TABLE audit_head (
    one  boolean PRIMARY KEY DEFAULT true CONSTRAINT audit_head_one_row CHECK (one),
    id   bigint NOT NULL,
    hash bytea NOT NULL
);
INSERT INTO audit_head (id, hash) VALUES (0, sha256('dateline'));

-- What is hashed of an entry, after the hash of the entry before it. The text of a jsonb value is always the same.
CREATE FUNCTION audit_text(entry audit_log) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_array(entry.id, entry.verb, entry.object_kind, entry.object_id, entry.user_id, entry.token_id,
        entry.session_id, entry.address, entry.details, (extract(epoch FROM entry.created_at) * 1000000)::bigint)::text
$$;

-- Appends entries, each an object with the names of the columns. It is called last in a transaction: until the commit,
-- nobody else can append.
CREATE FUNCTION audit_append(entries jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    head  audit_head;
    entry audit_log;
BEGIN
    SELECT * INTO STRICT head FROM audit_head FOR UPDATE;
    FOR entry IN SELECT * FROM jsonb_populate_recordset(NULL::audit_log, entries) LOOP
        head.id := head.id + 1;
        entry.id := head.id;
        head.hash := sha256(head.hash || convert_to(audit_text(entry), 'UTF8'));
        entry.hash := head.hash;
        INSERT INTO audit_log SELECT (entry).*;
    END LOOP;
    UPDATE audit_head SET id = head.id, hash = head.hash;
END $$;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'entries of % are never changed or removed', TG_TABLE_NAME;
END $$;
CREATE TRIGGER audit_log_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

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
