-- What rows were before they were changed, so that the past is told in the names of then. Publications have their periods
-- themselves; this is the rest of what readers are shown.
CREATE TABLE former_rows (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- The table, and the row in it: its key, the parts with a space between them.
    kind           text NOT NULL,
    key            text NOT NULL,
    -- Nothing where the row was not there yet.
    was            jsonb,
    -- Until just before this instant; not known yet while the transaction that changed the row is under way.
    until          timestamptz,
    -- What belongs to a publication goes with it.
    publication_id uuid CONSTRAINT former_rows_publication_fkey REFERENCES publications (id) ON DELETE CASCADE
);
CREATE INDEX former_rows_by_key ON former_rows (kind, key, until, id);
CREATE INDEX former_rows_by_end ON former_rows (kind, until);
CREATE INDEX former_rows_by_publication ON former_rows (publication_id) WHERE publication_id IS NOT NULL;
-- However often a transaction changes a row, what it was before counts.
CREATE UNIQUE INDEX former_rows_once ON former_rows (kind, key) WHERE until IS NULL;

-- Keeps what a row was. The arguments are the columns of its key. What no reader is shown is not kept.
CREATE FUNCTION keep_former_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was         jsonb := to_jsonb(OLD) - '{email,created_by}'::text[];
    becomes     jsonb := to_jsonb(NEW) - '{email,created_by}'::text[];
    row_key     text;
    publication uuid := coalesce(was, becomes) ->> 'publication_id';
BEGIN
    -- With a publication goes all that belongs to it.
    IF was = becomes OR (publication IS NOT NULL AND NOT EXISTS (SELECT FROM publications p WHERE p.id = publication)) THEN
        RETURN NULL;
    END IF;
    SELECT string_agg(coalesce(was, becomes) ->> part, ' ' ORDER BY place) INTO row_key
        FROM unnest(TG_ARGV) WITH ORDINALITY AS named (part, place);
    INSERT INTO former_rows (kind, key, was, publication_id) VALUES (TG_TABLE_NAME, row_key, was, publication)
        ON CONFLICT (kind, key) WHERE until IS NULL DO NOTHING;
    RETURN NULL;
END $$;

-- Every write of reference data raises the version when all else is written, and says when it was.
CREATE FUNCTION date_former_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE former_rows SET until = NEW.changed_at WHERE until IS NULL;
    INSERT INTO former_rows (kind, key, was, until)
        VALUES (TG_TABLE_NAME, OLD.one::text, to_jsonb(OLD), NEW.changed_at);
    RETURN NULL;
END $$;
CREATE TRIGGER reference_version_dates_former_rows AFTER UPDATE ON reference_version
    FOR EACH ROW EXECUTE FUNCTION date_former_rows();

-- The tables as they were at an instant, under their own names: who has `past` first in the search path, and has said which
-- instant, reads with the statements of the present what was then. What publications are listed under is changed by moves
-- of regions and merges of authors and topics only, so it stands in schemas of its own, for when there were any since.
CREATE SCHEMA past;
CREATE SCHEMA past_moved;
CREATE SCHEMA past_merged;

CREATE FUNCTION past.instant() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
    RETURN current_setting('dateline.as_of')::timestamptz;

CREATE FUNCTION past.is_changed(kinds text[], since timestamptz) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN EXISTS (SELECT FROM former_rows WHERE kind = ANY (kinds) AND until > since);

