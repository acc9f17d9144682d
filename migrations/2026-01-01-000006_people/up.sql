-- Who may act. Secrets are stored only as hashes.
CREATE TABLE users (
    id            uuid PRIMARY KEY,
    -- In its one spelling, so that equality is enough.
    email         text NOT NULL,
    name          text NOT NULL,
    -- The name folded for comparison and order.
    name_key      text NOT NULL,
    role          text NOT NULL CONSTRAINT users_role_known
                  CHECK (role IN ('contributor', 'author', 'editor', 'admin')),
    state         text NOT NULL DEFAULT 'active' CONSTRAINT users_state_known CHECK (state IN ('active', 'suspended')),
    -- argon2id in PHC form; a service account that only holds API tokens has none.
    password_hash text,
    author_id     uuid CONSTRAINT users_author_fkey REFERENCES authors (id),
    -- Goes up whenever every token of this user must stop working.
    epoch         integer NOT NULL DEFAULT 0,
    version       integer NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL
);
CREATE UNIQUE INDEX users_email_key ON users (email);
CREATE INDEX users_by_name ON users (name_key, id);
CREATE INDEX users_by_author ON users (author_id) WHERE author_id IS NOT NULL;

-- An editor with rows here may publish only under these regions; without rows, everywhere.
CREATE TABLE user_regions (
    user_id   uuid NOT NULL CONSTRAINT user_regions_user_fkey REFERENCES users (id) ON DELETE CASCADE,
    region_id uuid NOT NULL CONSTRAINT user_regions_region_fkey REFERENCES regions (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, region_id)
);
CREATE INDEX user_regions_by_region ON user_regions (region_id);

-- A session is one sign-in: a family of refresh tokens that dies as one.
CREATE TABLE sessions (
    id         uuid PRIMARY KEY,
    user_id    uuid NOT NULL CONSTRAINT sessions_user_fkey REFERENCES users (id) ON DELETE CASCADE,
    epoch      integer NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at   timestamptz
);
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE refresh_tokens (
    token_hash bytea NOT NULL PRIMARY KEY,
    session_id uuid NOT NULL CONSTRAINT refresh_tokens_session_fkey REFERENCES sessions (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    -- What this token was exchanged for, sealed with a key that is not in the database: given again for some seconds,
    -- so that a lost answer does not sign anybody out.
    reply      bytea
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

CREATE TABLE api_tokens (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL CONSTRAINT api_tokens_user_fkey REFERENCES users (id) ON DELETE CASCADE,
    name         text NOT NULL,
    -- The first characters of the token, shown so that people can tell tokens apart.
    prefix       text NOT NULL,
    token_hash   bytea NOT NULL,
    -- Separated by spaces, as OAuth writes them.
    scopes       text NOT NULL,
    -- Who made it; nobody when the program itself did.
    created_by   uuid CONSTRAINT api_tokens_created_by_fkey REFERENCES users (id) ON DELETE SET NULL,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    last_used_at timestamptz,
    revoked_at   timestamptz
);
CREATE UNIQUE INDEX api_tokens_hash_key ON api_tokens (token_hash);
CREATE INDEX api_tokens_by_user ON api_tokens (user_id, id);
CREATE INDEX api_tokens_by_maker ON api_tokens (created_by) WHERE created_by IS NOT NULL;

-- Who added an asset: contributors and authors change their own only.
ALTER TABLE media ADD COLUMN created_by uuid CONSTRAINT media_created_by_fkey REFERENCES users (id) ON DELETE SET NULL;
CREATE INDEX media_by_creator ON media (created_by) WHERE created_by IS NOT NULL;