-- Where to look for tables as of an instant: `present` is where those of the present are.
CREATE FUNCTION past.path(as_of timestamptz, present text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN past.is_changed('{region_tree}', as_of) THEN 'past_moved, ' ELSE '' END
        || CASE WHEN past.is_changed('{publication_authors,publication_topics}', as_of) THEN 'past_merged, ' ELSE '' END
        || 'past, ' || present;

DO $$
DECLARE
    kept    record;
    columns text;
BEGIN
    FOR kept IN SELECT * FROM (VALUES
        ('past', 'authors', '{id}', 'INSERT OR UPDATE OR DELETE'),
        ('past', 'regions', '{id}', 'INSERT OR UPDATE OR DELETE'),
        ('past', 'region_members', '{region_id,member_id}', 'INSERT OR UPDATE OR DELETE'),
        ('past', 'region_tree', '{ancestor_id,descendant_id}', 'INSERT OR UPDATE OR DELETE'),
        ('past', 'topics', '{id}', 'INSERT OR UPDATE OR DELETE'),
        ('past', 'retired_slugs', '{kind,slug}', 'INSERT OR UPDATE OR DELETE'),
        ('past', 'reference_version', '{one}', NULL),
        ('past_merged', 'publication_authors', '{publication_id,position}', 'UPDATE OF author_id OR DELETE'),
        ('past_merged', 'publication_topics', '{publication_id,position}', 'UPDATE OF topic_id OR DELETE')
    ) AS listed (home, name, key, events) LOOP
        IF kept.events IS NOT NULL THEN
            EXECUTE format('CREATE TRIGGER %1$s_are_kept AFTER %2$s ON %1$I
                FOR EACH ROW EXECUTE FUNCTION keep_former_row(%3$s)',
                kept.name, kept.events, array_to_string(kept.key::text[], ', '));
        END IF;
        -- What has not changed since, and of what has, the first that ended.
        EXECUTE format('CREATE VIEW %1$I.%2$I AS
            SELECT present.* FROM %2$I present WHERE NOT EXISTS (
                SELECT FROM former_rows f WHERE f.kind = %2$L AND f.key = %3$s AND f.until > past.instant())
            UNION ALL
            SELECT former.* FROM former_rows f CROSS JOIN LATERAL jsonb_populate_record(NULL::%2$I, f.was) AS former
            WHERE f.kind = %2$L AND f.until > past.instant() AND f.was IS NOT NULL AND NOT EXISTS (
                SELECT FROM former_rows before WHERE before.kind = %2$L AND before.key = f.key
                    AND before.until > past.instant() AND (before.until, before.id) < (f.until, f.id))',
            kept.home, kept.name,
            (SELECT string_agg(format('present.%I::text', part), ' || '' '' || ') FROM unnest(kept.key::text[]) AS part));
    END LOOP;

    -- There may be as many assets as articles, so each is found by its key. Nothing shows one before it is there. One that
    -- was removed is in no past: that is what removing a picture is for.
    CREATE TRIGGER media_are_kept AFTER UPDATE ON media FOR EACH ROW EXECUTE FUNCTION keep_former_row(id);
    SELECT string_agg(format('then_.%I', attname), ', ' ORDER BY attnum) INTO columns FROM pg_attribute
        WHERE attrelid = 'media'::regclass AND attnum > 1 AND NOT attisdropped;
    EXECUTE format('CREATE VIEW past.media AS
        SELECT present.id, %s FROM media present LEFT JOIN LATERAL (
            SELECT f.was FROM former_rows f WHERE f.kind = ''media'' AND f.key = present.id::text
                AND f.until > past.instant() ORDER BY f.until, f.id LIMIT 1
        ) AS former ON true CROSS JOIN LATERAL jsonb_populate_record(present, former.was) AS then_', columns);
END $$;

CREATE VIEW past.media_words AS
    SELECT present.* FROM media_words present WHERE NOT EXISTS (
        SELECT FROM former_rows f
        WHERE f.kind = 'media' AND f.key = present.media_id::text AND f.until > past.instant())
    UNION ALL
    SELECT then_.id, asset_document(then_.slug, then_.alt, then_.caption, then_.credit_line) FROM past.media then_
    WHERE then_.id IN (SELECT f.key::uuid FROM former_rows f WHERE f.kind = 'media' AND f.until > past.instant());

-- The ancestors that a publication was listed under follow from the tree of then.
CREATE VIEW past_moved.publication_regions AS
    SELECT own.* FROM publication_regions own WHERE own.position IS NOT NULL
    UNION ALL
    SELECT DISTINCT own.publication_id, above.ancestor_id, NULL::integer, own.published_at, own.article_id
    FROM past.region_tree above JOIN publication_regions own ON own.region_id = above.descendant_id
    WHERE own.position IS NOT NULL AND NOT EXISTS (
        SELECT FROM publication_regions itself WHERE itself.publication_id = own.publication_id
            AND itself.region_id = above.ancestor_id AND itself.position IS NOT NULL);
